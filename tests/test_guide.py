"""The guide to writing assignments: every example on the page is run."""

import re
from pathlib import Path

import pytest

from checker.grading import Grader
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.submission import parse_submission

DOCS = Path(__file__).parent.parent / "docs"
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
BLOCKS = FENCE.findall((DOCS / "language.md").read_text(encoding="utf-8"))
YAML = [text for language, text in BLOCKS if language == "yaml"]
PAIRS = list(zip(YAML[::2], YAML[1::2], strict=True))

EXPECTED = {
    "causal-attention": {"a": "correct"},
    "recurrent-step": {"h_0": "correct", "h_1": "correct", "dL_dW": "missing"},
    "counting": {"parameters": "mistake", "shape": "mistake"},
    "output-gate": {"delta_o": "correct", "delta_c": "mistake", "weights": "correct"},
    "growth": {"operations": "correct"},
    "choices": {"many_to_one": "partial"},
    "essay": {"text": "ungraded"},
    "own-mistakes": {"l": "mistake", "r": "mistake"},
}


@pytest.mark.parametrize(("assignment", "submission"), PAIRS)
def test_every_example_of_the_guide_is_graded_as_it_says(assignment, submission):
    grader = Grader(build_assignment(parse_assignment_file(assignment, "guide.yaml")))
    report = grader.grade(parse_submission(submission, "example.yaml"), "example.yaml")
    assert not report.problems
    verdicts = {answer.answer: answer.verdict for answer in report.answers}
    assert verdicts == EXPECTED[grader.assignment.id]


def test_the_example_of_an_operation_is_a_complete_operation():
    page = (DOCS / "adding-an-operation.md").read_text(encoding="utf-8")
    (python,) = [text for language, text in FENCE.findall(page) if language == "python"]
    namespace = {}
    exec(python, namespace)
    operation = namespace["OPERATION"]
    for example in operation.examples:
        assert list(operation.compute(__import__("numpy").array(example.args[0]))) == example.result
    for mistake in operation.mistakes:
        assert mistake.forward(*mistake.example.args) == mistake.example.result
