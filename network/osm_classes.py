"""Which OSM highway values are roads to us, and as what class they count."""

from __future__ import annotations

from typing import Final

from network.road_network import ROAD_CLASSES

#: OSM highway value -> index into ROAD_CLASSES; links count as the class they lead to.
HIGHWAY_CLASS: Final[dict[str, int]] = (
    {name: index for index, name in enumerate(ROAD_CLASSES)}
    | {
        f"{name}_link": ROAD_CLASSES.index(name)
        for name in ("motorway", "trunk", "primary", "secondary", "tertiary")
    }
    | {"road": ROAD_CLASSES.index("unclassified")}
)
#: A ferry that is used counts as a service road, whose speed its own caps.
FERRY_CLASS: Final = ROAD_CLASSES.index("service")
