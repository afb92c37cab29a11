"""How long from a key press on a slider to the changed picture, and to the frame that shows it?

The course's explorer and the same picture made with `interact` and inline matplotlib, ipympl and
a plotly FigureWidget, in one JupyterLab in a real browser: once as it is, once with a network
delay between browser and server. Peers that are not installed are named as skipped.

    python3 course.py python benchmarks/slider_latency.py
"""

import argparse
import importlib.util
import sys
import tempfile
import timeit
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))


from tests.browser import driver
from tests.content import functions

PRESSES, DELAY = 50, 150  # the delay: of a round trip, in milliseconds

COMMON = """
import matplotlib.pyplot as plt
import numpy as np
from helpers.logistic import log_loss
from helpers.palette import BLUE, VERMILION
from ipywidgets import FloatSlider, VBox, interact
grid = np.linspace(0.007, 0.993, 600)
slider = FloatSlider(0.2, min=0.01, max=0.99, step=0.01, description="a")
def picture():
    figure, axes = plt.subplots(figsize=(5.6, 3.9))
    axes.plot(grid, log_loss(grid, 1), BLUE)
    axes.plot(grid, log_loss(grid, 0), VERMILION, linestyle="--")
    axes.set(xlim=(0, 1), ylim=(0, 5), xlabel="a", ylabel="L")
    return figure, axes.plot([0.2], [log_loss(0.2, 1)], "o")[0], axes.set_title("L = 1.609")
def move(point, title, a):
    point.set_data([a], [log_loss(a, 1)])
    title.set_text(f"L = {log_loss(a, 1):.3f}")
"""

EXPLORER = "from helpers.lesson_03 import explore_loss\nexplore_loss()"

INTERACT = """
%matplotlib inline
def draw(a):
    _, point, title = picture()
    move(point, title, a)
    plt.show()
_ = interact(draw, a=slider)"""

IPYMPL = """
%matplotlib widget
plt.ioff()
figure, point, title = picture()
def follow(change):
    move(point, title, change.new)
    figure.canvas.draw_idle()
slider.observe(follow, "value")
VBox([slider, figure.canvas])"""

PLOTLY = """
import plotly.graph_objects as go
figure = go.FigureWidget([
    go.Scatter(x=grid, y=log_loss(grid, 1), line_color=BLUE),
    go.Scatter(x=grid, y=log_loss(grid, 0), line={"color": VERMILION, "dash": "dash"}),
    go.Scatter(x=[0.2], y=[log_loss(0.2, 1)], mode="markers", marker_size=12),
])
figure.update_layout(width=560, height=390, showlegend=False, title_text="L = 1.609")
def move(change):
    with figure.batch_update():
        figure.data[2].x = [change.new]
        figure.data[2].y = [log_loss(change.new, 1)]
        figure.layout.title.text = f"L = {log_loss(change.new, 1):.3f}"
slider.observe(move, "value")
VBox([slider, figure])"""

# Name, the package it needs, its cell, and what to watch for a changed picture.
CANDIDATES = [
    ("slider alone, no picture", "ipywidgets", COMMON + "slider", ".widget-readout"),
    ("this course's explorer", "helpers", EXPLORER, "svg"),
    ("interact + inline matplotlib", "matplotlib", COMMON + INTERACT, ".widget-output"),
    ("ipympl", "ipympl", COMMON + IPYMPL, ".jupyter-matplotlib"),
    ("plotly FigureWidget", "plotly", COMMON + PLOTLY, ".js-plotly-plot"),
]

# In the page: each message to and from the kernel comes later, by half of the round trip.
DELAYED = """window.WebSocket = class extends WebSocket {
  send(data) { setTimeout(() => super.send(data), HALF); }
  set onmessage(hear) { super.onmessage = event => setTimeout(() => hear(event), HALF); }
};"""

# In the page: times of one press, from the keyboard event itself to the changed picture (a
# mutation of it, its new image decoded, or a drawing on its canvas) and to after the next paint.
WATCH = """selector => {
  window.lap = undefined;
  let start, seen;
  document.addEventListener('keydown', event => { start = event.timeStamp; },
    {capture: true, once: true});
  const picture = document.querySelector(`.jp-OutputArea ${selector}`);
  const canvas = picture.classList.contains('jupyter-matplotlib');
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  const changed = async () => {
    if (start === undefined) return;
    if (!canvas) await picture.querySelector('img')?.decode();
    if (seen) return;
    seen = performance.now();
    observer.disconnect();
    CanvasRenderingContext2D.prototype.drawImage = draw;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => { window.lap = [seen - start, performance.now() - start]; };
      after.port2.postMessage(0);
    });
  };
  const observer = new MutationObserver(records => {
    const drawn = records.some(r => r.type !== 'childList' || r.addedNodes.length);
    if (drawn && (selector !== '.widget-output' || picture.querySelector('img'))) changed();
  });
  if (canvas) {
    CanvasRenderingContext2D.prototype.drawImage = function (...what) {
      draw.apply(this, what);
      if (picture.contains(this.canvas)) changed();
    };
  } else observer.observe(picture,
    {attributes: true, characterData: true, childList: true, subtree: true});
}"""


def measure(browser, lab, name, selector, delay):
    """Milliseconds to the changed picture and to the painted frame, one row a press."""
    pause = 2 * delay  # in which everything arrives that a press has set off
    with driver.new_page(browser) as page:
        if delay:
            page.add_init_script(DELAYED.replace("HALF", str(delay / 2)))
        driver.open_notebook(page, lab, name)
        driver.run_all(page)
        page.locator(f".jp-OutputArea {selector}").first.wait_for(state="attached")
        page.wait_for_timeout(1500 + 3 * pause)  # what is drawn late at first
        page.locator("[role=slider]").first.focus()
        rows = []
        for press in range(PRESSES + 5):  # the first five warm up
            page.evaluate(WATCH, selector)
            page.keyboard.press("ArrowRight" if press // 5 % 2 == 0 else "ArrowLeft")
            rows.append(page.wait_for_function("() => window.lap", polling=50).json_value())
            page.wait_for_timeout(100 + pause)
        driver.kill_kernel(page)
    return np.array(rows[5:])


def print_sizes():
    """What each explorer costs before it is shown: time in this process, frames, state."""
    explorers = functions("explore_")
    explorers["explore_loss"]()  # what the first figure costs is matplotlib's
    print(f"{'':30}{'built in ms':>12}{'frames':>8}{'state in kB':>13}")
    for name, explore in explorers.items():
        laps = timeit.repeat(explore, "import gc; gc.enable()", number=1, repeat=5)
        explorer = explore()
        size = (len(explorer.picture.frames) + len(explorer.picture.svg)) / 1000
        print(f"{name:30}{1000 * min(laps):12.0f}{len(explorer.frames):8}{size:13.1f}")
    print()


def race(browser, lab, delay):
    """Measure every candidate on this network, and print the lines of the table."""
    medians, label = {}, f"{delay} ms" if delay else "local"
    for name, package, cell, selector in CANDIDATES:
        if importlib.util.find_spec(package) is None:
            print(f"{name:30}{label:>9}   skipped: {package} is not installed")
            continue
        rows = measure(browser, lab, lab.write("latency.ipynb", cell), selector, delay)
        medians[name] = np.median(rows, axis=0)
        both = zip(medians[name], np.percentile(rows, 95, axis=0), strict=True)
        cells = [f"{middle:8.1f} ({late:.1f})".rjust(20) for middle, late in both]
        print(f"{name:30}{label:>9}", *cells, sep="", flush=True)
    alone, ours, inline = (medians[name] for name, *_ in CANDIDATES[:3])
    changed, painted = inline / ours
    print(
        f"{label}: {changed:.0f} times sooner changed than interact + inline, {painted:.0f} times "
        f"sooner painted, {ours[1] - alone[1]:.1f} ms after a slider alone"
    )


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    path = driver.find_browser() or sys.exit("no Chromium or Chrome; CHROMIUM=/path names one")
    print_sizes()
    print(f"Milliseconds from the key press, median (95th percentile), {PRESSES} presses")
    print(f"{'':30}{'network':>9}{'picture changed':>20}{'frame painted':>20}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = driver.launch_browser(playwright, path)
        with driver.Lab(Path(folder)) as lab:
            for delay in (0, DELAY):
                race(browser, lab, delay)


if __name__ == "__main__":
    main()
