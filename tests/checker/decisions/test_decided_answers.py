"""Decisions in the way of one submission: judged, carried forward, marked and told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.grading import Grader
from reference_solutions.assignment import build_assignment, load_assignment
from reference_solutions.shipped import find_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.submission import parse_submission

SHEET = """\
assignment: chain
title: A chain
given: {x: [1.5, 2.25, 4.125], w: 3}
steps: {m: mean(x), p: "m ** 2", q: "p + w"}
questions:
  q1: {points: 4, answers: {m: m, p: p}}
  q2: {points: 2, answers: {q: q}}
  q3: {points: 3, answers: {why: {kind: text}}}
  q4: {points: 1, answers: {which: {kind: choice, options: {a: up, b: down}, correct: [a]}}}
"""
RIGHT = "q1: {m: 2.625, p: 6.8906}, q2: {q: 9.8906}, q3: because, q4: a"


@pytest.fixture(scope="module")
def chain():
    return build_assignment(parse_assignment_file(SHEET, "chain.yaml"))


@pytest.fixture(scope="module")
def decided(chain):
    def graded(decisions, answers, student="ada"):
        grader = Grader(chain, decisions=[("d.yaml", f"decisions:\n{decisions}".encode())])
        text = f"assignment: chain\nstudent: {student}\nanswers: {{{answers}}}\n"
        report = grader.grade(parse_submission(text, "a.yaml"), "a.yaml")
        return {answer.answer: answer for answer in report.answers}

    return graded


WRONG = "q1: {m: 3.77, p: 14.2129}, q2: {q: 17.2129}, q3: because, q4: b"


def test_an_accepted_value_is_right_and_carried_forward_as_the_students_own(decided):
    before = decided("  - {answer: q1.p, student: nobody, points: 0}\n", WRONG)
    after = decided("  - {answer: q1.m, accept: 3.77, say: We read it so too.}\n", WRONG)
    assert before["m"].verdict == "wrong"
    assert (after["m"].verdict, after["m"].points) == ("correct", 2.0)
    assert (after["p"].verdict, after["p"].points) == ("follow_through", 2.0)
    assert "own earlier values (m)" in after["p"].message


def test_an_accepted_value_is_carried_forward_though_it_could_be_had_without_work(decided):
    answers = "q1: {m: 0, p: 1}, q2: {q: 1}"
    assert decided("  - {answer: q1.m, accept: 0}\n", answers)["m"].verdict == "correct"


def test_a_value_is_accepted_within_the_rounding_of_what_was_written(decided):
    decision = "  - {answer: q1.m, accept: 3.7651, points: 80%}\n"
    for written, points in (("3.77", 1.6), ("3.765", 1.6), ("3.78", 0.0)):
        found = decided(decision, f"q1: {{m: {written}}}")["m"]
        assert (found.points, found.decided is not None) == (points, points > 0), written


def test_a_right_answer_is_no_case_of_a_value_that_happens_to_be_near(decided):
    found = decided("  - {answer: q1.m, accept: 2.63, points: 10%}\n", "q1: {m: 2.625}")
    assert found["m"].points == 2.0
    assert found["m"].decided is None


def test_points_and_words_are_marked_as_a_persons(decided):
    decision = "  - {answer: q1.m, student: ada, points: 0.5, say: I misread your scan., by: mk}\n"
    found = decided(decision, RIGHT)["m"]
    assert found.points == 0.5
    assert found.message == "Your teacher: I misread your scan."
    assert found.reason == "decided by a person (mk)"
    assert found.decided.points
    assert found.decided.words
    assert found.decided.by == "mk"


def test_words_alone_leave_the_points_to_the_rules(decided):
    found = decided("  - {answer: q1.m, value: 3.77, say: Look at the last entry.}\n", WRONG)["m"]
    assert (found.points, found.verdict) == (0.0, "wrong")
    assert found.message == "Your teacher: Look at the last entry."
    assert not found.decided.points


def test_the_narrowest_decision_wins_field_by_field(decided):
    decisions = (
        "  - {answer: q1.m, points: 10%}\n"
        "  - {answer: q1.m, value: 3.77, points: 20%, say: A value.}\n"
        "  - {answer: q1.m, students: [ada, bob], points: 30%}\n"
        "  - {answer: q1.m, student: ada, points: 40%}\n"
    )
    assert decided(decisions, WRONG)["m"].points == 0.8
    assert decided(decisions, WRONG, "bob")["m"].points == 0.6
    third = decided(decisions, WRONG, "carl")["m"]
    assert (third.points, third.message) == (0.4, "Your teacher: A value.")
    assert decided(decisions, "q1: {m: 9.99}", "carl")["m"].points == 0.2
    assert decided(decisions, WRONG)["m"].message == "Your teacher: A value."


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(5)), st.sampled_from(["ada", "bob", "carl"]))
def test_the_order_in_which_decisions_stand_says_nothing(decided, order, student):
    entries = (
        "{answer: q1.m, points: 10%, say: All.}",
        "{answer: q1.m, accept: 3.77, points: 20%}",
        "{answer: q1.m, students: [ada, bob], say: Some.}",
        "{answer: q1.m, student: ada, points: 40%}",
        "{answer: q1.p, accept: 14.2129, points: 30%}",
    )
    usual = decided("".join(f"  - {entry}\n" for entry in entries), WRONG, student)
    shuffled = decided("".join(f"  - {entries[n]}\n" for n in order), WRONG, student)
    for id, answer in usual.items():
        other = shuffled[id]
        assert (other.points, other.verdict, other.message, other.reason) == (
            answer.points,
            answer.verdict,
            answer.message,
            answer.reason,
        )


def test_equally_narrow_decisions_that_differ_contradict_each_other(decided):
    decisions = (
        "  - {answer: q1.m, value: 3.774, points: 1}\n"
        "  - {answer: q1.m, value: 3.766, points: 2}\n"
        "  - {answer: q1.m, value: 3.77, points: 50%}\n"
    )
    assert decided(decisions, WRONG)["m"].decided.against == ((0, 1),)
    assert decided(decisions, "q1: {m: 3.774}")["m"].decided.against == ()


def test_an_answer_that_a_person_would_mark_can_be_decided(decided):
    found = decided("  - {answer: q3.why, value: BECAUSE, points: 2}\n", RIGHT)["why"]
    assert (found.points, found.for_person) == (2.0, False)


def test_a_choice_can_be_accepted(decided):
    found = decided("  - {answer: q4.which, accept: b}\n", WRONG)["which"]
    assert (found.verdict, found.points) == ("correct", 1.0)


KINDS = """\
assignment: kinds
title: Kinds of answers
symbols: {u: {domain: [1, 2]}}
given: {x: [[1, 2], [3, 4]], n: 5}
steps: {v: u ** 2, s: "x @ x", k: n * 2}
questions:
  q1: {points: 2, answers: {dv: {kind: formula, value: "grad(v, u)"}}}
  q2: {points: 2, answers: {s: s}}
  q3: {points: 1, answers: {k: {kind: integer, value: k}}}
"""
ACCEPTING = b"""\
decisions:
  - {answer: q1.dv, accept: 2 * u + 1}
  - {answer: q2.s, accept: [[7, 10], [15, 23]]}
  - {answer: q3.k, accept: 11}
"""


@pytest.mark.parametrize(
    ("answers", "verdicts"),
    [
        ("q1: 1 + u + u, q2: [[7, 10], [15, 23]], q3: 11", ["correct", "correct", "correct"]),
        ("q1: 3 * u, q2: [[7, 10], [15, 24]], q3: 12", ["wrong", "partial", "wrong"]),
    ],
)
def test_formulas_arrays_and_whole_numbers_can_be_accepted(answers, verdicts):
    sheet = build_assignment(parse_assignment_file(KINDS, "kinds.yaml"))
    text = f"assignment: kinds\nstudent: a\nanswers: {{{answers}}}\n"
    grader = Grader(sheet, decisions=[("d.yaml", ACCEPTING)])
    report = grader.grade(parse_submission(text, "a.yaml"), "a.yaml")
    assert [answer.verdict for answer in report.answers] == verdicts


def test_a_whole_question_can_be_given_to_everybody(decided):
    found = decided("  - {answer: q2.q, points: 100%, say: The question was wrong.}\n", "q1: {}")
    assert (found["q"].verdict, found["q"].points) == ("missing", 2.0)


@pytest.fixture(scope="module")
def student_b(cases):
    return (cases / "fit3181-a2" / "student-b.yaml").read_text("utf-8")


def test_a_mistake_is_priced_where_it_was_made_and_costs_once(student_b):
    sheet = load_assignment(find_assignment("fit3181-a2"))
    mistake = "mean-factor-dropped-in-gradient"

    def points(*decisions):
        data = "".join(("decisions:\n", *decisions)).encode()
        grader = Grader(sheet, decisions=[("d.yaml", data)] if decisions else [])
        report = grader.grade(parse_submission(student_b, "b.yaml"), "b.yaml")
        return {answer.answer: answer for answer in report.answers}

    usual = points()
    assert mistake in {found.id for found in usual["dL_dh1"].mistakes}
    priced = points(f"  - {{answer: q3.4.dL_dh1, mistake: {mistake}, points: 2}}\n")
    assert priced["dL_dh1"].points == 2.0
    assert priced["dL_dV"].points == priced["dL_dV"].max_points
    everywhere = points(f"  - {{mistake: {mistake}, points: 90%}}\n")
    assert everywhere["dL_dh1"].points == 2.7
    assert everywhere["dL_dV"].points == 2.7
    other = points("  - {answer: q3.4.dL_dh1, mistake: matrix-transposed, points: 2}\n")
    assert other["dL_dh1"].decided is None


WRONG_ENTRIES = {
    "{answer: q1.mm, points: 1}": "d.yaml:2:14: there is no answer `q1.mm`; did you mean `q1.m`?",
    "{answer: q1.m, mistake: nonsense-at-all, points: 1}": "there is no mistake `nonsense-at-all`",
    "{answer: q1.m, points: 3}": "d.yaml:2:28: `q1` `m` has not so many points: expected at most 2",
    "{answer: q1.m, points: 101%}": "a number, or `0%` to `100%`, got `101%`",
    "{answer: q1.m, points: -1}": "got `-1`",
    "{answer: q1.m, points: nan}": "got `nan`",
    "{answer: q1.m, accept: [1, 2]}": "d.yaml:2:28:",
    "{answer: q1.m}": "decides nothing",
    "{points: 1}": "nothing says which answers",
    "{mistake: mean-factor-dropped-in-gradient, points: 1}": "expected a percentage",
    "{answer: q1.m, student: a, students: [b], points: 1}": "can't stand together",
    "{answer: q1.m, accept: 1, value: 2}": "can't stand together",
    "{file: a.yaml}": "expected `student`",
    "{file: a.yaml, student: b, points: 2}": "no meaning for a file",
    "{file: a.yaml, student: '  '}": "student",
    "{answer: q1.m, score: 1}": "unknown key `score`",
}


@pytest.mark.parametrize("entry", WRONG_ENTRIES)
def test_what_cannot_be_used_is_said_with_its_place(chain, entry):
    with pytest.raises(InputError) as failed:
        Grader(chain, decisions=[("d.yaml", f"decisions:\n  - {entry}\n".encode())])
    assert WRONG_ENTRIES[entry] in str(failed.value)
    assert all(problem.place.line == 2 for problem in failed.value.problems)


def test_everything_wrong_in_all_files_is_said_at_once(chain):
    one = "assignment: other\ndecisions:\n" + "".join(f"  - {entry}\n" for entry in WRONG_ENTRIES)
    two = b"decisions:\n  - {answer: q9, points: 1}\n"
    with pytest.raises(InputError) as failed:
        Grader(chain, decisions=[("d.yaml", one.encode()), ("e.yaml", two), ("f.yaml", b"[")])
    lines = {(p.place.file, p.place.line) for p in failed.value.problems}
    assert {("d.yaml", n) for n in range(3, 3 + len(WRONG_ENTRIES))} <= lines
    assert {("d.yaml", 1), ("e.yaml", 2)} <= lines
    assert "f.yaml" in {file for file, _ in lines}


def test_the_same_decided_twice_is_a_contradiction_only_if_it_differs(chain):
    entry = b"decisions:\n  - {answer: q1.m, value: 3, points: 50%}\n"
    other = b"decisions:\n  - {answer: q1.m, value: 3, points: 60%}\n"
    Grader(chain, decisions=[("d.yaml", entry), ("e.yaml", entry)])
    with pytest.raises(InputError, match=r"e\.yaml:2:5: this contradicts .* d\.yaml:2:5"):
        Grader(chain, decisions=[("d.yaml", entry), ("e.yaml", other)])


def test_what_is_decided_of_one_student_is_not_decided_of_another_who_writes_the_same(chain):
    text = f"assignment: chain\nstudent: %s\nanswers: {{{WRONG}}}\n"
    decisions = [("d.yaml", b"decisions:\n  - {answer: q1.m, student: ada, accept: 3.77}\n")]
    plain = Grader(chain)
    grader = Grader(chain, decisions=decisions, key=plain.key)

    def verdicts(grader, student):
        report = grader.grade(parse_submission(text % student, "a.yaml"), "a.yaml")
        return [answer.verdict for answer in report.answers][:3]

    carried = ["correct", "follow_through", "follow_through"]
    others = ["wrong", "follow_through", "follow_through"]
    assert verdicts(plain, "ada") == verdicts(plain, "bob") == others
    assert verdicts(grader, "bob") == verdicts(grader, "bob") == others
    assert verdicts(grader, "ada") == carried
    assert verdicts(grader, "bob") == verdicts(plain, "ada") == others
