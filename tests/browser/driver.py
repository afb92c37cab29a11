"""A JupyterLab server of our own, and the steps a learner takes in it.

Everything goes through ``window.jupyterapp``: clicks on menus get lost while JupyterLab starts.
"""

import json
import os
import secrets
import shutil
import sys

from nbformat import v4

from tests.servers import REPOSITORY, Jupyter, find_browser, launch_browser, own_folders

__all__ = ["find_browser", "launch_browser"]  # for the tests, beside what is defined here
NOTEBOOKS = REPOSITORY / "notebooks"

WINDOW = {"width": 1200, "height": 900}

# Put in every page before its own scripts.
IN_PAGE = r"""
window.course = {
  panel(path) {
    const shown = [...window.jupyterapp?.shell?.widgets('main') ?? []];
    const notebooks = shown.filter(widget => widget.content?.notebookConfig);
    return notebooks.find(widget => !path || widget.context.path === path);
  },
  async openAlone(path) {
    for (const widget of [...jupyterapp.shell.widgets('main')]) widget.dispose();
    await jupyterapp.serviceManager.sessions.shutdownAll();
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


class Lab(Jupyter):
    """A JupyterLab server on `root`, a copy of the notebooks that tests may write in."""

    def __init__(self, folder):
        self.root = folder / "notebooks"
        shutil.copytree(NOTEBOOKS, self.root, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        environment = os.environ | own_folders(folder) | {"PYTHONPATH": str(REPOSITORY)}
        command = [
            *(sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={self.root}"),
            *(f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")),
            *(f"--LabApp.{one}_dir={folder}/{one}" for one in ("user_settings", "workspaces")),
            "--LabApp.extension_manager=readonly",
        ]
        super().__init__(command, folder, environment)

    def write(self, name, *sources):
        """Write a small notebook; a source is a code cell, or Markdown if it starts with #."""
        cells = [
            v4.new_markdown_cell(s) if s.startswith("#") else v4.new_code_cell(s) for s in sources
        ]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        text = json.dumps(v4.new_notebook(cells=cells, metadata=metadata))
        (self.root / name).write_text(text, encoding="utf-8")
        return name


def open_notebook(page, lab, name, place=None, windowing="none"):
    """Open a notebook, alone in its page, with a kernel of its own that answers."""
    if page.url.startswith(f"{lab.url}doc/"):  # JupyterLab takes longer to start than to clear
        page.set_viewport_size(WINDOW)
        page.emulate_media(media="screen", color_scheme="light", forced_colors="none")
        page.problems.clear()
        page.evaluate("path => course.openAlone(path)", name)
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
    set_windowing(page, windowing)
    return page


def set_windowing(page, mode):
    """ "none": every cell is in the page; "full": those near the window, as for who learns."""
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


def axe_finds_nothing(page, context, **options):
    """See to it that axe finds nothing in the parts of the page that the context says."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=context, options={"resultTypes": ["violations"], **options})
    assert found.violations_count == 0, found.generate_report()


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
