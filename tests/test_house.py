"""The house: imports that point downwards only and are all required, and types that hold."""

import ast
import shutil
import sys
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import resolve_name
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .servers import run

ROOT = Path(__file__).resolve().parent.parent
# By the beginnings of modules' names, from the ground up: a module imports from floors below.
FLOORS = [
    ("helpers.engine.",),
    ("helpers.language",),
    ("helpers.logistic",),
    ("helpers.palette",),
    ("helpers.students",),
    ("helpers.lesson_",),
    ("tools.",),
    ("tests.",),
    ("benchmarks.",),
]
# Here a module imports from its neighbours too.
SHARED = {"helpers.engine.", "tools.", "tests.", "benchmarks."}
PATHS = [
    path
    for folder in ("helpers", "tools", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name != "__init__.py"
]


def floor(module):
    """The number of a module's floor; None for one that has no place in the house."""
    found = [n for n, names in enumerate(FLOORS) if f"{module}.".startswith(names)]
    return found[0] if found else None


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(source, module):
    """The names of all that the source of a module imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            named = "." * node.level + (node.module or "")
            there = resolve_name(named, module.rpartition(".")[0])
            yield from (f"{there}.{alias.name}" for alias in node.names)


def climbs(source, module):
    """The imports, by the source of a module, that do not point down."""
    here = floor(module)
    top = here + SHARED.issuperset(FLOORS[here])
    names = imported(source, module)
    ours = [name for name in names if f"{name}.".startswith(("helpers.", "tools.", "tests."))]
    return [name for name in ours if floor(name) not in range(top)]


def test_imports_point_down():
    for path in PATHS:
        assert climbs(path.read_text(encoding="utf-8"), dotted(path)) == [], path


@pytest.mark.parametrize(
    "source, module",
    [
        ("from ..logistic import log_loss", "helpers.engine.frames"),
        ("from helpers import lesson_03", "helpers.lesson_04"),
        ("from .unknown import room", "helpers.lesson_04"),
        ("from tests import content", "tools.parity"),
    ],
)
def test_an_import_that_climbs_is_noticed(source, module):
    assert climbs(source, module)


def test_the_package_itself_is_a_docstring():
    docstring, *rest = ast.parse((ROOT / "helpers" / "__init__.py").read_text("utf-8")).body
    assert isinstance(docstring, ast.Expr) and not rest


# What a folder or a file gets along with; all others may import what the tests need.
FEWER_EXTRAS = {"helpers": [], "lesson_08": ["lab"], "class_report": ["lab"], "site": ["site"]}
PEERS = ["scipy", "torch"]  # benchmarks name them as skipped where they are not installed


def test_everything_imported_is_required():
    """What comes only because something else asks for it is gone when that asks no more."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras, distributions = project["optional-dependencies"], packages_distributions()
    for path in [*PATHS, *(ROOT / "site").glob("*.py")]:
        folder = path.relative_to(ROOT).parts[0]
        wanted = FEWER_EXTRAS.get(path.stem, FEWER_EXTRAS.get(folder, extras))
        needed = project["dependencies"] + [line for extra in wanted for line in extras[extra]]
        names = [Requirement(line).name for line in needed + PEERS]
        required = {project["name"], *map(canonicalize_name, names)}
        for module in imported(path.read_text(encoding="utf-8"), dotted(path)):
            found = distributions.get(module.partition(".")[0], [])
            assert not found or required.intersection(map(canonicalize_name, found)), (path, module)


def test_types_hold():
    run(sys.executable, "-m", "mypy", cwd=ROOT)


def test_scripts_for_the_browser_are_sound():
    oxlint = shutil.which("oxlint", path=Path(sys.executable).parent)
    run(oxlint, "--config", "tests/oxlint.json", "helpers", "site", cwd=ROOT)


@pytest.mark.parametrize("check", [["check"], ["format", "--check"]], ids=" ".join)
def test_code_is_sound_and_in_its_form(check):
    run(sys.executable, "-m", "ruff", *check, cwd=ROOT)
