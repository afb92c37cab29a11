"""What GitHub's machines do, done here: see workflows.py; tests/browser/test_site.py has pages.yml.

A workflow runs only after it was pushed, and then it is too late to learn that it cannot work.
"""

import os
import re

import pytest

from . import workflows

NAMES = sorted(path.stem for path in workflows.FOLDER.glob("*.yml"))
# These have to do with the address, and take seconds; here they stand for all.
FEW = "-n 0 tests/test_readme.py tests/test_teaching.py -k 'link or address'"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    if not workflows.can_check_out():
        pytest.skip("needs the .venv that course.py makes, and a system with bash")
    return workflows.check_out(tmp_path_factory.mktemp("github") / "logs")


def test_readme_s_command_for_another_owner(checkout):
    [(command, environment)] = workflows.steps("tests", "course")
    for nothing_skipped in ("REQUIRE_BROWSER", "CLEAN_INSTALL", "CURRENT_TRANSLATIONS"):
        assert environment[nothing_skipped] == "1"
    workflows.run(checkout, f"python site/address.py {workflows.OWNER}", {})
    assert " passed" in workflows.run(checkout, f"{command} {FEW}", environment)
    for page in checkout.glob("[RT]EA*.md"):
        assert "OWNER" not in page.read_text(encoding="utf-8"), page


def test_oldest_and_newest_versions(checkout, tmp_path):
    """Whether these versions can be found together; that the tests pass with them takes GitHub."""
    if os.environ.get("CLEAN_INSTALL") != "1":
        pytest.skip("asks the package index for all versions: CLEAN_INSTALL=1 asks for it")
    own = workflows.clean_python(tmp_path)
    for resolution in ("lowest-direct", "highest"):
        get_uv, resolve, test = workflows.steps("tests", "bounds", resolution=resolution)
        workflows.run(checkout, *get_uv, **own)
        workflows.run(checkout, f"{resolve[0]} --dry-run", resolve[1], **own)
    assert " passed" in workflows.run(checkout, f"{test[0]} {FEW}", test[1])


def test_publishing_waits_for_the_tests_and_is_never_cut_short():
    jobs = workflows.read("pages")["jobs"]
    assert workflows.ROOT / jobs["tests"]["uses"] == workflows.FOLDER / "tests.yml"
    assert set(jobs["publish"]["needs"]) == {"tests", "build"}
    assert jobs["publish"]["concurrency"]["cancel-in-progress"] is False
    assert jobs["build"]["permissions"]["pages"] == "read"


def test_no_commit_is_tested_twice():
    """`on` is what YAML takes for yes: a push runs pages.yml, which runs tests.yml."""
    pushed = {name: workflows.read(name)[True].get("push") for name in NAMES}
    assert pushed == dict.fromkeys(NAMES) | {"pages": {"branches": ["main"]}}


@pytest.mark.parametrize("name", NAMES)
def test_every_job_ends_and_every_set_up_is_kept(name):
    for job in workflows.read(name)["jobs"].values():
        assert "uses" in job or job["timeout-minutes"] <= 45
        for step in job.get("steps", []):
            if re.match("actions/setup-", step.get("uses", "")) and name != "links":
                assert "cache" in step["with"]
