"""The JSON Schema of one assignment's submissions: what an editor underlines."""

import copy
import re

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from checker.answer_kinds.forms.editor import NUMBER
from checker.students.handout import make_handout
from checker.students.schema import schema_for
from checker.students.template import template_text
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.written_number import NotANumberError, read_number

DIALECTS = (Draft202012Validator, Draft7Validator)


def accepts(handout, data):
    """Whether a submission is valid, which every dialect must see alike."""
    schema = schema_for(handout)
    said = set()
    for dialect in DIALECTS:
        dialect.check_schema(schema)
        said.add(dialect(schema).is_valid(data))
    (one,) = said
    return one


def submission(id, **answers):
    return {"assignment": id, "student": {"id": "someone"}, "answers": answers}


def test_the_real_submissions_are_valid(shipped, handout_of, cases):
    for path in (cases / shipped).glob("*.yaml"):
        assert accepts(handout_of(shipped), yaml.safe_load(path.read_text(encoding="utf-8")))


def test_a_signed_template_is_valid_and_an_unsigned_one_is_not(shipped, handout_of):
    handout = handout_of(shipped)
    assert accepts(handout, yaml.safe_load(template_text(handout, student="someone")))
    assert not accepts(handout, yaml.safe_load(template_text(handout)))


def test_a_key_that_is_not_asked_for_is_refused(shipped, handout_of, case_of):
    case = case_of(shipped)
    for path in ((), ("answers",), ("answers", next(iter(case["answers"])))):
        wrong = copy.deepcopy(case)
        block = wrong
        for part in path:
            block = block[part]
        if isinstance(block, dict):
            block["nobody_asked"] = 1
            assert not accepts(handout_of(shipped), wrong)


def test_what_a_submission_needs_is_required(shipped, handout_of, case_of):
    for key in ("assignment", "student", "answers"):
        wrong = copy.deepcopy(case_of(shipped))
        del wrong[key]
        assert not accepts(handout_of(shipped), wrong)


def test_another_assignment_is_refused(shipped, handout_of, case_of):
    assert not accepts(handout_of(shipped), case_of(shipped) | {"assignment": "another"})


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ([1, 2, 3], True),
        ([-0.5, "1/3", "\u22120.2"], True),
        ([[1], [2], [3]], True),
        ([[1, 2, 3]], True),
        (None, True),
        ([1, 2], False),
        ([1, 2, 3, 4], False),
        ([], False),
        ([[1], [2]], False),
        ([[1, 2], [3, 4]], False),
        ([1, 2, "0,5"], False),
        ([1, 2, "none of them"], False),
        ([1, None, 3], False),
        (3, False),
        ({"a": 1}, False),
    ],
)
def test_a_vector_has_its_length(handout_of, value, fine):
    data = submission("fit3181-a2", **{"q3.1": {"h_0": value}})
    assert accepts(handout_of("fit3181-a2"), data) is fine


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ([[1, 2, 3]] * 3, True),
        ([["1/3", "-log(0.839)", "6.2 \u00d7 10^-3"]] * 3, True),
        (None, True),
        ([[1, 2, 3]] * 2, False),
        ([[1, 2]] * 3, False),
        ([[1, 2, 3], [1, 2, 3], [1, 2]], False),
        ([1, 2, 3], False),
        ([1] * 9, False),
    ],
)
def test_a_matrix_has_its_rows_and_columns(handout_of, value, fine):
    handout = handout_of("fit3181-a2")
    assert accepts(handout, submission("fit3181-a2", **{"q3.5": {"dL_dV": value}})) is fine
    # The only answer of its question may stand directly under it.
    assert accepts(handout, submission("fit3181-a2", **{"q3.5": value})) is fine


@pytest.mark.parametrize(
    ("value", "fine"),
    [(608, True), ("8*(75+1)", True), (608.0, True), (608.5, False), ([608], True), ("six", False)],
)
def test_a_whole_number_is_whole(handout_of, value, fine):
    data = submission("hw2-cnn-lstm", **{"1A": {"i": value}})
    assert accepts(handout_of("hw2-cnn-lstm"), data) is fine


@pytest.mark.parametrize(
    ("value", "fine"),
    [("third", True), (["second", "third"], True), ([], True), (None, True), ("fifth", False),
     (["third", "fifth"], False), (3, False)],
)  # fmt: skip
def test_a_choice_is_one_of_what_is_offered(handout_of, value, fine):
    data = submission("hw5-rnn-attention", q1={"b": value})
    assert accepts(handout_of("hw5-rnn-attention"), data) is fine


def test_options_that_look_like_numbers_may_be_written_without_quotes():
    source = """
assignment: "2024"
title: Odd
questions:
  q: {points: 1, answers: {a: {kind: choice, options: {"1": x, "2.5": y, "true": z}, correct: ["1"]}}}
"""  # noqa: E501
    handout = make_handout(build_assignment(parse_assignment_file(source, "odd.yaml")))
    for value in (1, "1", 2.5, "2.5", True, "true"):
        assert accepts(handout, submission(2024, q={"a": value}))
    for value in (2, False, "yes"):
        assert not accepts(handout, submission("2024", q={"a": value}))


def test_every_answer_is_described(shipped, handout_of):
    schema = schema_for(handout_of(shipped))
    for question in schema["properties"]["answers"]["properties"].values():
        assert question["description"]
        (mapping,) = (case["then"] for case in question["anyOf"])
        assert all(answer["description"] for answer in mapping["properties"].values())


def test_the_pattern_of_numbers_takes_what_the_reader_takes():
    texts = ["1", "-1.5", "1e-3", ".5", "+0.5", "\u22120.5", "\u2013 0.5", "6.2 \u00d7 10^-3",
             "6.2\u00b710^(-3)",
             "6.2\\times 10^{-3}", "1/3", "-log(0.839)", "2*pi", "e"]  # fmt: skip
    assert all(re.search(NUMBER, text) for text in texts)
    for text in ["0,5", "-1,25", "50 %", "five", "?", "0.5!", "= 3", "x < 3", ""]:
        assert not re.search(NUMBER, text)
        with pytest.raises(NotANumberError):
            read_number(text)
