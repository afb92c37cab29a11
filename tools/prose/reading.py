r"""From LaTeX to statements, whose sides are SymPy trees.

SymPy's reader does the work. ``SUBSTITUTIONS`` first rewrite what it would misread without a word,
and ``meaning`` spells out the functions and sums that it finds. A decimal becomes a
symbol named by its digits, so that its last place stays known.
"""

import functools
import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

import sympy
from sympy.core.function import AppliedUndef
from sympy.parsing.latex import parse_latex

from . import quantities
from .quantities import symbol

RELATIONS = {
    "=": "=", r"\approx": "≈", r"\ne": "≠", r"\neq": "≠", "<": "<", ">": ">", r"\le": "≤",
    r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\to": "→", r"\leftarrow": "←",
}  # fmt: skip
SEPARATORS = {*r", ; . : \\ \quad \qquad \Rightarrow".split()}
LAYOUT = r"\\(?:left|right|big|Big|displaystyle|limits)(?![a-zA-Z])|\\[,;:! ]|&|~|\{,\}"
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+\.\d+|.", re.DOTALL)
GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"  # braces and brackets, three deep
BRACKET = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
NAME = r"(?:[A-Za-z]|\\(?:sigma|eta))(?:_\{\w+\})?"
ATOM = rf"(?:\\frac\s*{GROUP}\s*{GROUP}|\\sigma\s*{BRACKET}|{BRACKET}|{NAME}|\d+|\\infty)"
SUBSTITUTIONS = [
    # an index or a power of one character: \log_2 10 would be read as \log_{210}
    (r"([_^])\s*(\w|\\[a-z]+)", r"\1{\2}"),
    # \log is the natural logarithm
    (r"\\log(?!\s*_)", r"\\ln"),
    # the argument of a logarithm is its first factor: \ln a \cdot b is no logarithm of ab
    (rf"\\(log|ln)\s*(_{GROUP})?\s*({ATOM}(?:\s*\^\s*{GROUP})?)", r"\\\1\2(\3)"),
    # P(y | x) is p
    (r"P\s*\(y\s*(?:\||\\mid)[^()]*\)", "p"),
    # a letter before a bracket is a factor: a(1 - a), \eta(a - y), but not L(a, y)
    (rf"(?<![A-Za-z\\])((?![LD]\b){NAME})(?<!\\sigma)\s*([(\[])", r"\1 \\cdot \2"),
    # ∂L/∂a is a derivative, here a function D(L, a); Δz is one name
    (r"\\partial(?![a-zA-Z])", "d "),
    (rf"\\frac\s*\{{d\s*({NAME})\s*\}}\s*\{{d\s*({NAME})\s*\}}", r"D(\1, \2)"),
    (r"\\Delta\s*([A-Za-z])(?![A-Za-z])", r"\\Delta_{\1}"),
]  # fmt: skip
COMMANDS = {*r"\frac \cdot \sqrt \sum \max \infty \ln \log \sigma \eta \Delta".split()}
LITERAL = r"[-+]?\s*(?:N_\{\d+\}|\d+)"


class Side(NamedTuple):
    """One side of a statement."""

    text: str
    trees: tuple[sympy.Expr, ...]  # one, or one for each entry of a vector
    literal: bool  # a printed number, or a vector of them, and nothing to be computed

    @property
    def names(self) -> set[str]:
        return {s.name for tree in self.trees for s in tree.free_symbols}

    @property
    def symbols(self) -> set[str]:
        return {name for name in self.names if not name[0].isdigit()}

    @property
    def symbol(self) -> str:
        """The name, where this side is one quantity and nothing else."""
        return self.trees[0].name if self.trees[0].is_Symbol and self.symbols else ""

    @property
    def written(self) -> list[str]:
        return re.findall(r"-?\d+(?:\.\d+)?", self.text.replace(" ", ""))


class Statement(NamedTuple):
    """``left operator right``; what stands alone has no operator, what cannot be read has a ?."""

    left: Side
    operator: str = ""
    right: Side | None = None

    def __str__(self) -> str:
        return f" {self.operator} ".join(side.text for side in self.sides)

    @property
    def sides(self) -> list[Side]:
        return [self.left, self.right] if self.right else [self.left]


@functools.cache
def statements(latex: str) -> list[Statement]:
    found = []
    for sides, operators in pieces(latex):
        try:
            read = [read_side(side) for side in sides]
            found += [Statement(*three) for three in zip(read, operators, read[1:])]
            found += [Statement(read[0])] if not operators else []
        except ValueError:
            found.append(Statement(Side(" ".join(sides), (), False), "?"))
    return found


def pieces(latex: str) -> list[tuple[list[str], list[str]]]:
    """Chains of relations; a new line that begins with a relation or a sign goes on with one."""
    latex = re.sub(r"\\(?:begin|end)\{\w+\*?\}|\\\\(?=\s*&?\s*(?:[=+-]|\\approx))", "", latex)
    latex = re.sub(r"(?<=\d)(?:\{,\}|\\,)(?=\d{3})", "", latex).replace("−", "-")
    latex = re.sub(r"\\[dt]frac", r"\\frac", re.sub(LAYOUT, " ", latex))
    chains, depth = [([""], [])], 0
    for token in TOKEN.findall(latex):
        depth += (token in "([{") - (token in ")]}")
        if depth == 0 and token in RELATIONS:
            chains[-1][1].append(RELATIONS[token])
            chains[-1][0][-1] += "_{n}" if RELATIONS[token] == "←" else ""  # w ← … says what w_n is
            chains[-1][0].append("")
        elif depth == 0 and token in SEPARATORS:
            chains.append(([""], []))
        else:
            chains[-1][0][-1] += token
    return [
        ([s.strip() for s in sides], found) for sides, found in chains if "".join(sides).strip()
    ]


@functools.cache
def read_side(text: str) -> Side:
    numbers, template = re.findall(r"\d+\.\d+", text), text
    for k, number in enumerate(numbers):
        template = template.replace(number, f" N_{{{k}}} ", 1)
    for pattern, meant in SUBSTITUTIONS:
        template = re.sub(pattern, meant, template)
    template = " ".join(template.split())
    digits = {symbol(f"N_{{{k}}}"): symbol(number) for k, number in enumerate(numbers)}
    trees = tuple(tree.xreplace(digits) for tree in read_template(template))
    literal = rf"{LITERAL}|\[{LITERAL}(?:\s*,\s*{LITERAL})*\s*\]"
    return Side(text, trees, bool(re.fullmatch(literal, template)))


@functools.cache
def read_template(template: str) -> list[sympy.Expr]:
    """A text with vectors is read once for each entry, as if there were only that one."""
    parts = re.split(r"\[([^\[\]]*,[^\[\]]*)\]", template)
    vectors = [part.split(",") for part in parts[1::2]] or [[""]]
    if len({len(entries) for entries in vectors}) > 1:
        raise ValueError("vectors of different length")
    rows = [[f"({entry})" if entry else "" for entry in row] for row in zip(*vectors)]
    return [read("".join(p + e for p, e in zip(parts[::2], [*row, ""]))) for row in rows]


@functools.cache
def read(template: str) -> sympy.Expr:
    if not template or not set(re.findall(r"\\[A-Za-z]+", template)) <= COMMANDS:
        raise ValueError(template)
    with warnings.catch_warnings(action="ignore"):
        try:
            return meaning(sympy.sympify(parse_latex(template)))
        except Exception as error:  # SymPy raises whatever comes to hand
            raise ValueError(template) from error


def meaning(tree: sympy.Expr) -> sympy.Expr:
    """Functions and sums, spelled out in the course's quantities."""
    tree = tree.xreplace({symbol("e"): sympy.E})
    functions = quantities.FUNCTIONS
    tree = tree.replace(lambda t: isinstance(t, AppliedUndef), lambda t: functions[t.name](*t.args))
    return tree.replace(sympy.Sum, lambda term, limits: sympy.Add(*terms(term, limits)))


def terms(term: sympy.Expr, limits: sympy.Tuple) -> Iterator[sympy.Expr]:
    """The terms of a sum over the batch, or over any counter: a_i, with 1, 2, 3 for i."""
    counter, first, last = (limit.xreplace({symbol("m"): sympy.Integer(3)}) for limit in limits)
    for k in range(int(first), int(last) + 1):
        names = {s: s.name.replace(f"_{{{counter}}}", f"_{{{k}}}") for s in term.free_symbols}
        meant = {s: symbol(name) for s, name in names.items()}
        yield term.xreplace(meant | {counter: sympy.Integer(k)})
