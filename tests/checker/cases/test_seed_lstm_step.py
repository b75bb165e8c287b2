"""Seed-003, an LSTM step: the real submission, and mistakes planted in it."""

import json

import pytest

from tests.checker.cases.homework import HW2, HW3, HW5, ids

RIGHT_2A = {
    "delta_c": "(y_hat - y) * w_y * o * (1 - tanh(c)**2)",
    "delta_o": "(y_hat - y) * w_y * tanh(c)",
    "delta_i": "(y_hat - y) * w_y * o * (1 - tanh(c)**2) * g",
    "delta_f": "(y_hat - y) * w_y * o * (1 - tanh(c)**2) * c_before",
}


def test_row_7_the_gates_gradients_are_right(real):
    _, answers = real(HW2)
    assert [answers["2A.i", name].verdict for name in RIGHT_2A] == ["correct"] * 4


@pytest.mark.parametrize(
    ("answer", "formula"),
    [
        ("delta_c", "-(y - y_hat) * w_y * (o - o*tanh(c)*tanh(c))"),
        ("delta_c", "(y_hat - y) * w_y * (o - h**2 / o)"),
        ("delta_c", "(sigmoid(w_y*o*tanh(c)) - y) * o * w_y * (1 - tanh(f*c_before + i*g)**2)"),
        ("delta_c", "w_y*o*(y_hat - y) * 4 / (exp(c) + exp(-c))**2"),
        ("delta_o", "(y_hat - y) * w_y * h / o"),
        ("delta_o", "w_y * tanh(c) * y_hat - w_y * tanh(c) * y"),
        ("delta_i", "(y_hat - y)*w_y*o*(1 - tanh(c))*(1 + tanh(c))*g"),
        ("delta_f", "c_before*w_y*o*(y_hat - y) - c_before*w_y*o*(y_hat - y)*tanh(c)**2"),
    ],
)
def test_row_7_any_equivalent_writing_is_right(one, answer, formula):
    report = one(HW2, "2A.i", answer, formula)
    assert report.verdict == "correct", report.message


MUTATIONS = {
    "a missing factor o": (" * o", "", ("factor-left-out",), "factor o is missing"),
    "a missing factor w_y": (" * w_y", "", ("factor-left-out",), "factor w_y is missing"),
    "a missing factor g": (" * g", "", ("factor-left-out",), "factor g is missing"),
    "a missing factor c_before": (" * c_before", "", ("factor-left-out",), "factor c_before is"),
    "a missing factor tanh(c)": (" * tanh(c)", "", ("factor-left-out",), "factor tanh(c) is"),
    "i for o": (" * o", " * i", ("other-quantity",), "i was used"),
    "f for o": (" * o", " * f", ("other-quantity",), "f was used"),
    "c for c_before": (" * c_before", " * c", ("other-quantity",), "c was used"),
    "i for g": (" * g", " * i", ("other-quantity",), "i was used"),
    "1 - tanh for 1 - tanh squared": ("**2", "", ("tanh-derivative-not-squared",), "1 - h^2"),
    "no derivative of tanh": (
        " * (1 - tanh(c)**2)",
        "",
        ("tanh-derivative-forgotten",),
        "needs the factor 1 - h^2",
    ),
    "a lost sign": ("y_hat - y", "y - y_hat", ("target-minus-probability",), "sign is turned"),
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_row_7_a_slip_in_a_gates_gradient_is_named_in_every_answer_that_it_can_be_made_in(
    one, what
):
    old, new, mistake, says = MUTATIONS[what]
    answers = {name: text for name, text in RIGHT_2A.items() if old in text}
    assert answers
    for name, text in answers.items():
        report = one(HW2, "2A.i", name, text.replace(old, new))
        assert report.verdict == "mistake", name
        assert ids(report) == mistake, name
        assert says in report.message.replace("`", "")


def test_row_7_a_slip_made_in_all_answers_is_charged_once(bench, by_answer):
    written = {name: text.replace("**2", "") for name, text in RIGHT_2A.items()}
    report = by_answer(bench(HW2).grade(f"  2A.i: {json.dumps(written)}"))
    assert ids(report["delta_c"]) == ("tanh-derivative-not-squared",)
    assert report["delta_o"].verdict == "correct"
    assert {report[name].verdict for name in ("delta_i", "delta_f")} == {"follow_through"}
    assert sum(report[name].points for name in RIGHT_2A) == pytest.approx(7)


def test_row_8_placeholders_are_missing_and_not_wrong(real):
    _, answers = real(HW2)
    left = [("3A", "i"), ("3A", "ii"), ("3B", "i"), ("3B", "ii"), ("3B", "iii")]
    assert [answers[where].verdict for where in left] == ["missing"] * 5
    assert all(answers[where].points == 0 for where in left)


@pytest.mark.parametrize(
    "placeholder", ["Your solution here", "*Your solution here*", "your answer here", "TODO", "..."]
)
@pytest.mark.parametrize(
    ("assignment", "question", "answer"),
    [
        (HW2, "1A", "i"),
        (HW2, "1A", "ii"),
        (HW2, "1B.i", "image_1"),
        (HW2, "2A.i", "delta_c"),
        (HW2, "2A.ii", "text"),
        (HW3, "2a", "grid"),
        (HW5, "q1", "a"),
        (HW5, "q4", "notebook"),
    ],
)
def test_row_8_a_placeholder_is_missing_whatever_is_asked(
    one, assignment, question, answer, placeholder
):
    assert one(assignment, question, answer, placeholder).verdict == "missing"
