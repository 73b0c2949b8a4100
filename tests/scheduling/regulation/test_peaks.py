"""On which days a peak lies, and which levels no peak names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.regulation import load_preset
from scheduling.regulation.model import PeakRule, SeasonRange
from scheduling.regulation.peaks import peak_stretches, unlisted_peak_levels

MONTH_DAYS = st.dates(date(2028, 1, 1), date(2028, 12, 31)).map(lambda day: f"{day:%m-%d}")


def _peak(first, last, **fields):
    return PeakRule(id="peak", kind="land", first=first, last=last, **fields)


@given(MONTH_DAYS, MONTH_DAYS, st.dates(date(2025, 1, 1), date(2029, 1, 1)), st.integers(0, 500))
def test_yearly_peak_holds_the_days_of_its_season(first, last, first_day, length):
    """The stretches hold exactly the days that lie in the season, in order, none twice."""
    last_day = first_day + timedelta(days=length)
    stretches = peak_stretches(_peak(first, last), first_day, last_day)
    days = [
        start + timedelta(days=number)
        for start, end in stretches
        for number in range((end - start).days + 1)
    ]
    season = SeasonRange(first=first, last=last)
    every = [first_day + timedelta(days=number) for number in range(length + 1)]
    assert days == [day for day in every if season.holds(day)]


@pytest.mark.parametrize(
    ("first", "last", "stretches"),
    [
        ("04-01", "10-31", [(date(2026, 4, 1), date(2026, 10, 31))]),
        (
            "11-15",
            "02-28",
            [(date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 11, 15), date(2026, 12, 31))],
        ),
        ("2026-12-01", "2027-01-31", [(date(2026, 12, 1), date(2026, 12, 31))]),
        ("2025-01-01", "2025-12-31", []),
    ],
)
def test_stretches_in_2026(first, last, stretches):
    """Yearly, wrapping and single peaks are cut to the days asked for."""
    found = peak_stretches(_peak(first, last), date(2026, 1, 1), date(2026, 12, 31))
    assert list(found) == stretches


def test_end_of_february_in_a_leap_year():
    """A peak that ends on 02-28 ends with February, on the 29th where there is one."""
    found = peak_stretches(_peak("02-01", "02-28"), date(2028, 1, 1), date(2028, 12, 31))
    assert found == ((date(2028, 2, 1), date(2028, 2, 29)),)


@pytest.mark.parametrize(
    ("peaks", "unlisted"),
    [
        ([], (1, 2, 3)),
        ([{"levels": (1,)}], (2, 3)),
        ([{"levels": (1,)}, {"levels": (3,)}], (2,)),
        ([{}], ()),
        ([{"zone_kinds": ("mine",)}], (1, 2, 3)),
        ([{"zones": ("Z1",)}], (1, 2, 3)),
    ],
)
def test_levels_no_peak_names(peaks, unlisted):
    """A level is named by a peak on it or by one on every zone, not by one on some zones."""
    named = tuple(_peak("04-01", "10-31", **fields) for fields in peaks)
    regulation = load_preset("jilin").model_copy(update={"peak": named})
    assert unlisted_peak_levels(regulation) == unlisted


def test_leap_day_as_a_start():
    """A peak from 02-29 begins on 1 March where there is no leap day."""
    (found,) = peak_stretches(_peak("02-29", "04-30"), date(2026, 1, 1), date(2026, 12, 31))
    assert found == (date(2026, 3, 1), date(2026, 4, 30))
