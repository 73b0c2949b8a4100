"""The linear programme of both bounds, solved again and again as columns come in (GLOP)."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: A column: its cost, and (row, entry) in order.
Key = tuple[float, tuple[tuple[int, float], ...]]

#: Beyond so many columns a row, the dearest half of the columns is forgotten.
COLUMNS_PER_ROW = 30


class Master:
    """Minimise the cost of columns subject to ``least <= sum of their entries <= most`` a row."""

    def __init__(self, least: Sequence[float], most: Sequence[float]) -> None:
        self._limits = list(zip(map(float, least), map(float, most), strict=True))
        self._columns: dict[Key, bool] = {}
        self._begin()

    def __len__(self) -> int:
        return len(self._columns)

    def _begin(self) -> None:
        """Make the model anew from the columns known."""
        from ortools.math_opt.python import mathopt

        self._model = mathopt.Model()
        self._rows = [self._model.add_linear_constraint(lb=lo, ub=hi) for lo, hi in self._limits]
        self._variables = {key: self._variable(key) for key in self._columns}
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        nothing = mathopt.VariableFilter(filtered_items=[])
        self._wanted = mathopt.ModelSolveParameters(
            variable_values_filter=nothing, reduced_costs_filter=nothing
        )
        self._how = mathopt.SolveParameters(
            lp_algorithm=mathopt.LPAlgorithm.PRIMAL_SIMPLEX, presolve=mathopt.Emphasis.OFF
        )

    def _variable(self, key: Key) -> Any:
        """Put a column into the model."""
        cost, entries = key
        variable = self._model.add_variable(lb=0.0, ub=inf)
        self._model.objective.set_linear_coefficient(variable, cost)
        for row, entry in entries:
            self._rows[row].set_coefficient(variable, entry)
        return variable

    def add(
        self, entries: Sequence[tuple[int, float]], cost: float, *, stays: bool = False
    ) -> bool:
        """Add a column of (row, entry), unless it is there; ``stays`` keeps it for good."""
        key = (cost, tuple(sorted(entries)))
        if key in self._columns:
            return False
        self._columns[key] = stays
        self._variables[key] = self._variable(key)
        return True

    def change_cost(self, entries: Sequence[tuple[int, float]], cost: float, to: float) -> None:
        """Let a column that is there cost something else."""
        before, after = (cost, tuple(sorted(entries))), (to, tuple(sorted(entries)))
        self._columns[after] = self._columns.pop(before)
        self._variables[after] = self._variables.pop(before)
        self._model.objective.set_linear_coefficient(self._variables[after], to)

    def solve(self) -> tuple[float, Floats]:
        """Return the least cost and the rows' duals. Raises ArithmeticError when there is none."""
        result = self._once()
        if result is None:  # GLOP may lose its way when columns come and go
            self._begin()
            result = self._once()
        if result is None:
            raise ArithmeticError("the linear programme was not solved")
        duals = np.array(result.dual_values(self._rows))
        if len(self._columns) > COLUMNS_PER_ROW * len(self._rows):
            self._forget(duals)
        return float(result.objective_value()), duals

    def _once(self) -> Any:
        """Solve; None when the solver fails."""
        try:
            result = self._solver.solve(params=self._how, model_params=self._wanted)
        except Exception:  # it raises what its errors are made into, of several types
            return None
        return result if result.has_dual_feasible_solution() else None

    def _forget(self, duals: Floats) -> None:
        """Drop the half of the columns that are farthest from being of use."""
        left = {
            key: key[0] - sum(duals[row] * entry for row, entry in key[1])
            for key, stays in self._columns.items()
            if not stays
        }
        edge = max(float(np.median(list(left.values()))), 1e-9)
        for key in [key for key, reduced in left.items() if reduced > edge]:
            del self._columns[key]
            self._model.delete_variable(self._variables.pop(key))
