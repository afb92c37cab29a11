"""``python -m tests.prose``: check every document, and list the problems.

``--all-mutations`` also tries every one-digit and every one-sign change and lists what survives;
``--seed N --sample N`` tries only some of them.
"""

from __future__ import annotations

import argparse
import random
import time

from . import check, mutations


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.prose", description=__doc__)
    parser.add_argument("names", nargs="*", help="beginnings of file names; all documents if none")
    parser.add_argument("--all-mutations", action="store_true")
    parser.add_argument(
        "--sample", type=int, help="so many mutations of each kind in each document"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    totals: dict[str, list[int]] = {}
    names = [
        n for n in check.documents() if not options.names or n.startswith(tuple(options.names))
    ]
    for checker in (c for name in names for c in check.checkers(name)):
        began = time.perf_counter()
        problems = checker.problems()
        print(
            f"{checker.document.name}: {len(checker.relations)} relations, "
            f"{len(problems)} problems, "
            f"{checker.listed} listed as unchecked, {time.perf_counter() - began:.1f} s"
        )
        print(*problems, sep="\n", end="\n" if problems else "")
        if options.all_mutations or options.sample:
            try_mutations(checker, options, totals)
    for kind, (caught, tried) in totals.items():
        print(f"{kind}: {caught} of {tried} changes caught, {100 * caught / max(1, tried):.1f} %")


def try_mutations(checker, options, totals) -> None:
    for kind, changes in mutations.KINDS.items():
        tried = list(changes(checker))
        if options.sample and options.sample < len(tried):
            tried = random.Random(options.seed).sample(tried, options.sample)
        survivors = [m for m in tried if not mutations.is_caught(checker, m)]
        total = totals.setdefault(kind, [0, 0])
        total[0] += len(tried) - len(survivors)
        total[1] += len(tried)
        print(f"  {kind}: {len(tried) - len(survivors)} of {len(tried)} changes caught", flush=True)
        for survivor in survivors:
            print(f"    {survivor}")


if __name__ == "__main__":
    main()
