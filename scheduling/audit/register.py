"""Every rule of the audit, in one list: what is checked, by which article, by which function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from network.problems import Text
from scheduling.audit import (
    below_norm,
    chance,
    clock,
    crews,
    duties,
    gaps,
    record,
    roads,
    routes,
    visits,
)
from scheduling.audit.findings import Finding
from scheduling.audit.owed import Case


@dataclass(frozen=True)
class AuditRule:
    """One rule: a stable slug, the article of the Jilin norm it answers to ("" none), its name.

    Findings carry the article of the regulation's own rule, which other norms number otherwise.
    What a rule that only ``informs`` finds is never a breach. What a ``standing`` rule finds in a
    plan without any patrol no patrols can mend: it is about county and regulation alone.
    """

    slug: str
    article: str
    name: Text
    check: Callable[[Case], Iterable[Finding]]
    informs: bool = False
    standing: bool = False


#: Slug of the one rule that is about the file, not the plan in it (``scheduling.audit.file``).
SHOWN: Final = "shown"


RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule(
        *("below-norm", "", Text("低于规范", "below the norm"), below_norm.check_below_norm),
        standing=True,
    ),
    AuditRule("frequency", "13", Text("巡查频率", "visits owed"), visits.check_frequency),
    AuditRule("peak-count", "13", Text("高峰期次数", "visits in peaks"), visits.check_peak_count),
    AuditRule(
        "peak-day", "13", Text("高峰期内巡查", "a visit inside peaks"), visits.check_peak_day
    ),
    AuditRule(
        "level-without-peak",
        "13",
        Text("无高峰期的级别", "levels no peak names"),
        visits.check_levels_without_peak,
    ),
    AuditRule("spot-check", "13", Text("抽查", "spot checks"), visits.check_spot_checks),
    AuditRule("sealed", "13", Text("密封的抽查", "sealed spot checks"), visits.check_sealed),
    AuditRule(
        *("gap", "", Text("巡查间隔", "gaps between visits"), gaps.check_gaps),
        informs=True,
    ),
    AuditRule(
        *("foreseeable", "13", Text("可预见程度", "days foreseeable"), chance.check_foreseeable),
        informs=True,
    ),
    AuditRule(
        *("bad-weather", "", Text("恶劣天气预留", "kept for bad weather")),
        chance.check_bad_weather,
        informs=True,
    ),
    AuditRule("gap-hours", "", Text("最少间隔", "least hours between"), visits.check_gap_hours),
    AuditRule("visit-minutes", "", Text("每次时长", "minutes of a visit"), visits.check_minutes),
    AuditRule("visit-length", "", Text("每次里程", "length of a visit"), visits.check_length),
    AuditRule("twice-a-day", "", Text("同日重复", "twice on a day"), visits.check_twice_a_day),
    AuditRule("crew-size", "16", Text("巡查人数", "crew size"), crews.check_crew_size),
    AuditRule("certificate", "16", Text("执法证", "certificates"), crews.check_certificates),
    AuditRule("driver", "", Text("驾驶资格", "a licensed driver"), crews.check_driver),
    AuditRule("crew-people", "", Text("人员归属", "people of the unit"), crews.check_people),
    AuditRule("leave", "", Text("请假", "leave"), crews.check_leave),
    AuditRule("vehicle", "", Text("车辆", "vehicles"), crews.check_vehicles),
    AuditRule(
        "person-booked-twice",
        "",
        Text("人员重复安排", "people booked twice"),
        crews.check_person_booked_twice,
    ),
    AuditRule(
        "vehicle-booked-twice",
        "",
        Text("车辆重复安排", "vehicles booked twice"),
        crews.check_vehicle_booked_twice,
    ),
    AuditRule("weekly-cap", "", Text("每周上限", "weekly cap"), crews.check_weekly_cap),
    AuditRule("rolling-cap", "", Text("28天上限", "cap in 28 days"), crews.check_rolling_cap),
    AuditRule("patrol-day", "13", Text("可巡查日", "patrol days"), clock.check_patrol_days),
    AuditRule("scope", "", Text("计划范围", "days and units planned"), clock.check_scope),
    AuditRule("shift", "", Text("班次与日照", "shift and daylight"), clock.check_shift),
    AuditRule("lunch", "", Text("午休", "lunch"), clock.check_lunch),
    AuditRule("duration", "", Text("时长", "durations"), clock.check_durations),
    AuditRule("clock", "", Text("时刻推算", "clock arithmetic"), clock.check_clock),
    AuditRule("stop-minutes", "", Text("停留时间", "minutes of stops"), clock.check_stop_minutes),
    AuditRule("day-class", "", Text("路况时段", "season of roads"), clock.check_day_class),
    AuditRule("chain", "", Text("路段衔接", "legs in order"), routes.check_chain),
    AuditRule("speed", "", Text("行车速度", "driving speed"), routes.check_speed),
    AuditRule("geometry", "", Text("路线位置", "lines that meet"), routes.check_geometry),
    AuditRule("zone-reached", "", Text("到达巡查区", "zones reached"), routes.check_zone_reached),
    AuditRule("checkpoint", "", Text("经过检查点", "checkpoints passed"), routes.check_checkpoints),
    AuditRule("roads", "", Text("路网复核", "legs on the roads"), roads.check_roads),
    AuditRule(
        *("zone-unit", "12", Text("实施单位", "units of zones"), duties.check_units),
        standing=True,
    ),
    AuditRule(
        "patrolled-by-unit",
        "12",
        Text("由实施单位巡查", "patrolled by its unit"),
        duties.check_patrolled_by_unit,
    ),
    AuditRule(
        *("responsible", "12", Text("直接责任人", "responsible people"), duties.check_responsible),
        standing=True,
    ),
    AuditRule("head", "12", Text("第一责任人", "heads of units"), duties.check_heads),
    AuditRule(
        *("contents", "10, 11", Text("计划内容", "contents of plans"), duties.check_contents),
        standing=True,
    ),
    AuditRule("norm", "", Text("规范文本", "text of the norm"), record.check_norm),
    AuditRule("validity", "33", Text("规范有效期", "validity of the norm"), record.check_validity),
    AuditRule("calendar", "", Text("日历", "calendar"), record.check_calendar),
    AuditRule(
        "provisional", "", Text("暂定日历", "provisional calendar"), record.check_provisional
    ),
    AuditRule("identity", "", Text("编号", "ids"), record.check_identity),
    AuditRule(
        "shortfall-told",
        "",
        Text("如实列明未完成", "shortfalls told"),
        record.check_shortfalls_told,
    ),
)


def rule_name(slug: str) -> Text:
    """Return a rule's name for people; its slug where it is of no rule known."""
    names = {rule.slug: rule.name for rule in RULES}
    names[SHOWN] = Text("所示与计划不符", "shown otherwise than planned")
    return names.get(slug, Text(slug, slug))
