"""The notebooks; what the lessons show, ask and check, by the beginnings of functions' names."""

import functools
import importlib
import inspect

import nbformat

from helpers.language import LOCALE
from tools.execute import NOTEBOOKS

ENGLISH = sorted(NOTEBOOKS.glob("*.ipynb"))

LESSONS = {
    path.stem: importlib.import_module(f"helpers.{path.stem}")
    for path in sorted(LOCALE.parent.glob("lesson_*.py"))
}


@functools.cache
def cells_of(path):
    """Return the cells of a notebook, for reading only."""
    return nbformat.read(path, as_version=4).cells


def functions(*beginnings):
    """Return the lessons' functions whose names begin so, by name."""
    return {
        name: function
        for lesson in LESSONS.values()
        for name, function in inspect.getmembers(lesson, inspect.isfunction)
        if name.startswith(beginnings) and function.__module__ == lesson.__name__
    }


def cell_of(function):
    """Return the code of a cell that shows what one of the lessons' functions returns."""
    module, name = function.__module__, function.__name__
    return f"from {module} import {name}\n{name}()"


def lesson_of(function):
    """Return the module of a lesson's function."""
    return LESSONS[function.__module__.removeprefix("helpers.")]
