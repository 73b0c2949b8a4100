"""Layers arrive in WGS-84 whatever their format, coordinate system and datum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from scheduling.county import read_county
from tests.bad_input.small_county import read_features, replace_text, write_features


def move_zones(folder: Path, crs: str, file: str = "zones.gpkg") -> None:
    """Write the zones again in another coordinate system."""
    shapes, columns = read_features(folder / "zones.gpkg")
    transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    moved = [
        shapely.transform(
            shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
        )
        for shape in shapes
    ]
    (folder / "zones.gpkg").unlink()
    write_features(folder / file, moved, columns, crs=crs)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4549", "EPSG:4550", "EPSG:4529", "EPSG:3857"])
def test_coordinate_systems_give_the_same_zones(folder: Path, crs: str):
    """CGCS2000, Gauss-Krüger with and without zone prefix, and Web Mercator agree to a metre."""
    expected = read_county(folder).zones
    move_zones(folder, crs)
    for zone, other in zip(read_county(folder).zones, expected, strict=True):
        assert shapely.hausdorff_distance(zone.geometry, other.geometry) < 1e-5


def test_the_county_file_says_the_crs_where_the_layer_does_not(folder: Path):
    """A layer without CRS is read in the one of county.toml."""
    expected = read_county(folder).zones[0].geometry
    shapes, columns = read_features(folder / "zones.gpkg")
    transformer = Transformer.from_crs("EPSG:4326", "EPSG:4550", always_xy=True)
    x, y = transformer.transform(*zip(*[s.centroid.coords[0] for s in shapes], strict=True))
    (folder / "zones.gpkg").unlink()
    write_features(folder / "zones.shp", list(shapely.points(x, y)), columns, crs=None)
    replace_text("county.toml", "EPSG:4326", "EPSG:4550")(folder)
    zones = read_county(folder).zones
    assert zones[0].geometry.equals_exact(expected, 1e-6)
    assert zones[1].responsible == {"township": ("P1",), "county": ("P3",)}  # names cut to 10


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
def test_a_shapefile_that_does_not_say_its_encoding_is_read(folder: Path, encoding: str):
    """Files from an old Chinese Windows keep their names."""
    shapes, columns = read_features(folder / "stations.gpkg")
    (folder / "stations.gpkg").unlink()
    write_features(folder / "stations.shp", shapes, columns, encoding=encoding)
    (folder / "stations.cpg").unlink()
    dbf = folder / "stations.dbf"
    content = bytearray(dbf.read_bytes())
    content[29] = 0  # no code page in the header either
    dbf.write_bytes(content)
    assert {unit.name for unit in read_county(folder).units} == {"东乡自然资源所", "执法一中队"}


def test_a_shapefile_that_says_the_wrong_encoding_is_read(folder: Path):
    """GB18030 called UTF-8 is read as what it is."""
    shapes, columns = read_features(folder / "stations.gpkg")
    (folder / "stations.gpkg").unlink()
    write_features(folder / "stations.shp", shapes, columns, encoding="GB18030")
    (folder / "stations.cpg").write_text("UTF-8")
    assert {unit.name for unit in read_county(folder).units} == {"东乡自然资源所", "执法一中队"}


def test_gcj02_is_taken_off(folder: Path):
    """Layers in the datum of Chinese online maps move some hundred metres."""
    before = read_county(folder).zones[0].geometry
    replace_text("county.toml", '"wgs84"', '"gcj02"')(folder)
    after = read_county(folder).zones[0].geometry
    assert 0.002 < shapely.distance(before, after) < 0.02


def test_geojson_numbers_and_chinese_words_are_understood(folder: Path):
    """Level as a number or a word, kind in Chinese, units and people by name."""
    shapes, columns = read_features(folder / "zones.gpkg")
    (folder / "zones.gpkg").unlink()
    columns |= {"level": ["一级", "2", "1级", "三级"], "kind": ["村庄", "道路", "基本农田", "矿山"]}
    columns["unit_township"] = ["东乡自然资源所"] * 4
    columns["responsible_township"] = ["张一、李二", "张一", "李二", "李二"]
    write_features(folder / "zones.geojson", shapes, columns)
    zones = read_county(folder).zones
    assert [zone.level for zone in zones] == [1, 2, 1, 3]
    assert [zone.kind.value for zone in zones] == ["village", "road", "farmland", "mine"]
    assert zones[0].units["township"] == "S1"
    assert zones[0].responsible["township"] == ("P1", "P2")
