"""The homework of the seed documents: the real submissions, and mistakes planted in them.

Each section is one document; each test is one row of the verdicts that it must get.
"""

import json
import time

import numpy as np
import pytest

from checker.grading import Grader
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.submission import parse_submission

HW5, HW2, HW3 = "hw5-rnn-attention", "hw2-cnn-lstm", "hw3-lstm-mdrnn"
STUDENTS = {HW5: "student-c", HW2: "student-d", HW3: "student-e"}


@pytest.fixture(scope="module")
def real(bench, cases):
    """The report on the real submission to an assignment, by question and answer."""

    def real(assignment: str):
        name = f"{STUDENTS[assignment]}.yaml"
        report = bench(assignment).grader.grade_file(cases / assignment / name, name)
        return report, {(a.question, a.answer): a for a in report.answers}

    return real


@pytest.fixture(scope="module")
def one(bench):
    """The report on a single answer; a text is put in quotes."""

    def one(assignment: str, question: str, answer: str, written: object):
        text = f"  {json.dumps(question)}: {{{json.dumps(answer)}: {json.dumps(written)}}}"
        report = bench(assignment).grade(text)
        assert not report.problems
        return next(a for a in report.answers if (a.question, a.answer) == (question, answer))

    return one


def ids(report) -> tuple[str, ...]:
    return tuple(mistake.id for mistake in report.mistakes)


def words(report) -> str:
    """All that is said of an answer, alternatives too."""
    offered = [text for mistake in report.mistakes for text in mistake.alternatives]
    return " ".join([report.message, *offered]).replace("`", "")


@pytest.mark.parametrize("assignment", STUDENTS)
def test_the_real_submissions_are_graded_whole(real, assignment):
    report, answers = real(assignment)
    assert not report.problems
    assert report.status == "needs_review"
    assert {a.verdict for a in answers.values()} <= {"correct", "wrong", "missing", "ungraded"}
    for answer in answers.values():
        if answer.verdict == "correct":
            assert answer.points == answer.max_points
        assert not answer.mistakes


@pytest.mark.parametrize(
    ("assignment", "score", "pending"), [(HW5, 12, 6), (HW2, 20, 2), (HW3, 15, 1)]
)
def test_the_scores_are_those_of_a_careful_tutor(real, assignment, score, pending):
    report, _ = real(assignment)
    assert report.score == pytest.approx(score)
    assert report.pending == pending


@pytest.mark.parametrize("assignment", STUDENTS)
def test_a_real_submission_is_graded_in_a_few_seconds_from_cold(bench, cases, assignment):
    grader = Grader(bench(assignment).assignment)
    start = time.perf_counter()
    name = f"{STUDENTS[assignment]}.yaml"
    grader.grade_file(cases / assignment / name, name)
    assert time.perf_counter() - start < 10


def test_a_report_does_not_give_a_right_formula_away(bench):
    """Not even to who hands in nothing."""
    answers = {a.answer: a for a in bench(HW3).grade("  {}").answers}
    assert "beta" not in answers["determinant"].asked
    assert not any(answers[name].asked for name in ("weights", "operations", "steps"))


# --- seed-002: recurrent networks and attention ---------------------------------------------------


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


# --- seed-003: convolution and an LSTM step -------------------------------------------------------


def test_row_5_the_counts_and_the_shape_are_right(real):
    _, answers = real(HW2)
    assert [answers["1A", name].verdict for name in ("i", "ii")] == ["correct"] * 2


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        (600, "conv-parameters-without-biases"),
        (624, "conv-parameters-bias-for-each-plane"),
        (208, "conv-parameters-input-channels-forgotten"),
    ],
)
def test_row_5_a_wrong_count_is_named(one, written, mistake):
    report = one(HW2, "1A", "i", written)
    assert report.verdict == "mistake"
    assert ids(report) == (mistake,)


@pytest.mark.parametrize("written", ["8 * (5*5*3 + 1)", "608.0", "6.08e2", "600 + 8"])
def test_row_5_a_count_may_be_worked_out_in_writing(one, written):
    assert one(HW2, "1A", "i", written).verdict == "correct"


@pytest.mark.parametrize("written", [607, 609, 608.4, 0, -608, 6080])
def test_row_5_a_count_is_exact(one, written):
    assert one(HW2, "1A", "i", written).verdict in ("wrong", "mistake")


def test_row_5_channels_first_is_recognised_for_what_it_is(one):
    report = one(HW2, "1A", "ii", [8, 28, 28])
    assert report.verdict == "mistake"
    assert ids(report) == ("conv-shape-in-other-order",)
    assert "channels" in report.message


@pytest.mark.parametrize(
    ("written", "mistake"),
    [([27, 27, 8], "conv-shape-without-plus-one"), ([32, 32, 8], "conv-shape-kept")],
)
def test_row_5_a_wrong_shape_is_named(one, written, mistake):
    assert ids(one(HW2, "1A", "ii", written)) == (mistake,)


def test_row_5_a_shape_of_two_numbers_says_what_was_expected(one):
    report = one(HW2, "1A", "ii", [28, 28])
    assert report.verdict == "invalid"
    assert "expected 3 numbers, got 2 numbers" in report.message


@pytest.mark.parametrize("written", ["(28, 28, 8)", "28 x 28 x 8", "28\u00d728\u00d78", "28,28,8"])
def test_row_5_a_shape_may_be_written_as_in_a_text(one, written):
    assert one(HW2, "1A", "ii", written).verdict == "correct"


def test_row_5_channels_first_is_recognised_in_round_brackets_too(one):
    listed = one(HW2, "1A", "ii", "[8, 28, 28]")
    assert listed.verdict == "mistake"
    assert ids(one(HW2, "1A", "ii", "(8, 28, 28)")) == ids(listed)


IMAGES = [f"image_{i}" for i in (1, 2, 3, 4)]
AVERAGES = [
    [[1, 0.5], [0.5, 0.25]],
    [[0.5, 1], [0.25, 0.5]],
    [[0.25, 0.5], [0.5, 1]],
    [[0.5, 0.25], [1, 0.5]],
]


def test_row_6_both_kinds_of_pooling_are_right(real):
    _, answers = real(HW2)
    for question in ("1B.i", "1B.ii"):
        assert [answers[question, image].verdict for image in IMAGES] == ["correct"] * 4


@pytest.fixture(scope="module")
def pooled(bench):
    """The reports on the four images of one question."""

    def pooled(question: str, values):
        written = json.dumps(dict(zip(IMAGES, values, strict=True)))
        report = bench(HW2).grade(f"  {question}: {written}")
        return [answer for answer in report.answers if answer.question == question]

    return pooled


@pytest.mark.parametrize("ones", [[[1, 1], [1, 1]], [[1.0, 1.0], [1.0, 1.0]]])
def test_row_6_max_for_average_is_recognised_and_charged_once(pooled, ones):
    reports = pooled("1B.i", [ones] * 4)
    assert {ids(report) for report in reports} == {("max-pool-for-average",)}
    assert [report.mistakes[0].charged for report in reports].count(True) == 1


def test_row_6_average_for_max_is_recognised(pooled):
    assert {ids(report) for report in pooled("1B.ii", AVERAGES)} == {("average-pool-for-max",)}


def test_row_6_sum_for_mean_is_recognised(pooled):
    sums = [(4 * np.array(values)).astype(int).tolist() for values in AVERAGES]
    reports = pooled("1B.i", sums)
    assert {ids(report) for report in reports} == {("avg-pool-summed",)}
    assert {report.mistakes[0].certainty for report in reports} == {"likely"}


def moved_by_one(image: np.ndarray, reduce) -> list[list[float]]:
    return [[float(reduce(image[i : i + 2, j : j + 2])) for j in range(3)] for i in range(3)]


@pytest.mark.parametrize(
    ("question", "reduce", "mistake"),
    [("1B.i", np.mean, "avg-pool-stride-one"), ("1B.ii", np.max, "max-pool-stride-one")],
)
def test_row_6_stride_one_is_recognised_in_its_own_shape(bench, pooled, question, reduce, mistake):
    graph = bench(HW2).graph
    images = [np.asarray(graph.value(graph.ids[image, ()])) for image in IMAGES]
    reports = pooled(question, [moved_by_one(image, reduce) for image in images])
    assert {report.verdict for report in reports} == {"mistake"}
    assert {ids(report) for report in reports} == {(mistake,)}
    assert all("got 3 x 3 numbers" in report.message for report in reports)


def test_row_6_stride_one_is_charged_once(bench, pooled):
    graph = bench(HW2).graph
    images = [np.asarray(graph.value(graph.ids[image, ()])) for image in IMAGES]
    reports = pooled("1B.i", [moved_by_one(image, np.mean) for image in images])
    assert sum(report.points for report in reports) == pytest.approx(3.5)


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


# --- seed-004: backward equations, costs, reversibility -------------------------------------------

RIGHT_1A = {
    "h_bar": "i_bar[2]*i[2]*(1 - i[2])*w_ih + f_bar[2]*f[2]*(1 - f[2])*w_fh"
    " + o_bar[2]*o[2]*(1 - o[2])*w_oh + g_bar[2]*(1 - g[2]**2)*w_gh",
    "c_bar": "c_bar[2]*f[2] + h_bar[1]*o[1]*(1 - tanh(c[1])**2)",
    "g_bar": "c_bar[1]*i[1]",
    "o_bar": "h_bar[1]*tanh(c[1])",
    "f_bar": "c_bar[1]*c[0]",
    "i_bar": "c_bar[1]*g[1]",
}


def test_row_10_the_backward_equations_are_right(real):
    _, answers = real(HW3)
    assert [answers["1a", name].verdict for name in RIGHT_1A] == ["correct"] * 6
    assert answers["1b", "w_ix_bar"].verdict == "correct"


@pytest.mark.parametrize(
    ("answer", "formula"),
    [
        ("h_bar", "w_ih*i_bar[2]*(i[2] - i[2]**2) + w_fh*f_bar[2]*(f[2] - f[2]**2)"
                  " + w_oh*o_bar[2]*(o[2] - o[2]**2) + w_gh*g_bar[2]*(1 - g[2])*(1 + g[2])"),
        ("c_bar", "c_bar[2]*f[2] + h_bar[1]*(o[1] - h[1]**2/o[1])"),
        ("o_bar", "h_bar[1]*h[1]/o[1]"),
        ("i_bar", "g[1]*(c_bar[2]*f[2] + h_bar[1]*o[1]*(1 - tanh(c[1])**2))"),
    ],
)  # fmt: skip
def test_row_10_any_equivalent_writing_is_right(one, answer, formula):
    report = one(HW3, "1a", answer, formula)
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    "formula",
    [
        "sum(x[t] * i_bar[t] * i[t] * (1 - i[t]), t)",
        "3 * mean(x[t] * i_bar[t] * i[t] * (1 - i[t]), t)",
        "i_bar[0]*i[0]*(1-i[0])*x[0] + i_bar[1]*i[1]*(1-i[1])*x[1] + i_bar[2]*i[2]*(1-i[2])*x[2]",
        "sum(c_bar[t] * g[t] * i[t] * (1 - i[t]) * x[t], t)",
    ],
)
def test_row_10_a_weights_gradient_is_a_sum_over_the_steps(one, formula):
    report = one(HW3, "1b", "w_ix_bar", formula)
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    ("answer", "slip", "mistake", "says"),
    [
        ("h_bar", (" + g_bar[2]*(1 - g[2]**2)*w_gh", ""), "path-left-out", "through g[t+1]"),
        ("h_bar", ("g[2]**2", "g[2]"), "tanh-derivative-not-squared", "1 - h^2"),
        ("h_bar", ("(1 - g[2]**2)", "g[2]*(1 - g[2])"), "sigmoid-derivative-for-tanh", "sigmoid"),
        ("h_bar", ("*(1 - i[2])", ""), "sigmoid-derivative-half", "1 - s is missing"),
        ("h_bar", ("w_ih", "w_ix"), "other-quantity", "w_ix was used"),
        ("h_bar", ("i_bar[2]*i", "-i_bar[2]*i"), "sign-turned", "opposite sign"),
        ("c_bar", ("c_bar[2]*f[2] + ", ""), "path-left-out", "through c[t+1]"),
        ("c_bar", ("f[2]", "f[1]"), "neighbouring-step", "f[t] was taken"),
        ("c_bar", ("**2", ""), "tanh-derivative-not-squared", "1 - h^2"),
        ("c_bar", ("o[1]", "i[1]"), "other-quantity", "i[t] was used"),
        ("c_bar", ("+ h_bar", "- h_bar"), "sign-turned", "opposite sign"),
        ("g_bar", ("i[1]", "g[1]"), "other-quantity", "g[t] was used"),
        ("g_bar", ("c_bar[1]", "c_bar[2]"), "neighbouring-step", "dL/dc[t+1] was taken"),
        ("f_bar", ("c[0]", "c[1]"), "neighbouring-step", "c[t] was taken"),
    ],
)
def test_row_10_a_slip_in_a_backward_equation_is_named(one, answer, slip, mistake, says):
    assert slip[0] in RIGHT_1A[answer]
    report = one(HW3, "1a", answer, RIGHT_1A[answer].replace(*slip))
    assert report.verdict == "mistake"
    assert ids(report) == (mistake,)
    assert says in report.message.replace("`", "")


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("-sum(i_bar[t]*i[t]*(1 - i[t])*x[t], t)", "opposite sign"),
        ("sum(i_bar[t]*i[t]*(1 - i[t]), t)", "factor x[t] is missing"),
    ],
)
def test_row_10_a_slip_in_a_weights_gradient_is_named(one, formula, says):
    assert says in one(HW3, "1b", "w_ix_bar", formula).message.replace("`", "")


@pytest.mark.parametrize("answer", RIGHT_1A)
def test_row_10_the_asked_bar_itself_is_no_answer(one, answer):
    assert one(HW3, "1a", answer, f"{answer}[1]").verdict == "invalid"


def test_row_11_the_costs_are_right(real):
    _, answers = real(HW3)
    where = [("2a", "weights"), ("2a", "operations"), ("2a", "grid"), ("2b", "steps")]
    assert [answers[place].verdict for place in where] == ["correct"] * 4


@pytest.mark.parametrize(
    ("question", "answer", "formula"),
    [
        ("2a", "weights", "D*H + 2*H**2"),
        ("2a", "weights", "H*D + H*H + H*H"),
        ("2a", "operations", "n_a*H + 2*H + H*(2*D - 1) + 2*H*(2*H - 1)"),
        ("2b", "steps", "(G - 1) + (G - 1) + 1"),
        ("2a", "grid", "G**2*H*(D + H)"),
        ("2a", "grid", "O(G**2*H*D + G**2*H**2)"),
        ("2a", "grid", "O(G*G*H*maximum(D, H))"),
        ("2a", "grid", "O(G**2*(H*D + H**2 + H))"),
        ("2a", "grid", "O(2*G**2*H*(D + H))"),
        ("2a", "grid", "\u0398(G**2*H*(D + H))"),
    ],
)
def test_row_11_any_equivalent_writing_is_right(one, question, answer, formula):
    report = one(HW3, question, answer, formula)
    assert report.verdict == "correct", report.message


def test_row_11_constant_factors_make_no_other_order(one):
    report = one(HW3, "2a", "grid", "O(3*G**2*H*(7*D + H) + G)")
    assert report.verdict == "correct"


@pytest.mark.parametrize(
    "formula",
    ["O(G**2 * H**2)", "O(G**2*H*D)", "O(G*H*(D + H))", "O(G**3*H*(D + H))", "O(1)", "O(2**G)"],
)
def test_row_11_another_order_is_wrong(one, formula):
    report = one(HW3, "2a", "grid", formula)
    assert report.verdict == "wrong"
    assert "another order of growth" in report.message


@pytest.mark.parametrize(
    ("question", "answer", "formula", "says"),
    [
        ("2a", "weights", "H*(D + H)", "factor 2 is missing"),
        ("2a", "weights", "H*D", "term 2 * H is missing"),
        ("2a", "weights", "D*(D + 2*H)", "D was used"),
        ("2a", "operations", "H*(n_a + 2*D + 4*H)", "term 1 is missing"),
        ("2a", "operations", "H*(2*D + 4*H - 1)", "term n_a is missing"),
        ("2b", "steps", "2*G", "term 1 is missing"),
    ],
)
def test_row_11_a_slip_in_a_count_is_named(one, question, answer, formula, says):
    report = one(HW3, question, answer, formula)
    assert report.verdict == "mistake"
    assert says in report.message.replace("`", "")


def test_row_11_a_count_may_not_be_written_with_other_quantities(one):
    for formula in ("h*(d + 2*h)", "H*(D + 2*G)"):
        assert one(HW3, "2a", "weights", formula).verdict == "invalid"


def test_row_12_the_way_back_is_right_and_the_determinant_is_not(real):
    _, answers = real(HW3)
    assert [answers["3a", name].verdict for name in ("theta", "p")] == ["correct"] * 2
    assert answers["3b", "determinant"].verdict == "wrong"
    assert answers["3b", "determinant"].points == 0


def test_row_12_of_the_determinant_0_no_more_is_said_than_is_known(real):
    _, answers = real(HW3)
    report = answers["3b", "determinant"]
    assert not report.mistakes
    assert "the same value whatever its symbols are" in report.message
    assert "beta" not in report.message


@pytest.mark.parametrize(
    ("question", "answer", "formula"),
    [
        ("3a", "theta", "-(p_next - theta_next)"),
        ("3a", "p", "p_next/beta + alpha*grad_J/beta"),
        ("3b", "determinant", "exp(D * log(beta))"),
    ],
)
def test_row_12_any_equivalent_writing_is_right(one, question, answer, formula):
    report = one(HW3, question, answer, formula)
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    ("answer", "formula"),
    [
        ("theta", "theta_k"),
        ("p", "p_k"),
        ("p", "(p_next + alpha*grad_J)/beta + 0*p_k"),
    ],
)
def test_row_12_the_state_before_is_no_answer_to_itself(one, answer, formula):
    assert one(HW3, "3a", answer, formula).verdict == "invalid"


@pytest.mark.parametrize(
    "formula", ["theta_next + p_next", "theta_next", "theta_next - p_next/beta"]
)
def test_row_12_another_way_back_is_not_right(one, formula):
    assert one(HW3, "3a", "theta", formula).verdict in ("wrong", "mistake")


@pytest.mark.parametrize("formula", ["beta", "D*beta", "-beta**D", "alpha**D"])
def test_row_12_a_slip_in_the_determinant_is_named(one, formula):
    assert one(HW3, "3b", "determinant", formula).verdict == "mistake"


def test_row_12_no_sampled_value_is_said_to_be_miscopied(one):
    report = one(HW3, "3b", "determinant", "1")
    assert "given-miscopied" not in ids(report)
    assert "D = " not in report.message


# --- what the reports show --------------------------------------------------------------------


@pytest.fixture(scope="module")
def revealed(bench):
    """The report on a single answer, with what is right in it."""
    graders = {name: Grader(bench(name).assignment, reveal=True) for name in STUDENTS}

    def revealed(assignment: str, question: str, answer: str, written: str):
        head = f"assignment: {assignment}\nstudent: {{id: a}}\n"
        text = f"{head}answers: {{{question}: {{{answer}: {written}}}}}"
        report = graders[assignment].grade(parse_submission(text, "a.yaml"), "a.yaml")
        return next(r for r in report.answers if (r.question, r.answer) == (question, answer))

    return revealed


@pytest.mark.parametrize(
    ("assignment", "question", "answer", "latex"),
    [
        (HW2, "2A.i", "delta_o", r"\left(\hat{y}-y\right)\,w_{y}\,\tanh(c)"),
        (HW3, "1a", "g_bar", r"\frac{\partial L}{\partial c_{1}}\,i_{1}"),
        (HW5, "q2", "b", r"\delta_{o}\,w_{ho}"),
    ],
)
def test_a_formula_is_revealed_as_a_formula_and_not_as_a_sampled_value(
    revealed, assignment, question, answer, latex
):
    report = revealed(assignment, question, answer, "1")
    assert report.expected_latex == latex


def test_the_right_options_and_orders_are_revealed(revealed):
    chosen = revealed(HW5, "q1", "b", "first")
    assert chosen.expected == "third: a recurrent network in one direction"
    assert revealed(HW3, "2a", "grid", "O(G)").expected == "G**2 * H * (D + H)"


def test_a_mistake_made_in_several_formulas_is_shown_in_each_answers_own(bench):
    pooled = "[[1, 0.5], [0.5, 0.25]]", "[[0.5, 1], [0.25, 0.5]]"
    answers = {"image_1": pooled[0], "image_2": pooled[1]}
    body = ", ".join(f"{name}: {value}" for name, value in answers.items())
    report = bench(HW2).grade(f"  1B.ii: {{{body}}}")
    used = [r.mistakes[0].used for r in report.answers if r.question == "1B.ii" and r.mistakes]
    assert used == [rf"\operatorname{{avgpool}}(\mathrm{{image}}_{{{i}}})" for i in (1, 2)]


@pytest.mark.parametrize(
    ("question", "answer", "written"),
    [("q2", "b", "-delta_o * w_ho"), ("q2", "c", "-delta_h * dpsi_z * h_before")],
)
def test_a_turned_sign_is_told_once_and_of_what_was_asked_for(one, question, answer, written):
    (mistake,) = one(HW5, question, answer, written).mistakes
    assert mistake.id == "sign-turned"
    assert mistake.message == f"`{mistake.where}` has the opposite sign."
    assert mistake.where == {"b": "dJ_o/dh_t", "c": "dJ_h/dw_hh"}[answer]
    assert not mistake.alternatives
