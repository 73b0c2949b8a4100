"""The reader of capacitated arc routing instances, undirected and mixed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimizer import MaxRuntime, Route, Solution, TargetObjective, check, cost_of, solve
from optimizer.published import read_carp, read_instance

SHARED = Path(__file__).parents[3] / "shared" / "data" / "benchmarks" / "carp"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")

TINY = """ NOMBRE : tiny
 COMENTARIO : 999 (cota superior)
 VERTICES : 4
 ARISTAS_REQ : 2
 ARISTAS_NOREQ : 2
 VEHICULOS : 2
 CAPACIDAD : 5
 TIPO_COSTES_ARISTAS : EXPLICITOS
 COSTE_TOTAL_REQ : 14
 LISTA_ARISTAS_REQ :
 ( 1, 2)  coste 4 demanda 3
 (  3, 4)   coste 10   demanda   2
 LISTA_ARISTAS_NOREQ :
 ( 2, 3)   coste 1
 ( 4, 1)   coste 2
 DEPOSITO :   1
"""
MIXED = (
    TINY.replace(" ARISTAS_NOREQ : 2\n", " ARISTAS_NOREQ : 1\n ARCOS_REQ : 1\n ARCOS_NOREQ : 1\n")
    .replace(" ARISTAS_REQ : 2\n", " ARISTAS_REQ : 1\n")
    .replace(" (  3, 4)   coste 10   demanda   2\n", "")
    .replace(" ( 4, 1)   coste 2\n", "")
    .replace(
        " DEPOSITO", " LISTA_ARCOS_REQ :\n (3,4) coste 10 demanda 2\n LISTA_ARCOS_NOREQ :\n"
        " (4,1) coste 2\n DEPOSITO"
    )
)  # fmt: skip


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.dat"
    path.write_text(TINY)
    return path


def test_an_edge_is_a_task_with_two_modes(tiny):
    """Either direction serves an edge; its own cost counts inside, not the shortest way."""
    instance = read_carp(tiny)
    task = instance.problem.tasks[1]
    assert [(mode.entry, mode.exit, mode.cost) for mode in task.modes] == [(2, 3, 10), (3, 2, 10)]
    assert instance.problem.cost[0, 2, 3] == 1 + 4 + 2  # around is shorter than along the edge
    assert instance.stop_names == (("1-2", "2-1"), ("3-4", "4-3"))
    assert instance.kind == "CARP"
    assert instance.name == "tiny"


def test_the_vehicles_of_the_file_are_a_limit(tiny):
    """VEHICULOS is kept; 0 leaves the number free."""
    fleet = read_carp(tiny).problem.fleets[0]
    assert (fleet.start, fleet.end, fleet.count, fleet.capacity) == (0, 0, 2, 5)
    tiny.write_text(TINY.replace("VEHICULOS : 2", "VEHICULOS : 0"))
    instance = read_carp(tiny)
    assert instance.problem.fleets[0].count == 1
    assert instance.vehicles.startswith("free")


def test_cost_counts_all_that_is_driven(tiny):
    """Services at their own cost, ways between them at the shortest, in both directions."""
    instance = read_carp(tiny)
    around = Solution((Route(0, 0, ((0, 0), (1, 0))),), (0, 0))
    backwards = Solution((Route(0, 0, ((0, 1), (1, 1))),), (0, 0))
    assert instance.cost_of(around) == 4 + 1 + 10 + 2
    assert instance.cost_of(backwards) == 4 + 4 + 2 + 10 + 1 + 4
    for solution in (around, backwards):
        assert cost_of(instance.problem, solution) == instance.cost_of(solution)
        assert check(instance.problem, solution) == []


def test_arcs_are_driven_in_their_direction_only(tmp_path):
    """Mixed CARP: an arco has one mode, and the shortest ways keep to it."""
    path = tmp_path / "mixed.dat"
    path.write_text(MIXED)
    instance = read_carp(path)
    assert instance.kind == "mixed CARP"
    assert instance.stop_names == (("1-2", "2-1"), ("3-4",))
    assert instance.problem.cost[0, 0, 3] == 4 + 1 + 10  # 4-1 is not driven backwards
    solution = Solution((Route(0, 0, ((1, 0), (0, 1))),), (0, 0))
    assert instance.cost_of(solution) == (4 + 1) + 10 + (2 + 4) + 4
    assert cost_of(instance.problem, solution) == instance.cost_of(solution)


def test_a_place_that_cannot_be_reached_costs_infinitely(tmp_path):
    """One-way streets that lead nowhere are no error of the file: there is no way back."""
    path = tmp_path / "trap.dat"
    path.write_text(MIXED.replace(" (4,1) coste 2\n", " (1,4) coste 2\n"))
    instance = read_carp(path)
    assert np.isinf(instance.problem.cost[0, 3, 0])
    assert instance.cost_of(Solution((Route(0, 0, ((1, 0),)),), (0, 0))) == np.inf


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (" VERTICES : 4\n", "", 1, "the keyword VERTICES is missing"),
        ("VERTICES : 4", "VERTICES : four", 3, "VERTICES is not a number"),
        ("VERTICES : 4", "VERTICES : 3", 12, "there is no node 4"),
        ("ARISTAS_REQ : 2", "ARISTAS_REQ : 3", 4, "ARISTAS_REQ says 3, listed are 2"),
        ("CAPACIDAD : 5", "CAPACIDAD : 0", 7, "CAPACIDAD must be"),
        ("coste 4 demanda 3", "coste 4", 11, r"expected '\( u, v\) coste c demanda q'"),
        (
            "( 2, 3)   coste 1",
            "( 2, 3)   coste 1 demanda 1",
            14,
            r"coste c' in LISTA_ARISTAS_NOREQ",
        ),
        ("coste 4 demanda", "coste -4 demanda", 11, "coste must be"),
        ("( 1, 2)", "( 0, 2)", 11, "node must be"),
        ("DEPOSITO :   1", "DEPOSITO :   5", 16, "the depot 5 is no node"),
        ("DEPOSITO :   1", "VERTICES : 4", 16, "VERTICES is there twice"),
        (" COMENTARIO : 999 (cota superior)", " cota superior", 2, "expected 'KEYWORD : value'"),
    ],
)
def test_what_is_malformed_is_named_with_its_line(tiny, old, new, line, message):
    """Every malformed file is refused with its name and the line at fault."""
    assert old in TINY
    tiny.write_text(TINY.replace(old, new, 1))
    with pytest.raises(ValueError, match=message) as refused:
        read_carp(tiny)
    assert str(refused.value).startswith(f"{tiny}, line {line}: ")


#: The same graph as TINY, in the format of mval and Lpr, the second edge as arcs, serving dearer.
ENGLISH = """NAME : tiny.dat
NODES : 4
REQ_EDGES : 1
NOREQ_EDGES : 0
REQ_ARCS : 1
NOREQ_ARCS : 2
VEHICLES : 2
CAPACITY : 5
DUMPING_COST : 300
MAX_TRIP : 28800
LIST_REQ_EDGES :
(1,2)   serv_cost 9    trave_cost 4    demand 3
LIST_REQ_ARCS :
(3,4)   serv_cost 10   trav_cost 8   demand 2
LIST_NOREQ_ARCS :
(2,3)   cost 1
(4,1)   cost 2
DEPOT : 1
"""
#: The format of EGL-G: nodes count from 0, a demand of 0 is none; an accent lost on the way.
TABLE = """NOME: tiny
VERTICES: 4
DEPOSITO: 0
ARESTAS REQUERIDAS: 2
ARESTAS N\xc3O REQUERIDAS: 2
VEICULOS: 2
CAPACIDADE: 5
CUSTO TOTAL DAS ARESTAS REQUERIDAS: 14
   NODOS     CUSTO    PROCURA
  0    1     4      3
  2    3    10      2
  1    2     1      0
  3    0     2      0
END
what follows the end
"""


def test_serving_may_cost_more_than_driving(tmp_path):
    """English lists: what is inside is the cost of serving, what is driven that of driving."""
    path = tmp_path / "english.txt"
    path.write_text(ENGLISH)
    instance = read_instance(path)
    assert (instance.kind, instance.problem.fleets[0].count) == ("mixed CARP", 2)
    assert instance.vehicles == "at most 2, as the file says; MAX_TRIP, DUMPING_COST left out"
    around = Solution((Route(0, 0, ((0, 0), (1, 0))),), (0, 0))
    assert instance.cost_of(around) == cost_of(instance.problem, around) == 9 + 1 + 10 + 2
    assert instance.problem.cost[0, 2, 3] == 8  # driven, not served
    path.write_text(ENGLISH.replace("DUMPING_COST : 300\nMAX_TRIP : 28800\n", ""))
    assert read_carp(path).vehicles == "at most 2, as the file says"


def test_parallel_links_are_told_apart_by_their_lines(tmp_path):
    """Two required links between the same nodes have names that say which is meant."""
    path = tmp_path / "parallel.dat"
    path.write_text(
        TINY.replace("ARISTAS_REQ : 2", "ARISTAS_REQ : 3", 1).replace(
            " LISTA_ARISTAS_NOREQ", " ( 1, 2)  coste 5 demanda 1\n LISTA_ARISTAS_NOREQ"
        )
    )
    names = read_carp(path).stop_names
    assert names == (
        ("1-2 (line 11)", "2-1 (line 11)"), ("3-4", "4-3"), ("1-2 (line 13)", "2-1 (line 13)"),
    )  # fmt: skip


def test_tables_of_edges_may_count_their_nodes_from_0(tmp_path):
    """Portuguese or English table: the file's names stay in what is said about a solution."""
    path = tmp_path / "EGL-G0-A.dat"
    path.write_bytes(TABLE.encode("latin-1"))
    instance = read_instance(path)
    assert instance.stop_names == (("0-1", "1-0"), ("2-3", "3-2"))
    assert instance.problem.fleets[0].start == 0
    around = Solution((Route(0, 0, ((0, 0), (1, 0))),), (0, 0))
    assert instance.cost_of(around) == cost_of(instance.problem, around) == 4 + 1 + 10 + 2
    english = (
        TABLE.replace("NOME:", "NAME :").replace("DEPOSITO: 0", "DEPOT : 1")
        .replace("ARESTAS N\xc3O REQUERIDAS:", "NON-REQUIRED EDGES :")
        .replace("ARESTAS REQUERIDAS:", "REQUIRED EDGES :", 1).replace("VEICULOS:", "VEHICLES :")
        .replace("CAPACIDADE:", "CAPACITY :")
        .replace("NODOS     CUSTO    PROCURA", "NODES COST DEMAND")
        .replace("  3    0  ", "  3    4  ").replace("  0    1  ", "  4    1  ")
    )  # fmt: skip
    path.write_text(english)
    instance = read_instance(path)
    assert instance.stop_names == (("4-1", "1-4"), ("2-3", "3-2"))


@pytest.mark.parametrize(
    ("text", "old", "new", "line", "message"),
    [
        (ENGLISH, "REQ_ARCS : 1", "REQ_ARCS : 2", 5, "REQ_ARCS says 2, listed are 1"),
        (ENGLISH, "trav_cost 8", "weight 8", 14, "in LIST_REQ_ARCS"),
        (ENGLISH, "trav_cost 8", "trav_cost 8 cost 8", 14, "in LIST_REQ_ARCS"),
        (ENGLISH, "(4,1)   cost 2", "(4,1)   cost 2 3", 17, "in LIST_NOREQ_ARCS"),
        (ENGLISH, "serv_cost 10", "serv_cost -1", 14, "serv_cost must be"),
        (ENGLISH, "LIST_NOREQ_ARCS", "LIST_REQ_ARCS", 15, "LIST_REQ_ARCS is there twice"),
        (TABLE, "  3    0     2      0", "  3    0     2", 13, "expected 'u v cost demand'"),
        (TABLE, "  3    0     2      0", "  3    4     2      0", 13, "there is no node 4"),
        (TABLE, "DEPOSITO: 0", "DEPOSITO: 4", 3, "the depot 4 is no node"),
        (TABLE, "REQUERIDAS: 2", "REQUERIDAS: 3", 4, "ARESTAS REQUERIDAS says 3, listed are 2"),
    ],
)
def test_what_is_malformed_in_other_formats_is_named_with_its_line(
    tmp_path, text, old, new, line, message
):
    """Errors speak in the words of the file and point to its line."""
    assert old in text
    path = tmp_path / "tiny.txt"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ValueError, match=message) as refused:
        read_carp(path)
    assert str(refused.value).startswith(f"{path}, line {line}: ")


def _announced(path, keyword):
    """Return a number that a file states about itself."""
    lines = path.read_text("utf-8", "replace").splitlines()
    (text,) = [line.split(":")[1] for line in lines if line.strip().startswith(f"{keyword} ")]
    return float(text)


@needs_shared
@pytest.mark.shared
def test_published_instances_are_read_whole():
    """All 81 have the edges that they announce and room for the demand; both counts agree."""
    paths = sorted(SHARED.glob("*.dat"))
    assert len(paths) == 81
    for path in paths:
        instance = read_carp(path)
        problem, fleet = instance.problem, instance.problem.fleets[0]
        assert len(problem.tasks) == _announced(path, "ARISTAS_REQ")
        assert fleet.count == _announced(path, "VEHICULOS")
        assert sum(task.demand for task in problem.tasks) <= fleet.count * fleet.capacity
        assert instance.best_known is not None
        inside = sum(task.modes[0].cost for task in problem.tasks)
        assert inside <= instance.best_known
        routes = tuple(Route(0, 0, ((task, task % 2),)) for task in range(len(problem.tasks)))
        solution = Solution(routes, (0,) * len(routes))
        assert instance.cost_of(solution) == cost_of(problem, solution) >= instance.best_known
        assert {found.code for found in check(problem, solution)} <= {"fleet-count"}


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("name", ["gdb1", "val1A"])
def test_a_proven_optimum_is_reached_exactly(name):
    """What the engine finds costs the proven optimum of the literature: the same is counted."""
    instance = read_carp(SHARED / f"{name}.dat")
    assert instance.best_known is not None
    stop = MaxRuntime(20) | TargetObjective(instance.best_known)
    found = solve(instance.problem, stop, seed=1).best
    assert found is not None
    assert check(instance.problem, found) == []
    assert instance.cost_of(found) == instance.best_known
