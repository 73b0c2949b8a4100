"""Mixed capacitated general routing (NEARP): the format of CBMix, BHW and DI-NEARP.

Required nodes ``N``, edges ``E`` and arcs ``A``; edges ``NrE`` and arcs ``NrA`` only to drive on.
The literature's cost is traversal plus deadheading: the constant cost of service is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from optimizer.published.graph import Link, RequiredNode, StreetGraph, graph_instance
from optimizer.published.instance import Instance, fault, integer_in, lines_of, number_in

#: Columns after the item's own name, by kind of item.
COLUMNS = {
    "N": "demand, service cost",
    "E": "from, to, traversal cost, demand, service cost",
    "NrE": "from, to, traversal cost",
    "A": "from, to, traversal cost, demand, service cost",
    "NrA": "from, to, traversal cost",
}
#: First words of the headings over the lists.
HEADINGS = {"ReN.", "ReE.", "ReA.", "EDGE", "ARC"}
#: The format's description and its files differ in this header.
SYNONYMS = {"Depot": "Depot Node"}
#: Some files end with this line.
END = "-1"
_HEADER = re.compile(r"([^:]+?)\s*:\s*(.*)")
_ITEM = re.compile(r"(NrE|NrA|N|E|A)(\d+)")


@dataclass
class _Content:
    """What has been read: header -> (line, value), required nodes, links by kind."""

    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    nodes: list[RequiredNode] = field(default_factory=list)
    links: dict[str, list[Link]] = field(
        default_factory=lambda: {kind: [] for kind in COLUMNS if kind != "N"}
    )


def read_mcgrp(path: Path) -> Instance:
    """Read an instance; a second ``Name:`` or a remark behind the last list ends it.

    ``#Vehicles`` of -1: their number is free. Raises ValueError, naming file and line, where the
    file is malformed.
    """
    content = _content(path)

    def whole(key: str, *, least: int) -> int:
        if key not in content.values:
            raise fault(path, 1, f"the header {key} is missing")
        line, text = content.values[key]
        return integer_in(path, line, text, key, least=least)

    found = {kind: len(links) for kind, links in content.links.items()}
    for key, count in (
        ("#Required N", len(content.nodes)),
        ("#Required E", found["E"]),
        ("#Required A", found["A"]),
        ("#Edges", found["E"] + found["NrE"]),
        ("#Arcs", found["A"] + found["NrA"]),
    ):
        if whole(key, least=0) != count:
            raise fault(
                path,
                content.values[key][0],
                f"{key} says {whole(key, least=0)}, listed are {count}",
            )
    vehicles = whole("#Vehicles", least=-1)
    line, text = content.values.get("Optimal value", (1, "-1"))
    optimal = number_in(path, line, text, "Optimal value", least=-1.0)
    graph = StreetGraph(
        path=path,
        kind="MCGRP",
        nodes=whole("#Nodes", least=1),
        depot=whole("Depot Node", least=1),
        depot_line=content.values["Depot Node"][0],
        capacity=float(whole("Capacity", least=1)),
        vehicles=vehicles if vehicles > 0 else None,
        links=tuple(link for links in content.links.values() for link in links),
        required_nodes=tuple(content.nodes),
        best_known=optimal if optimal > 0 else None,
    )
    return graph_instance(graph)


def _content(path: Path) -> _Content:
    """Return headers and lists of the first instance in a file."""
    content = _Content()
    for line, text in lines_of(path):
        words = text.split()
        if words == [END]:
            break
        item = _ITEM.fullmatch(words[0])
        header = _HEADER.fullmatch(text)
        if item:
            _add_item(path, line, item[1], item[2], words[1:], content)
        elif header:
            if header[1] == "Name" and "Name" in content.values:
                break
            content.values[SYNONYMS.get(header[1], header[1])] = (line, header[2])
        elif words[0] not in HEADINGS:
            if _is_complete(content):
                break  # a remark on where the instance comes from
            raise fault(path, line, f"expected a header, a heading or an item, found {text!r}")
    return content


def _is_complete(content: _Content) -> bool:
    """Whether all nodes, edges and arcs that the headers announce are there."""
    listed = {
        "#Required N": len(content.nodes),
        "#Edges": len(content.links["E"]) + len(content.links["NrE"]),
        "#Arcs": len(content.links["A"]) + len(content.links["NrA"]),
    }
    return all(content.values.get(key, (0, ""))[1] == str(count) for key, count in listed.items())


def _add_item(
    path: Path, line: int, kind: str, number: str, words: list[str], content: _Content
) -> None:
    """Add the required node, edge or arc of a line."""
    columns = COLUMNS[kind].split(", ")
    if len(words) != len(columns):
        raise fault(path, line, f"expected '{kind}{number}, {COLUMNS[kind]}'")
    value = {
        column: number_in(path, line, word, column)
        for column, word in zip(columns, words, strict=True)
    }
    if kind == "N":
        content.nodes.append(RequiredNode(line, int(number), value["demand"]))
        return
    content.links[kind].append(
        Link(
            line=line,
            start=integer_in(path, line, words[0], "from", least=1),
            end=integer_in(path, line, words[1], "to", least=1),
            cost=value["traversal cost"],
            both_ways=kind.endswith("E"),
            demand=value.get("demand"),
        )
    )
