"""Every hard rule of planning dates, people and crews, in one list: its article, its name.

The functions live in ``optimizer``, which knows neither articles nor words. What is owed how often
(art. 13) comes before them, as requirements; routes keep shift and daylight by construction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from network.problems import Text
from optimizer import counts_model, crews, roster_dates, roster_staff


@dataclass(frozen=True)
class PlanningRule:
    """One rule: the function that adds it to a model, its article ("" none), its name."""

    function: Callable[[Any], None]
    article: str
    name: Text


PLANNING_RULES: Final = (
    PlanningRule(
        roster_dates.runs_once,
        "13",
        Text("每条应巡路线在允许日期中恰安排一日", "every patrol owed runs on one of its days"),
    ),
    PlanningRule(
        roster_dates.apart,
        "",
        Text(
            "同一巡查区两次巡查不在同日，并保持最少间隔",
            "visits of a zone on different days, as far apart as a norm asks",
        ),
    ),
    PlanningRule(
        roster_dates.one_of,
        "13",
        Text("高峰期内至少巡查一次", "at least one visit of a peak's window on a peak day"),
    ),
    PlanningRule(
        roster_dates.days_have_room,
        "",
        Text("每日人员、车辆够用（合计）", "people and vehicles of a day, in sums"),
    ),
    PlanningRule(
        roster_dates.weeks_have_room,
        "",
        Text("每周人员上限（合计）", "weekly caps of everyone, in sums"),
    ),
    PlanningRule(
        roster_dates.spans_have_room,
        "",
        Text("连续28天人员上限（合计）", "caps of everyone in 28 days, in sums"),
    ),
    PlanningRule(
        roster_staff.crews_are_complete,
        "16",
        Text(
            "每组持有效证件人员达到规定人数",
            "as many people with valid certificates as a crew needs",
        ),
    ),
    PlanningRule(
        roster_staff.week_cap,
        "",
        Text("每人每周巡查日不超过上限", "a person's patrol days in a week"),
    ),
    PlanningRule(
        roster_staff.span_cap,
        "",
        Text("每人连续28天巡查日不超过上限", "a person's patrol days in any 28 days"),
    ),
    PlanningRule(
        roster_staff.someone_drives,
        "",
        Text("每组有准驾人员", "someone with a licence on every patrol"),
    ),
    PlanningRule(
        roster_staff.vehicles_suffice,
        "",
        Text("每组有车，座位够用", "a vehicle with seats enough for every patrol"),
    ),
    PlanningRule(
        roster_staff.vehicle_in_one_pool,
        "",
        Text("共用车辆每日只归一个单位", "a shared vehicle is one unit's on a day"),
    ),
    PlanningRule(
        counts_model.needs_are_met,
        "13",
        Text("每个窗口达到所需巡查次数", "every window has the patrols it needs"),
    ),
    PlanningRule(
        counts_model.calendar_is_kept,
        "",
        Text("只在巡查工作日出巡", "patrols on patrol days only"),
    ),
    PlanningRule(
        counts_model.visits_are_spaced,
        "",
        Text("多次巡查之间保持间隔", "days between several visits of a window"),
    ),
    PlanningRule(
        counts_model.peaks_are_hit,
        "13",
        Text("高峰日有巡查", "a patrol on the peak days"),
    ),
    PlanningRule(
        counts_model.absences_are_kept,
        "16",
        Text("请假、证件失效人员和停用车辆不出巡", "nobody absent or uncertified, no vehicle away"),
    ),
    PlanningRule(
        crews.everyone_rides_once,
        "",
        Text("每人每日只随一组", "everyone rides with one crew a day"),
    ),
    PlanningRule(
        crews.crews_are_full,
        "16",
        Text("每组满员", "every crew is complete"),
    ),
    PlanningRule(
        crews.someone_drives,
        "",
        Text("每车有驾驶人", "someone drives every crew"),
    ),
)
