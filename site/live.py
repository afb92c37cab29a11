"""The course in the reader's own browser, in one folder: JupyterLab, Python, and all they need.

What comes from outside is pinned by hash: files of npm and PyPI in live.sha256, and Pyodide's
wheels in the lock that npm's file holds. A wheel is taken from the first source that has it: from
LIVE_WHEELS, if the environment names a folder or an address, or from Pyodide's content network.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from contextlib import suppress
from importlib.metadata import PathDistribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
WORK = ROOT / "build" / "live"
CACHE, LITE, TOOLS, WHEELS = (WORK / name for name in ("cache", "lite", "tools", "wheels"))
OUT = WORK / "live"
SETTINGS = ROOT / "jupyter/share/jupyter/lab/settings/overrides.d/from-log-to-a-minus-y.json"
CONFIG = "jupyter-config-data"
OTHER_LANGUAGES = [path.name for path in (ROOT / "notebooks").glob("??_??")]
NETWORK = "https://cdn.jsdelivr.net/pyodide/v{}/full"
# Of each Pyodide, the piplite that speaks with its micropip.
PYODIDES = {"0.27.7": "0.6.1", "314.0.6": "0.8.6"}
NEWEST = "0.27.7"  # whose numpy and matplotlib can be had where this project is tested
PIP = [sys.executable, "-m", "pip"]
CORE = re.compile(r"package/(pyodide\.(asm\.)?(js|mjs|wasm)|python_stdlib\.zip)")
INNER = re.compile(r".*/static/pypi/.*\.whl")
KERNEL = "jupyterlite_pyodide_kernel-0.8"
STARTED = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
PROGRAMS = (KERNEL, "jupyterlite_core", "doit", "pkginfo", "jupyterlab_language_pack")
EXTENSIONS = (KERNEL, "anywidget", "jupyterlab_widgets")
IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)
# Matplotlib says that it lists the fonts, which would be a red box in the first cell.
QUIET = (
    b"\nimport logging\n\nlogging.getLogger('matplotlib.font_manager').setLevel(logging.ERROR)\n"
)
# JupyterLite leaves this request without an answer, and then no saved widget comes back:
# https://github.com/jupyterlite/jupyterlite/issues/155
UNANSWERED = re.compile(r'case"comm_open":await this\.commOpen\((\w+)\)')
ANSWER = (
    r'case"comm_info_request":this._sendMessage({...\1,parent_header:\1.header,'
    r'header:{...\1.header,msg_type:"comm_info_reply",msg_id:\1.header.msg_id+"-reply"},'
    r"content:await this.commInfoRequest(\1.content)});break;"
)


class Missing(Exception):
    """Something from outside cannot be had, or is not what was pinned."""


def build(pyodide):
    """Make the folder OUT with one of PYODIDES; return whether all from outside could be had."""
    for folder in (OUT, LITE, TOOLS, WHEELS, ROOT / "build" / "lib"):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        files = pinned(pyodide)
        distribute(LITE / "static" / "pyodide", pyodide, files)
    except Missing as missing:
        print(f"{missing} The site is built without; LIVE_WHEELS can name one more source.")
        return False
    make_lab(files)
    answer_comm_info(OUT / "build")
    for language in OTHER_LANGUAGES:
        add_lab(OUT, language)
    for page in OUT.glob("lab*/index.html"):
        tell(page)
    return True


# --- What comes from outside ---------------------------------------------------------------------


def pinned(pyodide):
    """Return the files of npm and PyPI; of the Pyodides only this one."""
    lines = (SITE / "live.sha256").read_text(encoding="utf-8").splitlines()
    unused = {f"pyodide-{version}.tgz" for version in PYODIDES if version != pyodide}
    known = [line.split() for line in lines]
    return [fetch(name, sha256, [registry]) for sha256, name in known if name not in unused]


def fetch(name, sha256, sources):
    """Return a file with this hash: from the cache, or else from the first source that has it."""
    file = CACHE / name
    CACHE.mkdir(parents=True, exist_ok=True)
    for source in sources:
        if not has(file, sha256):
            with suppress(OSError):  # the next may have it
                source(name)
    if not has(file, sha256):
        raise Missing(f"For Python in the page no source has {name} with the hash pinned for it.")
    return file


def registry(name):
    """Have npm or pip put a file into the cache."""
    if name.endswith(".tgz"):
        package = name.removesuffix(".tgz").replace("-", "@")
        command = [shutil.which("npm") or "npm", "pack", "--silent", package]
    else:
        package, version, *_ = parse_wheel_filename(name)
        command = [*PIP, "download", "--quiet", "--no-deps", "--platform=any"]
        command += ["--only-binary=:all:", f"{package}=={version}"]
    subprocess.run(command, cwd=CACHE, stdout=subprocess.DEVNULL)


def web(address):
    """Return a source that puts a file from this address into the cache."""

    def source(name):
        with urllib.request.urlopen(f"{address}/{name}", timeout=60) as answer:
            (CACHE / name).write_bytes(answer.read())

    return source


def has(file, sha256):
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


# --- Python and its packages ---------------------------------------------------------------------


def distribute(folder, pyodide, files):
    """Fill a folder with Pyodide, with what the notebooks import, and with the lock of these."""
    folder.mkdir(parents=True)
    [archive] = [file for file in files if file.suffix == ".tgz"]
    with tarfile.open(archive) as npm:
        lock = json.load(npm.extractfile("package/pyodide-lock.json"))
        for name in filter(CORE.fullmatch, npm.getnames()):
            (folder / Path(name).name).write_bytes(npm.extractfile(name).read())
    known = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    for entry in map(described, own_wheels(files)):
        if entry["name"] != "piplite" or entry["version"] == PYODIDES[pyodide]:
            known[entry["name"]] = entry
    lock["packages"] = needed(known, STARTED + importable(known, imports(ROOT / "notebooks")))
    sources = [web(NETWORK.format(pyodide))]
    if named := os.environ.get("LIVE_WHEELS"):
        sources.insert(0, web(Path(named).resolve().as_uri() if Path(named).is_dir() else named))
    for entry in lock["packages"].values():
        own = WHEELS / entry["file_name"]
        file = own if own.exists() else fetch(own.name, entry["sha256"], sources)
        shutil.copy(file, folder)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def own_wheels(files):
    """Return the wheels that are not Pyodide's: PyPI's, those inside the kernels, the course's."""
    WHEELS.mkdir(parents=True)
    for file in files:
        if file.name.startswith("jupyterlite_pyodide_kernel"):
            with zipfile.ZipFile(file) as kernel:
                for name in filter(INNER.fullmatch, kernel.namelist()):
                    (WHEELS / Path(name).name).write_bytes(kernel.read(name))
        elif file.suffix == ".whl":
            shutil.copy(file, WHEELS)
    for wheel in WHEELS.iterdir():
        if wheel.name.startswith(("babel-", "pyodide_kernel-")):
            rewrite(wheel)
    command = [*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", WHEELS, ROOT]
    subprocess.run(command, check=True)
    return sorted(WHEELS.iterdir(), key=lambda file: parse_wheel_filename(file.name)[:2])


def rewrite(wheel):
    """Leave out, of Babel, the languages not spoken here: 19 parts of 20. Quieten the kernel."""
    spoken = "|".join(["root", "en", *(language[:2] for language in OTHER_LANGUAGES)])
    dropped = re.compile(rf".*/locale-data/(?!({spoken})[._]).*")
    kept = wheel.with_suffix(".kept")
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not dropped.fullmatch(name):
                added = QUIET if name == "pyodide_kernel/__init__.py" else b""
                new.writestr(name, old.read(name) + added)
    kept.replace(wheel)


def described(wheel):
    """Return what Pyodide's lock says of a wheel."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        [info] = [path for path in zipfile.Path(files).iterdir() if path.suffix == ".dist-info"]
        needs = map(Requirement, PathDistribution(info).requires or [])
    there = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": ""}
    needed = [need for need in needs if not need.marker or need.marker.evaluate(there)]
    modules = filter(None, (re.match(r"(\w+)(/__init__)?\.py$", file) for file in names))
    return {
        "name": name,
        "version": str(version),
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(module[1] for module in modules),
        "depends": [canonicalize_name(need.name) for need in needed],
    }


def imports(folder):
    """Return the names of the modules that the notebooks in a folder import."""
    cells = [c for f in folder.rglob("*.ipynb") for c in json.loads(f.read_text("utf-8"))["cells"]]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return {module for source in code for module in IMPORT.findall(source)}


def importable(known, modules):
    """Return the packages of a lock that have some of these modules."""
    return [name for name, entry in known.items() if modules & set(entry["imports"])]


def needed(known, names):
    """Return the entries of these packages and of all that they depend on."""
    found, wanted = {}, [*names]
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name not in found:
            found[name] = known[name]
            wanted += known[name]["depends"]
    return found


# --- JupyterLab ----------------------------------------------------------------------------------


def make_lab(files):
    """Let JupyterLite put together JupyterLab, its extensions, Pyodide and the notebooks."""
    programs = [file for file in files if file.name.startswith(PROGRAMS)]
    command = [*PIP, "install", "--quiet", "--no-deps", "--no-index", "--target", TOOLS, *programs]
    subprocess.run(command, check=True)
    shutil.copytree(ROOT / "notebooks", LITE / "contents" / "notebooks")
    for file in LITE.rglob("*.ipynb"):
        mark(file)
    started = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": STARTED}}
    plugin = {"@jupyterlite/pyodide-kernel-extension:kernel": started}
    settings = json.loads(SETTINGS.read_text(encoding="utf-8"))
    page = {"exposeAppInBrowser": True, "litePluginSettings": plugin, "settingsOverrides": settings}
    lab = {
        "apps": ["lab"],
        "contents": ["contents"],
        "federated_extensions": [str(f) for f in files if f.name.startswith(EXTENSIONS)],
        "ignore_sys_prefix": ["federated_extensions"],  # what else is installed is not for readers
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(OUT),
    }
    write(LITE / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, CONFIG: page})
    write(LITE / "jupyter_lite_config.json", {"LiteBuildConfig": lab})
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    known = os.environ | {"PYTHONPATH": str(TOOLS)}
    result = subprocess.run(command, cwd=LITE, env=known, capture_output=True, encoding="utf-8")
    if result.returncode != 0:
        sys.exit(f"{result.stdout}{result.stderr}\nJupyterLite could not build: see above.")


def write(file, content):
    file.write_text(json.dumps(content), encoding="utf-8")


def mark(file):
    """Name the edition in a notebook: live.js sees whether a saved copy is of an older one."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    notebook["metadata"]["edition"] = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    write(file, notebook)


def answer_comm_info(folder):
    """Let the kernel answer which widgets it has, so that the saved ones are shown."""
    scripts = {file: file.read_text(encoding="utf-8") for file in folder.glob("*.js")}
    found = [file for file, script in scripts.items() if UNANSWERED.search(script)]
    if len(found) != 1:
        sys.exit("This JupyterLite has no place for site/live.py's ANSWER: perhaps it needs none.")
    script = UNANSWERED.sub(ANSWER + r"\g<0>", scripts[found[0]])
    found[0].write_text(script, encoding="utf-8")


def add_lab(out, language):
    """Add a door to the same JupyterLab where its menus are in this language."""
    door = out / f"lab-{language}"  # only in a folder named lab… does JupyterLite open ?path=
    shutil.copytree(out / "lab", door)
    page = json.loads((door / "jupyter-lite.json").read_text(encoding="utf-8"))
    locale = {"@jupyterlab/translation-extension:plugin": {"locale": language}}
    page[CONFIG] |= {"appUrl": f"/{door.name}", "settingsOverrides": locale}
    write(door / "jupyter-lite.json", page)


def tell(page):
    """Put live.js into a page, which says whether Python is there and what to do if not."""
    shutil.copy(SITE / "live.js", page.parent)
    html = page.read_text(encoding="utf-8")
    html = html.replace("<head>", '<head><link rel="icon" href="favicon.ico">')
    html = html.replace("</body>", '<script src="live.js"></script></body>')
    page.write_text(html, encoding="utf-8")
