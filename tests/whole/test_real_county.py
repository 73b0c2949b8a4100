"""The whole way on real roads: Liechtenstein's extract, its municipalities as townships."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pyogrio
import pytest
from typer.testing import CliRunner

from network.problems import InputError
from scheduling.county import read_county

EXTRACT = Path(__file__).parents[3] / "shared" / "data" / "osm" / "liechtenstein.osm.pbf"

CERTIFICATE = ["certificate_number", "certificate_from", "certificate_until"]
PEOPLE = ["id", "name", "unit", *CERTIFICATE, "licensed"]
VEHICLES = ["id", "plate", "unit", "seats", "available_from", "available_until"]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not EXTRACT.exists(), reason="the shared Liechtenstein extract is missing"),
]


def xuncha(*arguments: str | Path) -> tuple[int, str]:
    """Run the command line; return exit code and standard output."""
    from cli import app

    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.stdout


def fill_in_people(folder: Path) -> None:
    """Do what a bureau does after ``xuncha new``: people, vehicles, who answers for which zone."""
    stations = pyogrio.read_dataframe(folder / "stations.gpkg")
    units = list(stations["id"])
    people, vehicles = [], []
    for unit, authority in zip(units, stations["authority"], strict=True):
        staff, cars = (8, 3) if authority == "county" else (4, 2)
        numbers = [(f"{unit}-P{n}", f"证{unit}{n:02d}") for n in range(1, staff + 1)]
        people += [[p, f"人员{p}", unit, c, "2024-01-01", "2029-12-31", "1"] for p, c in numbers]
        names = [f"{unit}-V{n}" for n in range(1, cars + 1)]
        vehicles += [[name, f"车{name}", unit, "5", "", ""] for name in names]
    write_csv(folder / "inspectors.csv", PEOPLE, people)
    write_csv(folder / "vehicles.csv", VEHICLES, vehicles)
    stations["head"] = [f"负责人{unit}" for unit in units]
    pyogrio.write_dataframe(stations, folder / "stations.gpkg", layer="stations")
    zones = pyogrio.read_dataframe(folder / "zones.gpkg")
    for authority in ("township", "county"):
        zones[f"responsible_{authority}"] = zones[f"unit_{authority}"].map(lambda u: f"{u}-P1")
    pyogrio.write_dataframe(zones, folder / "zones.gpkg", layer="zones")


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the county folder of the extract by ``xuncha new`` and fill it in."""
    folder = tmp_path_factory.mktemp("real") / "county"
    code, _ = xuncha("new", folder, "--osm", EXTRACT)
    assert code == 0
    with pytest.raises(InputError) as caught:
        read_county(folder)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["table.no-rows", "table.no-rows"]  # people and vehicles are never invented
    fill_in_people(folder)
    return folder


def test_municipalities_become_townships_of_zones_that_can_be_patrolled(folder: Path) -> None:
    """Eleven stations and one squad; neither a handful of huge zones nor hundreds of small ones."""
    county = read_county(folder)
    assert [unit.authority for unit in county.units] == ["county"] + ["township"] * 11
    assert {"Vaduz", "Schaan", "Planken"} <= {unit.township for unit in county.units}
    stations = [unit.id for unit in county.units[1:]]
    zones_of = Counter(zone.units["township"] for zone in county.zones)
    assert all(3 <= zones_of[station] <= 30 for station in stations)
    assert {zone.level for zone in county.zones} == {1, 2, 3}
    assert all(zone.units["county"] == "C01" and zone.reasons for zone in county.zones)


def test_a_month_is_planned_lawfully_and_published(folder: Path, tmp_path: Path) -> None:
    """Every zone is reached on the roads; a month's plan passes the audit; every document."""
    plan, documents = tmp_path / "plan.gpkg", tmp_path / "documents"
    scope = ["--year", "2026", "--from", "2026-04-01", "--to", "2026-04-30", "--workers", "2"]
    code, printed = xuncha("plan", folder, *scope, "--out", plan, "--json")
    assert code == 0, printed
    code, printed = xuncha("audit", plan, "--county", folder, "--json")
    report = json.loads(printed)
    assert report["lawful"], report["findings"][:5]
    assert code == 0
    code, _ = xuncha("publish", plan, "--out", documents)
    assert code == 0
    kinds = {path.suffix for path in documents.rglob("*") if path.is_file()}
    assert {".docx", ".pdf", ".xlsx", ".html"} <= kinds
