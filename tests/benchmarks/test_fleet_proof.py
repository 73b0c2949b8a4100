"""The proof that a CARP solution is the cheapest with all of a tight fleet, against brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations, product

import numpy as np
import pytest

from benchmarks import fleet_proof
from benchmarks.fleet_proof import bounded, cheapest, loads_of, main
from optimizer import Fleet, Mode, Pattern, PeriodicProblem, Task
from optimizer.published import read_instance

#: Seven streets with 12 to pick up, three vehicles that hold 4 each: all must be full.
TIGHT = """NOMBRE : tight
COMENTARIO : seven streets
VERTICES : 5
ARISTAS_REQ : 7
ARISTAS_NOREQ : 0
VEHICULOS : 3
CAPACIDAD : 4
TIPO_COSTES_ARISTAS : EXPLICITOS
COSTE_TOTAL_REQ : 24
LISTA_ARISTAS_REQ :
( 1, 2)   coste 3   demanda 2
( 2, 3)   coste 4   demanda 1
( 3, 4)   coste 2   demanda 3
( 4, 1)   coste 5   demanda 1
( 1, 5)   coste 6   demanda 2
( 5, 3)   coste 1   demanda 1
( 2, 5)   coste 3   demanda 2
DEPOSITO : 1
"""


def streets(seed: int, *, one_way: bool = False) -> PeriodicProblem:
    """Return seven random streets for three vehicles with hardly any room."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 10, (8, 2))
    way = np.round(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
    tasks = []
    for _ in range(7):
        a, b = (int(x) for x in rng.choice(8, 2, replace=False))
        modes = (Mode(a, b, cost=3.0), Mode(b, a, cost=3.0))
        demand = float(rng.integers(1, 4))
        tasks.append(Task(modes[: 1 if one_way else 2], (Pattern(1),), demand))
    capacity = -(-sum(task.demand for task in tasks) // 3) + 1.0
    fleet = Fleet(0, 0, 3, capacity=capacity)
    return PeriodicProblem(way[None], way[None], (0,), tuple(tasks), (fleet,))


def round_cost(problem: PeriodicProblem, chosen: tuple[int, ...]) -> float:
    """Return the least cost of a round through some tasks, by trying all orders and directions."""
    least = np.inf
    for order in permutations(chosen):
        for modes in product(*(problem.tasks[t].modes for t in order)):
            here, cost = 0, 0.0
            for mode in modes:
                cost += problem.cost[0][here, mode.entry] + mode.cost
                here = mode.exit
            least = min(least, cost + problem.cost[0][here, 0])
    return float(least)


@pytest.mark.parametrize("seed", range(4))
def test_every_load_has_its_least_cost(seed):
    """The sets are all those that leave no more to the others than these can hold."""
    problem = streets(seed)
    found = loads_of(problem)
    demand = [task.demand for task in problem.tasks]
    most = problem.fleets[0].capacity
    wanted = {
        chosen: round_cost(problem, chosen)
        for size in range(1, 7)
        for chosen in combinations(range(7), size)
        if sum(demand) - 2 * most <= sum(demand[t] for t in chosen) <= most
    }
    sets = [tuple(np.flatnonzero(row).tolist()) for row in found.members]
    assert dict(zip(sets, found.cost.tolist(), strict=True)) == pytest.approx(wanted)
    assert len(sets) == len(wanted)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_cheaper_than_the_optimum_is_left_and_the_optimum_is(seed):
    """Where a partition into loads of a given cost exists it is found; where none does, none is."""
    problem = streets(seed)
    loads = loads_of(problem)
    rows = loads.members.astype(int)
    optimum = min(
        float(loads.cost[list(three)].sum())
        for three in combinations(range(len(rows)), 3)
        if (rows[list(three)].sum(axis=0) == 1).all()
    )
    bound, left = bounded(loads, 3, optimum)
    assert bound <= optimum + 1e-6
    assert cheapest(left, 3, optimum) == pytest.approx(optimum)
    bound, left = bounded(loads, 3, optimum - 1.0)
    assert cheapest(left, 3, optimum - 1.0) is None


def test_the_command_proves_what_the_search_found(tmp_path, capsys):
    """It says how many sets there are, what is listed, and that nothing costs less."""
    file = tmp_path / "tight.dat"
    file.write_text(TIGHT)
    (tmp_path / "bks.csv").write_text("instance,best_known\ntight,40\n")
    assert main([str(file), "--seconds", "0.5"]) == 0
    out = capsys.readouterr().out
    assert "(listed: 40)" in out
    assert "no solution costs less than" in out
    problem = read_instance(file).problem
    assert f"{len(loads_of(problem).cost)} sets of tasks" in out


def test_the_command_says_when_something_cheaper_is_there(tmp_path, capsys, monkeypatch):
    """A search that stopped short is contradicted."""
    file = tmp_path / "tight.dat"
    file.write_text(TIGHT)
    found = fleet_proof.solve

    def worse(*args, **kwargs):
        result = found(*args, **kwargs)
        object.__setattr__(result, "objective", result.objective + 1.0)
        return result

    monkeypatch.setattr(fleet_proof, "solve", worse)
    assert main([str(file), "--seconds", "0.5"]) == 1
    assert "not the cheapest" in capsys.readouterr().out


def test_problems_of_another_kind_are_refused(tmp_path, capsys, monkeypatch):
    """One-way streets, a vehicle too many, and more sets than can be gone through."""
    with pytest.raises(ValueError, match="the same both ways"):
        loads_of(streets(1, one_way=True))
    roomy = replace(streets(1), fleets=(Fleet(0, 0, 3, capacity=100.0),))
    with pytest.raises(ValueError, match="can stay at home"):
        loads_of(roomy)
    monkeypatch.setattr(fleet_proof, "MOST_SETS", 1)
    file = tmp_path / "tight.dat"
    file.write_text(TIGHT)
    assert main([str(file)]) == 2
    assert "too many for this proof" in capsys.readouterr().err
