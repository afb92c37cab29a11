"""The course in the reader's own browser, in one folder: JupyterLab, Python, and all they need.

What comes from outside is pinned by hash: PyPI's wheels in live.txt, npm's Pyodide in PYODIDES, and
Pyodide's own wheels in the lock that npm's file holds. These are taken from the address in
LIVE_WHEELS, if the environment has one, or else from Pyodide's content network.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

import nbformat
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
WORK = ROOT / "build" / "live"
CACHE, LITE, TOOLS, WHEELS = (WORK / name for name in ("cache", "lite", "tools", "wheels"))
OUT = LITE / "_output"
SETTINGS = ROOT / "jupyter/share/jupyter/lab/settings/overrides.d/from-log-to-a-minus-y.json"
CONFIG = "jupyter-config-data"
OTHER_LANGUAGES = [path.name for path in (ROOT / "notebooks").glob("??_??")]
NETWORK = "https://cdn.jsdelivr.net/pyodide/v{}/full"
PYODIDES = {
    "0.27.7": "89d5d952675eb08e11286e52c7238f1248ce71726e896db9703e73bef23dc343",
    "314.0.6": "d78ac549b28a2a58600cd06f44e017024151775f8c6b2d73fab1475400d38ea2",
}
NEWEST = "0.27.7"  # whose numpy and matplotlib can be had where this project is tested
# Loaded at the start, and loaded with the course; Pyodide's lock knows what each of them needs.
STARTED = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
COURSE = ["anywidget", "babel", "ipywidgets", "matplotlib", "psygnal", "typing-extensions"]
IMPORTED = ["from-log-to-a-minus-y", "scikit-learn"]  # loaded when a cell imports them
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
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        gather_wheels()
        distribute(LITE / "static", pyodide)
    except Missing as missing:
        print(f"{missing} The site is built without; LIVE_WHEELS can name one more source.")
        return False
    make_lab()
    answer_comm_info(OUT / "build")
    for language in OTHER_LANGUAGES:
        tell(add_lab(OUT, language), language)
    tell(OUT / "lab", "en")
    # Some are dated 1985: for years a browser would not ask a plain file server for newer ones.
    for file in OUT.rglob("*"):
        file.touch()
    return True


# --- What comes from outside ---------------------------------------------------------------------


def gather_wheels():
    """Gather the wheels that are not Pyodide's: PyPI's, those inside the kernel, the course's."""
    # Those for any platform and for Pyodide's Python, which are not those for this one.
    asked = ["--only-binary=:all:", "--platform=any", "--python-version=3.14", "--require-hashes"]
    pip("download", "--no-deps", "--dest", WHEELS, *asked, "--requirement", SITE / "live.txt")
    for wheel in WHEELS.iterdir():
        shutil.unpack_archive(wheel, TOOLS, "zip")
    for wheel in TOOLS.rglob("static/pypi/*.whl"):
        shutil.copy(wheel, WHEELS)
    pip("wheel", "--no-deps", "--wheel-dir", WHEELS, ROOT)
    for wheel in WHEELS.iterdir():
        if wheel.name.startswith(("babel-", "pyodide_kernel-")):
            rewrite(wheel)


def pip(*command):
    if subprocess.run([sys.executable, "-m", "pip", "--quiet", *command]).returncode != 0:
        raise Missing("For Python in the page pip did not get what it was asked for: see above.")


def rewrite(wheel):
    """Leave out, of Babel, what only dates and numbers need: 19 parts of 20. Quieten the kernel."""
    kept = wheel.with_suffix(".kept")
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not re.search(r"babel/locale-data/(?!(root|en)\.)", name):
                added = QUIET if name == "pyodide_kernel/__init__.py" else b""
                new.writestr(name, old.read(name) + added)
    kept.replace(wheel)


def core(pyodide):
    """Return npm's file of a Pyodide, which holds all but the wheels."""
    command = [shutil.which("npm") or "npm", "pack", "--silent", f"pyodide@{pyodide}"]
    with suppress(OSError):  # there may be no npm
        subprocess.run(command, cwd=CACHE, stdout=subprocess.DEVNULL)
    return fetch(f"pyodide-{pyodide}.tgz", PYODIDES[pyodide], [])


def fetch(name, sha256, addresses):
    """Return a file with this hash: from the cache, or else from the first address that has it."""
    file = CACHE / name
    for address in [CACHE.as_uri(), *addresses]:
        with suppress(OSError), urllib.request.urlopen(f"{address}/{name}", timeout=60) as answer:
            data = answer.read()
            if hashlib.sha256(data).hexdigest() == sha256:
                file.write_bytes(data)
                return file
    raise Missing(f"For Python in the page no source has {name} with the hash pinned for it.")


def hash_of(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


# --- Python and its packages ---------------------------------------------------------------------


def distribute(static, pyodide):
    """Unpack Pyodide, add what is to be loaded, the newest of each, and the lock of these."""
    shutil.unpack_archive(core(pyodide), static)
    folder = (static / "package").rename(static / "pyodide")
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    known = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    for ours in map(described, WHEELS.iterdir()):
        both = [known.get(ours["name"], ours), ours]
        known[ours["name"]] = max(both, key=lambda entry: Version(entry["version"]))
    lock["packages"] = needed(known, STARTED + IMPORTED)
    addresses = list(filter(None, [os.environ.get("LIVE_WHEELS"), NETWORK.format(pyodide)]))
    for entry in lock["packages"].values():
        own = WHEELS / entry["file_name"]
        file = own if own.exists() else fetch(own.name, entry["sha256"], addresses)
        shutil.copy(file, folder)
    write(folder / "pyodide-lock.json", lock)


def described(wheel):
    """Return what Pyodide's lock says of a wheel; of ours, only the course is asked for more."""
    name, version, *_ = parse_wheel_filename(wheel.name)
    found = {"name": name, "version": str(version), "imports": [], "depends": []}
    found |= {"file_name": wheel.name, "sha256": hash_of(wheel)}
    found |= {"install_dir": "site", "package_type": "package"}
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


def make_lab():
    """Let JupyterLite put together JupyterLab, its extensions, Pyodide and the notebooks."""
    shutil.copytree(ROOT / "notebooks", LITE / "files" / "notebooks")
    for file in LITE.rglob("*.ipynb"):
        mark(file)
    configure()
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    known = os.environ | {"PYTHONPATH": str(TOOLS)}
    result = subprocess.run(command, cwd=LITE, env=known, capture_output=True, encoding="utf-8")
    if result.returncode != 0:
        sys.exit(f"{result.stdout}{result.stderr}\nJupyterLite could not build: see above.")


def configure():
    """Write what the lab is to do in the browser, and what JupyterLite is to put into it."""
    started = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": STARTED}}
    plugin = {"@jupyterlite/pyodide-kernel-extension:kernel": started}
    settings = json.loads(SETTINGS.read_text(encoding="utf-8"))
    page = {"exposeAppInBrowser": True, "litePluginSettings": plugin, "settingsOverrides": settings}
    write(LITE / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, CONFIG: page})
    ours = {"apps": ["lab"], "no_sourcemaps": True, "no_unused_shared_packages": True}
    ours["ignore_sys_prefix"] = ["federated_extensions"]  # what else is here is not for readers
    extensions = TOOLS.rglob("share/**/package.json")
    ours["federated_extensions"] = [str(file.parent) for file in extensions]
    write(LITE / "jupyter_lite_config.json", {"LiteBuildConfig": ours})


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
    """Add a door to the same JupyterLab where its menus are in this language; return it."""
    door = out / f"lab-{language}"  # only in a folder named lab… does JupyterLite open ?path=
    shutil.copytree(out / "lab", door)
    page = json.loads((door / "jupyter-lite.json").read_text(encoding="utf-8"))
    locale = {"@jupyterlab/translation-extension:plugin": {"locale": language}}
    page[CONFIG] |= {"appUrl": f"/{door.name}", "settingsOverrides": locale}
    write(door / "jupyter-lite.json", page)
    return door


def tell(door, language):
    """Put live.js into a lab's page, which says whether Python is there and what to do if not."""
    shutil.copy(SITE / "live.js", door)
    words = tomllib.loads((SITE / "words" / f"{language}.toml").read_text(encoding="utf-8"))
    page = door / "index.html"
    html = page.read_text(encoding="utf-8")
    html = html.replace("<html>", f'<html lang="{language.replace("_", "-")}">')
    html = html.replace("<head>", '<head><link rel="icon" href="favicon.ico">')
    told = f"<div id='told' role='status'></div><script>window.WORDS = {json.dumps(words['live'])}"
    html = html.replace("</body>", f'{told}</script><script src="live.js"></script></body>')
    page.write_text(html, encoding="utf-8")
