"""The bureau's own layers, for drafting: ``layers/NAME.gpkg`` of the county folder (art. 7).

What the bureau brings wins over OpenStreetMap: of a kind that it brings, the map's is not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from network.features import OsmAdminArea, OsmFeature, OsmFeatures, OsmPlace
from network.problems import InputError, Problem, Text
from network.vector_layer import LAYER_SUFFIXES, LayerFrame, load_layer, to_wgs84, value_text
from scheduling.county.settings import CountySettings

FOLDER: Final = "layers"
#: What a layer is taken for, and the file names it goes by.
LAYER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "boundary": ("boundary", "县界"),
    "townships": ("townships", "乡镇界"),
    "villages": ("villages", "村庄"),
    "planning": ("planning", "规划区"),
    "fringe": ("fringe", "城乡结合部"),
    "farmland": ("farmland", "基本农田"),
    "mines": ("mines", "矿区"),
    "no-mining": ("no-mining", "禁采区"),
    "heritage": ("heritage", "景观遗迹"),
    "development": ("development", "开发区"),
    "hot-spots": ("hot-spots", "违法易发区"),
    "small-towns": ("small-towns", "小城镇"),
}
#: Key of features that come from a bureau's layer; the value is the layer's kind.
OWN: Final = "own"
_NAME_FIELDS: Final = ("name", "名称", "mc", "xmmc", "xzqmc", "zldwmc", "乡镇", "村庄", "项目名称")
_TOWNSHIP_LEVEL: Final = 8


@dataclass(frozen=True)
class OwnLayers:
    """Named WGS-84 shapes by kind of layer (``LAYER_NAMES``); a kind not brought is missing."""

    shapes: Mapping[str, tuple[tuple[str, BaseGeometry], ...]]

    @property
    def boundary(self) -> BaseGeometry | None:
        """The county's area, None when it was not brought."""
        found = self.shapes.get("boundary")
        return shapely.union_all([shape for _, shape in found]) if found else None

    def over(self, features: OsmFeatures) -> OsmFeatures:
        """Return the features with the bureau's in place of the map's, kind by kind."""
        places, areas = features.places, features.admin_areas
        if "villages" in self.shapes:
            towns = tuple(p for p in places if p.kind not in {"village", "hamlet"})
            places = (*towns, *(_place(name, s) for name, s in self.shapes["villages"]))
        if "townships" in self.shapes:
            areas = tuple(
                OsmAdminArea(name, _TOWNSHIP_LEVEL, s) for name, s in self.shapes["townships"]
            )
        own = tuple(
            OsmFeature(OWN, kind, name, shape)
            for kind in LAYER_NAMES
            if kind not in {"boundary", "townships", "villages"}
            for name, shape in self.shapes.get(kind, ())
        )
        return replace(
            features, places=places, admin_areas=areas, features=(*features.features, *own)
        )


def _place(name: str, shape: BaseGeometry) -> OsmPlace:
    point = shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)
    return OsmPlace(name, "village", point.x, point.y)


def read_own_layers(folder: Path, settings: CountySettings) -> OwnLayers:
    """Read every layer in ``layers/`` of a county folder; none when there is no such folder.

    Raises InputError with every file whose name has no meaning or that cannot be used.
    """
    if not (folder / FOLDER).is_dir():
        return OwnLayers({})
    kinds = {name: kind for kind, names in LAYER_NAMES.items() for name in names}
    stated = "crs" in settings.model_fields_set
    datum = settings.layer_datum.get("layers", settings.datum)
    frame = LayerFrame(settings.crs if stated else "", datum)
    problems: list[Problem] = []
    shapes: dict[str, tuple[tuple[str, BaseGeometry], ...]] = {}
    for path in sorted((folder / FOLDER).iterdir()):
        if path.suffix.lower() not in LAYER_SUFFIXES:
            continue
        kind = kinds.get(path.stem.lower())
        if kind is None:
            problems.append(_unknown_layer(path))
        else:
            shapes[kind] = (*shapes.get(kind, ()), *_read(path, frame, problems))
    if problems:
        raise InputError(problems)
    return OwnLayers(shapes)


def _read(
    path: Path, frame: LayerFrame, problems: list[Problem]
) -> tuple[tuple[str, BaseGeometry], ...]:
    try:
        raw = load_layer(path, path.stem)
    except InputError as error:
        problems.extend(error.problems)
        return ()
    moved = to_wgs84(raw.geometry, raw.crs, path.name, frame, problems)
    if moved is None:
        return ()
    fields = [field.casefold() for field in raw.fields]
    at = next((fields.index(name) for name in _NAME_FIELDS if name in fields), None)
    names = [""] * len(moved) if at is None else [value_text(v) for v in raw.columns[at]]
    return tuple(
        (name, shapely.make_valid(shape))
        for name, shape in zip(names, moved, strict=True)
        if shape is not None and not shape.is_empty
    )


def _unknown_layer(path: Path) -> Problem:
    names = "、".join("/".join(names) for names in LAYER_NAMES.values())
    return Problem(
        code="zones.unknown-layer",
        file=f"{FOLDER}/{path.name}",
        cause=Text("不知道这是什么图层", "what this layer holds is not known by its name"),
        action=Text(f"改名为以下之一：{names}", f"rename it to one of: {names}"),
    )
