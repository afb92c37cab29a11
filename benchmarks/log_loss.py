"""Time the course's mathematics beside SciPy, scikit-learn and PyTorch.

    python3 benchmarks/log_loss.py

One process, one core, a million float64 numbers. The libraries take turns at each task, so that
whatever else the machine does meets all of them, and processor time is compared, which counts
hidden threads too. Peers that are not installed are named as skipped (`pip install scipy
scikit-learn torch` for all of them).
"""

import argparse
import importlib
import os
import statistics
import sys
import time
from pathlib import Path

for threads in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM"):
    os.environ[f"{threads}_NUM_THREADS"] = "1"  # read when the libraries are imported
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402

from helpers.logistic import (  # noqa: E402
    dloss_dz,
    dsigmoid_dz,
    log_loss,
    log_loss_from_logit,
    mean_log_loss,
    sigmoid,
)


def ours(z, a, y):
    return {
        "sigmoid": lambda: sigmoid(z),
        "log loss from a": lambda: log_loss(a, y),
        "mean log loss from a": lambda: mean_log_loss(a, y),
        "log loss from z": lambda: log_loss_from_logit(z, y),
        "slope of the sigmoid": lambda: dsigmoid_dz(z),
        "slope of the loss": lambda: dloss_dz(a, y),
    }


def scipy(z, a, y):
    special = importlib.import_module("scipy.special")

    def loss():
        return -(special.xlogy(y, a) + special.xlog1py(1 - y, -a))

    def loss_from_logit():
        return -(y * special.log_expit(z) + (1 - y) * special.log_expit(-z))

    return {
        "sigmoid": lambda: special.expit(z),
        "log loss from a": loss,
        "mean log loss from a": lambda: loss().mean(),
        "log loss from z": loss_from_logit,
    }


def scikit_learn(z, a, y):
    metrics = importlib.import_module("sklearn.metrics")
    return {"mean log loss from a": lambda: metrics.log_loss(y, a)}


def pytorch(z, a, y):
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    functional = torch.nn.functional
    z, a, y = map(torch.from_numpy, (z, a, y))
    return {
        "sigmoid": lambda: torch.sigmoid(z),
        "log loss from a": lambda: functional.binary_cross_entropy(a, y, reduction="none"),
        "mean log loss from a": lambda: functional.binary_cross_entropy(a, y),
        "log loss from z": lambda: functional.binary_cross_entropy_with_logits(
            z, y, reduction="none"
        ),
    }


def gather(size):
    """Candidates by task and library, ours first, and the peers that are missing."""
    rng = np.random.default_rng(0)
    z = rng.normal(0, 3, size)
    a = sigmoid(z)
    y = (rng.random(size) < a).astype(np.float64)
    tasks, skipped = {}, []
    for library in (ours, scipy, scikit_learn, pytorch):
        try:
            runs = library(z, a, y)
        except ImportError as missing:
            skipped.append(f"{library.__name__} ({missing})")
        else:
            for task, run in runs.items():
                tasks.setdefault(task, {})[library.__name__] = run
    return tasks, skipped


def check(task, runs):
    """A race between different answers would mean nothing."""
    answer = runs["ours"]()
    for library, run in runs.items():
        assert np.allclose(run(), answer, rtol=1e-9), f"{library} disagrees on the {task}"


def measure(runs, rounds):
    """Milliseconds of processor time, round by round, for each library."""
    # Windows counts processor time in steps of 16 ms.
    clock = time.perf_counter if os.name == "nt" else time.process_time
    times = {library: [] for library in runs}
    for _ in range(rounds):
        for library, run in runs.items():
            start = clock()
            run()
            times[library].append(1000 * (clock() - start))
    return times


def report(task, times):
    for library, spent in times.items():
        ratio = min(spent) / min(times["ours"])
        name = task if library == "ours" else ""
        print(
            f"{name:22}{library:14}{min(spent):7.2f} ms{statistics.median(spent):8.2f} ms"
            f"{ratio:9.2f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=10**6, help="numbers in an array")
    parser.add_argument("--rounds", type=int, default=25, help="times that each candidate runs")
    options = parser.parse_args()
    tasks, skipped = gather(options.size)
    print(f"{options.size} numbers, {options.rounds} rounds, numpy {np.__version__}\n")
    print(f"{'task':22}{'library':14}{'best':>10}{'median':>11}{'/ ours':>9}")
    for task, runs in tasks.items():
        check(task, runs)
        report(task, measure(runs, options.rounds))
    for library in skipped:
        print(f"skipped: {library}")
