"""The report on a class of two hundred: how long it takes, and whether its sums are right.

    python3 course.py python benchmarks/class_of_200.py

Opens each lesson once in JupyterLab and Chromium, answers its boxes as a seeded chance wants,
saves, and hands every learner a copy; then reads them all, as course.py class does.
"""

import argparse
import random
import shutil
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
from tests.browser.test_practice import TYPE  # noqa: E402
from tools import class_report  # noqa: E402

LEARNERS = 200


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


def hand_in(path, folder):
    """Put a learner's notebook into the folder of each of the class."""
    for number in range(LEARNERS):
        learner = folder / (chr(97 + number % 26) + chr(97 + number // 26))
        learner.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, learner)


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
        handed_in = Path(folder) / "class"
        page = driver.new_page(driver.launch_browser(playwright, driver.find_browser()))
        with driver.Lab(Path(folder) / "lab") as lab:
            for path in sorted(lab.root.glob("*.ipynb")):
                boxes = class_report.boxes_of(path.name[:2])
                typed[path.name[:2]] = answer(page, lab, path.name, boxes, chance)
                hand_in(path, handed_in)
        measure(handed_in)
        report = class_report.report_on(handed_in, "en")
    sums = {lesson: [+one.ways for one in found] for lesson, found in report.results.items()}
    right = sums == {lesson: [{way: LEARNERS} for way in ways] for lesson, ways in typed.items()}
    print(report.counted, "and the sums are" if right else "BUT THE SUMS ARE NOT", "what was typed")
    return not right


if __name__ == "__main__":
    sys.exit(main())
