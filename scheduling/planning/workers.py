"""Groups of units planned here or in spawned processes; the results do not depend on which."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from threading import current_thread, main_thread
from time import time

from network.problems import Text
from scheduling.plan.model import PlanStatus, UnitOutcome
from scheduling.planning.decided import Decided
from scheduling.planning.group import GroupJob, plan_group
from scheduling.progress import Progress, ProgressCallback


def run_jobs(
    jobs: Sequence[GroupJob],
    workers: int,
    time_limit_seconds: float | None,
    progress: ProgressCallback,
) -> list[Decided]:
    """Plan the groups, the largest first; return their results in the order of the jobs.

    The time limit is on planning itself: it starts when the kernels are ready. On Ctrl-C the groups
    not finished are INTERRUPTED.
    """
    label = Text("编制巡查计划", "planning patrols")
    results: dict[int, Decided] = {}

    def note(index: int, decided: Decided) -> None:
        results[index] = decided
        progress(Progress("units", label, len(results), len(jobs)))

    if jobs:
        compile_kernels(progress)
    # The clock on the wall, since it is the same in every process.
    deadline = None if time_limit_seconds is None else time() + time_limit_seconds
    progress(Progress("units", label, 0, len(jobs)))
    order = sorted(range(len(jobs)), key=lambda i: -len(jobs[i].requirements))
    try:
        if workers > 1 and len(jobs) > 1:
            _run_in_processes(jobs, order, min(workers, len(jobs)), deadline, note)
        else:
            for index in order:
                note(index, plan_group(jobs[index], deadline))
    except KeyboardInterrupt:
        for index, job in enumerate(jobs):
            results.setdefault(index, _interrupted(job))
    return [results[index] for index in range(len(jobs))]


def compile_kernels(progress: ProgressCallback) -> None:
    """Compile the kernels once, before the processes would each do it for themselves."""
    from optimizer import warm_up

    label = Text(
        "准备计算内核（本机首次约半分钟）", "preparing kernels (half a minute the first time)"
    )
    progress(Progress("kernels", label, 0, 1))
    warm_up()
    progress(Progress("kernels", label, 1, 1))


def _run_in_processes(
    jobs: Sequence[GroupJob],
    order: Sequence[int],
    workers: int,
    deadline: float | None,
    note: Callable[[int, Decided], None],
) -> None:
    pool = ProcessPoolExecutor(workers, get_context("spawn"))
    try:
        with interrupts_ignored():
            futures: dict[Future[Decided], int] = {
                pool.submit(plan_group, jobs[index], deadline): index for index in order
            }
        for future in as_completed(futures):
            note(futures[future], future.result())
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


def _interrupted(job: GroupJob) -> Decided:
    why = Text("编制被用户中断", "planning was interrupted by the user")
    return Decided(
        (), tuple(UnitOutcome(unit, PlanStatus.INTERRUPTED, (why,)) for unit in job.units), ()
    )
