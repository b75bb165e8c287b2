"""Formulas may take other quantities by name, as a recursion does, but not in a circle."""

import json

import pytest

CHAIN = """
assignment: chain
title: A chain
index: {t: 1..4}
symbols:
  x: {shape: [5]}
  w: {}
  c[0]: {}
steps:
  c[t]: w * tanh(c[t-1]) + x[t]
  L: 0.5 * c[4] * c[4]
  c_bar[t]: grad(L, c[t])
  twice[t]: 2 * c_bar[t]
  other[t]: 3 * c_bar[t] * w
questions:
  one:
    points: 2
    answers:
      c4: {kind: formula, value: "c_bar[4]"}
      c3: {kind: formula, value: "c_bar[3]"}
  two:
    points: 3
    answers:
      c2: {kind: formula, value: "c_bar[2]"}
      c1: {kind: formula, value: "c_bar[1]"}
      o1: {kind: formula, value: "other[1]"}
"""

BACK = "c_bar[{next}] * w * (1 - tanh(c[{at}])**2)"
RIGHT = {
    "c4": "c[4]",
    "c3": BACK.format(next=4, at=3),
    "c2": BACK.format(next=3, at=2),
    "c1": BACK.format(next=2, at=1),
    "o1": "3 * w * c_bar[1]",
}


@pytest.fixture(scope="module")
def right(bench, by_answer):
    """The answers of a chain that are right."""

    def grade(**answers: str) -> set[str]:
        one = {name: text for name, text in answers.items() if name in ("c4", "c3")}
        two = {name: text for name, text in answers.items() if name not in one}
        text = f"  one: {json.dumps(one)}\n  two: {json.dumps(two)}"
        found = by_answer(bench(CHAIN).grade(text))
        return {name for name in answers if found[name].verdict == "correct"}

    return grade


def test_a_recursion_is_right(right):
    assert right(**RIGHT) == set(RIGHT)


def test_what_stands_before_on_the_sheet_may_be_named_whatever_was_made_of_it(right):
    assert right(c3=RIGHT["c3"]) == {"c3"}
    assert right(c4="2 * c[4]", c3=RIGHT["c3"], c2=RIGHT["c2"]) == {"c3", "c2"}


@pytest.mark.parametrize("first", [4, 3, 2])
def test_a_circle_of_any_length_earns_nothing(right, first):
    circle = {f"c{at}": RIGHT[f"c{at}"] for at in range(1, first)}
    text = f"c_bar[1] / ({' * '.join(f'(w * (1 - tanh(c[{at}])**2))' for at in range(1, first))})"
    assert right(**circle, **{f"c{first}": text}) == set()


def test_what_leads_into_a_circle_along_the_sheet_is_right_by_itself(right):
    inverse = "c_bar[3] / (w * (1 - tanh(c[3])**2))"
    found = right(c4=inverse, c3=RIGHT["c3"], c2=RIGHT["c2"], c1=RIGHT["c1"])
    assert found == {"c2", "c1"}


@pytest.mark.parametrize(
    "text", ["twice[4] / 2", "sum([twice[4], 0]) / 2", "c_bar[3]/(w*(1-tanh(c[3])**2))"]
)
def test_what_the_sheet_computes_from_the_answer_does_not_give_it(right, text):
    assert right(c4=text) == set()


def test_a_later_answer_may_be_named_if_it_is_written_out_itself(right):
    out = "c[4] * w * (1 - tanh(c[3])**2)"
    inverse = "c_bar[3] / (w * (1 - tanh(c[3])**2))"
    assert right(c4=inverse, c3=out) == {"c4", "c3"}
    assert right(c4=inverse, c3="c[4]") == set()


def test_two_answers_beside_each_other_do_not_give_each_other(right):
    assert right(c1="other[1] / (3 * w)", o1=RIGHT["o1"]) == set()
    assert right(c1=RIGHT["c1"], o1=RIGHT["o1"]) == {"c1", "o1"}


INVERSES = """
assignment: inverses
title: A quantity with two more that are made of it
symbols: {a: {domain: [1, 2]}, b: {domain: [1, 2]}}
steps: {y: a * b, z: 2 * y, v: 3 * y}
questions: {q: {points: 1, answers: {y: {kind: formula, value: y}}}}
"""


@pytest.mark.parametrize(
    ("formula", "names"),
    [("z / 2", "`z`"), ("v / 3 + 0 * a", "`v`"), ("(z + v) / 5", "`v` and `z`")],
)
def test_what_leads_back_is_told_by_name(bench, by_answer, formula, names):
    answer = by_answer(bench(INVERSES).grade(f"  q: {{y: {formula}}}"))["y"]
    assert answer.verdict == "wrong"
    said = f"This is true, but {names} leads back to what is asked for: write it out."
    assert answer.message.startswith(said)
