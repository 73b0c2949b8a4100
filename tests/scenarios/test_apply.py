"""Each kind of override changes what it names and nothing else."""

from __future__ import annotations

from datetime import date, time

import pytest

from network.problems import InputError
from scenarios.apply import APPLY, apply_scenario
from scenarios.model import Scenario


def _scenario(*overrides):
    return Scenario.model_validate({"name": "假设", "override": list(overrides)})


def _apply(inputs, *overrides):
    return apply_scenario(inputs, _scenario(*overrides))


def _refused(inputs, override):
    """Apply an override that cannot be; return its field."""
    with pytest.raises(InputError) as caught:
        _apply(inputs, override)
    problem = caught.value.problems[0]
    assert problem.where.startswith(f"假设 · override 1 ({override['do']})")
    assert problem.cause.zh.isascii() is False
    assert problem.cause.zh
    assert problem.action.en
    return problem.field


def test_added_staff_are_certified_throughout_and_do_not_collide(inputs):
    """Two additions to one unit give people with ids of their own, certified on every day."""
    override = {"do": "add-staff", "unit": "T1", "count": 2}
    county = _apply(inputs, override, override | {"certified": False}).county
    added = [p for p in county.inspectors if p not in inputs.county.inspectors]
    assert len({p.id for p in county.inspectors}) == len(inputs.county.inspectors) + 4
    assert [p.certified_on(inputs.first_day) for p in added] == [True, True, False, False]
    assert {p.units for p in added} == {("T1",)}
    assert list(county.inspectors) == sorted(county.inspectors, key=lambda p: p.id)


def test_removed_staff_hand_their_zones_to_a_colleague(inputs):
    """Who is gone answers for no zone and has no leave; a zone is left to nobody only at last."""
    changed = _apply(inputs, {"do": "remove-staff", "who": ["T1-1"]}).county
    assert "T1-1" not in {p.id for p in changed.inspectors}
    assert changed.zones[0].responsible == {"township": ("T1-2",), "county": ("C1-1",)}
    assert [row.who for row in changed.leave] == ["T-V"]
    empty = _apply(inputs, {"do": "remove-staff", "who": ["T1-1", "T1-2"]}).county
    assert empty.zones[0].responsible["township"] == ()


def test_leave_is_added_for_people_and_vehicles(inputs):
    """Each of those named is away on the days given."""
    county = _apply(
        inputs,
        {
            "do": "leave",
            "who": ["T2-1", "C1-V"],
            "from": date(2026, 4, 1),
            "to": date(2026, 4, 2),
            "reason": "培训",
        },
    ).county
    assert county.away("T2-1", date(2026, 4, 2))
    assert county.away("C1-V", date(2026, 4, 1))
    assert not county.away("T2-1", date(2026, 4, 3))


def test_leave_is_called_off(inputs):
    """All leave of those named goes, others' stays."""
    county = _apply(inputs, {"do": "cancel-leave", "who": ["T1-1"]}).county
    assert [row.who for row in county.leave] == ["T-V"]


def test_a_vehicle_is_borrowed_for_a_time(inputs):
    """A borrowed vehicle is there from its first to its last day."""
    override = {"do": "add-vehicle", "unit": "T2", "from": date(2026, 5, 1), "to": date(2026, 5, 9)}
    county = _apply(inputs, override).county
    (added,) = (v for v in county.vehicles if v not in inputs.county.vehicles)
    assert added.units == ("T2",)
    assert added.available_on(date(2026, 5, 9))
    assert not added.available_on(date(2026, 5, 10))


def test_a_vehicle_is_removed_with_its_leave(inputs):
    """A vehicle that is gone leaves no row of leave behind."""
    county = _apply(inputs, {"do": "remove-vehicle", "who": ["T-V"]}).county
    assert [v.id for v in county.vehicles] == ["C1-V"]
    assert [row.who for row in county.leave] == ["T1-1"]


def test_only_the_named_fields_of_the_shift_change(inputs):
    """A longer shift keeps its lunch."""
    shift = _apply(
        inputs, {"do": "shift", "max_work_minutes": 420, "latest_return": time(17, 30)}
    ).county.settings.shift
    assert (shift.max_work_minutes, shift.latest_return) == (420, time(17, 30))
    assert shift.lunch_minutes == inputs.county.settings.shift.lunch_minutes


def test_a_peak_is_added_to_the_law_and_to_the_settings(inputs):
    """The added peak is the county's own; the norm stays as it is."""
    changed = _apply(
        inputs,
        {
            "do": "add-peak",
            "id": "summer",
            "kind": "mining",
            "first": "05-01",
            "last": "08-31",
            "zone_kinds": ["mine"],
        },
    )
    assert changed.regulation.peak[-1].id == "summer"
    assert changed.regulation.peak[-1].basis == "user"
    assert [peak.id for peak in changed.county.settings.regulation.peaks] == ["summer"]
    assert changed.norm == inputs.norm
    back = _apply(changed, {"do": "remove-peak", "peak": "summer"})
    assert back.regulation == inputs.regulation
    assert back.county.settings == inputs.county.settings


def test_a_rule_below_the_norm_leaves_the_norm(inputs):
    """A weakened rule is applied and recorded, and the norm it is audited by is unchanged."""
    changed = _apply(
        inputs, {"do": "rule", "rule": "township-half-monthly", "set": {"window": "month"}}
    )
    rule = next(r for r in changed.regulation.frequency if r.id == "township-half-monthly")
    assert (rule.window, rule.basis, rule.article) == ("month", "user", "13")
    assert changed.norm == inputs.norm
    assert changed.county.settings.regulation.overrides[0].rule == "township-half-monthly"


def test_a_single_rule_of_its_type_can_change_too(inputs):
    """The team rule is one, not a list, and changes the same way."""
    changed = _apply(inputs, {"do": "rule", "rule": "team", "set": {"min_certified": 3}})
    assert changed.regulation.team.min_certified == 3


def test_merged_stations_move_zones_people_vehicles_and_scope(inputs):
    """Nothing names the station that is no more, and what both shared is listed once."""
    merged = _apply(
        inputs,
        {"do": "merge-stations", "stations": ["T2", "T1"], "into": "T1", "name": "东西所"},
    )
    county = merged.county
    assert [(u.id, u.name, u.township) for u in county.units] == [
        ("C1", "一中队", ""),
        ("T1", "东西所", "东镇、西镇"),
    ]
    assert {zone.units["township"] for zone in county.zones} == {"T1"}
    assert {unit for p in county.inspectors for unit in p.units} == {"C1", "T1"}
    assert county.vehicles[1].units == ("T1",)
    assert merged.units == ("C1", "T1")


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("visit.stop_minutes", 10, lambda s: s.visit.stop_minutes == 10),
        ("caps.patrol_days_per_week", 3, lambda s: s.caps.patrol_days_per_week == 3),
        ("day_classes.1.speed_factor", 0.5, lambda s: s.day_classes[1].speed_factor == 0.5),
        (
            "visit.stop_minutes_by_kind.mine",
            30,
            lambda s: s.visit.stop_minutes_by_kind == {"mine": 30},
        ),
    ],
)
def test_any_setting_changes_by_its_path(inputs, key, value, found):
    """A dotted path reaches into sections, lists and tables."""
    changed = _apply(inputs, {"do": "set", "key": key, "value": value})
    assert found(changed.county.settings)
    assert not found(inputs.county.settings)


def test_duty_patrols_change_the_calendar(inputs):
    """A setting of the calendar makes the calendar anew."""
    changed = _apply(inputs, {"do": "set", "key": "calendar.duty_patrols", "value": True})
    assert set(changed.calendar.patrol_days) > set(inputs.calendar.patrol_days)


def test_overrides_build_on_each_other(inputs):
    """A person added by one override can go on leave by the next."""
    county = _apply(
        inputs,
        {"do": "merge-stations", "stations": ["T1", "T2"], "into": "T2"},
        {"do": "add-staff", "unit": "T2"},
    ).county
    assert [u.id for u in county.units] == ["C1", "T2"]
    assert len(county.inspectors) == 7


REFUSED = {
    "unknown unit for staff": ({"do": "add-staff", "unit": "T9"}, "unit"),
    "unknown person": ({"do": "remove-staff", "who": ["T1-1", "X"]}, "who"),
    "leave of nobody": (
        {"do": "leave", "who": ["X"], "from": date(2026, 1, 1), "to": date(2026, 1, 2)},
        "who",
    ),
    "leave that ends first": (
        {"do": "leave", "who": ["T1-1"], "from": date(2026, 1, 2), "to": date(2026, 1, 1)},
        "to",
    ),
    "no leave to call off": ({"do": "cancel-leave", "who": ["T2-2"]}, "who"),
    "unknown unit for a vehicle": ({"do": "add-vehicle", "unit": "T9"}, "unit"),
    "unknown vehicle": ({"do": "remove-vehicle", "who": ["T1-1"]}, "who"),
    "an impossible shift": ({"do": "shift", "max_work_minutes": 0}, "shift.max_work_minutes"),
    "a peak on no day": (
        {"do": "add-peak", "id": "p", "kind": "land", "first": "spring", "last": "05-01"},
        "first",
    ),
    "a peak id twice": (
        {"do": "add-peak", "id": "team", "kind": "land", "first": "04-01", "last": "05-01"},
        None,
    ),
    "an unknown peak": ({"do": "remove-peak", "peak": "p"}, "peak"),
    "an unknown rule": ({"do": "rule", "rule": "r", "set": {"count": 1}}, "rule"),
    "a field the rule lacks": (
        {"do": "rule", "rule": "team", "set": {"count": 1}},
        "set.count",
    ),
    "a rule's quotation": ({"do": "rule", "rule": "team", "set": {"quote": "x"}}, "set.quote"),
    "an impossible count": (
        {"do": "rule", "rule": "team", "set": {"min_certified": 0}},
        "set.min_certified",
    ),
    "stations of which one is unknown": (
        {"do": "merge-stations", "stations": ["T1", "T9"], "into": "T1"},
        "stations",
    ),
    "into another": ({"do": "merge-stations", "stations": ["T1", "T2"], "into": "C1"}, "into"),
    "station and squad": (
        {"do": "merge-stations", "stations": ["T1", "C1"], "into": "T1"},
        "stations",
    ),
    "the datum": ({"do": "set", "key": "datum", "value": "gcj02"}, "key"),
    "a road file that is not": ({"do": "set", "key": "osm_file", "value": "x"}, "value"),
    "the law by path": ({"do": "set", "key": "regulation.peaks", "value": []}, "key"),
    "a preset that is not": ({"do": "set", "key": "regulation.preset", "value": "x"}, "value"),
    "an unknown setting": ({"do": "set", "key": "visit.fun", "value": 1}, "key"),
    "an entry past the list": ({"do": "set", "key": "day_classes.9.name", "value": 1}, "key"),
    "a path into a number": ({"do": "set", "key": "visit.sight_m.x", "value": 1}, "key"),
    "an impossible setting": (
        {"do": "set", "key": "visit.seen_share", "value": 2},
        "visit.seen_share",
    ),
    "a calendar file that is not": (
        {"do": "set", "key": "calendar.files", "value": ["none.csv"]},
        "value",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_the_county_is_refused_by_field(inputs, name):
    """The problem names scenario, override and field."""
    override, field = REFUSED[name]
    found = _refused(inputs, override)
    assert field is None or found == field


def test_all_overrides_that_do_not_fit_are_told(inputs):
    """Two bad overrides give two problems, with their numbers."""
    with pytest.raises(InputError) as caught:
        _apply(
            inputs,
            {"do": "add-staff", "unit": "T9"},
            {"do": "add-staff", "unit": "T1"},
            {"do": "remove-vehicle", "who": ["X"]},
        )
    assert ["override 1" in caught.value.problems[0].where, len(caught.value.problems)] == [True, 2]
    assert "override 3" in caught.value.problems[1].where


def test_every_kind_of_override_can_be_applied():
    """Each class of override has its function, and no function is left over."""
    from typing import get_args

    from scenarios.model import Override

    kinds = {get_args(kind.model_fields["do"].annotation)[0] for kind in get_args(Override)}
    assert kinds == set(APPLY)
