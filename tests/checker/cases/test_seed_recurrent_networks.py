"""Seed-002, recurrent networks and attention: the real submission, and mistakes planted in it."""

import json

import numpy as np
import pytest

from checker.grading import Grader
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.submission import parse_submission
from tests.checker.cases.homework import HW5, ids, words


def test_row_1_the_choices_are_right(real):
    _, answers = real(HW5)
    assert [answers["q1", name].verdict for name in "abc"] == ["correct"] * 3


@pytest.mark.parametrize(
    ("answer", "written", "verdict"),
    [
        ("a", ["third", "second"], "correct"),
        ("a", "second", "wrong"),
        ("a", ["first", "second", "third"], "wrong"),
        ("a", ["second", "fifth"], "invalid"),
        ("b", ["third"], "correct"),
        ("b", "fourth", "invalid"),
        ("c", "joint", "wrong"),
    ],
)
def test_row_1_a_choice_is_the_right_set_or_wrong_or_not_offered(one, answer, written, verdict):
    assert one(HW5, "q1", answer, written).verdict == verdict


def test_row_1_the_assignment_may_mark_option_by_option_with_a_penalty(bench):
    source = bench(HW5).assignment.file
    text = (
        "assignment: each\ntitle: Each\nquestions:\n  q1:\n    points: 1\n    answers:\n      a: "
        + json.dumps(
            {
                "kind": "choice",
                "options": source.questions["q1"].answers["a"].options,
                "correct": ["second", "third"],
                "marking": "per_option",
                "penalty": 0.25,
            }
        )
    )
    grader = Grader(build_assignment(parse_assignment_file(text, "each.yaml")))
    for chosen, points in (("second", 0.5), ("[second, third, first]", 0.875), ("first", 0)):
        handed_in = f"assignment: each\nstudent: s\nanswers: {{q1: {{a: {chosen}}}}}\n"
        report = grader.grade(parse_submission(handed_in, "s.yaml"), "s.yaml")
        assert report.score == pytest.approx(points)


def test_row_2_the_gradients_are_right_but_for_the_last_line(real):
    _, answers = real(HW5)
    assert [answers["q2", name].verdict for name in "abc"] == ["correct"] * 3
    assert answers["q2", "d"].verdict == "wrong"
    assert answers["q2", "d"].points == 0


@pytest.mark.parametrize(
    ("answer", "formula"),
    [
        ("a", "-sum(y * (1 - yhat))"),
        ("a", "(yhat - 1) @ y"),
        ("a", "y[0]*yhat[0] - y[0] + y[1]*yhat[1] - y[1]"),
        ("a", "-sum(y * (1 - sigmoid(score + theta)))"),
        ("a", "-y[0]/(1 + exp(score[0] + theta)) - y[1]/(1 + exp(score[1] + theta))"),
        ("b", "w_ho * delta_o"),
        ("b", "delta_o * o_t / h_t"),
        ("c", "delta_h * psi_z * (1 - psi_z) * h_before"),
        ("c", "delta_h * h_before * (sigmoid(z_t) - sigmoid(z_t)**2)"),
        ("c", "delta_h * h_before * exp(-w_hh*h_before - w_hx*x_t)"
              " / (1 + exp(-w_hh*h_before - w_hx*x_t))**2"),
        ("d", "g[1]*dpsi[1]*h[0] + g[2]*dpsi[2]*(h[1] + w_hh*dpsi[1]*h[0])"
              " + g[3]*dpsi[3]*(h[2] + w_hh*dpsi[2]*(h[1] + w_hh*dpsi[1]*h[0]))"),
        ("d", "sum(g[t]*dpsi[t]*h[t-1], t) + w_hh*g[2]*dpsi[2]*dpsi[1]*h[0]"
              " + w_hh*g[3]*dpsi[3]*dpsi[2]*h[1] + w_hh**2*g[3]*dpsi[3]*dpsi[2]*dpsi[1]*h[0]"),
    ],
)  # fmt: skip
def test_row_2_any_equivalent_writing_is_right(one, answer, formula):
    report = one(HW5, "q2", answer, formula)
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    ("answer", "formula", "says"),
    [
        ("a", "y[0]*(1 - yhat[0]) + y[1]*(1 - yhat[1])", "opposite sign"),
        ("a", "-(y[0]/yhat[0] + y[1]/yhat[1])", "needs the factor s(1 - s)"),
        ("b", "delta_o", "factor w_ho is missing"),
        ("b", "delta_o * h_t", "h_t was used"),
        ("b", "-delta_o * w_ho", "opposite sign"),
        ("c", "delta_h * h_before", "needs the factor s(1 - s)"),
        ("c", "delta_h * psi_z * h_before", "the factor 1 - s is missing"),
        ("c", "delta_h * dpsi_z", "factor h_before is missing"),
        ("c", "delta_h * dpsi_z * x_t", "x_t was used"),
        ("d", "sum(g[t]*dpsi[t]*h[t-1], t)", "what comes back through z[t+1]"),
        ("d", "g[1]*dpsi[1]*h[0] + g[2]*dpsi[2]*(h[1] + dpsi[1]*h[0])"
              " + g[3]*dpsi[3]*(h[2] + dpsi[2]*(h[1] + dpsi[1]*h[0]))", "factor w_hh is missing"),
    ],
)  # fmt: skip
def test_row_2_a_slip_in_a_gradient_is_named(one, answer, formula, says):
    report = one(HW5, "q2", answer, formula)
    assert report.verdict == "mistake"
    assert len(report.mistakes) == 1
    assert says in words(report)


def test_row_2_the_struck_out_line_is_not_right(one):
    formula = "-(y[0]/(1 - yhat[0]) + y[1]/(1 - yhat[1]))"
    assert one(HW5, "q2", "a", formula).verdict in ("wrong", "mistake")


@pytest.mark.parametrize(
    "formula",
    ["-(y[0]/(1 - yhat[0]) + y[1]/(1 - yhat[1]))", "-(y[0]*yhat[0] + y[1]*yhat[1])"],
)
def test_row_2_no_mistake_is_named_in_a_quantity_that_the_formula_takes_by_name(one, formula):
    assert "sigmoid-exponent-sign" not in ids(one(HW5, "q2", "a", formula))


def test_row_3_hard_attention_is_right(real):
    _, answers = real(HW5)
    assert [answers["q3a", name].verdict for name in ("scores", "chosen", "output")] == [
        "correct"
    ] * 3
    assert [entry.text for entry in answers["q3a", "output"].entries] == ["6", "1", "2"]


def soft(scale: float = 1.0) -> np.ndarray:
    scores = np.array([-2.0, 3, 0, 6]) / scale
    weights = np.exp(scores) / np.exp(scores).sum()
    return weights @ np.array([[1.0, 0, 2], [2, 1, 0], [0, 3, 1], [6, 1, 2]])


@pytest.mark.parametrize("digits", [2, 3, 4, 6])
def test_row_3_soft_attention_is_recognised(one, digits):
    report = one(HW5, "q3a", "output", [round(float(value), digits) for value in soft()])
    assert report.verdict == "mistake"
    assert ids(report) == ("soft-attention-for-hard",)
    assert "soft attention" in report.message


def test_row_3_soft_attention_with_scaled_scores_is_recognised_too(one):
    written = [round(float(value), 3) for value in soft(np.sqrt(3))]
    assert ids(one(HW5, "q3a", "output", written)) == ("scaled-soft-attention-for-hard",)


def test_row_3_the_key_in_place_of_its_value_is_recognised(one):
    assert ids(one(HW5, "q3a", "output", [0, -2, -4])) == ("hard-attention-gives-key",)


def test_row_3_an_index_is_exact(one):
    assert one(HW5, "q3a", "chosen", 3).verdict == "correct"
    assert one(HW5, "q3a", "chosen", 2).verdict != "correct"
    assert one(HW5, "q3a", "chosen", 3.2).verdict != "correct"
    assert one(HW5, "q3a", "chosen", [0, 0, 0, 1]).verdict == "invalid"


def test_row_4_texts_and_notebooks_wait_for_a_person(real):
    _, answers = real(HW5)
    for where in (("q3b", "text"), ("q4", "notebook")):
        assert answers[where].verdict == "ungraded"
        assert answers[where].points is None
