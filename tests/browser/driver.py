"""A JupyterLab server of our own, and the steps a learner takes in it.

Everything goes through ``window.jupyterapp``: clicks on menus get lost while JupyterLab starts.
"""

import json
import secrets
import shutil
import subprocess
import urllib.error
import urllib.request

from benchmarks.jupyter import REPOSITORY, find_browser, launch_browser, start_lab

__all__ = ["find_browser", "launch_browser"]  # for the tests, beside what is defined here
NOTEBOOKS = REPOSITORY / "notebooks"

# JupyterLab asks nothing, looks nothing up, and saves only when it is told to. Every cell is in
# the page; open_notebook(windowing="full") gives a learner's default, where far cells are not.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}

# Put in every page before its own scripts.
IN_PAGE = r"""
window.course = {
  panel(path) {
    const app = window.jupyterapp;
    if (!app || !app.shell) return undefined;
    for (const widget of app.shell.widgets('main')) {
      if (widget.content?.notebookConfig && (!path || widget.context.path === path)) return widget;
    }
  },
  limit(promise, seconds, what) {
    const late = new Promise((_, reject) => setTimeout(
      () => reject(new Error(`${what}: no end after ${seconds} s`)), 1000 * seconds));
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
  cells() {
    return Array.from(course.panel().content.model.cells).map(cell => cell.toJSON());
  },
};
"""


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

    def __init__(self, directory, notebooks=NOTEBOOKS, settings=SETTINGS):
        self.root = directory / "notebooks"
        self._directory = directory
        self._notebooks = notebooks
        shutil.copytree(notebooks, self.root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        for name, values in settings.items():
            file = directory / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
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
        request = urllib.request.Request(
            f"{self.url}api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def end_kernels(self):
        """End every kernel, so that the next notebook opened gets a fresh one."""
        for session in self.api("GET", "sessions"):
            try:
                self.api("DELETE", f"sessions/{session['id']}")
            except urllib.error.HTTPError:
                pass  # its kernel was gone before us

    def restore(self, name):
        """Put the committed notebook back, whatever was done to the copy."""
        if (self._notebooks / name).exists():
            shutil.copyfile(self._notebooks / name, self.root / name)

    def write(self, name, *sources):
        """Write a small notebook; a source is a code cell, or Markdown if it starts with #."""
        import nbformat.v4 as v4

        cells = [
            v4.new_markdown_cell(s) if s.startswith("#") else v4.new_code_cell(s) for s in sources
        ]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        text = json.dumps(v4.new_notebook(cells=cells, metadata=metadata))
        (self.root / name).write_text(text, encoding="utf-8")
        return name


def open_notebook(page, lab, name, *, windowing="none", restore=True, timeout=60):
    """Open the committed notebook afresh, alone in its page, and wait for its kernel."""
    if restore:
        lab.restore(name)
    workspace = secrets.token_hex(4)
    page.goto(f"{lab.url}doc/workspaces/{workspace}/tree/{name}?token={lab.token}")
    page.wait_for_function("path => window.course.panel(path)", arg=name, timeout=1000 * timeout)
    page.evaluate(
        """async timeout => {
            const panel = course.panel();
            await course.limit(panel.revealed, timeout, 'showing the notebook');
            const session = panel.sessionContext;
            await course.limit(session.ready, timeout, 'starting the kernel');
            await course.limit(session.session.kernel.info, timeout, 'starting the kernel');
        }""",
        timeout,
    )
    if windowing:
        set_windowing(page, windowing)
    return page


def set_windowing(page, mode):
    """ "none": every cell is in the page; "full": only those near the window, as in older Labs."""
    page.evaluate(
        """mode => {
            const content = course.panel().content;
            if (content.notebookConfig.windowingMode !== mode)
                content.notebookConfig = {...content.notebookConfig, windowingMode: mode};
        }""",
        mode,
    )


def run_all(page, *, timeout=60):
    """Run all cells, wait for the end, and raise what the first failing cell raised."""
    finished = page.evaluate(
        """timeout => course.limit(
            jupyterapp.commands.execute('notebook:run-all-cells'), timeout, 'running the cells')""",
        timeout,
    )
    raise_errors(page)
    return finished


def walk(page, *, timeout=60):
    """Press Shift+Enter from the first cell to the last, as a learner does, and await the end."""
    count = page.evaluate(
        """() => {
            const content = course.panel().content;
            content.activeCellIndex = 0;
            content.mode = 'command';
            content.activate();
            return content.widgets.length;
        }"""
    )
    for index in range(count):
        page.keyboard.press("Shift+Enter")
        if index + 1 < count:
            page.wait_for_function(
                "index => course.panel().content.activeCellIndex === index", arg=index + 1
            )
    page.wait_for_function(
        """() => {
            const panel = course.panel();
            if (panel.sessionContext.session.kernel.status !== 'idle') return false;
            const codes = Array.from(panel.content.model.cells)
                .filter(cell => cell.type === 'code' && cell.sharedModel.source.trim());
            const failed = cell => cell.toJSON().outputs.some(o => o.output_type === 'error');
            return codes.every(cell => cell.executionCount) || codes.some(failed);
        }""",
        timeout=1000 * timeout,
        polling=100,
    )
    raise_errors(page)


def raise_errors(page):
    """Raise what the first failing cell raised."""
    for cell in code_cells(page):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                raise AssertionError(
                    f"{output['ename']}: {output['evalue']}\nin the cell\n{cell['source']}"
                )


def run_cell(page, index, *, timeout=60):
    """Run the cell with this index (Markdown cells counted too)."""
    page.evaluate(
        """async ([index, timeout]) => {
            const content = course.panel().content;
            content.deselectAll();
            content.activeCellIndex = index;
            await course.limit(
                jupyterapp.commands.execute('notebook:run-cell'), timeout, 'running the cell');
        }""",
        [index, timeout],
    )


def kill_kernel(page):
    """End the notebook's kernel, as a lost Binder session would."""
    page.evaluate("() => course.panel().sessionContext.shutdown()")


def cells(page):
    """The cells as saved in a file (nbformat), with their outputs of this moment."""
    found = page.evaluate("() => course.cells()")
    for cell in found:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return found


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


def settle(page, *, timeout=20):
    """Wait until the Markdown and its mathematics are set and every picture has come or failed.

    Mathematics that is never set only takes this time: it is for a test to find what is left.
    """
    page.evaluate(
        """async timeout => {
            const end = performance.now() + 1000 * timeout;
            const settled = () => course.unset().length === 0
                && Array.from(document.images).every(image => image.complete);
            while (!settled() && performance.now() < end)
                await new Promise(resolve => setTimeout(resolve, 50));
        }""",
        timeout,
    )
