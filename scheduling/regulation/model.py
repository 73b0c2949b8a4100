"""A regulation as data: typed rules, each with its article and verbatim quotation."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scheduling.calendar.windows import WindowKind
from scheduling.county.model import Authority

#: ``law``: the norm's own text [L]; ``default``: ours where it is silent [D]; ``practice``: [P];
#: ``user``: the county's own.
Basis = Literal["law", "default", "practice", "user"]


class Rule(BaseModel):
    """What every rule has: an id, and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    article: str = ""  # "13", or "9(4)"; empty where the basis is not law
    quote: str = ""  # verbatim
    basis: Basis = "law"


class SeasonRange(BaseModel):
    """Days of the year, "MM-DD" to "MM-DD", both included; may wrap the year's end."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    first: str = Field(pattern=r"^\d\d-\d\d$")
    last: str = Field(pattern=r"^\d\d-\d\d$")

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in the season; one that ends on 02-28 ends with February."""
        here = f"{day:%m-%d}"
        last = "02-29" if self.last == "02-28" else self.last
        if self.first <= last:
            return self.first <= here <= last
        return here >= self.first or here <= last


class FrequencyRule(Rule):
    """Each zone of these levels is owed ``count`` visits by ``authority`` in every ``window``.

    ``levels`` empty means every level; ``zone_kinds`` empty means every kind. ``season`` limits the
    rule to windows lying wholly inside it. ``min_gap_hours``/``min_minutes``/``min_length_km`` hold
    for every visit where the norm states them. ``workdays_only`` false allows any day.
    ``sole_authority`` limits it to zones that only this authority answers for (art. 9(4)).
    """

    authority: Authority
    levels: tuple[int, ...] = ()
    zone_kinds: tuple[str, ...] = ()
    window: WindowKind
    count: int = Field(ge=1, le=31)
    season: SeasonRange | None = None
    min_gap_hours: float = Field(default=0, ge=0)
    min_minutes: float = Field(default=0, ge=0)
    min_length_km: float = Field(default=0, ge=0)
    workdays_only: bool = True
    sole_authority: bool = False


class SpotCheckRule(Rule):
    """A share of the zones of these levels is visited on a random, sealed day in each window."""

    authority: Authority
    levels: tuple[int, ...]
    window: WindowKind
    share: float = Field(default=1.0, gt=0, le=1)


class TeamRule(Rule):
    """At least ``min_certified`` people with certificates valid on the day (art. 16)."""

    min_certified: int = Field(ge=1, le=10)


class PeakRule(Rule):
    """In a peak the count of a window is strictly greater than the base: base + ``extra``.

    A window is in the peak when at least ``min_workdays`` of its workdays are; at least one of the
    visits is on a peak day. ``first``/``last`` "MM-DD" every year, or ISO dates once. ``levels``,
    ``zone_kinds`` and ``zones`` narrow it; all empty means every zone. ``authorities`` empty: all.
    """

    kind: Literal["land", "mining", "campaign"]
    first: str = Field(pattern=r"^(\d{4}-)?\d\d-\d\d$")
    last: str = Field(pattern=r"^(\d{4}-)?\d\d-\d\d$")
    authorities: tuple[Authority, ...] = ()
    levels: tuple[int, ...] = ()
    zone_kinds: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    extra: int = Field(default=1, ge=1, le=31)
    min_workdays: int = Field(default=5, ge=1)


class ReportingRule(Rule):
    """Who reports to whom, and how often (art. 10(3), 11(3))."""

    authority: Authority
    to: str
    every: WindowKind


class ContentRule(Rule):
    """What a plan document must state (art. 10, 11); ``contents`` are the norm's own words."""

    authority: Authority
    contents: tuple[str, ...]


class ResponsibilityRule(Rule):
    """Each zone has one unit per authority and at least one named responsible person (art. 12)."""


class NoteRule(Rule):
    """A sentence that binds without a figure, and how it is read here (zh and en); printed."""

    text: str
    text_en: str


class Regulation(BaseModel):
    """A norm: what it is, how long it is valid, and its rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    name_en: str = ""
    basis: str = ""  # the document number, or what is known of it
    valid_until: date | None = None
    note: str = ""
    levels: dict[int, str] = {1: "一级", 2: "二级", 3: "三级"}
    frequency: tuple[FrequencyRule, ...] = ()
    spot_check: tuple[SpotCheckRule, ...] = ()
    team: TeamRule | None = None
    peak: tuple[PeakRule, ...] = ()
    reporting: tuple[ReportingRule, ...] = ()
    content: tuple[ContentRule, ...] = ()
    responsibility: ResponsibilityRule | None = None
    notes: tuple[NoteRule, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, in the order of the fields."""
        single = tuple(rule for rule in (self.team, self.responsibility) if rule is not None)
        lists = (self.peak, self.reporting, self.content, self.notes)
        return (
            *self.frequency,
            *self.spot_check,
            *single,
            *(rule for rules in lists for rule in rules),
        )
