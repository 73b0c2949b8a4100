"""Output is whole or not at all."""

from pathlib import Path

import pytest

from network.problems import InputError
from reports.output import put_in_place, staging


def test_files_move_into_place_and_the_stage_goes(tmp_path: Path) -> None:
    """Files, those in subfolders included, replace older ones; the stage is gone."""
    (tmp_path / "a.txt").write_text("old")
    with staging(tmp_path) as stage:
        (stage / "sub").mkdir()
        (stage / "a.txt").write_text("new")
        (stage / "sub" / "b.txt").write_text("b")
        written = put_in_place(stage, tmp_path)
    assert written == (tmp_path / "a.txt", tmp_path / "sub" / "b.txt")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "sub"}


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """When writing fails half-way, old files stay and nothing new appears."""
    (tmp_path / "a.txt").write_text("old")

    def fail() -> None:
        with staging(tmp_path) as stage:
            (stage / "a.txt").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_in_use_keeps_its_new_version_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be replaced is named in the error, the new one kept, the rest written."""
    _lock(monkeypatch, tmp_path, "a.txt")
    with staging(tmp_path) as stage:
        (stage / "a.txt").write_text("new")
        (stage / "b.txt").write_text("b")
        with pytest.raises(InputError) as caught:
            put_in_place(stage, tmp_path)
    (problem,) = caught.value.problems
    assert problem.code == "publish.file-in-use"
    assert problem.file.endswith("a.txt")
    assert "a.new.txt" in problem.action.zh
    assert (tmp_path / "a.new.txt").read_text() == "new"
    assert (tmp_path / "b.txt").exists()


def test_nothing_writable_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When not even the file beside can be written, the error says so."""
    _lock(monkeypatch, tmp_path, "a.txt", "a.new.txt")
    with staging(tmp_path) as stage:
        (stage / "a.txt").write_text("new")
        with pytest.raises(InputError) as caught:
            put_in_place(stage, tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["publish.cannot-write"]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """An output folder that cannot be made is an input error."""
    place = tmp_path / "taken"
    place.write_text("a file")
    with pytest.raises(InputError) as caught, staging(place):
        pass
    assert [problem.code for problem in caught.value.problems] == ["publish.cannot-write"]


def _lock(monkeypatch: pytest.MonkeyPatch, folder: Path, *names: str) -> None:
    """Let replacing these files fail as Windows does while another program has them open."""
    replace = Path.replace
    locked = {folder / name for name in names}

    def refuse(self: Path, target: Path) -> Path:
        if target in locked:
            raise PermissionError(13, "Permission denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
