"""The room's door: every name is there, and opening it costs nothing."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import network


def test_every_name_offered_is_there() -> None:
    """All public names resolve; others raise AttributeError."""
    for name in network.__all__:
        assert getattr(network, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = network.nonsense


def test_no_name_is_hidden_by_its_module() -> None:
    """Loading a module sets the room's attribute of that name, so no name offered bears one."""
    modules = {module.name for module in pkgutil.iter_modules(network.__path__)}
    assert modules & set(network.__all__) == set()


def test_importing_the_room_loads_nothing_heavy() -> None:
    """Neither osmium nor osmnx, geopandas, scipy or shapely load before they are used."""
    heavy = "{'osmium', 'osmnx', 'geopandas', 'scipy', 'shapely', 'pyproj'}"
    code = f"import sys, network, network.problems; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
