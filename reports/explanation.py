"""An explanation as sections of lines, for the screen and for paper: seven points for a head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from network.problems import Language, Text
from scheduling.explain.conflicts import OF_WINDOWS
from scheduling.explain.model import (
    Breach,
    ConflictFinding,
    Explanation,
    Member,
    RemedyFinding,
    Shown,
)
from scheduling.plan.measures import STATUS_NAMES
from scheduling.regulation.words import article_label

Tone = Literal["", "bad", "good"]
#: Zones told by name where more were given up.
_MOST_ZONES = 12
_MOST_WINDOWS = 5
#: Conflicts of a unit told in full.
_MOST_CONFLICTS = 4


@dataclass(frozen=True)
class Line:
    """One line; ``depth`` 0 is a paragraph, 1 an item below it, 2 an item of that."""

    text: Text
    depth: int = 0
    tone: Tone = ""


@dataclass(frozen=True)
class Section:
    """A heading and its lines."""

    title: Text
    lines: tuple[Line, ...]


_SHOWN: Final = {
    Shown.ALONE: Text("仅放开此项即可行", "feasible without it"),
    Shown.WITH_OTHERS: Text(
        "与未列各项一并放开方可行", "feasible without it and all that is not listed"
    ),
    Shown.NOTHING_OWED: Text("", ""),
    Shown.NOT_SHOWN: Text("放开后是否可行未证明", "not shown to be feasible without it"),
}


_BY_PLANS: Final = frozenset({Shown.ALONE, Shown.WITH_OTHERS})


def sections(explanation: Explanation) -> tuple[Section, ...]:
    """Return what there is to tell, in the order in which a head asks."""
    if explanation.lawful:
        return ()
    made = (
        _section("结论", "The finding", _endings(explanation)),
        _section("没有工作日的窗口", "Windows without a workday", _empty(explanation)),
        _section("为什么做不到", "Why it cannot be done", _why(explanation)),
        _section(
            "违反的条款与舍弃的巡查区", "Articles breached, zones left out", _breaches(explanation)
        ),
        _section(
            "补救措施（每项均已重排全部日期并审核，由省到费）",
            "Remedies (each planned anew for all days and audited; cheapest first)",
            _remedies(explanation),
        ),
        _section("所依据的设定", "What this rests on", _assumed(explanation)),
    )
    return tuple(section for section in made if section.lines)


def document(explanation: Explanation, language: Language) -> dict[str, Any]:
    """Return the explanation as plain values for JSON, texts in one language."""
    plain: dict[str, Any] = _plain(asdict(explanation), language)
    for conflict, found in zip(plain["conflicts"], explanation.conflicts, strict=True):
        conflict["minimal"] = found.minimal
        conflict["proven"] = True
        for member, told in zip(conflict["members"], found.members, strict=True):
            member["cause"] = {"kind": str(told.cause.kind), "index": told.cause.index}
    return plain


def _plain(value: Any, language: Language) -> Any:
    if isinstance(value, Text):
        return value.in_(language)
    if isinstance(value, dict):
        return {key: _plain(item, language) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item, language) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _section(zh: str, en: str, lines: Iterable[Line]) -> Section:
    return Section(Text(zh, en), tuple(lines))


def _endings(explanation: Explanation) -> Iterable[Line]:
    for one in explanation.endings:
        status = STATUS_NAMES[one.status]
        yield Line(
            Text(
                f"{one.name}：{status.zh}，应巡查尚有{one.unmet}次不能排入",
                f"{one.name}: {status.en}; {one.unmet} visits owed cannot be placed",
            ),
            tone="bad",
        )
    yield Line(
        Text(
            "现有计划为尽力而为的部分方案，不符合规范，不得当作合规计划印发。",
            "The plan as it is is the best partial one and is not lawful (不符合规范).",
        )
    )
    for note in explanation.notes:
        yield Line(note)


def _empty(explanation: Explanation) -> Iterable[Line]:
    for one in explanation.empty:
        yield Line(Text(f"{one.unit_name}：{one.text.zh}", f"{one.unit_name}: {one.text.en}"), 1)


def _why(explanation: Explanation) -> Iterable[Line]:
    for one in explanation.reach:
        yield Line(Text(f"{one.unit_name}：{one.text.zh}", f"{one.unit_name}: {one.text.en}"))
    told: Counter[str] = Counter()
    rest: list[ConflictFinding] = []
    for number, (conflict, same) in enumerate(told_once(explanation.conflicts), 1):
        told[conflict.unit] += 1
        if told[conflict.unit] > _MOST_CONFLICTS:
            rest += (conflict, *same)
            continue
        yield from _conflict(number, conflict)
        if same:
            windows = [window for other in same for window in other.windows]
            unclear = [w for other in same if not other.minimal for w in other.windows]
            listed, left = _joined(windows), _joined(unclear)
            yield Line(
                Text(f"同样的冲突还见于：{listed.zh}", f"the same conflict in: {listed.en}"), 1
            )
            if unclear:
                text = Text(f"其中极小性未证明：{left.zh}", f"minimality not proven in: {left.en}")
                yield Line(text, 1)
    yield from _more_conflicts(rest)
    if not explanation.conflicts and not explanation.reach:
        yield Line(
            Text(
                "未证明不可行：限定计算量内未找到完整方案",
                "not proven impossible: no complete plan was found within the effort given",
            )
        )


def _more_conflicts(rest: Sequence[ConflictFinding]) -> Iterable[Line]:
    """Tell of further conflicts by their windows only."""
    if not rest:
        return
    yield Line(
        Text(
            f"另有{len(rest)}个冲突集（均已证明无可行方案；全文见 --json）：",
            f"{len(rest)} more conflict sets (each proven infeasible; in full with --json):",
        )
    )
    for one in rest:
        windows = Text(
            "＋".join(window.zh for window in one.windows),
            " + ".join(window.en for window in one.windows),
        )
        left = Text("", "") if one.minimal else Text("，极小性未证明", ", minimality not proven")
        yield Line(
            Text(
                f"{one.unit_name}：{windows.zh}{left.zh}", f"{one.unit_name}: {windows.en}{left.en}"
            ),
            1,
        )


def told_once(
    conflicts: Iterable[ConflictFinding],
) -> list[tuple[ConflictFinding, tuple[ConflictFinding, ...]]]:
    """Return conflicts of a unit that differ in nothing but their window as one, with the others.

    A unit with one certified person has the same conflict all year.
    """
    groups: dict[tuple[object, ...], list[ConflictFinding]] = {}
    for conflict in conflicts:
        alone = len(conflict.windows) == 1
        causes = tuple(
            (member.cause.kind, member.who, None if alone and _of_window(member) else member.days)
            for member in conflict.members
        )
        groups.setdefault((conflict.unit, alone or conflict.windows, causes), []).append(conflict)
    return [(first, tuple(same)) for first, *same in groups.values()]


def _of_window(member: Member) -> bool:
    return member.cause.kind in OF_WINDOWS


def _joined(texts: Sequence[Text]) -> Text:
    """Return windows listed; of many the first ones, the last and how many."""
    if len(texts) <= _MOST_WINDOWS:
        return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))
    shown, last, count = texts[: _MOST_WINDOWS - 1], texts[-1], len(texts)
    zh = "、".join(text.zh for text in shown) + f"……{last.zh}（共{count}个窗口）"
    return Text(zh, ", ".join(text.en for text in shown) + f" ... {last.en} ({count} windows)")


def _conflict(number: int, conflict: ConflictFinding) -> Iterable[Line]:
    minimal = _minimality(conflict)
    yield Line(
        Text(
            f"冲突{number}　{conflict.unit_name}（已证明无可行方案；{minimal.zh}）",
            f"Conflict {number}, {conflict.unit_name} (proven infeasible; {minimal.en})",
        ),
        tone="bad",
    )
    for arithmetic in conflict.arithmetic:
        yield Line(arithmetic, 1)
    if conflict.drawn:
        yield Line(
            Text(
                "以抽签所定的抽查月份为前提（换密钥另抽，结果可能不同）",
                "given the months drawn for spot checks; another draw might do",
            ),
            1,
        )
    tried = any(member.shown in _BY_PLANS for member in conflict.members)
    intro = Text("以下各项不能同时成立：", "these cannot all hold:")
    if tried:
        intro = Text(
            "以下各项不能同时成立（“可行”均经重新编制并审核）：",
            "these cannot all hold (“feasible”: planned anew and audited):",
        )
    yield Line(intro, 1)
    for member in conflict.members:
        yield Line(_member(member) if tried else member.text, 2)
    if conflict.levels:
        yield Line(
            Text("换个条件，至少要几趟（已证明下界）：", "needs otherwise (proven bounds):"), 1
        )
    for level in conflict.levels:
        yield Line(level, 2)


def _minimality(conflict: ConflictFinding) -> Text:
    if conflict.minimal:
        return Text("最小冲突集，极小性已证明", "minimal, confirmed both ways")
    if conflict.minimal_in_counts:
        return Text(
            "极小性未证明，仅计数模型内缺一可行", "minimality not proven, but minimal in counts"
        )
    return Text("极小性未证明", "minimality not proven")


def _member(member: Member) -> Text:
    told = _SHOWN[member.shown]
    if not told.zh:
        return member.text
    return Text(f"{member.text.zh}——{told.zh}", f"{member.text.en} — {told.en}")


def _breaches(explanation: Explanation) -> Iterable[Line]:
    groups: dict[tuple[object, ...], list[Breach]] = {}
    for one in explanation.breaches:
        key = (one.unit, one.article, one.basis, one.proven, one.together, one.zones)
        groups.setdefault(key, []).append(one)
    for same in groups.values():
        one = replace(
            same[0],
            window=_joined([breach.window for breach in same]),
            owed=sum(breach.owed for breach in same),
            missing=sum(breach.missing for breach in same),
        )
        yield Line(_breach(one), 0, "bad" if one.basis == "law" else "")
        if one.zones:
            shown = one.zones[:_MOST_ZONES]
            more = len(one.zones) - len(shown)
            zh = "、".join(shown) + (f"等{len(one.zones)}个" if more > 0 else "")
            en = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
            yield Line(
                Text(f"舍弃（优先级由低到高）：{zh}", f"left out, lowest priority first: {en}"), 1
            )


def _breach(one: Breach) -> Text:
    label = article_label(one.article) if one.article else Text("默认要求", "our default")
    proof = Text("未能排入，未证明本窗口不可行", "not placed; this window not proven impossible")
    if one.proven:
        proof = Text("已证明无可行方案", "proven infeasible")
    elif one.together:
        proof = Text("单独可行，与其他窗口合计已证明不可行", "proven infeasible with other windows")
    return Text(
        f"{label.zh}：{one.unit_name}{one.window.zh}应巡{one.owed}次，缺{one.missing}次（{proof.zh}）",
        f"{label.en}: {one.unit_name}, {one.window.en}: {one.owed} visits owed, {one.missing} "
        f"missing ({proof.en})",
    )


def _remedies(explanation: Explanation) -> Iterable[Line]:
    for unit in dict.fromkeys(one.unit for one in explanation.remedies):
        own = [one for one in explanation.remedies if one.unit == unit]
        cures, others = [r for r in own if r.lawful], [r for r in own if not r.lawful]
        name, missing = own[0].name, own[0].unmet_before
        if cures:
            text = Text(
                f"{name}：任取一项，{missing}次缺口即全部补足，审核合规：",
                f"{name}: any one of these cures all {missing} missing visits, audited, lawful:",
            )
            yield Line(text, 0, "good")
        yield from (Line(Text(f"✓ {r.text.zh}", f"✓ {r.text.en}"), 1) for r in cures)
        if others:
            yield Line(Text(f"{name}：单独采取仍不够：", f"{name}: not enough alone:"))
        yield from (Line(_not_enough(remedy), 1) for remedy in others)


def _not_enough(one: RemedyFinding) -> Text:
    if not one.unmet:
        return Text(
            f"✗ {one.text.zh}：本单位可补足，但支援单位或其他方面不合规",
            f"✗ {one.text.en}: no visit is missing here, but helpers or other things breach",
        )
    proof = (
        Text("已证明不够", "proven")
        if one.proven
        else Text("限定计算量内未找到更好的", "nothing better found within the effort given")
    )
    return Text(
        f"✗ {one.text.zh}：仍缺{one.unmet}次（{proof.zh}）",
        f"✗ {one.text.en}: leaves {one.unmet} unmet ({proof.en})",
    )


def _assumed(explanation: Explanation) -> Iterable[Line]:
    for one in explanation.remedies:
        if one.setting:
            zh, en = ("可行", "feasible") if one.lawful else ("仍不可行", "still not feasible")
            yield Line(
                Text(f"{one.name}：若{one.text.zh}，{zh}", f"{one.name}: {one.text.en}: {en}"), 1
            )
    for text in explanation.assumptions:
        yield Line(text, 1)
