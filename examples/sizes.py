"""How large a sample county is to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SampleSize:
    """Sizes of a generated county; every count is exact, so tests can rely on them.

    ``zones_per_township`` holds for every township unless ``zones_spread`` lets it vary by that
    many either way, or ``zones_by_township`` gives each its own. Squads share the townships out
    between them; 0 squads makes a county without county patrols. ``inspectors_per_station`` and
    ``inspectors_per_squad`` are certified people; by turns a station has ``inspectors_spread`` of
    them more or fewer, and the county town's has ``town_station_extra`` more people and vehicles.
    ``scenery`` adds what only maps show: forests, lanes, hamlets.
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
    inspectors_spread: int = 0
    town_station_extra: int = 0
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
                (
                    "inspectors_per_station",
                    self.inspectors_per_station - self.inspectors_spread < 1,
                ),
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


#: The county of ``xuncha demo``: about 280 zones in 1,800 km2. By hand: a station's 24 zones take
#: 24 x (17 + 8) minutes in winter, two patrols; twice for its 17 or so of level 1 in the land peak,
#: 41 x (17 + 6) minutes, three patrols. 16-28 February allows one vehicle five.
DEMO_SIZE = SampleSize(
    townships=12,
    zones_per_township=23,
    zones_spread=6,
    squads=2,
    inspectors_per_station=4,
    inspectors_per_squad=8,
    inspectors_spread=1,
    town_station_extra=1,
    vehicles_per_squad=3,
    township_km2=150.0,
)
DEMO_SEED = 2026

#: The county one of whose stations cannot do its duty in the second half of February.
SHORTAGE_SIZE = SampleSize(
    townships=2,
    zones_per_township=20,
    zones_by_township=(16, 40),
    squads=0,
    inspectors_per_station=3,
    township_km2=180.0,
    leave=False,
)
SHORTAGE_SEED = 7
