"""Capacitated arc routing, undirected and mixed, in each of the formats it is published in.

- CARPLIB's lists, in Spanish (Belenguer and Benavent: gdb, val, egl, kshs, bmcv), or in English
  with a cost of serving of its own (Belenguer et al. 2006: mval, Lpr). Directed arcs (*arcos*)
  stand in lists beside the edges (*aristas*).
- One table of edges under ``NODES COST DEMAND``, in English or Portuguese (Brandao and Eglese 2008:
  EGL-G); a demand of 0 says that an edge need not be served; its nodes may count from 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from optimizer.published.graph import Link, StreetGraph, graph_instance
from optimizer.published.instance import Instance, fault, integer_in, lines_of, number_in

#: What a keyword is called in the formats, the first name in CARPLIB.
KEYWORDS = (
    ("VERTICES", "NODES"),
    ("DEPOSITO", "DEPOT"),
    ("CAPACIDAD", "CAPACIDADE", "CAPACITY"),
    ("VEHICULOS", "VEICULOS", "VEHICLES"),
    ("ARISTAS_REQ", "REQ_EDGES", "REQUIRED EDGES", "ARESTAS REQUERIDAS"),
    ("ARISTAS_NOREQ", "NOREQ_EDGES", "NON-REQUIRED EDGES", "ARESTAS NAO REQUERIDAS"),
    ("ARCOS_REQ", "REQ_ARCS"),
    ("ARCOS_NOREQ", "NOREQ_ARCS"),
)
#: The keyword that announces how many there are -> (driven both ways, required).
LISTS = {
    "ARISTAS_REQ": (True, True),
    "ARISTAS_NOREQ": (True, False),
    "ARCOS_REQ": (False, True),
    "ARCOS_NOREQ": (False, False),
}
#: Keywords of variants whose costs and limits no published CARP value has; they are left out.
LEFT_OUT = ("MAX_TRIP", "DUMPING_COST")
#: Lines that end a file.
ENDS = {"END", "EOF", "FIN"}
_KEYWORD = re.compile(r"([^:(]+?)\s*:\s*(.*)")
_LIST = re.compile(r"LISTA?_(ARISTAS|ARCOS|REQ|NOREQ)_(REQ|NOREQ|EDGES|ARCS)")
_TABLE = re.compile(r"NOD[EO]S\s+(COST|CUSTO|COSTE)\s+(DEMAND|PROCURA|DEMANDA)", re.IGNORECASE)
_LINK = re.compile(r"\(\s*(\S+?)\s*,\s*(\S+?)\s*\)((?:\s*[^\W\d]\w*\s+\S+)+)")
_CANONICAL = {name: names[0] for names in KEYWORDS for name in names}


@dataclass
class _Content:
    """What has been read: keyword -> (line, name in the file, value), links by their list.

    ``lowest`` is the smallest number of a node or depot: where nodes count from.
    """

    values: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)
    is_table: bool = False

    @property
    def lowest(self) -> int:
        """Return 0 where a table names a node 0, 1 otherwise."""
        ends = [end for links in self.links.values() for x in links for end in (x.start, x.end)]
        depot = self.values.get("DEPOSITO", (0, "", ""))[2]
        return 0 if self.is_table and (0 in ends or depot == "0") else 1


def read_carp(path: Path) -> Instance:
    """Read an instance. The cost counts all driving and serving; vehicles are an upper limit.

    (VEHICULOS is meant as the least number needed; some published values are allowed more.)
    COMENTARIO's upper bound is old and ignored; so are the limit of a trip and the cost of dumping
    that some files state for another problem. Raises ValueError, naming file and line, where the
    file is malformed.
    """
    content = _content(path)

    def whole(keyword: str, least: int) -> int:
        if keyword not in content.values:
            raise fault(path, 1, f"the keyword {keyword} is missing")
        line, name, text = content.values[keyword]
        return integer_in(path, line, text, name, least=least)

    for keyword in LISTS:
        found = len(content.links.get(keyword, ()))
        if keyword in content.values and whole(keyword, 0) != found:
            line, name, _ = content.values[keyword]
            raise fault(path, line, f"{name} says {whole(keyword, 0)}, listed are {found}")
    shift = 1 - content.lowest
    graph = StreetGraph(
        path=path,
        kind="mixed CARP" if content.links.get("ARCOS_REQ") or content.links.get("ARCOS_NOREQ")
        else "CARP",
        nodes=whole("VERTICES", 1),
        depot=whole("DEPOSITO", content.lowest) + shift,
        depot_line=content.values["DEPOSITO"][0],
        capacity=float(whole("CAPACIDAD", 1)),
        vehicles=whole("VEHICULOS", 0) or None,
        links=tuple(
            replace(link, start=link.start + shift, end=link.end + shift)
            for keyword in LISTS
            for link in content.links.get(keyword, ())
        ),
        first_node=content.lowest,
    )  # fmt: skip
    instance = graph_instance(graph)
    unused = [name for name in LEFT_OUT if content.values.get(name, (0, "", "0"))[2] != "0"]
    if not unused:
        return instance
    return replace(instance, vehicles=f"{instance.vehicles}; {', '.join(unused)} left out")


def _content(path: Path) -> _Content:
    """Return keywords and lists of a file."""
    content = _Content()
    current = ""
    for line, text in lines_of(path):
        if text.upper() in ENDS:
            break
        keyword = _KEYWORD.match(text)
        if keyword:
            current = _add_keyword(path, line, keyword[1], keyword[2].strip(), content)
        elif _TABLE.fullmatch(text):
            content.is_table = True
        elif content.is_table:
            _add_row(path, line, text, content)
        elif not current:
            raise fault(path, line, f"expected 'KEYWORD : value', found {text!r}")
        else:
            content.links[current].append(_link(path, line, text, current, content))
    return content


def _add_keyword(path: Path, line: int, name: str, value: str, content: _Content) -> str:
    """Add a keyword, or begin a list and return which, '' for none."""
    known = _canonical(name)
    listed = _LIST.fullmatch(known)
    announced = _CANONICAL.get("_".join(listed.groups()), "") if listed else ""
    if known in content.values or announced in content.links:
        raise fault(path, line, f"{name} is there twice")
    if announced:
        content.links[announced] = []
        content.values[f"list of {announced}"] = (line, name, "")
    else:
        content.values[known] = (line, name, value)
    return announced


def _canonical(name: str) -> str:
    """Return CARPLIB's name of a keyword, or the name itself; an accent may have been lost."""
    plain = re.sub(r"N[^ -~]+O ", "NAO ", " ".join(name.upper().split()))
    return _CANONICAL.get(plain, plain)


def _add_row(path: Path, line: int, text: str, content: _Content) -> None:
    """Add the edge of a table's row ``u v cost demand``."""
    words = text.split()
    if len(words) != 4:
        raise fault(path, line, f"expected 'u v cost demand', found {text!r}")
    demand = number_in(path, line, words[3], "demand")
    link = Link(
        line=line,
        start=integer_in(path, line, words[0], "node"),
        end=integer_in(path, line, words[1], "node"),
        cost=number_in(path, line, words[2], "cost"),
        both_ways=True,
        demand=demand or None,
    )
    keyword = "ARISTAS_REQ" if demand else "ARISTAS_NOREQ"
    content.links.setdefault(keyword, []).append(link)


def _link(path: Path, line: int, text: str, keyword: str, content: _Content) -> Link:
    """Return the edge or arc of a line ``( u, v) coste c demanda q`` or its English like."""
    both_ways, required = LISTS[keyword]
    found = _LINK.fullmatch(text)
    words = found[3].split() if found else []
    given = {
        _meaning(word): (word, value) for word, value in zip(words[::2], words[1::2], strict=True)
    }
    wanted = {"cost", "demand"} if required else {"cost"}
    if not found or set(given) - {"serving"} != wanted or len(given) != len(words) // 2:
        demand = " demanda q" if required else ""
        name = content.values[f"list of {keyword}"][1]
        raise fault(path, line, f"expected '( u, v) coste c{demand}' in {name}, found {text!r}")
    numbers = {
        meaning: number_in(path, line, value, word) for meaning, (word, value) in given.items()
    }
    return Link(
        line=line,
        start=integer_in(path, line, found[1], "node", least=1),
        end=integer_in(path, line, found[2], "node", least=1),
        cost=numbers["cost"],
        both_ways=both_ways,
        demand=numbers.get("demand"),
        serving_cost=numbers.get("serving"),
    )


def _meaning(word: str) -> str:
    """Return what a number after this word is, in either language; the word itself if unknown."""
    for part, meaning in (("serv", "serving"), ("cost", "cost"), ("demand", "demand")):
        if part in word.lower():
            return meaning
    return word
