"""The documentation says what the code says: links lead somewhere, columns and tables are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from cli import app
from reports import DOCUMENTS
from scheduling.county import schema
from scheduling.county.settings import CountySettings
from scheduling.plan.store_tables import PLAN_TABLES
from scheduling.regulation import preset_names

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^(?:\$ )?xuncha (?:--lang \w+ )?(\w+)(.*)$", re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every link within the project names a file that is there, and a heading in it."""
    lost = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_exist(page: Path) -> None:
    """Every command line shown uses a verb and options that the program has."""
    verbs = get_command(app).commands  # type: ignore[attr-defined]
    for verb, rest in COMMAND.findall(page.read_text(encoding="utf-8")):
        assert verb in verbs, verb
        command = verbs[verb]
        if hasattr(command, "commands"):  # a group: its verb is the next word
            command = command.commands[rest.split()[0]]
        known = {flag for option in command.params for flag in option.opts}
        assert set(re.findall(r"(?<=\s)--[\w-]+", rest)) <= known, f"xuncha {verb}{rest}"


def test_pages_are_reached_from_the_index() -> None:
    """The index links every page of the documentation."""
    linked = {
        (DOCS / link).resolve() for link in LINK.findall((DOCS / "README.md").read_text("utf-8"))
    }
    assert sorted(page.name for page in {*DOCS.rglob("*.md")} - linked) == ["README.md"]


def test_every_column_and_setting_is_described() -> None:
    """county-folder.md names every column with its headings, and every setting."""
    text = (DOCS / "county-folder.md").read_text(encoding="utf-8")
    tables = (
        *(schema.ZONE_COLUMNS, schema.STATION_COLUMNS, schema.INSPECTOR_COLUMNS),
        *(schema.VEHICLE_COLUMNS, schema.LEAVE_COLUMNS, schema.HISTORY_COLUMNS),
        schema.CHECKPOINT_COLUMNS,
    )
    for column in (column for table in tables for column in table):
        synonyms = "、".join(column.synonyms) or "—"
        assert f"| `{column.name}` | {column.zh} | {synonyms} |" in text
    for name, setting in CountySettings.model_fields.items():
        inner = getattr(setting.annotation, "model_fields", None)
        for key in [f"{name}.{part}" for part in inner] if inner else [name]:
            last = key.rsplit(".", 1)[-1]
            assert f"`{key}`" in text or f"`.{last}`" in text or f"`{name}.*`" in text, key


def test_every_table_preset_and_document_is_described() -> None:
    """plan-file.md names every table, regulation.md every preset, publish.md every document."""
    plan_file = (DOCS / "plan-file.md").read_text(encoding="utf-8")
    assert [table.name for table in PLAN_TABLES if f"`{table.name}`" not in plan_file] == []
    regulation = (DOCS / "tasks" / "regulation.md").read_text(encoding="utf-8")
    assert [name for name in preset_names() if f"| `{name}` |" not in regulation] == []
    publish = (DOCS / "tasks" / "publish.md").read_text(encoding="utf-8")
    assert [name for name in DOCUMENTS if f"| `{name}` |" not in publish] == []
