"""The county: who and where. Frozen; a what-if replaces parts with ``dataclasses.replace``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from shapely.geometry.base import BaseGeometry

from scheduling.county.settings import CountySettings

Authority = Literal["township", "county", "city"]
AUTHORITIES: tuple[Authority, ...] = ("township", "county", "city")


class ZoneKind(StrEnum):
    """What a zone is, which decides how it is visited by default (RULINGS, kinds of zone)."""

    VILLAGE = "village"
    TOWN = "town"
    ROAD = "road"
    FARMLAND = "farmland"
    MINE = "mine"
    NO_MINING = "no-mining"
    DEVELOPMENT = "development"
    PLANNING_AREA = "planning-area"
    HERITAGE = "heritage"
    HOT_SPOT = "hot-spot"
    OTHER = "other"


@dataclass(frozen=True)
class Zone:
    """One patrol zone 巡查区. ``geometry`` is WGS-84 lon/lat: point, line or polygon (or multi-).

    ``units`` and ``responsible`` go by authority: the one unit that owes the visits, and the ids of
    the inspectors who answer for the zone (art. 12). Higher ``priority`` is dropped later.
    """

    id: str
    name: str
    level: int
    kind: ZoneKind
    geometry: BaseGeometry
    units: Mapping[str, str]
    responsible: Mapping[str, tuple[str, ...]]
    priority: int = 0
    stop_minutes: float | None = None
    walk: bool = False
    reasons: str = ""


@dataclass(frozen=True)
class Unit:
    """An implementing unit 实施单位: a township station or a county squad, with its home point."""

    id: str
    name: str
    authority: Authority
    lon: float
    lat: float
    head: str = ""  # 主要负责人, first responsible person (art. 12)
    township: str = ""


@dataclass(frozen=True)
class Inspector:
    """A person of one or more units (the first is home). Without certificate number: a driver."""

    id: str
    name: str
    units: tuple[str, ...]
    certificate_number: str = ""
    certificate_from: date | None = None
    certificate_until: date | None = None
    licensed: bool = True

    def certified_on(self, day: date) -> bool:
        """Whether the person holds a certificate valid on ``day`` (art. 16)."""
        if not self.certificate_number:
            return False
        after_start = self.certificate_from is None or self.certificate_from <= day
        return after_start and (self.certificate_until is None or day <= self.certificate_until)


@dataclass(frozen=True)
class Vehicle:
    """A vehicle of one or more units that share it."""

    id: str
    plate: str
    units: tuple[str, ...]
    seats: int = 5
    available_from: date | None = None
    available_until: date | None = None

    def available_on(self, day: date) -> bool:
        """Whether the vehicle exists for the bureau on ``day`` (leave rows apart)."""
        after_start = self.available_from is None or self.available_from <= day
        return after_start and (self.available_until is None or day <= self.available_until)


@dataclass(frozen=True)
class Leave:
    """Days, both ends included, on which a person or vehicle (``who`` is its id) is away."""

    who: str
    first_day: date
    last_day: date
    reason: str = ""


@dataclass(frozen=True)
class PastVisit:
    """The last visit known for a zone by an authority before the plan (history table)."""

    zone: str
    authority: Authority
    day: date


@dataclass(frozen=True)
class Checkpoint:
    """A place the bureau marked in a zone drawn as a line or an area: every visit passes it."""

    zone: str
    lon: float
    lat: float
    name: str = ""


@dataclass(frozen=True)
class County:
    """Everything read from a county folder, validated, ids sorted."""

    settings: CountySettings
    zones: tuple[Zone, ...]
    units: tuple[Unit, ...]
    inspectors: tuple[Inspector, ...]
    vehicles: tuple[Vehicle, ...]
    leave: tuple[Leave, ...] = ()
    history: tuple[PastVisit, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    input_hashes: Mapping[str, str] = field(default_factory=dict)  # file name -> sha256

    def away(self, who: str, day: date) -> bool:
        """Whether a person or vehicle is on leave on ``day``."""
        return any(row.who == who and row.first_day <= day <= row.last_day for row in self.leave)
