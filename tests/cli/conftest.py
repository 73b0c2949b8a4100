"""The small plan of the plan file's tests, and the rooms behind the verbs replaced by fakes."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import reports
import scheduling.audit
import scheduling.planning
from scheduling.inputs import PlanInputs


def _small_plans():
    path = Path(__file__).parent.parent / "scheduling" / "plan" / "conftest.py"
    spec = spec_from_file_location("small_plans", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_PLANS = _small_plans()
plan = _PLANS.plan
plan_file = _PLANS.plan_file


@pytest.fixture
def secret_hex():
    return _PLANS.SECRET.hex()


@pytest.fixture
def inputs(plan):
    return PlanInputs(
        plan.county,
        plan.regulation,
        plan.norm,
        plan.calendar,
        Path("county/roads.osm.pbf"),
        plan.first_day,
        plan.last_day,
        plan.units,
    )


@pytest.fixture
def run(monkeypatch):
    """Run the command line in this process; return exit code, stdout and stderr."""
    import cli

    monkeypatch.delenv("XUNCHA_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    return lambda *words: CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture
def verdict(monkeypatch):
    """Replace the audit by one that finds what the test tells it to."""
    found = SimpleNamespace(lawful=True, findings=(), seen=[])

    def audit_plan(plan, *, roads=None, informing=True):
        found.seen.append((plan, roads))
        return found

    monkeypatch.setattr(scheduling.audit, "audit_plan", audit_plan, raising=False)
    monkeypatch.setattr("scheduling.audit.file.audit_plan", audit_plan)
    return found


@pytest.fixture
def planner(monkeypatch, plan, inputs):
    """Replace inputs and planner by ones that give the small plan and remember the questions."""
    asked = SimpleNamespace(plan=plan, loaded=None, made=None)

    def load_inputs(folder, **scope):
        asked.loaded = (folder, scope)
        return inputs

    def make_plan(given, **options):
        asked.made = options
        from network.problems import Text
        from scheduling.progress import Progress

        progress = options.get("progress", lambda _: None)
        for done in (0, 1):
            progress(Progress("need", Text("需求", "need"), done, 1))
        return asked.plan

    monkeypatch.setattr("scheduling.inputs.load_inputs", load_inputs)
    monkeypatch.setattr(scheduling.planning, "make_plan", make_plan, raising=False)
    return asked


@pytest.fixture
def publisher(monkeypatch):
    """Replace the publisher by one that writes a page and remembers what it was given."""
    given = SimpleNamespace(plan=None, options=None)

    def publish(plan, out, **options):
        given.plan, given.options = plan, options
        out.mkdir(parents=True, exist_ok=True)
        page = out / "atlas.html"
        page.write_text("<p>")
        return (page,)

    monkeypatch.setattr(reports, "publish", publish)
    return given
