"""The real submissions of the seed documents, graded whole, and what their reports show."""

import time

import pytest

from checker.grading import Grader
from submissions_schema.submission import parse_submission
from tests.checker.cases.homework import HW2, HW3, HW5, STUDENTS


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
