"""What an override changes, in one sentence, with the names of the county it is applied to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from network.problems import Text
from scenarios import model
from scenarios.override_tables import COLUMNS
from scheduling.county.model import County
from scheduling.county.schema import heading_key, headings
from scheduling.inputs import PlanInputs
from scheduling.regulation.describe import describe as describe_rule
from scheduling.regulation.model import Regulation
from scheduling.settings_used import SETTING_LABELS, value_text

_TABLES: Final = {
    "zones": Text("巡查区", "zones"),
    "stations": Text("实施单位", "stations"),
    "inspectors": Text("人员", "people"),
    "vehicles": Text("车辆", "vehicles"),
    "leave": Text("请假", "leave"),
    "history": Text("巡查历史", "history"),
    "checkpoints": Text("检查点", "checkpoints"),
}


def describe(override: model.Override, before: PlanInputs, after: PlanInputs) -> Text:
    """Return what an override that turned ``before`` into ``after`` does, ids told by name."""
    if isinstance(override, model.ChangeRule | model.AddRule | model.AddPeak):
        return _law(override, before.regulation, after.regulation)
    return _SAY[override.do](override, before.county)


def _law(
    o: model.ChangeRule | model.AddRule | model.AddPeak, before: Regulation, after: Regulation
) -> Text:
    """Say the rule as it is then, and as it was."""
    was = {rule.id: rule for rule in before.rules}
    told = [(was.get(rule.id), rule) for rule in after.rules if was.get(rule.id) != rule]
    if isinstance(o, model.ChangeRule) and told and told[0][0] is not None:
        old, new = describe_rule(told[0][0]), describe_rule(told[0][1])
        return Text(f"“{old.zh}”改为“{new.zh}”", f"{new.en!r} instead of {old.en!r}")
    return _joined(
        Text(f"增加规则“{new.zh}”", f"a further rule: {new.en!r}")
        for new in (describe_rule(rule) for _, rule in told)
    )


def _names(county: County, ids: Iterable[str]) -> Text:
    """Return names with ids; what has no name is its id."""
    names = {unit.id: unit.name for unit in county.units}
    names |= {person.id: f"{person.name}（{person.id}）" for person in county.inspectors}
    names |= {
        car.id: f"{car.plate}（{car.id}）" if car.plate else car.id for car in county.vehicles
    }
    names |= {zone.id: f"{zone.name}（{zone.id}）" for zone in county.zones}
    found = [names.get(identity, identity) for identity in ids]
    more = f"等{len(found)}个" if len(found) > 6 else ""
    shown = found[:6]
    return Text(
        "、".join(shown) + more,
        ", ".join(shown) + (f" and others, {len(found)} in all" if more else ""),
    )


def _add_staff(o: model.AddStaff, county: County) -> Text:
    unit = _names(county, [o.unit]).zh
    kind = Text("持证人员", "certified people") if o.certified else Text("驾驶员", "drivers")
    return Text(f"{unit}增加{kind.zh}{o.count}人", f"{o.count} more {kind.en} at {unit}")


def _remove_staff(o: model.RemoveStaff, county: County) -> Text:
    who = _names(county, o.who)
    return Text(f"{who.zh}不再参加巡查", f"{who.en} no longer patrol")


def _leave(o: model.AddLeave, county: County) -> Text:
    who, why = _names(county, o.who), f"（{o.reason}）" if o.reason else ""
    return Text(
        f"{who.zh}自{o.first_day}至{o.last_day}不能出勤{why}",
        f"{who.en} away from {o.first_day} to {o.last_day}{why}",
    )


def _cancel_leave(o: model.CancelLeave, county: County) -> Text:
    who = _names(county, o.who)
    return Text(f"取消{who.zh}的请假或停用", f"leave of {who.en} is called off")


def _add_vehicle(o: model.AddVehicle, county: County) -> Text:
    unit = _names(county, [o.unit]).zh
    zh, en = "", ""
    if o.first_day or o.last_day:
        zh = f"（{o.first_day or '起初'}至{o.last_day or '期末'}）"
        en = f" ({o.first_day or 'from the start'} to {o.last_day or 'the end'})"
    return Text(f"{unit}增加车辆{o.count}辆{zh}", f"{o.count} more vehicle(s) at {unit}{en}")


def _remove_vehicle(o: model.RemoveVehicle, county: County) -> Text:
    who = _names(county, o.who)
    return Text(f"{who.zh}不再使用", f"{who.en} no longer there")


def _shift(o: model.ChangeShift, county: County) -> Text:
    before = county.settings.shift
    parts = [
        (SETTING_LABELS[f"shift.{name}"], value_text(getattr(before, name)), value_text(value))
        for name, value in o
        if name != "do" and value is not None
    ]
    return _joined(Text(f"{t.zh}由{a}改为{b}", f"{t.en}: {b} instead of {a}") for t, a, b in parts)


def _remove_peak(o: model.RemovePeak, _: County) -> Text:
    return Text(f"不执行高峰期“{o.peak}”", f"peak {o.peak!r} is not applied")


def _remove_rule(o: model.RemoveRule, _: County) -> Text:
    return Text(f"不执行规则“{o.rule}”", f"rule {o.rule!r} is not applied")


def _merge(o: model.MergeStations, county: County) -> Text:
    merged, into = _names(county, o.stations), _names(county, [o.into]).zh
    name = Text(f"，称{o.name}", f", called {o.name}") if o.name else Text("", "")
    return Text(
        f"{merged.zh}合并，驻{into}{name.zh}", f"{merged.en} become one, at {into}{name.en}"
    )


def _set(o: model.ChangeSetting, county: County) -> Text:
    label = SETTING_LABELS.get(o.key, Text(o.key, o.key))
    before: Any = county.settings
    for part in o.key.split("."):
        before = getattr(before, part, None)
    after = value_text(o.value)
    if before is None:
        return Text(f"{label.zh}改为{after}", f"{label.en}: {after}")
    was = value_text(before)
    return Text(f"{label.zh}由{was}改为{after}", f"{label.en}: {after} instead of {was}")


def _days(o: model.ChangeDays, _: County) -> Text:
    parts = []
    if o.work:
        days = "、".join(str(day) for day in o.work)
        parts.append(Text(f"{days}改为工作日", f"{days} become workdays"))
    if o.off:
        days = "、".join(str(day) for day in o.off)
        parts.append(Text(f"{days}改为休息日", f"{days} become days off"))
    return _joined(parts)


def _change(o: model.ChangeRows, county: County) -> Text:
    table, who = _TABLES[o.table], _names(county, o.id)
    chinese = {column.name: column.zh for column in COLUMNS[o.table]}
    known = headings(COLUMNS[o.table])
    named = [(known.get(heading_key(name), name), value_text(v)) for name, v in o.set.items()]
    zh = "，".join(f"{chinese.get(name, name)}改为{value}" for name, value in named)
    en = ", ".join(f"{name} = {value}" for name, value in named)
    return Text(f"{table.zh}{who.zh}{zh}", f"{table.en} {who.en}: {en}")


def _add(o: model.AddRows, _: County) -> Text:
    table = _TABLES[o.table]
    names = [str(row.get("name", row.get("id", row.get("who", "")))) for row in o.rows]
    return Text(
        f"增加{table.zh}{len(names)}项：{'、'.join(names)}",
        f"{len(names)} more {table.en}: {', '.join(names)}",
    )


def _remove(o: model.RemoveRows, county: County) -> Text:
    table, who = _TABLES[o.table], _names(county, o.id)
    return Text(f"去掉{table.zh}{who.zh}", f"{table.en} {who.en} are no more")


def _joined(parts: Iterable[Text]) -> Text:
    told = list(parts)
    return Text("；".join(part.zh for part in told), "; ".join(part.en for part in told))


_SAY: Final[Mapping[str, Callable[[Any, County], Text]]] = {
    "add-staff": _add_staff,
    "remove-staff": _remove_staff,
    "leave": _leave,
    "cancel-leave": _cancel_leave,
    "add-vehicle": _add_vehicle,
    "remove-vehicle": _remove_vehicle,
    "shift": _shift,
    "remove-peak": _remove_peak,
    "remove-rule": _remove_rule,
    "merge-stations": _merge,
    "set": _set,
    "days": _days,
    "change": _change,
    "add": _add,
    "remove": _remove,
}
