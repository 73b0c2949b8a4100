"""Capacitated arc routing: Belenguer and Benavent's CARPLIB format (gdb, val, egl), in Spanish.

Also mixed CARP in the same format (Belenguer et al. 2006), where directed arcs (*arcos*) stand in
lists of their own beside the edges (*aristas*).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from optimizer.published.graph import Link, StreetGraph, graph_instance
from optimizer.published.instance import Instance, fault, integer_in, lines_of, number_in

#: List keyword -> (driven both ways, required, the keyword that announces how many there are).
LISTS = {
    "LISTA_ARISTAS_REQ": (True, True, "ARISTAS_REQ"),
    "LISTA_ARISTAS_NOREQ": (True, False, "ARISTAS_NOREQ"),
    "LISTA_ARCOS_REQ": (False, True, "ARCOS_REQ"),
    "LISTA_ARCOS_NOREQ": (False, False, "ARCOS_NOREQ"),
}
_KEYWORD = re.compile(r"([A-Z_]+)\s*:\s*(.*)")
_LINK = re.compile(r"\(\s*(\S+?)\s*,\s*(\S+?)\s*\)\s*coste\s+(\S+)(?:\s+demanda\s+(\S+))?")


@dataclass
class _Content:
    """What has been read: keyword -> (line, value), and the links of each list."""

    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)


def read_carp(path: Path) -> Instance:
    """Read an instance. The cost counts all driving; VEHICULOS is kept as an upper limit.

    (Its authors mean it as the least number needed; some published values are allowed more.)
    COMENTARIO's upper bound is old and ignored. Raises ValueError, naming file and line, where
    the file is malformed.
    """
    content = _content(path)

    def whole(keyword: str, least: int) -> int:
        if keyword not in content.values:
            raise fault(path, 1, f"the keyword {keyword} is missing")
        line, text = content.values[keyword]
        return integer_in(path, line, text, keyword, least=least)

    for name, (_, _, announced) in LISTS.items():
        found = len(content.links.get(name, ()))
        if announced in content.values and whole(announced, 0) != found:
            line = content.values[announced][0]
            raise fault(path, line, f"{announced} says {whole(announced, 0)}, listed are {found}")
    graph = StreetGraph(
        path=path,
        kind="CARP" if not any("ARCOS" in name for name in content.links) else "mixed CARP",
        nodes=whole("VERTICES", 1),
        depot=whole("DEPOSITO", 1),
        depot_line=content.values["DEPOSITO"][0],
        capacity=float(whole("CAPACIDAD", 1)),
        vehicles=whole("VEHICULOS", 0) or None,
        links=tuple(link for name in LISTS for link in content.links.get(name, ())),
    )
    return graph_instance(graph)


def _content(path: Path) -> _Content:
    """Return keywords and lists of a file."""
    content = _Content()
    current = ""
    for line, text in lines_of(path):
        keyword = _KEYWORD.match(text)
        if keyword:
            name, value = keyword.groups()
            if name in content.values or name in content.links:
                raise fault(path, line, f"{name} is there twice")
            current = name if name in LISTS else ""
            if current:
                content.links[name] = []
            else:
                content.values[name] = (line, value.strip())
        elif not current:
            raise fault(path, line, f"expected 'KEYWORD : value', found {text!r}")
        else:
            content.links[current].append(_link(path, line, text, current))
    return content


def _link(path: Path, line: int, text: str, name: str) -> Link:
    """Return the edge or arc of a line ``( u, v) coste c demanda q``."""
    both_ways, required, _ = LISTS[name]
    found = _LINK.fullmatch(text)
    if not found or (found[4] is not None) != required:
        demand = " demanda q" if required else ""
        raise fault(path, line, f"expected '( u, v) coste c{demand}' in {name}, found {text!r}")
    return Link(
        line=line,
        start=integer_in(path, line, found[1], "node", least=1),
        end=integer_in(path, line, found[2], "node", least=1),
        cost=number_in(path, line, found[3], "coste"),
        both_ways=both_ways,
        demand=number_in(path, line, found[4], "demanda") if required else None,
    )
