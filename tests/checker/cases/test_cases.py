"""The two real submissions must get the verdicts that a careful tutor gives them."""

import re

import pytest

RIGHT = {"h_0", "h_1", "h_2", "yhat_0", "yhat_1", "yhat_2"}
BASE_10 = "cross-entropy-log-base-10"
GRADIENTS = ("dL_dh1", "dL_dV", "dL_dU")


@pytest.fixture(scope="module")
def student_a(fit, cases):
    return fit.grader.grade_file(cases / "fit3181-a2" / "student-a.yaml", "student-a.yaml")


@pytest.fixture(scope="module")
def student_b(fit, cases):
    return fit.grader.grade_file(cases / "fit3181-a2" / "student-b.yaml", "student-b.yaml")


@pytest.fixture(scope="module")
def written_b(cases):
    text = (cases / "fit3181-a2" / "student-b.yaml").read_text(encoding="utf-8")
    return text[text.index("  q3.1:") :]


def to_digits(text: str, digits: int) -> str:
    def shorter(match: re.Match[str]) -> str:
        return f"{float(match[0]):.{digits}g}"

    return re.sub(r"-?\d+\.\d+(?=[,\]}\s])(?!:)", shorter, text)


def test_student_a_worked_with_three_digits_and_has_the_states_and_predictions_right(
    student_a, verdicts
):
    assert {verdicts(student_a)[name] for name in RIGHT} == {"correct"}


def test_student_a_took_the_logarithm_to_base_10_which_is_named_once_and_charged_once(
    student_a, by_answer
):
    answers = by_answer(student_a)
    losses = [answers[name] for name in ("l_0", "l_1", "l_2")]
    assert [loss.verdict for loss in losses] == ["mistake"] * 3
    assert [[mistake.id for mistake in loss.mistakes] for loss in losses] == [[BASE_10]] * 3
    assert {loss.mistakes[0].certainty for loss in losses} == {"likely"}
    assert [loss.mistakes[0].charged for loss in losses].count(True) == 1


def test_student_a_took_the_mean_of_these_losses_rightly(student_a, by_answer):
    total = by_answer(student_a)["L"]
    assert total.verdict == "follow_through"
    assert total.points == total.max_points


def test_student_a_left_the_gradients_out(student_a, verdicts):
    assert [verdicts(student_a)[name] for name in GRADIENTS] == ["missing"] * 3


def test_student_b_has_everything_before_the_gradients_right(student_b, verdicts):
    found = verdicts(student_b)
    assert {found[name] for name in (*RIGHT, "l_0", "l_1", "l_2", "L")} == {"correct"}


def test_student_b_dropped_the_division_of_the_mean_named_twice_and_charged_once(
    student_b, by_answer
):
    answers = by_answer(student_b)
    first, again = answers["dL_dh1"], answers["dL_dV"]
    assert first.verdict == again.verdict == "mistake"
    assert len(first.mistakes) == len(again.mistakes) == 1
    assert first.mistakes[0].id == again.mistakes[0].id
    assert "mean" in first.mistakes[0].id
    assert [a.mistakes[0].charged for a in (first, again)] == [True, False]
    assert first.points < first.max_points
    assert again.points == again.max_points


def test_student_b_made_two_mistakes_together_in_the_last_gradient(student_b, by_answer):
    answers = by_answer(student_b)
    last = answers["dL_dU"]
    assert last.verdict == "mistake"
    dropped, forward = last.mistakes
    assert dropped.id == answers["dL_dV"].mistakes[0].id
    assert forward.id == "gradient-carried-forward"
    assert (dropped.charged, forward.charged) == (False, True)
    assert forward.certainty == "likely"


@pytest.mark.parametrize("digits", [3, 4, 5, 6])
def test_student_b_is_judged_the_same_with_fewer_digits(fit, written_b, digits, verdicts, named):
    report = fit.grade(to_digits(written_b, digits))
    found, names = verdicts(report), named(report)
    assert {found[name] for name in (*RIGHT, "l_0", "l_1", "l_2", "L")} == {"correct"}
    assert names["dL_dh1"] == names["dL_dV"]
    assert "mean" in names["dL_dh1"][0]
    assert names["dL_dU"] == (*names["dL_dh1"], "gradient-carried-forward")


def test_student_b_is_judged_the_same_when_only_one_gradient_is_handed_in(fit, named):
    rows = "[[0.832, -0.595, 0.481], [0.167, -0.156, 0.358], [-0.999, 0.751, -0.839]]"
    (found,) = named(fit.grade(f"  q3.5: {rows}"))["dL_dV"]
    assert "mean" in found


def test_student_b_is_judged_the_same_when_only_the_gradients_are_handed_in(fit, written_b, named):
    names = named(fit.grade(written_b[written_b.index("  q3.4:") :]))
    assert names["dL_dh1"] == names["dL_dV"]
    assert names["dL_dU"] == (*names["dL_dh1"], "gradient-carried-forward")


def test_two_mistakes_together_are_found_in_the_only_answer_handed_in(fit, written_b, named):
    names = named(fit.grade(written_b[written_b.index("  q3.6:") :]))
    assert set(names) <= {"dL_dU"}
    if names:
        assert "gradient-carried-forward" in names["dL_dU"]


def test_base_10_is_named_when_only_two_losses_are_handed_in(fit, named):
    names = named(fit.grade("  q3.3: {l_1: 0.134, l_2: 2.414}"))
    assert names == {"l_1": (BASE_10,), "l_2": (BASE_10,)}


def test_base_10_and_its_mean_are_both_understood_when_the_mean_stands_alone(fit, verdicts, named):
    report = fit.grade("  q3.3: {L: 0.87483}")
    assert verdicts(report)["L"] == "mistake"
    assert named(report)["L"][-1] == BASE_10


def test_the_scores_are_those_of_a_careful_tutor(student_a, student_b):
    # Q3.1 and Q3.2 in full; of Q3.3 one of four answers is charged at one half.
    assert student_a.score == pytest.approx(3 + 3 + 4 - 0.5)
    # All of Q3.1 to Q3.3; Q3.4 and Q3.6 are charged at one half, Q3.5 repeats the mistake.
    assert student_b.score == pytest.approx(10 + 1.5 + 3 + 1.5)
    assert student_a.pending == student_b.pending == 6
    assert student_a.status == student_b.status == "needs_review"
