"""The course in the reader's own browser, in one folder: JupyterLab, Python, and all they need.

What comes from outside is pinned by hash: files of npm and PyPI in live.sha256, and Pyodide's
wheels in the lock that npm's file holds. A wheel is taken from the address in LIVE_WHEELS, if the
environment has one, or else from Pyodide's content network.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

import nbformat
from packaging.utils import canonicalize_name, parse_wheel_filename

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
WORK = ROOT / "build" / "live"
CACHE, LITE, TOOLS, WHEELS = (WORK / name for name in ("cache", "lite", "tools", "wheels"))
OUT = LITE / "_output"
SETTINGS = ROOT / "jupyter/share/jupyter/lab/settings/overrides.d/from-log-to-a-minus-y.json"
CONFIG = "jupyter-config-data"
OTHER_LANGUAGES = [path.name for path in (ROOT / "notebooks").glob("??_??")]
NETWORK = "https://cdn.jsdelivr.net/pyodide/v{}/full"
# Of each Pyodide, the piplite that speaks with its micropip.
PYODIDES = {"0.27.7": "0.6.1", "314.0.6": "0.8.6"}
NEWEST = "0.27.7"  # whose numpy and matplotlib can be had where this project is tested
PIP = [sys.executable, "-m", "pip"]
# Loaded at the start, and loaded with the course; Pyodide's lock knows what each of them needs.
STARTED = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
COURSE = ["anywidget", "babel", "ipywidgets", "matplotlib", "psygnal", "typing-extensions"]
IMPORTED = ["from-log-to-a-minus-y", "scikit-learn"]  # loaded when a cell imports them
EXTENSIONS = ("jupyterlite_pyodide_kernel-0.8", "anywidget", "jupyterlab_widgets")
# Matplotlib says that it lists the fonts, which would be a red box in the first cell.
QUIET = b"\nimport logging\nlogging.getLogger('matplotlib.font_manager').setLevel('ERROR')\n"
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
    for folder in (LITE, TOOLS, WHEELS, ROOT / "build" / "lib"):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        archive, *wheels = pinned(pyodide)
        distribute(LITE / "static", pyodide, archive, wheels)
    except Missing as missing:
        print(f"{missing} The site is built without; LIVE_WHEELS can name one more source.")
        return False
    make_lab(wheels)
    answer_comm_info(OUT / "build")
    tell(OUT / "lab")
    for language in OTHER_LANGUAGES:
        add_lab(OUT, language)
    # Some are dated 1985: for years a browser would not ask a plain file server for newer ones.
    for file in OUT.rglob("*"):
        file.touch()
    return True


# --- What comes from outside ---------------------------------------------------------------------


def pinned(pyodide):
    """Return the files of npm and PyPI: first this Pyodide, but no other, then the wheels."""
    lines = (SITE / "live.sha256").read_text(encoding="utf-8").splitlines()
    known = {name: sha256 for sha256, name in map(str.split, lines)}
    names = [f"pyodide-{pyodide}.tgz", *(name for name in known if name.endswith(".whl"))]
    return [fetch(name, known[name], [registry]) for name in names]


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
    package, version = name.removesuffix(".tgz").split("-")[:2]
    if name.endswith(".tgz"):
        command = [shutil.which("npm") or "npm", "pack", "--silent", f"{package}@{version}"]
    else:
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
    return file.exists() and hash_of(file) == sha256


def hash_of(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


# --- Python and its packages ---------------------------------------------------------------------


def distribute(static, pyodide, archive, wheels):
    """Unpack Pyodide, add what is to be loaded, and the lock of these."""
    shutil.unpack_archive(archive, static)
    folder = (static / "package").rename(static / "pyodide")
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    known = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    for entry in map(described, own_wheels(wheels)):
        if entry["name"] != "piplite" or entry["version"] == PYODIDES[pyodide]:
            known[entry["name"]] = entry
    lock["packages"] = needed(known, STARTED + IMPORTED)
    addresses = filter(None, [os.environ.get("LIVE_WHEELS"), NETWORK.format(pyodide)])
    sources = [web(address) for address in addresses]
    for entry in lock["packages"].values():
        own = WHEELS / entry["file_name"]
        file = own if own.exists() else fetch(own.name, entry["sha256"], sources)
        shutil.copy(file, folder)
    write(folder / "pyodide-lock.json", lock)


def own_wheels(wheels):
    """Return the wheels that are not Pyodide's: PyPI's, those inside the kernels, the course's."""
    command = [*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", WHEELS, ROOT]
    subprocess.run(command, check=True)
    for wheel in wheels:
        shutil.unpack_archive(wheel, TOOLS, "zip")
    for wheel in [*wheels, *TOOLS.rglob("pypi/*.whl")]:
        shutil.copy(wheel, WHEELS)
    for wheel in WHEELS.iterdir():
        if wheel.name.startswith(("babel-", "pyodide_kernel-")):
            rewrite(wheel)
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
    """Return what Pyodide's lock says of a wheel; of ours, only the course is asked for more."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    found = {
        "name": name,
        "version": str(version),
        "file_name": wheel.name,
        "sha256": hash_of(wheel),
    }
    found |= {"install_dir": "site", "package_type": "package", "imports": [], "depends": []}
    if name == IMPORTED[0]:
        found |= {"imports": ["helpers"], "depends": COURSE}
    return found


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


def make_lab(wheels):
    """Let JupyterLite put together JupyterLab, its extensions, Pyodide and the notebooks."""
    shutil.copytree(ROOT / "notebooks", LITE / "files" / "notebooks")
    for file in LITE.rglob("*.ipynb"):
        mark(file)
    started = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": STARTED}}
    plugin = {"@jupyterlite/pyodide-kernel-extension:kernel": started}
    settings = json.loads(SETTINGS.read_text(encoding="utf-8"))
    page = {"exposeAppInBrowser": True, "litePluginSettings": plugin, "settingsOverrides": settings}
    write(LITE / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, CONFIG: page})
    ours = {"ignore_sys_prefix": ["federated_extensions"]}  # what else is here is not for readers
    write(LITE / "jupyter_lite_config.json", {"LiteBuildConfig": ours})
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--apps=lab", "--no-sourcemaps"]
    command += ["--no-unused-shared-packages"]
    extensions = [wheel for wheel in wheels if wheel.name.startswith(EXTENSIONS)]
    command += [f"--LiteBuildConfig.federated_extensions={wheel}" for wheel in extensions]
    known = os.environ | {"PYTHONPATH": str(TOOLS)}
    result = subprocess.run(command, cwd=LITE, env=known, capture_output=True, encoding="utf-8")
    if result.returncode != 0:
        sys.exit(f"{result.stdout}{result.stderr}\nJupyterLite could not build: see above.")


def write(file, content):
    file.write_text(json.dumps(content), encoding="utf-8")


def mark(file):
    """Name the edition in a notebook: live.js sees whether a saved copy is of an older one.

    Reading joins the lines of each output, which JupyterLite would show with commas in between.
    """
    notebook = nbformat.read(file, as_version=4)
    notebook.metadata["edition"] = hash_of(file)[:12]
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


def tell(door):
    """Put live.js into a lab's page, which says whether Python is there and what to do if not."""
    shutil.copy(SITE / "live.js", door)
    page = door / "index.html"
    html = page.read_text(encoding="utf-8")
    html = html.replace("<head>", '<head><link rel="icon" href="favicon.ico">')
    html = html.replace("</body>", '<script src="live.js"></script></body>')
    page.write_text(html, encoding="utf-8")
