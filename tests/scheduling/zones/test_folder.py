"""Drafting a county folder: complete level 3, the bureau's layers, the stations there are."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from network.features import OsmFeatures, OsmPlace
from network.metric import LocalMetric
from network.problems import InputError
from scheduling.county import read_county
from scheduling.county.model import ZoneKind
from scheduling.county.reader import read_map
from scheduling.county.road_data import load_roads
from scheduling.zones.cutting import cut_by_minutes, cut_into
from scheduling.zones.folder import draft_folder
from scheduling.zones.own_layers import LAYER_NAMES, read_own_layers
from scheduling.zones.pieces import Land, Piece
from scheduling.zones.rest import rest_pieces
from scheduling.zones.sizes import Drives, sensible_sizes
from scheduling.zones.townships import Township
from tests.bad_input.small_county import make_small_county, on_grid, read_features, write_features

BOX = shapely.box(*on_grid(-0.4, -0.4), *on_grid(5.4, 5.4))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make_small_county(tmp_path / "county")
    write_features(
        folder / "stations.gpkg",
        [shapely.Point(on_grid(*place)) for place in ((1, 1), (4, 4), (2, 3))],
        {
            "id": ["S1", "S2", "C1"],
            "name": ["甲所", "乙所", "一中队"],
            "authority": ["township", "township", "county"],
            "township": ["甲乡", "", ""],
        },
    )
    (folder / "layers").mkdir()
    return folder


def layer(
    folder: Path, name: str, *shapes: shapely.Geometry, names: list[str] | None = None
) -> None:
    named = names or [""] * len(shapes)
    write_features(folder / "layers" / f"{name}.gpkg", list(shapes), {"名称": named})


def on_map(column: float, row: float, size: float = 0.5) -> shapely.Polygon:
    return shapely.box(*on_grid(column, row), *on_grid(column + size, row + size))


def test_all_land_is_in_a_zone_but_slivers(folder: Path):
    """Level 3 is the whole complement: with rings and strips the zones make up the county."""
    layer(folder, "boundary", BOX)
    layer(folder, "farmland", on_map(1, 1, 1))
    zones = draft_folder(folder).draft.zones
    metric = LocalMetric(125.05, 43.55)
    lands = [metric.flat(zone.geometry).buffer(0 if zone.geometry.area else 300) for zone in zones]
    whole = metric.flat(BOX)
    drawn = shapely.union_all(lands).intersection(whole).area
    assert drawn > 0.98 * whole.area
    third = [lands[n] for n, zone in enumerate(zones) if zone.level == 3]
    first = shapely.union_all([lands[n] for n, zone in enumerate(zones) if zone.level < 3])
    assert shapely.union_all(third).intersection(first).area < 0.02 * whole.area
    assert sum(land.area for land in third) < 1.01 * shapely.union_all(third).area


def test_without_outlines_land_goes_to_the_station_soonest_there(folder: Path):
    """Two stations share the county; every zone is nearer to its own."""
    layer(folder, "boundary", BOX)
    layer(folder, "villages", shapely.Point(on_grid(0, 0)), shapely.Point(on_grid(5, 5)),
          names=["南村", "北村"])  # fmt: skip
    made = draft_folder(folder)
    unit = {zone.name: zone.units["township"] for zone in made.draft.zones}
    assert (unit["南村"], unit["北村"]) == ("S1", "S2")
    assert {zone.units["county"] for zone in made.draft.zones} == {"C1"}
    assert made.own_layers == ("boundary", "villages")


def test_outlines_go_to_the_station_that_names_them_or_is_in_them(folder: Path):
    """One is named, one holds the station, a third goes to the one soonest there."""
    halves = [shapely.box(*on_grid(-0.4, -0.4), *on_grid(1.9, 5.4)),
              shapely.box(*on_grid(1.9, 2), *on_grid(5.4, 5.4)),
              shapely.box(*on_grid(1.9, -0.4), *on_grid(5.4, 2))]  # fmt: skip
    layer(folder, "乡镇界", *halves, names=["甲乡", "乙乡", "丙乡"])
    layer(folder, "villages", *(shapely.Point(on_grid(*p)) for p in ((0, 5), (5, 5), (2, 0))),
          names=["一村", "二村", "三村"])  # fmt: skip
    zones = {zone.name: zone for zone in draft_folder(folder).draft.zones}
    assert zones["一村"].units["township"] == "S1"
    assert zones["二村"].units["township"] == "S2"
    assert zones["三村"].units["township"] == "S1"


def test_the_bureaus_layers_have_their_levels_and_reasons(folder: Path):
    """Each kind is of its level, by article 7; overlaps keep every reason."""
    where = {"planning": (0, 0), "no-mining": (1, 0), "hot-spots": (2, 0), "fringe": (3, 0),
             "heritage": (0, 2), "development": (1, 2), "small-towns": (2, 2), "mines": (3, 2),
             "farmland": (0, 4)}  # fmt: skip
    for name, place in where.items():
        layer(folder, name, on_map(place[0] + 0.2, place[1] + 0.2))
    layer(folder, "boundary", BOX)
    zones = [zone for zone in draft_folder(folder).draft.zones if zone.level < 3]
    found = {zone.kind: zone for zone in zones if zone.reasons != "城乡结合部"}
    assert found[ZoneKind.PLANNING_AREA].reasons == "城乡建设规划区"
    assert found[ZoneKind.NO_MINING].reasons == "矿产资源规划禁采区"
    assert found[ZoneKind.HOT_SPOT].level == 1
    assert found[ZoneKind.MINE].level == 2
    assert found[ZoneKind.FARMLAND].reasons == "基本农田保护区"
    assert any((zone.level, zone.reasons) == (2, "小城镇周围") for zone in zones)


def test_a_bureaus_layer_takes_the_place_of_the_maps(folder: Path):
    """Of a kind that was brought nothing of the map is drawn; other kinds are."""
    layer(folder, "villages", shapely.Point(on_grid(2, 1)), names=["我村"])
    online = OsmFeatures((OsmPlace("图村", "village", *on_grid(2, 2)),), (), (), (), 0)
    names = {zone.name for zone in draft_folder(folder, online=online).draft.zones}
    assert "我村" in names
    assert "图村" not in names


def test_layers_of_unknown_name_and_use_are_told_together(folder: Path):
    """A stray name and an unreadable file are both in the error."""
    layer(folder, "农田", on_map(1, 1))
    (folder / "layers" / "farmland.gpkg").write_bytes(b"no layer")
    (folder / "layers" / "readme.txt").write_text("ignored")
    settings = read_map(folder, ()).settings
    with pytest.raises(InputError) as caught:
        read_own_layers(folder, settings)
    assert {problem.code for problem in caught.value.problems} == {
        "zones.unknown-layer",
        "layer.unreadable",
    }
    assert len({name for names in LAYER_NAMES.values() for name in names}) == 24


def test_a_proposal_leaves_the_layer_and_applied_it_takes_its_place(folder: Path):
    """Beside it first; then in its place, the old one kept; both are valid counties."""
    before = (folder / "zones.gpkg").read_bytes()
    made = draft_folder(folder)
    assert made.files == (folder / "zones.proposed.gpkg",)
    assert "history" in made.draft.notes[-1].zh  # it names zones of before
    assert (folder / "zones.gpkg").read_bytes() == before
    assert draft_folder(folder, apply=True).files == (folder / "zones.gpkg",)
    assert (folder / "zones.before.gpkg").read_bytes() == before
    (folder / "inspectors.csv").write_text(
        "id,name,unit,certificate_number,certificate_until\nP1,甲,S1,1,\n", encoding="utf-8"
    )
    for name in ("leave.csv", "history.csv"):
        (folder / name).unlink()
    (folder / "vehicles.csv").write_text("id,plate,unit\nV1,吉A1,S1\n", encoding="utf-8")
    assert {zone.level for zone in read_county(folder).zones} >= {2, 3}


def test_several_squads_are_to_be_shared_out_afterwards(folder: Path):
    """Both stand at one place: one has all, and the note says what evens it out."""
    shapes, columns = read_features(folder / "stations.gpkg")
    for name, value in (("id", "C2"), ("name", "二中队"), ("authority", "county")):
        columns[name].append(value)
    columns["township"].append("")
    write_features(folder / "stations.gpkg", [*shapes, shapes[2]], columns)
    made = draft_folder(folder)
    assert {zone.units["county"] for zone in made.draft.zones} == {"C1"}
    assert "--free C1 --free C2" in made.draft.notes[-1].en


def test_a_folder_without_stations_gets_them_too(folder: Path):
    """Then stations and a squad are drafted, and all is written at once."""
    (folder / "stations.gpkg").unlink()
    (folder / "zones.gpkg").unlink()
    made = draft_folder(folder)
    assert [path.name for path in made.files] == ["zones.gpkg", "stations.gpkg"]
    _, columns = read_features(folder / "stations.gpkg")
    assert columns["authority"] == ["county", "township"]


def test_a_boundary_elsewhere_is_an_error(folder: Path):
    """Roads and boundary of different places leave nothing to draw."""
    layer(folder, "boundary", shapely.box(10, 10, 10.1, 10.1))
    with pytest.raises(InputError) as caught:
        draft_folder(folder)
    assert caught.value.problems[0].code == "county.nothing-drawn"


def flat_land(*streets: shapely.LineString) -> Land:
    """Return land whose streets are given in metres around 125 E, 43 N."""
    metric = LocalMetric(125.0, 43.0)
    lines = shapely.MultiLineString(
        [shapely.transform(street, metric.lonlat) for street in streets]
    )
    return Land.around(lines, lines, shapely.Point(125.0, 43.0))


def test_areas_are_cut_into_equal_drives_that_make_up_the_whole():
    """Forty kilometres of street take two hours: two parts, of about as much street each."""
    land = flat_land(*(shapely.LineString([(0, y), (10_000, y)]) for y in (500, 1500, 2500, 3500)))
    area = shapely.box(0, 0, 10_000, 4_000)
    parts = cut_by_minutes(area, land)
    assert len(parts) == 2
    assert shapely.union_all(parts).symmetric_difference(area).area < 1
    shares = [part.intersection(shapely.union_all(land.roads.lines)).length for part in parts]
    assert shares[0] == pytest.approx(shares[1], rel=0.05)
    assert cut_into(shapely.box(0, 9_000, 100, 9_100), land, 3) == [
        shapely.box(0, 9_000, 100, 9_100)
    ]


def test_a_small_rest_goes_with_what_is_beside_it():
    """Far land too little for a zone joins the near one, and the other way round."""
    street = shapely.LineString([(0, 400), (5_000, 400)])
    for height, names in ((730, ["其余区域"]), (5_000, ["其余区域", "其余偏远区域"])):
        township = Township("乡", shapely.box(0, 70, 5_000, height), shapely.Point(0, 0))
        pieces = rest_pieces([], township, flat_land(street))
        assert [piece.name for piece in pieces] == names
        drawn = shapely.union_all([piece.shape for piece in pieces])
        assert drawn.area == pytest.approx(township.area.area, rel=0.003)
    thin = Township("乡", shapely.box(0, 690, 5_000, 5_000), shapely.Point(0, 0))
    assert [piece.name for piece in rest_pieces([], thin, flat_land(street))] == ["其余偏远区域"]
    everything = Piece("城", 1, ZoneKind.TOWN, township.area, ("乡镇所在地",))
    assert rest_pieces([everything], township, flat_land(street)) == []


@pytest.mark.parametrize("kind", [ZoneKind.OTHER, ZoneKind.ROAD])
def test_areas_too_long_to_see_are_cut_where_that_helps(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: ZoneKind
):
    """A long drive is cut into parts that each take less; stops and short drives stay whole.

    So are the sides of many short roads gathered into one area.
    """
    monkeypatch.setattr("scheduling.zones.sizes.TOO_LONG_MINUTES", 20.0)
    monkeypatch.setattr("scheduling.zones.sizes.GOOD_MINUTES", 10.0)
    settings = read_map(folder, ()).settings
    network = load_roads(settings, folder / "roads.osm")
    lines = shapely.MultiLineString([network.edge_shape(e) for e in range(network.edge_count)])
    land = Land.around(lines, lines, BOX.centroid)
    large = on_map(0.9, 0.9, 2.2)
    long = Piece("大片", 3, kind, land.metric.flat(large), ("其余",))
    short = Piece("小片", 3, ZoneKind.OTHER, land.metric.flat(on_map(0.9, 0.9, 0.2)), ("其余",))
    stop = Piece("矿", 2, ZoneKind.MINE, land.metric.flat(BOX), ("一般矿区",))
    drives = Drives(network, settings)
    ((first, *rest), other) = sensible_sizes([[stop, long, short], []], land, drives)
    assert (first, rest[-1], other) == (stop, short, [])
    parts = [piece for piece in rest if piece.name.startswith("大片-")]
    assert len(parts) > 1
    taken = drives.minutes([land.back(piece.shape) for piece in parts])
    assert max(taken) < 0.7 * drives.minutes([large])[0]
