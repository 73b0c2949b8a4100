"""Fits: each batch with its template, held against what the unit can do in that window alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from optimizer.counts import CountProblem, CountWindow, most_patrols
from scheduling.planning.arithmetic import WindowCapacity, window_capacity
from scheduling.planning.dates import GroupContext
from scheduling.planning.owed import Batch
from scheduling.planning.templates import Template, TemplateMaker
from scheduling.planning.work import class_index

#: Beyond this share of a simple upper bound, the most patrols of a window are computed exactly.
_NEAR = 0.6


@dataclass(frozen=True)
class Fit:
    """A batch of a unit (``pool``) with its template. ``classes``: its day classes, main one first.

    ``needed`` patrols are proven necessary for everything owed; ``too_often`` are the zones that
    owe more visits than the window has days.
    """

    pool: int
    batch: Batch
    classes: tuple[int, ...]
    template: Template
    capacity: WindowCapacity
    needed: int
    too_often: tuple[str, ...] = ()

    @property
    def proven_short(self) -> bool:
        """Whether it is proven that this window alone cannot hold what it owes."""
        return bool(
            self.needed > self.capacity.possible or self.template.impossible or self.too_often
        )

    def for_slowest_season(self, maker: TemplateMaker) -> Fit:
        """Return the fit with routes that hold on every day of a window of several seasons."""
        if len(self.classes) == 1 or not self.batch.days:
            return self
        slowest = sorted(self.classes, key=lambda c: -maker.slowness(c))
        most = self.capacity.possible
        return replace(self, template=_template(maker, self.batch, tuple(slowest), most))

    def without_routes(self) -> Fit:
        """Return the fit with nothing planned."""
        dropped = sum(count for _, count in self.batch.visits)
        return replace(self, template=replace(self.template, routes=(), dropped=dropped))


def fit_batches(
    context: GroupContext, makers: Sequence[TemplateMaker], batches: Sequence[tuple[int, Batch]]
) -> list[Fit]:
    """Return one fit per batch; where a window cannot hold its routes, the best that fits."""
    fits = []
    for pool, batch in batches:
        fits.append(_fit(context, makers[pool], pool, batch))
    return fits


def shrunk_to(fit: Fit, maker: TemplateMaker, patrols: int) -> Fit:
    """Return the fit with at most ``patrols`` patrols, the least important visits left out."""
    if len(fit.template.routes) <= patrols:
        return fit
    template = maker.make(fit.batch, fit.classes, most_patrols=patrols)
    return replace(fit, template=template)


def _fit(context: GroupContext, maker: TemplateMaker, pool: int, batch: Batch) -> Fit:
    settings = context.county.settings
    if not batch.days:
        only = (class_index(settings, batch.window.first_day),)
        template = maker.make(batch, only, most_patrols=0)
        capacity = WindowCapacity(0, (), (), context.crew_size, 0)
        return Fit(pool, batch, only, template, capacity, max(1, template.lower_bound))
    tally = Counter(class_index(settings, day) for day in batch.days)
    classes = tuple(c for c, _ in tally.most_common())
    days = len(batch.days)
    too_often = tuple(zone for zone, count in batch.visits if count > days)
    if too_often:
        visits = tuple((zone, min(count, days)) for zone, count in batch.visits)
        batch = replace(batch, visits=visits)
    classes = _fewest_first(context, maker, pool, batch, classes)
    whole = maker.make(batch, classes)
    capacity = _capacity(context, pool, batch, len(whole.routes))
    template = _template(maker, batch, classes, capacity.possible)
    return Fit(pool, batch, classes, template, capacity, whole.lower_bound, too_often)


def _fewest_first(
    context: GroupContext, maker: TemplateMaker, pool: int, batch: Batch, classes: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the day classes, the quickest first where its days have ample room for all routes.

    A window of two seasons takes fewer patrols on its quicker days.
    """
    if len(classes) == 1:
        return classes
    quickest = tuple(sorted(classes, key=maker.slowness))
    settings = context.county.settings
    days = tuple(day for day in batch.days if class_index(settings, day) == quickest[0])
    patrols = len(maker.make(batch, quickest).routes)
    room = _capacity(context, pool, replace(batch, days=days), patrols).possible
    often = max((count for _, count in batch.visits), default=0)
    return quickest if 0 < patrols <= _NEAR * room and often <= len(days) else classes


def _template(maker: TemplateMaker, batch: Batch, classes: tuple[int, ...], most: int) -> Template:
    whole = maker.make(batch, classes)
    if len(whole.routes) <= most and not whole.dropped:
        return whole
    return maker.make(batch, classes, most_patrols=most)


def _capacity(context: GroupContext, pool: int, batch: Batch, patrols: int) -> WindowCapacity:
    """Return what the window can hold; exactly (count model) where ``patrols`` come near it."""
    own = context.resources
    days = [context.horizon.number(day) for day in batch.days]
    capacity = window_capacity(batch, pool, own, context.horizon, context.crew_size)
    most = most_by_caps(context, pool, days)
    if patrols > _NEAR * min(most, capacity.possible):
        caps = context.county.settings.caps
        problem = CountProblem(
            day_count=context.horizon.day_count,
            week_of_day=context.horizon.week_of_day,
            crew_size=context.crew_size,
            windows=(CountWindow(pool, tuple(days), patrols),),
            people=own.people,
            vehicles=own.vehicles,
            week_cap=caps.patrol_days_per_week,
            span_cap=caps.patrol_days_per_28_days,
        )
        most = min(most, most_patrols(problem, 0))
    possible = min(most, capacity.possible)
    return replace(capacity, possible=possible)


def most_by_caps(context: GroupContext, pool: int, days: Sequence[int]) -> int:
    """Return an upper bound on the patrols of some days by each person's weekly and 28-day caps."""
    caps = context.county.settings.caps
    weeks = context.horizon.week_of_day
    spans = -(-(max(days) - min(days) + 1) // 28)
    person_days = 0
    for person in context.resources.people:
        if pool in person.pools:
            present = set(person.certified_days) & set(days)
            per_week = Counter(weeks[day] for day in present)
            in_weeks = sum(min(caps.patrol_days_per_week, n) for n in per_week.values())
            person_days += min(in_weeks, spans * caps.patrol_days_per_28_days)
    return person_days // context.crew_size
