"""The answer to each scenario in words: lawful or not, what changed, who carries more or less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from network.problems import Text
from scenarios.compare import Comparison, Outcome, PersonDays, UnitChange
from scheduling.plan.measures import STATUS_NAMES, UnitMeasures
from scheduling.plan.model import PlanStatus
from scheduling.regulation.words import article_label

_COMPLETE = {PlanStatus.OPTIMAL, PlanStatus.FEASIBLE}
#: So many units are named; the table of units has them all.
_MOST_NAMED = 4
#: A plan made anew moves a day here and there: fewer are not told of a person.
_FEWEST_DAYS = 3
_NO_ARTICLE = Text("记录与可行性要求", "what a record and a drive can be")


def verdict(comparison: Comparison, outcome: Outcome) -> Text:
    """Return one paragraph on an outcome; the base's tells its own figures."""
    base = comparison.outcomes[0]
    parts = [_lawful(base, outcome)]
    if outcome is base:
        parts.append(_figures(outcome.measures.whole))
    else:
        changes = comparison.unit_changes(outcome)
        parts += [_difference(base.measures.whole, outcome.measures.whole)]
        parts += _loads(comparison, changes)
        parts += _people(comparison.person_changes(outcome))
    parts += _unmet(outcome)
    parts.append(_ending(outcome.measures.units))
    return Text("。".join(p.zh for p in parts) + "。", ". ".join(p.en for p in parts) + ".")


def _lawful(base: Outcome, outcome: Outcome) -> Text:
    if outcome.lawful:
        text = Text("符合规范", "Lawful")
        if not base.lawful:
            text = Text("符合规范（现状不符合）", "Lawful, which the base is not")
        return text
    counts = [
        (article_label(article) if article else _NO_ARTICLE, count)
        for article, count in outcome.breaches
    ]
    zh = "、".join(f"{label.zh}{count}处" for label, count in counts)
    en = ", ".join(f"{label.en} {count} time(s)" for label, count in counts)
    also = Text("", "")
    if not base.lawful and outcome is not base:
        also = Text("（现状也不符合）", ", as the base is")
    return Text(f"不符合规范{also.zh}：违反{zh}", f"NOT LAWFUL{also.en}: in breach of {en}")


def _figures(whole: UnitMeasures) -> Text:
    week = whole.busiest_week.partition("-W")[2].lstrip("0")
    zh = (
        f"共{whole.patrols}次巡查、{whole.person_days}人日、{whole.length_km:.0f}公里、"
        f"{whole.hours:.0f}小时"
    )
    en = (
        f"{whole.patrols} patrols, {whole.person_days} person-days, {whole.length_km:.0f} km, "
        f"{whole.hours:.0f} hours"
    )
    if week:
        zh += f"；最忙为第{week}周（{whole.busiest_week_patrols}次）"
        en += f"; busiest: week {week} ({whole.busiest_week_patrols} patrols)"
    return Text(zh, en)


def _difference(before: UnitMeasures, after: UnitMeasures) -> Text:
    """Say what the whole county gains and loses; a week that is no busier is not told."""
    told = list(_differences(before, after))
    if not told:
        return Text(
            "与现状相比，全县巡查、人日、公里、小时均无变化",
            "Against the base the county's patrols, person-days, km and hours are the same",
        )
    if after.busiest_week_patrols not in (0, before.busiest_week_patrols):
        week = after.busiest_week.partition("-W")[2].lstrip("0")
        count = after.busiest_week_patrols
        told.append(Text(f"最忙为第{week}周（{count}次）", f"busiest week {week} ({count})"))
    return Text(
        "与现状相比，" + "，".join(part.zh for part in told),
        "Against the base: " + ", ".join(part.en for part in told),
    )


def _differences(before: UnitMeasures, after: UnitMeasures) -> Iterator[Text]:
    for zh, en, unit, was, now in (
        ("巡查", "patrols", "次", before.patrols, after.patrols),
        ("人日", "person-days", "", before.person_days, after.person_days),
        ("里程", "km", "公里", before.length_km, after.length_km),
        ("工时", "hours", "小时", before.hours, after.hours),
    ):
        change = round(now) - round(was)
        if change:
            share = f"{change / was:+.1%}" if was else ""
            zh_share, en_share = f"（{share}）" if share else "", f" ({share})" if share else ""
            word = "增加" if change > 0 else "减少"
            yield Text(f"{zh}{word}{abs(change)}{unit}{zh_share}", f"{change:+d} {en}{en_share}")


def _loads(comparison: Comparison, changes: Sequence[UnitChange]) -> Iterator[Text]:
    """Say which units carry more and which less, by hours; and how many are as they were."""
    gone = [c.name for c in changes if c.after is None]
    new = [c.name for c in changes if c.before is None]
    moved = [(c.after.hours - c.before.hours, c.name) for c in changes if c.after and c.before]
    more = sorted((entry for entry in moved if round(entry[0]) > 0), reverse=True)
    less = sorted(entry for entry in moved if round(entry[0]) < 0)
    for zh, en, entries in (("加重", "More", more), ("减轻", "Less", less)):
        if entries:
            named = [f"{name} {hours:+.0f}" for hours, name in entries[:_MOST_NAMED]]
            rest = len(entries) - _MOST_NAMED
            zh_rest = f"等{len(entries)}个单位" if rest > 0 else ""
            en_rest = f" and {rest} more" if rest > 0 else ""
            yield Text(
                f"负担{zh}（小时）：{'、'.join(named)}{zh_rest}",
                f"{en} work (hours): {', '.join(named)}{en_rest}",
            )
    if gone:
        yield Text(f"撤并：{'、'.join(gone)}", f"No more: {', '.join(gone)}")
    if new:
        yield Text(f"新设：{'、'.join(new)}", f"New: {', '.join(new)}")
    same = len(comparison.outcomes[0].measures.units) - len(moved) - len(gone)
    if same:
        yield Text(
            f"其余{same}个单位的巡查量与现状相同",
            f"The other {same} unit(s) patrol as much as in the base",
        )


def _people(changes: Sequence[PersonDays]) -> Iterator[Text]:
    """Say who goes out on more days and who on fewer, the greatest changes first."""
    told = [one for one in changes if abs(one.days) >= _FEWEST_DAYS]
    more = [one for one in told if one.days > 0][:_MOST_NAMED]
    less = [one for one in reversed(told) if one.days < 0][:_MOST_NAMED]
    if more or less:
        named = [f"{one.name} {one.days:+d}" for one in (*more, *less)]
        zh = f"个人出勤变化较大的（天）：{'、'.join(named)}"
        yield Text(zh, f"Days on patrol that change most: {', '.join(named)}")


def _unmet(outcome: Outcome) -> Iterator[Text]:
    short = [unit for unit in outcome.measures.units if unit.unmet]
    if short:
        total = sum(unit.unmet for unit in short)
        zh = "、".join(f"{unit.name}{unit.unmet}次" for unit in short[:8])
        en = ", ".join(f"{unit.name} {unit.unmet}" for unit in short[:8])
        yield Text(f"应巡查而未能排入{total}次：{zh}", f"{total} visits owed are not planned: {en}")


def _ending(units: Sequence[UnitMeasures]) -> Text:
    """Say how the planning of the units ended, each way by its own name."""
    incomplete = [unit for unit in units if unit.status not in _COMPLETE]
    if not incomplete:
        return Text("应巡查次数全部排入", "Every visit owed is planned")
    told = []
    for status in dict.fromkeys(unit.status for unit in incomplete):
        names = [unit.name for unit in incomplete if unit.status is status]
        listed = "、".join(names[:8]) + ("等" if len(names) > 8 else "")
        name = STATUS_NAMES[status]
        told.append(Text(f"{name.zh}：{listed}", f"{name.en}: {', '.join(names)}"))
    return Text("；".join(part.zh for part in told), "; ".join(part.en for part in told))
