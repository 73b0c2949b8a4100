"""Invented names of places and people, in the manner of the north-east. Any likeness is chance."""

from __future__ import annotations

from typing import Final

import numpy as np

COUNTY_NAMES: Final = ("青岭县", "云杉县", "白桦县", "松涛县", "桦川岭县", "长坡县")

_TOWNSHIP_HEADS: Final = (
    "石桥 柳林 双泉 红松 大榆 金坪 沙河沿 永宁 黑土坡 二道湾 杨木岗 清水台 桦树口 榆木桥 三合川 平岭 "
    "望江 头道梁 朝阳坡 靠山口 西甸 北岔口 南坪 东岗子 乌拉岗 五棵松 团山口 亮水河 新立台 长兴岭 "
    "腰岭 白石滩"
).split()
_FAMILIES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
)
_GIVEN_FIRST: Final = "国建志文晓海春秋玉德永长立明成金振忠凤桂丽秀淑雪佳子俊思雨天浩宇欣"
_GIVEN_SECOND: Final = "军华强伟平林山峰生江波涛龙斌辉杰鹏飞敏霞兰芳英娟梅红燕玲颖洁婷琳堃镕"
_VILLAGE_FAMILY_ENDS: Final = ("家屯", "家沟", "家店", "家窝堡", "家油坊", "家岗子", "家炉")
_VILLAGE_HEADS: Final = (
    "兴隆 前进 太平 永发 东升 新华 胜利 光明 万宝 长青 富强 和平 五星 双山 四合 三道沟 头道沟 二道河 "
    "柳树河 大荒地 小城子 榆树底下 杨树林 大泡子 靠山屯 半拉山 石头河 黄泥河 夹皮沟口 蛤蟆塘 桦皮 老鹰沟 "
    "蜂蜜沟 泉眼 南沟 北沟 东沟 西沟 腰屯 下甸子 上甸子 孤山 龙王庙 土门 砬子沟 青顶 大青沟 小青沟 "
    "草帽顶 鹿角沟 参地 山湾 河套 岗后 岭前 岭后 桥头 渡口 旧站 新开岭 六棵树 七道岗 八里铺 九间房 十里铺"
).split()


class NameBook:
    """Hands out names, each at most once, in an order that depends only on the generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used: set[str] = set()
        self._townships = [str(name) for name in rng.permutation(_TOWNSHIP_HEADS)]
        heads = [*_VILLAGE_HEADS]
        heads += [family + end for family in _FAMILIES for end in _VILLAGE_FAMILY_ENDS]
        self._villages = [str(name) for name in rng.permutation(heads)]

    def township(self) -> str:
        """Return a township's name without 镇 or 乡."""
        return self._unique(self._townships)

    def village(self) -> str:
        """Return a village's name, without 村."""
        return self._unique(self._villages)

    def person(self) -> str:
        """Return a person's name."""
        for _ in range(50):
            name = self._pick(_FAMILIES) + self._pick(_GIVEN_FIRST) * int(self._rng.random() < 0.8)
            name += self._pick(_GIVEN_SECOND)
            if name not in self._used:
                break
        self._used.add(name)
        return name

    def _pick(self, letters: str) -> str:
        return letters[int(self._rng.integers(len(letters)))]

    def _unique(self, names: list[str]) -> str:
        """Take the next name, with 新, 西, ... before it once the list has been used up."""
        for prefix in ("", *"新西东南北前后上下大小老"):
            for name in names:
                if prefix + name not in self._used:
                    self._used.add(prefix + name)
                    return prefix + name
        raise ValueError("a county of so many places has no names left")
