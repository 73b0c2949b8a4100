"""Cached networks: equal to loaded ones, and never believed when anything about them is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from network import LoadReport, LoadSettings, RoadNetwork, Text, load_network
from network import cache as caching
from network.cache import cache_folder, is_sound, network_key, read_cached, write_cached
from network.load_report import Gap

PLACES = {1: (125.0, 43.0), 2: (125.01, 43.0), 3: (125.02, 43.0), 4: (125.01, 43.01)}
WAYS = [
    ([1, 2, 3], {"highway": "track", "name": "河堤路", "access:conditional": "no @ (Nov-Mar)"}),
    ([2, 4], {"highway": "tertiary", "maxspeed": "40", "ford": "yes"}),
]


@pytest.fixture
def roads(write_osm: Callable[..., Path]) -> Path:
    return write_osm(PLACES, WAYS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "networks"


def assert_same(one: RoadNetwork, other: RoadNetwork) -> None:
    for field in fields(RoadNetwork):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            np.testing.assert_array_equal(left, right)
            assert left.dtype == right.dtype
        else:
            assert left == right


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Return the list of files that are really loaded from here on."""
    import network.load

    seen: list[Path] = []
    real = network.load._load

    def load(path: Path, *rest: object) -> RoadNetwork:
        seen.append(path)
        return real(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(network.load, "_load", load)
    return iter([seen])  # type: ignore[return-value]


def test_the_second_load_comes_from_the_cache_and_is_equal(
    roads: Path, folder: Path, loads: Iterator[list[Path]]
) -> None:
    """Arrays, names, closures and report are those of the first load, to the last bit."""
    seen = next(loads)
    first = load_network(roads, cache=folder)
    second = load_network(roads, cache=folder)
    assert_same(first, second)
    assert_same(first, load_network(roads))
    assert len(seen) == 2  # the first, and the one without a cache
    assert [path.suffix for path in folder.iterdir()] == [".network"]


def test_reports_come_back_as_they_were(roads: Path, folder: Path) -> None:
    """Gaps, tuples of tuples and sentences survive."""
    report = LoadReport(
        "x",
        gaps_closed=(Gap(125.0, 43.0, 2.5),),
        layer_classes_left_out=(("小路", 3),),
        unresolved_relations=(7, 2**62),
        notices=(Text("一", "one"),),
    )
    network = replace(load_network(roads), report=report)
    write_cached(folder, "k", network)
    found = read_cached(folder, "k")
    assert found is not None
    assert_same(found, network)


def test_other_content_settings_or_code_are_another_network(
    roads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key changes with the bytes of the file, the settings and the loading code."""
    keys = {network_key([roads], LoadSettings())}
    keys.add(network_key([roads], LoadSettings(ferries=True)))
    monkeypatch.setattr(caching, "_code_hash", lambda: "other code")
    keys.add(network_key([roads], LoadSettings()))
    roads.write_bytes(roads.read_bytes() + b" ")
    keys.add(network_key([roads], LoadSettings()))
    assert len(keys) == 4
    assert network_key([roads.with_name("gone.osm")], LoadSettings()) is None


def test_damage_anywhere_is_noticed_and_mended(roads: Path, folder: Path) -> None:
    """Whatever byte is changed, wherever the file is cut: the network is loaded anew and kept."""
    network = load_network(roads, cache=folder)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    key = path.stem
    rng = np.random.default_rng(0)
    for at in rng.integers(0, len(whole), 40).tolist():
        damaged = bytearray(whole)
        damaged[at] ^= 1 << int(rng.integers(8))
        for content in (bytes(damaged), whole[:at]):
            path.write_bytes(content)
            assert read_cached(folder, key) is None
    path.write_bytes(b"")
    assert_same(load_network(roads, cache=folder), network)
    assert path.read_bytes() == whole


def test_a_network_under_another_name_is_not_believed(roads: Path, folder: Path) -> None:
    """A cache file copied over that of another road file is refused."""
    network = load_network(roads)
    write_cached(folder, "a", network)
    (folder / "b.network").write_bytes((folder / "a.network").read_bytes())
    assert read_cached(folder, "a") is not None
    assert read_cached(folder, "b") is None
    assert read_cached(folder, "c") is None


@pytest.mark.parametrize(
    "change",
    [
        {"edge_from": np.full(6, 99, np.int32)},
        {"edge_to": np.full(6, -1, np.int32)},
        {"edge_to": np.zeros(5, np.int32)},
        {"edge_class": np.full(6, 42, np.int8)},
        {"edge_class": np.zeros(6, np.int64)},
        {"edge_name": np.full(6, 9, np.int32)},
        {"edge_closure": np.full(6, 9, np.int16)},
        {"forbidden_turns": np.array([[0, 6]], np.int32)},
        {"forbidden_turns": np.array([[0, 1, 2]], np.int32)},
        {"shape_start": np.zeros(7, np.int64)},
        {"shape_lonlat": np.full((99, 2), 1.0)},
        {"node_lonlat": np.full((4, 2), np.nan)},
        {"edge_length_m": np.full(6, np.nan)},
    ],
)
def test_arrays_that_are_no_network_are_refused(
    change: dict[str, object], roads: Path, folder: Path
) -> None:
    """Even with a right checksum, indices and shapes must be those of a network."""
    network = load_network(roads)
    assert is_sound(network)
    wrong = replace(network, **change)  # type: ignore[arg-type]
    write_cached(folder, "k", wrong)
    assert read_cached(folder, "k") is None


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    roads: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was loaded from a file that is being replaced belongs to neither content."""
    import network.load

    real = network.load._load

    def load(path: Path, *rest: object) -> RoadNetwork:
        found = real(path, *rest)  # type: ignore[arg-type]
        path.write_bytes(path.read_bytes() + b" ")
        return found

    monkeypatch.setattr(network.load, "_load", load)
    load_network(roads, cache=folder)
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_does_no_harm(roads: Path, tmp_path: Path) -> None:
    """Where a file stands in the folder's place nothing is kept and the network is loaded."""
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    assert load_network(roads, cache=blocked / "deeper").edge_count == 6


def test_a_write_that_fails_leaves_nothing(
    roads: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk while the file is put in place leaves no half file behind."""

    def fail(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    load_network(roads, cache=folder)
    assert list(folder.iterdir()) == []


def test_only_the_last_used_are_kept(roads: Path, folder: Path) -> None:
    """A dozen networks are kept, the one read last among them."""
    import os

    network = load_network(roads)
    for number in range(14):
        if number == 13:
            assert read_cached(folder, "k2") is not None
        write_cached(folder, f"k{number}", network)
        if (folder / f"k{number}.network").exists() and number < 13:
            os.utime(folder / f"k{number}.network", (number, number))
    names = {path.stem for path in folder.iterdir()}
    assert names == {f"k{number}" for number in range(3, 14)} | {"k2"}


@pytest.mark.parametrize(
    ("stated", "expected"), [("off", None), ("0", None), ("place", Path("place"))]
)
def test_the_variable_names_the_folder_or_turns_it_off(
    stated: str, expected: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XUNCHA_CACHE is a folder, or "off"."""
    monkeypatch.setenv("XUNCHA_CACHE", stated)
    assert cache_folder() == expected


@pytest.mark.parametrize(
    ("platform", "variable"), [("linux", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA")]
)
def test_without_the_variable_the_system_says_where(
    platform: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's cache folder, never the county's; none where there is no home at all."""
    monkeypatch.delenv("XUNCHA_CACHE", raising=False)
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert cache_folder() == tmp_path / "xuncha"
    monkeypatch.delenv(variable)
    assert cache_folder() == Path.home() / ".cache" / "xuncha"

    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", staticmethod(homeless))
    assert cache_folder() is None
