"""Work in processes of its own, a few side by side; each answer is kept as it comes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

#: Libraries that would use several threads are told to use one.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Work:
    """Something to be done: ``make(job)`` in its own process, ``keep(answer)`` in this one.

    ``keep`` returns what to print of the answer.
    """

    label: str
    make: Callable[[Any], Any]
    job: Any
    keep: Callable[[Any], str]


@dataclass(frozen=True)
class _Failure:
    """What went wrong instead of an answer."""

    reason: str


def work_off(works: Sequence[Work], side_by_side: int) -> int:
    """Do all of it and return how many failed; a failure is told and stops nothing else.

    On Ctrl-C the processes under way are ended and KeyboardInterrupt goes on.
    """
    for name in THREADS:
        os.environ[name] = "1"
    waiting, failures, ended = list(works), 0, 0
    running: dict[Connection, tuple[BaseProcess, Work]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < side_by_side:
                running.update([_start(waiting.pop(0))])
            for connection in wait(list(running)):
                assert isinstance(connection, Connection)
                answer = _answer(connection)
                process, work = running.pop(connection)
                process.join()
                ended += 1
                label = f"[{ended}/{len(works)}] {work.label}"
                if isinstance(answer, _Failure):
                    failures += 1
                    print(f"{label}: {answer.reason}", file=sys.stderr, flush=True)
                else:
                    print(f"{label}: {work.keep(answer)}", flush=True)
    finally:
        for process, _ in running.values():
            process.terminate()
            process.join()
    return failures


def _start(work: Work) -> tuple[Connection, tuple[BaseProcess, Work]]:
    """Start a process for some work; its answer comes through the connection."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work.make, work.job, theirs))
    process.start()
    theirs.close()
    return ours, (process, work)


def _work(make: Callable[[Any], Any], job: Any, connection: Connection) -> None:
    """Do it and send the answer, or what went wrong; Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        connection.send(make(job))
    except Exception as error:
        connection.send(_Failure(f"{type(error).__name__}: {error}"))


def _answer(connection: Connection) -> Any:
    """Return what a process sent, or that it died without a word."""
    try:
        answer = connection.recv()
    except EOFError:
        answer = _Failure("its process died")
    connection.close()
    return answer
