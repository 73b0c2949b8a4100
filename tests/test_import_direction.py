"""Imports run downwards and never back (the house): cli, then scenarios and the like, and so on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: Which rooms each room may import, itself apart.
MAY_IMPORT = {
    "network": set(),
    "optimizer": set(),
    "scheduling": {"network", "optimizer"},
    "scenarios": {"scheduling", "optimizer", "network"},
    "reports": {"scheduling", "optimizer", "network"},
    "examples": {"scheduling", "optimizer", "network"},
    "cli": {
        *("cli_explain", "cli_land", "cli_staffing", "cli_whatif", "cli_options"),
        *("cli_screen", "cli_steps"),
        *("scenarios", "reports", "examples", "scheduling", "network"),
    },
    "cli_explain": {
        *("cli_options", "cli_screen", "cli_steps"),
        *("scenarios", "reports", "scheduling", "network"),
    },
    "cli_whatif": {
        *("cli_options", "cli_screen", "cli_steps"),
        *("scenarios", "reports", "scheduling", "network"),
    },
    "cli_staffing": {
        *("cli_options", "cli_screen", "cli_steps"),
        *("scenarios", "reports", "scheduling", "network"),
    },
    "cli_land": {
        *("cli_land_screen", "cli_options", "cli_screen", "cli_steps"),
        *("reports", "scheduling", "network"),
    },
    "cli_land_screen": {"cli_screen", "scheduling", "network"},
    "cli_options": {"cli_screen", "network"},
    "cli_steps": {"cli_screen", "scenarios", "reports", "examples", "scheduling", "network"},
    "cli_screen": {"scenarios", "reports", "examples", "scheduling", "network"},
}
#: What the audit may not share with the planner it judges.
NOT_FOR_THE_AUDIT = (
    "optimizer",
    "scheduling.planning",
    "scheduling.requirements",
    "scheduling.roads",
    "scheduling.inputs",
)


def _files(room: str) -> list[Path]:
    path = ROOT / f"{room}.py"
    return [path] if path.exists() else sorted((ROOT / room).rglob("*.py"))


def _imports(path: Path) -> Iterator[str]:
    """Yield every module imported anywhere in the file, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_stands_below_it(room):
    """No file of a room imports a room that is not below it."""
    files = _files(room)
    assert files
    allowed = MAY_IMPORT[room] | {room}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in _imports(path)
        if name.split(".")[0] in MAY_IMPORT and name.split(".")[0] not in allowed
    ]
    assert wrong == []


def test_the_audit_shares_no_derivation_with_the_planner():
    """The audit derives every obligation itself: it imports nothing that plans or derives.

    The type of a requirement, which the plan file states and the audit judges, is all it may see.
    """
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _files("scheduling/audit")
        for name in _imports(path)
        if any(name == no or name.startswith(f"{no}.") for no in NOT_FOR_THE_AUDIT)
        and name != "scheduling.requirements.Requirement"
    ]
    assert wrong == []


def test_a_forbidden_import_would_be_seen(tmp_path):
    """The walk finds imports inside functions and of single names."""
    path = tmp_path / "x.py"
    path.write_text("def f():\n    from scheduling.planning import make_plan\n    import cli\n")
    assert set(_imports(path)) == {"scheduling.planning.make_plan", "cli"}


def test_only_the_command_line_prints():
    """No room writes to the terminal."""
    wrong = [
        str(path.relative_to(ROOT))
        for room in ("network", "optimizer", "scheduling", "scenarios", "reports", "examples")
        for path in _files(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert wrong == []
