"""Work spread over processes that stay for more of it."""

from __future__ import annotations

import os
from multiprocessing import active_children
from time import monotonic, sleep

import pytest

from scheduling.planning.processes import Processes, spread


def process_of(pause_seconds: float) -> int:
    """Return which process this is, after a pause that leaves others their turn."""
    sleep(pause_seconds)
    return os.getpid()


def reciprocal(number: int) -> float:
    return 1 / number


def test_one_worker_works_here() -> None:
    with Processes(1) as processes:
        processes.start(os.getpid)
        found = list(spread(process_of, [0.0, 0.0], processes))
    assert found == [(0, os.getpid()), (1, os.getpid())]


def test_processes_are_used_again_and_end_with_the_block() -> None:
    with Processes(2) as processes:
        processes.start(os.getpid)
        first = dict(spread(process_of, [0.3] * 4, processes))
        second = dict(spread(process_of, [0.3] * 4, processes))
    assert sorted(first) == sorted(second) == [0, 1, 2, 3]
    used = {*first.values(), *second.values()}
    assert 1 <= len(used) <= 2
    assert os.getpid() not in used
    assert not active_children()


def test_an_error_ends_them_at_once() -> None:
    with pytest.raises(ZeroDivisionError), Processes(2) as processes:
        dict(spread(reciprocal, [1, 0], processes))
    until = monotonic() + 30
    while active_children() and monotonic() < until:  # told to end, perhaps not gone yet
        sleep(0.05)
    assert not active_children()


def test_stopped_processes_are_replaced() -> None:
    with Processes(2) as processes:
        before = set(dict(spread(process_of, [0.3] * 2, processes)).values())
        processes.stop()
        after = set(dict(spread(process_of, [0.3] * 2, processes)).values())
    assert not before & after
