"""Where compiled kernels are kept: one folder per state of their sources, and without any."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from optimizer.engine import compiled
from optimizer.engine.compiled import kernel


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Return a package folder with one kernel, as if ``compiled`` lay in it."""
    engine = tmp_path / "optimizer" / "engine"
    engine.mkdir(parents=True)
    (engine / "ruin.py").write_bytes(b"@kernel\ndef ruin(): pass\n")
    (engine / "plain.py").write_bytes(b"def plain(): pass\n")
    monkeypatch.setattr(compiled, "__file__", str(engine / "compiled.py"))
    return engine


def test_a_change_in_any_kernel_file_means_a_new_folder(house):
    """The folder stays while kernels stay, moves when one changes, and the old one is removed."""
    first = compiled._cache_folder()
    (first / "kernel.nbc").write_bytes(b"machine code")
    assert compiled._cache_folder() == first
    (house / "plain.py").write_bytes(b"def plain(): return 1\n")
    assert compiled._cache_folder() == first
    (house.parent / "pricing.py").write_bytes(b"@inline_kernel\ndef price(): pass\n")
    second = compiled._cache_folder()
    assert second != first
    assert second.is_dir()
    assert not first.exists()


def test_a_place_that_cannot_be_written_is_done_without(house):
    """No folder can be made where a file is in the way: numba is left to find its own place."""
    (house / "__pycache__").write_bytes(b"")
    assert compiled._cache_folder() is None


def test_the_folder_is_numbas_unless_told_otherwise():
    """Importing sets numba's cache folder; a user's own NUMBA_CACHE_DIR is respected."""
    code = (
        "from numba import config; from optimizer.engine import compiled;"
        "print(config.CACHE_DIR); print(compiled._cache_folder())"
    )
    own = str(Path("own-cache").absolute())
    for given, wanted in (("", None), (own, own)):
        environment = {**os.environ, "NUMBA_CACHE_DIR": given}
        said = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True,
            check=True,
        ).stdout.split("\n")  # fmt: skip
        assert said[0] == (wanted or said[1])


def test_kernels_compile_where_nothing_can_be_cached(tmp_path):
    """With every place of numba's cache closed a kernel still runs, compiled for this process."""
    closed = tmp_path / "closed"
    closed.write_bytes(b"")  # a file where folders would have to be made
    (tmp_path / "twice.py").write_text(
        "from optimizer.engine.compiled import kernel\n\n\n"
        "@kernel\ndef twice(x):\n    return 2 * x\n\n\nprint(twice(21))\n"
    )
    (tmp_path / "__pycache__").write_bytes(b"")
    environment = {
        **os.environ, "NUMBA_CACHE_DIR": str(closed / "cache"), "HOME": str(closed),
        "XDG_CACHE_HOME": str(closed), "LOCALAPPDATA": str(closed), "PYTHONPATH": str(Path.cwd()),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-B", "twice.py"], env=environment, capture_output=True, text=True,
        cwd=tmp_path, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == ("42", 0), done.stderr


def test_an_error_that_is_not_about_the_cache_comes_out(monkeypatch):
    """RuntimeError without a cache asked for is not swallowed."""

    def refuse(**_):
        raise RuntimeError("no compiler")

    monkeypatch.setattr(compiled, "njit", refuse)
    with pytest.raises(RuntimeError, match="no compiler"):
        kernel(np.sum)
