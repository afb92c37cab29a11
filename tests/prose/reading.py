"""From LaTeX to statements, whose sides are SymPy trees.

SymPy's reader does the work; ``SUBSTITUTIONS`` first rewrite what it would misread without a word,
and ``course_meaning`` says what the functions are that it finds.
"""

from __future__ import annotations

import functools
import re
import warnings
from dataclasses import dataclass

import sympy
from sympy.core.function import AppliedUndef
from sympy.parsing.latex import parse_latex

from . import quantities

RELATIONS = {
    "=": "=", r"\equiv": "=", r"\approx": "≈", r"\ne": "≠", r"\neq": "≠", "<": "<", ">": ">",
    r"\lt": "<", r"\gt": ">", r"\ll": "<", r"\gg": ">", r"\le": "≤", r"\leq": "≤", r"\ge": "≥",
    r"\geq": "≥", r"\to": "→", r"\rightarrow": "→", r"\mapsto": "→", r"\leftarrow": "←",
    r"\gets": "←",
}  # fmt: skip
SEPARATORS = {
    ",", ";", ".", ":", r"\\", r"\quad", r"\qquad", r"\iff", r"\Leftrightarrow", r"\Rightarrow",
    r"\implies", r"\leftrightarrow", r"\land", r"\in",
}  # fmt: skip
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+\.\d+|\s+|.", re.DOTALL)
GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"  # braces, three deep
BRACKET = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
NAME = r"(?:[A-Za-z]|\\(?:sigma|eta|alpha|lambda|theta))(?:_\{\w+\})?"
ATOM = rf"(?:\\frac\s*{GROUP}\s*{GROUP}|\\sigma\s*{BRACKET}|{BRACKET}|{NAME}|\d+|\\infty|\|z\|)"
CHANCES = {"y=1": "a", "1": "a", "y=0": "(1 - a)", "0": "(1 - a)", "y": "p"}


class Unreadable(ValueError):
    """The LaTeX is outside what the checker understands."""


def chance(match: re.Match) -> str:
    event = re.sub(r"\s|\|.*|\\mid.*", "", match[1])
    return CHANCES.get(event, match[0])


def dot_product(match: re.Match) -> str:
    pairs = zip(match[1].split(","), match[2].split(","))
    return "(" + " + ".join(rf"({u}) \cdot ({v})" for u, v in pairs) + ")"


SUBSTITUTIONS = [
    # sizes and spaces mean nothing; one way to write a fraction, a minus, a thousand
    (r"\\(?:left|right|big|Big|displaystyle|limits)(?![a-zA-Z])|\\[,;:! ]|&|~", " "),
    (r"\\[dt]frac", r"\\frac"),
    # an index or a power of one character: \log_2 10 would be read as \log_{210}
    (r"([_^])\s*(\w|\\[a-z]+)", r"\1{\2}"),
    # a word in an index: w_{\text{new}} is one name
    (r"_\{(?:\\\w+\{)?(?:new|t\+1|i\+1)\}?\}|'(?!\()(?<!\\sigma')", "_{n}"),
    (r"_\{(?:\\\w+\{)?(?:old|t)\}?\}", ""),
    # names of functions are one letter each; \log is the natural logarithm
    (r"\\(?:operatorname|mathrm|text)\{(\w)(\w*)\}\s*\(", r"\\\1\2("),
    (r"\\logit\s*\(", "g("),
    (r"\\log(?!\s*_)", r"\\ln"),
    # the argument of a logarithm ends with its first factor: \ln a \cdot b is no logarithm of ab
    (rf"\\(log|ln)\s*(_{GROUP})?\s*({ATOM}(?:\s*\^\s*{GROUP})?)", r"\\\1\2(\3)"),
    # P(y = 1 | x) is a
    (r"P\s*\(([^()]*)\)", chance),
    # a letter before a bracket is a factor: a(1 - a), \eta(a - y), but not L(a, y)
    (r"((?<![A-Za-z\\])(?![LJfg]\b)[A-Za-z](?:_\{\w+\})?|\\eta|\\sigma(?=\s*\([^()]*\\sigma))\s*([(\[])",
     r"\1 \\cdot \2"),
    # ∂L/∂a is a derivative; Δz is one name
    (r"\\partial(?![a-zA-Z])", "d "),
    (r"\\Delta\s*([A-Za-z])(?![A-Za-z])", r"\\Delta_{\1}"),
    # a sum over the batch runs to m
    (r"\\(sum|prod)_\{(?:i|i=1)\}(?!\s*\^)(?:\^\{m\})?", r"\\\1_{i=1}^{m}"),
    # per cent
    (r"\\?%", " / 100"),
    # two vectors side by side are multiplied entry by entry, and added up
    (r"\[([^\[\],]*,[^\[\]]*)\]\s*\\cdot\s*\[([^\[\],]*,[^\[\]]*)\]", dot_product),
]  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One side of a statement; decimals are symbols N_{0}, N_{1} …, whose digits are kept."""

    text: str
    template: str
    numbers: tuple[str, ...]

    @property
    def trees(self) -> tuple[sympy.Expr, ...]:
        """One tree, or one for each entry of a vector."""
        return read_template(self.template)

    @property
    def tree(self) -> sympy.Expr:
        return self.trees[0]

    @functools.cached_property
    def symbols(self) -> frozenset[str]:
        names = {symbol.name for tree in self.trees for symbol in tree.free_symbols}
        return frozenset(name for name in names if not name.startswith("N_"))

    @property
    def symbol(self) -> str:
        """The name, where this side is one quantity and nothing else."""
        return self.tree.name if self.tree.is_Symbol and self.symbols else ""

    @property
    def literal(self) -> bool:
        """Is this a printed number, or a vector of them, and nothing to be computed?"""
        number = r"[-+]?\s*(?:N_\{\d+\}|\d+)(?:\s*/ 100)?"
        return bool(re.fullmatch(rf"{number}|\[{number}(?:\s*,{number})*\s*\]", self.template))

    @property
    def written(self) -> list[str]:
        """The signed numbers of a literal."""
        return re.findall(r"-?\d+(?:\.\d+)?", re.sub(r"\s", "", self.text.replace("{,}", "")))


@dataclass(frozen=True)
class Statement:
    """``left operator right``; an expression that stands alone has no operator and no right."""

    left: Side
    operator: str = ""
    right: Side | None = None

    def __str__(self) -> str:
        return (
            f"{self.left.text} {self.operator} {self.right.text}" if self.right else self.left.text
        )

    @property
    def sides(self) -> list[Side]:
        return [self.left, self.right] if self.right else [self.left]


def statements(latex: str) -> list[Statement | str]:
    """What a formula states, piece by piece; a piece that cannot be read comes back as text."""
    if r"\pm" in latex or r"\mp" in latex:
        upper, lower = (latex.replace(r"\pm", s).replace(r"\mp", t) for s, t in ("+-", "-+"))
        return statements(upper) + statements(lower)
    found: list[Statement | str] = []
    if re.fullmatch(r"\s*\\[A-Za-z]+\s*", latex):
        return found  # a sign is mentioned, such as \log or \eta
    for sides, operators in pieces(latex):
        try:
            read = [read_side(side) for side in sides]
            found += [Statement(*three) for three in zip(read, operators, read[1:])]
            found += [Statement(read[0])] if not operators else []
        except Unreadable:
            found.append(" ".join(" ".join(sides).split()))
    return found


def pieces(latex: str) -> list[tuple[list[str], list[str]]]:
    """Chains of relations; a new line that begins with a relation or a sign goes on with one."""
    latex = re.sub(r"\\(?:begin|end)\{\w+\*?\}|\\[,!](?=\d{3}\b)", "", latex).replace("−", "-")
    latex = re.sub(r"\\\\\s*&?\s*(?=[=+-]|\\approx)", " ", latex).replace("{,}", "")
    chains, depth = [([""], [])], 0
    for token in TOKEN.findall(latex):
        depth += (token in "([{") - (token in ")]}")
        sides, operators = chains[-1]
        if depth == 0 and token in RELATIONS:
            sides.append("")
            operators.append(RELATIONS[token])
        elif depth == 0 and token in SEPARATORS:
            chains.append(([""], []))
        else:
            sides[-1] += token
    chains = [([side.strip() for side in sides], operators) for sides, operators in chains]
    return [chain for chain in chains if any(chain[0])]


@functools.cache
def read_side(text: str) -> Side:
    numbers: list[str] = []

    def keep(match):
        numbers.append(match[0])
        return f" N_{{{len(numbers) - 1}}} "

    template = re.sub(r"\d+\.\d+", keep, text)
    for pattern, meaning in SUBSTITUTIONS:
        template = re.sub(pattern, meaning, template)
    side = Side(text, " ".join(template.split()), tuple(numbers))
    _ = side.symbols
    return side


@functools.cache
def read_template(template: str) -> tuple[sympy.Expr, ...]:
    parts = re.split(r"(\[[^\[\]]*,[^\[\]]*\])", template)
    vectors = [part[1:-1].split(",") for part in parts[1::2]]
    if len({len(entries) for entries in vectors}) > 1:
        raise Unreadable("vectors of different length")
    rows = zip(*vectors) if vectors else [()]
    return tuple(read_scalar(interleave(parts[::2], row)) for row in rows)


def interleave(parts: list[str], entries: tuple[str, ...]) -> str:
    return "".join(part + f"({entry})" for part, entry in zip(parts, entries)) + parts[-1]


@functools.cache
def read_scalar(template: str) -> sympy.Expr:
    if not template or re.search(
        r"\\dots|\\ldots|\\cdots|\\text|\\mathrm|\\lVert|\\operator", template
    ):
        raise Unreadable(template)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = sympy.sympify(parse_latex(template))
        except Exception as error:
            raise Unreadable(template) from error
        return course_meaning(tree)


def course_meaning(tree: sympy.Expr) -> sympy.Expr:
    """Functions, sums and derivatives, spelled out in the course's quantities."""
    constants = {sympy.Symbol("e"): sympy.E, sympy.Symbol("pi"): sympy.pi}
    tree = tree.xreplace(constants | {sympy.Symbol("sigma"): sympy.Symbol("a")})

    def call(function):
        name = function.func.__name__
        if name not in quantities.FUNCTIONS:
            raise Unreadable(name)
        return quantities.FUNCTIONS[name](*function.args)

    tree = tree.replace(lambda t: isinstance(t, AppliedUndef), call)
    tree = tree.replace(sympy.Sum, lambda term, limits: sum(terms(term, limits)))
    tree = tree.replace(sympy.Product, lambda term, limits: sympy.Mul(*terms(term, limits)))
    return tree.replace(
        lambda t: isinstance(t, sympy.Derivative),
        lambda t: quantities.slope(t.expr, t.variables[0]),
    )


def terms(term: sympy.Expr, limits: sympy.Tuple) -> list[sympy.Expr]:
    counter, first, last = limits
    last = last.xreplace({sympy.Symbol("m"): sympy.Integer(quantities.M)})
    if not (first.is_Integer and last.is_Integer and last - first < 50):
        raise Unreadable("a sum without known ends")
    return [
        term.xreplace(
            {counter: k}
            | {
                s: sympy.Symbol(s.name.replace(f"{{{counter}}}", f"{{{k}}}"))
                for s in term.free_symbols
            }
        )
        for k in range(first, last + 1)
    ]
