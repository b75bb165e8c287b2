"""What lint says of mistakes is what grading does with them."""

from pathlib import Path

import numpy as np
import pytest

from checker.authoring.lint.sheet import LintedSheet
from checker.grading import Grader
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import load_assignment_file
from submissions_schema.submission import parse_submission

TRIALS = Path(__file__).parents[2] / "cases" / "trials"


def to_three_digits(value):
    if value.ndim:
        return f"[{', '.join(to_three_digits(np.asarray(part)) for part in value)}]"
    return f"{float(value):.2e}" if value else "0"


def graded(sheet, grader, edit):
    """The report on a student who makes one mistake everywhere and writes three digits."""
    targets = sheet.reference.targets
    values = sheet.graph.edited(edit.replacements).evaluate([one.node for one in targets])
    answers = {}
    for target in targets:
        written = to_three_digits(values[target.node])
        answers.setdefault(target.question, []).append(f"{target.answer}: {written}")
    lines = "".join(f"  {question}: {{{', '.join(own)}}}\n" for question, own in answers.items())
    text = f"assignment: {sheet.assignment.id}\nstudent: a\nanswers:\n{lines}"
    return grader.grade(parse_submission(text, "a.yaml"), "a.yaml")


@pytest.mark.parametrize("name", ["detection-metrics", "logistic-regression", "two-layer-step"])
def test_a_hidden_mistake_is_graded_right_and_most_that_show_are_named(name):
    loaded = load_assignment_file(TRIALS / name / "assignment.yaml")
    sheet = LintedSheet(loaded, build_assignment(loaded))
    grader = Grader(sheet.assignment)
    mistakes = sheet.mistakes
    for row in mistakes.hidden:
        report = graded(sheet, grader, mistakes.edits[row])
        assert {answer.verdict for answer in report.answers} == {"correct"}
    shown = [edit for edit, shows in zip(mistakes.edits, mistakes.now.shows, strict=True) if shows]
    named = 0
    for edit in shown[:20]:
        report = graded(sheet, grader, edit)
        assert not all(answer.verdict == "correct" for answer in report.answers), edit.id
        named += any(edit.id == found.id for answer in report.answers for found in answer.mistakes)
    assert named >= 0.8 * len(shown[:20])
