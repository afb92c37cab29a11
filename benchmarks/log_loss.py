"""Time the course's mathematics beside SciPy, scikit-learn and PyTorch; run 08's PyTorch lines.

    python3 course.py python benchmarks/log_loss.py

One core, a million float64 numbers. The libraries take turns at each task, so that whatever else
the machine does meets all of them; processor time is compared, which counts hidden threads too.
Peers that are not installed are named as skipped (`pip install scipy scikit-learn torch`).
"""

import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

for threads in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM"):
    os.environ[f"{threads}_NUM_THREADS"] = "1"  # read when the libraries are imported
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402

from helpers import logistic  # noqa: E402

SIZE, ROUNDS = 10**6, 25


def ours(z, a, y):
    return {
        "sigmoid": lambda: logistic.sigmoid(z),
        "log loss from a": lambda: logistic.log_loss(a, y),
        "mean log loss from a": lambda: logistic.mean_log_loss(a, y),
        "log loss from z": lambda: logistic.log_loss_from_logit(z, y),
        "slope of the sigmoid": lambda: logistic.dsigmoid_dz(z),
        "slope of the loss": lambda: logistic.dloss_dz(a, y),
    }


def scipy(z, a, y):
    from scipy import special as of

    return {
        "sigmoid": lambda: of.expit(z),
        "log loss from a": lambda: -(of.xlogy(y, a) + of.xlog1py(1 - y, -a)),
        "mean log loss from a": lambda: -(of.xlogy(y, a) + of.xlog1py(1 - y, -a)).mean(),
        "log loss from z": lambda: -(y * of.log_expit(z) + (1 - y) * of.log_expit(-z)),
    }


def scikit_learn(z, a, y):
    from sklearn import metrics

    return {"mean log loss from a": lambda: metrics.log_loss(y, a)}


def pytorch(z, a, y):
    import torch

    torch.set_num_threads(1)
    z, a, y = map(torch.from_numpy, (z, a, y))
    of_a = torch.nn.functional.binary_cross_entropy
    of_z = torch.nn.functional.binary_cross_entropy_with_logits
    return {
        "sigmoid": lambda: torch.sigmoid(z),
        "log loss from a": lambda: of_a(a, y, reduction="none"),
        "mean log loss from a": lambda: of_a(a, y),
        "log loss from z": lambda: of_z(z, y, reduction="none"),
    }


def measure(runs):
    """Milliseconds of processor time, round by round, for each library."""
    answer = runs["ours"]()  # a race between different answers would mean nothing
    for library, run in runs.items():
        assert np.allclose(run(), answer, rtol=1e-9), f"{library} has another answer"
    clock = time.perf_counter if os.name == "nt" else time.process_time  # there in 16 ms steps
    times = {library: [] for library in runs}
    for _ in range(ROUNDS):
        for library, run in runs.items():
            start = clock()
            run()
            times[library].append(1000 * (clock() - start))
    return times


def run_notebook_08():
    """Run the PyTorch lines of notebook 08, which are text there, and print what they give."""
    import torch

    notebook = Path(__file__).resolve().parents[1] / "notebooks" / "08_in_the_world.ipynb"
    cells = ["".join(cell["source"]) for cell in json.loads(notebook.read_text("utf-8"))["cells"]]
    [lines] = re.findall(r"```python\n([^`]*torch[^`]*)```", "\n".join(cells))
    world = {"torch": torch}
    for line in lines.splitlines():
        code, _, promised = line.partition("  # ")
        if promised:
            shown = eval(code.partition("J = ")[2] or code, world)
            print(f"{code}\n    gives {shown.tolist()}, and notebook 08 says {promised}")
        exec(code, world)


def main():
    rng = np.random.default_rng(0)
    z = rng.normal(0, 3, SIZE)
    a = logistic.sigmoid(z)
    y = (rng.random(SIZE) < a).astype(np.float64)
    tasks = {}
    for library in (ours, scipy, scikit_learn, pytorch):
        try:
            for task, run in library(z, a, y).items():
                tasks.setdefault(task, {})[library.__name__] = run
        except ImportError as missing:
            print(f"skipped: {library.__name__} ({missing})")
        else:
            if library is pytorch:
                run_notebook_08()
    print(f"{SIZE} numbers, {ROUNDS} rounds, numpy {np.__version__}\n")
    print(f"{'task':22}{'library':14}{'best':>10}{'median':>11}{'/ ours':>9}")
    for task, runs in tasks.items():
        times = measure(runs)
        for library, spent in times.items():
            best, ratio = min(spent), min(spent) / min(times["ours"])
            name, middle = task if library == "ours" else "", statistics.median(spent)
            print(f"{name:22}{library:14}{best:7.2f} ms{middle:8.2f} ms{ratio:9.2f}")


if __name__ == "__main__":
    main()
