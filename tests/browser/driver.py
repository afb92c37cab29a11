"""A JupyterLab server of our own, and the steps a learner takes in it.

Everything goes through ``window.jupyterapp``: clicks on menus get lost while JupyterLab starts.
"""

import json
import secrets
import shutil
import subprocess

import requests
from nbformat import v4

from tests.servers import REPOSITORY, find_browser, launch_browser, start_lab

__all__ = ["find_browser", "launch_browser"]  # for the tests, beside what is defined here
NOTEBOOKS = REPOSITORY / "notebooks"

WINDOW = {"width": 1200, "height": 900}

# JupyterLab asks nothing, looks nothing up, and saves only when it is told to. Every cell is in
# the page; set_windowing(page, "full") gives a learner's default, where far cells are not.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}

# Put in every page before its own scripts.
IN_PAGE = r"""
window.course = {
  panel(path) {
    const shown = [...window.jupyterapp?.shell?.widgets('main') ?? []];
    const notebooks = shown.filter(widget => widget.content?.notebookConfig);
    return notebooks.find(widget => !path || widget.context.path === path);
  },
  close() {
    for (const widget of [...jupyterapp.shell.widgets('main')]) widget.dispose();
  },
  async open(path) {
    await jupyterapp.serviceManager.sessions.refreshRunning();
    await jupyterapp.commands.execute('docmanager:open', {path});
  },
  limit(promise, what) {
    const late = new Promise((_, reject) => setTimeout(
      () => reject(new Error(`${what}: no end after a minute`)), 60_000));
    return Promise.race([promise, late]);
  },
  // Words that should have become mathematics, bold type, code, links or elements.
  unset() {
    const found = [];
    for (const cell of course.panel().content.widgets) {
      if (cell.model.type === 'markdown' && cell.model.sharedModel.source.trim()
          && !cell.node.querySelector('.jp-RenderedMarkdown')?.textContent.trim())
        found.push('a Markdown cell that is not rendered');
    }
    const prose = '.jp-RenderedMarkdown, .jp-RenderedHTMLCommon, .jp-RenderedLatex';
    for (const node of course.panel().content.node.querySelectorAll(prose)) {
      const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement.closest('code, pre, mjx-container, script, style')
            && /[$`]|\*\*|(?<!_)__(?!_)|\]\(|<\/?\w|\\[a-z]/i.test(text.data))
          found.push(text.data.trim());
      }
    }
    return found;
  },
};
"""


def new_page(browser):
    page = browser.new_page(viewport=WINDOW)
    page.add_init_script(IN_PAGE)
    collect_problems(page)
    return page


def collect_problems(page):
    """Keep in `page.problems` what goes wrong in the page, and whatever it asks of other hosts."""
    page.problems = []

    def on_console(message):
        if message.type == "error":
            page.problems.append(f"{message.text} ({message.location.get('url')})")

    def on_request(request):
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            page.problems.append(f"asked for {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: page.problems.append(str(error)))


class Lab:
    """A JupyterLab server on `root`, a copy of the notebooks that tests may write in."""

    def __init__(self, directory):
        self.root, self.settings = directory / "notebooks", directory / "settings"
        self._directory = directory
        shutil.copytree(NOTEBOOKS, self.root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        for name, values in SETTINGS.items():
            file = self.settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values), encoding="utf-8")

    def start(self):
        self._process, self.url, self.token = start_lab(self._directory, self.root)
        return self

    def stop(self):
        try:
            self.api("POST", "shutdown")  # ends the kernels too, on every system
            self._process.wait(15)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

    def api(self, method, path):
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, f"{self.url}api/{path}", headers=headers, timeout=30)

    def end_kernels(self):
        for session in self.api("GET", "sessions").json():
            self.api("DELETE", f"sessions/{session['id']}")

    def write(self, name, *sources):
        """Write a small notebook; a source is a code cell, or Markdown if it starts with #."""
        cells = [
            v4.new_markdown_cell(s) if s.startswith("#") else v4.new_code_cell(s) for s in sources
        ]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        text = json.dumps(v4.new_notebook(cells=cells, metadata=metadata))
        (self.root / name).write_text(text, encoding="utf-8")
        return name


def open_notebook(page, lab, name, place=None):
    """Open a notebook, alone in its page, with a kernel of its own that answers."""
    if page.url.startswith(f"{lab.url}doc/"):  # JupyterLab takes longer to start than to clear
        page.evaluate("() => course.close()")
        page.set_viewport_size(WINDOW)
        page.emulate_media(media="screen", color_scheme="light", forced_colors="none")
        lab.end_kernels()
        page.problems.clear()
        page.evaluate("path => course.open(path)", name)
    else:
        place = place or f"doc/workspaces/{secrets.token_hex(4)}/tree"
        page.goto(f"{lab.url}{place}/{name}?token={lab.token}")
    page.wait_for_function("path => window.course.panel(path)", arg=name, timeout=60_000)
    page.evaluate(
        """async () => {
            const panel = course.panel(), session = panel.sessionContext;
            await course.limit(panel.revealed, 'showing the notebook');
            await course.limit(session.ready, 'starting the kernel');
            await course.limit(session.session.kernel.info, 'starting the kernel');
        }"""
    )
    return page


def set_windowing(page, mode):
    """ "none": every cell is in the page; "full": only those near the window, as in older Labs."""
    page.evaluate(
        """mode => {
            const content = course.panel().content;
            content.notebookConfig = {...content.notebookConfig, windowingMode: mode};
        }""",
        mode,
    )


def run_all(page):
    """Run all cells, wait for the end, and raise what the first failing cell raised."""
    run = "jupyterapp.commands.execute('notebook:run-all-cells')"
    page.evaluate(f"() => course.limit({run}, 'running the cells')")
    for cell in code_cells(page):
        for output in cell["outputs"]:
            assert output["output_type"] != "error", f"{output}\nin the cell\n{cell['source']}"


def kill_kernel(page):
    """End the notebook's kernel, as a lost Binder session would."""
    page.evaluate("() => course.panel().sessionContext.shutdown()")


def cells(page):
    """The cells as saved in a file (nbformat), with their outputs of this moment."""
    return page.evaluate(
        "() => Array.from(course.panel().content.model.cells).map(cell => cell.toJSON())"
    )


def code_cells(page):
    return [cell for cell in cells(page) if cell["cell_type"] == "code"]


def show_cell(page, index):
    """Scroll the cell with this index into view and return its locator."""
    page.evaluate(
        """async index => {
            const content = course.panel().content;
            await content.scrollToItem(index, 'center');
            content.widgets[index].node.scrollIntoView({block: 'center'});
        }""",
        index,
    )
    return page.locator(f".jp-Cell[data-windowed-list-index='{index}']")


def settle(page):
    """Wait until each cell is in the page, mathematics are set and pictures have come or failed.

    Mathematics that is never set only takes this time: it is for a test to find what is left.
    """
    page.evaluate(
        """async () => {
            const end = performance.now() + 20_000;
            const settled = () => course.panel().content.widgets.every(cell => cell.isAttached)
                && course.unset().length === 0
                && Array.from(document.images).every(image => image.complete);
            while (!settled() && performance.now() < end)
                await new Promise(resolve => setTimeout(resolve, 50));
        }"""
    )
