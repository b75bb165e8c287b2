"""Grading a submission: finding its answers, judging them, carrying forward, and reporting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.grading import Grader
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.submission import parse_submission

TEXTS = """
assignment: texts
title: Texts and numbers
given: {x: 2}
steps: {y: x**2, z: y + 1}
questions:
  q1: {title: Essay, points: 3, answers: {text: {kind: text, min_words: 3, max_words: 6}}}
  q2: {title: Numbers, points: 2, answers: {y: y, z: z}}
  q3: {title: Count, points: 1, answers: {n: {kind: integer, value: 10 * y}}}
"""


@pytest.fixture
def texts(bench):
    return bench(TEXTS)


@pytest.fixture
def write(tmp_path):
    def write(text: str, name: str = "s.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


# --- files ------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_says_why_and_where(texts, write):
    path = write("assignment: texts\nstudent: someone\nanswers: {q2: [1, 2\n")
    report = texts.grader.grade_file(path, "week1/s.yaml")
    assert report.status == "unreadable"
    assert report.score is None
    assert report.max_score == 6
    assert report.file == "week1/s.yaml"
    assert report.student == "s"
    assert report.problems
    assert report.problems[0].startswith("week1/s.yaml:")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just text",
        "[" * 50_000,
        "a: &x 1\nb: *x\n",
        "assignment: texts\nassignment: texts\nstudent: s\nanswers: {}\n",
        "assignment: texts\nanswers: {}\n",
        "assignment: texts\nstudent: s\n",
        "assignment: texts\nstudent: s\nanswers: [1]\n",
        "\x00\x01",
    ],
)
def test_no_file_at_all_brings_the_grader_down(texts, write, text):
    report = texts.grader.grade_file(write(text), "s.yaml")
    assert report.status == "unreadable"
    assert report.problems


def test_a_file_that_is_not_there_is_unreadable(texts, tmp_path):
    report = texts.grader.grade_file(tmp_path / "none.yaml", "none.yaml")
    assert report.status == "unreadable"


def test_a_submission_to_another_assignment_is_refused_with_both_names(texts, write):
    path = write("assignment: text\nstudent: someone\nanswers: {q2: {y: 4}}\n")
    report = texts.grader.grade_file(path, "s.yaml")
    assert report.status == "unreadable"
    (problem,) = report.problems
    assert "another assignment" in problem
    assert "`texts`" in problem
    assert "`text`" in problem
    assert problem.startswith("s.yaml:1:")


# --- finding answers --------------------------------------------------------------------------


def test_an_unknown_question_gets_a_did_you_mean_with_its_line(fit):
    report = fit.grade("  q3.33: {l_0: 0.175}")
    (remark,) = report.problems
    assert "no question `q3.33`" in remark
    assert "did you mean `q3.3`" in remark
    assert remark.startswith("someone.yaml:4:")


def test_an_unknown_answer_gets_a_did_you_mean_with_its_line(fit, verdicts):
    report = fit.grade("  q3.1:\n    h_0: [-0.762, 0, 0.964]\n    hh_1: [-0.620, 0.444, -0.979]")
    (remark,) = report.problems
    assert "no answer `hh_1`" in remark
    assert "did you mean `h_1`" in remark
    assert remark.startswith("someone.yaml:6:")
    assert verdicts(report)["h_0"] == "correct"
    assert verdicts(report)["h_1"] == "missing"


def test_an_answer_written_as_a_question_is_sent_to_its_question(fit):
    report = fit.grade("  dL_dV: [[1, 2, 3], [4, 5, 6], [7, 8, 9]]")
    (remark,) = report.problems
    assert "`dL_dV` belongs under `q3.5:`" in remark


@pytest.mark.parametrize(
    "text",
    [
        "  q3.4: [-0.919, -1.05, -0.116]",
        "  q3.4: {dL_dh1: [-0.919, -1.05, -0.116]}",
        "  q3.4: {gradient: [-0.919, -1.05, -0.116]}",
        "  q3.4: [[-0.919], [-1.05], [-0.116]]",
    ],
)
def test_the_single_answer_of_a_question_may_stand_alone(fit, text, verdicts):
    report = fit.grade(text)
    assert verdicts(report)["dL_dh1"] == "correct"
    assert report.problems == ()


def test_a_bare_value_for_several_answers_says_which_are_expected(fit):
    report = fit.grade("  q3.3: 2.01")
    (remark,) = report.problems
    assert "`l_0:`" in remark
    assert "`L:`" in remark
    assert "got a text" in remark


def test_nothing_handed_in_is_missing_and_not_wrong(fit, verdicts):
    report = fit.grade("  {}")
    assert set(verdicts(report).values()) == {"missing"}
    assert report.score == 0
    assert report.problems == ()


@pytest.mark.parametrize("nothing", ["", "null", "~", "''", "[]", "{}"])
def test_an_empty_answer_is_missing(fit, nothing, verdicts):
    report = fit.grade(f"  q3.3: {{l_0: {nothing or '~'}, l_1: 0.310}}\n  q3.4: {nothing}")
    assert verdicts(report)["l_0"] == verdicts(report)["dL_dh1"] == "missing"
    assert verdicts(report)["l_1"] == "correct"


def test_an_unreadable_answer_is_invalid_with_its_place_and_spares_the_others(fit, by_answer):
    report = fit.grade("  q3.3: {l_0: '1,175', l_1: 0.310, l_2: nan}")
    answers = by_answer(report)
    assert [answers[name].verdict for name in ("l_0", "l_1", "l_2")] == [
        "invalid",
        "correct",
        "invalid",
    ]
    assert "decimal comma" in answers["l_0"].message
    assert answers["l_0"].points is None
    assert report.status == "needs_review"
    assert report.pending == answers["l_0"].max_points + answers["l_2"].max_points
    assert answers["l_0"].line == 4
    assert answers["l_0"].written == "1,175"


def test_a_wrong_shape_is_invalid_and_says_what_was_expected(fit, by_answer):
    answers = by_answer(fit.grade("  q3.4: [1, 2]"))
    assert answers["dL_dh1"].verdict == "invalid"
    assert "expected 3 numbers, got 2 numbers" in answers["dL_dh1"].message


# --- texts and whole numbers ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [(2, "Too short: 2 words"), (3, "3 words"), (6, "6 words"), (7, "Too long: 7 words")],
)
def test_the_words_of_a_text_are_counted(texts, words, said, by_answer):
    report = texts.grade(f"  q1: {' '.join(['word'] * words)}")
    text = by_answer(report)["text"]
    assert text.verdict == "ungraded"
    assert text.points is None
    assert text.message.startswith(said)
    assert report.status == "needs_review"
    assert report.pending == 3


def test_numbers_where_a_text_is_asked_are_invalid(texts, by_answer):
    assert by_answer(texts.grade("  q1: [1, 2]"))["text"].verdict == "invalid"


def test_a_submission_without_a_text_needs_no_person(texts):
    report = texts.grade("  q2: {y: 4, z: 5}\n  q3: 40")
    assert report.status == "graded"
    assert report.score == 3
    assert report.pending == 0


@pytest.mark.parametrize(
    ("written", "verdict"),
    [("40", "correct"), ("40.0", "correct"), ("41", "wrong"), ("4e1", "correct")],
)
def test_whole_numbers_are_compared_exactly(texts, written, verdict, verdicts):
    assert verdicts(texts.grade(f"  q3: {written}"))["n"] == verdict


# --- carrying forward -------------------------------------------------------------------------


def own(fit, puts: dict[str, list[float]]) -> dict[str, np.ndarray]:
    """All answers as they follow from some values of the student's own."""
    nodes = dict(zip(fit.names, fit.nodes, strict=True))
    found = fit.graph.edited({}).evaluate(
        fit.nodes, {nodes[name]: np.array(value) for name, value in puts.items()}
    )
    values = {name: found[node] for name, node in nodes.items()}
    return {**values, **{name: np.array(value) for name, value in puts.items()}}


ODD = {"h_0": [-0.41, 0.37, 0.82]}


def test_everything_after_a_wrong_value_follows_from_it(fit, verdicts):
    found = verdicts(fit.hand_in(own(fit, ODD), 6))
    assert found["h_0"] in ("wrong", "partial")
    later = {name for name in fit.names if name != "h_0"}
    assert {found[name] for name in later} == {"follow_through"}


def test_what_follows_names_what_it_follows_from(fit, by_answer):
    answers = by_answer(fit.hand_in(own(fit, ODD), 6))
    assert "h_0" in answers["h_1"].message
    assert answers["h_1"].points == answers["h_1"].max_points


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-95, 95).map(lambda n: n / 100), min_size=3, max_size=3))
def test_any_possible_value_is_carried_through_the_whole_closure(fit, verdicts, state):
    values = own(fit, {"h_0": state})
    right = dict(zip(fit.names, fit.right(), strict=True))
    found = verdicts(fit.hand_in(values, 8))
    if found["h_0"] in ("wrong", "partial") and len({abs(entry) for entry in state if entry}) > 1:
        for name in fit.names:
            if name != "h_0" and np.abs(values[name] - right[name]).max() > 0.1:
                assert found[name] == "follow_through", name


def test_what_is_right_is_right_though_an_earlier_value_is_wrong(fit, verdicts):
    values = dict(zip(fit.names, fit.right(), strict=True)) | {"h_0": np.array(ODD["h_0"])}
    found = verdicts(fit.hand_in(values, 6))
    assert {found[name] for name in fit.names if name != "h_0"} == {"correct"}


def test_the_better_of_the_two_counts(fit, verdicts):
    """Some later answers from the wrong value, some from the right one."""
    from_own = own(fit, ODD)
    values = dict(zip(fit.names, fit.right(), strict=True)) | {"h_0": np.array(ODD["h_0"])}
    for name in ("h_1", "yhat_0", "l_0"):
        values[name] = from_own[name]
    found = verdicts(fit.hand_in(values, 6))
    assert found["h_1"] == found["yhat_0"] == found["l_0"] == "follow_through"
    assert found["h_2"] == found["yhat_2"] == found["dL_dh1"] == "correct"


@pytest.mark.parametrize(
    ("name", "value", "then"),
    [
        ("h_0", [0.0, 0.0, 0.0], ("h_1", "yhat_0")),
        ("h_0", [1.9, 0.4, 0.3], ("h_1", "yhat_0")),
        ("yhat_0", [0.3, 0.3, 1.4], ("l_0",)),
        ("yhat_0", [-0.3, 0.9, 0.4], ("l_0",)),
        ("l_0", -0.831, ("L",)),
    ],
)
def test_nothing_is_carried_from_values_that_cannot_be_or_show_nothing(
    fit, name, value, then, verdicts
):
    values = own(fit, {name: value})
    found = verdicts(fit.hand_in(values, 8))
    assert found[name] != "correct"
    assert all(found[later] not in ("correct", "follow_through") for later in then), found


LOSSES = """\
  q3.2:
    yhat_0: [0.08854, 0.07227, 0.8392]
    yhat_1: [0.06100, 0.7336, 0.2054]
    yhat_2: [0.9395, 0.05668, 0.003855]
  q3.3: {l_0: %s, l_1: 0.3098, l_2: 5.558, L: %s}
"""


def test_a_mistake_is_charged_once_though_it_shows_again_where_nothing_is_carried_forward(
    fit, by_answer
):
    """A loss can't be negative, so nothing follows from it; the lost sign explains the mean too."""
    found = by_answer(fit.grade(LOSSES % (-0.1753, 1.898)))
    (first,), (second,) = found["l_0"].mistakes, found["L"].mistakes
    assert first.id == second.id == "cross-entropy-sign-lost"
    assert [first.charged, second.charged].count(True) == 1


def test_what_follows_from_an_unexplained_value_that_cannot_be_is_wrong_and_says_so(fit, by_answer):
    answer = by_answer(fit.grade(LOSSES % (-4.321, (-4.321 + 0.3098 + 5.558) / 3)))["L"]
    assert answer.verdict == "wrong"
    assert answer.points == 0
    assert "nothing is carried forward" in answer.message


def test_nothing_is_carried_from_a_missing_value(fit, verdicts):
    values = own(fit, ODD)
    del values["h_0"]
    found = verdicts(fit.hand_in(values, 8))
    assert found["h_0"] == "missing"
    assert found["h_1"] not in ("correct", "follow_through")
    assert found["h_2"] == "follow_through"


def test_nothing_is_carried_from_an_unreadable_value(fit, verdicts):
    values = own(fit, ODD) | {"h_0": "[-0.41, 0.37, O.82]"}
    found = verdicts(fit.hand_in(values, 8))
    assert found["h_0"] == "invalid"
    assert found["yhat_0"] not in ("correct", "follow_through")


def test_a_right_value_with_too_few_digits_earns_the_credit_for_that(fit, by_answer):
    answer = by_answer(fit.grade("  q3.3: {l_0: 0.18}"))["l_0"]
    assert answer.verdict == "imprecise"
    assert answer.points == pytest.approx(0.5 * answer.max_points)


def test_a_single_digit_that_agrees_is_imprecise_and_shows_no_work(fit, by_answer):
    answer = by_answer(fit.grade("  q3.3: {l_0: 0.2}"))["l_0"]
    assert answer.verdict == "imprecise"
    assert answer.points == 0


def test_credit_for_what_follows_is_the_teachers(bench, by_answer):
    made = bench("""
assignment: credit
title: Credit
marking: {follow_through: 0.5}
given: {x: 3}
steps: {y: x**2 + 0.417, z: 7 * y}
questions:
  q: {points: 2, answers: {y: y, z: z}}
""")
    answers = by_answer(made.grade("  q: {y: 11.293, z: 79.051}"))
    assert answers["z"].verdict == "follow_through"
    assert answers["z"].points == 0.5


# --- entries, points, reports -----------------------------------------------------------------


def test_each_wrong_entry_is_marked_and_says_how_far_it_is_off(fit, by_answer):
    answer = by_answer(fit.grade("  q3.4: [-0.919, -3.77, 0.116]"))["dL_dh1"]
    assert [entry.right for entry in answer.entries] == [True, False, False]
    assert [entry.text for entry in answer.entries] == ["-0.919", "-3.77", "0.116"]
    assert answer.entries[1].off == "several times too large"
    assert answer.entries[2].off == "the other sign is right"
    assert answer.points == pytest.approx(answer.max_points / 3)


def test_a_zero_where_zero_belongs_earns_no_share(fit, by_answer):
    rows = "[[9.1, 8.2, 0], [7.3, 6.4, 0], [5.5, 4.6, 0]]"
    answer = by_answer(fit.grade(f"  q3.6: {rows}"))["dL_dU"]
    assert answer.verdict == "wrong"
    assert answer.points == 0


def test_zeros_everywhere_earn_nothing(fit):
    values = {name: np.zeros_like(v) for name, v in zip(fit.names, fit.right(), strict=True)}
    text = fit.answers({name: str(value.astype(int).tolist()) for name, value in values.items()})
    report = fit.grade(text)
    assert report.score == 0


def test_the_right_value_is_shown_only_to_who_may_see_it(fit):
    text = "assignment: fit3181-a2\nstudent: s\nanswers: {q3.3: {L: 3.5}}\n"
    hidden = fit.grader.grade(parse_submission(text, "s.yaml"), "s.yaml")
    shown = Grader(fit.assignment, reveal=True).grade(parse_submission(text, "s.yaml"), "s.yaml")
    assert all(answer.expected is None for answer in hidden.answers)
    assert {a.answer: a.expected for a in shown.answers}["L"] == "2.01438"
    assert "2.01" not in repr(hidden)


def test_several_students_do_not_see_each_other(fit, cases):
    paths = sorted((cases / "fit3181-a2").glob("*.yaml"))
    alone = [Grader(fit.assignment).grade_file(path, path.name) for path in paths]
    together = [fit.grader.grade_file(path, path.name) for path in paths]
    again = [fit.grader.grade_file(path, path.name) for path in reversed(paths)]
    assert together == alone
    assert again == together[::-1]
    assert [report.student for report in together] == ["student-a", "student-b"]


def test_numbers_are_cut_by_their_own_blanks_whoever_was_graded_before(fit, by_answer):
    def graded(grader, numbers):
        text = f"assignment: fit3181-a2\nstudent: s\nanswers: {{q3.1: {{h_0: {numbers}}}}}\n"
        return by_answer(grader.grade(parse_submission(text, "s.yaml"), "s.yaml"))["h_0"]

    grader = Grader(fit.assignment)
    commas, apart = "[-0,762, 0,000, 0,964]", "[-0, 762, 0, 000, 0, 964]"
    assert graded(grader, commas).entries
    assert graded(grader, apart).verdict == "invalid"
    assert graded(grader, apart) == graded(Grader(fit.assignment), apart)


def test_who_writes_the_same_as_another_gets_the_same_with_their_own_places_and_texts(fit):
    def graded(grader, student, head="", also=""):
        answers = f"{{{also}q3.3: {{l_0: 0.1754, l_1: 0.3097, L: 2.5}}}}"
        text = f"{head}assignment: fit3181-a2\nstudent: {student}\nanswers: {answers}\n"
        return grader.grade(parse_submission(text, "s.yaml"), "s.yaml")

    grader = Grader(fit.assignment)
    first = graded(grader, "a", also="q1: {text: One.}, ")
    second = graded(grader, "b", head="# below\n\n")
    assert second == graded(Grader(fit.assignment), "b", head="# below\n\n")
    lines = [{a.answer: a.line for a in report.answers}["L"] for report in (first, second)]
    assert lines == [3, 5]


def test_points_of_questions_and_answers_add_up(fit, cases):
    for path in sorted((cases / "fit3181-a2").glob("*.yaml")):
        report = fit.grader.grade_file(path, path.name)
        assert report.score == pytest.approx(sum(q.points for q in report.questions))
        assert report.max_score == pytest.approx(sum(q.max_points for q in report.questions))
        for question in report.questions:
            assert question.points == pytest.approx(sum(a.points or 0 for a in question.answers))
            assert question.max_points == pytest.approx(sum(a.max_points for a in question.answers))


def test_every_answer_that_is_asked_is_in_every_report_in_order(fit):
    asked = [(a.question, a.answer) for a in fit.assignment.asked]
    for text in ("  {}", "  q3.6: 5\n  q3.3: {L: 2.01}"):
        assert [(a.question, a.answer) for a in fit.grade(text).answers] == asked


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_submission_brings_the_grader_down(texts_grader, data):
    leaf = st.one_of(
        st.none(),
        st.sampled_from(["1", "4", "40", "0,5", "nan", "1/0", "x", "a b c d", "1e400", "(", "-"]),
    )
    tree = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
    answers = data.draw(
        st.dictionaries(
            st.sampled_from(["q1", "q2", "q3", "q4", "y"]),
            st.one_of(
                tree,
                st.dictionaries(st.sampled_from(["y", "z", "n", "text", "w"]), tree, max_size=3),
            ),
        )
    )
    import json  # noqa: PLC0415 - JSON is YAML

    text = json.dumps({"assignment": "texts", "student": "s", "answers": answers})
    report = texts_grader.grade(parse_submission(text, "s.yaml"), "s.yaml")
    assert len(report.answers) == 4
    assert 0 <= report.score <= report.max_score
    for answer in report.answers:
        assert answer.message
        assert answer.reason


@pytest.fixture(scope="module")
def texts_grader():
    return Grader(build_assignment(parse_assignment_file(TEXTS, "texts.yaml")))


GRID = """
assignment: grid
title: Squared distances, and their sum
index: {i: 0..2, j: 0..1}
given: {a: [1.25, -2.5, 3.75], b: [0.75, 1.5]}
steps:
  D[i, j]: (a[i] - b[j]) ** 2
  s: sum(D)
questions:
  q: {points: 2, answers: {D: D, s: s}}
"""


def test_what_runs_over_two_indices_is_carried_forward_whole(bench):
    text = (
        "assignment: grid\nstudent: {id: one}\n"
        "answers: {q: {D: [[0.25, 0.0625], [1.111, 16], [9, 5.0625]], s: 31.486}}\n"
    )
    report = bench(GRID).grader.grade(parse_submission(text, "one.yaml"), "one.yaml")
    assert [answer.verdict for answer in report.answers] == ["partial", "follow_through"]


# --- reading what is plainly meant ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("q3.1: {H0: [-0.762, 0, 0.964]}", "h_0"),
        ("q3.1: {h-0: [-0.762, 0, 0.964]}", "h_0"),
        ("q3.1: {'h[0]': [-0.762, 0, 0.964]}", "h_0"),
        ("q3.1: {h\u2080: [-0.762, 0, 0.964]}", "h_0"),
        ("Q3.1: {h_0: [-0.762, 0, 0.964]}", "h_0"),
        ("q3_1: {h 0: [-0.762, 0, 0.964]}", "h_0"),
        ("q3.1: {h_0: , h0: [-0.762, 0, 0.964]}", "h_0"),
        ("q3.1: {h_0: 'array([-0.762, 0, 0.964])'}", "h_0"),
        ("q3.1: {h_0: [-0,762, 0,000, 0,964]}", "h_0"),
    ],
)
def test_what_is_plainly_meant_is_graded_and_remarked_on(fit, by_answer, text, answer):
    report = fit.grade(f"  {text}")
    found = by_answer(report)[answer]
    assert found.verdict == "correct"
    assert found.points == found.max_points
    assert found.remark
    assert not report.problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{h_0: [1, 1, 1], h0: [-0.762, 0, 0.964]}", "no answer `h0`"),
        ("{H_0: [1, 1, 1], h0: [-0.762, 0, 0.964]}", "`H_0` can mean `h_0` as well"),
        ("{h00: [-0.762, 0, 0.964]}", "no answer `h00`"),
        ("{h\u00b2: [-0.762, 0, 0.964]}", "no answer `h\u00b2`"),
        ("{h_-1: [-0.762, 0, 0.964]}", "no answer `h_-1`"),
    ],
)
def test_a_key_that_another_one_can_mean_too_is_refused(fit, by_answer, text, words):
    report = fit.grade(f"  q3.1: {text}")
    assert any(words in problem for problem in report.problems)
    assert all(answer.verdict != "correct" for answer in by_answer(report).values())


def test_a_plain_answer_has_no_remark(fit, by_answer):
    answers = by_answer(fit.grade("  q3.1: {h_0: [-0.762, 0, 0.964], h_1: [[1], [2], [3]]}"))
    assert not any(answer.remark for answer in answers.values())
