"""Whatever happens while a plan is replaced, the old or the whole new one stands."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from network.problems import InputError
from scheduling.plan.store import read_plan, write_plan
from scheduling.plan.store_files import sealed_candidates, sealed_path


def _fail_at(monkeypatch, number, error):
    """Make the ``number``-th renaming fail, as if the file were open elsewhere."""
    real, calls = os.replace, []

    def failing(source, target):
        calls.append(target)
        if len(calls) == number:
            raise error
        real(source, target)

    monkeypatch.setattr(os, "replace", failing)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_file_open_elsewhere_keeps_old_and_new(
    plan, plan_file, secret, equal, monkeypatch, number
):
    """Whichever renaming is refused, the old plan stands whole and the new one beside it."""
    _fail_at(monkeypatch, number, PermissionError("in use"))
    newer = replace(plan, seed=99)
    with pytest.raises(InputError) as caught:
        write_plan(newer, plan_file, secret=secret)
    assert caught.value.problems[0].code == "plan.file-in-use"
    assert "plan-2026.new.gpkg" in caught.value.problems[0].action.zh
    assert equal(read_plan(plan_file), plan)
    assert equal(read_plan(plan_file.with_name("plan-2026.new.gpkg")), newer)
    assert not list(plan_file.parent.glob(".*.tmp"))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_computer_that_stops_between_renamings_leaves_a_whole_plan(
    plan, plan_file, secret, equal, monkeypatch, number
):
    """Stopped between the two files, the old plan is still read with its own spot checks."""
    _fail_at(monkeypatch, number, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write_plan(replace(plan, seed=99), plan_file, secret=secret)
    assert equal(read_plan(plan_file), plan)
    monkeypatch.undo()
    for seed in (100, 101):
        write_plan(replace(plan, seed=seed), plan_file, secret=secret)
        assert read_plan(plan_file).seed == seed
    assert not sealed_candidates(plan_file)[1].exists()


def test_two_stops_in_a_row_still_leave_the_old_plan_whole(
    plan, plan_file, secret, equal, monkeypatch
):
    """A second writer that dies too does not lose the first plan's sealed file."""
    for number in (3, 3, 2):
        _fail_at(monkeypatch, number, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            write_plan(replace(plan, seed=99), plan_file, secret=secret)
        monkeypatch.undo()
        assert equal(read_plan(plan_file), plan)


def test_a_sealed_file_beside_something_else_is_no_obstacle(plan, tmp_path, secret, equal):
    """Where a broken file stands, with a leftover beside it, a plan can be written."""
    path = tmp_path / "p.gpkg"
    path.write_bytes(b"broken")
    sealed_candidates(path)[1].write_bytes(b"broken too")
    write_plan(plan, path, secret=secret)
    assert equal(read_plan(path), plan)


def test_a_folder_that_cannot_be_written_to_is_a_problem(plan, tmp_path, secret, monkeypatch):
    """A full disk is told as a problem, and no temporary file stays."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError) as caught:
        write_plan(plan, tmp_path / "p.gpkg", secret=secret)
    assert caught.value.problems[0].code == "plan.cannot-write"
    assert list(tmp_path.iterdir()) == []


_WRITER = """
import pickle, sys
from dataclasses import replace
from pathlib import Path
from scheduling.plan.store import write_plan
plan, secret = pickle.loads(Path(sys.argv[1]).read_bytes())
print("ready", flush=True)
for seed in range(1, 10_000):
    write_plan(replace(plan, seed=seed), Path(sys.argv[2]), secret=secret)
"""


def test_kill_leaves_the_old_or_the_whole_new_plan(plan, plan_file, secret, tmp_path):
    """A writer killed at random moments never leaves a plan that cannot be read."""
    import pickle

    pickled = tmp_path / "plan.pickle"
    pickled.write_bytes(pickle.dumps((plan, secret)))
    moments = random.Random(7)
    seeds = []
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, pickled, plan_file], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0.05, 0.4))
            writer.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        found = read_plan(plan_file)
        assert not found.sealed_days
        seeds.append(found.seed)
    assert max(seeds) > 0
    assert sealed_path(plan_file).exists()
