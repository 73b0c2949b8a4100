"""What loading did to road data, so that nothing is cut, closed or left out silently."""

from __future__ import annotations

from dataclasses import dataclass

from network.problems import Text


@dataclass(frozen=True)
class Gap:
    """Where the end of a drawn road stopped short of another, by how many metres."""

    lon: float
    lat: float
    metres: float


@dataclass(frozen=True)
class LoadReport:
    """What was read, used, cut, closed and left out; kilometres count each direction.

    ``unresolved_relations`` are OSM ids of turn restrictions that could not be applied exactly;
    ``timed_access`` counts conditions on access that name no days of the year and were not read.
    ``layer_`` fields are about the bureau's own road layer: features without a usable line or
    class are left out (classes with their counts), roads that OSM has too are ``layer_km_known``.
    ``notices`` are sentences of whoever used the network.
    """

    source: str
    ways_read: int = 0
    ways_used: int = 0
    edges_with_maxspeed: int = 0
    parts_found: int = 1
    nodes_cut: int = 0
    length_cut_km: float = 0.0
    missing_nodes: int = 0
    restrictions_read: int = 0
    restrictions_applied: int = 0
    restrictions_malformed: int = 0
    unresolved_relations: tuple[int, ...] = ()
    edges_cut_by_turns: int = 0
    ferries_driven: tuple[str, ...] = ()
    ferries_left_out: tuple[str, ...] = ()
    fords: int = 0
    seasonal_ways: int = 0
    timed_access: int = 0
    layer_roads: int = 0
    layer_without_line: int = 0
    layer_classes_left_out: tuple[tuple[str, int], ...] = ()
    layer_km_added: float = 0.0
    layer_km_known: float = 0.0
    gaps_closed: tuple[Gap, ...] = ()
    notices: tuple[Text, ...] = ()

    def sentences(self) -> tuple[Text, ...]:
        """Say what was cut, closed or missing, one sentence each; empty when nothing was."""
        said = (*self._cut(), *self._limits(), *self._layer())
        return (*(text for count, text in said if count), *self.notices)

    def _cut(self) -> tuple[tuple[int, Text], ...]:
        parts = Text(
            f"路网共 {self.parts_found} 个互不连通部分，仅保留最大部分；"
            f"舍去 {self.length_cut_km:.1f} 公里、{self.nodes_cut} 个节点",
            f"the roads fall into {self.parts_found} parts; only the largest is kept, "
            f"{self.length_cut_km:.1f} km and {self.nodes_cut} nodes are left out",
        )
        turns = Text(
            f"其中 {self.edges_cut_by_turns} 条有向路段因转向限制无法驶入或驶出",
            f"{self.edges_cut_by_turns} directed edges of these cannot be entered or left "
            "because of turn restrictions",
        )
        missing = Text(
            f"道路引用的 {self.missing_nodes} 个节点在文件中缺失，相应路段在此断开",
            f"{self.missing_nodes} nodes of roads are missing from the file; "
            "the roads are broken there",
        )
        return (
            (self.nodes_cut, parts),
            (self.edges_cut_by_turns, turns),
            (self.missing_nodes, missing),
        )

    def _limits(self) -> tuple[tuple[int, Text], ...]:
        unclear = len(self.unresolved_relations) + self.restrictions_malformed
        restrictions = Text(
            f"转向限制 {self.restrictions_read} 条，其中 {unclear} 条不明确，未采用",
            f"{unclear} of {self.restrictions_read} turn restrictions are not clear "
            "and were left out",
        )
        unused, used = len(self.ferries_left_out), len(self.ferries_driven)
        left_out, driven = _listed(self.ferries_left_out), _listed(self.ferries_driven)
        ferries = Text(
            f"未使用轮渡 {unused} 处：{left_out}", f"{unused} ferries are not used: {left_out}"
        )
        ferries_driven = Text(
            f"使用轮渡 {used} 处（未计候船）：{driven}",
            f"{used} ferries are used, waiting not counted: {driven}",
        )
        fords = Text(
            f"涉水路段 {self.fords} 处，视为可通行", f"{self.fords} fords are driven through"
        )
        seasonal = Text(
            f"季节性封闭道路 {self.seasonal_ways} 条，按日类封闭",
            f"{self.seasonal_ways} roads are closed in a season, by day class",
        )
        timed = Text(
            f"通行条件 {self.timed_access} 项（时刻、载重等）未予考虑",
            f"{self.timed_access} conditions on access, by the hour or by weight, "
            "were not looked at",
        )
        return (
            (unclear, restrictions),
            (unused, ferries),
            (used, ferries_driven),
            (self.fords, fords),
            (self.seasonal_ways, seasonal),
            (self.timed_access, timed),
        )

    def _layer(self) -> tuple[tuple[float, Text], ...]:
        gaps = len(self.gaps_closed)
        longest = max((gap.metres for gap in self.gaps_closed), default=0.0)
        classes = [f"{name or '∅'} × {count}" for name, count in self.layer_classes_left_out]
        left_out = _listed(tuple(classes))
        merged = Text(
            f"自有道路图层：补入 {self.layer_km_added:.1f} 公里，另 {self.layer_km_known:.1f} 公里"
            "与 OSM 重复",
            f"the road layer adds {self.layer_km_added:.1f} km; {self.layer_km_known:.1f} km "
            "of it are in OSM too",
        )
        return (
            (self.layer_km_known, merged),
            (
                len(classes),
                Text(
                    f"道路图层中未对应等级的要素未使用：{left_out}",
                    f"roads of the layer whose class has no meaning given are left out: {left_out}",
                ),
            ),
            (
                self.layer_without_line,
                Text(
                    f"道路图层中 {self.layer_without_line} 个要素没有线",
                    f"{self.layer_without_line} features of the road layer have no line",
                ),
            ),
            (
                gaps,
                Text(
                    f"道路图层中闭合断头 {gaps} 处，最长 {longest:.1f} 米",
                    f"{gaps} gaps in the road layer were closed, the longest of {longest:.1f} m",
                ),
            ),
        )


def _listed(names: tuple[str, ...], most: int = 3) -> str:
    return "、".join(names[:most]) + ("…" if len(names) > most else "")
