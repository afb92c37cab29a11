"""Lesson 01: pictures and explorers show what the formulas say, at every stop."""

import math

import nbformat
import pytest

from helpers import lesson_01
from tools.execute import NOTEBOOKS

from .seen import assert_at, explored, numbers, places_of

NAMES = {  # COURSE.md's table, as each edition writes them where they are defined
    ".": ["common logarithm", "lg", "natural logarithm", "surprise", "self-information",
          "information content"],
    "zh_CN": ["常用对数", "lg", "自然对数", "意外程度", "自信息", "信息量"],
}  # fmt: skip


@pytest.mark.parametrize("folder", NAMES)
def test_the_names_of_the_field_are_given_bold_once(folder):
    notebook = nbformat.read(NOTEBOOKS / folder / "01_logarithms.ipynb", 4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert {name: text.count(f"**{name}**") for name in NAMES[folder]} == dict.fromkeys(
        NAMES[folder], 1
    )


def ends(explorer, arrow):
    """Where an arrow begins and where it points to, from left to right."""
    places = places_of(explorer, arrow["d"])
    return places[0][0], places[1][0]


class TestSlideRule:
    def test_the_numbers_stand_where_their_logarithms_say(self):
        explorer = explored("slide_rule")
        for frame in explorer.frames:
            u, v = frame.values["u"], frame.values["v"]
            near = 0.5 < min(u, v) and max(u, v) <= 1
            view = lesson_01.NEAR if near else lesson_01.FAR
            assert_at(explorer, frame.drawn["dot"], view.one + view.decade * math.log10(u), 0)
            product = math.log10(u) + math.log10(v)
            assert_at(explorer, frame.drawn["result"], view.one + view.decade * product, 0)
            shown = numbers(frame.drawn["product"]["text"])
            assert shown == pytest.approx([u, v, u * v], abs=1e-9)
            assert numbers(frame.sentence)[-3:] == pytest.approx([u, v, u * v], abs=1e-9)
            for part, wanted in (("near", near), ("far", not near)):
                shows = {artist["visibility"] == "visible" for artist in frame.drawn[part]}
                assert shows == {wanted}, frame.values

    def test_lengths_add_where_numbers_multiply(self):
        explorer = explored("slide_rule")
        for frame in explorer.frames:
            (one, u), (start, end), (again, product) = (
                ends(explorer, arrow) for arrow in frame.drawn["arrows"]
            )
            assert start == pytest.approx(u, abs=2e-3) and again == pytest.approx(one, abs=2e-3)
            assert product - one == pytest.approx((u - one) + (end - start), abs=4e-3)

    def test_numbers_below_1_lead_to_the_left_and_two_of_them_further(self):
        explorer = explored("slide_rule")
        for frame in explorer.frames:
            lengths = [end - start for start, end in
                       (ends(explorer, arrow) for arrow in frame.drawn["arrows"])]  # fmt: skip
            for factor, length in zip(frame.values.values(), lengths):
                assert (length < -1e-2) == (factor < 1) and (length > 1e-2) == (factor > 1)
            if max(frame.values.values()) < 1:
                assert lengths[2] < min(lengths[:2]) - 1e-2

    def test_a_larger_product_is_further_to_the_right_in_either_view(self):
        explorer = explored("slide_rule")
        for view in (True, False):
            seen = sorted(
                (frame.values["u"] * frame.values["v"], float(frame.drawn["result"]["x"]))
                for frame in explorer.frames
                if ("0.1 to 1." in frame.sentence) == view
            )
            for (less, left), (more, right) in zip(seen, seen[1:]):
                assert (
                    right > left if more > less * 1.001 else right == pytest.approx(left, abs=0.2)
                )


class TestHalvings:
    def test_each_halving_is_an_equal_step_up_and_half_the_last_step_to_the_left(self):
        explorer = explored("halvings")
        for n, frame in enumerate(explorer.frames):
            assert frame.values["n"] == n
            assert_at(explorer, frame.drawn["point"], 0.5**n, n * math.log(2))
            shown = [
                [part for part in frame.drawn[name] if part["visibility"] == "visible"]
                for name in ("risers", "treads", "heights")
            ]
            assert [len(parts) for parts in shown] == [n, n, n]
            for k, (riser, tread, height) in enumerate(zip(*shown)):
                (x0, y0), (x1, y1) = places_of(explorer, riser["d"])
                assert x0 == x1 and y1 - y0 == pytest.approx(math.log(2), abs=3e-3)
                (right, _), (left, _) = places_of(explorer, tread["d"])
                assert right - left == pytest.approx(0.5 ** (k + 1), abs=1e-3)
                assert numbers(height["text"]) == [round(math.log(2), 3)]

    def test_it_says_the_surprise(self):
        for frame in explored("halvings").frames:
            n = frame.values["n"]
            shown = numbers(frame.drawn["label"]["text"])
            assert shown[-1] == numbers(frame.sentence)[-1] == round(n * math.log(2), 3)
            assert 1 / math.prod(shown[1:-1]) == 0.5**n


def test_linear_and_logarithmic_axes():
    picture = lesson_01.plot_linear_and_log([1, 1e12, 1e3])
    linear, logarithmic = picture.figure.axes
    assert (linear.get_xscale(), logarithmic.get_xscale()) == ("linear", "log")
    assert [tick.get_text() for tick in linear.get_yticklabels()] == ["1", "2", "3"]
    assert "3 values from 1 to 1000000000000" in picture.alt and "2 of them" in picture.alt


@pytest.mark.parametrize("values", [[], [1, 0], [-2, 3]])
def test_a_logarithmic_axis_wants_positive_values(values):
    with pytest.raises(ValueError, match="values must be positive: received"):
        lesson_01.plot_linear_and_log(values)


def test_the_four_decimals_that_are_given_are_enough():
    for asked in lesson_01.ask_log_of_product().sets:
        _, two, _, three, x, *_ = numbers(asked["question"])
        given = sum(x % 2**k == 0 for k in range(1, 9)) * two
        given += sum(x % 3**k == 0 for k in range(1, 9)) * three
        assert abs(given - asked["right"][0]) < 0.0004  # not near to rounding the other way
