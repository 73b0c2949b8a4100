"""What a county folder said, before it is known to hold together: values with their places."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from network.problems import Text
from scheduling.county.model import Checkpoint, Inspector, Leave, PastVisit, Unit, Vehicle, Zone
from scheduling.county.records import Record
from scheduling.county.settings import CountySettings

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Placed(Generic[T_co]):
    """A value and where it was read."""

    value: T_co
    file: str
    where: str


@dataclass(frozen=True)
class Directory:
    """Ids of one table, and the names that may stand for them where a name is unique.

    Rows whose other cells are wrong are in it too, so that one mistake is reported once.
    """

    ids: frozenset[str]
    by_name: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, records: Iterable[Record], name_column: str) -> Directory:
        """Make the directory of a table from its records."""
        by_name: dict[str, tuple[str, ...]] = {}
        ids = set()
        for record in records:
            identity = record.values.get("id", "")
            name = record.values.get(name_column, "")
            if identity:
                ids.add(identity)
                by_name[name] = (*by_name.get(name, ()), identity)
        by_name.pop("", None)
        return cls(frozenset(ids), by_name)

    def resolve(self, word: str) -> str:
        """Return the id that ``word`` (an id or a unique name) stands for, else ``word``."""
        found = self.by_name.get(word, ())
        return found[0] if word not in self.ids and len(found) == 1 else word

    def advice(self, word: str) -> Text:
        """Return what to write instead of an unknown ``word``."""
        shared = self.by_name.get(word, ())
        if len(shared) > 1:
            listed = "、".join(shared)
            return Text(f"重名，请写编号：{listed}", f"the name is shared, write the id: {listed}")
        known = sorted({*self.ids, *self.by_name})
        close = difflib.get_close_matches(word, known, 1)
        if close:
            return Text(f"是否为“{close[0]}”?", f"did you mean '{close[0]}'?")
        listed = "、".join(sorted(self.ids)[:10])
        return Text(f"改为已有的编号：{listed}", f"use an id that is there: {listed}")


@dataclass(frozen=True)
class Gathered:
    """Everything read from a county folder. A table that could not be read is None.

    ``known`` holds the directories of "unit", "inspector", "vehicle" and "zone", as far as read.
    """

    settings: CountySettings | None
    zones: tuple[Placed[Zone], ...] | None
    units: tuple[Placed[Unit], ...] | None
    inspectors: tuple[Placed[Inspector], ...] | None
    vehicles: tuple[Placed[Vehicle], ...] | None
    leave: tuple[Placed[Leave], ...] | None = ()
    history: tuple[Placed[PastVisit], ...] | None = ()
    checkpoints: tuple[Placed[Checkpoint], ...] | None = ()
    known: Mapping[str, Directory] = field(default_factory=dict)
