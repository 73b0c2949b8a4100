"""A plan file holds the whole plan, opens as a GeoPackage and is the same for the same plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.problems import InputError
from scheduling.plan.store import content_digest, read_plan, read_secret, write_plan
from scheduling.plan.store_files import sealed_path


def test_a_plan_comes_back_as_it_was_written(plan, plan_file, equal):
    """Every field, geometry and order of the plan is restored exactly, spot checks included."""
    assert equal(read_plan(plan_file), plan)


def test_the_same_plan_gives_the_same_bytes(plan, plan_file, secret, tmp_path):
    """No clock, name or random number enters the files."""
    other = tmp_path / "other.gpkg"
    write_plan(plan, other, secret=secret)
    assert other.read_bytes() == plan_file.read_bytes()
    assert sealed_path(other).read_bytes() == sealed_path(plan_file).read_bytes()


def test_the_digest_changes_with_any_part_of_the_plan(plan):
    """Two plans with one leg a second longer have different digests."""
    assert content_digest(plan) == content_digest(replace(plan))
    patrol = plan.patrols[0]
    leg = replace(patrol.legs[0], drive_seconds=patrol.legs[0].drive_seconds + 1)
    longer = replace(patrol, legs=(leg, *patrol.legs[1:]))
    assert content_digest(plan) != content_digest(
        replace(plan, patrols=(longer, *plan.patrols[1:]))
    )


def test_gdal_reads_every_layer_with_its_geometry(plan_file):
    """GDAL lists the layers as QGIS would, with WGS-84 and bounds."""
    import pyogrio

    layers = dict(pyogrio.list_layers(plan_file))
    assert layers["units"] == "Point"
    assert layers["patrols"] == "MultiLineString"
    assert layers["legs"] == "LineString"
    assert layers["requirements"] is None
    patrols = pyogrio.read_dataframe(plan_file, layer="patrols")
    assert patrols.crs.to_epsg() == 4326
    assert list(patrols["crew_names"]) == ["张镕、=cmd|' /C calc'!A0", "张镕"]
    assert not pyogrio.read_dataframe(plan_file, layer="layer_styles").empty


def test_a_plan_without_spot_checks_leaves_no_sealed_file(plan, plan_file, secret):
    """Replacing a plan that had spot checks removes the sealed file that no longer belongs."""
    plain = replace(
        plan,
        requirements=plan.requirements[:2],
        patrols=plan.patrols[:1],
        met={"R1": ("T1-1",)},
        unmet=(),
    )
    write_plan(plain, plan_file, secret=secret)
    assert not sealed_path(plan_file).exists()
    assert read_secret(plan_file) is None
    assert read_plan(plan_file).met == {"R1": ("T1-1",)}


def test_the_secret_must_be_the_plans(plan, tmp_path):
    """A plan is not written with another secret than its spot checks were drawn with."""
    with pytest.raises(ValueError, match="secret"):
        write_plan(plan, tmp_path / "p.gpkg", secret=b"another")
    assert list(tmp_path.iterdir()) == []


def test_an_open_plan_is_not_written(plan_file, secret):
    """Writing a plan that lacks its spot checks would lose them, and is refused."""
    with pytest.raises(ValueError, match="complete"):
        write_plan(read_plan(plan_file, unseal=False), plan_file, secret=secret)


def test_a_missing_folder_is_a_problem_not_a_traceback(plan, secret, tmp_path):
    """Writing into a folder that is not there names the folder."""
    with pytest.raises(InputError) as caught:
        write_plan(plan, tmp_path / "none" / "p.gpkg", secret=secret)
    assert caught.value.problems[0].code == "plan.cannot-write"
