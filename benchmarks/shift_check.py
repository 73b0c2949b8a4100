"""A shift roster judged from the instance's text alone, sharing no code with reader or model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

#: ``rows[person][day]`` in the file's terms: the shift's name, empty for a day off.
Rows = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Breach:
    """One broken rule; ``rule`` is its name, ``message`` says who and when, in real units."""

    rule: str
    message: str


def check_shifts(path: Path, rows: Rows) -> tuple[tuple[Breach, ...], int]:
    """Return every breach of the rules in the file at ``path``, and the roster's cost.

    The cost means nothing where a row has the wrong form.
    """
    text = _text(path)
    days = int(text["HORIZON"][0][0])
    minutes = {row[0]: int(row[1]) for row in text["SHIFTS"]}
    malformed = list(_form(text, rows, days, minutes))
    if malformed:
        return tuple(malformed), 0
    after = {row[0]: set(row[2].split("|")) - {""} for row in text["SHIFTS"]}
    away = {row[0]: {int(day) for day in row[1:]} for row in text["DAYS_OFF"]}
    breaches: list[Breach] = []
    for contract in text["STAFF"]:
        row = list(rows[contract[0]])
        breaches += _totals(contract, row, minutes)
        breaches += _in_a_row(contract, row)
        breaches += _day_by_day(contract[0], row, after, away.get(contract[0], set()))
    return tuple(breaches), _cost(text, rows)


def _text(path: Path) -> dict[str, list[list[str]]]:
    """Return the fields of each section's lines."""
    found: dict[str, list[list[str]]] = {}
    for line in map(str.strip, path.read_text("utf-8").split("\n")):
        if line.startswith("SECTION_"):
            found[line[len("SECTION_") :]] = lines = []
        elif line and line[0] != "#":
            lines.append(line.split(","))
    return found


def _form(
    text: Mapping[str, list[list[str]]], rows: Rows, days: int, minutes: Mapping[str, int]
) -> Iterator[Breach]:
    names = [row[0] for row in text["STAFF"]]
    if set(rows) != set(names):
        yield Breach("people", f"rows of {sorted(set(rows) ^ set(names))} are missing or too many")
        return
    for name in names:
        if len(rows[name]) != days:
            yield Breach("horizon", f"{name} has {len(rows[name])} days, not {days}")
        for day, shift in enumerate(rows[name]):
            if shift and shift not in minutes:
                yield Breach("shifts", f"{name}, day {day}: no shift is called {shift!r}")


def _totals(
    contract: Sequence[str], row: Sequence[str], minutes: Mapping[str, int]
) -> Iterator[Breach]:
    name, limits, most, least, _, _, _, weekends = contract
    for limit in limits.split("|"):
        shift, _, number = limit.partition("=")
        if row.count(shift) > int(number):
            yield Breach("max shifts", f"{name}: {row.count(shift)} × {shift}, at most {number}")
    total = sum(minutes[shift] for shift in row if shift)
    if total > int(most):
        yield Breach("max minutes", f"{name}: {total - int(most)} minutes too many")
    if total < int(least):
        yield Breach("min minutes", f"{name}: {int(least) - total} minutes too few")
    worked = {day // 7 for day, shift in enumerate(row) if shift and day % 7 >= 5}
    if len(worked) > int(weekends):
        yield Breach("max weekends", f"{name}: {len(worked)} weekends, at most {weekends}")


def _in_a_row(contract: Sequence[str], row: Sequence[str]) -> Iterator[Breach]:
    """Days on and off in a row; only the maximum holds for rows at the horizon's edges too."""
    name, (most, least, off) = contract[0], [int(number) for number in contract[4:7]]
    day = 0
    for works, shifts in groupby(row, key=bool):
        first, count = day, len(list(shifts))
        day += count
        inside = first > 0 and day < len(row)
        stretch = f"{name}: {count} days from day {first}"
        if works and count > most:
            yield Breach("max consecutive shifts", f"{stretch}, at most {most}")
        if works and inside and count < least:
            yield Breach("min consecutive shifts", f"{stretch}, at least {least}")
        if not works and inside and count < off:
            yield Breach("min consecutive days off", f"{stretch}, at least {off}")


def _day_by_day(
    name: str, row: Sequence[str], after: Mapping[str, set[str]], away: set[int]
) -> Iterator[Breach]:
    for day, shift in enumerate(row):
        if shift and day in away:
            yield Breach("days off", f"{name} works on day {day}")
        if day and row[day - 1] and shift in after[row[day - 1]]:
            yield Breach("successions", f"{name}: {shift} on day {day} after {row[day - 1]}")


def _cost(text: Mapping[str, list[list[str]]], rows: Rows) -> int:
    cost = 0
    for name, day, shift, weight in text["SHIFT_ON_REQUESTS"]:
        if rows[name][int(day)] != shift:
            cost += int(weight)
    for name, day, shift, weight in text["SHIFT_OFF_REQUESTS"]:
        if rows[name][int(day)] == shift:
            cost += int(weight)
    for day, shift, need, under, over in text["COVER"]:
        there = sum(row[int(day)] == shift for row in rows.values())
        cost += max(0, int(need) - there) * int(under) + max(0, there - int(need)) * int(over)
    return cost
