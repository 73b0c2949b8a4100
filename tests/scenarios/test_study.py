"""Scenarios of a small county on its roads: reused results are those of planning afresh."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import scheduling.planning.workers
from examples import SampleSize, generate_county
from scenarios.model import Scenario
from scenarios.study import Case, outcome_of, run_scenarios
from scheduling.inputs import load_inputs
from scheduling.planning import make_plan
from scheduling.planning.kept_files import KeptFiles
from scheduling.planning.reuse import Reuse

SIZE = SampleSize(townships=2, zones_per_township=6, scenery=False, leave=False)


@pytest.fixture(scope="module")
def march(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    generate_county(folder, size=SIZE, seed=3)
    return load_inputs(folder, first_day=date(2026, 3, 1), last_day=date(2026, 3, 31))


def _scenarios(inputs):
    person = next(p for p in inputs.county.inspectors if p.units == ("T01",))
    zone = next(z for z in inputs.county.zones if z.units["township"] == "T02")
    overrides = {
        "少一人": [{"do": "remove-staff", "who": [person.id]}],
        "借车": [{"do": "add-vehicle", "unit": "T01"}],
        "停留": [{"do": "change", "table": "zones", "id": zone.id, "set": {"stop_minutes": 45}}],
        "周上限": [{"do": "set", "key": "caps.patrol_days_per_week", "value": 3}],
    }
    return [
        Scenario.model_validate({"name": name, "override": parts})
        for name, parts in overrides.items()
    ]


@pytest.fixture(scope="module")
def scenarios(march):
    return _scenarios(march)


@pytest.fixture(scope="module")
def afresh(march, scenarios):
    """Return the outcomes, each scenario planned for itself, as ``xuncha plan`` does."""
    from hashlib import sha256

    from network.problems import Text
    from scenarios.apply import apply_scenario

    secret = sha256(b"xuncha whatif 0").digest()
    changed = [march, *(apply_scenario(march, scenario) for scenario in scenarios)]
    plans = [make_plan(inputs, seed=0, secret=secret) for inputs in changed]
    return [
        outcome_of(Case(Text("", ""), "", inputs), plan)
        for inputs, plan in zip(changed, plans, strict=True)
    ]


def _figures(outcomes):
    return [(o.lawful, o.measures, o.breaches, o.shortfalls) for o in outcomes]


@pytest.mark.parametrize("workers", [1, 2])
def test_reused_plans_are_those_of_afresh(march, scenarios, afresh, workers, tmp_path):
    """Shared within a run, kept on disk, or planned for itself: the outcomes are equal."""
    files = KeptFiles(tmp_path)
    first = run_scenarios(march, scenarios, workers=workers, reuse=Reuse(files))
    assert _figures(first.outcomes) == _figures(afresh)
    assert run_scenarios(march, scenarios, workers=workers, reuse=Reuse(files)) == first


def test_a_scenario_plans_anew_only_the_units_it_touches(march, scenarios, tmp_path, monkeypatch):
    """A person less at one station is one group to plan; twice the same scenario is none."""
    planned = []
    plan_group = scheduling.planning.workers.plan_group

    def counted(job, *rest):
        planned.append(job.units)
        return plan_group(job, *rest)

    monkeypatch.setattr(scheduling.planning.workers, "plan_group", counted)
    reuse = Reuse(KeptFiles(tmp_path))
    base = run_scenarios(march, scenarios[:1], reuse=reuse)
    assert sorted(planned).count(("T01",)) == 2
    assert len(planned) == len(base.outcomes[0].measures.units) + 1
    again = scenarios[0].model_copy(update={"name": "同上"})
    planned.clear()
    run_scenarios(march, [scenarios[0], again], reuse=Reuse(KeptFiles(tmp_path)))
    assert planned == []


def test_a_run_that_was_interrupted_goes_on(march, scenarios, tmp_path, monkeypatch):
    """What was finished before Ctrl-C is not planned a second time."""

    def interrupt(step):
        if step.stage == "units" and step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_scenarios(march, [], reuse=Reuse(KeptFiles(tmp_path)), progress=interrupt)
    reuse = Reuse(KeptFiles(tmp_path))
    run_scenarios(march, [], reuse=reuse)
    assert reuse.groups_found == 2


def test_what_a_time_limit_cut_short_is_not_kept(march, tmp_path):
    """A plan that stopped for time is told so, and planned again the next time."""
    first = run_scenarios(*(march, []), time_limit_seconds=0.001, reuse=Reuse(KeptFiles(tmp_path)))
    reuse = Reuse(KeptFiles(tmp_path))
    second = run_scenarios(march, [], reuse=reuse)
    assert reuse.groups_found == 0
    assert second.outcomes[0].lawful
    assert first.outcomes[0].measures.whole.unmet >= 0


def test_damaged_files_change_nothing(march, tmp_path, afresh):
    """Every file of the cache cut short: all is planned anew, to the same result."""
    run_scenarios(march, [], reuse=Reuse(KeptFiles(tmp_path)))
    paths = list(Path(tmp_path).iterdir())
    assert {path.suffix for path in paths} == {".group", ".templates"}
    for path in paths:
        path.write_bytes(path.read_bytes()[:-5])
    reuse = Reuse(KeptFiles(tmp_path))
    comparison = run_scenarios(march, [], reuse=reuse)
    assert reuse.groups_found == 0
    assert _figures(comparison.outcomes) == _figures(afresh[:1])
