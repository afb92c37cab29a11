"""How long from a key press on a slider to the changed picture, and to the frame that shows it?

The course's explorer and the same picture made with `interact` and inline matplotlib, ipympl and
a plotly FigureWidget, in one JupyterLab in a real browser: once as it is, once with a network
delay between browser and server. Peers that are not installed are named as skipped.

    python benchmarks/slider_latency.py [--presses 50] [--delay 150]
"""

import argparse
import asyncio
import copy
import importlib.util
import json
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser import driver

COMMON = """
import numpy as np
from helpers.logistic import log_loss
from ipywidgets import FloatSlider, VBox, interact
from IPython.display import display
grid = np.linspace(0.007, 0.993, 600)
slider = FloatSlider(0.2, min=0.01, max=0.99, step=0.01, description="a")
def curves(axes):
    axes.plot(grid, log_loss(grid, 1), "#0072B2")
    axes.plot(grid, log_loss(grid, 0), "#D55E00", linestyle="--")
    axes.set(xlim=(0, 1), ylim=(0, 5), xlabel="a", ylabel="L")
    return axes.plot([0.2], [log_loss(0.2, 1)], "o")[0], axes.set_title("L = 1.609")
"""

# Name, the package it needs, its cell, and what to watch for a changed picture.
CANDIDATES = [
    ("slider alone, no picture", None, COMMON + "slider", ".widget-readout"),
    (
        "this course's explorer",
        None,
        "from helpers.explorers import explore_loss\nexplore_loss()",
        "svg",
    ),
    (
        "interact + inline matplotlib",
        None,
        "%matplotlib inline\nimport matplotlib.pyplot as plt"
        + COMMON
        + """
def draw(a):
    figure, axes = plt.subplots(figsize=(5.6, 3.9))
    point, title = curves(axes)
    point.set_data([a], [log_loss(a, 1)])
    title.set_text(f"L = {log_loss(a, 1):.3f}")
    plt.show()
_ = interact(draw, a=slider)""",
        ".widget-output",
    ),
    (
        "ipympl",
        "ipympl",
        "%matplotlib widget\nimport matplotlib.pyplot as plt"
        + COMMON
        + """
plt.ioff()
figure, axes = plt.subplots(figsize=(5.6, 3.9))
point, title = curves(axes)
def move(change):
    point.set_data([change.new], [log_loss(change.new, 1)])
    title.set_text(f"L = {log_loss(change.new, 1):.3f}")
    figure.canvas.draw_idle()
slider.observe(move, "value")
VBox([slider, figure.canvas])""",
        ".jupyter-matplotlib",
    ),
    (
        "plotly FigureWidget",
        "plotly",
        COMMON
        + """
import plotly.graph_objects as go
figure = go.FigureWidget([
    go.Scatter(x=grid, y=log_loss(grid, 1), line_color="#0072B2"),
    go.Scatter(x=grid, y=log_loss(grid, 0), line={"color": "#D55E00", "dash": "dash"}),
    go.Scatter(x=[0.2], y=[log_loss(0.2, 1)], mode="markers", marker_size=12),
])
figure.update_layout(width=560, height=390, showlegend=False, title_text="L = 1.609")
def move(change):
    with figure.batch_update():
        figure.data[2].x = [change.new]
        figure.data[2].y = [log_loss(change.new, 1)]
        figure.layout.title.text = f"L = {log_loss(change.new, 1):.3f}"
slider.observe(move, "value")
VBox([slider, figure])""",
        ".js-plotly-plot",
    ),
]

# In the page: times of one press, from the keyboard event itself to the changed picture (a
# mutation of it, its new image decoded, or a drawing on its canvas) and to after the next paint.
WATCH = """selector => {
  window.lap = new Promise(resolve => {
    let start;
    document.addEventListener('keydown', event => { start = event.timeStamp; },
      {capture: true, once: true});
    const area = document.querySelectorAll('.jp-OutputArea-output .jupyter-widgets')[0]
      .closest('.jp-OutputArea');
    const picture = area.querySelector(selector);
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    let over = false;
    const changed = async () => {
      if (over || start === undefined) return;
      const image = picture.querySelector('img');
      if (image && !picture.classList.contains('jupyter-matplotlib')) await image.decode();
      if (over) return;
      over = true;
      observer.disconnect();
      CanvasRenderingContext2D.prototype.drawImage = draw;
      const seen = performance.now();
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => resolve([seen - start, performance.now() - start]);
        after.port2.postMessage(0);
      });
    };
    const observer = new MutationObserver(records => {
      const drawn = records.some(r => r.type !== 'childList' || r.addedNodes.length);
      const images = picture.classList.contains('widget-output');
      if (drawn && (!images || picture.querySelector('img'))) changed();
    });
    if (picture.classList.contains('jupyter-matplotlib')) {
      CanvasRenderingContext2D.prototype.drawImage = function (...what) {
        draw.apply(this, what);
        if (picture.contains(this.canvas)) changed();
      };
    } else {
      observer.observe(picture,
        {attributes: true, characterData: true, childList: true, subtree: true});
    }
  });
}"""


class Delay:
    """A proxy on loopback that hands everything on later, half of the round trip each way."""

    def __init__(self, url, round_trip):
        self.target = urlsplit(url).port
        self.seconds = round_trip / 2
        started = threading.Event()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait()
        self.url = f"http://127.0.0.1:{self.port}/"

    def _run(self, started):
        asyncio.set_event_loop(self.loop)

        async def serve():
            server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            started.set()

        self.loop.run_until_complete(serve())
        self.loop.run_forever()

    async def _connect(self, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader, writer):
        waiting = asyncio.Queue()

        async def hand_on():
            while (item := await waiting.get())[1]:
                await asyncio.sleep(item[0] - self.loop.time())
                writer.write(item[1])
                await writer.drain()
            writer.close()

        sender = asyncio.ensure_future(hand_on())
        try:
            while data := await reader.read(65536):
                waiting.put_nowait((self.loop.time() + self.seconds, data))
        except ConnectionError:
            pass
        waiting.put_nowait((0, b""))
        await asyncio.gather(sender, return_exceptions=True)

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)


def measure(browser, lab, cell, selector, presses, pause):
    """Milliseconds to the changed picture and to the painted frame, one row a press."""
    name = lab.write("latency.ipynb", cell)
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.add_init_script(driver.IN_PAGE)
    page = context.new_page()
    try:
        driver.open_notebook(page, lab, name, timeout=120)
        driver.run_all(page, timeout=120)
        page.locator(f".jp-OutputArea {selector}").first.wait_for(state="attached")
        page.wait_for_timeout(1500 + 3000 * pause)  # what is drawn late at first
        page.locator("[role=slider]").first.focus()
        rows = []
        for press in range(presses + 5):  # the first five warm up
            page.evaluate(WATCH, selector)
            page.keyboard.press("ArrowRight" if press // 20 % 2 == 0 else "ArrowLeft")
            rows.append(page.evaluate("() => course.limit(lap, 20, 'a changed picture')"))
            page.wait_for_timeout(100 + 1000 * pause)
        return np.array(rows[5:])
    finally:
        context.close()
        lab.end_kernels()


def print_sizes():
    """What each explorer costs before it is shown: time in this process, frames, state."""
    from helpers import explorers

    explorers.explore_loss()  # what the first figure costs is matplotlib's
    print(f"{'':30}{'built in ms':>12}{'frames':>8}{'state in kB':>13}")
    for name in filter(re.compile("explore_").match, dir(explorers)):
        laps = []
        for _ in range(5):
            start = time.perf_counter()
            explorer = getattr(explorers, name)()
            laps.append(time.perf_counter() - start)
        size = len(json.dumps(explorer.picture.get_state())) / 1000
        print(f"{name:30}{1000 * min(laps):12.0f}{len(explorer.frames):8}{size:13.1f}")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presses", type=int, default=50)
    parser.add_argument("--delay", type=float, default=150, help="round trip in milliseconds")
    options = parser.parse_args()
    path = driver.find_browser()
    if path is None:
        sys.exit("no Chromium or Chrome found; CHROMIUM=/path/to/it names one")
    from playwright.sync_api import sync_playwright

    print_sizes()
    print("Milliseconds from the key press, median (95th percentile),", options.presses, "presses")
    print(f"{'':30}{'network':>9}{'picture changed':>20}{'frame painted':>20}")
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        lab = driver.Lab(Path(directory)).start()
        browser = driver.launch_browser(playwright, path)
        delay = Delay(lab.url, options.delay / 1000)
        far = copy.copy(lab)
        far.url = delay.url
        far.end_kernels = lab.end_kernels
        try:
            medians = {}
            for where, label, pause in ((lab, "local", 0), (far, f"{options.delay:g} ms", 0.3)):
                for name, package, cell, selector in CANDIDATES:
                    if package and importlib.util.find_spec(package) is None:
                        print(f"{name:30}{label:>9}   skipped: {package} is not installed")
                        continue
                    start = time.monotonic()
                    rows = measure(browser, where, cell, selector, options.presses, pause)
                    cells = [
                        f"{np.median(column):8.1f} ({np.percentile(column, 95):.1f})"
                        for column in rows.T
                    ]
                    print(
                        f"{name:30}{label:>9}{cells[0]:>20}{cells[1]:>20}"
                        f"   {time.monotonic() - start:.0f} s",
                        flush=True,
                    )
                    medians[label, name] = np.median(rows, axis=0)
                alone, ours, inline = (medians[label, name] for name, *_ in CANDIDATES[:3])
                changed, painted = inline / ours
                print(
                    f"{label}: {changed:.0f} times sooner changed than interact + inline, "
                    f"{painted:.0f} times sooner painted, {ours[1] - alone[1]:.1f} ms after "
                    "a slider alone"
                )
        finally:
            delay.stop()
            browser.close()
            lab.stop()


if __name__ == "__main__":
    main()
