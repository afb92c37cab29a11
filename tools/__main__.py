"""The commands that course.py passes on: execute, check, translated."""

import sys
from pathlib import Path

import nbformat

from . import execute, lessons, parity


def named(names):
    """Return notebooks: files, or by the beginning of a name in every language; or all."""
    found = [Path(name) for name in names if name.endswith(".ipynb")]
    beginnings = tuple(set(names) - set(map(str, found)) if names else [""])
    found += [path for path in execute.committed_notebooks() if path.name.startswith(beginnings)]
    return found or sys.exit(f"No notebook's name begins with {', '.join(names)}.")


def check(names):
    """Print what is wrong with lessons and pages, and what waits; return whether to mend it."""
    from .prose.documents import documents  # and SymPy, for which the other commands do not wait

    found = [page for page in documents() if page.name.startswith(tuple(names or [""]))]
    faults = [check_document(document) for document in found]
    return any(faults) if found else f"No notebook's or page's name begins with {', '.join(names)}."


def check_document(document):
    from .prose.check import Checker

    checker, waiting = Checker(document), []
    wrong = list(map(str, checker.complaints))
    print(document.name)
    path = execute.NOTEBOOKS / f"{document.name}.ipynb"
    if path.is_file():
        notebook = nbformat.read(path, as_version=4)
        print(*(f"    {part}" for part in lessons.parts(notebook) if part.cells), sep="\n")
        wrong += lessons.faults(notebook)
        for edition in sorted(path.parent.glob(f"*/{path.name}")):
            place = f"{edition.parent.name} {path.stem}, cell "
            wrong += [place + what for what in parity.differences(*parity.editions(edition))]
            waiting += parity.to_translate(edition)
    for line in [*wrong, *waiting]:
        print(line)
    for unused in checker.exceptions.keys() - checker.used:
        print(f"    an exception without a use: {unused}")
    return bool(wrong or (waiting and parity.must_be_current()))


def translated(language="", name="", *cells):
    paths = [*(execute.NOTEBOOKS / language).glob(f"{name}*.ipynb")] if language and name else []
    if not paths:
        return "Which notebook of which language? As in: python3 course.py translated zh_CN 03"
    for path in paths:
        parity.stamp(path, cells)


def main(command, *names):
    if command == "execute":
        return execute.main(named(names))
    return check(names) if command == "check" else translated(*names)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
