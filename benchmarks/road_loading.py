"""Loading of road files held against OSMnx: CPU seconds and memory, each in a fresh process.

Both make a strongly connected network with speeds of the same ways; ours reads the whole extract
and honours turn restrictions, OSMnx gets an XML file of nothing but these ways.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.roads import write_drivable
from benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[1]
EXTRACTS = ("heidelberg-odenwald.osm.pbf", "liechtenstein.osm.pbf")


@dataclass(frozen=True)
class LoadingRow(Row):
    """CPU seconds (imports apart) and megabytes above the bare interpreter (libraries included)."""

    nodes: int
    edges: int
    load_cpu_seconds: float
    load_megabytes: float | None
    cached_cpu_seconds: float
    osmnx_cpu_seconds: float
    osmnx_megabytes: float | None
    osmnx_ratio: float


def run(shared: Path, *, rounds: int = 3) -> Iterator[LoadingRow]:
    """Measure every extract that is there, ours the median of so many rounds."""
    for name in EXTRACTS:
        path = shared / "data" / "osm" / name
        if path.exists():
            yield measure(name.partition(".")[0], path, rounds)


def measure(case: str, path: Path, rounds: int = 1) -> LoadingRow:
    """Load a road file by us, from our cache, and by OSMnx."""
    with tempfile.TemporaryDirectory() as temporary:
        cache, xml = Path(temporary) / "cache", Path(temporary) / "roads.osm"
        plain = [_worker("ours", path) for _ in range(rounds)]
        _worker("cached", path, cache)
        cached = [_worker("cached", path, cache) for _ in range(rounds)]
        write_drivable(path, xml)
        theirs = _worker("osmnx", xml)
    seconds = median(found["seconds"] for found in plain)
    return LoadingRow(
        case=case,
        note=f"OSMnx made {theirs['nodes']:,} nodes, {theirs['edges']:,} edges of the same ways",
        nodes=plain[0]["nodes"],
        edges=plain[0]["edges"],
        load_cpu_seconds=seconds,
        load_megabytes=plain[0]["megabytes"],
        cached_cpu_seconds=median(found["seconds"] for found in cached),
        osmnx_cpu_seconds=theirs["seconds"],
        osmnx_megabytes=theirs["megabytes"],
        osmnx_ratio=theirs["seconds"] / seconds,
    )


def _worker(*arguments: str | Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.road_loading_worker", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
