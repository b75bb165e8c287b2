"""What a student is told who can hand in again says no more than the level of hints allows."""

import dataclasses
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pytest
from typer.testing import CliRunner

from checker.cli import app
from checker.diagnosis.slips import KINDS
from checker.grading import Grader
from checker.hints import SLIPS_OF_NUMBERS, told
from checker.report import (
    AnswerReport,
    EntryReport,
    MistakeReport,
    QuestionReport,
    SubmissionReport,
)
from checker.students.notebook import check
from reference_solutions.assignment import Assignment, build_assignment, load_assignment
from reference_solutions.shipped import shipped_assignments as shipped
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.submission import parse_submission
from tests.simulation.cohort import Cohort
from tests.simulation.simulator import Simulator

SHEET = """
assignment: asked-again
title: Three numbers and one
{feedback}
given:
  W: [[0.62, -0.41, 0.77], [0.53, 0.94, -0.38], [-0.29, 0.81, 0.47]]
  x: [1.31, -0.83, 0.57]
steps:
  z: W @ x
  s: sum(z * z)
  e: exp(s / 7)
questions:
  q:
    points: 6
    answers: {{z: z, s: s, e: e}}
"""
Z = np.array([[0.62, -0.41, 0.77], [0.53, 0.94, -0.38], [-0.29, 0.81, 0.47]]) @ [1.31, -0.83, 0.57]
S = float(Z @ Z)
E = float(np.exp(S / 7))


def sheet(feedback: str = "") -> Assignment:
    return build_assignment(parse_assignment_file(SHEET.format(feedback=feedback), "sheet.yaml"))


@cache
def grader() -> Grader:
    return Grader(sheet())


def submission(**answers: object) -> str:
    lines = [f"    {id}: {json.dumps(text).replace(chr(34), '')}" for id, text in answers.items()]
    head = "assignment: asked-again\nstudent: {id: a}\nanswers:\n  q:\n"
    return head + "\n".join(lines) + "\n"


def graded(**answers: object) -> SubmissionReport:
    return grader().grade(parse_submission(submission(**answers), "a.yaml"), "a.yaml")


def numbers(*values: float, digits: int = 4) -> list[str]:
    return [f"{value:.{digits}g}" for value in values]


def without_own(report: SubmissionReport) -> SubmissionReport:
    """The report without what the student wrote."""
    questions = tuple(
        dataclasses.replace(
            question,
            answers=tuple(
                dataclasses.replace(
                    answer,
                    written="",
                    entries=tuple(
                        dataclasses.replace(e, text="", value=None) for e in answer.entries
                    ),
                )
                for answer in question.answers
            ),
        )
        for question in report.questions
    )
    return dataclasses.replace(report, questions=questions, content_hash="")


NEAR_AND_FAR = [
    numbers(*Z * [1, 1.13, 1.37]),
    numbers(*Z * [1.003, 1, 1]),
    numbers(*Z * [1, -1, 1]),
    numbers(*Z * [1, 1, 10]),
    numbers(*Z * 11.7),
    numbers(*Z / 7.3),
    numbers(*Z, digits=1),
    numbers(*Z * [-1.31, 0.71, 1.13]),
    [*numbers(*Z[:2]), f"{Z[2]:.3f}"[:-2] + f"{Z[2]:.3f}"[:-3:-1]],
]


def test_no_two_wrong_arrays_are_told_apart() -> None:
    reports = [graded(z=texts) for texts in NEAR_AND_FAR]
    full = {(a.verdict, a.points, a.message) for r in reports for a in r.answers if a.answer == "z"}
    assert {verdict for verdict, *_ in full} >= {"partial", "wrong", "imprecise", "mistake"}
    assert len({without_own(told(report, "answers")) for report in reports}) == 1


def test_no_two_wrong_numbers_are_told_apart() -> None:
    values = [S * 1.06, S * 1.3, S * 23.7, S / 31, -S * 1.21, S / 10, -S]
    texts = [f"{value:.7g}" for value in values] + [f"{S:.1g}", f"{S:.2g}"]
    reports = [graded(s=text) for text in texts]
    assert {a.verdict for r in reports for a in r.answers} >= {"wrong", "imprecise"}
    told_of = {
        without_own(told(report, "answers"))
        for report in reports
        if not any(m.id not in SLIPS_OF_NUMBERS for a in report.answers for m in a.mistakes)
    }
    assert len(told_of) == 1


def test_what_follows_says_nothing_of_the_number_that_it_follows_from() -> None:
    """Else a number of one digit could be confirmed by what is computed from it."""
    coarse, wrong = float(f"{S:.1g}"), float(f"{S:.1g}") + 1
    near, far = (
        told(graded(s=f"{value:g}", e=f"{np.exp(value / 7):.5f}"), "answers")
        for value in (coarse, wrong)
    )
    assert without_own(near) == without_own(far)
    assert [a.verdict for a in near.answers] == ["missing", "wrong", "follow_through"]


def test_right_answers_and_named_mistakes_are_told() -> None:
    reversed_ = numbers(*Z[::-1], digits=6)
    report = told(graded(z=reversed_, s=f"{S:.5g}"), "answers")
    z, s, _ = report.answers
    assert (s.verdict, s.points, s.message) == ("correct", 2.0, "Right.")
    assert (z.verdict, z.points, len(z.mistakes)) == ("mistake", 0.0, 1)
    assert report.score == report.questions[0].points == 2.0


def test_a_slip_in_all_entries_is_named_and_one_in_a_single_number_is_not() -> None:
    def named(texts: Sequence[str]) -> list[str]:
        return [m.id for a in told(graded(z=texts), "answers").answers for m in a.mistakes]

    assert graded(z=numbers(*Z * [1, -1, 1], digits=6)).answers[0].mistakes
    assert named(numbers(*Z * [1, -1, 1], digits=6)) == []
    assert named(numbers(*Z * 100, digits=6)) == ["decimal-point-slip"]


def test_every_kind_of_slip_is_about_numbers_or_their_places() -> None:
    places = {"rows-for-columns", "order-reversed", "order-shifted", "other-answer-copied"}
    places.add("counted-from-one")
    assert set(KINDS) == SLIPS_OF_NUMBERS | places


def test_entries_tells_which_are_wrong_and_not_how_far_off() -> None:
    full = graded(z=NEAR_AND_FAR[0])
    report = told(full, "entries")
    assert [e.right for e in report.answers[0].entries] == [True, False, False]
    assert any(e.off for e in full.answers[0].entries)
    assert not any(e.off for e in report.answers[0].entries)
    assert report.score == full.score


def test_sizes_tells_everything() -> None:
    full = graded(z=NEAR_AND_FAR[0])
    assert told(full, "sizes") is full


def test_none_tells_only_what_was_read() -> None:
    right, wrong = (
        told(graded(z=numbers(*value), e="one"), "none") for value in (Z, Z * [1, 2, 1.3])
    )
    assert without_own(right) == without_own(wrong)
    assert [(a.verdict, a.points) for a in right.answers] == [
        ("ungraded", None),
        ("missing", 0.0),
        ("invalid", None),
    ]
    assert (right.status, right.score) == ("needs_review", 0.0)


def test_full_points_for_what_is_not_right_are_not_told() -> None:
    """Where an imprecise or partly right answer earns everything, its points would tell it."""
    slip = MistakeReport("digit-mistyped", "a", "likely", "A digit is wrong in entry [0].")
    entries = (EntryReport((0,), "1", False), EntryReport((1,), "2", True))
    answers = tuple(
        AnswerReport("q", id, verdict, 1.0, 1.0, "", entries=entries, mistakes=mistakes)
        for id, verdict, mistakes in (
            ("a", "imprecise", ()),
            ("b", "partial", ()),
            ("c", "mistake", (slip,)),
        )
    )
    question = QuestionReport("q", "", 3.0, 3.0, 0.0, answers)
    report = SubmissionReport("s", "", "s.yaml", "graded", 3.0, 3.0, 0.0, (), (question,))
    seen = told(report, "answers")
    assert seen.score == 0.0
    assert {(a.verdict, a.points, a.message) for a in seen.answers} == {
        ("wrong", 0.0, "Not right, or not written with enough digits.")
    }


# --- all that is said -------------------------------------------------------------------------

LEAKS = re.compile(
    r"too (large|small|few digits)|other sign|not zero|less than \d|times|entries are right|"
    r"of the entries|add up to|never negative|lies between|in entry|as far as it goes|rounded"
)


def strings(value: object) -> Iterator[str]:
    """All texts of a report but the student's own."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        own = ("text", "written", "file", "line", "column")
        for field in dataclasses.fields(value):
            if field.name not in own:
                yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)


@pytest.mark.parametrize("id", ["fit3181-a2"])
def test_nothing_that_is_said_of_a_class_leads_to_a_number(id: str) -> None:
    assignment = load_assignment(shipped()[id])
    grades = Grader(assignment)
    leaks = said = 0
    for one in Simulator(Cohort(assignment), 7).submissions(25):
        full = grades.grade(parse_submission(one.text, "a.yaml"), "a.yaml")
        leaks += any(LEAKS.search(text) for text in strings(full))
        for answer in told(full, "answers").answers:
            said += 1
            assert answer.points in (None, 0.0, answer.max_points)
            assert len({entry.right for entry in answer.entries}) <= 1
            words = [*strings(dataclasses.replace(answer, mistakes=()))]
            words += [
                answer.message if not answer.mistakes else "",
                *(m.message for m in answer.mistakes if m.id in KINDS),
            ]
            assert not [text for text in words if not answer.mistakes and LEAKS.search(text)]
    assert leaks > 5
    assert said > 100


# --- where it is told -------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work").mkdir()
    text = submission(z=NEAR_AND_FAR[0], s=f"{S:.5g}", e=f"{E * 3:.5g}")
    (tmp_path / "work" / "submission.yaml").write_text(text, encoding="utf-8")

    def put(feedback: str) -> None:
        (tmp_path / "sheet.yaml").write_text(SHEET.format(feedback=feedback), encoding="utf-8")

    put("")
    return put


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--assignment", "sheet.yaml"])
    return result.exit_code, result.output


FORMATS = ("junit", "html", "gradescope", "artemis")


def test_ci_tells_which_answers_are_wrong_in_every_format(folder, tmp_path) -> None:
    chosen = [part for name in FORMATS for part in ("--format", name)]
    code, output = run("ci", "work", *chosen, "--out", "out")
    files = [p.read_text(encoding="utf-8") for p in (tmp_path / "out").rglob("*") if p.is_file()]
    assert code == 0
    assert len(files) > len(FORMATS)
    assert "2 / 6 points" in output
    for text in (output, *files):
        assert not re.search(r"too (large|small)|entries are right|of the entries", text)


def test_the_percentage_that_a_job_asks_for_is_of_the_points_that_are_told(folder) -> None:
    assert run("ci", "work", "--fail-under", "34")[0] == 1
    folder("feedback: {hints: sizes}")
    assert run("ci", "work", "--fail-under", "34")[0] == 0


@pytest.mark.parametrize("command", [("ci", "work"), ("check", "work/submission.yaml")])
def test_the_assignment_says_how_much_is_told(folder, command) -> None:
    wrong = 0 if command[0] == "ci" else 1
    code, output = run(*command)
    assert code == wrong
    assert "Wrong" in output
    assert "too large" not in output
    folder("feedback: {hints: entries}")
    code, output = run(*command)
    assert code == wrong
    assert "1 of 3 entries are right" in output
    assert "too large" not in output
    folder("feedback: {hints: sizes}")
    code, output = run(*command)
    assert code == wrong
    assert "too large" in output
    folder("feedback: {hints: none}")
    code, output = run(*command)
    assert code == 0
    assert "0 / 6 points so far, 6 of 6 points wait for a person" in output
    assert "Wrong" not in output


def test_grading_tells_everything_whatever_the_hints(folder, tmp_path) -> None:
    folder("feedback: {hints: none}")
    code, _ = run("grade", "work", "--out", "out", "--jobs", "1")
    assert code == 1
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*.html")]
    assert any("too large" in page for page in pages)


def test_revealing_tells_everything(folder) -> None:
    code, output = run("check", "work/submission.yaml", "--reveal")
    assert code == 1
    assert "too large" in output


def test_values_in_memory_are_told_the_same() -> None:
    values = {"z": list(Z * [1, 1.13, 1.37]), "s": S}
    assert "too large" not in str(check(sheet(), values))
    assert check(sheet(), values)["z"].points == 0.0
    assert "too large" in str(check(sheet("feedback: {hints: sizes}"), values))


def test_a_level_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="hints"):
        sheet("feedback: {hints: everything}")
