"""What the verbs about the land show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from network.problems import Text

if TYPE_CHECKING:
    from cli_screen import Screen
    from scheduling.county.model import County
    from scheduling.road_report import RoadReport
    from scheduling.territories import Territories
    from scheduling.zones.folder import FolderDraft


def drafted(screen: Screen, made: FolderDraft) -> None:
    """Show how many zones of each level and unit were drafted, and what to know of them."""
    zones, units = made.draft.zones, made.draft.units
    if screen.as_json:
        screen.document(
            {
                "zones": len(zones),
                "levels": dict(sorted(Counter(str(zone.level) for zone in zones).items())),
                "own_layers": list(made.own_layers),
                "notes": [note.in_(screen.language) for note in made.draft.notes],
                "files": [str(path) for path in made.files],
                "problems": [],
            }
        )
    heading = Text("编号,单位,一级,二级,三级,合计", "id,unit,level 1,level 2,level 3,zones")
    count = Counter((zone.units["township"], zone.level) for zone in zones)
    rows = []
    for unit in units:
        if unit.authority == "township":
            of_level = [count[unit.id, level] for level in (1, 2, 3)]
            rows.append((unit.id, unit.name, *map(str, [*of_level, sum(of_level)])))
    levels = Counter(zone.level for zone in zones)
    whole = Text("合计", "total").in_(screen.language)
    rows.append(("", whole, *(str(levels[level]) for level in (1, 2, 3)), str(len(zones))))
    screen.table(heading.in_(screen.language).split(","), rows, last_is_total=True)
    if made.own_layers:
        listed = ", ".join(made.own_layers)
        screen.paragraph(
            Text(f"采用本局图层：{listed}", f"layers of the bureau's own used: {listed}")
        )
    for note in made.draft.notes:
        screen.paragraph(note, "yellow")
    _files(screen, made.files)


def assigned(screen: Screen, before: County, made: Territories, written: Path) -> None:
    """Show each unit's and person's share, how even it is, and where the proposal is."""
    old = {zone.id: zone for zone in before.zones}
    changed = sum(
        old[z.id].units != z.units or old[z.id].responsible != z.responsible
        for z in made.county.zones
    )
    if screen.as_json:
        screen.document(
            {
                "changed_zones": changed,
                "shares": [
                    {
                        **{key: getattr(share, key) for key in _SHARE_FIELDS},
                        "minutes_each": round(share.minutes_each, 1),
                    }
                    for share in made.shares
                ],
                "evenness": [
                    {
                        "authority": even.authority,
                        "unit": even.unit,
                        "above_mean": round(even.above_mean, 4),
                        "above_bound": round(even.above_bound, 4),
                    }
                    for even in made.evenness
                ],
                "notes": [note.in_(screen.language) for note in made.notes],
                "file": str(written),
                "problems": [],
            }
        )
    _shares(screen, made)
    for even in made.evenness:
        if not even.unit:
            who = _AUTHORITIES[even.authority]
            over, least = f"{even.above_mean:.0%}", f"{even.above_bound:.0%}"
            screen.paragraph(
                Text(
                    f"{who.zh}：人均最多者高于平均 {over}，至多还可降 {least}。",
                    f"{who.en.capitalize()}: the greatest share a person is {over} above the mean, "
                    f"and could be at most {least} less.",
                )
            )
    scattered = sum(share.scattered for share in made.shares)
    if scattered:
        screen.paragraph(
            Text(
                f"沿用的划分中有 {scattered} 个巡查区不与同片相连，可用 --free 收回重划。",
                f"{scattered} zones that were kept do not adjoin the rest of their territory; "
                "--free gives them up.",
            ),
            "yellow",
        )
    for note in made.notes:
        screen.paragraph(note, "yellow")
    screen.paragraph(Text(f"改动巡查区 {changed} 个", f"{changed} zones changed"))
    _files(screen, [written])


_SHARE_FIELDS = ("authority", "unit", "person", "zones", "kept", "scattered", "minutes", "capacity")
_AUTHORITIES = {
    "township": Text("各所", "stations"),
    "county": Text("县级中队", "squads"),
    "city": Text("市级", "city"),
}


def _shares(screen: Screen, made: Territories) -> None:
    names = {unit.id: unit.name for unit in made.county.units}
    people: dict[str, list[float]] = {}
    for share in made.shares:
        if share.person:
            people.setdefault(share.unit, []).append(share.minutes)
    heading = Text(
        "编号,单位,巡查区,沿用,小时,持证,人均,最少,最多,层级",
        "id,unit,zones,kept,hours,people,each,least,most,authority",
    )
    rows = []
    for share in made.shares:
        if not share.person:
            each = [minutes / 60 for minutes in people.get(share.unit, [])]
            low, high = (f"{min(each):.0f}", f"{max(each):.0f}") if each else ("–", "–")
            numbers = (f"{share.minutes / 60:.0f}", str(share.capacity))
            mean = f"{share.minutes_each / 60:.0f}"
            whose = _AUTHORITIES[share.authority].in_(screen.language)
            zones = (str(share.zones), str(share.kept))
            named = (share.unit, names[share.unit])
            rows.append((*named, *zones, *numbers, mean, low, high, whose))
    screen.table(heading.in_(screen.language).split(","), rows)


def roads(screen: Screen, report: RoadReport, files: Sequence[Path]) -> None:
    """Show what to mend first, and where the page and its data are."""
    from network.road_advice import advice, document, summary

    if screen.as_json:
        screen.document({**document(report.quality, screen.language), "problems": []})
    for sentence in summary(report.quality):
        screen.paragraph(sentence)
    mend = advice(report.quality)
    if mend:
        screen.paragraph(Text("先补这些：", "Mend these first:"), "bold")
    for number, one in enumerate(mend, 1):
        screen.paragraph(Text(f"{number}. {one.zh}", f"{number}. {one.en}"))
    _files(screen, files)


def _files(screen: Screen, files: Sequence[Path]) -> None:
    for path in files:
        screen.say(Text(f"已写入 {path}", f"written: {path}"), "bold")
