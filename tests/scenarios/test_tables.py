"""Any column of any table, any rule and any day can be overridden, checked as in the folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import shapely

from network.problems import InputError
from scenarios.apply import apply_scenario, try_scenario
from scenarios.model import Scenario
from scheduling.county.model import Checkpoint, ZoneKind


def _scenario(*overrides):
    return Scenario.model_validate({"name": "假设", "override": list(overrides)})


def _apply(inputs, *overrides):
    return apply_scenario(inputs, _scenario(*overrides))


def _change(table, identity, **columns):
    return {"do": "change", "table": table, "id": identity, "set": columns}


def test_every_column_of_a_zone_can_be_changed(inputs):
    """Level, kind, units, people, priority, minutes, walking, name, reasons and shape."""
    changed = _apply(
        inputs,
        _change(
            *("zones", "Z1"),
            **{"name": "新村", "level": 2, "kind": "矿区", "unit_township": "西所"},
            **{"responsible_township": ["T2-1", "T2-2"], "priority": 7, "stop_minutes": 12.5},
            **{"walk": True, "reasons": "试", "geometry": "LINESTRING (126 43, 126.1 43)"},
        ),
    ).county.zones[0]
    assert (changed.name, changed.level, changed.kind) == ("新村", 2, ZoneKind.MINE)
    assert changed.units == {"township": "T2", "county": "C1"}
    assert changed.responsible == {"township": ("T2-1", "T2-2"), "county": ("C1-1",)}
    assert (changed.priority, changed.stop_minutes, changed.walk) == (7, 12.5, True)
    assert (changed.reasons, changed.geometry.geom_type) == ("试", "LineString")


def test_what_is_not_named_stays(inputs):
    """Several rows change in the columns named and in nothing else."""
    changed = _apply(inputs, _change("zones", ["Z1", "Z2"], stop_minutes=5)).county
    assert changed.zones[:2] == tuple(replace(z, stop_minutes=5.0) for z in inputs.county.zones[:2])
    assert changed.zones[2] == inputs.county.zones[2]
    assert replace(changed, zones=inputs.county.zones) == inputs.county


def test_a_priority_that_followed_the_level_follows_the_new_one(inputs):
    """A zone whose priority was its level's gets that of its new level, others keep theirs."""
    county = replace(
        inputs.county,
        zones=(replace(inputs.county.zones[0], priority=30), *inputs.county.zones[1:]),
    )
    zones = _apply(replace(inputs, county=county), _change("zones", ["Z1", "Z2"], level=3)).county
    assert [zone.priority for zone in zones.zones[:2]] == [10, 0]


def test_people_vehicles_and_stations_change_by_column(inputs):
    """Dates, lists, yes and no, places: all as the tables have them."""
    county = _apply(
        inputs,
        _change("inspectors", "T1-1", certificate_until=date(2026, 4, 30), licensed=False),
        _change("vehicles", "T-V", unit=["T1"], seats=7, available_from="2026-05-01"),
        _change("stations", "T2", lon=126.5, lat=43.5, head="赵"),
    ).county
    people = {person.id: person for person in county.inspectors}
    assert not people["T1-1"].certified_on(date(2026, 5, 1))
    assert not people["T1-1"].licensed
    assert (county.vehicles[1].units, county.vehicles[1].seats) == (("T1",), 7)
    assert county.vehicles[1].available_from == date(2026, 5, 1)
    assert (county.units[2].lon, county.units[2].head) == (126.5, "赵")


def test_rows_are_added_to_any_table(inputs):
    """A station with people, a vehicle, zones, a place to pass, leave and history."""
    changed = _apply(
        inputs,
        {
            **{"do": "add", "table": "stations"},
            "rows": [{"id": "T3", "name": "北所", "authority": "所", "lon": 126.3, "lat": 43.1}],
        },
        {
            **{"do": "add", "table": "inspectors"},
            "rows": [{"id": "T3-1", "name": "孙", "单位": "T3", "certificate_number": "JL9"}],
        },
        {"do": "add", "table": "vehicles", "rows": [{"id": "T3-V", "plate": "", "unit": "T3"}]},
        {
            **{"do": "add", "table": "zones"},
            "rows": [
                {
                    **{"id": "Z9", "name": "新区", "level": 1, "kind": "development"},
                    **{"unit_township": "T3", "responsible_township": "T3-1"},
                    "geometry": "POLYGON ((126 43, 126.01 43, 126.01 43.01, 126 43))",
                }
            ],
        },
        {
            **{"do": "add", "table": "checkpoints"},
            "rows": [{"zone": "Z9", "name": "大门", "lon": 126.005, "lat": 43.001}],
        },
        {
            **{"do": "add", "table": "leave"},
            "rows": [{"who": "孙", "first_day": "2026-04-02", "last_day": "2026-04-03"}],
        },
        {
            **{"do": "add", "table": "history"},
            "rows": [{"zone": "Z1", "authority": "township", "day": date(2026, 3, 20)}],
        },
    )
    county = changed.county
    assert changed.units == ("C1", "T1", "T2", "T3")
    assert county.zones[-1].priority == 30
    assert county.checkpoints == (Checkpoint("Z9", 126.005, 43.001, "大门"),)
    assert county.away("T3-1", date(2026, 4, 2))
    assert county.history[0].zone == "Z1"
    gone = _apply(changed, {"do": "remove", "table": "zones", "id": "Z9"}).county
    assert gone.checkpoints == ()


def test_rows_are_removed_with_what_hangs_on_them(inputs):
    """People hand their zones on; a station can go once nothing names it."""
    county = _apply(inputs, {"do": "remove", "table": "inspectors", "id": "T1-1"}).county
    assert county.zones[0].responsible["township"] == ("T1-2",)
    county = _apply(inputs, {"do": "remove", "table": "vehicles", "id": "T-V"}).county
    assert [vehicle.id for vehicle in county.vehicles] == ["C1-V"]
    left = _apply(
        inputs,
        {"do": "remove", "table": "zones", "id": "Z3"},
        {"do": "remove", "table": "inspectors", "id": ["T2-1", "T2-2"]},
        _change("vehicles", "T-V", unit="T1"),
        {"do": "remove", "table": "stations", "id": "T2"},
    )
    assert left.units == ("C1", "T1")


def test_a_rule_is_added_and_removed_and_the_norm_stays(inputs):
    """Weekly visits to mines are owed besides; without team rule the norm is unchanged."""
    weekly = {"id": "mines", "authority": "county", "zone_kinds": ["mine"], "window": "week"}
    changed = _apply(
        inputs,
        {"do": "add-rule", "kind": "frequency", "rule": weekly | {"count": 1}},
        {"do": "remove-rule", "rule": "team"},
    )
    added = changed.regulation.frequency[-1]
    assert (added.id, added.basis, added.article) == ("mines", "user", "")
    assert changed.regulation.team is None
    assert changed.norm == inputs.norm


def test_another_norm_can_be_asked_for(inputs):
    """The preset is a setting: what is audited against changes with it."""
    changed = _apply(inputs, {"do": "set", "key": "regulation.preset", "value": "yanqing"})
    assert changed.norm.id == changed.regulation.id == "yanqing"


def test_days_become_workdays_and_days_off(inputs):
    """The calendar changes on the days named, and says that it is the county's own."""
    saturday, monday = date(2026, 4, 11), date(2026, 4, 13)
    changed = _apply(inputs, {"do": "days", "work": [saturday], "off": [monday]})
    workdays = set(inputs.calendar.workdays)
    assert set(changed.calendar.workdays) == (workdays | {saturday}) - {monday}
    assert dict(changed.calendar.sources)[2026] == "file: scenario"
    assert "scenario" in changed.county.settings.calendar.files


def test_a_changed_section_leaves_others_stated_or_assumed(inputs):
    """A county that states no datum states none under a scenario either."""
    changed = _apply(inputs, {"do": "set", "key": "visit.stop_minutes", "value": 10})
    stated = inputs.county.settings.model_fields_set
    assert changed.county.settings.model_fields_set == stated | {"visit"}


WRONG = {
    "a level that is not": (_change("zones", "Z1", level=4), "set.level", "zone.unknown-level"),
    "a kind that is not": (_change("zones", "Z1", kind="sea"), "set.kind", "zone.unknown-kind"),
    "minutes that are none": (
        *(_change("zones", "Z1", stop_minutes="long"), "set.stop_minutes", "table.not-a-number"),
    ),
    "a day that is none": (
        *(_change("inspectors", "T1-1", certificate_until="soon"), "set.certificate_until"),
        "table.not-a-date",
    ),
    "a column that is not": (_change("zones", "Z1", colour="red"), "set.colour", None),
    "a table in a cell": (_change("zones", "Z1", name={"a": 1}), "set.name", None),
    "an id": (_change("zones", "Z1", id="Z7"), "set.id", None),
    "a zone that is not": (_change("zones", "Z8", level=1), "id", None),
    "a shape that is none": (_change("zones", "Z1", geometry="here"), "set.geometry", None),
    "a place off the globe": (_change("stations", "T1", lon=999, lat=1), "set.lon", None),
    "a squad as a station": (
        *(_change("zones", "Z1", unit_township="C1"), "unit_township", "zone.unit-authority"),
    ),
    "somebody of another unit": (
        _change("zones", "Z1", responsible_township="T2-1"),
        "responsible_township",
        None,
    ),
    "a certificate twice": (
        _change("inspectors", "T1-1", certificate_number="JLT12"),
        "certificate_number",
        "county.shared-certificate",
    ),
    "one seat": (_change("vehicles", "T-V", seats=1), "seats", "vehicle.seats"),
    "a row without a name": (
        {"do": "add", "table": "inspectors", "rows": [{"id": "X", "unit": "T1"}]},
        *("name", "table.missing-value"),
    ),
    "an id twice": (
        {"do": "add", "table": "vehicles", "rows": [{"id": "T-V", "plate": "x", "unit": "T1"}]},
        *("id", "county.duplicate-id"),
    ),
    "leave of nobody": (
        {
            **{"do": "add", "table": "leave"},
            "rows": [{"who": "X", "first_day": "2026-04-01", "last_day": "2026-04-02"}],
        },
        *("who", "leave.unknown-person"),
    ),
    "a station still named": (
        {"do": "remove", "table": "stations", "id": "T2"},
        *(None, "county.unknown-unit"),
    ),
    "seasons with a hole": (
        {"do": "set", "key": "day_classes.0.last", "value": "10-31"},
        *("day_classes", "settings.day-classes"),
    ),
    "minutes of no kind": (
        {"do": "set", "key": "visit.stop_minutes_by_kind.sea", "value": 3},
        *("visit.stop_minutes_by_kind", "settings.unknown-name"),
    ),
    "a rule without window": (
        {"do": "add-rule", "kind": "frequency", "rule": {"id": "r", "authority": "county"}},
        *("rule.window", "scenario.missing-value"),
    ),
    "a rule against another": (
        {
            **{"do": "add-rule", "kind": "frequency"},
            "rule": {
                **{"id": "r", "authority": "county", "levels": [1, 2]},
                **{"window": "month", "count": 2},
            },
        },
        *(None, "regulation.contradictory"),
    ),
    "a rule that is not": ({"do": "remove-rule", "rule": "r"}, "rule", None),
    "a day that is off already": ({"do": "days", "off": [date(2026, 4, 11)]}, "off", None),
    "a day of another year": ({"do": "days", "off": [date(2027, 4, 12)]}, "off", None),
    "no day": ({"do": "days"}, "work", None),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_folder_could_not_hold_is_refused(inputs, name):
    """Each fault is told as in the county folder: scenario, override, field, cause, action."""
    override, field, code = WRONG[name]
    with pytest.raises(InputError) as caught:
        _apply(inputs, override)
    problems = caught.value.problems
    assert problems[0].where.startswith(f"假设 · override 1 ({override['do']})")
    assert field is None or field in {problem.field for problem in problems}
    assert code is None or code in {problem.code for problem in problems}
    assert all(problem.cause.zh and problem.action.zh for problem in problems)


def test_all_that_is_wrong_with_one_override_is_told(inputs):
    """Two bad cells are two problems, and the overrides after it are tried all the same."""
    wrong = _change("zones", "Z1", level=9, stop_minutes="x")
    changed, problems = try_scenario(
        inputs, _scenario(wrong, _change("zones", "Z2", level=2)), "s.toml"
    )
    assert {problem.field for problem in problems} == {"set.level", "set.stop_minutes"}
    assert changed.county.zones[1].level == 2
    assert changed.county.zones[0] == inputs.county.zones[0]


def test_settings_of_the_calendar_come_before_days(inputs):
    """A calendar built anew would lose the days changed: the order is asked for."""
    with pytest.raises(InputError, match="before days"):
        _apply(
            inputs,
            {"do": "days", "work": [date(2026, 4, 11)]},
            {"do": "set", "key": "calendar.duty_patrols", "value": True},
        )


def test_a_zone_stays_where_it_was(inputs):
    """A change of columns keeps the shape to the last digit."""
    zone = _apply(inputs, _change("zones", "Z1", level=2)).county.zones[0]
    assert shapely.equals_exact(zone.geometry, inputs.county.zones[0].geometry)
