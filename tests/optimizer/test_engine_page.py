"""docs/engine.md: its example runs as it stands, alone, and its numbers are the code's."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer import SolveStatus, problem, solution_check
from optimizer.engine import anneal, chain, evolution, population, state, stops
from optimizer.engine.layout import RUIN_DAY, RUIN_WHOLE, WIDE_SHARE, WIDE_TIMES

PAGE = (Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
OTHER_ROOMS = ("cli", "examples", "network", "reports", "scenarios", "scheduling")


def test_the_example_has_ten_lines_and_runs_without_the_rest_of_the_house():
    """In a process of its own it prints a feasible week; no other room was imported."""
    lines = [line for line in EXAMPLE.splitlines() if line and "import" not in line]
    assert len(lines) <= 10
    ask = f"import sys\nprint([r for r in {OTHER_ROOMS} if r in sys.modules])"
    shorter = EXAMPLE.replace("20_000", "200")
    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{shorter}\n{ask}"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert re.fullmatch(r"feasible \d+ \[(\d, )+\d\]", said[0])
    assert said[1] == "[]"


@pytest.mark.parametrize("status", SolveStatus)
def test_every_status_is_explained(status):
    """Each way in which a run can end has its row."""
    assert f"| `{status.name}` |" in PAGE


@pytest.mark.parametrize(
    "sentence",
    [
        f"{evolution.FRESH_PER_VISIT} iterations per visit",
        f"two take {evolution.CHILDREN[0][0]} per visit and begin at a tenth, "
        f"one takes {evolution.CHILDREN[1][0]} and begins at a fifth",
        f"{evolution.LARGE} tasks on",
        f"in each of {evolution.ROUNDS} rounds",
        f"{evolution.POLISHED_PER_VISIT} iterations per visit of the neighbourhood",
        f"neighbourhoods of {evolution.NEIGHBOURHOOD} tasks",
        f"{evolution.REHEATED_PER_VISIT} per visit and by a twentieth of that longer each time",
        f"shorter than {evolution.SHORTEST:,} iterations",
        f"1/{round(1 / chain.COLDEST)}",
        f"{evolution.BATCH} chains from nothing",
        f"{evolution.BATCH} chains: {len(evolution.CHILDREN)} children,<br/>1 warmed up again",
        f"{population.SIZE} cheapest",
        f"{evolution.STUCK} refused in a row",
        f"{population.YOUNG} at least",
        f"1/{round(1 / population.GAIN):,} of the cost",
        f"{anneal.LOWEST_SHARE:.0%} to {anneal.HIGHEST_SHARE:.0%}".replace("%", "", 1).replace(
            "%", " %"
        ),
        f"that day's visits only ({state.TUNING[RUIN_DAY] * 100:.0f} %)",
        f"tasks leaving wholly ({state.TUNING[RUIN_WHOLE] * 100:.0f} %)",
        f"One ruin in {1 / state.TUNING[WIDE_SHARE]:.0f} removes three times as many",
    ],
)
def test_numbers_of_the_search_are_the_codes(sentence):
    """What the page says of chains, population and prices is what the constants say."""
    assert sentence in " ".join(PAGE.split())


def test_heats_are_as_told():
    """Half, a quarter, a fifth and a tenth of a leg; a wide ruin removes three times as many."""
    assert (evolution.FRESH_HEAT, evolution.REHEAT, evolution.REHEAT_GROWTH) == (0.5, 0.25, 0.05)
    assert [heat for _, heat in evolution.CHILDREN] == [0.1, 0.2, 0.1]
    assert (evolution.POLISH_HEAT, state.TUNING[WIDE_TIMES]) == (0.25, 3.0)


@pytest.mark.parametrize("module", [problem, solution_check, stops])
def test_examples_in_docstrings_hold(module):
    """What a docstring shows is what happens."""
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
