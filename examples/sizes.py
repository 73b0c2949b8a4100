"""How large a sample county is to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SampleSize:
    """Sizes of a generated county; every count is exact, so tests can rely on them.

    ``zones_per_township`` holds for every township unless ``zones_spread`` lets it vary by that
    many either way, or ``zones_by_township`` gives each its own. Squads share the townships out
    between them; 0 squads makes a county without county patrols. ``inspectors_per_station`` and
    ``inspectors_per_squad`` are certified people. ``scenery`` adds what only maps show: forests,
    lanes, hamlets.
    """

    townships: int = 2
    zones_per_township: int = 8
    zones_spread: int = 0
    zones_by_township: tuple[int, ...] = ()
    squads: int = 1
    inspectors_per_station: int = 3
    inspectors_per_squad: int = 4
    vehicles_per_station: int = 1
    vehicles_per_squad: int = 2
    township_km2: float = 100.0
    leave: bool = True
    history: bool = True
    scenery: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError when a size makes no county."""
        faults = [
            name
            for name, wrong in (
                ("townships", self.townships < 1),
                ("zones_per_township", self.zones_per_township < 1),
                ("zones_spread", not 0 <= self.zones_spread < self.zones_per_township),
                ("squads", self.squads < 0),
                ("inspectors_per_station", self.inspectors_per_station < 1),
                ("township_km2", self.township_km2 <= 0),
                (
                    "zones_by_township",
                    len(self.zones_by_township) not in {0, self.townships}
                    or any(count < 1 for count in self.zones_by_township),
                ),
            )
            if wrong
        ]
        if faults:
            raise ValueError(f"no county of this size: {', '.join(faults)}")


#: The county of ``xuncha demo``.
DEMO_SIZE = SampleSize(
    townships=12,
    zones_per_township=22,
    zones_spread=3,
    squads=2,
    inspectors_per_station=4,
    inspectors_per_squad=9,
    vehicles_per_squad=3,
)
DEMO_SEED = 2026

#: The county one of whose stations cannot do its duty in the second half of February.
SHORTAGE_SIZE = SampleSize(
    townships=2,
    zones_per_township=20,
    zones_by_township=(18, 36),
    squads=0,
    inspectors_per_station=3,
    leave=False,
)
SHORTAGE_SEED = 7
