"""Any plan comes back from its file as it went in (hypothesis)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from network.problems import Text
from scheduling.plan.model import CrewMember, Leg, Patrol, PatrolKind, Visit
from scheduling.plan.store import read_plan, write_plan

_TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
_SECONDS = st.integers(-1, 200_000)
_LENGTHS = st.floats(0, 1e6)
_DEGREES = st.floats(-180, 180)
_SHAPES = st.lists(st.tuples(_DEGREES, _DEGREES), max_size=4).map(
    lambda points: np.array(points, dtype=np.float64).reshape(-1, 2)
)
_ZONES = st.sampled_from(["Z1", "Z2", "Z3"])


@st.composite
def _patrols(draw):
    patrols = []
    for number in range(draw(st.integers(0, 3))):
        count = draw(st.integers(0, 3))
        visits = tuple(
            Visit(
                *(f"T{number}-{place}", draw(_ZONES), draw(_SECONDS), draw(_SECONDS)),
                *(draw(_SECONDS), draw(st.integers(0, 9)), draw(_LENGTHS)),
                *(draw(_DEGREES), draw(_DEGREES), draw(_SHAPES), draw(st.floats(0, 1))),
            )
            for place in range(count)
        )
        legs = tuple(
            Leg(draw(_ZONES), draw(_ZONES), draw(_SECONDS), draw(_LENGTHS), draw(_SHAPES))
            for _ in range(count + 1 if count else 0)
        )
        crew = tuple(
            CrewMember(draw(st.sampled_from(["P1", "P2"])), draw(_TEXTS), draw(_TEXTS))
            for _ in range(draw(st.integers(0, 3)))
        )
        day = draw(st.dates(date(2026, 4, 1), date(2026, 6, 30)))
        patrols.append(
            Patrol(
                *(f"T{number}", draw(st.sampled_from(["C1", "S1"])), day),
                *(draw(st.sampled_from(list(PatrolKind))), draw(st.sampled_from(["", "V1"]))),
                *(crew, draw(_TEXTS), draw(_SECONDS), draw(_SECONDS), draw(_SECONDS)),
                *(draw(_SECONDS), visits, legs, draw(_TEXTS)),
            )
        )
    return tuple(patrols)


@settings(max_examples=40, deadline=None)
@given(patrols=_patrols(), words=_TEXTS, seed=st.integers(0, 2**62))
def test_any_plan_comes_back(patrols, words, seed, whole_plan, secret, equal):
    """Odd texts, empty and one-point shapes, and spot checks without stops all survive."""
    visits = [visit.id for patrol in patrols for visit in patrol.visits]
    plan = replace(
        whole_plan,
        patrols=patrols,
        met={"R1": tuple(visits[::2]), "R3": tuple(visits[1::2])},
        needs=(replace(whole_plan.needs[0], arithmetic=Text(words, words)),),
        seed=seed,
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        write_plan(plan, path, secret=secret)
        assert equal(read_plan(path), plan)
