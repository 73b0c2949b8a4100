"""A cut of the Jilin norm: every type of rule that documents print."""

from __future__ import annotations

from scheduling.calendar.windows import WindowKind
from scheduling.regulation.model import (
    ContentRule,
    FrequencyRule,
    NoteRule,
    PeakRule,
    Regulation,
    ReportingRule,
    SpotCheckRule,
    TeamRule,
)


def regulation() -> Regulation:
    """Return a cut of the Jilin norm: every rule type that documents print."""
    return Regulation(
        id="jilin",
        name="吉林省国土资源执法监察巡查工作规范",
        name_en="Jilin patrol norm",
        basis="发文字号不详",
        frequency=(
            FrequencyRule(
                id="township-12",
                article="13",
                quote="乡镇国土资源管理所对辖区域内的一、二级巡查区域，每半月巡查不少于一次",
                authority="township",
                levels=(1, 2),
                window=WindowKind.HALF_MONTH,
                count=1,
            ),
            FrequencyRule(
                id="township-3",
                article="13",
                quote="三级巡查区域，每半月巡查不少于一次",
                authority="township",
                levels=(3,),
                window=WindowKind.HALF_MONTH,
                count=1,
            ),
            FrequencyRule(
                id="county-12",
                article="13",
                quote="对所辖区域内的一、二级巡查区域，每月至少巡查一次",
                authority="county",
                levels=(1, 2),
                window=WindowKind.MONTH,
                count=1,
            ),
        ),
        spot_check=(
            SpotCheckRule(
                id="county-spot",
                article="13",
                quote="三级巡查区域，应当不定期进行抽查",
                basis="default",
                authority="county",
                levels=(3,),
                window=WindowKind.QUARTER,
            ),
        ),
        team=TeamRule(id="team", article="16", quote="巡查人员应当不少于 2 人", min_certified=2),
        peak=(
            PeakRule(
                id="land",
                article="13",
                quote="非农建设用地高峰期、特定矿产资源需求旺盛期，应当增加巡查次数",
                kind="land",
                first="04-01",
                last="10-31",
                levels=(1,),
            ),
        ),
        reporting=(
            ReportingRule(
                id="monthly",
                article="11",
                quote="每月向县（市、区）国土资源行政主管部门报告巡查工作开展情况",
                authority="township",
                to="县（市、区）国土资源行政主管部门",
                every=WindowKind.MONTH,
            ),
        ),
        notes=(
            NoteRule(
                id="half-month",
                basis="default",
                text="每月1日至15日为上半月",
                text_en="1st to 15th",
            ),
        ),
        content=(
            ContentRule(
                id="annual",
                article="10",
                quote="工作计划应当详细划定动态巡查区，实行划片包干，责任到人",
                authority="county",
                contents=("巡查区", "划片包干", "责任到人", "实施单位", "基本频率"),
            ),
        ),
    )
