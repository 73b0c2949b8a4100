"""From requirements to batches: which zones a unit must visit, how often, in which stretch of days.

A unit plans in periods of its shortest window kind. What is owed over a longer window is shared out
over the periods inside it; a visit made for a short window counts for the long one too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from scheduling.calendar.windows import Window, WindowKind, window_of
from scheduling.plan.model import PatrolKind
from scheduling.requirements import Requirement

_LENGTH_ORDER = {kind: order for order, kind in enumerate(WindowKind)}


@dataclass(frozen=True)
class Batch:
    """Visits one unit makes together in one stretch of patrol days: one set of routes.

    ``visits`` are (zone id, how many), sorted by zone; ``days`` the patrol days allowed, sorted.
    """

    unit: str
    kind: PatrolKind
    window: Window
    days: tuple[date, ...]
    visits: tuple[tuple[str, int], ...]


def regular_batches(
    unit: str, requirements: Sequence[Requirement], patrol_days: tuple[date, ...]
) -> tuple[Batch, ...]:
    """Return the batches of a unit's regular requirements, sorted by window.

    ``patrol_days`` must be sorted. A batch without days stands for visits the calendar forbids.
    """
    regular = [r for r in requirements if r.unit == unit and not r.spot_check]
    if not regular:
        return ()
    base = min((r.window.kind for r in regular), key=_LENGTH_ORDER.__getitem__)
    by_zone: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in regular:
        by_zone[requirement.zone].append(requirement)
    owed: Counter[tuple[Window, str]] = Counter()
    for order, zone in enumerate(sorted(by_zone)):
        for window, count in _share_out(by_zone[zone], base, patrol_days, order).items():
            owed[window, zone] += count
    return _batches(unit, PatrolKind.REGULAR, owed, patrol_days)


def spot_check_batches(
    unit: str, requirements: Sequence[Requirement], patrol_days: tuple[date, ...], secret: bytes
) -> tuple[Batch, ...]:
    """Return the batches of a unit's spot checks: each drawn by ``secret`` into one month.

    ``patrol_days`` must be sorted. Within the month only a drawn third of the days is offered, so
    that the day itself is chance.
    """
    owed: Counter[tuple[Window, str]] = Counter()
    for requirement in sorted(requirements, key=lambda r: r.id):
        if requirement.unit != unit or not requirement.spot_check:
            continue
        months = [
            month
            for month in _pieces(requirement.window, WindowKind.MONTH)
            if month.days_of(patrol_days)
        ] or [requirement.window]
        for visit in range(requirement.count):
            chosen = months[_draw(secret, f"month:{requirement.id}:{visit}") % len(months)]
            owed[chosen, requirement.zone] += 1
    return _batches(unit, PatrolKind.SPOT_CHECK, owed, patrol_days)


def drawn_days(batch: Batch, secret: bytes) -> tuple[date, ...]:
    """Return the random third (at least 5) of a spot-check batch's days that is tried first."""
    ranked = sorted(batch.days, key=lambda d: _draw(secret, f"day:{batch.unit}:{d.isoformat()}"))
    return tuple(sorted(ranked[: max(5, len(ranked) // 3)]))


def _share_out(
    requirements: Sequence[Requirement], base: WindowKind, patrol_days: tuple[date, ...], order: int
) -> Counter[Window]:
    """Put one zone's visits into pieces of base periods; shorter windows first."""
    placed: Counter[Window] = Counter()
    by_length = sorted(requirements, key=lambda r: (_LENGTH_ORDER[r.window.kind], r.window))
    for requirement in by_length:
        window = requirement.window
        have = sum(
            count
            for piece, count in placed.items()
            if window.first_day <= piece.first_day and piece.last_day <= window.last_day
        )
        lacking = requirement.count - have
        if lacking <= 0:
            continue
        pieces = _usable_pieces(window, base, patrol_days)
        for nth in range(lacking):
            placed[pieces[(order + nth * len(pieces) // lacking) % len(pieces)]] += 1
    return placed


def _usable_pieces(window: Window, base: WindowKind, patrol_days: tuple[date, ...]) -> list[Window]:
    """Return the base periods inside ``window`` that hold patrol days, whole ones if there are."""
    pieces = _pieces(window, base)
    with_days = [p for p in pieces if p.days_of(patrol_days)]
    whole = [p for p in with_days if window_of(base, p.first_day) == p]
    return whole or with_days or pieces


def _pieces(window: Window, base: WindowKind) -> list[Window]:
    """Cut a window along the borders of base periods."""
    pieces = []
    day = window.first_day
    while day <= window.last_day:
        period = window_of(base, day)
        last = min(period.last_day, window.last_day)
        pieces.append(Window(day, last, base))
        day = date.fromordinal(last.toordinal() + 1)
    return pieces


def _batches(
    unit: str,
    kind: PatrolKind,
    owed: Counter[tuple[Window, str]],
    patrol_days: tuple[date, ...],
) -> tuple[Batch, ...]:
    by_window: dict[Window, list[tuple[str, int]]] = defaultdict(list)
    for (window, zone), count in sorted(owed.items()):
        by_window[window].append((zone, count))
    return tuple(
        Batch(unit, kind, window, window.days_of(patrol_days), tuple(visits))
        for window, visits in sorted(by_window.items())
    )


def _draw(secret: bytes, what: str) -> int:
    return int.from_bytes(sha256(secret + what.encode()).digest()[:8])
