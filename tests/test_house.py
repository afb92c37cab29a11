"""The house: content above, engine below, imports that point downwards only, types that hold."""

import ast
import shutil
import subprocess
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HELPERS = ROOT / "helpers"
# The folders from the ground up: none imports from one after it.
FOLDERS = ["helpers", "tools", "tests", "benchmarks"]
# From the ground up: a module imports from floors below its own, and the engine from its own too.
FLOORS = [
    {"engine"},
    {"language"},
    {"logistic"},
    {"palette"},
    {"students"},
    {path.stem for path in HELPERS.glob("lesson_*.py")},
]
FLOOR_OF = {name: number for number, floor in enumerate(FLOORS) for name in floor}
MODULES = sorted(path for path in HELPERS.rglob("*.py") if path.name != "__init__.py")


def room(path):
    """The module's name above the engine, "engine" for all in it."""
    return path.relative_to(HELPERS).parts[0].removesuffix(".py")


def imported(source, package):
    """The names of all modules that the source of a module in this package imports from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield resolve_name("." * node.level + (node.module or ""), package)


def imported_rooms(source, package):
    """The rooms of the house that the source of a module in this package imports from."""
    for name in imported(source, package):
        top, *rooms = name.split(".")
        if top == "helpers":
            yield rooms[0] if rooms else "(the package itself)"


def climbs(source, here):
    """The imports that do not point down."""
    return [
        there
        for there in imported_rooms(source, "helpers.engine" if here == "engine" else "helpers")
        if FLOOR_OF.get(there, 99) >= FLOOR_OF[here] and (here, there) != ("engine", "engine")
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_imports_point_down(path):
    assert climbs(path.read_text(encoding="utf-8"), room(path)) == []


@pytest.mark.parametrize(
    "source, here",
    [
        ("from ..logistic import log_loss", "engine"),
        ("import helpers.palette", "engine"),
        ("from .lesson_02 import explore_students", "students"),
        ("from ..language import say", "engine"),
        ("from helpers import lesson_03", "lesson_04"),
    ],
)
def test_an_import_that_climbs_is_noticed(source, here):
    assert climbs(source, here)


def test_every_room_has_a_floor_and_nothing_else_is_there():
    assert {room(path) for path in MODULES} == set(FLOOR_OF)
    docstring, *rest = ast.parse((HELPERS / "__init__.py").read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr) and not rest


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_import_from_those_below(folder):
    above = FOLDERS[FOLDERS.index(folder) + 1 :]
    for path in (ROOT / folder).rglob("*.py"):
        package = ".".join(path.relative_to(ROOT).parent.parts)
        names = {name.split(".")[0] for name in imported(path.read_text(encoding="utf-8"), package)}
        assert not names.intersection(above), path


def passes(*command):
    result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr


def test_types_hold():
    passes(sys.executable, "-m", "mypy")


def test_scripts_for_the_browser_are_sound():
    oxlint = shutil.which("oxlint", path=Path(sys.executable).parent)
    passes(oxlint, "--config", "tests/oxlint.json", "helpers", "site")
