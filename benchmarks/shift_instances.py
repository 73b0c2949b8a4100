"""Published shift-scheduling instances (Curtois and Qu 2014), read strictly.

The files of schedulingbenchmarks.org: sections of comma-separated text, days counted from 0 and
the first a Monday, lists as ``A|B``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from optimizer.published.instance import best_known, fault, integer_in, name_of

#: Every section, in the files' order.
SECTIONS = (
    "SECTION_HORIZON",
    "SECTION_SHIFTS",
    "SECTION_STAFF",
    "SECTION_DAYS_OFF",
    "SECTION_SHIFT_ON_REQUESTS",
    "SECTION_SHIFT_OFF_REQUESTS",
    "SECTION_COVER",
)


@dataclass(frozen=True)
class ShiftType:
    """A kind of shift; ``never_next``: indices of the shifts that may not follow on the morrow."""

    name: str
    minutes: int
    never_next: frozenset[int]


@dataclass(frozen=True)
class Worker:
    """A person and what binds them; ``most_shifts`` is by index of the kind of shift.

    ``most_on`` and ``least_on`` are days worked in a row, ``least_off`` days off in a row.
    """

    name: str
    most_shifts: tuple[int, ...]
    most_minutes: int
    least_minutes: int
    most_on: int
    least_on: int
    least_off: int
    most_weekends: int
    days_off: frozenset[int]


@dataclass(frozen=True)
class Request:
    """A wish of a person to have a shift on a day, or not to; ``weight`` if it fails."""

    person: int
    day: int
    shift: int
    weight: int


@dataclass(frozen=True)
class Cover:
    """How many people a day's shift needs, and what each one too few and too many costs."""

    day: int
    shift: int
    need: int
    under_weight: int
    over_weight: int


@dataclass(frozen=True)
class ShiftInstance:
    """One instance; ``best_known`` is None where ``bks.csv`` beside the file has no value."""

    name: str
    day_count: int
    shifts: tuple[ShiftType, ...]
    people: tuple[Worker, ...]
    on_requests: tuple[Request, ...]
    off_requests: tuple[Request, ...]
    covers: tuple[Cover, ...]
    best_known: int | None
    best_known_source: str

    @property
    def weekends(self) -> tuple[tuple[int, ...], ...]:
        """Return each weekend's days within the horizon."""
        first_days = range(5, self.day_count, 7)
        return tuple(tuple(range(d, min(d + 2, self.day_count))) for d in first_days)


@dataclass(frozen=True)
class _Line:
    """A line of a section: its fields, and where it stands for whoever finds fault with it."""

    path: Path
    section: str
    number: int
    fields: tuple[str, ...]

    def fault(self, message: str) -> ValueError:
        return fault(self.path, self.number, f"{self.section}: {message}")

    def whole(self, field: int, what: str, *, least: int = 0) -> int:
        named = f"{self.section}: {what}"
        return integer_in(self.path, self.number, self.fields[field], named, least=least)

    def known(self, field: int, names: Mapping[str, int], what: str) -> int:
        return self.named(self.fields[field], names, what)

    def named(self, name: str, names: Mapping[str, int], what: str) -> int:
        if name not in names:
            raise self.fault(f"unknown {what} {name!r}")
        return names[name]

    def day(self, field: int, day_count: int) -> int:
        day = self.whole(field, "day")
        if day >= day_count:
            raise self.fault(f"day {day} is beyond the horizon, 0 to {day_count - 1}")
        return day


def shift_files(folder: Path) -> list[Path]:
    """Return the files of the folder that hold such an instance, in the order of their numbers."""
    found = [
        path
        for path in folder.glob("*.txt")
        if SECTIONS[0] in path.read_text("utf-8", "replace")[:400]
    ]
    return sorted(found, key=lambda path: (len(path.name), path.name))


def read_shift_instance(path: Path) -> ShiftInstance:
    """Read an instance. Raises ValueError, naming file, line and section of the first fault."""
    sections = _sections(path)
    horizon, shift_lines, staff, off, on_wishes, off_wishes, cover = (
        sections[name] for name in SECTIONS
    )
    if len(horizon) != 1:
        raise fault(path, 1, f"{SECTIONS[0]}: one number of days is needed, not {len(horizon)}")
    day_count = horizon[0].whole(0, "days", least=1)
    shifts = _shifts(shift_lines)
    names = {shift.name: index for index, shift in enumerate(shifts)}
    people_names = _index(staff, "person")
    days_off = _days_off(off, people_names, day_count)
    known = best_known(path)
    if known.value is not None and known.value != int(known.value):
        raise ValueError(f"{path.with_name('bks.csv')}: costs are whole, not {known.value}")
    return ShiftInstance(
        name=name_of(path),
        day_count=day_count,
        shifts=shifts,
        people=tuple(
            _worker(line, names, days_off.get(index, frozenset()))
            for index, line in enumerate(staff)
        ),
        on_requests=_requests(on_wishes, people_names, names, day_count),
        off_requests=_requests(off_wishes, people_names, names, day_count),
        covers=_covers(cover, names, day_count),
        best_known=None if known.value is None else int(known.value),
        best_known_source=known.source,
    )


#: How many fields a line of each section has; of days off it has two or more.
_FIELDS = dict(zip(SECTIONS, (1, 3, 8, None, 4, 4, 5), strict=True))


def _sections(path: Path) -> dict[str, list[_Line]]:
    """Return the lines of each section. Raises ValueError for a section missing or twice there."""
    found: dict[str, list[_Line]] = {}
    section = ""
    for number, text in enumerate(map(str.strip, path.read_text("utf-8").splitlines()), 1):
        if not text or text.startswith("#"):
            continue
        if text.startswith("SECTION_"):
            section = text
            if section not in SECTIONS:
                raise fault(path, number, f"unknown section {section}")
            if section in found:
                raise fault(path, number, f"{section} stands here a second time")
            found[section] = []
        elif not section:
            raise fault(path, number, "a line before the first section")
        else:
            found[section].append(_line(path, section, number, text))
    for name in SECTIONS:
        if name not in found:
            raise fault(path, 1, f"{name} is missing")
    return found


def _line(path: Path, section: str, number: int, text: str) -> _Line:
    line = _Line(path, section, number, tuple(field.strip() for field in text.split(",")))
    wanted, got = _FIELDS[section], len(line.fields)
    if wanted is None and got < 2:
        raise line.fault("a person and at least one day are needed")
    if wanted is not None and got != wanted:
        raise line.fault(f"{wanted} fields are needed, not {got}")
    return line


def _index(lines: Sequence[_Line], what: str) -> dict[str, int]:
    """Return the position of each line's name. Raises ValueError for none, or one twice."""
    found: dict[str, int] = {}
    for line in lines:
        name = line.fields[0]
        if not name or name in found:
            raise line.fault(f"{what} {name!r} {'again' if name else 'has no name'}")
        found[name] = len(found)
    return found


def _parts(text: str) -> Iterator[str]:
    """Yield the members of an ``A|B`` list; empty text is an empty list."""
    if text:
        yield from (part.strip() for part in text.split("|"))


def _shifts(lines: Sequence[_Line]) -> tuple[ShiftType, ...]:
    names = _index(lines, "shift")
    return tuple(
        ShiftType(
            line.fields[0],
            line.whole(1, "minutes", least=1),
            frozenset(line.named(part, names, "shift") for part in _parts(line.fields[2])),
        )
        for line in lines
    )


def _worker(line: _Line, shifts: Mapping[str, int], days_off: frozenset[int]) -> Worker:
    most: dict[int, int] = {}
    for part in _parts(line.fields[1]):
        name, equals, number = part.partition("=")
        shift = line.named(name, shifts, "shift")
        if not equals or shift in most:
            raise line.fault(f"{part!r}: each shift must stand there once, as in D=14")
        most[shift] = integer_in(line.path, line.number, number, f"{line.section}: max shifts")
    if len(most) != len(shifts):
        missing = next(name for name, shift in shifts.items() if shift not in most)
        raise line.fault(f"no maximum of shift {missing!r}")
    return Worker(
        name=line.fields[0],
        most_shifts=tuple(most[shift] for shift in range(len(shifts))),
        most_minutes=line.whole(2, "max minutes"),
        least_minutes=line.whole(3, "min minutes"),
        most_on=line.whole(4, "max consecutive shifts", least=1),
        least_on=line.whole(5, "min consecutive shifts", least=1),
        least_off=line.whole(6, "min consecutive days off", least=1),
        most_weekends=line.whole(7, "max weekends"),
        days_off=days_off,
    )


def _days_off(
    lines: Sequence[_Line], people: Mapping[str, int], day_count: int
) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    for line in lines:
        person = line.known(0, people, "person")
        days = [line.day(field, day_count) for field in range(1, len(line.fields))]
        if person in found or len(set(days)) < len(days):
            raise line.fault("a person or a day stands there twice")
        found[person] = frozenset(days)
    return found


def _requests(
    lines: Sequence[_Line], people: Mapping[str, int], shifts: Mapping[str, int], day_count: int
) -> tuple[Request, ...]:
    found: dict[tuple[int, int, int], Request] = {}
    for line in lines:
        person, day = line.known(0, people, "person"), line.day(1, day_count)
        shift = line.known(2, shifts, "shift")
        if (person, day, shift) in found:
            raise line.fault("the same request stands there twice")
        weight = line.whole(3, "weight")
        found[person, day, shift] = Request(person, day, shift, weight)
    return tuple(found.values())


def _covers(lines: Sequence[_Line], shifts: Mapping[str, int], day_count: int) -> tuple[Cover, ...]:
    found: dict[tuple[int, int], Cover] = {}
    for line in lines:
        day, shift = line.day(0, day_count), line.known(1, shifts, "shift")
        if (day, shift) in found:
            raise line.fault("the same day and shift stand there twice")
        numbers = (line.whole(2, "need"), line.whole(3, "under"), line.whole(4, "over"))
        found[day, shift] = Cover(day, shift, *numbers)
    return tuple(found.values())
