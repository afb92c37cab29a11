"""Every formula and every number in the text is checked; and the checks find planted faults."""

import functools

import pytest
import sympy

from tests import mutations
from tools.prose import check, quantities, reading
from tools.prose.documents import documents

CAUGHT = {"digits": 0.92, "signs": 0.95}
SAMPLE = {"digits": 800, "signs": 200}


@functools.cache
def checkers() -> dict[str, check.Checker]:
    return {document.name: check.Checker(document) for document in documents()}


@pytest.mark.parametrize("name", sorted(checkers()))
def test_every_formula_and_every_number_holds(name):
    complaints = checkers()[name].complaints
    assert not complaints, "\n".join(["", *map(str, complaints)])


def test_the_exceptions_are_few_and_give_their_reasons():
    entries = [(name, why) for name, texts in check.EXCEPTIONS.items() for why in texts.values()]
    assert len(entries) <= 40
    assert all(why and name in checkers() for name, why in entries)


@pytest.mark.parametrize("kind", CAUGHT)
def test_changed_characters_are_found(kind):
    notebooks = [checker for name, checker in checkers().items() if not name.endswith(".md")]
    tried = mutations.sample(notebooks, kind, SAMPLE[kind], seed=1)
    missed = [str(mutation) for mutation in tried if not mutation.is_caught]
    assert len(tried) - len(missed) >= CAUGHT[kind] * len(tried), "\n".join(["", *missed])


MEANINGS = {
    r"\left( a \right) \, b": "a*b",
    r"\tfrac{a}{2}": "a/2",
    r"\log_2 8": "log(8, 2)",
    r"x^2": "x**2",
    r"\log a": "log(a)",
    r"\log a \cdot b": "log(a)*b",
    r"\log_{10} x \cdot \ln 10": "log(x, 10)*log(10)",
    r"\log \frac{1}{a}": "log(1/a)",
    r"\log a^y": "log(a**y)",
    r"y \log \sigma(z) + b": "y*log(1/(1 + exp(-z))) + b",
    r"P(y \mid x)": "p",
    r"a(1 - a)": "a*(1 - a)",
    r"\eta (a - y)^2": "eta*(a - y)**2",
    r"a_1(1 - a_1)": "a_1*(1 - a_1)",
    r"L(a, 1)": "-log(a)",
    r"\frac{\partial L}{\partial z}": "a_z*(a - y)/(a*(1 - a))",
    r"\frac{\partial z}{\partial w}": "x",
    r"\Delta z": "Delta_z",
    r"\frac{1}{m} \sum_{i=1}^{m} (a_i - y_i)": "(a_1 + a_2 + a_3 - y_1 - y_2 - y_3)/m",
    r"-2 \, [w, b]": "-2*w",
}


@pytest.mark.parametrize("latex", MEANINGS)
def test_what_the_reader_makes_of(latex):
    names = {n: sympy.Symbol(n) for n in ("w", "b", "x", "y", "z", "a", "p", "m", "eta")}
    names |= {f"{n}_{i}": sympy.Symbol(f"{n}_{{{i}}}") for n in "ayxw" for i in "123n"}
    names["Delta_z"] = sympy.Symbol("Delta_{z}")
    names["a_z"] = sympy.diff(quantities.sigmoid(names["z"]), names["z"])
    meant = sympy.sympify(MEANINGS[latex], locals=names)
    (statement,) = reading.statements(latex)
    assert sympy.simplify(statement.left.trees[0] - meant) == 0
