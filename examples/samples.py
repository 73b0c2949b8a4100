"""The two bundled counties: the demo, and the small one that has too few people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from examples.generate import SampleReport, generate_county, make_county, write_county_folder
from examples.sizes import DEMO_SEED, DEMO_SIZE, SHORTAGE_SEED, SHORTAGE_SIZE
from scheduling.county.model import Leave
from scheduling.county.settings import CapSettings

#: The station of the shortage county that cannot do its duty, and who is away when.
SHORT_STATION = "T02"
_AWAY = Leave("T02-03", date(2026, 2, 24), date(2026, 2, 28), "业务培训")


def sample_county(folder: Path) -> SampleReport:
    """Write the demo county: its whole year 2026 can be done lawfully."""
    return generate_county(folder, size=DEMO_SIZE, seed=DEMO_SEED)


def shortage_county(folder: Path) -> SampleReport:
    """Write the small county whose second station is short of people on 16-28 February.

    The five workdays lie in one ISO week. With three patrol days a week at most and one of its
    three inspectors away on a course, two remain: three patrols, and its zones need four.
    """
    sample = make_county(SHORTAGE_SIZE, SHORTAGE_SEED)
    settings = sample.county.settings.model_copy(
        update={"caps": CapSettings(patrol_days_per_week=3)}
    )
    county = replace(sample.county, settings=settings, leave=(_AWAY,))
    return write_county_folder(replace(sample, county=county), folder)


def scenarios_file() -> Path:
    """Return the file of what-if scenarios made for the demo county."""
    return Path(__file__).parent / "scenarios.toml"
