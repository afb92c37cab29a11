"""Expressions in a notebook's code, evaluated like those in its mathematics.

So that an expression quoted in the text can be recognised as one that the code computes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .world import State, Undefined, log, log_loss, logit, mp, sigmoid, times

FUNCTIONS = {
    "log": log, "log2": lambda v: log(v, 2), "log10": lambda v: log(v, 10), "exp": mp.exp,
    "sqrt": mp.sqrt, "log1p": lambda v: log(1 + v), "abs": abs, "maximum": max,
    "log_loss": log_loss, "sigmoid": sigmoid, "logit": logit,
}  # fmt: skip
OPERATORS = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: times,
    ast.Div: lambda a, b: a / b, ast.Pow: mp.power,
}  # fmt: skip


def expressions(source: str) -> Iterator[ast.AST]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call)):
            yield node


def value(node: ast.AST, state: State):
    """The value of a Python expression, its names read as the course's symbols."""
    try:
        return _value(node, state)
    except (TypeError, ZeroDivisionError, OverflowError, ValueError) as error:
        raise Undefined(str(error)) from error


def _value(node, state):
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return mp.mpf(repr(node.value))
    if (
        isinstance(node, ast.Name)
        and len(node.id) == 1
        or isinstance(node, ast.Name)
        and node.id == "eta"
    ):
        return state[node.id]
    if isinstance(node, ast.Attribute) and node.attr == "e":
        return +mp.e
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, state)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](_value(node.left, state), _value(node.right, state))
    if isinstance(node, ast.Call) and not node.keywords:
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(a, state) for a in node.args))
    raise Undefined("not an expression of the course")
