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
    answers: {a: a, b: b, E: E, first: "E[0]", p: p, l: l, q: q}
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

CASES = {
    "an own number": ({"a": "8.5"}, "b", cubed(8.5), "follow_through", follows("a")),
    "no own number": ({}, "b", cubed(8.5), "wrong", UNEXPLAINED),
    "another own number": ({"a": "8.5"}, "b", cubed(8.6), "wrong", UNEXPLAINED),
    "a rounded right number": (
        {"a": "7.4"},
        "b",
        cubed(7.4),
        "correct",
        "Right: it follows from your rounded earlier values.",
    ),
    "own scores": (OWN_E, "p", OWN_P, "follow_through", follows("E")),
    "an own entry": ({"first": "1.9"}, "p", MIXED_P, "follow_through", follows("first")),
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
