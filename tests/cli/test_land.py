"""The verbs about the land: what they print, write and return."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from network.features import OsmFeatures, OsmPlace
from tests.bad_input.small_county import make_small_county, on_grid

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_small_county(tmp_path / "county")


def test_draft_tells_levels_and_writes_a_proposal(run: Run, folder: Path):
    """Each station has its zones by level, the notes follow, then the file."""
    shown = run("zones", "draft", folder, "--lang", "en")
    assert shown.exit_code == 0
    assert "level 3" in shown.stdout
    assert "a draft made from maps" in shown.stdout
    assert (folder / "zones.proposed.gpkg").is_file()
    document = json.loads(run("zones", "draft", folder, "--json").stdout)
    assert document["zones"] == sum(document["levels"].values())
    assert document["files"] == [str(folder / "zones.proposed.gpkg")]


def test_draft_asks_online_only_when_told(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """With --from-osm-online the features of the place are used."""
    asked: list[str] = []

    def fetch(place: str) -> OsmFeatures:
        asked.append(place)
        return OsmFeatures((OsmPlace("网村", "village", *on_grid(4, 4)),), (), (), (), 0)

    monkeypatch.setattr("network.online.download_features", fetch)
    assert run("zones", "draft", folder).exit_code == 0
    assert asked == []
    assert run("zones", "draft", folder, "--from-osm-online", "小县", "--apply").exit_code == 0
    assert asked == ["小县"]
    assert (folder / "zones.before.gpkg").is_file()


def test_assign_tells_shares_and_keeps_what_is_there(run: Run, folder: Path):
    """All is assigned already: nothing changes; freed, it is shared out anew."""
    kept = json.loads(run("zones", "assign", folder, "--year", "2026", "--json").stdout)
    assert kept["changed_zones"] == 0
    shown = run("zones", "assign", folder, "--year", "2026", "--free", "all", "--lang", "en")
    assert shown.exit_code == 0
    assert "above the mean" in shown.stdout
    assert "东乡自然资源所" in shown.stdout
    freed = run("zones", "assign", folder, "--year", "2026", "--free", "all", "--json",
                "--authority", "township")  # fmt: skip
    document = json.loads(freed.stdout)
    assert {share["authority"] for share in document["shares"]} == {"township"}
    assert sum(share["zones"] for share in document["shares"] if share["person"]) == 4


def test_assign_refuses_names_it_does_not_know(run: Run, folder: Path):
    """A name that is no zone, unit or person is bad input, and nothing is written."""
    refused = run("zones", "assign", folder, "--year", "2026", "--free", "X9", "--lang", "en")
    assert refused.exit_code == 2
    assert "X9" in refused.stderr
    assert not (folder / "zones.proposed.gpkg").exists()


def test_the_road_report_is_written_beside_the_county(run: Run, folder: Path, tmp_path: Path):
    """Page and JSON, named in the language asked for; with --json the document on stdout."""
    shown = run("roads", "report", folder, "--lang", "en")
    assert shown.exit_code == 0
    assert "Mend these first" in shown.stdout
    assert (folder / "road report.html").is_file()
    document = json.loads(run("roads", "report", folder, "--json", "--out", tmp_path).stdout)
    assert document["parts_found"] == 1
    assert (tmp_path / "路网报告.json").is_file()


def test_a_province_needs_roads_and_outlines(run: Run, folder: Path):
    """One without the other is a usage error."""
    assert run("roads", "report", folder, "--province", "x.pbf").exit_code == 2
