"""Going on with a plan that was interrupted: the units it had finished are taken over."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from hashlib import sha256

from network.problems import InputError, Problem, Text
from scheduling.inputs import PlanInputs
from scheduling.plan.model import PatrolKind, Plan, PlanStatus
from scheduling.planning.assemble import visits_meeting
from scheduling.planning.unmet import unmet_requirements

_UNFINISHED = {PlanStatus.INTERRUPTED, PlanStatus.TIME_LIMIT}


def finished_units(plan: Plan) -> frozenset[str]:
    """Return the units whose planning came to its end."""
    return frozenset(o.unit for o in plan.outcomes if o.status not in _UNFINISHED)


def check_continues(
    earlier: Plan, inputs: PlanInputs, *, seed: int, secret: bytes, file: str
) -> None:
    """Raise InputError unless ``earlier`` was made from the same inputs, seed and secret."""
    same = {
        Text("县文件夹", "the county folder"): earlier.county == inputs.county,
        Text("规范", "the regulation"): (earlier.regulation, earlier.norm)
        == (inputs.regulation, inputs.norm),
        Text("工作日历", "the calendar"): earlier.calendar == inputs.calendar,
        Text("起止日期", "the days planned"): (earlier.first_day, earlier.last_day)
        == (inputs.first_day, inputs.last_day),
        Text("实施单位", "the units planned"): earlier.units == inputs.units,
        Text("随机种子", "the seed"): earlier.seed == seed,
        Text("抽查密钥", "the spot checks' secret"): _same_secret(earlier, secret),
    }
    changed = [what for what, unchanged in same.items() if not unchanged]
    if changed:
        raise InputError([_changed(what, file) for what in changed])


def _same_secret(earlier: Plan, secret: bytes) -> bool:
    drawn = any(patrol.kind is PatrolKind.SPOT_CHECK for patrol in earlier.patrols)
    return not drawn or earlier.secret_hash == sha256(secret).hexdigest()


def _changed(what: Text, file: str) -> Problem:
    return Problem(
        code="resume.changed",
        file=file,
        cause=Text(f"与中断时相比，{what.zh}已改变", f"{what.en} changed since the interruption"),
        action=Text(
            "恢复原样，或不用 --resume 重新编制", "undo the change, or plan anew without --resume"
        ),
    )


def keeping(plan: Plan, earlier: Plan, planned: Set[str]) -> Plan:
    """Return ``plan`` (of the units ``planned``) with all that ``earlier`` holds of the others."""
    patrols = (*plan.patrols, *(p for p in earlier.patrols if p.unit not in planned))
    patrols = tuple(sorted(patrols, key=lambda p: p.id))
    needs = (*plan.needs, *(n for n in earlier.needs if n.unit not in planned))
    needs = tuple(sorted(needs, key=lambda n: (n.unit, n.first_day, n.last_day, n.kind)))
    outcomes = (*plan.outcomes, *(o for o in earlier.outcomes if o.unit not in planned))
    outcomes = tuple(sorted(outcomes, key=lambda o: o.unit))
    met = visits_meeting(plan.requirements, patrols)
    unmet = unmet_requirements(plan.requirements, patrols, met, needs, outcomes)
    return replace(plan, patrols=patrols, needs=needs, outcomes=outcomes, met=met, unmet=unmet)
