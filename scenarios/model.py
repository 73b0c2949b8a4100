"""A scenario: a name and the overrides that make it differ from the county as it is.

One class per kind of override; ``do`` names the kind in the TOML file (``docs/scenarios.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from network.problems import Problem, Text
from scheduling.county.settings import PeakSettings

_Id = Annotated[str, Field(min_length=1)]
_Ids = Annotated[tuple[_Id, ...], Field(min_length=1)]
#: One id, or a list of them.
_OneOrMore = Annotated[
    _Ids, BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
]
_Row = Annotated[dict[str, object], Field(min_length=1)]


class OverrideError(ValueError):
    """An override that cannot be applied to this county: everything that is wrong with it.

    The problems' file and scenario are filled in by who knows them.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.in_("en") for problem in self.problems))


def refusal(field: str, cause: Text, action: Text) -> OverrideError:
    """Return the error of an override with one wrong field."""
    return OverrideError([Problem("scenario.override", "", cause, action, field=field)])


class _Override(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class AddStaff(_Override):
    """Hypothetical people of a unit, certified for the whole plan unless said otherwise."""

    do: Literal["add-staff"]
    unit: _Id
    count: int = Field(default=1, ge=1, le=50)
    certified: bool = True
    licensed: bool = True


class RemoveStaff(_Override):
    """People who are no longer there; their zones go to a colleague of the same unit."""

    do: Literal["remove-staff"]
    who: _Ids


class AddLeave(_Override):
    """People or vehicles away, both days included."""

    do: Literal["leave"]
    who: _Ids
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="to")
    reason: str = ""


class CancelLeave(_Override):
    """People or vehicles whose leave is called off."""

    do: Literal["cancel-leave"]
    who: _Ids


class AddVehicle(_Override):
    """Hypothetical or borrowed vehicles of a unit, for a time or for good."""

    do: Literal["add-vehicle"]
    unit: _Id
    count: int = Field(default=1, ge=1, le=50)
    seats: int = Field(default=5, ge=2, le=60)
    first_day: date | None = Field(default=None, alias="from")
    last_day: date | None = Field(default=None, alias="to")


class RemoveVehicle(_Override):
    """Vehicles that are no longer there."""

    do: Literal["remove-vehicle"]
    who: _Ids


class ChangeShift(_Override):
    """Another shift: only the fields that are given change."""

    do: Literal["shift"]
    earliest_departure: time | None = None
    latest_return: time | None = None
    max_work_minutes: int | None = None
    lunch_minutes: int | None = None
    lunch_from: time | None = None


class AddPeak(PeakSettings):
    """A peak or campaign of the county's own (art. 13)."""

    do: Literal["add-peak"]


class RemovePeak(_Override):
    """A peak that is not applied. One of the norm is still audited."""

    do: Literal["remove-peak"]
    peak: _Id


class ChangeRule(_Override):
    """Fields of one rule of the regulation. Below the norm it is still audited by the norm."""

    do: Literal["rule"]
    rule: _Id
    set: _Row


class AddRule(_Override):
    """A rule of the county's own, on top of the regulation's."""

    do: Literal["add-rule"]
    kind: Literal["frequency", "spot_check"]
    rule: _Row


class RemoveRule(_Override):
    """A rule that is not applied. One of the norm is still audited."""

    do: Literal["remove-rule"]
    rule: _Id


class MergeStations(_Override):
    """Stations that become one, in the place of ``into``: zones, people and vehicles move."""

    do: Literal["merge-stations"]
    stations: Annotated[tuple[_Id, ...], Field(min_length=2)]
    into: _Id
    name: str = ""


class ChangeSetting(_Override):
    """Any setting of ``county.toml`` by its dotted path, e.g. ``visit.stop_minutes``."""

    do: Literal["set"]
    key: _Id
    value: object


class ChangeDays(_Override):
    """Days that become workdays, and workdays that become days off."""

    do: Literal["days"]
    work: tuple[date, ...] = ()
    off: tuple[date, ...] = ()


class ChangeRows(_Override):
    """Any columns of rows of one table or layer of the county folder."""

    do: Literal["change"]
    table: Literal["zones", "stations", "inspectors", "vehicles"]
    id: _OneOrMore
    set: _Row


class AddRows(_Override):
    """Rows more in one table or layer, with the columns they have in the county folder."""

    do: Literal["add"]
    table: Literal["zones", "stations", "inspectors", "vehicles", "leave", "history", "checkpoints"]
    rows: Annotated[tuple[_Row, ...], Field(min_length=1)]


class RemoveRows(_Override):
    """Rows that are no longer there, with all that hangs on them."""

    do: Literal["remove"]
    table: Literal["zones", "stations", "inspectors", "vehicles", "history", "checkpoints"]
    id: _OneOrMore


Override: TypeAlias = (
    AddStaff
    | RemoveStaff
    | AddLeave
    | CancelLeave
    | AddVehicle
    | RemoveVehicle
    | ChangeShift
    | AddPeak
    | RemovePeak
    | ChangeRule
    | AddRule
    | RemoveRule
    | MergeStations
    | ChangeSetting
    | ChangeDays
    | ChangeRows
    | AddRows
    | RemoveRows
)

#: Every kind of override by its word in the file.
KINDS: Final[Mapping[str, type[BaseModel]]] = {
    get_args(kind.model_fields["do"].annotation)[0]: kind for kind in get_args(Override)
}


class Scenario(BaseModel):
    """One named way the county could be. What ``includes`` names is applied first."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: _Id
    note: str = ""
    includes: tuple[_Id, ...] = ()
    overrides: Annotated[
        tuple[Annotated[Override, Field(discriminator="do")], ...], Field(alias="override")
    ] = ()
