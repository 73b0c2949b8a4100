"""巡查图册: one self-contained HTML page with map, calendar and figures; no network access."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from network.problems import Language
from reports.annual import scope_name
from reports.atlas_data import atlas_data, texts
from reports.atlas_words import LABELS
from reports.escaping import file_name, json_for_html
from reports.figures import Figures

_HERE = Path(__file__).parent
_SCRIPTS = ("atlas_core.js", "atlas_map.js", "atlas_days.js", "atlas_panels.js")


def write_atlas(
    figures: Figures, folder: Path, language: Language, progress: Callable[[int, int], None]
) -> None:
    """Write the atlas into ``folder``."""
    name = f"{scope_name(figures, language)}巡查图册"
    if language == "en":
        name = f"atlas {scope_name(figures, language)}"
    (folder / f"{file_name(name)}.html").write_text(
        atlas_page(figures, language), encoding="utf-8", newline="\n"
    )
    progress(1, 1)


def atlas_page(figures: Figures, language: Language) -> str:
    """Return the page's HTML. Users' text is data in it, or escaped by jinja2, never markup."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined
    )
    data = {**atlas_data(figures), "lang": language, "words": texts(LABELS)}
    return environment.get_template("atlas.html.j2").render(
        language="zh-CN" if language == "zh" else "en",
        county=figures.plan.county.settings.name,
        title=LABELS["title"].in_(language),
        skip=LABELS["skip"].in_(language),
        style=Markup(_own("atlas.css")),  # noqa: S704 - our own file, no user text
        script=Markup("\n".join(_own(script) for script in _SCRIPTS)),  # noqa: S704 - as above
        data=Markup(json_for_html(data)),  # noqa: S704 - <, > and & are escaped in it
    )


def _own(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
