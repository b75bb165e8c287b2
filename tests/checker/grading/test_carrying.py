"""Carrying forward, case by case: which own values count, and what is said of what follows."""

import numpy as np
import pytest

SHEET = """
assignment: chain
title: One quantity after another
given:
  x: [1.31, -0.72, 2.27]
  w: [[0.4, -1.2, 0.3], [0.9, 0.2, -0.5]]
steps:
  a: sum(x * x)
  b: a ** 3 / 7
  E: w @ x
  p: softmax(E)
  l: -log(p[0])
  q: b * l
questions:
  q1:
    points: 8
    answers: {a: a, b: b, E: E, first: "E[0]", second: "E[1]", p: p, l: l, q: q}
"""
TRIVIAL = "This follows from your own earlier values, but these make it trivial"
IMPOSSIBLE = "but not all of these can be right, whatever the inputs"
UNEXPLAINED = "Not right, and no known mistake explains it."


def follows(names):
    return f"Right from your own earlier values ({names})."


def cubed(a):
    return f"{a**3 / 7:.5g}"


def ln(p, digits=6):
    return f"{-np.log(p):.{digits}g}"


# p is right for the scores that are written beside it: 1.9 and -0.3, or 1.9 and the right -0.1.
OWN_P, MIXED_P = "[0.90025, 0.0997505]", "[0.880797, 0.119203]"
OWN_E = {"E": "[1.9, -0.3]"}
OTHER_P = "[0.911586, 0.088414]"

CASES = {
    "an own number": ({"a": "8.5"}, "b", cubed(8.5), "follow_through", follows("a")),
    "no own number": ({}, "b", cubed(8.5), "wrong", UNEXPLAINED),
    "another own number": ({"a": "8.5"}, "b", cubed(8.6), "wrong", UNEXPLAINED),
    "a number of one": ({"a": "1"}, "b", cubed(1), "mistake", "The factor `a**3` is missing"),
    "a rounded right number": (
        {"a": "7.4"},
        "b",
        cubed(7.4),
        "correct",
        "Right: it follows from your rounded earlier values.",
    ),
    "own scores": (OWN_E, "p", OWN_P, "follow_through", follows("E")),
    "an own entry": ({"first": "1.9"}, "p", MIXED_P, "follow_through", follows("first")),
    "the second entry alone": (
        {"second": "-0.264"},
        "p",
        OTHER_P,
        "follow_through",
        follows("second"),
    ),
    "an entry as in the own scores": (
        {**OWN_E, "first": "1.9"},
        "p",
        OWN_P,
        "follow_through",
        follows("E, first"),
    ),
    "a right entry instead of the own scores": (
        {**OWN_E, "first": "2.069"},
        "p",
        OWN_P,
        "wrong",
        UNEXPLAINED,
    ),
    "two steps": (
        {**OWN_E, "p": OWN_P},
        "l",
        ln(0.90025),
        "follow_through",
        follows("E, p"),
    ),
    "two paths": (
        {"b": "60", "p": "[0.7, 0.3]", "l": ln(0.7)},
        "q",
        f"{-60 * np.log(0.7):.6g}",
        "follow_through",
        follows("b, p, l"),
    ),
    "too few digits": (
        {"p": "[0.7, 0.3]"},
        "l",
        ln(0.7, 1),
        "imprecise",
        "Right from your own earlier values, but with too few digits.",
    ),
    "zeros": ({"E": "[0, 0]", "p": "[0.5, 0.5]"}, "l", ln(0.5), "wrong", TRIVIAL),
    "one number everywhere": ({"E": "[3, 3]", "p": "[0.5, 0.5]"}, "l", ln(0.5), "wrong", TRIVIAL),
    "zeros that don't lead there": (
        {"E": "[0, 0]", "p": "[0.5, 0.5]"},
        "l",
        ln(0.6),
        "wrong",
        UNEXPLAINED,
    ),
    "what can't be": ({"p": "[1.4, -0.4]"}, "l", ln(1.4), "wrong", IMPOSSIBLE),
    "beside zeros that are worth nothing": (
        {"p": "[0.5, 0.5]", "l": "0.3"},
        "q",
        f"{0.3 * 57.59394206737487:.6g}",
        "follow_through",
        follows("l"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_follows_from_own_values(bench, case):
    beside, answer, written, verdict, message = CASES[case]
    report = bench(SHEET).hand_in({**beside, answer: written})
    found = next(a for a in report.answers if a.answer == answer)
    assert (found.verdict, message in found.message) == (verdict, True), found.message
    if verdict in ("follow_through", "correct", "imprecise"):
        assert all(entry.right for entry in found.entries)


def test_the_mistake_is_told_of_what_follows_from_numbers_that_can_not_be_right(bench):
    report = bench(SHEET).hand_in({"E": "[2.069, -0.1]", "p": "[2.069, -0.1]", "l": ln(2.069)})
    made, after = (next(a for a in report.answers if a.answer == name) for name in ("p", "l"))
    for answer in (made, after):
        assert [mistake.id for mistake in answer.mistakes] == ["softmax-left-out"]
    assert after.message == made.message


PATH = """
assignment: path
title: What lies on the way
index: {t: 1..3}
given:
  x: [1.31, -0.72]
  w: [[0.4, -1.2], [0.9, 0.2], [0.35, -0.6]]
  v: [0.7, -1.6, 0.45]
steps:
  z: w @ x
  a: relu(z)
  s: sum(a * v)
  y: s ** 3 + 0.31
  u: sigmoid(4 * z)
  m: sum(u * v) + 0.57
  e[t]: v[t-1] * 0.8 + t
  f[t]: relu(e[t]) * 1.7
  F: f[1] + f[2] + f[3] + 0.21
  d: z[0] - 0.5
  k: argmax(a)
  n: k + 3
  q: n * n + 2
questions:
  q1:
    points: 12
    answers:
      z: z
      s: s
      y: y
      m: m
      e_1: "e[1]"
      e_2: "e[2]"
      e_3: "e[3]"
      F: F
      d: d
      k: {kind: integer, value: k}
      n: {kind: integer, value: n}
      q: {kind: integer, value: q}
"""
NEGATIVE = "[-1.2, -0.4, -2.3]"

ON_THE_WAY = {
    "all units off": ({"z": NEGATIVE}, "y", "0.31", "wrong", TRIVIAL),
    "all units off, and a sum all the same": (
        {"z": NEGATIVE, "s": "1.9"},
        "y",
        "7.169",
        "follow_through",
        follows("z, s"),
    ),
    "the answer itself is zero": ({"z": "[0.5, 0.3, 0.4]"}, "d", "0", "wrong", TRIVIAL),
    "all gates saturated": ({"z": "[10, -11, 12]"}, "m", "1.7200", "wrong", TRIVIAL),
    "two of three gates saturated": (
        {"z": "[10, -11, 0.3]"},
        "m",
        "1.615836",
        "follow_through",
        follows("z"),
    ),
    "one of three numbers off": (
        {"e_1": "-0.4", "e_2": "1.3"},
        "F",
        "8.132",
        "follow_through",
        follows("e_1, e_2"),
    ),
    "three of three numbers off": (
        {"e_1": "-0.4", "e_2": "-1.3", "e_3": "-0.7"},
        "F",
        "0.21",
        "wrong",
        TRIVIAL,
    ),
    "another index": ({"z": "[0.1, 0.3, 0.9]"}, "k", "2", "follow_through", follows("z")),
    "a count of one": ({"n": "1"}, "q", "3", "follow_through", follows("n")),
    "another count": ({"n": "2"}, "q", "6", "follow_through", follows("n")),
}


@pytest.mark.parametrize("case", ON_THE_WAY)
def test_nothing_is_carried_where_the_way_from_the_own_values_is_trivial(bench, case):
    beside, answer, written, verdict, message = ON_THE_WAY[case]
    report = bench(PATH).hand_in({**beside, answer: written})
    found = next(a for a in report.answers if a.answer == answer)
    assert (found.verdict, message in found.message) == (verdict, True), found.message
    assert found.points == 0 or verdict == "follow_through"


def test_what_follows_from_given_numbers_that_were_copied_is_explained_and_earns_nothing(
    bench, by_answer
):
    made = bench("""
assignment: copied
title: Parameters that are updated
given:
  W: [[0.4, -1.2], [0.9, 0.2]]
  G: [[1.3, 0.7], [-2.1, 0.6]]
  x: [1.31, -0.72]
steps: {V: W - 0.1 * G, y: V @ x, r: y * y + x}
questions:
  q1: {points: 3, answers: {V: V, y: y, r: r}}
""")
    copied = {"V": "[[0.4, -1.2], [0.9, 0.2]]", "y": "[1.388, 1.035]"}
    answers = by_answer(made.hand_in({**copied, "r": "[3.236544, 0.351225]"}))
    assert [mistake.id for mistake in answers["y"].mistakes] == ["term-left-out"]
    assert (answers["V"].points, answers["y"].points, answers["r"].points) == (0, 0, 1)
    assert answers["r"].verdict == "follow_through"


COUNT = """
assignment: count
title: A count, and what is made of it
given: {n: 7, f: 4, w: 10.37}
steps: {k: "conv_output_size(n, f)", m: k * w}
questions:
  q: {points: 2, answers: {k: {kind: integer, value: k}, m: m}}
"""


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ("k: 1, m: 10.37", "follow_through"),
        ("k: 5, m: 51.85", "follow_through"),
        ("k: 0, m: 0", "wrong"),
    ],
)
def test_a_count_may_well_be_one_but_zero_leaves_nothing_to_compute(bench, answers, verdict):
    report = bench(COUNT).grade(f"  q: {{{answers}}}")
    assert [answer.verdict for answer in report.answers] == ["wrong", verdict]


SHUT_OFF = """
assignment: shut-off
title: Units that relu shuts off in between
index: {t: 1..5}
given: {W: [[-3.1, 0.2], [0.3, -2.9]], b: [0.71, 0.83], "h[0]": [0.21, 0.17]}
steps: {"h[t]": "relu(W @ h[t-1] + b)", s: "1.7 * sum(h[5])"}
questions:
  q: {points: 2, answers: {h1: "h[1]", s: s}}
"""


def test_nothing_is_carried_through_a_state_in_between_that_is_zero(bench):
    """Of h[1] = (0.934, 0.817) comes h[2] = 0: whatever was before it, s is what follows from b."""
    report = bench(SHUT_OFF).grade("  q: {h1: [0.934, 0.817], s: 2.618}")
    assert [answer.verdict for answer in report.answers] == ["wrong", "wrong"]
    assert "these make it trivial" in report.answers[1].message
    carried = bench(SHUT_OFF).grade("  q: {h1: [0.21, 0.13], s: 1.545}")
    assert carried.answers[1].verdict == "follow_through"


LOGARITHM = """
assignment: logarithm
title: What has no value for some own numbers
given: {x: 0.83, w: [1.31, 0.47]}
steps: {a: 2 * x, l: log(a), m: l * w}
questions: {q: {points: 3, answers: {a: a, l: l, m: m}}}
"""


def test_what_has_no_value_for_the_own_numbers_follows_from_nothing(bench):
    report = bench(LOGARITHM).grade("  q: {a: -0.53, l: -0.635, m: [-0.832, -0.298]}")
    assert [answer.verdict for answer in report.answers] == ["wrong", "wrong", "follow_through"]
    report = bench(LOGARITHM).grade("  q: {a: -0.53, m: [-0.832, -0.298]}")
    assert [answer.verdict for answer in report.answers] == ["wrong", "missing", "wrong"]
