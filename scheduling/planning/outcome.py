"""How a group's planning ended, unit by unit and window by window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from network.problems import Text
from optimizer.roster import RosterResult, RosterStatus
from scheduling.plan.model import PlanStatus, UnitOutcome, WindowNeed
from scheduling.planning.arithmetic import arithmetic, out_of_reach
from scheduling.planning.dates import GroupContext
from scheduling.planning.fitting import Fit

_TOGETHER = Text(
    "各窗口单独可行，但按每人每周、每28天上限合计不可行（计数模型已证明）",
    "each window fits alone, but together they exceed what people and vehicles allow over the"
    " weeks (proven by the count model)",
)
_NOT_FOUND = Text(
    "限定计算量内未找到完整方案，也未证明不存在",
    "no complete plan was found within the effort given; none is proven impossible",
)
_TIME_LIMIT = Text("达到时间上限", "the time limit was reached")


def group_outcomes(
    context: GroupContext,
    wanted: Sequence[Fit],
    dated: Sequence[Fit],
    roster: RosterResult,
    *,
    counts_agree: bool,
) -> tuple[UnitOutcome, ...]:
    """Return the outcome of each unit. ``wanted`` are the fits before anything gave way."""
    outcomes = []
    for pool, work in enumerate(context.works):
        before = [fit for fit in wanted if fit.pool == pool]
        after = [fit for fit in dated if fit.pool == pool]
        reasons = tuple(_proofs(context, before))
        short = any(fit.template.dropped for fit in after) or any(fit.too_often for fit in before)
        if reasons:
            status = PlanStatus.INFEASIBLE
        elif short and not counts_agree:
            status, reasons = PlanStatus.INFEASIBLE, (_TOGETHER,)
        elif short and roster.status is RosterStatus.TIME_LIMIT:
            status, reasons = PlanStatus.TIME_LIMIT, (_TIME_LIMIT,)
        elif short:
            status, reasons = PlanStatus.NOT_FOUND, (_NOT_FOUND,)
        else:
            status = _status(after, roster)
        outcomes.append(UnitOutcome(work.unit, status, reasons))
    return tuple(outcomes)


def group_needs(
    context: GroupContext, wanted: Sequence[Fit], dated: Sequence[Fit]
) -> tuple[WindowNeed, ...]:
    """Return the arithmetic of every window."""
    needs = []
    for before, after in zip(wanted, dated, strict=True):
        work = context.works[before.pool]
        routes = after.template.routes
        inspect = sum(
            work.modes[zone][mode].inside_seconds[before.classes[0]]
            for route in routes
            for zone, mode in route.stops
        )
        total = sum(route.work_seconds[before.classes[0]] for route in routes)
        needs.append(
            WindowNeed(
                unit=work.unit,
                first_day=before.batch.window.first_day,
                last_day=before.batch.window.last_day,
                kind=before.batch.kind,
                needed_lower_bound=before.needed,
                planned=len(routes),
                possible=before.capacity.possible,
                arithmetic=arithmetic(before.batch, before.capacity, before.needed),
                drive_seconds=total - inspect,
            )
        )
    return tuple(needs)


def _proofs(context: GroupContext, fits: Sequence[Fit]) -> Iterable[Text]:
    for fit in fits:
        work = context.works[fit.pool]
        if fit.needed > fit.capacity.possible:
            yield arithmetic(fit.batch, fit.capacity, fit.needed)
        if fit.template.impossible:
            zones = [work.zones[zone] for zone in fit.template.impossible]
            yield out_of_reach(zones, work.cap_seconds[fit.classes[0]] // 60)
        if fit.too_often:
            yield _too_often(fit)


def _too_often(fit: Fit) -> Text:
    zones, days = fit.too_often, len(fit.batch.days)
    return Text(
        f"{fit.batch.window.first_day}起的窗口只有{days}个工作日，"
        f"{'、'.join(zones)}应巡查次数多于工作日数",
        f"the window from {fit.batch.window.first_day} has {days} workdays, fewer than the visits"
        f" owed by {', '.join(zones)}",
    )


def _status(fits: Sequence[Fit], roster: RosterResult) -> PlanStatus:
    if roster.status is RosterStatus.TIME_LIMIT:
        return PlanStatus.TIME_LIMIT
    counts_proven = all(len(fit.template.routes) <= fit.needed for fit in fits)
    proven = counts_proven and roster.status is RosterStatus.OPTIMAL
    return PlanStatus.OPTIMAL if proven else PlanStatus.FEASIBLE
