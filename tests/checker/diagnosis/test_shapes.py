"""Mistakes that show in the shape of an answer: right for an edit, and not what is asked for."""

import numpy as np
import pytest

from tests.checker.conftest import nested

SHEET = """
assignment: shapes
title: Sums over one axis, products, and what is made of them
given: {A: [[1.37, -2.51, 0.46], [0.53, 3.48, 1.12]], u: [0.31, 0.87, -1.13]}
steps: {m: "sum(A, axis=0)", n: 2 * m, P: A @ A.T, d: u @ u, e: tanh(A)}
questions: {q: {points: 5, answers: {m: m, n: n, P: P, d: d, e: e}}}
"""
A = np.array([[1.37, -2.51, 0.46], [0.53, 3.48, 1.12]])
OVER_ROWS = A.sum(axis=1)


def graded(bench, digits, **values):
    texts = ", ".join(f"{name}: {nested(value, digits)}" for name, value in values.items())
    report = bench(SHEET).grade(f"  q: {{{texts}}}")
    return {answer.answer: answer for answer in report.answers if answer.answer in values}


@pytest.mark.parametrize(
    ("name", "value", "digits", "mistake"),
    [
        ("m", OVER_ROWS, 2, "reduced-over-other-axis"),
        ("m", OVER_ROWS, 4, "reduced-over-other-axis"),
        ("n", 2 * OVER_ROWS, 4, "reduced-over-other-axis"),
        ("P", A.T @ A, 3, "operands-swapped"),
        ("e", np.tanh(A).T, 3, "rows-for-columns"),
    ],
)
def test_numbers_of_another_shape_that_a_mistake_gives_are_that_mistake(
    bench, name, value, digits, mistake
):
    answer = graded(bench, digits, **{name: value})[name]
    assert answer.verdict == "mistake"
    assert [(found.id, found.certainty) for found in answer.mistakes] == [(mistake, "likely")]
    assert 0 < answer.points < answer.max_points


def test_one_mistake_that_gives_two_answers_their_shape_costs_once(bench):
    answers = graded(bench, 3, m=OVER_ROWS, n=2 * OVER_ROWS)
    assert [answer.mistakes[0].charged for answer in answers.values()] == [True, False]
    assert len({answer.mistakes[0].id for answer in answers.values()}) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("m", np.array([1.24, 3.42])),
        ("m", OVER_ROWS[::-1]),
        ("m", OVER_ROWS + 0.03),
        ("P", A.T @ A * [1, 1, 1.02]),
        ("e", A.T),
        ("e", np.tanh(A).sum(axis=0)),
        ("d", np.array([0.375, -0.392, -0.881])),
    ],
)
def test_other_numbers_of_another_shape_are_invalid_and_accuse_nobody(bench, name, value):
    answer = graded(bench, 3, **{name: value})[name]
    assert answer.verdict == "invalid"
    assert answer.mistakes == ()
