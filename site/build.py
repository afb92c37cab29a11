"""Build the static site from the notebooks, which are run afresh: python3 course.py site

--out FOLDER   where to (_site)
--zip          also as one file, FOLDER.zip
--live         with Python in the page, in FOLDER/live (see live.py)
"""

import argparse
import asyncio
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from string import Template

import address
import anywidget
import live
import nbformat
from nbclient import NotebookClient

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
WORK = ROOT / "build" / "site"
SOURCE = WORK / "source"
COURSE = WORK / "course" / "from-log-to-a-minus-y"
PARTS = ["assets", "benchmarks", "helpers", "jupyter", "notebooks", "site", "tests", "tools"]
PARTS += [".ci", ".github", ".gitattributes", ".gitignore", "LICENSE", "course.py"]
PARTS += ["README*.md", "TEACHING*.md", "CONTRIBUTING.md"]
PARTS += ["pyproject.toml", "requirements.txt", "constraints.txt", "environment.yml", "postBuild"]
# Each language, and where its notebooks and its pages are.
PLACES = {file.stem: file.stem for file in sorted((SITE / "words").glob("*.toml"))} | {"en": ""}
OTHER_LANGUAGE = re.compile(r"\[([^]]+)\]\(((?:\.\./(?:\w+/)?|[a-z]{2}_[A-Z]{2}/)\w+)\.ipynb\)")
README_LINK = re.compile(r"\[[^]]+\]\(README(?:\.\w+)?\.md\)")
SET_UP = "import numpy as np\n"  # and what it needs: nothing that a page runs
# Cells that only show something: what is below says it all. They may recall an earlier lesson.
SHOWS = re.compile(r"(from helpers[\w.]* import [\w, ]+\n\n)?(lesson\w*\.\w+\(.*\)|progress\(\))")
QUIET = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}


def main():
    parser = argparse.ArgumentParser(prog="course.py site")
    parser.add_argument("--out", type=Path, default=ROOT / "_site", metavar="FOLDER")
    parser.add_argument("--zip", action="store_true", help="also as one file, FOLDER.zip")
    parser.add_argument("--live", nargs="?", const=live.NEWEST, choices=live.PYODIDES)
    options = parser.parse_args()
    out = options.out.resolve()
    if out.exists() and any(out.iterdir()) and not (out / ".buildinfo").exists():
        sys.exit(f"{out} holds something that is not a site: name another folder with --out.")

    WORK.mkdir(parents=True, exist_ok=True)
    # Told to conf.py: only where it could be built do the pages link to it.
    os.environ["SITE_LIVE"] = "live" * bool(options.live and live.build(options.live))
    install_from_npm()
    bundle()
    shutil.rmtree(SOURCE, ignore_errors=True)
    repository = address.repository()
    notebooks = [path for language in PLACES for path in sources(language, repository)]
    asyncio.run(execute(notebooks))
    shutil.rmtree(out, ignore_errors=True)
    for language, place in PLACES.items():
        shutil.copytree(sphinx(language, repository), out / place, dirs_exist_ok=True)
    run("node", "math.mjs", *sorted(out.rglob("*.html")))
    shutil.copytree(ROOT / "assets", out / "assets")
    shutil.copytree(ROOT / "notebooks", out / "notebooks", ignore=shutil.ignore_patterns(".*"))
    copy_course()
    address.write(COURSE, repository)
    shutil.make_archive(out / "course", "zip", COURSE.parent)
    if os.environ["SITE_LIVE"]:
        shutil.copytree(live.OUT, out / "live")
    if options.zip:
        shutil.make_archive(out, "zip", out.parent, out.name)
    print(f"The site is in {out}: python3 -m http.server --directory {out} shows it.")


def run(*command, **options):
    program = shutil.which(command[0]) or sys.exit(
        f"To build the site, install Node.js with npm (nodejs.org): there is no {command[0]} here."
    )
    result = subprocess.run([program, *command[1:]], cwd=WORK, **QUIET, **options)
    if result.returncode != 0:
        sys.exit(f"{result.stdout}\nThe site is not built: see what {command[0]} says above.")


def install_from_npm():
    """Install what package-lock.json pins, unless an earlier run has."""
    for file in SITE.glob("*.*"):
        if file.suffix in {".css", ".js", ".json", ".mjs"}:
            shutil.copy(file, WORK)
    wanted = hashlib.sha256((WORK / "package-lock.json").read_bytes()).hexdigest()
    stamp = WORK / "installed"
    if not (stamp.exists() and stamp.read_text() == wanted):
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(wanted)


def bundle():
    """Make one script and one style sheet of ours and of what they import."""
    run(
        "node",
        "node_modules/esbuild/bin/esbuild",
        *["widgets.js", "page.js", "site.css", "--bundle", "--minify", "--outdir=static"],
        *["--log-level=warning", "--legal-comments=eof", "--asset-names=fonts/[name]"],
        *["--loader:.woff2=file", "--loader:.woff=empty", "--loader:.ttf=empty"],
        f"--alias:anywidget={Path(anywidget.__file__).parent}",
    )


def sources(language, repository):
    """Write what Sphinx reads in one language and return the copied notebooks."""
    place = PLACES[language]
    folder = SOURCE / language
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "assets", folder / "assets")
    readme = (ROOT / (f"README.{place}.md" if place else "README.md")).read_text(encoding="utf-8")
    readme = address.fill_in(readme, repository)
    readme = readme.replace(f"notebooks/{place}/" if place else "notebooks/", "")
    top = "../" if place else ""

    index = front_page(README_LINK.sub("", readme), language)  # each page has this link already
    for beginning in ('src="assets/', 'href="course.zip'):
        index = index.replace(beginning, beginning.replace('"', f'"{top}'))
    (folder / "index.md").write_text(index, encoding="utf-8")
    notebooks = sorted((ROOT / "notebooks" / place).glob("*.ipynb"))
    return [copy_notebook(notebook, folder / notebook.name) for notebook in notebooks]


def front_page(readme, language):
    """Make the front page of a README's beginning and table, and of the site's words."""
    words = tomllib.loads((SITE / "words" / f"{language}.toml").read_text(encoding="utf-8"))
    top, rest = readme.split("<!-- picture -->")
    table = rest.split("<!-- lessons -->")[1].split("<!-- end of lessons -->")[0]
    page = Template((SITE / "index.md").read_text(encoding="utf-8"))
    return page.substitute(words["index"], top=top, picture=rest.split("\n## ")[0], table=table)


def copy_notebook(source, target):
    """Copy a notebook: what it folds is folded here too; its other language is another site."""
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        folded = cell.metadata.get("jupyter", {})
        tags = cell.metadata.get("tags", [])
        tags = tags + ["hide-output"] * folded.get("outputs_hidden", False)
        tags = tags + ["remove-cell"] * cell.source.startswith(SET_UP)
        tags = tags + ["remove-input"] * bool(SHOWS.fullmatch(cell.source))
        cell.metadata["tags"] = tags + ["hide-input"] * folded.get("source_hidden", False)
    first = notebook.cells[0]
    first.source = OTHER_LANGUAGE.sub(r'<a href="\2.html">\1</a>', first.source)
    nbformat.write(notebook, target)
    return target


async def execute(notebooks):
    """Run the notebooks, two at a time; the state of their widgets is kept in the copies.

    Sphinx could, but in processes that it forks, which now and then wait for ever.
    """
    two = asyncio.Semaphore(2)

    async def one(path):
        async with two:
            notebook = nbformat.read(path, as_version=4)
            client = NotebookClient(notebook, timeout=120, kernel_name="python3")
            await client.async_execute(stderr=subprocess.DEVNULL)  # of the kernel, not of cells
            nbformat.write(notebook, path)

    await asyncio.gather(*map(one, notebooks))


def sphinx(language, repository):
    """Make the pages of one language and return their folder; what is left beside it is no page."""
    out = WORK / "pages" / language / "html"
    shutil.rmtree(out, ignore_errors=True)
    options = ["-E", "-q", "-W", "--keep-going", "-c", SITE, "-d", WORK / "doctrees" / language]
    options += ["-D", f"html_static_path={WORK / 'static'}", "-D", f"language={language}"]
    known = {"GITHUB_REPOSITORY": repository, "SITE_URL": address.site_url(repository)}
    command = [sys.executable, "-m", "sphinx", *options, SOURCE / language, out]
    run(*command, env=os.environ | known)
    return out


def copy_course():
    """Copy the course as it is to be downloaded: what a clone holds, and nothing beside it."""
    inside = shutil.ignore_patterns("__pycache__", ".*")

    def left_out(folder, names):
        if Path(folder) != ROOT:
            return inside(folder, names)
        return {name for name in names if not any(fnmatch(name, part) for part in PARTS)}

    shutil.rmtree(COURSE, ignore_errors=True)
    shutil.copytree(ROOT, COURSE, ignore=left_out)


if __name__ == "__main__":
    main()
