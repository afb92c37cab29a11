"""One JupyterLab, one browser and one page of it a session (with pytest-xdist: a worker).

The browser is an installed Chromium or Chrome: the one that CHROMIUM names, or else the first
that is found. Where there is none the tests are skipped; with REQUIRE_BROWSER=1 they fail.
"""

import os

import pytest

from . import driver


def _go_without(reason, required="REQUIRE_BROWSER"):
    if os.environ.get(required) == "1":
        pytest.fail(f"{reason} ({required}=1)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser():
    path = driver.find_browser()
    if path is None:
        _go_without("no Chromium or Chrome found; CHROMIUM=/path/to/it names one")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _go_without("Playwright is not installed")
    with sync_playwright() as playwright:
        browser = driver.launch_browser(playwright, path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """The server: `url`, `token`, `root` (a copy of the notebooks), `write(name, *cells)`."""
    with driver.Lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def page(browser, lab):
    """A page for driver.open_notebook; `page.problems` lists the errors in its console."""
    with driver.new_page(browser) as page:
        yield page
