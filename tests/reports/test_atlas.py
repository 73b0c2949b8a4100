"""The atlas: one page, no network, its data complete, compact and harmless."""

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from shapely.geometry import MultiPolygon, box

from reports import atlas_data
from reports.atlas import atlas_page
from reports.atlas_data import Coder
from reports.figures import Figures

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def data_of(page: str) -> Any:
    """Return the page's data as its script reads it."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(text)


def decoded(text: str) -> list[tuple[int, int]]:
    """Decode a line as the page's script does."""
    numbers, value, shift = [], 0, 0
    for character in text:
        digit = DIGITS.index(character)
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    steps = np.array(numbers).reshape(-1, 2)
    return [(int(x), int(y)) for x, y in steps.cumsum(axis=0)]


@pytest.fixture(scope="module")
def page(figures: Figures) -> str:
    """Make the lawful plan's page once."""
    return atlas_page(figures, "zh")


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    """No address, no import: the page is whole, and its policy forbids fetching."""
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:https?:)?//[a-z]+\.", page)
    assert not re.findall(r"<(?:link|script|img)[^>]+(?:src|href)=\"(?!data:)", page)
    assert len(page) < 1_000_000


def test_users_text_is_data_never_markup(page: str) -> None:
    """Only the page's own two script elements exist, and nasty names survive in the data."""
    assert page.count("<script") == 2
    names = {zone["name"] for zone in data_of(page)["zones"]}
    assert {"<script>alert(1)</script>村", "\"引号'</script>", "]]></w:t>镕堃屯"} <= names


def test_the_county_name_is_escaped(figures: Figures) -> None:
    """What stands in the HTML itself is escaped by the template."""
    county = figures.plan.county
    settings = county.settings.model_copy(update={"name": "<b>县</b>"})
    plan = replace(figures.plan, county=replace(county, settings=settings))
    made = atlas_page(Figures(plan, figures.audit), "en")
    assert "<b>县</b>" not in made
    assert "&lt;b&gt;县&lt;/b&gt;" in made


def test_the_data_counts_as_the_plan_does(page: str, figures: Figures) -> None:
    """Patrols, stops, times, requirements and figures are the plan's."""
    data = data_of(page)
    rows = data["patrols"]["rows"]
    assert len(rows) == len(figures.plan.patrols)
    stops = data["patrols"]["stops"]
    assert sum(len(stops[row[8]]) for row in rows) == figures.totals.visits
    assert data["meta"]["visits"] == figures.totals.visits
    assert len(data["days"]) == len(figures.days)
    assert data["days"].count("w") == len(figures.plan.calendar.workdays)
    owed = [cell for zone in data["owed"] for rule in zone for cell in rule[2]]
    assert sum(cell[1] for cell in owed) == sum(r.count for r in figures.plan.requirements)
    assert data["lang"] == "zh"
    assert data["words"]["map"] == ["地图", "Map"]


def test_routes_that_recur_are_stored_once(page: str, figures: Figures) -> None:
    """Far fewer routes than patrols; every leg is pointed at."""
    patrols = data_of(page)["patrols"]
    assert len(patrols["routes"]) < len(figures.plan.patrols) / 2
    used = {leg for legs, _ in patrols["routes"] for leg, _ in legs}
    used |= {leg for _, inside in patrols["routes"] for leg in inside if leg >= 0}
    assert used == set(range(len(data_of(page)["legs"])))


def test_spot_checks_show_no_zone(page: str) -> None:
    """A sealed patrol has no stops and no legs."""
    patrols = data_of(page)["patrols"]
    (row,) = [row for row in patrols["rows"] if row[2]]
    assert patrols["stops"][row[8]] == []
    assert patrols["routes"][row[7]] == [[], []]


def test_an_unlawful_plan_tells_why(unlawful: Figures) -> None:
    """Unmet groups, other breaches and remedies are in the data, in both languages."""
    meta = data_of(atlas_page(unlawful, "en"))["meta"]
    assert not meta["lawful"]
    assert meta["missing"] == 6
    assert meta["status"] == ["已证明无可行方案", "proven infeasible"]
    assert [row["text"][1] for row in meta["unmet"]][-1] == "only 1 aboard (art. 16)"
    assert "再增1名持证人员即可行" in meta["explanations"][0][0]


def test_lines_survive_coding() -> None:
    """A coded line decodes to its points rounded to a metre, straight stretches thinned."""
    coder = Coder((126.0, 43.0), tolerance_m=5)
    line = np.array([(126.0, 43.0), (126.01, 43.0), (126.02, 43.0), (126.02, 42.99), (125.5, 44.0)])
    assert decoded(coder.line(line)) == [(0, 0), (2000, 0), (2000, -1000), (-50000, 100000)]
    same = np.array([(126.0, 43.0), (126.0, 43.0)])
    assert decoded(coder.line(same)) == [(0, 0), (0, 0)]


def test_a_page_too_large_is_drawn_coarser(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When coordinates exceed the budget, a coarser drawing with fewer points is taken."""
    x = np.linspace(126.2, 126.4, 5000)
    wiggly = np.column_stack([x, 43.7 + 0.0005 * np.sin(x * 9000)])
    plan = replace(figures.plan, road_lines=(("primary", wiggly),))
    fine = atlas_data.atlas_data(Figures(plan, figures.audit))["roads"][1][0]
    monkeypatch.setattr(atlas_data, "_BUDGET", 1000)
    coarse = atlas_data.atlas_data(Figures(plan, figures.audit))["roads"][1][0]
    assert len(coarse) < len(fine) / 2


def test_zones_keep_their_shape(figures: Figures) -> None:
    """Points, lines, areas with holes and multi-areas are told apart."""
    zones = atlas_data.atlas_data(figures)["zones"]
    assert {zone["shape"] for zone in zones} == {"point", "line", "area"}
    holed = box(126, 43, 127, 44).difference(box(126.2, 43.2, 126.4, 43.4))
    both = MultiPolygon([holed, box(128, 43, 129, 44)])
    county = figures.plan.county
    first = replace(county.zones[0], geometry=both)
    changed = replace(county, zones=(first, *county.zones[1:]))
    made = atlas_data.atlas_data(Figures(replace(figures.plan, county=changed), figures.audit))
    assert (made["zones"][0]["shape"], len(made["zones"][0]["parts"])) == ("area", 3)
