"""One loading of a road file in a process of its own: CPU seconds and memory, printed as JSON.

``python -m benchmarks.road_loading_worker ours|cached|osmnx FILE [CACHE]``. Only the standard
library is imported before the clock starts, so that memory is counted from the bare interpreter.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path


def peak_megabytes() -> float | None:
    """Return the most memory this process held so far, None where there is no /proc."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def ours(path: Path, cache: Path | None) -> tuple[int, int]:
    """Load with restrictions and seconds of travel, strongly connected; nodes and edges."""
    from network import ROAD_CLASSES, SpeedTable, edge_seconds, load_network

    network = load_network(path, cache=cache)
    edge_seconds(network, SpeedTable(tuple((name, 40.0) for name in ROAD_CLASSES)))
    return network.node_count, network.edge_count


def osmnx(path: Path) -> tuple[int, int]:
    """Make OSMnx's graph of an XML file, strongly connected, with speeds and travel times."""
    import osmnx as ox

    graph = ox.truncate.largest_component(ox.graph_from_xml(path), strongly=True)
    graph = ox.add_edge_travel_times(ox.add_edge_speeds(graph, fallback=40.0))
    return graph.number_of_nodes(), graph.number_of_edges()


def main() -> None:
    """Measure one loading, imports apart: the libraries are loaded by a first one of nothing."""
    how, path = sys.argv[1], Path(sys.argv[2])
    cache = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    bare = peak_megabytes()
    if how == "osmnx":
        import_module("osmnx")
    else:
        for name in ("build", "cache", "osm_read", "speeds"):
            import_module(f"network.{name}")
    started = time.process_time()
    nodes, edges = osmnx(path) if how == "osmnx" else ours(path, cache)
    seconds = time.process_time() - started
    peak = peak_megabytes()
    grown = None if peak is None or bare is None else peak - bare
    print(json.dumps({"seconds": seconds, "megabytes": grown, "nodes": nodes, "edges": edges}))


if __name__ == "__main__":
    main()
