"""Work in spawned processes: Ctrl-C is for this process alone, and ends the others at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from threading import current_thread, main_thread
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def spread(
    work: Callable[[Task], Result], tasks: Sequence[Task], workers: int
) -> Iterator[tuple[int, Result]]:
    """Yield the place of each task and what it came to, as they are done; first comes first.

    ``work`` must be importable. With one worker, or one task, it is done here.
    """
    if min(workers, len(tasks)) <= 1:
        yield from ((place, work(task)) for place, task in enumerate(tasks))
        return
    with spawned(min(workers, len(tasks))) as pool:
        with interrupts_ignored():
            places: dict[Future[Result], int] = {
                pool.submit(work, task): place for place, task in enumerate(tasks)
            }
        for future in as_completed(places):
            yield places[future], future.result()


@contextmanager
def spawned(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of so many processes, which end with an error or Ctrl-C inside.

    Spawned on every system: forking would copy the threads' locks of numba and ortools.
    """
    pool = ProcessPoolExecutor(workers, get_context("spawn"))
    try:
        yield pool
    except BaseException:
        for process in active_children():
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignore Ctrl-C inside; processes started inside do so from their first moment on."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
