"""The least staff of a county: every group of units in a process of its own, then side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from network.problems import InputError, Problem, Text
from scenarios.apply import apply_scenario
from scenarios.model import MergeStations, Scenario
from scenarios.staffing_model import Staffing, StaffingOptions, UnitStaffing
from scheduling.calendar.workdays import PROVISIONAL_NOTICE
from scheduling.inputs import PlanInputs
from scheduling.progress import Progress, ProgressCallback, silent

if TYPE_CHECKING:
    from scenarios.staffing_group import GroupTask
    from scheduling.planning.kept_files import KeptFiles

_LABEL = Text("最少人车", "least staff")


def least_staff(
    inputs: PlanInputs,
    options: StaffingOptions,
    *,
    merges: Sequence[str] = (),
    workers: int = 1,
    files: KeptFiles | None = None,
    progress: ProgressCallback = silent,
) -> Staffing:
    """Return the least staff of every group of units, and of stations merged ("T01+T02").

    Spot checks are drawn from the seed, so that inputs, options and seed alone decide the result,
    whatever the number of workers. With ``files`` the routes found are kept for later runs. Raises
    InputError for what cannot be planned, merged or made lawful by any staff, KeyboardInterrupt on
    Ctrl-C.
    """
    from scenarios.staffing_group import GroupTask
    from scheduling.planning.prepare import prepare
    from scheduling.planning.shared import SharedRoads
    from scheduling.planning.workers import compile_kernels
    from scheduling.roads import compile_road_kernels
    from scheduling.staffing.case import group_cases
    from scheduling.staffing.first_look import refuse_hopeless

    merged = [_merged(inputs, merge) for merge in merges]
    for one in (inputs, *merged):
        refuse_hopeless(one)
    compile_road_kernels(progress)
    compile_kernels(progress)
    secret = sha256(f"xuncha whatif {options.seed}".encode()).digest()
    shared = SharedRoads()
    tasks = []
    for one in (inputs, *merged):
        prepared = prepare(one, seed=options.seed, secret=secret, shared=shared, progress=progress)
        tasks += [
            GroupTask(case, options, files, merged=one is not inputs)
            for case in group_cases(prepared)
        ]
    units = _run(tasks, workers, progress)
    return Staffing(
        county=inputs.county.settings.name,
        year=inputs.first_day.year,
        shift_minutes=inputs.county.settings.shift.max_work_minutes,
        options=options,
        units=tuple(units),
        notes=_notes(inputs, options),
    )


def _merged(inputs: PlanInputs, merge: str) -> PlanInputs:
    """Return the inputs of stations made one, at the home of the first; nothing else is planned."""
    stations = tuple(part.strip() for part in merge.split("+"))
    if len(set(stations)) < 2 or "" in stations:
        cause = Text(f"“{merge}”不是两个以上的单位", f"{merge!r} does not name two units or more")
        action = Text("写作 --merge T01+T02", "write it as --merge T01+T02")
        raise InputError([Problem("staffing.merge", "--merge", cause, action, field=merge)])
    names = {unit.id: unit.name for unit in inputs.county.units}
    override = MergeStations(
        do="merge-stations",
        stations=stations,
        into=stations[0],
        name="＋".join(names.get(station, station) for station in stations),
    )
    whole = apply_scenario(inputs, Scenario(name=f"--merge {merge}", overrides=(override,)))
    return replace(whole, units=(stations[0],))


def _run(
    tasks: Sequence[GroupTask], workers: int, progress: ProgressCallback
) -> list[UnitStaffing]:
    """Look at the groups, the largest first; return them in the order of the tasks."""
    from scenarios.staffing_group import staff_group
    from scheduling.planning.processes import Processes, spread

    found: dict[int, UnitStaffing] = {}
    progress(Progress("staffing", _LABEL, 0, len(tasks)))
    order = sorted(range(len(tasks)), key=lambda i: -len(tasks[i].case.job.requirements))
    with Processes(workers) as processes:
        for place, one in spread(staff_group, [tasks[place] for place in order], processes):
            found[order[place]] = one
            progress(Progress("staffing", _LABEL, len(found), len(tasks)))
    return [found[place] for place in range(len(tasks))]


def _notes(inputs: PlanInputs, options: StaffingOptions) -> tuple[Text, ...]:
    """Say what the numbers mean and hang on; defaults of ours are marked [D]."""
    caps, weeks = inputs.county.settings.caps, options.leave_weeks
    per_week, per_span = caps.patrol_days_per_week, caps.patrol_days_per_28_days
    notes = [
        Text(
            "“最少”已证明：再少一人（车）则无论路线如何安排都不够，而所列数目有通过审核的计划；"
            "区间、≥表示尚未证明到底；×表示多少人都不行。",
            "A least number is proven: with one fewer no routes whatever would do, and with the"
            " number given a plan passed the audit. An interval or ≥ is not proven to the end;"
            " × means that no number does.",
        ),
        Text(
            f"最少人数按同等人员计[D]：全年持证、会驾驶，每人年休假{weeks}个整周（由计算错开），"
            "车辆每个工作日可用、5座。",
            f"The least is of equal people [D]: certified and licensed all year, {weeks} whole"
            " week(s) of leave each, placed by the computation; vehicles at hand on every workday,"
            " 5 seats.",
        ),
        Text(
            f"每人每周最多{per_week}个巡查日、28天最多{per_span}个[设置]；"
            "抽查月份按种子抽定；一人一车一天一趟。",
            f"At most {per_week} patrol days a week and {per_span} in 28 days per person"
            " [settings]; months of spot checks are drawn by the seed; one patrol a day for a"
            " person and a vehicle.",
        ),
    ]
    if inputs.calendar.provisional_years:
        notes.append(PROVISIONAL_NOTICE)
    if options.named:
        notes.append(
            Text(
                "“留用”按在册人员各自的请假、证件和驾驶资格计；缺勤按某人（车）再离岗半个月逐一计算。",
                "Named people keep their own leave, certificates and licences; absences are half a"
                " month of one person or vehicle on top of that.",
            )
        )
    return tuple(notes)
