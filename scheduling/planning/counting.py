"""The count model of a group of units: its windows by the patrols they need, its people and cars.

Counts ignore routes: what they rule out is impossible whatever the routes (``optimizer.counts``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimizer.counts import CountProblem, CountWindow, Spacing
from scheduling.plan.model import PatrolKind
from scheduling.planning.dates import GroupContext
from scheduling.planning.fitting import Fit


def count_problem(context: GroupContext, fits: Sequence[Fit], needs: Sequence[int]) -> CountProblem:
    """Return the count problem of windows that need ``needs[i]`` patrols for ``fits[i]``."""
    caps = context.county.settings.caps
    hours: dict[str, float] = {}
    for requirement in context.requirements:
        zone = requirement.zone
        hours[zone] = max(hours.get(zone, 0.0), requirement.min_gap_hours)
    return CountProblem(
        day_count=context.horizon.day_count,
        week_of_day=context.horizon.week_of_day,
        crew_size=context.crew_size,
        windows=tuple(
            _window(context, fit, need, hours) for fit, need in zip(fits, needs, strict=True)
        ),
        people=context.resources.people,
        vehicles=context.resources.vehicles,
        week_cap=caps.patrol_days_per_week,
        span_cap=caps.patrol_days_per_28_days,
    )


def _window(context: GroupContext, fit: Fit, need: int, hours: Mapping[str, float]) -> CountWindow:
    number = context.horizon.number
    return CountWindow(
        fit.pool,
        tuple(number(day) for day in fit.batch.days),
        need,
        spacings=_spacings(fit, hours),
        hits=_hits(context, fit),
        # A sealed spot check is a patrol of its own (RULINGS, sealed spot checks).
        series=int(fit.batch.kind is PatrolKind.SPOT_CHECK),
    )


def _spacings(fit: Fit, hours: Mapping[str, float]) -> tuple[Spacing, ...]:
    """Put a zone's visits in the window on different days, as far apart as a rule surely asks.

    ``hours`` is the most that rules ask for between visits of a zone.
    """
    wanted = {
        Spacing(count, max(1, int(hours.get(zone, 0.0) // 24)))
        for zone, count in fit.batch.visits
        if count > 1
    }
    return tuple(sorted(wanted, key=lambda s: (s.count, s.days)))


def _hits(context: GroupContext, fit: Fit) -> tuple[tuple[int, ...], ...]:
    """Have one visit of a peak window fall on the peak's days (RULINGS, peaks)."""
    unit, window = context.works[fit.pool].unit, fit.batch.window
    zones = {zone for zone, _ in fit.batch.visits}
    wanted = set()
    for requirement in context.requirements:
        peak = requirement.peak_window
        if (
            peak is not None
            and requirement.unit == unit
            and requirement.zone in zones
            and (requirement.window.first_day, requirement.window.last_day)
            == (window.first_day, window.last_day)
        ):
            wanted.add(
                tuple(context.horizon.number(day) for day in fit.batch.days if peak.holds(day))
            )
    return tuple(sorted(wanted))
