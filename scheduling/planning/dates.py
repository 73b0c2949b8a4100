"""Dates and people (PLANNING, part 2): the templates' routes become items of a roster problem."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from optimizer.roster import Apart, FixedGap, Item, OneOf, RosterProblem, SoftGap
from scheduling.calendar.windows import Window, window_tag
from scheduling.county.model import County
from scheduling.plan.model import PatrolKind
from scheduling.planning.chance import GAPS_LET_GO, Draws, Lot, drawn_costs
from scheduling.planning.owed import Batch
from scheduling.planning.reserve import free_days
from scheduling.planning.resources import Horizon, Resources
from scheduling.planning.templates import TemplateRoute
from scheduling.planning.work import UnitWork, class_index
from scheduling.requirements import Requirement


@dataclass(frozen=True)
class RouteToDate:
    """One route of a batch that needs a date; ``pool`` is its unit's index in the group."""

    batch: Batch
    batch_index: int
    pool: int
    route: TemplateRoute


@dataclass(frozen=True)
class GroupContext:
    """What the stages of one group share."""

    county: County
    horizon: Horizon
    works: tuple[UnitWork, ...]
    requirements: tuple[Requirement, ...]
    resources: Resources
    crew_size: int
    secret: bytes = b""

    def zone_of(self, item: RouteToDate, index: int) -> str:
        """Return the zone id of a zone index in the item's unit."""
        return self.works[item.pool].zones[index]


def roster_problem(context: GroupContext, routes: Sequence[RouteToDate]) -> RosterProblem:
    """Return the roster problem of dating ``routes``, one item each in the same order."""
    caps = context.county.settings.caps
    turns = _turns(context, routes)
    chains = _chains(context, routes, turns)
    gap_days = _gap_days(context, routes, chains)
    problem = RosterProblem(
        day_count=context.horizon.day_count,
        week_of_day=context.horizon.week_of_day,
        crew_size=context.crew_size,
        items=_items(context, routes),
        people=context.resources.people,
        vehicles=context.resources.vehicles,
        week_cap=caps.patrol_days_per_week,
        span_cap=caps.patrol_days_per_28_days,
        apart=tuple(_aparts(context, routes, chains)),
        gaps=tuple(_gaps_asked_for(context, routes, _soft_gaps(chains, gap_days))),
        fixed_gaps=tuple(_gaps_to_history(context, chains, gap_days)),
        one_of=tuple(_peaks(context, routes, chains)),
    )
    lots, share = _lots(context, routes, turns), context.county.settings.reserve.bad_weather_share
    return replace(
        problem,
        free_days=free_days(problem, context.horizon, share),
        day_costs=drawn_costs(problem, lots, Draws(context.secret)),
    )


def _turns(context: GroupContext, routes: Sequence[RouteToDate]) -> tuple[int, ...]:
    """Return which virtual day's turn each route has in its window.

    Virtual days tell apart the visits of a zone; which comes first is all the same, so that it is
    drawn where days are.
    """
    chance, draws = context.county.settings.unpredictability, Draws(context.secret)
    turns: dict[int, dict[int, int]] = {}
    for route in routes:
        if route.batch_index not in turns:
            name = (route.batch.unit, route.batch.kind, window_tag(route.batch.window))
            days = sorted(
                {r.route.virtual_day for r in routes if r.batch_index == route.batch_index}
            )
            drawn = draws.happens(chance, "turns", *name)
            order = draws.shuffled(days, "turn", *name) if drawn else days
            turns[route.batch_index] = dict(zip(order, days, strict=True))
    return tuple(turns[route.batch_index][route.route.virtual_day] for route in routes)


def _lots(context: GroupContext, routes: Sequence[RouteToDate], turns: Sequence[int]) -> list[Lot]:
    """Return who takes part in the draw of days; the more zones of level 1, the more it weighs.

    Every spot check does, and of the scheduled patrols the share that ``unpredictability`` sets.
    """
    chance, draws = context.county.settings.unpredictability, Draws(context.secret)
    first_level = {zone.id for zone in context.county.zones if zone.level == 1}
    nth: Counter[int] = Counter()
    lots = []
    for route, turn in zip(routes, turns, strict=True):
        batch = route.batch
        name = f"{batch.unit} {batch.kind} {window_tag(batch.window)} {nth[route.batch_index]}"
        nth[route.batch_index] += 1
        weight = 1 + sum(context.zone_of(route, z) in first_level for z, _ in route.route.stops)
        spot = batch.kind is PatrolKind.SPOT_CHECK
        lots.append(Lot(name, turn, weight, spot or draws.happens(chance, name)))
    return lots


def _items(context: GroupContext, routes: Sequence[RouteToDate]) -> tuple[Item, ...]:
    number = {person: index for index, person in enumerate(context.resources.person_ids)}
    answering: dict[tuple[str, str], set[tuple[int, ...]]] = defaultdict(set)  # by unit and zone
    for zone in context.county.zones:
        for authority, unit in zone.units.items():
            named = zone.responsible.get(authority, ())
            answering[unit, zone.id].add(tuple(sorted(number[p] for p in named if p in number)))
    class_of: dict[date, int] = {}
    for day in {day for route in routes for day in route.batch.days}:
        class_of[day] = class_index(context.county.settings, day)
    items = []
    for route in routes:
        work, seconds = context.works[route.pool], route.route.work_seconds
        fits = {c for c, most in enumerate(work.cap_seconds) if seconds[c] <= most}
        days = (context.horizon.number(d) for d in route.batch.days if class_of[d] in fits)
        zones = (context.zone_of(route, index) for index, _ in route.route.stops)
        wanted = set().union(*(answering[work.unit, zone] for zone in zones)) - {()}
        minutes = max(seconds) // 60
        items.append(
            Item(route.batch_index, route.pool, tuple(days), minutes, tuple(sorted(wanted)))
        )
    return tuple(items)


#: Visits of one zone by one unit in the order in which they are expected: item indices.
_Chains = Mapping[tuple[int, str], Sequence[int]]


def _chains(context: GroupContext, routes: Sequence[RouteToDate], turns: Sequence[int]) -> _Chains:
    chains: dict[tuple[int, str], list[int]] = defaultdict(list)
    expected = [(route.batch.window, turn) for route, turn in zip(routes, turns, strict=True)]
    for index in sorted(range(len(routes)), key=lambda index: (expected[index], index)):
        for zone, _ in routes[index].route.stops:
            chains[routes[index].pool, context.zone_of(routes[index], zone)].append(index)
    return {key: chains[key] for key in sorted(chains)}


def _aparts(
    context: GroupContext, routes: Sequence[RouteToDate], chains: _Chains
) -> Iterable[Apart]:
    """Two visits of a zone never fall on one day; a norm's least hours between them are hard."""
    hours: dict[str, float] = defaultdict(float)
    for requirement in context.requirements:
        hours[requirement.zone] = max(hours[requirement.zone], requirement.min_gap_hours)
    least: dict[tuple[int, int], int] = {}
    for (_, zone), chain in chains.items():
        days = int(hours[zone] // 24) + 1
        for at, first in enumerate(chain):
            reach = routes[first].batch.window.last_day.toordinal() + days
            for second in chain[at + 1 :]:
                if routes[second].batch.window.first_day.toordinal() >= reach:
                    break
                pair = (min(first, second), max(first, second))
                least[pair] = max(least.get(pair, 1), days)
    return [Apart(a, b, days) for (a, b), days in sorted(least.items())]


#: Least and most days between visits of a unit's zone (pool, zone id) around one item.
_Gaps = Mapping[tuple[int, str, int], tuple[int, int]]


def _gap_days(
    context: GroupContext, routes: Sequence[RouteToDate], chains: _Chains
) -> dict[tuple[int, str, int], tuple[int, int]]:
    """Return the tightest soft gap asked for in the window of each item of each chain."""
    owed: dict[tuple[str, str], list[Requirement]] = defaultdict(list)
    for requirement in context.requirements:
        if not requirement.spot_check:
            owed[requirement.unit, requirement.zone].append(requirement)
    gaps = {}
    for (pool, zone), chain in chains.items():
        tightest: dict[Window, tuple[int, int] | None] = {}
        for item in chain:
            window = routes[item].batch.window
            if window not in tightest:
                tightest[window] = _tightest(owed[context.works[pool].unit, zone], window)
            found = tightest[window]
            if found is not None:
                gaps[pool, zone, item] = found
    return gaps


def _tightest(owed: Iterable[Requirement], window: Window) -> tuple[int, int] | None:
    """Return least and most days of the shortest longest gap asked for around a window."""
    first, last = window.first_day, window.last_day
    around = [
        (r.max_gap_days, r.min_gap_days)
        for r in owed
        if r.window.first_day <= first and last <= r.window.last_day
    ]
    return min(around)[::-1] if around else None


def _soft_gaps(chains: _Chains, gap_days: _Gaps) -> Iterable[SoftGap]:
    """Successive visits keep the looser of the gaps asked for around them."""
    weights: Counter[tuple[int, int, int, int]] = Counter()
    for (pool, zone), chain in chains.items():
        for first, second in pairwise(chain):
            before, after = gap_days.get((pool, zone, first)), gap_days.get((pool, zone, second))
            if before and after:
                least, most = min(before[0], after[0]), max(before[1], after[1])
                weights[first, second, least, most] += 1
    return [
        SoftGap(first, second, least, most, weight)
        for (first, second, least, most), weight in sorted(weights.items())
    ]


def _gaps_asked_for(
    context: GroupContext, routes: Sequence[RouteToDate], gaps: Iterable[SoftGap]
) -> Iterable[SoftGap]:
    """Leave out those let go for the sake of unpredictability."""
    share, draws = GAPS_LET_GO * context.county.settings.unpredictability, Draws(context.secret)
    for gap in gaps:
        batches = routes[gap.item_a].batch, routes[gap.item_b].batch
        names = (f"{batch.unit} {batch.kind} {window_tag(batch.window)}" for batch in batches)
        if not draws.happens(share, "gap", *names, f"{gap.item_a} {gap.item_b}"):
            yield gap


def _gaps_to_history(context: GroupContext, chains: _Chains, gap_days: _Gaps) -> Iterable[FixedGap]:
    authority = {unit.id: unit.authority for unit in context.county.units}
    last = {(visit.zone, visit.authority): visit.day for visit in context.county.history}
    weights: Counter[tuple[int, int, int, int]] = Counter()
    for (pool, zone), chain in chains.items():
        day = last.get((zone, authority[context.works[pool].unit]))
        gap = gap_days.get((pool, zone, chain[0]))
        if day is not None and gap:
            weights[chain[0], context.horizon.number(day), *gap] += 1
    return [FixedGap(*key, weight) for key, weight in sorted(weights.items())]


def _peaks(
    context: GroupContext, routes: Sequence[RouteToDate], chains: _Chains
) -> Iterable[OneOf]:
    """At least one of a peak window's visits falls on a day of the peak (RULINGS, peaks)."""
    pools = {work.unit: pool for pool, work in enumerate(context.works)}
    wanted = set()
    for requirement in context.requirements:
        peak = requirement.peak_window
        if peak is None:
            continue
        items = tuple(
            index
            for index in chains.get((pools[requirement.unit], requirement.zone), ())
            if requirement.window.first_day <= routes[index].batch.window.first_day
            and routes[index].batch.window.last_day <= requirement.window.last_day
        )
        days = {day for index in items for day in routes[index].batch.days}
        on_peak = tuple(sorted(context.horizon.number(day) for day in days if peak.holds(day)))
        if items and len(on_peak) < len(days):
            wanted.add((items, on_peak))
    return [OneOf(items, days) for items, days in sorted(wanted)]
