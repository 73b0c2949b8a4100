"""Road networks: loading held against OSMnx, travel times held against networkx.

``python -m benchmarks.roads`` measures the figures of the roads on the Heidelberg extract.

Both are given the same roads: OSMnx an XML file of just the ways that we drive on, networkx the
very edges and seconds that our own Dijkstra runs on.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks import roads_drafting, roads_inspection, roads_travel
from benchmarks.table import WIDTH, Row, show, write_csv
from examples import SampleSize, generate_county, sample_county
from network import (
    ROAD_CLASSES,
    RoadNetwork,
    SpeedTable,
    edge_seconds,
    load_network,
    travel_seconds,
)
from network.osm_classes import HIGHWAY_CLASS
from network.travel import whole_seconds

#: Beyond so many directed edges OSMnx is not waited for.
OSMNX_MOST_EDGES = 200_000
ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
PARTS = ("loading", "travel", "inspection", "circuits", "drafting")
_ROWS_SIDE_BY_SIDE = 4
_SPEEDS = SpeedTable(tuple((name, 60.0 - 5.0 * rank) for rank, name in enumerate(ROAD_CLASSES)))


@dataclass(frozen=True)
class RoadRow(Row):
    """Loading and travel times of one network; ``osmnx_seconds`` is None where it was skipped.

    ``networkx_seconds`` are of the searches alone, ours include building the graph.
    """

    nodes: int
    edges: int
    load_seconds: float
    osmnx_seconds: float | None
    osmnx_ratio: float | None
    places: int
    travel_seconds: float
    networkx_seconds: float
    networkx_ratio: float
    pairs_differing: int


def run(shared: Path, *, places: int = 300, size: SampleSize | None = None) -> Iterator[RoadRow]:
    """Measure the sample county's roads (or those of a county of ``size``), then Heidelberg's."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        report = generate_county(folder, size=size, seed=1) if size else sample_county(folder)
        roads_file = folder / report.county.settings.osm_file
        yield measure("generated county", roads_file, places)
    extract = shared / "data" / "osm" / "heidelberg-odenwald.osm.pbf"
    if extract.exists():
        yield measure("Heidelberg", extract, places)


def measure(case: str, roads_file: Path, places: int) -> RoadRow:
    """Load a road file and compute travel between random places, both ways of each."""
    clock = perf_counter()
    network = load_network(roads_file)
    load = perf_counter() - clock
    osmnx: float | None = None
    note = f"OSMnx skipped, more than {OSMNX_MOST_EDGES:,} edges"
    if network.edge_count <= OSMNX_MOST_EDGES:
        osmnx, osmnx_nodes, osmnx_edges = _osmnx(roads_file)
        note = f"OSMnx made {osmnx_nodes:,} nodes, {osmnx_edges:,} edges of the same ways"

    seconds = edge_seconds(network, _SPEEDS)
    chosen = np.random.default_rng(1).choice(
        network.node_count, min(places, network.node_count), replace=False
    )
    clock = perf_counter()
    ours = travel_seconds(network, seconds, chosen, chosen)
    travel = perf_counter() - clock
    theirs, networkx = _networkx(network, seconds, chosen.tolist())
    return RoadRow(
        case=case,
        note=note,
        nodes=network.node_count,
        edges=network.edge_count,
        load_seconds=load,
        osmnx_seconds=osmnx,
        osmnx_ratio=osmnx and osmnx / load,
        places=len(chosen),
        travel_seconds=travel,
        networkx_seconds=networkx,
        networkx_ratio=networkx / travel,
        pairs_differing=int((ours != theirs).sum()),
    )


def _osmnx(roads_file: Path) -> tuple[float, int, int]:
    """Return the seconds OSMnx takes to make a simplified graph of our ways, its nodes, edges."""
    import osmnx as ox

    with tempfile.TemporaryDirectory() as temporary:
        xml = Path(temporary) / "roads.osm"
        write_drivable(roads_file, xml)
        clock = perf_counter()
        graph = ox.graph_from_xml(xml)
        return perf_counter() - clock, graph.number_of_nodes(), graph.number_of_edges()


def write_drivable(roads_file: Path, xml: Path) -> None:
    """Write the ways of our road classes, with their nodes, as OSM XML, which OSMnx reads."""
    import osmium

    with osmium.BackReferenceWriter(str(xml), ref_src=str(roads_file), overwrite=True) as writer:
        for way in osmium.FileProcessor(str(roads_file), osmium.osm.WAY):
            if way.tags.get("highway") in HIGHWAY_CLASS:
                writer.add(way)


def _networkx(
    network: RoadNetwork, seconds: NDArray[np.float64], places: Sequence[int]
) -> tuple[NDArray[np.int64], float]:
    """Return networkx' whole seconds between the places, and the seconds its searches took."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    starts, ends = network.edge_from.tolist(), network.edge_to.tolist()
    order = np.argsort(-seconds, kind="stable").tolist()  # of parallel edges the quickest stays
    graph.add_nodes_from(range(network.node_count))
    graph.add_weighted_edges_from((starts[e], ends[e], float(seconds[e])) for e in order)
    clock = perf_counter()
    found = np.full((len(places), len(places)), np.inf)
    for row, place in enumerate(places):
        length = nx.single_source_dijkstra_path_length(graph, place)
        found[row] = [length.get(other, np.inf) for other in places]
    return whole_seconds(found), perf_counter() - clock


def main() -> None:
    """Measure loading, travel, inspection tasks and drafting; print tables, write them as CSV."""
    from benchmarks import road_loading  # which itself needs this module

    parser = argparse.ArgumentParser(prog="python -m benchmarks.roads", description=main.__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", choices=PARTS)
    chosen = parser.parse_args()
    extract = chosen.shared / "data" / "osm" / "heidelberg-odenwald.osm.pbf"
    if not extract.exists():
        parser.error(f"{extract} is missing")
    network = load_network(extract)
    seconds = edge_seconds(network, _SPEEDS)
    benchmarks: dict[str, Callable[[], Iterable[Row]]] = {
        "loading": lambda: road_loading.run(chosen.shared),
        "travel": lambda: roads_travel.run(network, seconds),
        "inspection": lambda: roads_inspection.run(network),
        "circuits": lambda: roads_inspection.run_exact(network),
        "drafting": lambda: roads_drafting.run(chosen.shared),
    }
    console = Console(width=WIDTH)
    for name, run_one in benchmarks.items():
        if chosen.only in {None, name}:
            rows: list[Row] = []
            for row in run_one():
                rows.append(row)
                write_csv(rows, RESULTS / f"network_{name}.csv")
            for start in range(0, len(rows), _ROWS_SIDE_BY_SIDE):
                show(name, rows[start : start + _ROWS_SIDE_BY_SIDE], console)


if __name__ == "__main__":
    main()
