"""Propose the unit and the responsible person of each zone, evenly and each territory in one piece.

What is assigned already is kept unless it is freed. Units are compared by their certified people,
people count alike. See ``optimizer.districting`` for the method.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from network.problems import InputError, Problem, Text
from optimizer.districting import DistrictingProblem, Districts, districts, is_in_one_piece
from scheduling.county.model import AUTHORITIES, Authority, County, Inspector, Unit, Zone
from scheduling.inputs import PlanInputs
from scheduling.roads import prepare_roads
from scheduling.territories.shares import Evenness, Share, mean_each
from scheduling.territories.workload import Workload, adjoining, adjoining_home, workload

#: Frees everything.
ALL: Final = "all"
#: How often territories of people are begun anew, and how near to even is good enough.
_MOST_ROUNDS: Final = 12
_NEARLY_EVEN: Final = 1.05


@dataclass(frozen=True)
class Territories:
    """A proposal: the county with every zone assigned, the shares, and how even they are."""

    county: County
    shares: tuple[Share, ...]
    evenness: tuple[Evenness, ...]
    notes: tuple[Text, ...]


def assign_territories(
    inputs: PlanInputs,
    *,
    free: Collection[str] = (),
    authorities: Sequence[Authority] = AUTHORITIES,
    seed: int = 0,
) -> Territories:
    """Propose units and responsible people for the zones that have none, by authority.

    ``free`` names zones, units or people whose assignments are given up first, or "all". Zones of
    authorities that have no unit, and zones that owe them nothing, are left as they are. Raises
    InputError for unknown names in ``free`` and as ``prepare_roads`` does.
    """
    _require_known(inputs.county, free)
    roads = prepare_roads(inputs.county, inputs.roads_file)
    county = freed(inputs.county, free, authorities)
    shares: list[Share] = []
    evenness: list[Evenness] = []
    notes: list[Text] = []
    for authority in authorities:
        if any(unit.authority == authority for unit in county.units):
            work = workload(replace(inputs, county=county), roads, authority)
            made = _by_authority(county, work, authority, seed, notes)
            county, shares, evenness = made[0], shares + made[1], evenness + made[2]
    return Territories(county, tuple(shares), tuple(evenness), tuple(notes))


def freed(county: County, free: Collection[str], authorities: Sequence[Authority]) -> County:
    """Return the county without the assignments that ``free`` names, among those authorities.

    A freed unit gives up its zones and their people; a freed person only the answering for them.
    """
    zones = []
    for zone in county.zones:
        units, people = dict(zone.units), dict(zone.responsible)
        for authority in authorities:
            if {ALL, zone.id, units.get(authority, "")} & set(free):
                units.pop(authority, None)
                people.pop(authority, None)
            kept = tuple(p for p in people.get(authority, ()) if p not in free)
            if kept != people.get(authority, ()):
                people[authority] = kept
        zones.append(replace(zone, units=units, responsible={a: p for a, p in people.items() if p}))
    return replace(county, zones=tuple(zones))


def _by_authority(
    county: County, work: Workload, authority: Authority, seed: int, notes: list[Text]
) -> tuple[County, list[Share], list[Evenness]]:
    units = [unit for unit in county.units if unit.authority == authority]
    people = {unit.id: certified_people(county, unit) for unit in units}
    ids = [unit.id for unit in units]
    minutes = work.yearly_minutes()
    problem = DistrictingProblem(
        load=minutes,
        capacity=_capacities(units, people),
        links=adjoining(work.between_minutes),
        roots=tuple(adjoining_home(home, work.between_minutes) for home in work.home_minutes),
        fixed=tuple(_position(ids, zone.units.get(authority, "")) for zone in work.zones),
    )
    found = districts(problem, seed=seed)
    shares = _shares(problem, found, authority, [(unit, "") for unit in ids])
    evenness = [_evenness(authority, "", found, shares)]
    answers: dict[str, tuple[str, ...]] = {}
    for number, unit in enumerate(units):
        mine = [zone for zone, centre in enumerate(found.centre_of) if centre == number]
        if not people[unit.id] and mine:
            notes.append(_nobody(unit))
        elif mine:
            made = _by_person(work, minutes[:, number], mine, (authority, unit), people, seed)
            answers |= made[0]
            shares, evenness = shares + made[1], [*evenness, made[2]]
    owners = {zone.id: units[k].id for zone, k in zip(work.zones, found.centre_of, strict=True)}
    zones = tuple(_assigned(zone, authority, owners, answers) for zone in county.zones)
    return replace(county, zones=zones), shares, evenness


def _by_person(
    work: Workload,
    minutes: NDArray[np.int64],
    mine: list[int],
    whose: tuple[Authority, Unit],
    people: Mapping[str, list[Inspector]],
    seed: int,
) -> tuple[dict[str, tuple[str, ...]], list[Share], Evenness]:
    """Share a unit's zones out among its people; zones that have somebody keep all of them."""
    authority, unit = whose
    staff = people[unit.id]
    zones = [work.zones[index] for index in mine]
    between = work.between_minutes[np.ix_(mine, mine)]
    named = [zone.responsible.get(authority, ()) for zone in zones]
    ids = [person.id for person in staff]
    fixed = [_position(ids, those[0]) if those else -1 for those in named]
    # Whoever is named first has the zone; one named who is not of these people stays as well.
    open_zones = [n for n in range(len(zones)) if fixed[n] >= 0 or not named[n]]
    chosen = np.array(open_zones, np.int64)
    between = between[np.ix_(chosen, chosen)]
    problem = DistrictingProblem(
        load=np.repeat(minutes[mine][chosen, None], len(staff), axis=1),
        capacity=(1,) * len(staff),
        links=adjoining(between),
        roots=({},) * len(staff),
        fixed=tuple(fixed[index] for index in open_zones),
    )
    problem, found = _from_the_middle(problem, between, seed)
    shares = _shares(problem, found, authority, [(unit.id, person) for person in ids])
    answers: dict[str, tuple[str, ...]] = {
        zones[index].id: (staff[centre].id,)
        for index, centre in zip(open_zones, found.centre_of, strict=True)
        if fixed[index] < 0
    }
    even = _evenness(authority, unit.id, found, shares)
    # Whatever the territories begin at: nobody's share is less than the mean or than one zone.
    bound = max(even.mean_minutes, float(problem.load.max(initial=0)))
    return answers, shares, replace(even, bound_minutes=min(bound, even.worst_minutes))


def _from_the_middle(
    problem: DistrictingProblem, between: NDArray[np.float64], seed: int
) -> tuple[DistrictingProblem, Districts]:
    """Share out among people, who have no home: territories begin at a zone in their middle.

    First at zones far from each other, then, as long as it helps, at the middles of what came of
    it, then at other zones far apart, until the shares are nearly even or enough was tried. A
    person with zones already starts from these instead.
    """
    even = max(float(problem.load.max(initial=0)), problem.load[:, 0].sum() / len(problem.capacity))
    starts = _far_apart(problem, between, 0)
    best, before = (problem, Districts((), (), math.inf, 0.0, False)), math.inf
    for tried in range(1, _MOST_ROUNDS + 1):
        roots = tuple({} if start is None else {start: 0.0} for start in starts)
        begun = replace(problem, roots=roots)
        found = districts(begun, seed=seed)
        best = min(best, (begun, found), key=lambda pair: pair[1].worst)
        if best[1].worst <= even * _NEARLY_EVEN:
            break
        if found.worst < before:
            starts = [
                _middle(found.centre_of, person, between, s) for person, s in enumerate(starts)
            ]
            before = found.worst
        else:
            starts, before = _far_apart(problem, between, tried), math.inf
    return best


def _far_apart(
    problem: DistrictingProblem, between: NDArray[np.float64], skipped: int
) -> list[int | None]:
    """Return where each person's territory starts; None for people with zones, or too many.

    The first is the zone farthest from all others (so many ``skipped``), each next the one farthest
    from all before (Gonzalez 1985, "Clustering to minimize the maximum intercluster distance").
    """
    taken = [area for area, owner in enumerate(problem.fixed) if owner >= 0]
    left = [area for area, owner in enumerate(problem.fixed) if owner < 0]
    starts: list[int | None] = []
    for person in range(len(problem.capacity)):
        if person in problem.fixed or not left:
            starts.append(None)
            continue
        if taken:
            chosen = left[int(np.argmax(between[np.ix_(left, taken)].min(axis=1)))]
        else:
            far = np.argsort(-between[left].sum(axis=1), kind="stable")
            chosen = left[int(far[skipped % len(left)])]
        starts.append(chosen)
        taken.append(chosen)
        left.remove(chosen)
    return starts


def _middle(
    centre_of: Sequence[int], person: int, between: NDArray[np.float64], start: int | None
) -> int | None:
    """Return the zone of a territory with the least way to all the others of it."""
    mine = [area for area, centre in enumerate(centre_of) if centre == person]
    if start is None or not mine:
        return start
    return mine[int(np.argmin(between[np.ix_(mine, mine)].sum(axis=1)))]


def certified_people(county: County, unit: Unit) -> list[Inspector]:
    """Return who may answer for a unit's zones: its own certified people, else those it shares."""
    certified = [person for person in county.inspectors if person.certificate_number]
    own = [person for person in certified if person.units[0] == unit.id]
    return own or [person for person in certified if unit.id in person.units]


def _capacities(units: Sequence[Unit], people: Mapping[str, list[Inspector]]) -> tuple[int, ...]:
    return tuple(max(1, len(people[unit.id])) for unit in units)


def _position(ids: Sequence[str], wanted: str) -> int:
    """Return where the id stands, or -1."""
    return ids.index(wanted) if wanted in ids else -1


def _assigned(
    zone: Zone,
    authority: Authority,
    owners: Mapping[str, str],
    answers: Mapping[str, tuple[str, ...]],
) -> Zone:
    if zone.id not in owners:
        return zone
    people = dict(zone.responsible)
    if zone.id in answers:
        people[authority] = answers[zone.id]
    return replace(zone, units={**zone.units, authority: owners[zone.id]}, responsible=people)


def _shares(
    problem: DistrictingProblem,
    found: Districts,
    authority: Authority,
    whose: Sequence[tuple[str, str]],
) -> list[Share]:
    """Return each centre's share; scattered are the zones that keep it from being one piece."""
    owned = list(found.centre_of)
    return [
        Share(
            authority=authority,
            unit=unit,
            person=person,
            zones=owned.count(centre),
            kept=problem.fixed.count(centre),
            scattered=_scattered(problem, owned, centre),
            minutes=found.loads[centre],
            capacity=problem.capacity[centre],
        )
        for centre, (unit, person) in enumerate(whose)
    ]


def _scattered(problem: DistrictingProblem, owned: Sequence[int], centre: int) -> int:
    """Return how many of a centre's zones do not hang together with most of its others."""
    near: dict[int, set[int]] = {area: set() for area, k in enumerate(owned) if k == centre}
    for one, other, _ in problem.links:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    pieces, left = [], set(near)
    while left:
        piece, waiting = set(), [min(left)]
        while waiting:
            here = waiting.pop()
            piece.add(here)
            waiting += sorted(near[here] - piece)
        pieces.append(len(piece))
        left -= piece
    if is_in_one_piece(replace(problem, fixed=(-1,) * len(owned)), owned, centre):
        return 0  # by way of its home
    return sum(pieces) - max(pieces, default=0)


def _evenness(
    authority: Authority, unit: str, found: Districts, shares: Sequence[Share]
) -> Evenness:
    return Evenness(authority, unit, found.worst, mean_each(shares), found.bound)


def _require_known(county: County, free: Collection[str]) -> None:
    known = {ALL} | {zone.id for zone in county.zones} | {unit.id for unit in county.units}
    known |= {person.id for person in county.inspectors}
    problems = [
        Problem(
            code="territories.unknown-name",
            file="--free",
            where=name,
            cause=Text(f"没有编号为 {name} 的巡查区、单位或人员", f"there is no {name}"),
            action=Text(
                "写巡查区、单位或人员的编号，或 all",
                "write the id of a zone, unit or person, or all",
            ),
        )
        for name in sorted(set(free) - known)
    ]
    if problems:
        raise InputError(problems)


def _nobody(unit: Unit) -> Text:
    return Text(
        f"{unit.name}没有持证人员，未能提出责任人",
        f"{unit.name} has nobody with a certificate: no responsible person is proposed",
    )
