"""No output for students has a right value in it that they did not write, unless it is revealed.

A class of simulated students answers every shipped assignment, with mistakes, slips and noise, and
perturbed copies of the real submissions are added. Every number in every output is then compared
with every value of the key: it may be there if the student wrote it so, if the sheet gives it, or
if it is a number of points.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from checker.ci.formats.artemis import artemis_feedbacks
from checker.ci.formats.classroom50 import SCALE, Identity, classroom50_result
from checker.ci.formats.github import annotation_lines, step_summary
from checker.ci.formats.github_classroom import github_classroom_result
from checker.ci.formats.gradescope import gradescope_results
from checker.ci.formats.junit import junit_xml
from checker.ci.run import log_text
from checker.grading import Grader
from checker.report import RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.html import submission_html
from checker.reports.markdown import submission_markdown
from checker.reports.results_json import results_json
from checker.reports.terminal import submission_text
from checker.students.checked import Checked
from reference_solutions.assignment import Assignment, build_assignment, load_assignment
from reference_solutions.shipped import shipped_assignments
from submissions_schema.answers import ChoiceAnswer, FormulaAnswer
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.submission import parse_submission
from tests.simulation.cohort import Cohort
from tests.simulation.simulator import Simulator

CASES = Path(__file__).resolve().parents[1] / "cases"
IDENTITY = Identity("c", "a", "individual", "o", "submit/x", "u", "u", "u", "2026-09-01T14:32:05Z")
ASSIGNMENTS = list(shipped_assignments())
SEED = 20260901

NUMBER = re.compile(r"(?<![\w.])(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+\u2212]?\d+)?(?![\w]|\.\d)")
TAKEN_OUT = re.compile(r"<style>.*?</style>|sha256:[0-9a-f]+|\d{4}-\d\d-\d\dT[\d:]+Z", re.DOTALL)


# --- the class --------------------------------------------------------------------------------


def perturbed(text: str, random: np.random.Generator) -> str:
    """A submission with numbers (signs, factors, digits, places) and formulas changed."""

    def change(match: re.Match[str]) -> str:
        number = match[0]
        kind = random.integers(8)
        if kind == 0:
            return f"-{number}"
        if kind == 1:
            return f"{float(number) * random.uniform(0.3, 3):.{max(3, len(number) - 2)}g}"
        if kind == 2:
            return number[:-1] + str((int(number[-1]) + 1) % 10)
        if kind == 3:
            return f"{Decimal(number).scaleb(int(random.choice((-1, 1)))):f}"
        return number

    def change_formula(match: re.Match[str]) -> str:
        if random.random() < 0.7:
            return match[0]
        return {"+": "-", "-": "+", "2": "3", "*": "/"}[match[0]]

    head, answers, rest = text.partition("\nanswers:\n")
    rest = re.sub(r"(?<![\w.-])\d+\.\d{2,}(?![\w.])", change, rest)
    lines = rest.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if re.search(r"[a-zA-Z)\]]\s?\*|/[a-z]", line):
            lines[place] = re.sub(
                r"(?<= )[+-](?= )|\b2(?=\*)|(?<!\*)\*(?!\*)", change_formula, line
            )
    return head + answers + "".join(lines)


@cache
def submissions(id: str) -> tuple[str, ...]:
    """What the class hands in: the real submissions, perturbed copies, and simulated ones."""
    random = np.random.default_rng(SEED)
    real = [path.read_text(encoding="utf-8") for path in sorted((CASES / id).glob("*.yaml"))]
    copies = [perturbed(text, random) for text in real for _ in range(3)]
    cohort = Cohort(assignment(id))
    simulated = [s.text for s in Simulator(cohort, SEED).submissions(6, prose=True)]
    return (*real, *copies, *simulated)


@cache
def assignment(id: str) -> Assignment:
    return load_assignment(shipped_assignments()[id])


@cache
def graded(id: str, reveal: bool = False) -> tuple[tuple[str, RunReport, SubmissionReport], ...]:
    """Each submission's text with its report, in a run of its own."""
    sheet = assignment(id)
    grader = Grader(sheet, reveal=reveal)
    found = []
    for number, text in enumerate(submissions(id)):
        name = f"student-{'abcdefghijklmnopqrstuvwxyz'[number]}.yaml"
        report = grader.grade(parse_submission(text, name), name)
        run = RunReport(sheet.id, sheet.file.title, sheet.content_hash, reveal, (report,))
        found.append((text, run, report))
    return tuple(found)


def outputs(run: RunReport, report: SubmissionReport) -> dict[str, str]:
    """Every output that a student may see."""
    notebook = Checked(run)
    classroom = base64.b64decode(github_classroom_result(run, passed=True)).decode()
    return {
        "HTML": submission_html(run, report),
        "Markdown": submission_markdown(run, report),
        "terminal": submission_text(run, report, width=100, colour=False),
        "notebook": f"{notebook}\n{notebook._repr_html_()}",
        "log": log_text(run),
        "annotations": annotation_lines(run),
        "step summary": step_summary(run),
        "JUnit": junit_xml(run),
        "Gradescope": gradescope_results(run),
        "Classroom 50": classroom50_result(run, IDENTITY),
        "old Classroom": json.dumps(json.loads(classroom), ensure_ascii=False, indent=1),
        "Artemis": "\n".join(artemis_feedbacks(run).values()),
        "results.json": results_json(run),
    }


# --- the key ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Secret:
    """One right value, by the answer that asks for it."""

    answer: str
    value: float


@cache
def key(id: str) -> tuple[Secret, ...]:
    """All right values that are numbers, but the whole ones of one or two digits.

    Those can't be told from counts, places and shapes.
    """
    sheet = assignment(id)
    found = {}
    for asked in sheet.asked:
        if asked.target is None or isinstance(asked.spec, FormulaAnswer):
            continue
        value = sheet.reference.graph.value(asked.target.node)
        assert value is not None
        for entry in np.abs(np.atleast_1d(value).ravel()):
            if entry > 0 and not (entry == round(entry) and entry < 100):
                found[float(entry)] = Secret(f"{asked.question} {asked.answer}", float(entry))
    return tuple(found.values())


@cache
def given(id: str) -> frozenset[Decimal]:
    """The numbers that the sheet itself gives."""
    text = shipped_assignments()[id].read_text(encoding="utf-8")
    # What is asked for is not given; nor are comments, which students don't see.
    text = re.sub(r"#.*|(?m:^\s*(?:value|correct):.*$)", "", text)
    return frozenset(numbers(text))


def numbers(text: str) -> Iterator[Decimal]:
    """The numbers in a text, without their signs, with the digits that they are written with."""
    for match in NUMBER.finditer(text):
        yield Decimal(match[0].rstrip(".").replace("\u2212", "-"))


def digits(number: Decimal) -> int:
    """The significant digits that are written."""
    written = number.as_tuple().digits
    return len("".join(map(str, written)).lstrip("0"))


def points(report: SubmissionReport) -> frozenset[Decimal]:
    """The numbers of points that a report shows, as it shows them."""
    parts = [*report.answers, *report.questions]
    found: set[float] = {report.max_score, report.pending, report.score or 0.0}
    found |= {part.max_points for part in parts} | {part.points or 0.0 for part in parts}
    found |= {question.pending for question in report.questions}
    shown = {Decimal(wording.number(value)) for value in found}
    shown |= {Decimal(str(round(value, 6))) for value in found}
    shown |= {Decimal(round(value * SCALE)) + step for value in found for step in (-1, 0, 1)}
    if report.max_score:
        shown |= {Decimal(f"{100 * value / report.max_score:.1f}") for value in found}
    return frozenset(shown)


def worths(report: SubmissionReport, text: str) -> frozenset[Decimal]:
    """The scores of the old Classroom's small tests."""
    return frozenset(Decimal(match[1]) for match in re.finditer(r'"score": ([\d.e-]+)', text))


def leaks(
    text: str, secrets: tuple[Secret, ...], allowed: frozenset[Decimal]
) -> list[tuple[str, str]]:
    """The numbers of a text that are right values at the precision that they are written with."""
    found = []
    # 0.310 says more than 0.31: what was written with fewer digits doesn't allow it.
    shown = {number.as_tuple() for number in allowed}
    for number in set(numbers(TAKEN_OUT.sub(" ", text))):
        if digits(number) < 3 or number.as_tuple() in shown:
            continue
        half = 0.5 * 10.0 ** int(number.as_tuple().exponent)
        near = [s for s in secrets if abs(float(number) - s.value) <= half * (1 + 1e-9)]
        found += [(secret.answer, str(number)) for secret in near]
    return found


# --- the tests --------------------------------------------------------------------------------


def test_the_class_is_large_and_makes_all_sorts_of_mistakes():
    reports = [report for id in ASSIGNMENTS for _, _, report in graded(id)]
    assert len(reports) >= 30
    verdicts = {answer.verdict for report in reports for answer in report.answers}
    assert verdicts >= {"correct", "follow_through", "mistake", "partial", "wrong", "missing"}
    mistakes = {m.id for report in reports for a in report.answers for m in a.mistakes}
    assert len(mistakes) >= 8


@pytest.mark.parametrize("id", ASSIGNMENTS)
def test_no_output_has_a_right_value_that_the_student_did_not_write(id):
    found = {}
    for text, run, report in graded(id):
        fixed = frozenset(numbers(text)) | given(id) | points(report)
        for kind, output in outputs(run, report).items():
            allowed = fixed
            if kind == "old Classroom":
                allowed |= worths(report, output)
            if kind == "notebook":
                # It shortens what the student wrote.
                allowed |= {Decimal(f"{float(number):.6g}") for number in numbers(text)}
            if leaked := leaks(output, key(id), allowed):
                found[report.file, kind] = leaked
    assert not found, f"{len(found)} outputs leak: {dict(list(found.items())[:5])}"


@pytest.mark.parametrize("id", [id for id in ASSIGNMENTS if key(id)])
def test_the_search_finds_what_is_revealed(id):
    for _, run, report in graded(id, reveal=True)[:1]:
        expected = [answer.expected for answer in report.answers if answer.expected]
        assert expected
        allowed = given(id) | points(report)
        shown = outputs(run, report)
        for kind in ("HTML", "Markdown", "terminal", "results.json"):
            assert leaks(shown[kind], key(id), allowed), kind


@pytest.mark.parametrize("id", [id for id in ASSIGNMENTS if key(id)])
def test_the_search_finds_a_value_at_any_precision(id):
    secrets = key(id)
    for secret in secrets:
        for precision in (3, 4, 6, 9, 15):
            for shown in (f"{secret.value:.{precision}g}", f"{secret.value:.{precision - 1}e}"):
                if digits(Decimal(shown)) < 3:
                    continue
                for around in ("is -{}.", '"{}"', "[{}, 1]", "({})", "<b>{}</b>", "{}"):
                    assert leaks(around.format(shown), secrets, frozenset()), shown


# --- what isn't a number ----------------------------------------------------------------------

BY_FORMULA = """
assignment: by-formula
title: Answers that are given by a formula
given: {x: [1, 2, 4]}
symbols: {n: {integer: true}, m: {integer: true}}
steps: {s: sum(x), a: n + 1}
questions:
  q1:
    points: 6
    answers:
      number: "2 * s + 0.125"
      count: {kind: integer, value: "5 * 5 * 3 * 8 + 8"}
      steps: {kind: formula, value: "2 * n - m"}
      named: {kind: formula, value: "a"}
"""


def plain_name(latex: str) -> bool:
    """Whether LaTeX only names what is asked for, and doesn't say how it is computed."""
    if latex.startswith("\\frac{\\partial "):
        return True
    return re.search(r"[-+*/^=]|\\odot|\\operatorname|\\frac|\\cdot", latex) is None


def formula_answers(sheet: Assignment) -> set[tuple[str, str]]:
    return {(a.question, a.answer) for a in sheet.asked if isinstance(a.spec, FormulaAnswer)}


def test_what_is_asked_for_is_named_and_not_spelled_out():
    sheet = build_assignment(parse_assignment_file(BY_FORMULA, "by-formula.yaml"))
    text = "assignment: by-formula\nstudent: a\nanswers: {q1: {number: 1, steps: n}}\n"
    report = Grader(sheet).grade(parse_submission(text, "a.yaml"), "a.yaml")
    spelled = {answer.answer: answer.asked for answer in report.answers}
    assert [name for name, latex in spelled.items() if not plain_name(latex)] == []


def test_no_formula_that_is_asked_for_is_shown_to_those_who_got_it_wrong():
    found = set()
    for id in ASSIGNMENTS:
        wanted = formula_answers(assignment(id))
        for _, _, report in graded(id):
            for answer in report.answers:
                if (answer.question, answer.answer) not in wanted or answer.verdict == "correct":
                    continue
                if not plain_name(answer.asked):
                    found.add((id, answer.answer, "asked", answer.asked))
                found |= {(id, answer.answer, m.id, m.right) for m in answer.mistakes if m.right}
    assert found == set()


@pytest.mark.parametrize("id", ASSIGNMENTS)
def test_no_output_says_which_options_are_right(id):
    choices = {
        (asked.question, asked.answer): asked.spec
        for asked in assignment(id).asked
        if isinstance(asked.spec, ChoiceAnswer)
    }
    for _, _, report in graded(id):
        for answer in report.answers:
            spec = choices.get((answer.question, answer.answer))
            if spec is None or answer.verdict == "correct":
                continue
            said = f"{answer.message} {answer.reason}"
            named = {option for option in spec.options if f"`{option}`" in said}
            assert named in (set(), set(spec.options)), said


def test_a_report_without_reveal_has_no_right_value_in_it_at_all():
    for id in ASSIGNMENTS:
        for _, run, report in graded(id):
            assert not run.revealed
            assert {answer.expected for answer in report.answers} == {None}


# --- two keys, one wrong answer -----------------------------------------------------------------

SECRETS = """
assignment: secrets
title: Two keys that nobody may tell apart
given: {{x: [0.37, 1.9]}}
symbols: {{n: {{integer: true}}, m: {{integer: true}}}}
steps: {{s: "x * {scale}"}}
questions:
  q1:
    points: 4
    answers:
      asked: {answer}
"""

# An answer of the sheet with two values for `{key}`, and what is written instead of both.
INDISTINCT = [
    # Whole numbers: a range of a few per cent, or a factor, could hold one of them only.
    ("{kind: integer, value: '{key}'}", ("4", "5"), "3"),
    ("{kind: integer, value: '{key}'}", ("2", "3"), "1"),
    ("{kind: integer, value: '{key}'}", ("1", "0"), "2"),
    ("{kind: integer, value: '{key}'}", ("101", "199"), "100"),
    ("{kind: integer, value: '{key}'}", ("608", "5000"), "437"),
    ("{kind: integer, value: '[8, {key}, 3]'}", ("14", "13"), "[8, 16, 3]"),
    ("{kind: integer, value: '[8, {key}, 3]'}", ("14", "12"), "[8, 3]"),
    # Numbers: the factor between what is written and what is right may be simple.
    ("{value: '{key}'}", ("0.5", "0.61803"), "1.00"),
    ("{value: '{key}'}", ("0.2", "0.14159"), "0.777"),
    ("{value: '{key}'}", ("3.14159", "2.41421"), "-0.777"),
    ("{value: '{key}'}", ("31.4159", "27.1828"), "[1.5, 2.5]"),
    ("{value: '[{key}, 0.25]'}", ("0.31831", "0.41421"), "[0.877, 0.25]"),
    ("{value: '{key}'}", ("0", "0.0043"), "0.777"),
    ("{value: '[{key}, 0.25]'}", ("0", "0.0043"), "[0.777, 0.25]"),
    # The rest has no nearer and farther.
    ("{kind: formula, value: '{key}'}", ("n**3 + 7 * m", "n * m**4 - 11"), "m - n"),
    ("{kind: order, value: '{key}'}", ("n**2", "n * log(n)"), "n**5"),
    ("{kind: choice, options: {a: A, b: B, c: C}, correct: [{key}]}", "ab", "c"),
    ("{kind: choice, options: {a: A, b: B, c: C}, correct: [{key}]}", ("a, b", "b, c"), "b"),
]


def report_on(answer: str, scale: str, written: str) -> tuple[RunReport, SubmissionReport]:
    text = SECRETS.format(answer=answer, scale=scale)
    sheet = build_assignment(parse_assignment_file(text, "secrets.yaml"))
    handed_in = f"assignment: secrets\nstudent: a\nanswers: {{q1: {{asked: {written}}}}}\n"
    report = Grader(sheet).grade(parse_submission(handed_in, "a.yaml"), "a.yaml")
    content_hash = "sha256:" + "0" * 64
    return RunReport(sheet.id, sheet.file.title, content_hash, False, (report,)), report


@pytest.mark.parametrize(("answer", "keys", "written"), INDISTINCT)
def test_one_wrong_answer_looks_alike_whatever_is_right(answer, keys, written):
    first, second = (
        outputs(*report_on(answer.replace("{key}", key), "1", written)) for key in keys
    )
    assert first == second


def test_earlier_values_do_not_show_through_a_later_answer():
    first, second = (outputs(*report_on("s", scale, "[9.87, 9.87]")) for scale in ("2", "2.3"))
    assert first == second
