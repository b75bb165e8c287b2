"""The template: a submission that only wants its answers."""

import json

import pytest
import yaml

from checker.grading import Grader
from checker.students.handout import make_handout
from checker.students.template import scalar, template_text
from checker.students.validation import Form
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.submission import parse_submission

ODD = """
assignment: "2024"
title: "A title\\nof two lines # and a sign"
given: {x: [1, 2.5], T: [[[1, 2], [3, 4]]]}
symbols: {n: {integer: true}}
steps: {s: sum(x)}
questions:
  "1":
    title: "Numbers: all of them"
    points: 3
    answers:
      "null": {value: s, points: 2, prompt: "What is s?\\n- a list?"}
      "1e3": {value: x, points: 1, title: The vector}
      "no": {value: T, points: 0, matching: {policy: absolute, tolerance: 0.01}}
  "it's":
    points: 2
    answers:
      "a b: c #d": {kind: choice, options: {"yes": a, "7": "b\\nc"}, correct: ["7"]}
      "<<": {kind: text, min_words: 2, max_words: 4}
"""


@pytest.fixture(scope="module")
def odd():
    return build_assignment(parse_assignment_file(ODD, "odd.yaml"))


def graded(assignment, text):
    return Grader(assignment).grade(parse_submission(text, "mine.yaml"), "mine.yaml")


def test_the_first_line_leads_an_editor_to_the_schema(shipped, handout_of):
    first = template_text(handout_of(shipped)).splitlines()[0]
    assert first == f"# yaml-language-server: $schema={shipped}.schema.json"
    first = template_text(handout_of(shipped), schema="https://x.org/s.json").splitlines()[0]
    assert first == "# yaml-language-server: $schema=https://x.org/s.json"


def test_every_question_and_answer_is_there_in_order_and_empty(shipped, handout_of):
    handout = handout_of(shipped)
    data = yaml.safe_load(template_text(handout))
    found = [(q, a) for q, answers in data["answers"].items() for a in answers]
    assert found == [(q, a) for q, a, _ in handout.forms]
    assert {
        value or None for answers in data["answers"].values() for value in answers.values()
    } == {None}


def test_an_empty_template_is_missing_everywhere_and_nowhere_invalid(
    shipped, assignment_of, handout_of
):
    report = graded(assignment_of(shipped), template_text(handout_of(shipped)))
    assert {answer.verdict for answer in report.answers} == {"missing"}
    assert not report.problems
    assert report.score == 0


def test_the_only_error_of_an_empty_template_is_that_nobody_has_signed_it(
    shipped, handout_of, form_of, validated
):
    result = validated(template_text(handout_of(shipped)), form_of(shipped))
    (error,) = [str(found) for found in result.findings if found.level == "error"]
    assert "expected your own id" in error
    assert result.answered == 0
    signed = template_text(handout_of(shipped), student="12345")
    assert not validated(signed, form_of(shipped)).errors


RIGHT_FORMULAS = {
    ("3b", "determinant"): "beta**D",
    ("q2", "d"): (
        "g[3]*dpsi[3]*(h[2] + w_hh*dpsi[2]*(h[1] + w_hh*dpsi[1]*h[0]))"
        " + g[2]*dpsi[2]*(h[1] + w_hh*dpsi[1]*h[0]) + g[1]*dpsi[1]*h[0]"
    ),
}
"""Of those that the real submission got wrong."""


def right_values(assignment, case):
    """Right values as a student writes them."""
    values = {}
    for asked in assignment.asked:
        spec = asked.spec
        where = (asked.question, asked.answer)
        if spec.kind in ("number", "integer"):
            value = assignment.reference.graph.value(asked.target.node)
            values[where] = json.dumps(value.tolist())
        elif spec.kind == "choice":
            values[where] = json.dumps(spec.correct)
        elif spec.kind in ("formula", "order"):
            block = case["answers"][asked.question]
            values[where] = RIGHT_FORMULAS.get(where) or str(block[asked.answer])
        elif spec.kind == "text":
            values[where] = "Some words: with a colon, a # and 'quotes'."
        else:
            values[where] = "in mine.ipynb"
    return values


def test_a_template_that_is_filled_in_is_valid_and_graded(  # noqa: PLR0913, PLR0917
    shipped, assignment_of, handout_of, form_of, validated, filled_in, case_of
):
    assignment = assignment_of(shipped)
    values = right_values(assignment, case_of(shipped))
    text = filled_in(template_text(handout_of(shipped)), values)
    result = validated(text, form_of(shipped))
    assert not result.errors, [str(found) for found in result.findings]
    assert result.answered == result.asked
    report = graded(assignment, text)
    assert not report.problems
    assert {answer.verdict for answer in report.answers} <= {"correct", "ungraded"}
    assert report.score + report.pending == report.max_score


def test_shapes_precision_options_and_limits_are_said(handout_of):
    fit = template_text(handout_of("fit3181-a2"))
    assert "    h_0:  # 3 numbers; at least 3 significant digits\n" in fit
    assert "    dL_dV:  # 3 x 3 numbers, row by row; at least 3 significant digits\n" in fit
    assert "    text: >-  # a text; at most 100 words\n" in fit
    assert "  # q3.1  Hidden states (3 points)\n" in fit
    hw5 = template_text(handout_of("hw5-rnn-attention"))
    assert "    b:  # one of: first, second, third (or several of them, as a list)\n" in hw5
    assert "    a:  # a formula in y, score, theta, yhat\n" in hw5
    assert "    chosen:  # a whole number\n" in hw5
    hw3 = template_text(handout_of("hw3-lstm-mdrnn"))
    assert "    grid:  # an order of growth in " in hw3


def test_no_line_is_wider_than_a_page(shipped, handout_of):
    assert all(len(line) <= 100 for line in template_text(handout_of(shipped)).splitlines())


def test_odd_names_and_titles_make_a_readable_template(odd):
    handout = make_handout(odd)
    text = template_text(handout)
    data = yaml.safe_load(text)
    assert [(q, a) for q, answers in data["answers"].items() for a in answers] == [
        (q, a) for q, a, _ in handout.forms
    ]
    assert {a.verdict for a in graded(odd, text).answers} == {"missing"}
    assert "# A title of two lines # and a sign\n" in text
    assert "    'null':  # a number; at least 3 significant digits (2 points)\n" in text
    assert "    'no':  # 1 x 2 x 2 numbers, nested; within 0.01 of the value (0 points)\n" in text
    assert "    # - 7: b c\n" in text
    assert ">-  # a text; 2 to 4 words\n" in text


def test_odd_names_are_valid_when_they_are_filled_in(odd, validated, filled_in):
    values = {
        ("1", "null"): "3.5",
        ("1", "1e3"): "[1, 2.5]",
        ("1", "no"): "[[[1, 2], [3, 4]]]",
        ("it's", "a b: c #d"): "7",
        ("it's", "<<"): "three small words",
    }
    text = filled_in(template_text(make_handout(odd)), values)
    result = validated(text, Form(make_handout(odd)))
    assert [str(f) for f in result.findings if f.level == "error"] == []
    assert {a.verdict for a in graded(odd, text).answers} == {"correct", "ungraded"}


@pytest.mark.parametrize(
    "text",
    ["a", "q3.1", "1A", "2A.i", "it's", "null", "yes", "1e3", "0x1F", "1_000", "2024-01-01", "1.5",
     "nan", "", "a: b", "a #b", "- a", "[a]", "~", "<<", "é", "a.", "12:30"],
)  # fmt: skip
def test_a_key_is_read_back_as_the_text_that_it_is(text):
    assert list(yaml.safe_load(f"{scalar(text)}: x")) == [text]
