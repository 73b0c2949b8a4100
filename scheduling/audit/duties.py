"""Rules on duties and plans' contents: units and responsible people (art. 12), art. 10 and 11."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from network.problems import Text
from scheduling.audit.findings import Finding, breach, listed, notice, weighed
from scheduling.audit.owed import Case, covers
from scheduling.calendar.windows import Window
from scheduling.county.model import AUTHORITIES, Authority, Unit, Zone
from scheduling.plan.model import Patrol
from scheduling.regulation.model import ContentRule, ResponsibilityRule
from scheduling.regulation.words import AUTHORITY_NAMES


def check_units(case: Case) -> Iterator[Finding]:
    """Find zones without a unit, or with one that is not of the authority.

    Zones only the city answers for are its own. Whether a unit is missing can be told only of
    authorities that are planned whole.
    """
    rule = _responsibility(case)
    for zone in case.county.zones:
        for authority, unit in _units_of(zone):
            known = case.units.get(unit)
            if known is None or known.authority != authority:
                name, whose = case.zone_name(zone.id), AUTHORITY_NAMES[authority]
                message = Text(
                    f"{name}：{whose.zh}实施单位“{unit}”不存在",
                    f"{name}: there is no {whose.en} unit {unit!r}",
                )
                yield breach(zone.id, message, "record", rule.article if rule else "")
    if rule is None:
        return
    for zone, authority in _without_unit(case):
        message = Text(
            f"{case.zone_name(zone.id)}：没有{AUTHORITY_NAMES[authority].zh}实施单位",
            f"{case.zone_name(zone.id)}: no {AUTHORITY_NAMES[authority].en} unit answers for it",
        )
        yield weighed(zone.id, message, case.basis_of(rule), rule.article)


def check_patrolled_by_unit(case: Case) -> Iterator[Finding]:
    """Find visits of zones that are unknown or that another unit answers for."""
    rule = _responsibility(case)
    article = rule.article if rule else ""
    for patrol in case.patrols:
        for visit in patrol.visits:
            zone = case.zones.get(visit.zone)
            if zone is None:
                why = Text(f"没有巡查区“{visit.zone}”", f"there is no zone {visit.zone!r}")
                yield breach(patrol.id, _of(patrol, why), "record", article)
            elif not _answers_for(case, patrol, zone):
                owners = "、".join(sorted(set(zone.units.values())))
                why = Text(
                    f"{case.zone_name(zone.id)}由{owners}负责，不由{patrol.unit}负责",
                    f"{case.zone_name(zone.id)} is answered for by {owners}, not {patrol.unit}",
                )
                yield breach(patrol.id, _of(patrol, why), "law", article)


def check_responsible(case: Case) -> Iterator[Finding]:
    """Find zones for which nobody of the planned unit is named responsible."""
    rule = _responsibility(case)
    if rule is None:
        return
    for zone in case.county.zones:
        for authority, unit in _units_of(zone):
            if unit not in case.planned_units:
                continue
            why = _responsible_fault(case, zone, authority, unit)
            if why is not None:
                name = case.zone_name(zone.id)
                message = Text(f"{name}：{why.zh}", f"{name}: {why.en}")
                yield weighed(zone.id, message, case.basis_of(rule), rule.article)


def check_heads(case: Case) -> Iterator[Finding]:
    """Find planned units whose head, the first responsible person, is not named."""
    rule = _responsibility(case)
    for unit in _planned(case):
        if not unit.head.strip():
            message = Text(
                f"{case.unit_name(unit.id)}：未列主要负责人（第一责任人）",
                f"{case.unit_name(unit.id)}: its head, the first responsible person, is not named",
            )
            yield notice(unit.id, message, "law", rule.article if rule else "")


def check_contents(case: Case) -> Iterator[Finding]:
    """Find what the norm wants stated in a plan (art. 10 and 11) and is not."""
    for rule in _content_rules(case):
        units = [unit for unit in _planned(case) if unit.authority == rule.authority]
        for content in rule.contents if units else ():
            check = CONTENTS.get(content)
            if check is None:
                message = Text(f"“{content}”未予审核", f"the content {content!r} is not audited")
                yield notice(rule.id, message, "default")
                continue
            lacking = check(case, rule.authority)
            if lacking:
                names = listed(lacking)
                message = Text(
                    f"计划内容“{content}”不全：{names.zh}", f"content {content!r} lacks: {names.en}"
                )
                yield weighed(rule.id, message, case.basis_of(rule), rule.article)


def _without_unit(case: Case) -> list[tuple[Zone, Authority]]:
    """Return zones that a rule obliges an authority to visit, but that name no unit of it."""
    found = set()
    for rule in case.rules_in_force:
        every = [unit.id for unit in case.county.units if unit.authority == rule.authority]
        if rule.sole_authority or not every or not case.planned_units.issuperset(every):
            continue
        for zone in case.county.zones:
            city_only = set(zone.units) == {"city"}
            if covers(rule, zone) and rule.authority not in zone.units and not city_only:
                found.add((zone.id, rule.authority))
    return [(case.zones[zone], authority) for zone, authority in sorted(found)]


def _answers_for(case: Case, patrol: Patrol, zone: Zone) -> bool:
    owners = set(zone.units.values())
    return patrol.unit in owners or any(case.is_joint(patrol, owner) for owner in owners)


def _responsible_fault(case: Case, zone: Zone, authority: Authority, unit: str) -> Text | None:
    named = zone.responsible.get(authority, ())
    people = [case.people.get(identity) for identity in named]
    if any(person is not None and unit in person.units for person in people):
        return None
    if not named:
        return Text(
            f"没有{AUTHORITY_NAMES[authority].zh}直接责任人",
            f"no {AUTHORITY_NAMES[authority].en} person responsible",
        )
    who = "、".join(named)
    return Text(
        f"{AUTHORITY_NAMES[authority].zh}直接责任人“{who}”不是{unit}的人员",
        f"the {AUTHORITY_NAMES[authority].en} person responsible {who!r} is not of {unit}",
    )


def _responsibility(case: Case) -> ResponsibilityRule | None:
    return case.norm.responsibility or case.plan.regulation.responsibility


def _units_of(zone: Zone) -> list[tuple[Authority, str]]:
    return [
        (authority, zone.units[authority]) for authority in AUTHORITIES if authority in zone.units
    ]


def _planned(case: Case) -> list[Unit]:
    return [case.units[unit] for unit in sorted(case.planned_units) if unit in case.units]


def _content_rules(case: Case) -> tuple[ContentRule, ...]:
    now = case.plan.regulation.content
    ids = {rule.id for rule in case.norm.content}
    return (*case.norm.content, *(rule for rule in now if rule.id not in ids))


def _zones_of(case: Case, authority: Authority) -> list[tuple[Zone, str]]:
    """Return the zones of the planned units of an authority, with the unit."""
    owned = [(zone, zone.units.get(authority, "")) for zone in case.county.zones]
    return [(zone, unit) for zone, unit in owned if unit in case.planned_units]


def _areas(case: Case, authority: Authority) -> list[str]:
    """Zones are drawn, and every planned unit has some."""
    empty = [zone.id for zone, _ in _zones_of(case, authority) if zone.geometry.is_empty]
    with_zones = {unit for _, unit in _zones_of(case, authority)}
    units = [unit.id for unit in _planned(case) if unit.authority == authority]
    return [*empty, *(unit for unit in units if unit not in with_zones)]


def _contracted(case: Case, authority: Authority) -> list[str]:
    """Every zone is some unit's."""
    return [zone.id for zone, lacking in _without_unit(case) if lacking == authority]


def _to_persons(case: Case, authority: Authority) -> list[str]:
    """Every zone has a person who answers for it."""
    return [
        zone.id
        for zone, unit in _zones_of(case, authority)
        if _responsible_fault(case, zone, authority, unit) is not None
    ]


def _implementing(case: Case, authority: Authority) -> list[str]:
    """Units are in the table, with a name."""
    return [
        unit
        for unit in sorted({unit for _, unit in _zones_of(case, authority)})
        if unit not in case.units or not case.units[unit].name
    ]


def _frequencies(case: Case, authority: Authority) -> list[str]:
    """For every window owed the plan states at least what is owed."""
    stated: dict[tuple[str, Window], int] = {}
    for row in case.plan.requirements:
        if row.authority == authority and not row.spot_check:
            key = (row.zone, row.window)
            stated[key] = max(row.count, stated.get(key, 0))
    lacking = {
        owed.zone.id
        for owed in case.owed
        if owed.rule.authority == authority
        and not owed.from_norm
        and stated.get((owed.zone.id, owed.window), 0) < owed.count
    }
    return sorted(lacking)


def _patrols_of(case: Case, authority: Authority) -> list[Patrol]:
    return [
        patrol
        for patrol in case.shown_patrols
        if (unit := case.units.get(patrol.unit)) is not None and unit.authority == authority
    ]


def _routes(case: Case, authority: Authority) -> list[str]:
    """Every patrol shows the line of its route."""
    return [
        patrol.id
        for patrol in _patrols_of(case, authority)
        if not patrol.legs or any(len(leg.shape_lonlat) == 0 for leg in patrol.legs)
    ]


def _times(case: Case, authority: Authority) -> list[str]:
    """Every patrol shows when it leaves, arrives and is back."""
    return [
        patrol.id
        for patrol in _patrols_of(case, authority)
        if not 0 <= patrol.depart_seconds < patrol.return_seconds
        or any(visit.arrive_seconds < patrol.depart_seconds for visit in patrol.visits)
    ]


def _people(case: Case, authority: Authority) -> list[str]:
    """Every patrol names its crew, every zone who answers for it."""
    nameless = [patrol.id for patrol in _patrols_of(case, authority) if not patrol.crew]
    return [*_to_persons(case, authority), *nameless]


#: How each thing a norm wants stated in a plan is looked for: what lacks it, by id. The keys are
#: words that norms use.
CONTENTS: Final[Mapping[str, Callable[[Case, Authority], list[str]]]] = {
    "动态巡查区": _areas,
    "责任区": _areas,
    "巡查责任区域": _areas,
    "划片包干": _contracted,
    "责任到人": _to_persons,
    "巡查责任人员": _people,
    "巡查实施具体单位": _implementing,
    "巡查路线": _routes,
    "巡查时段": _times,
    "巡查基本频率": _frequencies,
    "巡查频率": _frequencies,
}


def _of(patrol: Patrol, why: Text) -> Text:
    place = f"{patrol.day} {patrol.id}"
    return Text(f"{place}：{why.zh}", f"{place}: {why.en}")
