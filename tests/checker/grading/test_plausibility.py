"""What can be said of a value by itself: can it be, and is it worth carrying forward."""

import numpy as np
import pytest

from checker.grading.plausibility import impossible, invariant_broken, trivial


def node(fit, family, *index):
    return fit.graph.find(family, *index)


def test_zeros_are_trivial_where_the_right_value_has_none():
    right = np.array([0.5, 0.0])
    assert trivial(np.zeros(2), right)
    assert not trivial(np.array([0.0, 0.1]), right)
    assert not trivial(np.zeros(2), np.zeros(2))


SPREAD = [[0.3, 0.1], [0.2, 0.4]]


@pytest.mark.parametrize(
    ("values", "right", "without_work"),
    [
        ([[0.3, 0.0], [0.0, 0.0]], SPREAD, True),  # the sum of its rows is the one that isn't zero
        ([[0.3, 0.0], [0.0, 0.2]], SPREAD, False),
        ([[0.3, 0.0], [0.0, 0.0]], [[0.3, 0.1], [0.0, 0.0]], False),
        ([0.3, 0.0], [0.3, 0.1], False),
        ([1.0, -1.0], [0.3, 0.1], True),
        ([1.0, -1.0], [1.0, 0.1], True),
        ([1.0, -1.0], [-1.0, 1.0], False),
        ([1.0, 0.9], [0.3, 0.1], False),
        ([1.0, 1.0], [0.3], False),
    ],
)
def test_what_leaves_nothing_to_compute_after_it_is_trivial(values, right, without_work):
    assert trivial(np.array(values), np.array(right)) is without_work


def test_values_that_are_not_finite_are_trivial():
    assert trivial(np.array([np.nan, 1.0]), np.ones(2))
    assert trivial(np.array([np.inf, 1.0]), np.ones(2))


@pytest.mark.parametrize(
    ("quantity", "possible", "not_possible"),
    [
        ("h", [-1.0, 0.2, 1.0], [-1.1, 0.2, 0.3]),
        ("yhat", [0.0, 0.4, 0.6], [0.0, 0.4, 1.2]),
        ("yhat", [1.0, 0.0, 0.0], [-0.1, 0.5, 0.6]),
    ],
)
def test_a_value_outside_its_operations_range_is_impossible(fit, quantity, possible, not_possible):
    at = node(fit, quantity, 1)
    assert not impossible(fit.graph, at, np.array(possible))
    assert impossible(fit.graph, at, np.array(not_possible))


def test_a_loss_is_never_negative(fit):
    at = node(fit, "l", 0)
    assert impossible(fit.graph, at, np.array(-0.2))
    assert not impossible(fit.graph, at, np.array(0.2))
    assert "never negative" in invariant_broken(fit.graph, at, np.array(-0.2))


def test_rounding_does_not_make_a_value_impossible(fit):
    assert not impossible(fit.graph, node(fit, "h", 1), np.array([1.0005, 0.0, -1.0005]))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.5, 0.4, 0.3], "yours add up to 1.2"),
        ([-0.1, 0.5, 0.6], "can't be negative"),
        ([0.3334, 0.3334, 0.3334], ""),
    ],
)
def test_probabilities_add_up_to_one(fit, values, words):
    said = invariant_broken(fit.graph, node(fit, "yhat", 0), np.array(values))
    assert words in said
    assert bool(said) == bool(words)


def test_the_row_that_does_not_add_up_is_the_one_that_is_told(bench):
    graph = bench("attention").graph
    rows = np.array([[0.3, 0.3, 0.4], [0.5, 0.5, 0.5]])
    assert "1.5" in invariant_broken(graph, graph.find("A"), rows)


COLUMNS = """
assignment: columns
title: A softmax over each column
given:
  z: [[1, 2, 3], [0, 2, -1]]
steps:
  p: softmax(z, axis=0)
questions:
  q1: {title: Probabilities, points: 1, answers: {p: p}}
"""


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([[0.7, 0.5, 0.9], [0.3, 0.5, 0.1]], ""),
        ([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3]], "yours add up to 0.4"),
    ],
)
def test_probabilities_add_up_over_the_axis_of_their_softmax(bench, values, words):
    graph = bench(COLUMNS).graph
    said = invariant_broken(graph, graph.find("p"), np.array(values))
    assert words in said
    assert bool(said) == bool(words)


RANGES = """
assignment: ranges
title: Quantities that can't have every value
given:
  a: [1, 2]
  K: [[1, 0], [0, 1], [1, 1]]
steps:
  cosine: cosine_similarity(a, [2, 1])
  weights: attention_weights(a, K)
  length: norm(a)
  logs: log_softmax(a)
  size: conv_output_size(8, 3)
  total: sum(a)
questions:
  q1: {title: One, points: 1, answers: {total: total}}
"""


@pytest.mark.parametrize(
    ("quantity", "possible", "not_possible", "words"),
    [
        ("cosine", -0.8, 1.2, "A value of cosine-similarity lies between -1 and 1."),
        ("weights", [0.2, 0.3, 0.5], [0.2, 0.3, 0.6], "Probabilities add up to 1"),
        ("weights", [0.2, 0.3, 0.5], [-0.2, 0.7, 0.5], "can't be negative"),
        ("cosine", [-1.0, 1.0], [-1.2, 1.0], "A value of cosine-similarity lies between -1 and 1."),
        ("length", 0.0, -2.2, "A value of norm is never negative."),
        ("weights", 0.3, [0.3, 0.3, 0.3], "yours add up to 0.9"),  # one number has no axis
        ("length", 2.2, -2.2, "A value of norm is never negative."),
        ("logs", [-1.3, -0.3], [-1.3, 0.3], "A value of log-softmax is never positive."),
        ("size", 6.0, -6.0, "A value of conv-output-size is never negative."),
    ],
)
def test_a_value_that_its_operation_never_has_is_told(
    bench, quantity, possible, not_possible, words
):
    graph = bench(RANGES).graph
    at = graph.find(quantity)
    assert not invariant_broken(graph, at, np.array(possible))
    assert words in invariant_broken(graph, at, np.array(not_possible))


def test_a_sum_may_have_any_value(bench):
    graph = bench(RANGES).graph
    assert not impossible(graph, graph.find("total"), np.array(-3.0))
    assert not invariant_broken(graph, graph.find("total"), np.array(-3.0))


def test_tanh_lies_between_minus_one_and_one(fit):
    said = invariant_broken(fit.graph, node(fit, "h", 0), np.array([1.4, 0.0, 0.0]))
    assert "between -1 and 1" in said


def test_what_breaks_a_law_is_told_to_the_student(fit, by_answer):
    report = fit.grade("  q3.2: {yhat_0: [0.51, 0.42, 0.33], yhat_1: [0.1, 0.2, 0.7]}")
    answers = by_answer(report)
    assert "add up to 1" in answers["yhat_0"].message
    assert "add up" not in answers["yhat_1"].message
