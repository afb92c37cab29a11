"""Python in the page, before a browser: what is pinned, what is packed, and the one patch."""

import hashlib
import importlib.util
import json
import re
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("live", ROOT / "site" / "live.py")
live = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(live)


def entry(name, *depends):
    return {"name": name, "depends": [*depends]}


LOCK = {
    "numpy": entry("numpy"),
    "scikit-learn": entry("scikit-learn", "scipy", "joblib"),
    "scipy": entry("scipy", "numpy", "openblas"),
    "joblib": entry("joblib"),
    "openblas": entry("openblas"),
    "pandas": entry("pandas", "numpy"),
}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def make_wheel(folder, name, files):
    """Write a wheel with these texts by name, and return its path."""
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for place, text in files.items():
            wheel.writestr(place, text)
    return folder / name


# --- What is pinned ------------------------------------------------------------------------------


def test_versions_are_those_of_the_constraints():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    known = dict(re.findall(r"^([\w-]+)==(\S+)", text, re.MULTILINE))
    names = [line.split()[1] for line in (ROOT / "site" / "live.sha256").read_text().splitlines()]
    pinned = [parse_wheel_filename(name)[:2] for name in names if name.endswith(".whl")]
    shared = {name: str(version) for name, version in pinned if name in known}
    assert len(shared) > 5
    assert shared == {name: known[name] for name in shared}
    assert {f"pyodide-{version}.tgz" for version in live.PYODIDES} <= set(names)
    assert live.NEWEST in live.PYODIDES


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "CACHE", tmp_path / "cache")
    return live.CACHE


def folder_with(folder, data):
    folder.mkdir()
    (folder / "a.whl").write_bytes(data)
    return live.web(folder.as_uri())


def test_the_first_source_with_the_right_file_is_taken(cache, tmp_path):
    nowhere = live.web((tmp_path / "nowhere").as_uri())
    wrong = folder_with(tmp_path / "one", b"wrong")
    right = folder_with(tmp_path / "two", b"right")
    file = live.fetch("a.whl", sha256(b"right"), [nowhere, wrong, right])
    assert file.read_bytes() == b"right"
    assert live.fetch("a.whl", sha256(b"right"), [nowhere]) == file  # from the cache


def test_a_file_with_another_hash_is_missing(cache, tmp_path):
    with pytest.raises(live.Missing, match="a.whl"):
        live.fetch("a.whl", sha256(b"right"), [folder_with(tmp_path / "one", b"wrong")])


def test_without_a_wheel_nothing_is_built_and_that_is_said(monkeypatch, capsys, tmp_path):
    def missing(pyodide):
        raise live.Missing("No source has a.whl.")

    monkeypatch.setattr(live, "pinned", missing)
    for name in ("OUT", "LITE", "TOOLS", "WHEELS"):
        monkeypatch.setattr(live, name, tmp_path / name)
    assert live.build(live.NEWEST) is False
    assert "No source has a.whl." in capsys.readouterr().out
    assert not live.OUT.exists()


# --- What is packed ------------------------------------------------------------------------------


def test_what_a_package_needs_comes_with_it_and_nothing_else():
    found = live.needed(LOCK, ["scikit-learn"])
    assert set(found) == {"scikit-learn", "scipy", "joblib", "numpy", "openblas"}
    assert found["scipy"] is LOCK["scipy"]


def test_all_that_a_notebook_imports_is_packed():
    code = "".join(
        "".join(cell["source"]) + "\n"
        for notebook in (ROOT / "notebooks").rglob("[0-9]*.ipynb")
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    )
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


def test_a_wheel_is_described(tmp_path):
    wheel = make_wheel(tmp_path, "a_b-1.0-py3-none-any.whl", {"a/__init__.py": ""})
    found = live.described(wheel)
    assert (found["name"], found["version"]) == ("a-b", "1.0")
    assert found["sha256"] == sha256(wheel.read_bytes())
    assert found["imports"] == found["depends"] == []
    name = f"{live.IMPORTED[0].replace('-', '_')}-1.0-py3-none-any.whl"
    course = live.described(make_wheel(tmp_path, name, {"helpers/__init__.py": ""}))
    assert course["imports"] == ["helpers"]
    assert course["depends"] == live.COURSE


def test_a_wheel_is_rewritten(tmp_path):
    locales = {f"babel/locale-data/{name}.dat": "" for name in ("root", "en", "zh_Hans", "de_AT")}
    files = locales | {"pyodide_kernel/__init__.py": "x = 1", "babel/core.py": "y = 2"}
    live.rewrite(make_wheel(tmp_path, "one.whl", files))
    with zipfile.ZipFile(tmp_path / "one.whl") as wheel:
        assert set(wheel.namelist()) == set(files) - {"babel/locale-data/de_AT.dat"}
        assert wheel.read("babel/core.py") == b"y = 2"
        kernel = wheel.read("pyodide_kernel/__init__.py").decode()
    assert kernel.startswith("x = 1") and "font_manager" in kernel
    compile(kernel, "kernel", "exec")


# --- The patch, and what is told -----------------------------------------------------------------

SCRIPT = 'switch(e.type){case"a":b(e);break;case"comm_open":await this.commOpen(e);break}'


def test_the_patch_is_one_more_case(tmp_path):
    (tmp_path / "other.js").write_text("nothing")
    (tmp_path / "kernel.js").write_text(SCRIPT)
    live.answer_comm_info(tmp_path)
    patched = (tmp_path / "kernel.js").read_text()
    before, after = SCRIPT.split('case"comm_open"')
    assert patched.startswith(before + 'case"comm_info_request"')
    assert patched.endswith('break;case"comm_open"' + after)
    assert "parent_header:e.header" in patched and "commInfoRequest(e.content)" in patched
    assert (tmp_path / "other.js").read_text() == "nothing"


@pytest.mark.parametrize("scripts", [["other"], [SCRIPT, SCRIPT]], ids=["no place", "two places"])
def test_a_patch_without_its_place_stops_the_build(tmp_path, scripts):
    for number, script in enumerate(scripts):
        (tmp_path / f"{number}.js").write_text(script)
    with pytest.raises(SystemExit, match="no place"):
        live.answer_comm_info(tmp_path)


def marked(folder, *lines):
    """Return a notebook whose one cell has printed these lines, as the lab is given it."""
    printed = v4.new_output("stream", text="".join(lines))
    cell = v4.new_code_cell("print()", id="a", outputs=[printed])
    file = folder / "a.ipynb"
    nbformat.write(v4.new_notebook(cells=[cell]), file)
    live.mark(file)
    return json.loads(file.read_text(encoding="utf-8"))


def test_an_edition_changes_with_the_notebook(tmp_path):
    editions = [marked(tmp_path, text)["metadata"]["edition"] for text in ("one", "two", "one")]
    assert len(set(editions)) == 2


def test_lines_of_an_output_are_joined(tmp_path):
    [cell] = marked(tmp_path, "one\n", "two\n")["cells"]
    assert cell["outputs"][0]["text"] == "one\ntwo\n"


def test_all_is_told_in_both_languages():
    words = (ROOT / "site" / "live.js").read_text(encoding="utf-8").split("const WORDS = {")[1]
    said = re.findall(r"(\w+): \['([^']+)',\s+'([^']+)'\]", words.split("};")[0])
    assert {"loading", "failed", "page", "ready", "older"} == {what for what, *_ in said}
    for what, english, chinese in said:
        assert english.isascii() or re.sub("[→…]", "", english).isascii(), what
        assert re.search("[\u4e00-\u9fff]", chinese), what
        assert re.findall(r"\d+", english) == re.findall(r"\d+", chinese), what
