"""Sizes of sample counties."""

import pytest

from examples import DEMO_SIZE, SampleSize


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("townships", 0),
        ("zones_per_township", 0),
        ("zones_spread", 8),
        ("squads", -1),
        ("inspectors_per_station", 0),
        ("inspectors_spread", 3),
        ("township_km2", 0.0),
        ("zones_by_township", (3,)),
        ("zones_by_township", (3, 0)),
    ],
)
def test_a_size_that_makes_no_county_is_refused_by_its_field(field, value):
    """A size no county can have raises ValueError that names the field."""
    name = "inspectors_per_station" if field == "inspectors_spread" else field
    with pytest.raises(ValueError, match=name):
        SampleSize(**{field: value})


def test_the_demo_is_the_size_of_a_real_county():
    """The demo county has about 280 zones in 12 townships."""
    assert DEMO_SIZE.townships == 12
    assert 250 <= DEMO_SIZE.townships * DEMO_SIZE.zones_per_township <= 300
