"""docs/errors.md lists every Problem code the program can give, and no other."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("network", "optimizer", "scheduling", "scenarios", "reports", "examples")
CODE = re.compile(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*")


@dataclass
class Module:
    """A parsed source file, with the function that each node stands in."""

    path: Path
    tree: ast.Module
    inside: dict[ast.AST, ast.FunctionDef] = field(default_factory=dict)
    calls: dict[str, list[ast.Call]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)  # names defined or imported at its top

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                self.inside |= dict.fromkeys(ast.walk(node), node)
            elif isinstance(node, ast.Call):
                self.calls.setdefault(name_called(node), []).append(node)
            elif isinstance(node, ast.ImportFrom):
                self.known |= {alias.name for alias in node.names}
        self.known |= {node.name for node in self.tree.body if isinstance(node, ast.FunctionDef)}


def name_called(call: ast.Call) -> str:
    """Return the bare name of what is called, with a dot before it when it is an attribute."""
    if isinstance(call.func, ast.Attribute):
        return f".{call.func.attr}"
    return call.func.id if isinstance(call.func, ast.Name) else ""


class Source:
    """The code base, and what a text in it can be."""

    def __init__(self, modules: list[Module]) -> None:
        self.modules = modules

    def problem_codes(self) -> dict[str, set[str]]:
        """Return the codes that each making of a ``Problem`` can give, by place."""
        return {
            f"{module.path.relative_to(ROOT)}:{call.lineno}": self.texts(
                module, call, self.argument(call, 0, "code")
            )
            for module in self.modules
            for call in module.calls.get("Problem", [])
        }

    def texts(self, module: Module, place: ast.AST, expression: ast.expr | None) -> set[str]:
        """Return every text that an expression can be: nothing when it cannot be told."""
        match expression:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.FormattedValue(value=value):
                return self.texts(module, place, value)
            case ast.IfExp(body=one, orelse=other):
                return self.texts(module, place, one) | self.texts(module, place, other)
            case ast.JoinedStr(values=parts):
                choices = (self.texts(module, place, part) for part in parts)
                return reduce(lambda a, b: {x + y for x in a for y in b}, choices, {""})
            case ast.Name(id=name):
                function = module.inside.get(place)
                if function and name in [argument.arg for argument in function.args.args]:
                    return self.given(module, function, name)
                return self.assigned(module, function, name)
        return set()

    def given(self, module: Module, function: ast.FunctionDef, name: str) -> set[str]:
        """Return what callers pass for a parameter, and its default."""
        names = [argument.arg for argument in function.args.args]
        position = names.index(name)
        default = position - len(names) + len(function.args.defaults)
        found = set()
        if default >= 0:
            found |= self.texts(module, function, function.args.defaults[default])
        is_method = names[0] == "self"
        called = f".{function.name}" if is_method else function.name
        for other in self.modules:
            if is_method or function.name in other.known:
                for call in other.calls.get(called, []):
                    argument = self.argument(call, position - is_method, name)
                    found |= self.texts(other, call, argument)
        return found

    def argument(self, call: ast.Call, position: int, name: str) -> ast.expr | None:
        """Return the argument of a call, one in a starred constant tuple too."""
        for keyword in call.keywords:
            if keyword.arg == name:
                return keyword.value
        given: list[ast.expr] = []
        for argument in call.args:
            constant = self.constant(argument) if isinstance(argument, ast.Starred) else None
            given += constant.elts if isinstance(constant, ast.Tuple) else [argument]
        return given[position] if position < len(given) else None

    def constant(self, starred: ast.Starred) -> ast.expr | None:
        """Return what a constant of any module stands for."""
        name = getattr(starred.value, "id", "")
        for module in self.modules:
            for node in module.tree.body:
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
                    return node.value
        return None

    def assigned(self, module: Module, function: ast.FunctionDef | None, name: str) -> set[str]:
        """Return what a variable can hold: assigned, looped over, or first in tuples it is from."""
        found = set()
        for node in ast.walk(function or module.tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    found |= self.bound(module, node, target, node.value, name)
            elif isinstance(node, (ast.For, ast.comprehension)):
                items = node.iter.elts if isinstance(node.iter, ast.Tuple) else [node.iter]
                for item in items:
                    found |= self.bound(module, node, node.target, item, name)
        return found

    def bound(
        self, module: Module, place: ast.AST, target: ast.expr, value: ast.expr, name: str
    ) -> set[str]:
        """Return what ``name`` can be where ``value`` is assigned to ``target``."""
        match target, value:
            case ast.Name(id=found), _ if found == name:
                return self.texts(module, place, value)
            case ast.Tuple(elts=targets), ast.Tuple(elts=values):
                pairs = zip(targets, values, strict=False)
                return {t for one in pairs for t in self.bound(module, place, *one, name)}
            case ast.Tuple(elts=[ast.Name(id=found), *_]), ast.Call(func=func) if found == name:
                return self.first_of(module, getattr(func, "id", ""))
        return set()

    def first_of(self, module: Module, producer: str) -> set[str]:
        """Return the first items of tuples a function returns; of all yielded when not known."""
        functions = [f for f in module.inside.values() if f.name == producer]
        found = set()
        for node in ast.walk(functions[0] if functions else module.tree):
            produced = (ast.Return, ast.Yield) if functions else ast.Yield
            if isinstance(node, produced) and isinstance(node.value, ast.Tuple):
                found |= self.texts(module, node, node.value.elts[0])
        return found


@pytest.fixture(scope="module")
def by_place() -> dict[str, set[str]]:
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    paths += sorted(ROOT.glob("cli*.py"))
    modules = [Module(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]
    return Source(modules).problem_codes()


@pytest.fixture(scope="module")
def codes(by_place: dict[str, set[str]]) -> set[str]:
    return set().union(*by_place.values())


@pytest.fixture(scope="module")
def documented() -> list[str]:
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def test_every_code_can_be_told_from_the_source(by_place: dict[str, set[str]]) -> None:
    """No Problem is made with a code that cannot be traced to a text."""
    assert [place for place, codes in by_place.items() if not codes] == []
    assert [code for codes in by_place.values() for code in codes if not CODE.fullmatch(code)] == []


def test_codes_are_found_however_they_are_passed(codes: set[str]) -> None:
    """Codes given outright, passed on, put together and yielded are all seen."""
    outright, passed_on = "network.no-roads", "table.missing-value"
    put_together, yielded = "settings.out-of-range", "regulation.contradictory"
    assert {outright, passed_on, put_together, yielded} <= codes


def test_the_index_is_complete(codes: set[str], documented: list[str]) -> None:
    """Every code of the code base has its row in docs/errors.md."""
    assert sorted(codes - set(documented)) == []


def test_the_index_names_no_code_that_is_gone(codes: set[str], documented: list[str]) -> None:
    """docs/errors.md has no row for a code the code base no longer gives, and no row twice."""
    assert sorted(set(documented) - codes) == []
    assert len(documented) == len(set(documented))
