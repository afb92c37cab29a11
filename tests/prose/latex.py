"""From LaTeX to relations, and from each side of a relation to a SymPy tree.

SymPy's ``parse_latex`` reads fractions, powers, sums and precedence. It would misread much that
a text on this subject writes naturally: ``a(1-a)`` as a call, ``\\log a \\cdot b`` as the
logarithm of a product, ``[2, 1]`` and ``\\partial`` not at all. So a side is first rewritten:
every product and every argument made explicit, and what SymPy has no notion of (printed decimals,
vectors, derivatives, probabilities) replaced by a numbered symbol that is looked up later.
Decimals are replaced because their printed digits matter, and because a changed digit then
needs no second parse.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from functools import cache

import sympy

RELATIONS = {
    "=": "=", r"\equiv": "=", r"\approx": "≈", r"\simeq": "≈", r"\sim": "≈", r"\ne": "≠",
    r"\neq": "≠", "<": "<", r"\lt": "<", r"\ll": "<", ">": ">", r"\gt": ">", r"\gg": ">",
    r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\to": "→", r"\rightarrow": "→",
    r"\longrightarrow": "→", r"\mapsto": "→", r"\leftarrow": "←", r"\gets": "←",
}  # fmt: skip
SEPARATORS = {
    r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow", r"\Rightarrow", r"\implies",
    r"\leftrightarrow", r"\Longrightarrow", r"\land", r"\\", r"\quad", r"\qquad",
    ",", ";", ".", ":",
}  # fmt: skip
SILENT = {
    r"\left", r"\right", r"\,", r"\;", r"\:", r"\!", r"\ ", "&", "~", r"\displaystyle", r"\big",
    r"\Big", r"\bigl", r"\bigr", r"\Bigl", r"\Bigr", r"\limits", r"\tfrac ",
}  # fmt: skip
DOTS = {r"\dots", r"\ldots", r"\cdots"}
OPEN = {"(": ")", "[": "]", "{": "}", r"\{": r"\}"}
CLOSE = set(OPEN.values())
TIMES = {r"\cdot", r"\times", "*"}
LOGS = {r"\log": None, r"\ln": None, r"\lg": "10"}
CALLS = ["sigma", "sigma'", "L", "logit", "exp", "norm", "max", "min", "J", "round"]

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+\.\d+|\d+|\S")
THOUSANDS = re.compile(r"(?<=\d)(\{,\}|\\,|\\ )(?=\d{3})")


class Unreadable(ValueError):
    """The LaTeX is outside what the checker understands."""


@dataclass
class Side:
    """One side of a relation: a parsed template and what its numbered symbols stand for."""

    text: str
    template: str
    numbers: list[str] = field(default_factory=list)
    vectors: list[list[str]] = field(default_factory=list)
    derivatives: list[tuple[str, str]] = field(default_factory=list)
    chances: list[str] = field(default_factory=list)

    @property
    def tree(self):
        return read_template(self.template)

    @property
    def symbol(self) -> str | None:
        """The name, if this side is a single symbol of the course."""
        tree = self.tree
        return tree.name if isinstance(tree, sympy.Symbol) and tree.name[:2] not in LEAVES else None

    @property
    def symbols(self) -> set[str]:
        """Names of all symbols of the course that occur."""
        templates = [self.template, *(t for v in self.vectors for t in v)]
        templates += [t for t, _ in self.derivatives] + [v for _, v in self.derivatives]
        names = {s.name for t in templates for s in read_template(t).free_symbols}
        calls = {str(f.func) for t in templates for f in read_template(t).atoms(sympy.Function)}
        names |= {"z"} & names
        if self.chances:
            names |= {"a", "y"}
        return {n for n in names if n[:2] not in LEAVES and n != "e"} | ({"call"} & calls)

    @property
    def literal(self) -> bool:
        """True for one signed number, or a vector of them: something printed, not computed."""
        number = r"[-+]?(N_\{\d+\}|\d+)(\\cdot 10\^\{-?\d+\}|/100)?"
        if re.fullmatch(number, self.template):
            return True
        match = re.fullmatch(r"[-+]?V_\{(\d+)\}", self.template)
        return bool(match) and all(re.fullmatch(number, t) for t in self.vectors[int(match[1])])


LEAVES = {"N_", "V_", "D_", "P_"}


@dataclass
class Relation:
    """``left operator right``, and the LaTeX it was written in."""

    left: Side
    operator: str
    right: Side

    def __str__(self) -> str:
        return f"{self.left.text} {self.operator} {self.right.text}"


@cache
def read_template(template: str):
    from sympy.parsing.latex import parse_latex

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if re.fullmatch(r"[A-Za-z](_\{\w+\})?", template):
                return sympy.Symbol(template)
            return sympy.sympify(parse_latex(template))
        except Exception as error:
            raise Unreadable(f"parse_latex cannot read {template}") from error


def tokenize(latex: str) -> list[str]:
    latex = re.sub(r"\\(begin|end)\{(aligned|align\*?|gathered|split)\}", " ", latex)
    latex = re.sub(r"\\hat\s*(\{y\}|y)", "a", THOUSANDS.sub("", latex)).replace("−", "-")
    latex = latex.replace(r"\tfrac", r"\frac").replace(r"\dfrac", r"\frac").replace(r"\lbrack", "[")
    latex = (
        latex.replace(r"\lVert", r"\|")
        .replace(r"\rVert", r"\|")
        .replace(r"^\top", "")
        .replace(r"^{\top}", "")
    )
    latex = (
        latex.replace(r"\lvert", "|")
        .replace(r"\rvert", "|")
        .replace(r"\prime", "'")
        .replace("^{'}", "'")
    )
    return [t for t in TOKEN.findall(latex) if t not in SILENT]


def split_relations(latex: str) -> list[tuple[list[list[str]], list[str]]]:
    """Chains in a fragment, each as (sides, operators); a single expression has no operator.

    A line of an aligned environment that starts with a relation or a sign continues the chain.
    """
    chains, sides, operators, depth = [], [[]], [], 0

    def finish():
        nonlocal sides, operators
        if any(sides):
            chains.append((sides, operators))
        sides, operators = [[]], []

    tokens = tokenize(latex)
    for position, token in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        depth += (token in OPEN) - (token in CLOSE)
        if depth == 0 and token in RELATIONS:
            sides.append([])
            operators.append(RELATIONS[token])
        elif token == r"\\" and (following in RELATIONS or following in "+-"):
            continue
        elif depth == 0 and token in SEPARATORS:
            finish()
        else:
            sides[-1].append(token)
    finish()
    return chains


def plus_minus(latex: str) -> list[str]:
    """``\\pm`` and ``\\mp`` say two things at once."""
    if r"\pm" not in latex and r"\mp" not in latex:
        return [latex]
    upper = latex.replace(r"\pm", "+").replace(r"\mp", "-")
    return [upper, latex.replace(r"\pm", "-").replace(r"\mp", "+")]


def read_fragment(latex: str) -> tuple[list[Relation], list[Side], list[str]]:
    """All relations, lone expressions and unreadable pieces of one ``$…$``."""
    relations, lone, unreadable = [], [], []
    for variant in plus_minus(latex):
        for sides, operators in split_relations(variant):
            if sides == [[r"\partial"]]:
                continue  # the sign itself is mentioned
            try:
                read = [read_side(tuple(side)) for side in sides if side or operators]
            except Unreadable:
                unreadable.append(" ".join(" ".join(s) for s in sides))
                continue
            if not operators:
                lone += read
            relations += [Relation(*r) for r in zip(read, operators, read[1:], strict=False)]
    return relations, lone, unreadable


def read_side(tokens: tuple[str, ...]) -> Side:
    text = " ".join(tokens)
    if tokens[-1:] and tokens[-1] in LOGS:
        tokens = (*tokens, "a")  # an operation named alone, as in "take -log"
    if not tokens or DOTS & set(tokens):
        raise Unreadable(text)
    writer = _Rewriter(tokens)
    template = writer.sum()
    if writer.peek():
        raise Unreadable(f"{text}: left over from {writer.peek()}")
    side = Side(text, template, *writer.leaves)
    _ = side.symbols  # parses everything once
    return side


class _Rewriter:
    """Recursive descent over the tokens of one side; returns explicit LaTeX."""

    def __init__(self, tokens):
        self.tokens, self.position, self.bars = list(tokens), 0, set()
        self.leaves = self.numbers, self.vectors, self.derivatives, self.chances = [], [], [], []

    def peek(self, offset=0) -> str:
        place = self.position + offset
        return self.tokens[place] if place < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise Unreadable(
                f"expected {expected or 'more'} after {' '.join(self.tokens[: self.position])}"
            )
        self.position += 1
        return token

    def sum(self) -> str:
        parts = []
        while self.peek() and self.peek() not in CLOSE | {","} | self.bars:
            parts.append(self.take() if self.peek() in "+-" else self.product())
        if not parts or parts[-1] in "+-":
            raise Unreadable("an expression ends early")
        return "".join(parts)

    def product(self) -> str:
        parts = self.factor()
        while self.starts_factor() or self.peek() in TIMES | {"/", r"\div"}:
            divide = self.peek() in {"/", r"\div"}
            if divide or self.peek() in TIMES:
                self.take()
            parts += ("/" if divide else r"\cdot ") + self.signed_factor()
        return parts

    def starts_factor(self) -> bool:
        token = self.peek()
        return (
            bool(token)
            and token not in CLOSE | TIMES | set("+-,/=_^'") | {r"\mid", r"\div"} | self.bars
        )

    def signed_factor(self) -> str:
        if self.peek() in ("+", "-"):
            return f"({self.take()}{self.factor()})"
        return self.factor()

    def factor(self) -> str:
        base = self.atom()
        while self.peek() in ("^", "!", r"\%", "%"):
            token = self.take()
            if token == "^":
                base += "^{" + self.argument() + "}"
            else:
                base += "!" if token == "!" else "/100"
        return base

    def argument(self) -> str:
        """A braced group or a single token, as after ``^`` and ``\\frac``."""
        if self.peek() == "{":
            return self.bracketed("{")[0]
        if self.peek() == "-":
            return self.take() + self.argument()
        token = self.take()
        return _Rewriter.share(self, [token])

    def share(self, tokens) -> str:
        """Rewrite other tokens into the same tables."""
        inner = _Rewriter(tokens)
        inner.leaves = self.leaves
        inner.numbers, inner.vectors, inner.derivatives, inner.chances = self.leaves
        text = inner.sum()
        if inner.peek():
            raise Unreadable(" ".join(tokens))
        return text

    def bracketed(self, opening: str) -> list[str]:
        self.take(opening)
        parts = [self.sum()]
        while self.peek() == ",":
            self.take()
            parts.append(self.sum())
        self.take(OPEN[opening])
        return parts

    def raw_group(self) -> list[str]:
        """Tokens of a bracketed or braced group, or the next token, unread."""
        opening = self.take()
        if opening not in OPEN:
            return [opening]
        depth, group = 1, []
        while depth:
            token = self.take()
            depth += (token in OPEN) - (token in CLOSE)
            group.append(token)
        return group[:-1]

    def leaf(self, kind: str, table: list, value) -> str:
        table.append(value)
        return f"{kind}_{{{len(table) - 1}}}"

    def call(self, name: str, arguments: list[str]) -> str:
        return f"f_{{{CALLS.index(name)}}}({', '.join(arguments)})"

    def atom(self) -> str:
        token = self.peek()
        if re.fullmatch(r"\d+\.\d+", token):
            return self.leaf("N", self.numbers, self.take())
        if token.isdigit():
            return self.take()
        if token in ("(", "[", r"\{"):
            parts = self.bracketed(token)
            return f"({parts[0]})" if len(parts) == 1 else self.leaf("V", self.vectors, parts)
        if token == "{":
            return f"({self.bracketed('{')[0]})"
        if token in ("|", r"\|"):
            self.take()
            self.bars.add(token)
            inner = self.sum()
            self.bars.remove(token)
            self.take(token)
            return f"|{inner}|" if token == "|" else self.call("norm", [inner])
        if token in LOGS:
            return self.logarithm()
        if token == r"\frac":
            return self.fraction()
        if token == r"\sqrt":
            self.take()
            return rf"\sqrt{{{self.argument()}}}"
        if token in (r"\sum", r"\prod"):
            return self.series()
        if token in (r"\exp", r"\max", r"\min"):
            self.take()
            return self.call(token[1:], self.bracketed(self.peek() or "("))
        if token in (r"\operatorname", r"\mathrm", r"\text"):
            self.take()
            name = "".join(self.raw_group())
            if name == "d" or name not in CALLS:
                raise Unreadable(name)
            return self.call(name, self.bracketed(self.peek() or "("))
        if re.fullmatch(r"[A-Za-z]|\\[A-Za-z]+", token):
            return self.name()
        raise Unreadable(f"unexpected {token}")

    def name(self) -> str:
        token = self.take()
        if token in (r"\infty", r"\pi", "e"):
            return token
        if token.startswith("\\") and token[1:] not in (
            "sigma",
            "eta",
            "alpha",
            "lambda",
            "theta",
            "Delta",
            "delta",
            "epsilon",
            "varepsilon",
            "ell",
        ):
            raise Unreadable(token)
        prime = ""
        while self.peek() == "'":
            prime += self.take()
        subscript = ""
        if self.peek() == "_":
            self.take()
            subscript = "".join(self.raw_group())
        while self.peek() == "'":
            prime += self.take()
        if token == r"\sigma" and self.peek() == "(" and not self.mentions(r"\sigma"):
            return self.call("sigma'" if prime else "sigma", self.bracketed("("))
        if (
            token in "Pp"
            and self.peek() == "("
            and {"|", r"\mid"} & set(self.tokens[self.position :])
        ):
            return self.leaf("P", self.chances, "".join(self.raw_group()))
        if token in "LJ" and self.peek() == "(" and not prime:
            arguments = self.bracketed("(")
            return (
                self.call("L", arguments)
                if token == "L" and not subscript
                else self.symbol(token, subscript)
            )
        return self.symbol(token, subscript + ("+" if prime else ""))

    def mentions(self, name: str) -> bool:
        """Is the coming bracket about ``name`` itself, as in σ(1 − σ)? Then it is a product."""
        place = self.position
        group = self.raw_group()
        self.position = place
        return name in group

    @staticmethod
    def symbol(token: str, subscript: str) -> str:
        token = {"d": r"\delta", "i": "i"}.get(token, token)
        if not subscript:
            return token
        words = {"+": "p", "new": "p", "old": "o", "i+1": "n", "t+1": "n"}
        return f"{token}_{{{words.get(subscript, subscript)}}}"

    def logarithm(self) -> str:
        token = self.take()
        base, power = LOGS[token], ""
        while self.peek() in ("_", "^"):
            if self.take() == "_":
                base = self.argument()
            else:
                power = "^{" + self.argument() + "}"
        if self.peek() in ("(", "["):
            argument = self.bracketed(self.peek())[0]
        elif self.peek() in LOGS:
            argument = self.logarithm()
        else:
            argument = self.factor()
            while self.starts_factor() and self.peek() not in LOGS and self.peek() not in "([":
                argument += r"\cdot " + self.factor()
        return rf"(\log_{{{base}}}({argument})){power}" if base else rf"(\ln({argument})){power}"

    def series(self) -> str:
        token = self.take()
        limits = {"_": "i=1", "^": "m"}
        while self.peek() in limits:
            which = self.take()
            limits[which] = "".join(self.raw_group())
        if "=" not in limits["_"]:
            limits["_"] += "=1"
        return f"({token}_{{{limits['_']}}}^{{{limits['^']}}} ({self.product()}))"

    def fraction(self) -> str:
        self.take()
        top, bottom = self.raw_group(), self.raw_group()
        for sign in (r"\partial", "d"):
            if len(bottom) > 1 and top[0] == sign == bottom[0]:
                variable = self.share(bottom[1:])
                operand = self.share(top[1:]) if len(top) > 1 else self.product()
                return self.leaf("D", self.derivatives, (operand, variable))
        return rf"\frac{{{self.share(top)}}}{{{self.share(bottom)}}}"
