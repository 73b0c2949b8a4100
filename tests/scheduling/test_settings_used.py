"""Every default the law does not fix is listed, under its name, with its value."""

from datetime import time

import pytest

from scheduling.county.model import County
from scheduling.county.settings import (
    CapSettings,
    CountySettings,
    DayClass,
    RegulationChoice,
    RoadSettings,
    RuleOverride,
    ShiftSettings,
)
from scheduling.regulation import load_preset
from scheduling.settings_used import (
    county_settings_used,
    rules_used,
    setting_label,
    settings_used,
    value_text,
)

PLAIN = CountySettings(name="示例县", osm_file="roads.osm.pbf")


def _by_key(settings):
    return {entry.key: entry for entry in county_settings_used(settings)}


def _leaf_keys(data, within=""):
    for name, value in data.items():
        if isinstance(value, dict) and value:
            yield from _leaf_keys(value, f"{within}{name}.")
        else:
            yield f"{within}{name}"


def test_every_setting_is_listed_once_with_a_label():
    """No value of county.toml is missing, and each has a name of its own in both languages."""
    roads = RoadSettings(left_turn_seconds=8, turn_back_seconds=30)
    entries = county_settings_used(PLAIN.model_copy(update={"roads": roads}))
    keys = [entry.key for entry in entries]
    assert len(set(keys)) == len(keys)
    plain = {key for key in keys if not key.startswith("day_classes.")}
    assert plain == set(_leaf_keys(PLAIN.model_dump(exclude={"day_classes"})))
    per_class = set(DayClass.model_fields) - {"name"}
    assert {key for key in keys if key not in plain} == {
        f"day_classes.{entry.name}.{name}" for entry in PLAIN.day_classes for name in per_class
    }
    labels = [entry.label for entry in entries]
    assert all(label.zh and label.en for label in labels)
    assert len({label.zh for label in labels}) == len({label.en for label in labels}) == len(labels)


def test_free_turns_are_not_told():
    """What turns cost is printed only where they cost time."""
    costs = {"roads.left_turn_seconds", "roads.turn_back_seconds"}
    assert not costs & set(_by_key(PLAIN))
    slow = PLAIN.model_copy(update={"roads": RoadSettings(left_turn_seconds=8)})
    entries = _by_key(slow)
    assert costs & set(entries) == {"roads.left_turn_seconds"}
    assert entries["roads.left_turn_seconds"].value == "8"
    assert entries["roads.left_turn_seconds"].basis == "user"


def test_defaults_and_own_values_are_told_apart():
    """A value left alone is a default; one changed is the county's; a name is always its own."""
    changed = PLAIN.model_copy(
        update={
            "shift": ShiftSettings(lunch_minutes=45),
            "caps": CapSettings(patrol_days_per_week=4),
        }
    )
    entries = _by_key(changed)
    assert (entries["shift.lunch_minutes"].value, entries["shift.lunch_minutes"].basis) == (
        "45",
        "user",
    )
    assert entries["shift.max_work_minutes"].basis == "default"
    assert entries["caps.patrol_days_per_week"].basis == "default"
    assert entries["name"].basis == "user"


def test_own_day_classes_are_listed_by_name():
    """A season of the county's own is listed as such, one kept as it was stays a default."""
    thaw = DayClass(name="thaw", first="04-01", last="04-20", closed_road_classes=("track",))
    entries = _by_key(PLAIN.model_copy(update={"day_classes": (*PLAIN.day_classes, thaw)}))
    closed = entries["day_classes.thaw.closed_road_classes"]
    assert (closed.value, closed.basis) == ("track", "user")
    assert "thaw" in closed.label.zh
    assert entries["day_classes.winter.speed_factor"].basis == "default"


def test_rules_of_law_are_not_listed():
    """What the norm itself says is no default of anyone's; everything else is listed."""
    entries = rules_used(load_preset("jilin"))
    assert {entry.key for entry in entries} == {
        "regulation.city-own-zones-monthly",
        "regulation.county-level-3-quarterly",
        "regulation.city-level-1-sample",
        "regulation.land-season",
        "regulation.half-month-windows",
    }
    assert {entry.basis for entry in entries} == {"default"}
    assert all(entry.article == "" for entry in entries)


def test_settings_used_holds_both():
    """Rules and settings are listed together."""
    county = County(PLAIN, (), (), (), ())
    jilin = load_preset("jilin")
    assert settings_used(county, jilin) == rules_used(jilin) + county_settings_used(PLAIN)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        ((), "-"),
        ({}, "-"),
        ("", "-"),
        (0, "0"),
        (False, "false"),
        (True, "true"),
        (20.0, "20"),
        (0.75, "0.75"),
        (time(8, 30), "08:30"),
        (("a", "b"), "a; b"),
        ({"mine": 30.0}, "mine=30"),
        ((RuleOverride(rule="team", set={"min_certified": 3}),), "rule=team, set=min_certified=3"),
    ],
)
def test_values_as_text(value, text):
    """Values are printed as people write them."""
    assert value_text(value) == text


def test_overrides_are_printed():
    """What the county changed in the regulation can be read from the list."""
    overrides = (RuleOverride(rule="team", set={"min_certified": 3}),)
    changed = PLAIN.model_copy(update={"regulation": RegulationChoice(overrides=overrides)})
    entry = _by_key(changed)["regulation.overrides"]
    assert (entry.value, entry.basis) == ("rule=team, set=min_certified=3", "user")


def test_label_of_a_season_with_a_dot_in_its_name():
    """A season may be called anything."""
    assert setting_label("day_classes.no.1.first").zh == "路况时段“no.1”：起始日"
