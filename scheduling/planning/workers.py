"""Groups of units planned here or in spawned processes; the results do not depend on which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from time import time

from network.problems import Text
from scheduling.plan.model import PlanStatus, UnitOutcome
from scheduling.planning.content import job_key, reduced
from scheduling.planning.decided import Decided
from scheduling.planning.group import GroupJob, plan_group
from scheduling.planning.processes import Processes
from scheduling.planning.reuse import Reuse, Shelf
from scheduling.progress import Progress, ProgressCallback


@dataclass(frozen=True)
class _Task:
    """A job to be planned under its key; ``shelves`` are the keys of its units' templates."""

    key: str
    job: GroupJob
    shelves: frozenset[str] = frozenset()

    @property
    def load(self) -> int:
        """About how much work the job is, by requirements and the zones they are spread over."""
        return len(self.job.requirements) * sum(len(work.zones) for work in self.job.works)


@dataclass(frozen=True)
class _Done:
    """What a task came to; ``in_time`` unless a limit of time may have cut it short."""

    decided: Decided
    shelves: Mapping[str, Shelf]
    in_time: bool


def run_jobs(
    jobs: Sequence[GroupJob],
    processes: Processes,
    time_limit_seconds: float | None,
    progress: ProgressCallback,
    reuse: Reuse | None = None,
) -> list[Decided]:
    """Plan the groups, the largest first; return their results in the order of the jobs.

    With ``reuse`` jobs of equal content are planned once, or not at all where the result is at
    hand, and each result is kept as soon as it is there. The time limit is on planning itself: it
    starts when the kernels are ready. On Ctrl-C the groups not finished are INTERRUPTED.
    """
    tasks = [_task(str(place), job, reuse) for place, job in enumerate(jobs)]
    distinct = {task.key: task for task in tasks}
    results: dict[str, Decided] = {}
    if reuse is not None:
        at_hand = ((task, reuse.planned(task.key, task.job)) for task in distinct.values())
        results |= {task.key: found for task, found in at_hand if found is not None}
    left = _in_order([task for key, task in distinct.items() if key not in results])
    label = Text("编制巡查计划", "planning patrols")

    def note(task: _Task, done: _Done) -> None:
        results[task.key] = done.decided
        if reuse is not None:
            reuse.put(done.shelves)
            if done.in_time:
                reuse.keep(task.key, done.decided)
        progress(Progress("units", label, len(results), len(distinct)))

    if left:
        compile_kernels(progress)
    # The clock on the wall, since it is the same in every process.
    deadline = None if time_limit_seconds is None else time() + time_limit_seconds
    progress(Progress("units", label, len(results), len(distinct)))
    try:
        if processes.workers > 1 and len(left) > 1:
            _run_in_processes(left, processes, deadline, reuse, note)
        else:
            for task in left:
                note(task, _plan(task.job, _shelves(task, reuse), deadline))
    except KeyboardInterrupt:
        processes.stop()
        for task in left:
            results.setdefault(task.key, _interrupted(task.job))
    finally:
        if reuse is not None:
            reuse.save()
    return [results[task.key] for task in tasks]


def _task(place: str, job: GroupJob, reuse: Reuse | None) -> _Task:
    if reuse is None:
        return _Task(place, job)
    small = reduced(job)
    return _Task(job_key(small), small, frozenset(reuse.shelf_keys(small)))


def _in_order(tasks: Sequence[_Task]) -> list[_Task]:
    """Put first what shares its templates with most work: those wait for each other."""
    of_shelf: Counter[str] = Counter()
    for task in tasks:
        for shelf in task.shelves:
            of_shelf[shelf] += task.load
    return sorted(
        tasks, key=lambda task: (-max((of_shelf[s] for s in task.shelves), default=0), -task.load)
    )


def _shelves(task: _Task, reuse: Reuse | None) -> Mapping[str, Shelf] | None:
    return None if reuse is None else reuse.shelves_of(task.job)


def _plan(job: GroupJob, shelves: Mapping[str, Shelf] | None, deadline: float | None) -> _Done:
    """Plan a group with the templates at hand (in a process of its own, so importable)."""
    own = Reuse()
    own.put(shelves or {})
    decided = plan_group(job, deadline, own)
    in_time = deadline is None or time() < deadline
    return _Done(decided, {} if shelves is None else own.shelves_of(job), in_time)


def get_ready() -> None:
    """Have all imported that planning needs, in a process started ahead of its first job."""


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
    tasks: Sequence[_Task],
    processes: Processes,
    deadline: float | None,
    reuse: Reuse | None,
    note: Callable[[_Task, _Done], None],
) -> None:
    waiting, running = list(tasks), dict[Future[_Done], _Task]()
    while waiting or running:
        while len(running) < processes.workers and (task := _next(waiting, running.values())):
            waiting.remove(task)
            future = processes.submit(_plan, task.job, _shelves(task, reuse), deadline)
            running[future] = task
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            note(running.pop(future), future.result())


def _next(waiting: Iterable[_Task], running: Iterable[_Task]) -> _Task | None:
    """Return the first task none of whose templates is being made just now."""
    busy = {shelf for task in running for shelf in task.shelves}
    return next((task for task in waiting if not task.shelves & busy), None)


def _interrupted(job: GroupJob) -> Decided:
    why = Text("编制被用户中断", "planning was interrupted by the user")
    return Decided(
        (), tuple(UnitOutcome(unit, PlanStatus.INTERRUPTED, (why,)) for unit in job.units), ()
    )
