"""Route sheets: one page per patrol; sealed ones without zones, times or map."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from reports.figures import Figures
from reports.fonts import missing_characters
from reports.route_sheets import SheetMaker, ledger_numbers, map_height_mm, write_route_sheets
from reports.sheet_map import MapMaker
from scheduling.plan.model import Patrol, PatrolKind


def ignore(done: int, total: int) -> None:
    """Take progress and do nothing."""


@pytest.fixture(scope="module")
def pdfs(figures: Figures, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Write the sheets once for all tests of this file."""
    folder = tmp_path_factory.mktemp("sheets")
    write_route_sheets(figures, folder, "zh", ignore)
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.pdf"))}


def first_route(figures: Figures) -> Patrol:
    """Return the first regular patrol of the first station."""
    return figures.patrols_by_unit["U01"][0]


def sheet_of(figures: Figures, patrol: Patrol) -> dict[str, object]:
    """Return the sheet's data of one patrol, found by its ledger number."""
    maker = SheetMaker(figures, "zh")
    (quarter,) = figures.quarters
    unit = figures.all_units[patrol.unit]
    data = maker.document(unit, quarter, [patrol])
    (sheet,) = data["sheets"]
    return dict(sheet)


def test_every_patrol_has_one_page_of_a4(figures: Figures, pdfs: dict[str, bytes]) -> None:
    """As many pages as patrols, all A4: no name was taken for a page setting."""
    assert len(pdfs) == 3
    sizes = [re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf) for pdf in pdfs.values()]
    assert sum(len(boxes) for boxes in sizes) == len(figures.plan.patrols)
    corners = {tuple(round(float(x)) for x in box.split()) for boxes in sizes for box in boxes}
    assert corners == {(0, 0, 595, 842)}


def test_the_same_plan_gives_the_same_bytes(
    figures: Figures, pdfs: dict[str, bytes], tmp_path: Path
) -> None:
    """The timestamp is the quarter's first day, not the clock's."""
    write_route_sheets(figures, tmp_path, "zh", ignore)
    again = {path.name: path.read_bytes() for path in sorted(tmp_path.rglob("*.pdf"))}
    assert again == pdfs


def test_a_sheet_tells_stops_in_order_with_times(figures: Figures) -> None:
    """Stops, arrival, minutes, crew with certificates, vehicle and ledger number are the plan's."""
    patrol = first_route(figures)
    sheet = sheet_of(figures, patrol)
    stops = sheet["stops"]
    assert isinstance(stops, list)
    assert [stop[3] for stop in stops] == [visit.zone for visit in patrol.visits]
    assert stops[0][4] == figures.zone_name(patrol.visits[0].zone)
    assert [stop[1] for stop in stops] == sorted(stop[1] for stop in stops)
    assert sheet["crew"][0][:2] == ["赵敏", "吉执01000"]  # type: ignore[index]
    assert sheet["vehicle"] == "吉B·01A701"
    assert sheet["number"] == f"XC{patrol.day:%Y%m%d}00201"
    assert sheet["weekday"] == "周三"


def test_a_sealed_patrol_has_crew_and_vehicle_only(figures: Figures) -> None:
    """The sheet of a spot check names no zone and no time."""
    (sealed,) = [p for p in figures.plan.patrols if p.kind == PatrolKind.SPOT_CHECK]
    sheet = sheet_of(figures, sealed)
    assert sheet["sealed"] == "抽查，见密封件"
    assert sheet["crew"]
    assert sheet["vehicle"]
    assert (sheet["stops"], sheet["map"], sheet["shift"]) == ([], -1, "")


def test_manner_of_inspection_is_said(figures: Figures) -> None:
    """Driving along, walking and partial sight are told; a plain stop needs no word."""
    maker = SheetMaker(figures, "zh")
    stop = replace(first_route(figures).visits[0], inside_length_m=0.0)
    seen = replace(stop, inside_length_m=1300.0, walk_seconds=61, seen_share=0.8)
    assert maker.manner(stop) == ""
    assert maker.manner(seen) == "沿路 1.3km · 步行 2 分钟 · 可见 80%"


def test_maps_drawn_for_several_patrols_are_stored_once(figures: Figures) -> None:
    """Two patrols of one route share one map."""
    (quarter,) = figures.quarters
    patrol = first_route(figures)
    twin = replace(patrol, day=patrol.day.replace(day=30))
    plan = replace(figures.plan, patrols=(patrol, twin))
    again = Figures(plan, figures.audit)
    data = SheetMaker(again, "zh").document(again.units[1], quarter, [patrol, twin])
    assert len(data["maps"]) == 1
    assert [sheet["map"] for sheet in data["sheets"]] == [0, 0]


def test_missing_glyphs_are_reported(figures: Figures) -> None:
    """Rare characters of names are drawn; one without a glyph is named on the sheet."""
    assert missing_characters("镕堃𠮷 a\n") == ""
    assert missing_characters("a🙂\u0378") == "\u0378🙂"
    county = figures.plan.county
    units = tuple(replace(unit, name=unit.name + "🙂") for unit in county.units)
    odd = Figures(replace(figures.plan, county=replace(county, units=units)), figures.audit)
    (quarter,) = odd.quarters
    data = SheetMaker(odd, "zh").document(odd.units[1], quarter, [first_route(odd)])
    assert data["missing"] == "U+1F642"


def test_an_unlawful_plan_says_so_on_every_sheet(unlawful: Figures) -> None:
    """The label is the first of the sheet's notes."""
    (quarter,) = unlawful.quarters
    data = SheetMaker(unlawful, "en").document(unlawful.units[1], quarter, [first_route(unlawful)])
    assert not data["lawful"]
    assert data["notes"][0] == "NOT LAWFUL"


def test_ledger_numbers_are_unique_and_well_formed(figures: Figures) -> None:
    """XC, the day, five digits; no two patrols share one."""
    numbers = ledger_numbers(figures)
    assert len({*numbers.values()}) == len(figures.plan.patrols)
    assert all(re.fullmatch(r"XC\d{8}\d{5}", number) for number in numbers.values())


def test_the_map_leaves_room_for_the_stops() -> None:
    """More stops, lower map; very many get a page of their own for the ledger."""
    heights = [map_height_mm(stops) for stops in range(1, 19)]
    assert heights == sorted(heights, reverse=True)
    assert (heights[0], map_height_mm(30)) == (92.0, 92.0)
    assert heights[-1] > 40


def test_many_stops_take_a_second_page(figures: Figures, tmp_path: Path) -> None:
    """A patrol of more stops than a page holds has its ledger on the next."""
    patrol = first_route(figures)
    visits = tuple(replace(patrol.visits[0], id=str(i)) for i in range(24))
    legs = (patrol.legs[0],) * 25
    plan = replace(figures.plan, patrols=(replace(patrol, visits=visits, legs=legs),))
    write_route_sheets(Figures(plan, figures.audit), tmp_path, "zh", ignore)
    (path,) = tmp_path.rglob("*.pdf")
    assert len(re.findall(rb"/MediaBox", path.read_bytes())) == 2


def test_a_map_is_sound_xml_with_home_stops_and_roads(figures: Figures) -> None:
    """The SVG parses, numbers its stops, and holds no user text."""
    patrol = first_route(figures)
    text = MapMaker(figures).svg(patrol, 92)
    root = ET.fromstring(text)
    labels = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [label for label in labels if label and label.isdigit()] == [
        str(number) for number in range(1, len(patrol.visits) + 1)
    ]
    assert "script" not in text
    assert len(text) < 20_000


def test_crowded_roads_lose_the_smallest_first(figures: Figures) -> None:
    """Where roads are too many to draw, great ones stay."""
    patrol = first_route(figures)
    shape = patrol.legs[0].shape_lonlat
    zigzag = np.linspace(shape.min(axis=0), shape.max(axis=0), 4000)
    zigzag[::2, 0] += 0.01
    roads = (("primary", shape), ("track", zigzag))
    crowded = Figures(replace(figures.plan, road_lines=roads), figures.audit)
    text = MapMaker(crowded).svg(patrol, 92)
    assert "#e0c59f" in text
    assert "#e4e2dc" not in text


def test_discs_do_not_cover_each_other(figures: Figures) -> None:
    """Stops at one place are drawn apart and tied to their place."""
    patrol = first_route(figures)
    visits = (patrol.visits[0],) * 4
    text = MapMaker(figures).svg(replace(patrol, visits=visits), 92)
    root = ET.fromstring(text)
    discs = [
        (float(node.get("cx", 0)), float(node.get("cy", 0)))
        for node in root.iter("{http://www.w3.org/2000/svg}circle")
        if node.get("r") == "2.1"
    ]
    assert len(discs) == 4
    gaps = [np.hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(discs) for b in discs[:i]]
    assert min(gaps) > 4


def test_the_data_is_plain_json(figures: Figures) -> None:
    """Everything the template reads goes through JSON unchanged."""
    (quarter,) = figures.quarters
    data = SheetMaker(figures, "zh").document(
        figures.units[1], quarter, list(figures.patrols_by_unit["U01"])
    )
    assert json.loads(json.dumps(data)) == data
