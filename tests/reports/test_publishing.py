"""publish: every document, both languages, whole or not at all, sealed spot checks."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from network.problems import InputError, Language
from reports import DOCUMENTS, publish
from scheduling.plan.model import PatrolKind, Plan
from scheduling.progress import Progress


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "zh",
            {
                "2026年4月1日至6月30日巡查工作计划.docx",
                "2026年4月1日至6月30日巡查计划工作簿.xlsx",
                "2026年4月1日至6月30日巡查图册.html",
                "季度巡查工作计划/2026年第二季度 双河镇国土资源管理所.docx",
                "季度巡查工作计划/2026年第二季度 榆林镇国土资源管理所.docx",
                "巡查路线单/2026年第二季度 示例县执法大队一中队.pdf",
                "巡查路线单/2026年第二季度 双河镇国土资源管理所.pdf",
                "巡查路线单/2026年第二季度 榆林镇国土资源管理所.pdf",
            },
        ),
        (
            "en",
            {
                "annual-plan 1 Apr to 30 Jun 2026.docx",
                "workbook 1 Apr to 30 Jun 2026.xlsx",
                "atlas 1 Apr to 30 Jun 2026.html",
                "quarterly plans/2026 Q2 双河镇国土资源管理所.docx",
                "quarterly plans/2026 Q2 榆林镇国土资源管理所.docx",
                "route sheets/2026 Q2 示例县执法大队一中队.pdf",
                "route sheets/2026 Q2 双河镇国土资源管理所.pdf",
                "route sheets/2026 Q2 榆林镇国土资源管理所.pdf",
            },
        ),
    ],
)
def test_every_document_is_written(
    plan: Plan, tmp_path: Path, language: Language, names: set[str]
) -> None:
    """All documents arrive, paths are told, and progress of each ends at its total."""
    steps: list[Progress] = []
    out = tmp_path / "documents"
    written = publish(plan, out, language=language, progress=steps.append)
    assert {path.relative_to(out).as_posix() for path in written} == names
    assert {path.name for path in out.rglob("*") if path.is_file()} == {p.name for p in written}
    last = {step.stage: (step.done, step.total) for step in steps}
    assert set(last) == {f"publish.{name}" for name in DOCUMENTS}
    assert all(done == total for done, total in last.values())


def test_only_what_was_asked_for(plan: Plan, tmp_path: Path) -> None:
    """``only`` limits the documents and leaves others alone."""
    (tmp_path / "note.txt").write_text("mine")
    (path,) = publish(plan, tmp_path, only=["atlas"])
    assert path.suffix == ".html"
    assert (tmp_path / "note.txt").read_text() == "mine"


def test_an_unknown_document_is_refused(plan: Plan, tmp_path: Path) -> None:
    """Every unknown name is reported, with what there is, and nothing is written."""
    with pytest.raises(InputError) as caught:
        publish(plan, tmp_path / "out", only=["atlas", "poster", "leaflet"])
    assert [problem.field for problem in caught.value.problems] == ["leaflet", "poster"]
    assert "route-sheets" in caught.value.problems[0].action.en
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_when_one_document_fails(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure in the last document leaves the folder as it was."""

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("reports.atlas.write_atlas", fail)
    with pytest.raises(RuntimeError):
        publish(plan, tmp_path, only=["annual", "atlas"])
    assert list(tmp_path.iterdir()) == []


def test_no_document_depends_on_what_is_sealed(plan: Plan, tmp_path: Path) -> None:
    """Published with other zones in the spot check, every document has the same bytes."""
    patrols = tuple(
        replace(patrol, visits=patrol.visits[:1], legs=patrol.legs[:2], return_seconds=40_000)
        if patrol.kind == PatrolKind.SPOT_CHECK
        else patrol
        for patrol in plan.patrols
    )
    hidden = {row.id for row in plan.requirements if row.spot_check}
    kept = tuple(row for row in plan.requirements if row.id not in hidden)
    met = {key: visits for key, visits in plan.met.items() if key not in hidden}
    other = replace(plan, patrols=patrols, requirements=kept, met=met)
    made = [
        {path.name: content(path) for path in publish(version, tmp_path / name)}
        for name, version in (("a", plan), ("b", other))
    ]
    assert made[0] == made[1]


def content(path: Path) -> object:
    """Return what a file says: XLSX without the moment openpyxl stamps on it."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = re.sub(rb"<dcterms:\w+ [^>]*>[^<]*", b"", core)
    return parts
