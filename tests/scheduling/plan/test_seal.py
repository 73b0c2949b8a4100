"""What is sealed is nowhere in the open plan, and comes back whole."""

from __future__ import annotations

import pytest

from scheduling.plan.model import PatrolKind
from scheduling.plan.seal import seal, unseal
from scheduling.plan.store import read_plan, read_secret
from scheduling.plan.store_files import sealed_path


def test_sealing_and_unsealing_gives_the_plan_back(plan, equal):
    """The two parts together are the complete plan."""
    assert equal(unseal(*seal(plan)), plan)


def test_the_open_plan_shows_day_crew_and_vehicle_of_a_spot_check_only(plan):
    """Route, clock, template and requirements of a spot check are gone."""
    open_plan, _ = seal(plan)
    shown = next(p for p in open_plan.patrols if p.kind is PatrolKind.SPOT_CHECK)
    whole = next(p for p in plan.patrols if p.kind is PatrolKind.SPOT_CHECK)
    assert (shown.day, shown.crew, shown.vehicle) == (whole.day, whole.crew, whole.vehicle)
    assert (shown.visits, shown.legs, shown.template) == ((), (), "")
    assert (shown.depart_seconds, shown.return_seconds) == (8.5 * 3600, 16.5 * 3600)
    assert {r.id for r in open_plan.requirements} == {"R1", "R2"}
    assert open_plan.met == {"R1": ("T1-1",), "R2": ("T1-2",)}
    assert open_plan.sealed_days == ("X1",)


def test_the_winters_deadline_is_shown_in_winter(plan):
    """A spot check of a day class with an earlier deadline is shown to end by it."""
    from dataclasses import replace

    patrols = tuple(replace(p, day_class="winter") for p in plan.patrols)
    open_plan, _ = seal(replace(plan, patrols=patrols))
    assert open_plan.patrols[1].return_seconds == 15.5 * 3600


def test_sealing_an_open_plan_changes_nothing(plan):
    """A plan without its spot checks has nothing left to seal."""
    open_plan, _ = seal(plan)
    again, sealed = seal(open_plan)
    assert again is open_plan
    assert sealed.empty


def test_the_open_file_names_nothing_sealed(plan_file):
    """Neither the spot check's visit nor its requirement is in the bytes of the open file."""
    content = plan_file.read_bytes()
    for secret_text in (b"X1-1", b"R3", b"R4"):
        assert secret_text not in content
        assert secret_text in sealed_path(plan_file).read_bytes()


def test_without_the_sealed_file_the_plan_stays_open(plan, plan_file, equal):
    """Taking the sealed file away leaves the open plan readable."""
    sealed_path(plan_file).unlink()
    assert equal(read_plan(plan_file), seal(plan)[0])
    assert read_secret(plan_file) is None


def test_the_secret_is_in_the_sealed_file_alone(plan_file, secret):
    """The secret comes back from the sealed file, and is not in the open one."""
    assert read_secret(plan_file) == secret
    assert secret.hex().encode() not in plan_file.read_bytes()


def test_a_sealed_part_that_lacks_a_patrol_is_no_match(plan):
    """Unsealing with the wrong part fails rather than leaving a patrol empty."""
    from dataclasses import replace

    open_plan, sealed = seal(plan)
    with pytest.raises(KeyError):
        unseal(open_plan, replace(sealed, patrols=()))
