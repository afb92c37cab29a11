"""``python -m tests.prose 03``: what is wrong with notebook 03; without a name, with anything.

``--sample 1000 --seed 1`` changes that many digits, and as many signs, one at a time, and says
how many of the changes are found, and which are not.
"""

from __future__ import annotations

import argparse
import sys

from . import mutations
from .check import Checker
from .documents import documents


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.prose", description=__doc__)
    parser.add_argument("names", nargs="*", help="beginnings of names: 03, TEACHING")
    parser.add_argument("--sample", type=int, metavar="N", help="try N changes of each kind")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    names = tuple(options.names) or ("",)
    checkers = [Checker(d) for d in documents() if d.name.startswith(names)]
    wrong = 0
    for checker in checkers:
        complaints = checker.complaints()
        wrong += len(complaints)
        print(*complaints, sep="\n")
        for unused in checker.exceptions.keys() - checker.used:
            print(f"{checker.document.name}: exception no longer needed: {unused}")
        print(f"{checker.document.name}: {len(complaints)} complaints")
    for kind in mutations.KINDS if options.sample else ():
        tried = mutations.sample(checkers, kind, options.sample, options.seed)
        missed = [mutation for mutation in tried if not mutation.is_caught]
        print(*missed, sep="\n")
        caught = len(tried) - len(missed)
        print(f"{kind}: {caught} of {len(tried)} changes found, {100 * caught / len(tried):.1f} %")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
