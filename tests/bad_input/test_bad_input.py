"""Every kind of bad input is named with file, place, field and action, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from network.problems import InputError, Problem
from scheduling.calendar.workdays import build_calendar
from scheduling.county import read_county
from scheduling.regulation import resolve
from tests.bad_input.cases import CASES, Case
from tests.bad_input.small_county import make_small_county


def problems_of(folder: Path, stage: str) -> tuple[Problem, ...]:
    """Return the problems that a reading of the folder up to ``stage`` finds."""
    try:
        county = read_county(folder)
        if stage == "regulation":
            resolve(county.settings.regulation, folder)
        if stage == "calendar":
            build_calendar([2027], county.settings.calendar, folder)
        if stage == "roads":
            from scheduling.roads import prepare_roads

            prepare_roads(county, folder / county.settings.osm_file)
    except InputError as error:
        return error.problems
    return ()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_small_county(tmp_path / "county")


@pytest.mark.parametrize("stage", ["county", "regulation", "calendar", "roads"])
def test_the_folder_is_good_before_it_is_spoilt(folder: Path, stage: str):
    """Without a spoilt file no reading finds a problem."""
    assert problems_of(folder, stage) == ()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_bad_input_is_named(folder: Path, case: Case):
    """The problem has the code, file, place, field and action of the table."""
    case.spoil(folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    problems = problems_of(folder, case.stage)
    found = [p for p in problems if p.code.startswith(case.code) and matches(p, case)]
    assert found, "\n".join(f"{p.code} {p.in_('en')}" for p in problems)
    assert all(p.cause.zh and p.cause.en and p.action.zh for p in problems)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_one_mistake_gives_one_problem(folder: Path, case: Case):
    """A single mistake is reported once: no other check stumbles over it."""
    case.spoil(folder)
    codes = [problem.code for problem in problems_of(folder, case.stage)]
    assert len(codes) == len(set(codes))
    assert all(code.startswith(case.code) for code in codes)


def matches(problem: Problem, case: Case) -> bool:
    """Whether a problem stands where the table says and names the action."""
    return (
        case.file in problem.file
        and (not case.where or problem.where == case.where)
        and (not case.field or problem.field == case.field)
        and case.action in problem.action.en
    )


def test_all_problems_are_reported_at_once(folder: Path):
    """Mistakes in different files come in one error, however many there are."""
    spoilt = [
        case
        for case in CASES
        if case.name
        in {
            "leave of nobody",
            "vehicle of one seat",
            "unknown level",
            "certificate of two people",
            "unknown setting",
            "station that is no point",
        }
    ]
    for case in spoilt:
        case.spoil(folder)
    codes = {problem.code for problem in problems_of(folder, "county")}
    assert codes == {case.code for case in spoilt}


def test_the_table_is_large_enough_and_names_are_unique():
    """At least thirty kinds, each under its own name."""
    assert len({case.name for case in CASES}) == len(CASES) >= 30
