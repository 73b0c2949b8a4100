"""A county of two stations and a squad on a grid of roads, with zones that nobody has yet."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from tests.bad_input.small_county import make_small_county, on_grid, write_features

ZONES = 12


def write_zones(folder: Path, **columns: list[str]) -> None:
    places = [on_grid(column, row) for row in (0.5, 2.5, 4.5) for column in (0, 1.5, 3.5, 5)]
    blank = [""] * ZONES
    write_features(
        folder / "zones.gpkg",
        [shapely.Point(place) for place in places],
        {
            "id": [f"Z{number:02}" for number in range(ZONES)],
            "name": [f"村{number}" for number in range(ZONES)],
            "level": ["1"] * ZONES,
            "kind": ["village"] * ZONES,
            "unit_township": blank,
            "unit_county": blank,
            "responsible_township": blank,
            "备注": [f"注{number}" for number in range(ZONES)],
            **columns,
        },
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make_small_county(tmp_path / "county")
    (folder / "leave.csv").unlink()
    (folder / "history.csv").unlink()
    with (folder / "inspectors.csv").open("a", encoding="utf-8") as stream:
        stream.write("P5,钱五,S2,22000005,2022-01-01,2028-12-31,yes\n")
        stream.write("P6,孙六,S2,22000006,2022-01-01,2028-12-31,yes\n")
    write_features(
        folder / "stations.gpkg",
        [shapely.Point(on_grid(*place)) for place in ((1, 2), (4, 2), (2, 3))],
        {
            "id": ["S1", "S2", "C1"],
            "name": ["西乡所", "东乡所", "执法一中队"],
            "authority": ["township", "township", "county"],
            "township": ["西乡", "东乡", ""],
        },
    )
    write_zones(folder)
    return folder
