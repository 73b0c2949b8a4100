"""The linear programme of the bounds: right, forgetful where told, and hard to break."""

import numpy as np
import pytest

from optimizer import bound_master
from optimizer.bound_master import Master


def covering() -> Master:
    """Return two rows to be covered once and twice, by columns of one row each."""
    master = Master([1.0, 2.0], [np.inf, np.inf])
    master.add([(0, 1.0)], 4.0, stays=True)
    master.add([(1, 1.0)], 4.0, stays=True)
    return master


def test_columns_come_in_and_duals_follow():
    """A column that covers both rows for 5 saves 3; the same column again is none."""
    master = covering()
    assert master.solve()[0] == pytest.approx(12.0)
    assert master.add([(1, 1.0), (0, 1.0)], 5.0)
    assert not master.add([(0, 1.0), (1, 1.0)], 5.0)
    assert master.add([(0, 1.0), (1, 1.0)], 6.0)
    value, duals = master.solve()
    assert value == pytest.approx(9.0)
    assert duals @ [1.0, 2.0] == pytest.approx(9.0)


def test_what_is_of_little_use_is_forgotten(monkeypatch):
    """Beyond the limit the dear half goes; what stays for good stays, the value too."""
    monkeypatch.setattr(bound_master, "COLUMNS_PER_ROW", 3)
    master = covering()
    for cost in range(5, 15):
        master.add([(0, 1.0), (1, 1.0)], float(cost))
    before, _ = master.solve()
    assert len(master) < 12
    assert master.solve()[0] == pytest.approx(before)
    assert not master.add([(0, 1.0)], 4.0)


def test_a_column_can_become_dearer():
    """The first row's own column at 7 instead of 4 adds 3, and is known at its new cost only."""
    master = covering()
    assert master.solve()[0] == pytest.approx(12.0)
    master.change_cost([(0, 1.0)], 4.0, 7.0)
    assert master.solve()[0] == pytest.approx(15.0)
    assert not master.add([(0, 1.0)], 7.0)
    assert master.add([(0, 1.0)], 4.0)
    assert master.solve()[0] == pytest.approx(12.0)


def test_a_solver_that_fails_once_is_begun_anew(monkeypatch):
    """An error of the solver costs time only; without any solution ArithmeticError is raised."""
    master = covering()

    class Broken:
        def solve(self, **options):
            raise RuntimeError("abnormal")

    master._solver = Broken()
    assert master.solve()[0] == pytest.approx(12.0)
    with pytest.raises(ArithmeticError):
        Master([1.0], [np.inf]).solve()
