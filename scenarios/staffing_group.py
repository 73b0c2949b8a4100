"""All that is asked about the staff of one group of units, in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from network.problems import Text
from scenarios.staffing_absences import absences
from scenarios.staffing_frontier import (
    Search,
    binding_windows,
    people_needed,
    search_frontier,
    vehicles_needed,
)
from scenarios.staffing_model import NONE, Count, StaffingOptions, UnitStaffing
from scenarios.staffing_named import named_staff, reliefs
from scenarios.staffing_people import inspectors_of, vehicles_of
from scheduling.calendar.windows import window_label
from scheduling.planning.reuse import Reuse
from scheduling.staffing.case import GroupCase

if TYPE_CHECKING:
    from scheduling.planning.kept_files import KeptFiles

#: So many binding windows are named.
_MOST_WINDOWS = 3


@dataclass(frozen=True)
class GroupTask:
    """One group to be looked at; crosses a process border."""

    case: GroupCase
    options: StaffingOptions
    files: KeptFiles | None = None
    merged: bool = False


def staff_group(task: GroupTask) -> UnitStaffing:
    """Return everything about one group's staff. KeyboardInterrupt passes through."""
    reuse = Reuse(task.files)
    search = Search(task.case, task.options, reuse)
    inputs, options = task.case.inputs, task.options
    names = {unit.id: unit.name for unit in inputs.county.units}
    cells = search_frontier(search) if options.anonymous else ()
    people = people_needed(search, cells) if cells else NONE
    vehicles = vehicles_needed(search) if cells else NONE
    named = named_staff(search) if options.named else None
    relief = reliefs(search) if options.named else ()
    away = absences(search) if options.named else ()
    reuse.save()
    return UnitStaffing(
        units=inputs.units,
        name="、".join(names[unit] for unit in inputs.units),
        has_people=len(inspectors_of(inputs)),
        has_vehicles=len(vehicles_of(inputs)),
        people=people,
        vehicles=vehicles,
        frontier=cells,
        binds=_binds(search, people) if cells else (),
        named=named,
        reliefs=relief,
        absences=away,
        beyond=search.beyond(search.own_shift),
        breaches=tuple(sorted(search.breaches)),
        merged=task.merged,
    )


def _binds(search: Search, people: Count) -> tuple[Text, ...]:
    """Say what keeps the number of people from being smaller."""
    zones = search.beyond(search.own_shift)
    if zones:
        return (
            Text(
                f"无论多少人车均不可行：{'、'.join(zones)}",
                f"no staff whatever can do {', '.join(zones)}",
            ),
        )
    if not people.possible:
        return (Text("现有车辆不够，多少人都不可行", "too few vehicles for any number of people"),)
    fitted = search.fits(search.own_shift)
    crew = fitted.context.crew_size
    if people.lower <= crew:
        return (Text(f"每次巡查不少于{crew}人（第十六条）", f"{crew} to a crew (art. 16)"),)
    windows = binding_windows(search, people.lower)
    if not windows:
        return (Text("各窗口单独均可，全年合计不可", "all windows together, none of them alone"),)
    ranked = sorted(windows, key=lambda i: -fitted.needed[i] / max(1, _days(search, i)))
    chosen = [_window(search, index) for index in sorted(ranked[:_MOST_WINDOWS])]
    left = len(windows) - len(chosen)
    if left:
        chosen.append(Text(f"等{len(windows)}个窗口", f"and {left} more windows"))
    return tuple(chosen)


def _days(search: Search, index: int) -> int:
    return len(search.fits(search.own_shift).fits[index].batch.days)


def _window(search: Search, index: int) -> Text:
    fit = search.fits(search.own_shift).fits[index]
    label, days = window_label(fit.batch.window, with_year=False), _days(search, index)
    return Text(
        f"{label.zh}{days}个工作日需{fit.needed}趟",
        f"{label.en}: {fit.needed} patrols in {days} workdays",
    )
