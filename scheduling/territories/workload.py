"""Patrol minutes of every zone under travel time: what territories are balanced by."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduling.county.model import Authority, County, Zone
from scheduling.inputs import PlanInputs
from scheduling.planning.work import UnitWork, unit_work
from scheduling.requirements import Requirement, derive_requirements
from scheduling.roads import CountyRoads


@dataclass(frozen=True)
class Workload:
    """Zones of one authority: visits a year, minutes of a visit, minutes between and from homes.

    z zones, u units. Travel is the mean of there and back, in the first day class.
    ``stops`` is how many zones a full patrol takes on average.
    """

    zones: tuple[Zone, ...]
    visits: NDArray[np.float64]  # (z,)
    inside_minutes: NDArray[np.float64]  # (z,)
    between_minutes: NDArray[np.float64]  # (z, z)
    home_minutes: NDArray[np.float64]  # (u, z)
    stops: float

    def yearly_minutes(self) -> NDArray[np.int64]:
        """Return (z, u) patrol minutes a year of each zone with each unit.

        A visit takes its own minutes, the way from the zone before, and its share of the way out
        and home: after Daganzo (1984, "The distance traveled to visit N points with a maximum of C
        stops per vehicle", Transportation Science 18).
        """
        hop = _hop_minutes(self.between_minutes)
        visit = self.inside_minutes + hop + 2 * self.home_minutes / self.stops
        minutes: NDArray[np.int64] = np.ceil(self.visits * visit).astype(np.int64).T
        return minutes


def workload(inputs: PlanInputs, roads: CountyRoads, authority: Authority) -> Workload:
    """Return the work of all zones for the units of an authority, whoever has them now.

    Visits are counted in the days of the inputs by the regulation; of a spot check that draws a
    share of the zones each zone counts that share. Zones that owe nothing are left out.
    """
    units = [unit for unit in inputs.county.units if unit.authority == authority]
    stand_in = units[0].id
    zones = tuple(replace(z, units={**z.units, authority: stand_in}) for z in inputs.county.zones)
    county = replace(inputs.county, zones=zones)
    owed = _owed(inputs, county, authority, stand_in)
    work = unit_work(county, roads, owed, stand_in)
    shares = {check.id: check.share for check in inputs.regulation.spot_check}
    visits = dict.fromkeys(work.zones, 0.0)
    for requirement in owed:
        drawn = shares.get(requirement.rule, 1.0) if requirement.spot_check else 1.0
        visits[requirement.zone] += drawn * requirement.count
    by_id = {zone.id: zone for zone in inputs.county.zones}
    first = [modes[0] for modes in work.modes]
    inside = np.array([mode.inside_seconds[0] for mode in first]) / 60
    between = _between(work)
    homes = [roads.homes[unit.id] for unit in units]
    home = _from_homes(inputs.county, roads, homes, work)
    hop = float(_hop_minutes(between).mean()) if first else 0.0
    each = float(inside.mean()) + hop if first else 1.0
    cap = max(work.cap_seconds) / 60
    out_and_home = 2 * float(home.min(axis=0).mean()) if first else 0.0
    return Workload(
        tuple(by_id[zone] for zone in work.zones),
        np.array([visits[zone] for zone in work.zones]),
        inside,
        between,
        home,
        max(1.0, (cap - out_and_home) / max(each, 1.0)),
    )


def _owed(
    inputs: PlanInputs, county: County, authority: Authority, stand_in: str
) -> list[Requirement]:
    """Return what the zones may owe to the authority: of spot checks all that could be drawn."""
    all_drawn = tuple(
        check.model_copy(update={"share": 1.0}) for check in inputs.regulation.spot_check
    )
    regulation = inputs.regulation.model_copy(update={"spot_check": all_drawn})
    first, last = inputs.first_day, inputs.last_day
    owed = derive_requirements(
        county, regulation, inputs.calendar, first, last, {stand_in}, secret=b""
    )
    return [requirement for requirement in owed if requirement.authority == authority]


def _between(work: UnitWork) -> NDArray[np.float64]:
    entries = [modes[0].entry for modes in work.modes]
    exits = [modes[0].exit for modes in work.modes]
    there = work.travel[0][np.ix_(exits, entries)] / 60
    between: NDArray[np.float64] = (there + there.T) / 2
    return between


def _from_homes(
    county: County, roads: CountyRoads, homes: list[int], work: UnitWork
) -> NDArray[np.float64]:
    seconds = roads.seconds[county.settings.day_classes[0].name]
    entries = [work.location_nodes[modes[0].entry] for modes in work.modes]
    exits = [work.location_nodes[modes[0].exit] for modes in work.modes]
    out = roads.travel.seconds(seconds, homes, entries)
    back = roads.travel.seconds(seconds, exits, homes).T
    closed = (out < 0) | (back < 0)
    minutes: NDArray[np.float64] = np.where(closed, 1e6, (out + back) / 120)
    return minutes


def _hop_minutes(between: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the minutes from each zone to the one nearest by, (z,)."""
    if len(between) < 2:
        return np.zeros(len(between))
    apart = between + np.diag(np.full(len(between), np.inf))
    nearest: NDArray[np.float64] = apart.min(axis=1)
    return nearest


def adjoining(between: NDArray[np.float64]) -> tuple[tuple[int, int, float], ...]:
    """Return (i, j, minutes) of zones that adjoin under travel time.

    They do when no third zone lies between: none is on the way in the sense of Gabriel and Sokal
    (1969), d(i, k)^2 + d(k, j)^2 < d(i, j)^2. All zones hang together that way.
    """
    square = between**2
    return tuple(
        (one, other, float(between[one, other]))
        for one in range(len(between))
        for other in range(one + 1, len(between))
        # By a hair: zones at one place stay joined.
        if not (square[one] + square[other] < square[one, other] - 1e-9).any()
    )


def adjoining_home(home: NDArray[np.float64], between: NDArray[np.float64]) -> dict[int, float]:
    """Return the zones that adjoin a home (z,), with the minutes to them, in the same sense."""
    through = home[:, None] ** 2 + between**2  # by way of the row to the column
    np.fill_diagonal(through, np.inf)
    free = ~(through < home**2 - 1e-9).any(axis=0)
    return {int(zone): float(home[zone]) for zone in np.flatnonzero(free)}
