"""The libraries that bring native code live in one process, and the command line starts light."""

from __future__ import annotations

import subprocess
import sys

_TOGETHER = """
import geopandas, numba, osmium, osmnx, pyogrio, pyproj, scipy.optimize, shapely, typst
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model
import numpy as np

model = cp_model.CpModel()
x = model.new_int_var(0, 9, "x")
model.maximize(x)
solver = cp_model.CpSolver()
assert solver.solve(model) == cp_model.OPTIMAL and solver.value(x) == 9

program = mathopt.Model()
y = program.add_variable(lb=0, ub=4)
program.maximize(y)
for kind in (mathopt.SolverType.GLOP, mathopt.SolverType.HIGHS):
    assert mathopt.solve(program, kind).objective_value() == 4

found = scipy.optimize.linprog([-1.0], bounds=[(0, 3)], method="highs")
assert found.x[0] == 3

@numba.njit
def total(numbers):
    return numbers.sum()

assert total(np.arange(4)) == 6
assert shapely.Point(1, 2).buffer(1).area > 3
"""


def _run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout


def test_solvers_and_geometry_share_one_process():
    """CP-SAT, GLOP, HiGHS, numba and the geometry libraries all work beside each other."""
    assert _run(_TOGETHER) == ""


def test_the_command_line_starts_without_the_heavy_libraries():
    """`xuncha --help` answers at once because nothing heavy is imported before a verb runs."""
    loaded = _run("import cli, sys; print(*sys.modules)").split()
    heavy = {"numpy", "pandas", "shapely", "pydantic", "geopandas", "ortools", "numba", "osmnx"}
    assert heavy.isdisjoint(loaded)
