"""Least staff: for how many units it is proven exactly, on generated counties and real roads.

``python -m benchmarks.frontier [--seeds N] [--shifts 300,360] [--workers W] [--shared DIR]``: a
small county of each seed, its sizes drawn from it, and county folders made from the extracts in
``DIR/data/osm``. Of each the least inspectors with the vehicles there are and the least vehicles,
over the year 2026, every upper end by an audited plan. Rows go to ``results/frontier.csv``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from time import perf_counter

from rich.console import Console

from benchmarks.table import WIDTH, Row, readable, write_csv
from examples import SampleSize, generate_county
from scenarios.staffing import least_staff
from scenarios.staffing_model import Count, Staffing, StaffingOptions
from scheduling.county.settings import CapSettings
from scheduling.county.writer import new_county
from scheduling.inputs import PlanInputs, load_inputs

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
YEAR = 2026
#: A crew: no number of people below it is ever enough, so those units prove nothing of counts.
_FLOOR = 2
#: Extracts that a county can be made of: 12 units, and twice one station and one squad.
EXTRACTS = ("liechtenstein.osm.pbf", "guixi-jiangxi.osm", "heidelberg-odenwald.osm.pbf")


@dataclass(frozen=True)
class FrontierRow(Row):
    """One county: of its units and of all cells (vehicles x shift) those proven exactly.

    ``above_floor`` are the units that need more than a crew; ``least_people`` and
    ``least_vehicles`` the county's sums, intervals where not exact.
    """

    units: int
    exact_units: int
    above_floor: int
    exact_above_floor: int
    exact_vehicles: int
    cells: int
    exact_cells: int
    least_people: str
    least_vehicles: str
    wall_seconds: float
    cpu_seconds: float


def size_of(seed: int) -> SampleSize:
    """Return the size of a seed's county: one to three stations and a squad."""
    draw = Random(f"frontier {seed}")
    return SampleSize(
        townships=draw.randint(1, 3),
        zones_per_township=draw.randint(8, 36),
        squads=1,
        vehicles_per_squad=draw.randint(1, 2),
        township_km2=float(draw.choice((60, 120, 240))),
        scenery=False,
    )


def caps_of(seed: int) -> CapSettings:
    """Return the caps of a seed's county: in every other one people go out once a week.

    Under our own caps a crew is enough for every small station, and nothing but the crew binds.
    """
    seldom = CapSettings(patrol_days_per_week=1, patrol_days_per_28_days=4)
    return CapSettings() if seed % 2 else seldom


def generated(seeds: Sequence[int], shifts: tuple[int, ...], workers: int) -> Iterator[FrontierRow]:
    """Measure a generated county of each seed."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "county"
            size = size_of(seed)
            generate_county(folder, size=size, seed=seed)
            inputs = load_inputs(folder, year=YEAR)
            settings = inputs.county.settings.model_copy(update={"caps": caps_of(seed)})
            inputs = replace(inputs, county=replace(inputs.county, settings=settings))
            days = settings.caps.patrol_days_per_week
            area = f"{size.township_km2:.0f} km2"
            zones = f"{size.townships} x {size.zones_per_township} zones"
            note = f"{zones}, {area} each, {days} days a week"
            yield _measure(f"seed {seed}", note, inputs, shifts, workers)


def extracts(shared: Path, shifts: tuple[int, ...], workers: int) -> Iterator[FrontierRow]:
    """Measure the extracts that are there; what is not is passed over."""
    for name in EXTRACTS:
        source = shared / "data" / "osm" / name
        if not source.is_file():
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "county"
            report = new_county(folder, osm_file=source, name=name)
            stations = [f"T{number:02}" for number in range(1, report.stations + 1)]
            squads = [f"C{number:02}" for number in range(1, report.squads + 1)]
            _fill_in(folder, [*squads, *stations])
            yield _measure(name, "", load_inputs(folder, year=YEAR), shifts, workers)


def _fill_in(folder: Path, units: Sequence[str]) -> None:
    """Give each unit two certified people, a vehicle, a head, and its zones someone responsible.

    Without them no plan is lawful, however many people there are (art. 12).
    """
    import pyogrio

    people = [
        f"{unit}-P{number},{unit}{number},{unit},22{row:04}{number},2024-01-01,2029-12-31,yes"
        for row, unit in enumerate(units)
        for number in (1, 2)
    ]
    cars = [f"{unit}-V1,A{row:04},{unit},5,," for row, unit in enumerate(units)]
    for name, rows in (("inspectors.csv", people), ("vehicles.csv", cars)):
        with (folder / name).open("a", encoding="utf-8", newline="") as stream:
            stream.write("\r\n".join([*rows, ""]))
    stations = pyogrio.read_dataframe(folder / "stations.gpkg")
    stations["head"] = [f"head of {unit}" for unit in stations["id"]]
    pyogrio.write_dataframe(stations, folder / "stations.gpkg", layer="stations")
    zones = pyogrio.read_dataframe(folder / "zones.gpkg")
    for authority in ("township", "county"):
        zones[f"responsible_{authority}"] = zones[f"unit_{authority}"].map("{}-P1".format)
    pyogrio.write_dataframe(zones, folder / "zones.gpkg", layer="zones")


def _measure(
    case: str, note: str, inputs: PlanInputs, shifts: tuple[int, ...], workers: int
) -> FrontierRow:
    wall, cpu = perf_counter(), _cpu_seconds()
    options = StaffingOptions(shifts=shifts, named=False)
    found = least_staff(inputs, options, workers=workers)
    return row_of(case, note, found, perf_counter() - wall, _cpu_seconds() - cpu)


def row_of(case: str, note: str, found: Staffing, wall: float, cpu: float) -> FrontierRow:
    """Count what is proven exactly."""
    units = found.own
    above = [u for u in units if not u.people.possible or u.people.lower > _FLOOR]
    cells = [cell.people for unit in units for cell in unit.frontier]
    return FrontierRow(
        case=case,
        note=note,
        units=len(units),
        exact_units=_exact([unit.people for unit in units]),
        above_floor=len(above),
        exact_above_floor=_exact([unit.people for unit in above]),
        exact_vehicles=_exact([unit.vehicles for unit in units]),
        cells=len(cells),
        exact_cells=_exact(cells),
        least_people=str(found.people),
        least_vehicles=str(found.vehicles),
        wall_seconds=wall,
        cpu_seconds=cpu,
    )


def _exact(counts: Sequence[Count]) -> int:
    return sum(count.exact for count in counts)


def _cpu_seconds() -> float:
    """Return the processor's seconds of this process and of those it has ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def summary(rows: Sequence[FrontierRow]) -> str:
    """Return what share of all units and cells is proven exactly."""

    def share(exact: int, of_all: int) -> str:
        return f"{exact} of {of_all} ({100 * exact / of_all:.0f} %)" if of_all else "none"

    units, above = sum(r.units for r in rows), sum(r.above_floor for r in rows)
    return (
        f"least people proven exactly: {share(sum(r.exact_units for r in rows), units)} units,"
        f" {share(sum(r.exact_above_floor for r in rows), above)} of those above a crew;"
        f" least vehicles: {share(sum(r.exact_vehicles for r in rows), units)};"
        f" cells: {share(sum(r.exact_cells for r in rows), sum(r.cells for r in rows))}"
    )


def main() -> None:
    """Measure, print a line a county as it is done, then the whole."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.frontier", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--shifts", default="300,360")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    chosen = parser.parse_args()
    shifts = tuple(sorted(int(part) for part in chosen.shifts.split(",")))
    console = Console(width=WIDTH, highlight=False)
    rows: list[FrontierRow] = []
    for measured in (
        generated(range(1, chosen.seeds + 1), shifts, chosen.workers),
        extracts(chosen.shared, shifts, chosen.workers),
    ):
        for row in measured:
            rows.append(row)
            console.print(
                f"{row.case} ({row.note}): {row.exact_units}/{row.units} units exact, people"
                f" {row.least_people}, vehicles {row.least_vehicles};"
                f" {readable(row.cpu_seconds)} s of the processor"
            )
            write_csv(rows, RESULTS / "frontier.csv")
    console.print(summary(rows))


if __name__ == "__main__":
    main()
