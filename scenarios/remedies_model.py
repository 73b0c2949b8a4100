"""A unit in trouble, a remedy to be tried for it, and helpers about days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum

from network.problems import Text
from optimizer.counts import CauseKind
from scenarios.apply import apply_scenario
from scenarios.model import Override, Scenario
from scenarios.remedies_trial import Outcome, Trial
from scheduling.calendar.windows import days_label
from scheduling.county.model import Inspector
from scheduling.explain.case import Case, make_case
from scheduling.explain.conflicts import Conflict
from scheduling.explain.plan_conflicts import case_conflicts
from scheduling.inputs import PlanInputs
from scheduling.plan.model import Plan

Span = tuple[date, date]
#: Of so many days each is tried whether it can be spared.
_MOST_NARROWED = 6
_MOST_LISTED = 10


class Cost(IntEnum):
    """What a remedy takes, cheapest first: other days, papers, leave, overtime, loans, posts."""

    MOVE = 1
    CERTIFICATE = 2
    CANCEL = 3
    DUTY = 4
    BORROW_CAR = 5
    BORROW_PEOPLE = 6
    SHIFT = 7
    STOPS = 8
    STAFF = 9
    TOGETHER = 10


@dataclass(frozen=True)
class Candidate:
    """A remedy to be tried for a unit.

    ``narrow`` gives, from a plan that needed it, the same remedy for the days it was used only;
    ``fewer`` then the same with a day less, each day in turn; ``more`` the same with one more
    person or vehicle.
    """

    unit: str
    cost: Cost
    text: Text
    trial: Trial
    narrow: Callable[[Outcome], Candidate | None] | None = field(default=None, compare=False)
    fewer: Callable[[], list[Candidate]] | None = field(default=None, compare=False)
    more: Callable[[], Candidate] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Trouble:
    """A unit's conflicts, and the inputs of its group of units over the plan's days."""

    unit: str
    case: Case
    conflicts: tuple[Conflict, ...]
    inputs: PlanInputs
    donors: tuple[Inspector, ...] = ()

    def after(self, taken: Candidate, plan: Plan) -> Trouble | None:
        """Return what trouble is left with a remedy taken, None where nothing is proven of it."""
        case = make_case(replace(plan, calendar=taken.trial.inputs.calendar), self.case.units)
        own = tuple(
            conflict
            for conflict in case_conflicts(case)
            if any(case.needs[window].unit == self.unit for window in conflict.windows)
        )
        if not own:
            return None
        return Trouble(self.unit, case, own, taken.trial.inputs)

    @property
    def kinds(self) -> frozenset[CauseKind]:
        """Every kind of cause in some conflict."""
        return frozenset(cause.kind for c in self.conflicts for cause in c.causes)

    @property
    def spans(self) -> tuple[Span, ...]:
        """First and last day of every window in trouble, in order, those that overlap made one."""
        needs = self.case.needs
        days = sorted(
            {(needs[w].first_day, needs[w].last_day) for c in self.conflicts for w in c.windows}
        )
        merged: list[Span] = []
        for first, last in days:
            if merged and first <= merged[-1][1] + timedelta(days=1):
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return tuple(merged)


def applied(inputs: PlanInputs, *overrides: Override) -> PlanInputs:
    """Return inputs with a scenario's overrides."""
    return apply_scenario(inputs, Scenario(name="remedy", overrides=overrides))


def days_in(span: Span) -> list[date]:
    """Return every day of a span."""
    return [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]


def each_left_out(days: Sequence[date]) -> list[list[date]]:
    """Return the days without each of them in turn; none where there is but one, or too many."""
    if not 1 < len(days) <= _MOST_NARROWED:
        return []
    return [[day for day in days if day != left_out] for left_out in days]


def stretches(days: Sequence[date]) -> list[Span]:
    """Return sorted days as stretches without a hole."""
    found: list[Span] = []
    for day in days:
        if found and day == found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def listed(days: Sequence[date]) -> Text:
    """Return days for people; of very many the first ones and how many."""
    shown, more = days[:_MOST_LISTED], len(days) - _MOST_LISTED
    zh = "、".join(f"{day.month}月{day.day}日" for day in shown)
    en = ", ".join(f"{day:%m-%d}" for day in shown)
    if more <= 0:
        return Text(zh, en)
    return Text(f"{zh}等{len(days)}天", f"{en} and {more} days more")


def span_list(spans: Sequence[Span]) -> Text:
    """Return spans for people."""
    labels = [days_label(*span, with_year=False) for span in spans]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
