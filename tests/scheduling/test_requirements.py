"""What is owed: counted again here, naively, day by day."""

import hashlib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from scheduling.calendar.windows import WindowKind, days_of, window_of
from scheduling.calendar.workdays import build_calendar
from scheduling.county.model import County, Zone, ZoneKind
from scheduling.county.settings import CalendarSettings, CountySettings, GapSettings
from scheduling.regulation import load_preset
from scheduling.regulation.model import FrequencyRule, PeakRule, SeasonRange, SpotCheckRule
from scheduling.requirements import derive_requirements, draw

JILIN = load_preset("jilin")
CALENDAR = build_calendar([2025, 2026], CalendarSettings(), Path())
WORKDAYS = set(CALENDAR.workdays)
NEW_YEAR, NEW_YEARS_EVE = date(2026, 1, 1), date(2026, 12, 31)
UNITS = ("S1", "S2", "K1")
SECRET = b"secret"


def _zone(number, level=1, kind=ZoneKind.VILLAGE, **units):
    owed_to = units or {"township": f"S{number % 2 + 1}", "county": "K1"}
    return Zone(f"Z{number:03}", f"区{number}", level, kind, Point(0, 0), owed_to, {})


def _county(*zones, gaps=None):
    chosen = {"name": "示例县", "osm_file": "x.osm.pbf", "gaps": gaps or GapSettings()}
    return County(CountySettings(**chosen), zones, (), (), ())


def _derived(*zones, regulation=JILIN, first=NEW_YEAR, last=NEW_YEARS_EVE, units=UNITS, **others):
    return derive_requirements(
        others.get("county", _county(*zones)),
        regulation,
        others.get("calendar", CALENDAR),
        first,
        last,
        units,
        secret=others.get("secret", SECRET),
    )


def _with(*, frequency=(), peak=(), spot_check=()):
    update = {"frequency": frequency, "peak": peak, "spot_check": spot_check}
    return JILIN.model_copy(update=update)


def _rule(number=1, **fields):
    values = {"id": f"rule-{number}", "authority": "township", "window": "month", "count": 1}
    return FrequencyRule.model_validate(values | fields)


def _peak(first, last, number=1, **fields):
    values = {"id": f"peak-{number}", "kind": "land", "first": first, "last": last}
    return PeakRule.model_validate(values | fields)


def _owed(requirements, authority):
    return [
        entry for entry in requirements if entry.authority == authority and not entry.spot_check
    ]


@pytest.mark.parametrize(
    ("level", "township", "county", "sealed"),
    [(1, 24 + 14, 12 + 7, 0), (2, 24, 12, 0), (3, 24, 0, 4)],
)
def test_jilin_year_by_level(level, township, county, sealed):
    """A level owes 24 half-months and 12 months, level 1 more in its peak, level 3 spot checks."""
    found = _derived(_zone(1, level))
    assert sum(entry.count for entry in _owed(found, "township")) == township
    assert sum(entry.count for entry in _owed(found, "county")) == county
    assert sum(entry.count for entry in found if entry.spot_check) == sealed


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 3),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(0, 400),
)
def test_jilin_against_a_naive_count(level, first_day, length):
    """For any days and level, the visits owed are those a count by days and months gives."""
    last_day = min(first_day + timedelta(days=length), NEW_YEARS_EVE)
    found = _derived(_zone(1, level), first=first_day, last=last_day)
    whole_months, halves = set(), set()
    day = first_day
    while day <= last_day:
        start = day.replace(day=1)
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if first_day <= start and end <= last_day:
            whole_months.add((start, end))
        for from_day, to_day in ((start, start.replace(day=15)), (start.replace(day=16), end)):
            if first_day <= from_day and to_day <= last_day:
                halves.add((from_day, to_day))
        day += timedelta(days=1)

    def visits(stretches):
        peak = sum(4 <= from_day.month <= 10 for from_day, _ in stretches)
        return len(stretches) + (peak if level == 1 else 0)

    assert sum(entry.count for entry in _owed(found, "township")) == visits(halves)
    county = visits(whole_months) if level < 3 else 0
    assert sum(entry.count for entry in _owed(found, "county")) == county


@given(st.permutations(range(6)), st.sampled_from([("S1",), ("S2", "K1"), UNITS]))
@settings(max_examples=25, deadline=None)
def test_order_and_selection_do_not_matter(order, units):
    """Zones in any order owe the same, sorted by id; a selection of units is a part of all."""
    zones = [_zone(number, number % 3 + 1) for number in range(6)]
    everything = _derived(*zones)
    found = _derived(*(zones[number] for number in order), units=units)
    assert found == tuple(entry for entry in everything if entry.unit in units)
    assert [entry.id for entry in found] == sorted({entry.id for entry in found})


def test_ids_are_readable():
    """Ids name authority, zone and window; those of spot checks say so."""
    found = {entry.id for entry in _derived(_zone(12, 3), _zone(13, 1))}
    assert {"T-Z012-2026-02b", "C-Z013-2026-02", "C-Z012-2026-Q1-spot"} <= found


def test_requirement_carries_rule_article_and_unit():
    """A requirement says whose it is, under which rule and article, and in which window."""
    found = {entry.id: entry for entry in _derived(_zone(1))}
    entry = found["C-Z001-2026-02"]
    assert (entry.unit, entry.zone, entry.rule, entry.article) == (
        "K1",
        "Z001",
        "county-monthly",
        "13",
    )
    assert entry.window == window_of(WindowKind.MONTH, date(2026, 2, 1))
    assert entry.workdays_only


def test_zone_owes_only_to_units_it_names():
    """A zone without a unit for an authority owes it nothing."""
    found = _derived(_zone(1, township="S1"), units=("S1", "K1"))
    assert {entry.authority for entry in found} == {"township"}


def test_city_takes_zones_nobody_else_answers_for():
    """The city's own zones follow the county's frequency; zones it merely samples do not."""
    own = _zone(1, city="M1")
    sampled = _zone(2, city="M1", county="K1")
    found = _derived(own, sampled, units=("M1",))
    assert {entry.zone for entry in _owed(found, "city")} == {"Z001"}
    assert len(_owed(found, "city")) == 12


def test_peak_visit_must_fall_into_the_peak():
    """A window that straddles the start of a peak names the part in which one visit must fall."""
    regulation = _with(
        frequency=(_rule(),), peak=(_peak("04-20", "05-11"), _peak("05-20", "05-22", 2))
    )
    found = {
        entry.window.first_day.month: entry for entry in _derived(_zone(1), regulation=regulation)
    }
    assert {month for month, entry in found.items() if entry.peak} == {4, 5}
    assert all(entry.count == (2 if entry.peak else 1) for entry in found.values())
    part = found[4].peak_window
    assert (part.first_day, part.last_day) == (date(2026, 4, 20), date(2026, 4, 30))
    assert found[5].peak == "peak-1"


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 40), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_peak_binds_by_its_workdays(first_day, length, min_workdays):
    """Exactly the windows holding enough of the peak's workdays owe one visit more."""
    last_day = min(first_day + timedelta(days=length), NEW_YEARS_EVE)
    peak = _peak(first_day.isoformat(), last_day.isoformat(), min_workdays=min_workdays)
    regulation = _with(frequency=(_rule(window="half-month"),), peak=(peak,))
    for entry in _derived(_zone(1), regulation=regulation):
        in_peak = [day for day in days_of(entry.window) if first_day <= day <= last_day]
        binds = len(WORKDAYS & set(in_peak)) >= min_workdays
        assert entry.count == (2 if binds else 1)
        assert entry.peak == ("peak-1" if binds else "")
        if binds:
            assert list(days_of(entry.peak_window)) == in_peak


def test_several_peaks_do_not_add_up():
    """Of several peaks the greatest extra counts; of equal ones the one inside the other."""
    regulation = _with(
        frequency=(_rule(),),
        peak=(
            _peak("01-01", "12-31", 1),
            _peak("05-01", "06-30", 2, extra=3),
            _peak("09-01", "09-20", 3),
        ),
    )
    found = {
        entry.window.first_day.month: entry for entry in _derived(_zone(1), regulation=regulation)
    }
    assert [found[month].count for month in range(1, 13)] == [2, 2, 2, 2, 4, 4, 2, 2, 2, 2, 2, 2]
    assert found[5].peak == "peak-2"
    assert found[9].peak == "peak-3"


def test_peak_that_wraps_the_year_counts_both_ends():
    """In a year's window, a winter peak counts at both ends and names the longer part."""
    regulation = _with(
        frequency=(_rule(window="year"),), peak=(_peak("12-28", "01-31", min_workdays=20),)
    )
    (entry,) = _derived(_zone(1), regulation=regulation)
    assert entry.count == 2
    assert (entry.peak_window.first_day, entry.peak_window.last_day) == (
        date(2026, 1, 1),
        date(2026, 1, 31),
    )


@pytest.mark.parametrize(
    ("fields", "raised"),
    [
        ({}, {"T-Z001", "T-Z002", "C-Z001", "C-Z002"}),
        ({"levels": (2,)}, {"T-Z002", "C-Z002"}),
        ({"zone_kinds": ("mine",)}, {"T-Z001", "C-Z001"}),
        ({"zones": ("Z002",)}, {"T-Z002", "C-Z002"}),
        ({"authorities": ("county",)}, {"C-Z001", "C-Z002"}),
        ({"levels": (1,), "zones": ("Z002",)}, set()),
    ],
)
def test_peaks_are_narrowed(fields, raised):
    """A peak binds the levels, kinds, zones and authorities it names, and no others."""
    regulation = _with(
        frequency=(_rule(1), _rule(2, authority="county")),
        peak=(_peak("06-01", "06-30", **fields),),
    )
    zones = (_zone(1, 1, ZoneKind.MINE), _zone(2, 2))
    found = [entry for entry in _derived(*zones, regulation=regulation) if entry.peak]
    assert {entry.id.removesuffix("-2026-06") for entry in found} == raised


def test_strictest_rule_wins():
    """Two rules on one zone and window become one requirement that satisfies both."""
    general = _rule(1, workdays_only=False, min_minutes=30, min_gap_hours=300)
    mines = _rule(2, zone_kinds=("mine",), count=4, min_length_km=2)
    regulation = _with(frequency=(general, mines))
    zones = (_zone(1, 1, ZoneKind.MINE), _zone(2))
    for order in (regulation, _with(frequency=(mines, general))):
        found = {entry.id: entry for entry in _derived(*zones, regulation=order)}
        mine, village = found["T-Z001-2026-01"], found["T-Z002-2026-01"]
        assert (mine.rule, mine.count, mine.workdays_only) == ("rule-2", 4, True)
        assert (mine.min_minutes, mine.min_length_km, mine.min_gap_hours) == (30, 2, 300)
        assert (mine.min_gap_days, mine.max_gap_days) == (13, 13)
        assert (village.rule, village.count, village.workdays_only) == ("rule-1", 1, False)


def test_first_of_equal_rules_is_named():
    """Of rules with one count the first names the requirement."""
    regulation = _with(frequency=(_rule(1), _rule(2, levels=(1, 2))))
    assert {entry.rule for entry in _derived(_zone(1), regulation=regulation)} == {"rule-1"}


def test_season_limits_a_rule_to_windows_wholly_inside():
    """Weeks that straddle the season's start or end are not owed."""
    season = SeasonRange(first="04-01", last="04-30")
    regulation = _with(frequency=(_rule(window="week", season=season),))
    found = _derived(_zone(1), regulation=regulation)
    assert [entry.window.first_day for entry in found] == [
        date(2026, 4, 6),
        date(2026, 4, 13),
        date(2026, 4, 20),
    ]


def test_winter_season_wraps_the_year():
    """A season from November to March holds its five months, in either year."""
    months = [
        entry.window.first_day.month
        for entry in _derived(_zone(1), regulation=load_preset("yanqing"))
        if entry.window.kind is WindowKind.MONTH
    ]
    assert months == [1, 2, 3, 11, 12]


def test_daily_rule_on_workdays_is_owed_on_workdays():
    """Every day means every workday, unless the rule says any day."""
    working = _derived(_zone(1), regulation=_with(frequency=(_rule(window="day"),)))
    assert len(working) == 248
    every = _with(frequency=(_rule(window="day", workdays_only=False),))
    assert len(_derived(_zone(1), regulation=every)) == 365


@pytest.mark.parametrize(
    ("window", "count", "hours", "gaps"),
    [
        ("day", 1, 0, (1, 2)),
        ("week", 1, 0, (3, 10)),
        ("ten-days", 1, 0, (4, 14)),
        ("half-month", 1, 0, (7, 21)),
        ("month", 1, 0, (14, 42)),
        ("month", 2, 0, (7, 21)),
        ("month", 25, 0, (1, 2)),
        ("quarter", 1, 0, (42, 128)),
        ("year", 1, 0, (170, 511)),
        ("half-month", 1, 200, (9, 21)),
        ("week", 1, 96, (4, 10)),
        ("day", 1, 96, (4, 4)),
    ],
)
def test_gaps_go_in_proportion(window, count, hours, gaps):
    """Gaps are the half-month's in proportion to the days per visit, never under the rule's own."""
    regulation = _with(frequency=(_rule(window=window, count=count, min_gap_hours=hours),))
    entry = _derived(_zone(1), regulation=regulation)[0]
    assert (entry.min_gap_days, entry.max_gap_days) == gaps


def test_gap_settings_are_the_countys():
    """A county's own gaps are followed."""
    county = _county(_zone(1), gaps=GapSettings(half_month_min_days=5, half_month_max_days=25))
    entry = _owed(_derived(county=county), "township")[0]
    assert (entry.min_gap_days, entry.max_gap_days) == (5, 25)


def test_conditions_of_a_visit_are_handed_on():
    """Minutes, kilometres and hours of the rule stand in the requirement."""
    entry = _derived(_zone(1), regulation=load_preset("aheqi-river"), units=("S2",))[0]
    assert (entry.min_minutes, entry.min_length_km, entry.min_gap_hours) == (30, 2, 96)
    assert entry.window.first_day == date(2026, 3, 1)
    assert not entry.workdays_only


SPOT = SpotCheckRule(
    id="spot", authority="county", levels=(3,), window=WindowKind.QUARTER, share=0.1
)


@given(st.binary(min_size=1, max_size=40), st.integers(0, 45), st.floats(0.01, 1))
@settings(max_examples=40, deadline=None)
def test_spot_checks_draw_their_share(secret, zones, share):
    """Each window draws the share of the zones of its levels, rounded up, from the secret alone."""
    check = SPOT.model_copy(update={"share": share})
    county = [_zone(number, 3) for number in range(zones)] + [_zone(900, 1)]
    found = _derived(*county, regulation=_with(spot_check=(check,)), secret=secret)
    by_window = Counter(entry.window for entry in found)
    exact = share * zones
    assert all(exact - 1e-6 <= drawn < exact + 1 for drawn in by_window.values())
    assert len(by_window) == (4 if zones else 0)
    assert all(entry.spot_check and entry.count == 1 for entry in found)
    assert {entry.zone for entry in found} <= {zone.id for zone in county[:-1]}
    again = _derived(*reversed(county), regulation=_with(spot_check=(check,)), secret=secret)
    assert again == found


def test_seven_percent_of_a_hundred_is_seven():
    """Rounding up does not add a zone where the share is exact but floating point is not."""
    county = [_zone(number, 3) for number in range(100)]
    check = SPOT.model_copy(update={"share": 0.07})
    assert len(_derived(*county, regulation=_with(spot_check=(check,)))) == 4 * 7


def test_another_secret_draws_other_zones():
    """The draw cannot be foreseen without the secret, and differs from window to window."""
    county = [_zone(number, 3) for number in range(40)]
    regulation = _with(spot_check=(SPOT,))
    drawn = {
        secret: [entry.id for entry in _derived(*county, regulation=regulation, secret=secret)]
        for secret in (b"one", b"two")
    }
    assert drawn[b"one"] != drawn[b"two"]
    zones = [
        frozenset(name[2:6] for name in drawn[b"one"] if f"Q{quarter}" in name)
        for quarter in range(1, 5)
    ]
    assert len(set(zones)) > 1


def test_draw_is_fair():
    """Over many secrets every zone is drawn about equally often."""
    county = [_zone(number, 3) for number in range(10)]
    times: Counter[str] = Counter()
    for number in range(200):
        secret = hashlib.sha256(bytes([number])).digest()
        found = _derived(*county, regulation=_with(spot_check=(SPOT,)), secret=secret)
        times.update(entry.zone for entry in found)
    assert sum(times.values()) == 800
    assert all(50 <= times[zone.id] <= 115 for zone in county)


def test_draw_does_not_confuse_words():
    """Words that join to the same letters are drawn apart."""
    assert draw(SECRET, "ab", "c") != draw(SECRET, "a", "bc")
    assert draw(SECRET, "ab") == draw(SECRET, "ab")


def test_first_spot_check_rule_on_a_zone_and_window_stands():
    """Two spot-check rules that draw one zone in one window ask for one sealed visit."""
    every = _zone(1, 3)
    rules = tuple(
        SPOT.model_copy(update={"id": name, "share": 1.0}) for name in ("first", "second")
    )
    found = _derived(every, regulation=_with(spot_check=rules))
    assert [entry.rule for entry in found] == ["first"] * 4


def test_nothing_is_owed_in_a_horizon_without_whole_windows():
    """Ten days in the middle of a month owe nothing under half-monthly rules."""
    assert _derived(_zone(1), first=date(2026, 3, 3), last=date(2026, 3, 12)) == ()
