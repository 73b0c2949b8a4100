"""Work in processes of its own."""

from __future__ import annotations

import os

import pytest

from benchmarks.published_processes import Work, work_off


def halve(number: int) -> float:
    """Return half of an even number; 13 kills the process."""
    if number == 13:
        os._exit(3)
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number / 2


def test_answers_are_kept_and_failures_told(capsys: pytest.CaptureFixture[str]) -> None:
    """An error and a process that dies are told on their own lines and end nothing else."""
    kept: list[float] = []

    def keep(answer: float) -> str:
        kept.append(answer)
        return f"got {answer}"

    works = [Work(f"half of {number}", halve, number, keep) for number in (4, 13, 5, 8)]
    assert work_off(works, 1) == 2
    assert kept == [2.0, 4.0]
    told = capsys.readouterr()
    assert "[1/4] half of 4: got 2.0" in told.out
    assert "[2/4] half of 13: its process died" in told.err
    assert "[3/4] half of 5: ValueError: 5 is odd" in told.err


def test_an_interruption_ends_what_is_under_way() -> None:
    """Ctrl-C in the parent goes on to the caller once the processes are ended."""

    def interrupt(answer: float) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_off([Work("half of 2", halve, 2, interrupt)], 1)
