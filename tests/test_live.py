"""Python in the page, before a browser: what is pinned, what is packed, and the one patch."""

import importlib.util
import json
import re
import sys
import tomllib
import zipfile
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from packaging.requirements import Requirement

from .content import ENGLISH, cells_of

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("live", ROOT / "site" / "live.py")
live = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(live)


# --- What comes from outside ---------------------------------------------------------------------


def test_versions_are_those_of_the_constraints():
    files = [ROOT / "site" / "live.txt", ROOT / "constraints.txt"]
    pins = [re.findall(r"^[\w-]+==\S+", file.read_text("utf-8"), re.MULTILINE) for file in files]
    live_has, course_has = (dict(pin.split("==") for pin in one) for one in pins)
    shared = live_has.keys() & course_has.keys()
    assert len(shared) > 5
    assert [(name, live_has[name]) for name in shared if live_has[name] != course_has[name]] == []


def test_the_first_source_with_the_right_file_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "CACHE", tmp_path / "cache")
    for name in ("cache", "wrong", "right"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.whl").write_text(name)
    nowhere, wrong, right = ((tmp_path / n).as_uri() for n in ("nowhere", "wrong", "right"))
    pinned = sha256(b"right").hexdigest()
    with pytest.raises(live.Missing, match="a.whl"):
        live.fetch("a.whl", pinned, [nowhere, wrong])
    file = live.fetch("a.whl", pinned, [nowhere, wrong, right])
    assert file.read_text() == "right"
    assert live.fetch("a.whl", pinned, [nowhere]) == file  # from the cache


def test_without_a_wheel_nothing_is_built_and_that_is_said(monkeypatch, capsys, tmp_path):
    for name in ("SITE", "CACHE", "OUT", "LITE", "TOOLS", "WHEELS"):
        monkeypatch.setattr(live, name, tmp_path / name)
    assert live.build(live.NEWEST) is False  # there is no live.txt
    assert "The site is built without" in capsys.readouterr().out
    assert not live.OUT.exists()


# --- What is packed ------------------------------------------------------------------------------


def test_all_that_a_notebook_imports_is_packed():
    cells = [cell for path in ENGLISH for cell in cells_of(path) if cell.cell_type == "code"]
    code = "\n".join(cell.source for cell in cells)
    found = set(re.findall(r"^\s*(?:import|from) (\w+)", code, re.MULTILINE))
    packages = {"helpers": "from-log-to-a-minus-y", "sklearn": "scikit-learn"}
    asked = {packages.get(module, module) for module in found - sys.stdlib_module_names}
    packed = {*live.STARTED, *live.COURSE, *live.IMPORTED, "numpy"}  # numpy: matplotlib needs it
    assert len(asked) > 2
    assert asked <= packed


def test_what_the_course_depends_on_is_loaded_with_it():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = {Requirement(need).name for need in told["dependencies"]}
    # Pyodide's matplotlib needs numpy and pillow, its ipython traitlets.
    assert needs - {"numpy", "pillow", "traitlets"} <= set(live.COURSE)


def test_a_wheel_is_rewritten(tmp_path):
    names = ["babel/locale-data/de.dat", "babel/locale-data/en.dat", "pyodide_kernel/__init__.py"]
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as wheel:
        for name in names:
            wheel.writestr(name, "x")
    live.rewrite(tmp_path / "a.whl")
    with zipfile.ZipFile(tmp_path / "a.whl") as wheel:
        assert wheel.namelist() == names[1:]
        assert [wheel.read(name) for name in names[1:]] == [b"x", b"x" + live.QUIET]


# --- The patch, and what is told -----------------------------------------------------------------

SCRIPT = 'switch(e.type){case"a":b(e);break;case"comm_open":await this.commOpen(e);break}'


@pytest.mark.parametrize("scripts", [["other"], [SCRIPT, SCRIPT]], ids=["no place", "two places"])
def test_a_patch_without_its_place_stops_the_build(tmp_path, scripts):
    for number, script in enumerate(scripts):
        (tmp_path / f"{number}.js").write_text(script)
    with pytest.raises(SystemExit, match="no place"):
        live.answer_comm_info(tmp_path)


def test_an_edition_is_named_and_the_lines_of_an_output_are_joined(tmp_path):
    editions = set()
    for lines in (["one\n", "two\n"], ["three\n"], ["one\n", "two\n"]):
        printed = v4.new_output("stream", text="".join(lines))
        cell = v4.new_code_cell("print()", id="a", outputs=[printed])
        nbformat.write(v4.new_notebook(cells=[cell]), tmp_path / "a.ipynb")
        live.mark(tmp_path / "a.ipynb")
        found = json.loads((tmp_path / "a.ipynb").read_text(encoding="utf-8"))
        assert found["cells"][0]["outputs"][0]["text"] == "".join(lines)
        editions.add(found["metadata"]["edition"])
    assert len(editions) == 2
