"""The two bundled counties: the demo, and the small one that has too few people."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from examples.generate import SampleReport, generate_county, make_county, write_county_folder
from examples.sizes import DEMO_SEED, DEMO_SIZE, SHORTAGE_SEED, SHORTAGE_SIZE
from scheduling.county.model import Leave

#: The station of the shortage county that cannot do its duty from 16 to 28 February.
SHORT_STATION = "T02"
_AWAY = Leave("T02-03", date(2026, 2, 24), date(2026, 2, 28), "业务培训")
_RENEWED = ("T02-02", date(2026, 2, 27))


def sample_county(folder: Path) -> SampleReport:
    """Write the demo county, whose whole year 2026 can be done lawfully, and its scenarios."""
    report = generate_county(folder, size=DEMO_SIZE, seed=DEMO_SEED)
    shutil.copyfile(scenarios_file(), folder / "scenarios.toml")
    return report


def shortage_county(folder: Path) -> SampleReport:
    """Write the small county whose second station is short of people on 16-28 February.

    Of its three inspectors one is away on a course on all five workdays, and another's certificate
    was renewed late, on the 27th: so two certified people are there on two days only. That makes
    two patrols, and its forty zones need three.
    """
    sample = make_county(SHORTAGE_SIZE, SHORTAGE_SEED)
    who, since = _RENEWED
    inspectors = tuple(
        replace(person, certificate_from=since, certificate_until=date(2031, 2, 26))
        if person.id == who
        else person
        for person in sample.county.inspectors
    )
    county = replace(sample.county, inspectors=inspectors, leave=(_AWAY,))
    return write_county_folder(replace(sample, county=county), folder)


def scenarios_file() -> Path:
    """Return the file of what-if scenarios made for the demo county."""
    return Path(__file__).parent / "scenarios.toml"
