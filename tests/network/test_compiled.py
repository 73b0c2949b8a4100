"""Compiled functions are cached by what all of them say, and in nobody else's folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from numba import config

from network import compiled


@pytest.fixture
def cache_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "compiled.py"))
    (tmp_path / "one.py").write_text("@kernel\ndef one(): return 1\n", encoding="utf-8")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    return tmp_path


def folder_now() -> Path | None:
    compiled._cache_folder.cache_clear()
    return compiled._cache_folder()


@pytest.fixture(autouse=True)
def forget_folder():
    yield
    compiled._cache_folder.cache_clear()


def test_a_change_in_any_compiled_file_empties_the_cache(cache_in: Path):
    """Numba itself would notice only a change in the file of the function that is called."""
    first = folder_now()
    (cache_in / "notes.py").write_text("nothing compiled\n", encoding="utf-8")
    assert folder_now() == first
    (cache_in / "two.py").write_text("@kernel\ndef two(): return 2\n", encoding="utf-8")
    second = folder_now()
    assert first is not None
    assert second is not None
    assert second != first
    assert [folder.name for folder in (cache_in / "__pycache__").iterdir()] == [second.name]


def test_a_folder_that_was_asked_for_is_used_and_nothing_in_it_removed(
    cache_in: Path, monkeypatch: pytest.MonkeyPatch
):
    """Several installations may share it."""
    asked = cache_in / "asked"
    (asked / "roads-of-another").mkdir(parents=True)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(asked))
    found = folder_now()
    assert found is not None
    assert found.parent == asked
    assert (asked / "roads-of-another").is_dir()


def test_where_nothing_can_be_written_numba_finds_another_place(cache_in: Path):
    """A file stands where the folder would be: no folder, no error, numba's setting as it was."""
    (cache_in / "__pycache__").write_text("", encoding="utf-8")
    before = config.CACHE_DIR
    assert folder_now() is None
    with compiled._own_cache():
        assert before == config.CACHE_DIR


def test_numbas_setting_is_left_as_it_was(cache_in: Path):
    """Other packages cache too."""
    before = config.CACHE_DIR
    folder = folder_now()
    with compiled._own_cache():
        assert str(folder) == config.CACHE_DIR
    assert before == config.CACHE_DIR
