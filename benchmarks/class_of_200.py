"""The report on a class of two hundred: how long it takes, and whether its sums are right.

    python3 course.py python benchmarks/class_of_200.py

Opens each lesson once in JupyterLab and Chromium, answers its boxes as a seeded chance wants,
saves, and hands every learner a copy; then reads them all, as course.py class does.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import driver  # noqa: E402
from tools import class_report  # noqa: E402

LEARNERS = 200
TYPE = """(form, rows) => rows.forEach((texts) => {
  form.querySelectorAll("input").forEach((input, k) => { input.value = texts[k]; });
  form.requestSubmit();
})"""


def answer(page, lab, name, boxes, chance):
    """Work through a lesson and save it; returns how each of its questions went."""
    driver.open_notebook(page, lab, name)
    driver.run_all(page)
    typed = []
    for number, box in enumerate(boxes.values()):
        right, slip = box.first["right"], box.first["slips"][0][0]
        ways = {"once": [right], "end": [slip, right], "wrong": [slip, slip], "untouched": []}
        typed.append(chance.choice(list(ways)))
        page.locator("form.practice").nth(number).evaluate(TYPE, ways[typed[-1]])
    page.wait_for_timeout(1000)  # JupyterLab hears of it
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    return typed


def measure(folder):
    """Run the report, and print how long it takes and how much it holds at most."""
    command = [sys.executable, class_report.__file__, folder, "--html", folder / "class.html"]
    started, most, busy = time.perf_counter(), 0, 0
    with psutil.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most, busy = max(most, process.memory_info().rss), sum(process.cpu_times()[:2])
            time.sleep(0.05)
    print(f"{time.perf_counter() - started:.1f} s, {busy:.1f} at work; {most / 1e6:.0f} MB at most")


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    typed, chance = {}, random.Random(20)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab, handed_in = driver.Lab(Path(folder) / "lab").start(), Path(folder) / "class"
        page = driver.new_page(driver.launch_browser(playwright, driver.find_browser()))
        for path in sorted(lab.root.glob("*.ipynb")):
            lesson = path.name[:2]
            typed[lesson] = answer(page, lab, path.name, class_report.boxes_of(lesson), chance)
            for number in range(LEARNERS):
                name = chr(97 + number % 26) + chr(97 + number // 26)
                (handed_in / name).mkdir(parents=True, exist_ok=True)
                (handed_in / name / path.name).write_bytes(path.read_bytes())
        lab.stop()
        measure(handed_in)
        report = class_report.report_on(handed_in, "en")
    sums = {lesson: [+one.ways for one in found] for lesson, found in report.results.items()}
    right = sums == {lesson: [{way: LEARNERS} for way in ways] for lesson, ways in typed.items()}
    print(report.counted, "and the sums are" if right else "BUT THE SUMS ARE NOT", "what was typed")
    return not right


if __name__ == "__main__":
    sys.exit(main())
