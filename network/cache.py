"""Loaded networks kept between runs: found by content, checked before use, never trusted.

A cached network is one file of arrays in the user's cache folder (or where ``XUNCHA_CACHE`` says),
never in the county folder. Its name is a hash of everything the network follows from: the bytes of
the road files, the settings, and the loading code itself. Its content is held against a checksum
and against what a network must be; what fails in any way is loaded anew from the road file.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from network.load_report import Gap, LoadReport
from network.problems import Text
from network.road_network import ROAD_CLASSES, RoadNetwork

#: Where caches are kept: a folder, or "off".
FOLDER_VARIABLE: Final = "XUNCHA_CACHE"
_MAGIC: Final = b"xuncha network 1\n"
_ENDING: Final = ".network"
#: Only so many networks are kept, those used last.
_MOST_KEPT: Final = 12
_DIGEST_BYTES: Final = hashlib.sha256().digest_size
_ARRAYS: Final[Mapping[str, type[np.generic]]] = {
    "node_lonlat": np.float64,
    "edge_from": np.int32,
    "edge_to": np.int32,
    "edge_length_m": np.float64,
    "edge_class": np.int8,
    "edge_maxspeed_kmh": np.float32,
    "edge_name": np.int32,
    "shape_start": np.int64,
    "shape_lonlat": np.float64,
    "forbidden_turns": np.int32,
    "edge_way": np.int64,
    "edge_marks": np.uint8,
    "edge_closure": np.int16,
}
#: What a damaged or foreign file raises on its way to a network.
_DAMAGE: Final = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError)


def cache_folder() -> Path | None:
    """Return the folder of cached networks: XUNCHA_CACHE, or the system's place; None if off."""
    stated = os.environ.get(FOLDER_VARIABLE, "")
    if stated.casefold() in {"off", "0", "no"}:
        return None
    if stated:
        return Path(stated)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "xuncha"
    except RuntimeError:  # no home folder
        return None


def network_key(files: Sequence[Path], settings: object) -> str | None:
    """Return the name of a network: a hash of files' contents, settings and loading code.

    None where a file or the code cannot be read; such a network is not kept.
    """
    try:
        parts = [_code_hash(), repr(settings)]
        for path in files:
            with path.open("rb") as file:
                parts.append(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}")
    except OSError:
        return None
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _code_hash() -> str:
    """Return a hash of this package's source and of the libraries' versions."""
    from importlib.metadata import PackageNotFoundError, version

    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for library in ("xuncha", "numpy", "osmium", "pyproj", "shapely", "pyogrio"):
        with suppress(PackageNotFoundError):  # packed into one file, without its metadata
            digest.update(version(library).encode())
    return digest.hexdigest()


def read_cached(folder: Path, key: str) -> RoadNetwork | None:
    """Return the network of that name, or None where there is none that passes every check."""
    path = folder / (key + _ENDING)
    try:
        content = path.read_bytes()
        body = _checked(content, key)
        network = None if body is None else _unpacked(body)
    except _DAMAGE:
        return None
    if network is None or not is_sound(network):
        return None
    with suppress(OSError):
        os.utime(path)  # used last: kept longest
    return network


def write_cached(folder: Path, key: str, network: RoadNetwork) -> None:
    """Keep a network, whole or not at all; a folder that cannot be written keeps nothing."""
    body = _packed(network)
    write_whole(folder / (key + _ENDING), _MAGIC + _digest(key, body) + body)
    with suppress(OSError):
        _forget_oldest(folder)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is kept, whole or not at all.

    A folder that cannot be written to keeps nothing.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(suffix=".part", dir=path.parent)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).replace(path)
    except OSError:  # disk full, or open elsewhere on Windows
        with suppress(OSError):
            Path(part).unlink()


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("*" + _ENDING), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_MOST_KEPT:]:
        path.unlink()


def _digest(key: str, body: bytes) -> bytes:
    return hashlib.sha256(key.encode() + body).digest()


def _checked(content: bytes, key: str) -> bytes | None:
    """Return the body of a cache file, None unless it is whole and of that name."""
    start = len(_MAGIC) + _DIGEST_BYTES
    body = content[start:]
    is_whole = content[:start] == _MAGIC + _digest(key, body)
    return body if is_whole else None


def _packed(network: RoadNetwork) -> bytes:
    about = {
        "names": network.names,
        "closures": network.closures,
        "report": asdict(network.report),
    }
    arrays: dict[str, NDArray[Any]] = {name: getattr(network, name) for name in _ARRAYS}
    arrays["about"] = np.frombuffer(json.dumps(about, ensure_ascii=True).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _unpacked(body: bytes) -> RoadNetwork:
    with np.load(io.BytesIO(body), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in _ARRAYS}
        about = json.loads(stored["about"].tobytes())
    closures = tuple(tuple((a, b) for a, b in closure) for closure in about["closures"])
    return RoadNetwork(
        **arrays,
        names=tuple(about["names"]),
        closures=closures,
        report=_report(about["report"]),
    )


def _report(stored: dict[str, Any]) -> LoadReport:
    """Return the report as it was: lists become tuples, and tuples of what they held."""
    values = {}
    for field in fields(LoadReport):
        value = stored[field.name]
        if field.name == "gaps_closed":
            value = tuple(Gap(**gap) for gap in value)
        elif field.name == "notices":
            value = tuple(Text(*notice) for notice in value)
        elif isinstance(value, list):
            value = tuple(tuple(item) if isinstance(item, list) else item for item in value)
        values[field.name] = value
    return LoadReport(**values)


def is_sound(network: RoadNetwork) -> bool:
    """Whether the arrays are a network's: right types and lengths, every index in its range."""
    n, m, k = network.node_count, network.edge_count, len(network.shape_lonlat)
    columns = [name for name in _ARRAYS if name.startswith("edge_")]
    return (
        all(getattr(network, name).dtype == kind for name, kind in _ARRAYS.items())
        and all(getattr(network, name).shape == (m,) for name in columns)
        and network.node_lonlat.shape == (n, 2)
        and network.shape_lonlat.shape == (k, 2)
        and network.forbidden_turns.shape[1:] == (2,)
        and network.shape_start.shape == (m + 1,)
        and _in_range(network.edge_from, n)
        and _in_range(network.edge_to, n)
        and _in_range(network.edge_class, len(ROAD_CLASSES))
        and _in_range(network.edge_name, len(network.names))
        and _in_range(network.edge_closure, len(network.closures))
        and _in_range(network.forbidden_turns, m)
        and bool((np.diff(network.shape_start) > 1).all())
        and [int(network.shape_start[0]), int(network.shape_start[-1])] == [0, k]
        and bool(np.isfinite(network.shape_lonlat).all() & np.isfinite(network.node_lonlat).all())
        and bool((network.edge_length_m >= 0).all())
    )


def _in_range(numbers: NDArray[Any], count: int) -> bool:
    return bool(((numbers >= 0) & (numbers < count)).all())
