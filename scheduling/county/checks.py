"""Cross checks of a county folder: one function per rule, all registered in ``CHECKS``."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from network.problems import Problem
from scheduling.county import checks_checkpoints as checkpoints
from scheduling.county import checks_people as people
from scheduling.county import checks_settings as settings
from scheduling.county import checks_zones as zones
from scheduling.county.gathered import Gathered

Check = Callable[[Gathered], list[Problem]]

#: Every rule that a county folder must hold to, beyond each cell being readable.
CHECKS: Final[tuple[Check, ...]] = (
    settings.day_classes_cover_the_year,
    settings.dates_exist,
    settings.shift_ends_after_it_starts,
    settings.lunch_is_in_the_shift,
    settings.gaps_are_in_order,
    settings.names_are_known,
    settings.closures_name_roads,
    settings.peaks_name_zones,
    people.ids_are_unique,
    people.people_and_vehicles_share_no_id,
    people.units_exist,
    people.certificates_are_not_shared,
    people.plates_are_not_shared,
    people.dates_are_in_order,
    people.vehicles_have_two_seats,
    people.leave_names_someone,
    people.leave_ends_after_it_starts,
    zones.ids_are_unique,
    zones.shapes_are_valid,
    zones.shapes_are_not_repeated,
    zones.a_unit_is_named,
    zones.units_exist,
    zones.units_are_of_the_authority,
    zones.responsible_people_exist,
    zones.responsible_people_are_of_the_unit,
    zones.stop_minutes_are_sensible,
    zones.history_names_zones,
    checkpoints.zones_exist,
    checkpoints.zones_are_not_points,
    checkpoints.checkpoints_are_near_their_zones,
)


def run_checks(gathered: Gathered, without: Collection[Check] = ()) -> list[Problem]:
    """Return every problem of every check but those ``without``, in the order of ``CHECKS``."""
    return [problem for check in CHECKS if check not in without for problem in check(gathered)]
