"""Work in spawned processes: Ctrl-C is for this process alone, and ends the others at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from threading import current_thread, main_thread
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Processes:
    """So many spawned processes, started when first needed and used until the block ends.

    >>> with Processes(2) as processes:
    ...     found = dict(spread(abs, [-1, 2, -3], processes))
    >>> found
    {0: 1, 1: 2, 2: 3}

    Spawned on every system: forking would copy the threads' locks of numba and ortools. With one
    worker there are none, and the work is done here. An error or Ctrl-C ends them at once.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.stop()
        elif self._pool is not None:
            self._pool.shutdown()

    def start(self, get_ready: Callable[[], None]) -> None:
        """Start them now, while this process goes on: each does ``get_ready`` first."""
        if self.workers > 1:
            for _ in range(self.workers):
                self.submit(get_ready)

    def submit(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Have ``work``, which must be importable, done in one of them."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"))
        with interrupts_ignored():
            return self._pool.submit(work, *arguments)

    def stop(self) -> None:
        """End them whatever they are doing; new ones are started if there is more to do."""
        if self._pool is not None:
            for process in active_children():
                process.terminate()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def spread(
    work: Callable[[Task], Result], tasks: Sequence[Task], processes: Processes
) -> Iterator[tuple[int, Result]]:
    """Yield the place of each task and what it came to, as they are done; first comes first.

    ``work`` must be importable. With one worker, or one task, it is done here.
    """
    if min(processes.workers, len(tasks)) <= 1:
        yield from ((place, work(task)) for place, task in enumerate(tasks))
        return
    places = {processes.submit(work, task): place for place, task in enumerate(tasks)}
    for future in as_completed(places):
        yield places[future], future.result()


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
