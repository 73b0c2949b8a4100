"""The file format of Cordeau, Gendreau and Laporte (1997), shared by all its problem types.

First line ``type m n t`` (and ``d`` for type 8); then lines ``D Q``: longest duration (0: no
limit) and capacity; then depots and customers ``i x y d q f a list`` with service duration d,
demand q, frequency f and a visit combinations. Two more columns, time windows, are ignored: the
types read here have none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import dist, inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.problem import Mode, Pattern, Solution, Task
from optimizer.published.instance import fault, integer_in, lines_of, number_in

Limits = tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A depot or customer; ``combinations`` are the codes as the file gives them."""

    line: int
    name: str
    x: float
    y: float
    service: float
    demand: float
    frequency: int
    combinations: tuple[int, ...]


@dataclass(frozen=True)
class CordeauFile:
    """A file's content: ``kind`` is the header's type, ``sizes`` its further numbers."""

    path: Path
    kind: int
    sizes: tuple[int, ...]
    limits: tuple[Limits, ...]
    places: tuple[Place, ...]


def read_cordeau(path: Path, kinds: tuple[int, ...], size_names: str) -> CordeauFile:
    """Read a file of one of the types ``kinds`` whose header has the given further numbers.

    With ``d`` among them there are d depots, and 1, t, d or t·d lines of limits (publications
    differ); else t lines, and t depots for type 2, one otherwise. Remarks behind the last line,
    which begin with no number, are ignored. Raises ValueError, naming file and line, where it is
    malformed.
    """
    rows = _without_remarks([(number, line.split()) for number, line in lines_of(path)])
    line, header = rows[0]
    names = size_names.split()
    if len(header) != 1 + len(names):
        raise fault(path, line, f"expected 'type {size_names}', found {len(header)} numbers")
    kind = integer_in(path, line, header[0], "type")
    if kind not in kinds:
        raise fault(path, line, f"this reader is for type {kinds[0]}, not {header[0]}")
    sizes = tuple(
        integer_in(path, line, text, name, least=1)
        for name, text in zip(names, header[1:], strict=True)
    )
    given = dict(zip(names, sizes, strict=True))
    depots = given.get("d", given["t"] if kind == 2 else 1)
    count = given["t"] * given.get("d", 1)
    found = len(rows) - 1 - given["n"] - depots
    if "d" in given and found in {1, given["t"], given["d"]}:
        count = found
    wanted = 1 + count + given["n"] + depots
    if len(rows) != wanted:
        at = rows[min(wanted, len(rows) - 1)][0]
        raise fault(path, at, f"{wanted} lines are announced by the header, found {len(rows)}")
    limits = tuple(_limits(path, *row) for row in rows[1 : 1 + count])
    places = tuple(_place(path, *row) for row in rows[1 + count :])
    seen: set[str] = set()
    for place in places:
        if place.name in seen:
            raise fault(path, place.line, f"number {place.name} is there twice")
        seen.add(place.name)
    return CordeauFile(path, kind, sizes, limits, places)


def _without_remarks(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return the rows up to the last that begins with a number."""
    last = len(rows)
    while last > 1 and not re.match(r"[-+.\d]", rows[last - 1][1][0]):
        last -= 1
    return rows[:last]


def _limits(path: Path, line: int, row: list[str]) -> Limits:
    """Return longest duration (inf for 0) and capacity of a line ``D Q``."""
    if len(row) != 2:
        raise fault(path, line, f"expected 'D Q', found {len(row)} numbers")
    longest = number_in(path, line, row[0], "longest duration D")
    return longest or inf, number_in(path, line, row[1], "capacity Q")


def _place(path: Path, line: int, row: list[str]) -> Place:
    """Return the depot or customer of a line; depots may leave out what they have not."""
    row = row + ["0"] * (7 - len(row)) if len(row) in {5, 6} else row
    if len(row) < 7:
        raise fault(path, line, f"expected 'i x y d q f a list', found {len(row)} numbers")
    listed = integer_in(path, line, row[6], "number of combinations a")
    if len(row) - 7 not in {listed, listed + 2}:
        raise fault(path, line, f"{listed} combinations are announced, {len(row) - 7} follow")
    return Place(
        line=line,
        name=str(integer_in(path, line, row[0], "number i")),
        x=number_in(path, line, row[1], "x", least=-inf),
        y=number_in(path, line, row[2], "y", least=-inf),
        service=number_in(path, line, row[3], "service duration d"),
        demand=number_in(path, line, row[4], "demand q"),
        frequency=integer_in(path, line, row[5], "frequency f"),
        combinations=tuple(
            integer_in(path, line, text, "combination") for text in row[7 : 7 + listed]
        ),
    )


def distances(places: tuple[Place, ...]) -> NDArray[np.float64]:
    """Return the unrounded Euclidean distances, (places, places)."""
    xy = np.array([(place.x, place.y) for place in places], np.float64)
    apart: NDArray[np.float64] = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    return apart


def periodic_task(path: Path, place: Place, location: int, days: int) -> Task:
    """Return a customer as a task whose patterns are its combinations.

    The combination's bit 2^(t−k) is day k. Frequency 0 says nothing (customer 131 of p11): then
    the combinations' own bits count; on the only day, none need be listed. Raises ValueError where
    they contradict the frequency.
    """
    if not place.combinations and days == 1:
        return Task((Mode(location, location, (place.service,)),), (Pattern(1),), place.demand)
    if not place.combinations:
        raise fault(path, place.line, f"customer {place.name} has no visit combination")
    patterns = []
    for code in place.combinations:
        if not 0 < code < 1 << days:
            raise fault(path, place.line, f"combination {code} is no set of 1 to {days} days")
        if place.frequency not in {0, code.bit_count()}:
            raise fault(
                path,
                place.line,
                f"combination {code} has {code.bit_count()} days, the frequency is "
                f"{place.frequency}",
            )
        patterns.append(Pattern(sum(1 << d for d in range(days) if code >> (days - 1 - d) & 1)))
    return Task((Mode(location, location, (place.service,)),), tuple(patterns), place.demand)


def euclidean_cost(
    solution: Solution, customers: tuple[Place, ...], depots: tuple[Place, ...]
) -> float:
    """Return the length of all routes from the coordinates; ``depots[fleet]`` is a route's depot.

    The literature's cost: unrounded travel, no service, no price per vehicle.
    """
    total = 0.0
    for route in solution.routes:
        depot = depots[route.fleet]
        stops = [depot, *(customers[task] for task, _ in route.stops), depot]
        total += sum(dist((a.x, a.y), (b.x, b.y)) for a, b in pairwise(stops))
    return total
