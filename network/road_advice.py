"""What was found about road data, in sentences: the main figures, and what to mend first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from network.problems import Language, Text
from network.road_quality import FAR_M, GAP_M, SETTLED_M, CutPart, RoadQuality, Spot

#: What a road without a name is called, by its class.
_UNNAMED: Final = {
    "motorway": Text("无名高速公路", "unnamed motorway"),
    "trunk": Text("无名国道", "unnamed trunk road"),
    "primary": Text("无名省道", "unnamed primary road"),
    "secondary": Text("无名县道", "unnamed secondary road"),
    "tertiary": Text("无名乡道", "unnamed tertiary road"),
    "unclassified": Text("无名村道", "unnamed minor road"),
    "residential": Text("无名街道", "unnamed street"),
    "living_street": Text("无名街巷", "unnamed living street"),
    "service": Text("无名内部道路", "unnamed service road"),
    "track": Text("无名机耕路", "unnamed track"),
}
#: Fifty metres of walking take a minute, at 3 km/h.
_WALKED_M_PER_MINUTE: Final = 50.0
#: A smaller gap is none: the roads cross.
_CROSSING_M: Final = 0.5


def called(spot: Spot) -> Text:
    """Return the name of a place, or what kind of road without a name it is."""
    return _UNNAMED.get(spot.name, Text(spot.name, spot.name))


def summary(quality: RoadQuality) -> tuple[Text, ...]:
    """Say the main figures, a sentence each."""
    km, share = f"{quality.length_km:.0f}", f"{quality.imputed_share:.0%}"
    return (
        Text(
            f"可用道路 {km} 公里；{share} 的里程没有限速数据，按道路等级取规划车速。",
            f"{km} km of usable road; {share} of it has no speed of its own and goes by class.",
        ),
        _connected(quality),
        _density(quality),
    )


def _connected(quality: RoadQuality) -> Text:
    cut_km = sum(part.length_km for part in quality.cut_parts)
    parts, ends, told = quality.parts_found, quality.dead_ends, len(quality.dead_ends_near)
    whole = Text("道路全部连通", "All roads are connected")
    if parts > 1:
        whole = Text(
            f"互不连通部分 {parts} 个，舍去 {cut_km:.1f} 公里",
            f"{parts} unconnected parts, {cut_km:.1f} km left out",
        )
    return Text(
        f"{whole.zh}；断头路 {ends} 处，其中等级较高且临近巡查区或村屯的 {told} 处。",
        f"{whole.en}. Dead ends: {ends}; of higher class near a zone or settlement: {told}.",
    )


def _density(quality: RoadQuality) -> Text:
    own, middle = f"{quality.density:.2f}", quality.province_median
    zh, en = f"道路密度 {own} 公里/平方公里", f"Road density: {own} km per square km"
    if quality.area_is_hull:
        zh, en = f"{zh}（无县界图层，按道路外包面积）", f"{en} of the hull of the roads"
    if middle is None:
        return Text(
            f"{zh}；未给出全省数据，无法对比。", f"{en}; nothing was given to compare it with."
        )
    count = len(quality.province_densities)
    return Text(
        f"{zh}，{count} 县中位数 {middle:.2f}。",
        f"{en}; the median of {count} counties is {middle:.2f}.",
    )


def advice(quality: RoadQuality) -> tuple[Text, ...]:
    """Say what to mend, what keeps places from being reached at all first."""
    middle = quality.province_median
    thin = Text(
        "道路密度不到全省中位数的一半，数据很可能不全：请导入本局道路图层。",
        "The density is below half of the province's median: the data are probably incomplete. "
        "Bring the bureau's road layer.",
    )
    speeds = Text(
        "多数道路没有限速：核对 county.toml 中各等级的规划车速 [D]。",
        "Most roads have no speed of their own: check the speeds by class in county.toml [D].",
    )
    said = (
        *_unreached(quality),
        *([_gaps(quality.gaps)] if quality.gaps else []),
        *([thin] if middle is not None and quality.density < middle / 2 else []),
        *([speeds] if quality.imputed_share > 0.5 else []),
    )
    return tuple(said)


def _unreached(quality: RoadQuality) -> list[Text]:
    """Return the sentences about places that are hard to reach or not reached at all."""
    said = []
    if blocked := [spot for spot in quality.far_sites if spot.metres > quality.too_far_m]:
        (zh, en), limit = _names(blocked), f"{quality.too_far_m / 1000:g}"
        said.append(
            Text(
                f"距道路超过 {limit} 公里、check 将拒绝的 {zh}。补道路、改坐标，或设 walk。",
                f"More than {limit} km from any road, refused by check: {en}. Add the road, mend "
                "the place, or set walk.",
            )
        )
    if serving := [part for part in quality.cut_parts if part.sites]:
        said.append(_serving(serving))
    if settled := quality.settled_off_road:
        zh, en = _names(settled)
        said.append(
            Text(
                f"{SETTLED_M:.0f} 米内没有道路的村屯 {zh}。",
                f"No road within {SETTLED_M:.0f} m of these settlements: {en}.",
            )
        )
    return [*said, _far(quality.far_sites)] if quality.far_sites else said


def _far(spots: Sequence[Spot]) -> Text:
    zh, en = _names(spots)
    minutes = f"{2 * sum(spot.metres for spot in spots) / _WALKED_M_PER_MINUTE:.0f}"
    return Text(
        f"距道路 {FAR_M:.0f} 米以上的巡查区、单位 {zh}，每轮步行约 {minutes} 分钟。",
        f"Zones and units more than {FAR_M:.0f} m from a road, some {minutes} minutes of walking "
        f"a round: {en}.",
    )


def _serving(parts: Sequence[CutPart]) -> Text:
    zh, en = _listed([Text(name, name) for part in parts for name in part.sites])
    gap_m = min(part.gap_m for part in parts)
    gap = Text(f"最小缺口 {gap_m:.0f} 米", f"the smallest gap is {gap_m:.0f} m")
    if gap_m < _CROSSING_M:
        gap = Text(
            "有的与路网交叉而不相接（立交，或漏画路口）",
            "some cross the rest without a junction (a bridge, or one is missing)",
        )
    return Text(
        f"断开的道路可服务 {zh}；{gap.zh}：连通即可使用。",
        f"Roads that are cut off would serve {en}; {gap.en}: join them.",
    )


def _gaps(gaps: Sequence[Spot]) -> Text:
    named = [
        Text(*(f"{name} ({spot.lon:.5f}, {spot.lat:.5f})" for name in called(spot)))
        for spot in gaps
    ]
    zh, en = _listed(named, 2)  # with their places, as road names are too many of a kind
    return Text(
        f"{GAP_M:.0f} 米内有另一条未连通道路的断头路 {zh}，核对是否应相接。",
        f"Dead ends with another road within {GAP_M:.0f} m that they do not meet: {en}. See "
        "whether they should.",
    )


def _names(spots: Sequence[Spot]) -> Text:
    return _listed([called(spot) for spot in spots])


def _listed(names: Sequence[Text], most: int = 4) -> Text:
    """Return how many there are, and the first of them."""
    more = len(names) > most
    zh = "、".join(name.zh for name in names[:most]) + "…" * more
    en = ", ".join(name.en for name in names[:most])
    return Text(f"{len(names)} 处：{zh}", f"{en} and so on, {len(names)} in all" if more else en)


def document(quality: RoadQuality, language: Language) -> dict[str, Any]:
    """Return everything as plain data, sentences in one language."""
    return {
        **asdict(quality),
        "density": quality.density,
        "province_median": quality.province_median,
        "summary": [text.in_(language) for text in summary(quality)],
        "advice": [text.in_(language) for text in advice(quality)],
    }
