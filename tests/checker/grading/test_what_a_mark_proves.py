"""Points and accusations are claims: what could be had without work earns and accuses nothing."""

import numpy as np
import pytest

VECTOR = """
assignment: vector
title: A quantity, one entry of it, and what follows
given: {x: [1.5, -2.5, 0.5], w: [0.3, 0.7, -1.1]}
steps: {E: exp(x) + w, s: sum(E * w), q: s ** 2 + 0.37}
questions:
  a: {points: 1, answers: {E_0: "E[0]"}}
  b: {points: 2, answers: {s: s, q: q}}
"""


def everywhere(made, text):
    """An answer of this number in every box."""
    return {
        name: np.array2string(np.full(np.shape(right), 0), separator=", ").replace("0", text)
        for name, right in zip(made.names, made.right(), strict=True)
    }


@pytest.mark.parametrize("text", ["1", "1.00", "0.25", "-3.21", "0.0"])
@pytest.mark.parametrize("sheet", ["fit3181-a2", "two-layer", "attention", "gated"])
def test_one_number_everywhere_earns_nothing_and_accuses_nobody(bench, sheet, text):
    made = bench(sheet)
    report = made.hand_in(everywhere(made, text))
    earned = [a for a in report.answers if a.points and a.verdict != "correct"]
    assert [(a.answer, a.verdict, a.message) for a in earned] == []
    assert not any(mistake.certainty == "likely" for a in report.answers for mistake in a.mistakes)


def test_what_follows_from_values_that_leave_nothing_to_compute_is_not_carried(fit, by_answer):
    """With h = 1, 1 - h**2 is zero, and with it every gradient that goes through h."""
    puts = {fit.graph.find("h", t): np.ones(3) for t in range(3)}
    found = fit.graph.edited({}).evaluate(fit.nodes, puts)
    values = {name: found[node] for name, node in zip(fit.names, fit.nodes, strict=True)}
    values |= {f"h_{t}": np.ones(3) for t in range(3)}
    answers = by_answer(fit.hand_in(values, 8))
    assert answers["dL_dU"].points == 0
    assert all(answers[f"h_{t}"].points == 0 for t in range(3))


def test_a_given_array_that_is_copied_is_worth_nothing(fit, by_answer):
    answers = by_answer(
        fit.hand_in(
            {"h_0": np.array([1.0, -1, 0]), "dL_dU": "*"}
            | {"dL_dU": np.array([[1.0, 0, -1], [2, 1, 0], [-1, 2, 1]])}
        )
    )
    assert answers["dL_dU"].points == answers["h_0"].points == 0


def test_a_mistake_that_a_right_answer_refutes_is_not_named_there(fit, by_answer):
    """The first loss is right: the logarithm to base 2 was not taken in all of them."""
    right = dict(zip(fit.names, fit.right(), strict=True))
    losses = {"l_0": right["l_0"], "l_1": right["l_1"] / np.log(2), "l_2": right["l_2"]}
    answers = by_answer(fit.hand_in(losses, 8))
    assert [m.where for m in answers["l_1"].mistakes] == ["l[1]"]
    assert answers["l_0"].verdict == "correct"


def test_rounding_explains_nothing_where_the_values_it_came_from_have_eight_digits(fit, by_answer):
    values = dict(zip(fit.names, fit.right(), strict=True))
    values["yhat_0"] = values["yhat_0"] + np.array([0.0009, 0, -0.0009])
    assert by_answer(fit.hand_in(values, 8))["yhat_0"].verdict != "correct"
    assert by_answer(fit.hand_in(values, 3))["yhat_0"].verdict == "correct"


def test_a_negative_loss_is_never_right_by_rounding(bench, by_answer):
    made = bench("""
assignment: near-zero
title: A loss near zero
given: {z: [9.5, 0.25, 1.75], y: 0}
steps: {p: softmax(z), l: "cross_entropy(y, p)"}
questions:
  q: {points: 2, answers: {p: p, l: l}}
""")
    assert by_answer(made.grade("  q: {l: -0.0004}"))["l"].verdict != "correct"


def test_a_wrong_entry_is_carried_forward_as_part_of_its_quantity(bench, by_answer):
    made = bench(VECTOR)
    x, w = np.array([1.5, -2.5, 0.5]), np.array([0.3, 0.7, -1.1])
    E = np.exp(x) + w  # noqa: N806 - as the sheet has it
    E[0] = 3.917
    s = float((E * w).sum())
    answers = by_answer(
        made.hand_in({"E_0": np.array(3.917), "s": np.array(s), "q": np.array(s**2 + 0.37)}, 8)
    )
    assert answers["E_0"].verdict == "wrong"
    assert answers["s"].verdict == answers["q"].verdict == "follow_through"


GENEROUS = """
assignment: generous
title: A root of a sum
given: {W: [[0.5, -1.2], [0.8, 0.4]], x: [1.3, -0.7], eps: 0.002}
steps:
  z: W @ x
  v: sum(z ** 2)
  s: sqrt(v + eps)
questions:
  q: {points: 2, answers: {z: z, s: s}}
"""


@pytest.mark.parametrize(
    ("s", "verdict"),
    [("1.6732", "correct"), ("1.6730", "correct"), ("1.67263", "mistake"), ("1.673", "correct")],
)
def test_a_mistake_that_fits_every_digit_beats_a_right_value_that_needs_generosity(
    bench, s, verdict
):
    report = bench(GENEROUS).hand_in({"z": "[1.49, 0.76]", "s": s})
    found = next(answer for answer in report.answers if answer.answer == "s")
    assert found.verdict == verdict
    assert [(m.id, m.where) for m in found.mistakes] == (
        [("term-left-out", "s")] if verdict == "mistake" else []
    )
