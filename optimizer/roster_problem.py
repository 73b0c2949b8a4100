"""What a roster is asked for and what comes back: days, patrols, people as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from optimizer.roster_search import Goal, RosterStatus
from optimizer.roster_staff import Person, Shift, Vehicle


@dataclass(frozen=True)
class Item:
    """One patrol to be dated: a route of a window, for a pool (unit), on one of ``days``.

    ``wanted``: groups of people (one group per visited zone's responsible people). Someone of them
    should be aboard, a soft wish; who rides with whom then favours as many groups as possible.
    Items that share a window are expected to spread over it.
    """

    window: int
    pool: int
    days: tuple[int, ...]
    minutes: int = 1
    wanted: tuple[tuple[int, ...], ...] = ()

    @property
    def responsible(self) -> tuple[int, ...]:
        """Everyone of any wanted group: one of them at least should be aboard."""
        return tuple(sorted({person for group in self.wanted for person in group}))


@dataclass(frozen=True)
class Apart:
    """Hard: the two items are at least ``days`` days apart (1: on different days)."""

    item_a: int
    item_b: int
    days: int = 1


@dataclass(frozen=True)
class SoftGap:
    """Soft: ``item_b`` follows ``item_a`` after ``min_days`` to ``max_days`` days.

    Not ``ordered``: either may come first, only the distance counts. ``weight`` is what a deviation
    costs, e.g. the number of tasks the two items share.
    """

    item_a: int
    item_b: int
    min_days: int
    max_days: int
    weight: int = 1
    ordered: bool = True


@dataclass(frozen=True)
class FixedGap:
    """Soft: the item follows a ``day`` that is settled (negative: before the horizon)."""

    item: int
    day: int
    min_days: int
    max_days: int
    weight: int = 1


@dataclass(frozen=True)
class OneOf:
    """Hard: at least one of ``items`` falls on one of ``days`` (a peak)."""

    items: tuple[int, ...]
    days: tuple[int, ...]


@dataclass(frozen=True)
class DayCosts:
    """Soft, below the gaps: what it costs that the item runs on a day, for each of its days.

    The caller's preference among dates that are otherwise as good, such as a draw.
    """

    item: int
    costs: Mapping[int, int]


@dataclass(frozen=True)
class FreeDays:
    """Soft, below the gaps: at most ``patrols`` patrols of a pool on these days altogether."""

    pool: int
    days: tuple[int, ...]
    patrols: int


@dataclass(frozen=True)
class RosterProblem:
    """Days 0..``day_count``-1; ``week_of_day[d]`` is the week in which caps count day d.

    Each person patrols at most ``week_cap`` days a week and ``span_cap`` days in any ``span_days``
    days. Each patrol has ``crew_size`` certified people. Raises ValueError naming every fault.
    """

    day_count: int
    week_of_day: tuple[int, ...]
    crew_size: int
    items: tuple[Item, ...]
    people: tuple[Person, ...]
    vehicles: tuple[Vehicle, ...]
    week_cap: int = 4
    span_cap: int = 14
    span_days: int = 28
    apart: tuple[Apart, ...] = ()
    gaps: tuple[SoftGap, ...] = ()
    fixed_gaps: tuple[FixedGap, ...] = ()
    one_of: tuple[OneOf, ...] = ()
    free_days: tuple[FreeDays, ...] = ()
    day_costs: tuple[DayCosts, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_size_faults(self), *_index_faults(self)]
        if faults:
            raise ValueError("; ".join(faults))


def _size_faults(problem: RosterProblem) -> Iterable[str]:
    if len(problem.week_of_day) != problem.day_count:
        yield f"week_of_day has {len(problem.week_of_day)} entries for {problem.day_count} days"
    if problem.crew_size < 1:
        yield f"crew_size is {problem.crew_size}"


def _index_faults(problem: RosterProblem) -> Iterable[str]:
    days, items = range(problem.day_count), range(len(problem.items))
    for index, item in enumerate(problem.items):
        yield from (f"item {index}: no day {day}" for day in item.days if day not in days)
    for index, vehicle in enumerate(problem.vehicles):
        yield from (f"vehicle {index}: no day {day}" for day in vehicle.days if day not in days)
    for index, person in enumerate(problem.people):
        both = {*person.certified_days, *person.driving_days}
        yield from (f"person {index}: no day {day}" for day in sorted(both) if day not in days)
    for kind, named in (
        ("apart", [(rule.item_a, rule.item_b) for rule in problem.apart]),
        ("gap", [(gap.item_a, gap.item_b) for gap in problem.gaps]),
        ("fixed gap", [(fixed.item,) for fixed in problem.fixed_gaps]),
        ("one of", [one.items for one in problem.one_of]),
        ("day costs", [(costs.item,) for costs in problem.day_costs]),
    ):
        for index, used in enumerate(named):
            yield from (f"{kind} {index}: no item {other}" for other in used if other not in items)


@dataclass(frozen=True)
class RosterResult:
    """Dates and people. Everything but ``status`` is empty unless ``found``.

    ``people_of``, ``drivers_of`` and ``vehicles_of`` are keyed (day, pool): the certified people
    aboard that day, ``crew_size`` per patrol; drivers besides them; the vehicles at hand.
    ``gap_violations`` is the weight of the soft gaps not kept.
    """

    status: RosterStatus
    day_of_item: tuple[int, ...] = ()
    people_of: Mapping[Shift, tuple[int, ...]] = field(default_factory=dict)
    drivers_of: Mapping[Shift, tuple[int, ...]] = field(default_factory=dict)
    vehicles_of: Mapping[Shift, tuple[int, ...]] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    gap_violations: int = 0
    seed: int = 0
    runtime_seconds: float = 0.0

    @property
    def found(self) -> bool:
        """Whether there is a roster."""
        return bool(self.day_of_item) or self.status in {
            RosterStatus.OPTIMAL,
            RosterStatus.FEASIBLE,
        }
