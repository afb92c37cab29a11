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
    parser.add_argument("--sample", type=int, help="so many mutations of each kind in each document")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    totals: dict[str, list[int]] = {}
    for path in check.documents():
        if options.names and not path.name.startswith(tuple(options.names)):
            continue
        began = time.perf_counter()
        checker = check.checker(path)
        problems = checker.problems()
        print(f"{path.name}: {checker.count} relations, {len(checker.used)} listed as unchecked, {len(problems)} problems, {time.perf_counter() - began:.1f} s")
        for problem in problems:
            print(problem)
        if options.all_mutations or options.sample:
            for kind, changes in (("digits", mutations.digit_changes), ("signs", mutations.sign_changes)):
                tried = list(changes(checker))
                if options.sample and options.sample < len(tried):
                    tried = random.Random(options.seed).sample(tried, options.sample)
                survivors = [m for m in tried if not mutations.is_caught(checker, m)]
                total = totals.setdefault(kind, [0, 0])
                total[0] += len(tried) - len(survivors)
                total[1] += len(tried)
                print(f"  {kind}: {len(tried) - len(survivors)} of {len(tried)} caught; survived:")
                for survivor in survivors:
                    print(f"    {survivor}")
    for kind, (caught, tried) in totals.items():
        print(f"{kind}: {caught} of {tried} changes caught, {100 * caught / max(1, tried):.1f} %")


if __name__ == "__main__":
    main()
