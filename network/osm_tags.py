"""What the tags of an OSM way mean to a car of the bureau: open or not, which way, how fast, when.

``tags`` is anything with ``get``.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

import numpy as np

from network.road_network import LoadSettings
from network.seasons import Closure, conditional_days, days_of, periods_of, season_closure

#: Access keys from the most to the least specific: the first one present decides.
_ACCESS_KEYS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
_FORWARD: Final = frozenset({"yes", "true", "1"})
_BACKWARD: Final = frozenset({"-1", "reverse"})
_ROUNDABOUTS: Final = frozenset({"roundabout", "circular"})
_MAXSPEED: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*$")
_KM_PER_MILE: Final = 1.609344


@lru_cache(maxsize=1024)
def parse_maxspeed(value: str | None) -> float:
    """Return km/h of a ``maxspeed`` tag; NaN for none, "CN:urban", "walk", "signals" and the like.

    Of several values ("80;60") the lowest counts.
    """
    speeds = []
    for part in (value or "").split(";"):
        match = _MAXSPEED.match(part)
        if match:
            speeds.append(float(match[1]) * (_KM_PER_MILE if match[2] == "mph" else 1.0))
    usable = [speed for speed in speeds if 0 < speed < math.inf]
    return min(usable) if usable else math.nan


def way_maxspeeds(tags: Any) -> tuple[float, float]:
    """Return km/h forwards and backwards, NaN where not tagged; the direction's own tag wins."""
    both = parse_maxspeed(tags.get("maxspeed"))
    forward = parse_maxspeed(tags.get("maxspeed:forward"))
    backward = parse_maxspeed(tags.get("maxspeed:backward"))
    return (both if math.isnan(forward) else forward, both if math.isnan(backward) else backward)


def is_road(tags: Any, settings: LoadSettings) -> bool:
    """Whether a car can drive there at all, open to the bureau or not."""
    if tags.get("area") == "yes" or tags.get("smoothness") == "impassable":
        return False
    return tags.get("service") not in settings.skipped_service and (
        tags.get("oneway") != "reversible"
    )


def way_closure(tags: Any, settings: LoadSettings) -> tuple[Closure | None, int]:
    """Return when in the year a way is closed to the bureau, None for always, () for never.

    The second value counts conditions on access that name no days of the year and that were left
    unread. A conditional tag less specific than the access tag that decides says nothing.
    """
    base, level = True, len(_ACCESS_KEYS)
    for number, key in enumerate(_ACCESS_KEYS):
        value = tags.get(key)
        if value is not None:
            base = any(part.strip() not in settings.closed_access for part in value.split(";"))
            level = number + 1
            break
    closed, unread_season = season_closure(tags, settings.winter_roads)
    for key in _ACCESS_KEYS[:level]:
        value = tags.get(f"{key}:conditional")
        if value is not None:
            days, unread = conditional_days(value, settings.closed_access, among=base)
            if not base:
                return (periods_of(~days) if days.any() else None), unread
            return periods_of(days | days_of(closed)), unread + unread_season
    return (closed if base else None), int(unread_season)


def way_direction(tags: Any) -> int:
    """Return 1 (forwards only), -1 (backwards only) or 0 (both): oneway, roundabout, motorway."""
    oneway = tags.get("oneway")
    if oneway in _FORWARD:
        return 1
    if oneway in _BACKWARD:
        return -1
    if oneway is None and (
        tags.get("junction") in _ROUNDABOUTS or tags.get("highway") == "motorway"
    ):
        return 1
    return 0


def way_level(tags: Any) -> int:
    """Return on which level a way runs: its layer, or 1 for bridges and -1 for tunnels."""
    layer = tags.get("layer")
    if layer is not None:
        with suppress(ValueError):
            return int(np.clip(int(layer), -5, 5))
    if tags.get("bridge") not in {None, "no"}:
        return 1
    return -1 if tags.get("tunnel") not in {None, "no", "culvert"} else 0
