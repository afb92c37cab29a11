"""``python -m tests.prose 03``: what is wrong with notebook 03; without a name, with anything.

``--sample 1000`` changes that many digits, and as many signs, one at a time, and says how many of
the changes are found, and which are not.
"""

import argparse
import sys

from . import mutations
from .check import Checker
from .documents import documents

parser = argparse.ArgumentParser(prog="python -m tests.prose", description=__doc__)
parser.add_argument("names", nargs="*", default=[""], help="beginnings of names: 03, TEACHING")
parser.add_argument("--sample", type=int, metavar="N", help="try N changes of each kind")
options = parser.parse_args()
checkers = [Checker(d) for d in documents() if d.name.startswith(tuple(options.names))]
for checker in checkers:
    print(*checker.complaints, f"{checker.document.name}: {len(checker.complaints)}", sep="\n")
    for unused in checker.exceptions.keys() - checker.used:
        print(f"    an exception without a use: {unused}")
for kind in mutations.KINDS if options.sample else ():
    tried = mutations.sample(checkers, kind, options.sample, seed=1)
    missed = [mutation for mutation in tried if not mutation.is_caught]
    rate = 100 - 100 * len(missed) / max(1, len(tried))
    print(*missed, f"{kind}: {rate:.1f} % of {len(tried)} changes found", sep="\n")
sys.exit(any(checker.complaints for checker in checkers))
