"""Planning the base and every scenario, and setting what came out side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from multiprocessing import get_context
from typing import Any

from network.problems import InputError, Language, Text
from scenarios.apply import apply_scenario
from scenarios.model import Scenario
from scenarios.read import BASE_NAMES
from scheduling.inputs import PlanInputs
from scheduling.plan.measures import STATUS_NAMES, PlanMeasures, UnitReasons
from scheduling.progress import Progress, ProgressCallback, silent

_HEADING = Text(
    "方案,合规,未完成,巡查,人日,公里,小时,最忙周,均衡,结果",
    "scenario,lawful,unmet,patrols,person days,km,hours,busiest week,fairness,status",
)


@dataclass(frozen=True)
class Outcome:
    """What one scenario's plan came to. ``breaches`` counts the audit's breaches by article."""

    name: Text
    note: str
    lawful: bool
    measures: PlanMeasures
    breaches: tuple[tuple[str, int], ...]
    shortfalls: tuple[UnitReasons, ...]


@dataclass(frozen=True)
class Comparison:
    """Outcomes of the base, first, and of the scenarios in their order."""

    outcomes: tuple[Outcome, ...]

    def table(self, language: Language) -> list[list[str]]:
        """Return a heading and a row for each outcome, as texts."""
        return [
            _HEADING.in_(language).split(","),
            *(_row(outcome, language) for outcome in self.outcomes),
        ]

    def document(self) -> dict[str, Any]:
        """Return the comparison as plain values for JSON."""
        return {
            "scenarios": [
                {
                    **asdict(outcome.measures.whole),
                    "name": outcome.name.en if place == 0 else outcome.name.zh,
                    "lawful": outcome.lawful,
                    "breaches_by_article": dict(outcome.breaches),
                    "units": [asdict(unit) for unit in outcome.measures.units],
                }
                for place, outcome in enumerate(self.outcomes)
            ]
        }


def run_scenarios(
    inputs: PlanInputs,
    scenarios: Sequence[Scenario],
    *,
    seed: int = 0,
    workers: int = 1,
    time_limit_seconds: float | None = None,
    progress: ProgressCallback = silent,
) -> Comparison:
    """Plan and audit the base and every scenario, in ``workers`` processes of their own.

    The outcomes depend on inputs, scenarios and seed alone: spot checks are drawn from the seed
    too, so that scenarios differ by nothing but their overrides. Raises InputError when a scenario
    cannot be applied or planned (a zone out of reach, say).
    """
    from scheduling.planning.workers import compile_kernels
    from scheduling.roads import compile_road_kernels

    jobs = [_Job(BASE_NAMES, "", inputs, seed, time_limit_seconds)]
    jobs += [
        _Job(Text(s.name, s.name), s.note, apply_scenario(inputs, s), seed, time_limit_seconds)
        for s in scenarios
    ]

    def report(done: int) -> None:
        progress(Progress("scenarios", Text("方案比较", "scenarios"), done, len(jobs)))

    compile_road_kernels(progress)
    compile_kernels(progress)
    report(0)
    if workers == 1:
        outcomes = {}
        for place, job in enumerate(jobs):
            outcomes[place] = run_job(job)
            report(len(outcomes))
    else:
        outcomes = _run_in_processes(jobs, workers, report)
    return Comparison(tuple(outcomes[place] for place in range(len(jobs))))


@dataclass(frozen=True)
class _Job:
    name: Text
    note: str
    inputs: PlanInputs
    seed: int
    time_limit_seconds: float | None


def run_job(job: _Job) -> Outcome:
    """Plan and audit one scenario (in a process of its own, so it must be importable)."""
    from scheduling.audit import audit_plan
    from scheduling.plan.measures import measure, shortfalls
    from scheduling.planning import make_plan

    try:
        plan = make_plan(
            job.inputs,
            seed=job.seed,
            secret=sha256(f"xuncha whatif {job.seed}".encode()).digest(),
            workers=1,
            time_limit_seconds=job.time_limit_seconds,
        )
    except InputError as error:
        raise InputError(
            replace(problem, where=f"{job.name.zh} · {problem.where}") for problem in error.problems
        ) from error
    report = audit_plan(plan)
    breaches = Counter(f.article for f in report.findings if f.severity == "breach")
    return Outcome(
        job.name,
        job.note,
        report.lawful,
        measure(plan),
        tuple(sorted(breaches.items())),
        shortfalls(plan),
    )


def _run_in_processes(
    jobs: Sequence[_Job], workers: int, report: Callable[[int], None]
) -> dict[int, Outcome]:
    outcomes: dict[int, Outcome] = {}
    # Spawned on every system: forking would copy the threads' locks of numba and ortools.
    with ProcessPoolExecutor(min(workers, len(jobs)), get_context("spawn")) as pool:
        places = {pool.submit(run_job, job): place for place, job in enumerate(jobs)}
        try:
            for future in as_completed(places):
                outcomes[places[future]] = future.result()
                report(len(outcomes))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return outcomes


def _row(outcome: Outcome, language: Language) -> list[str]:
    whole = outcome.measures.whole
    lawful = Text("是", "yes") if outcome.lawful else Text("否", "no")
    week = whole.busiest_week.partition("-")[2]
    busiest = f"{week} ({whole.busiest_week_patrols})" if week else ""
    return [
        *(outcome.name.in_(language), lawful.in_(language), str(whole.unmet), str(whole.patrols)),
        *(str(whole.person_days), f"{whole.length_km:.0f}", f"{whole.hours:.0f}", busiest),
        *(str(whole.fairness), STATUS_NAMES[whole.status].in_(language)),
    ]
