import jsonschema
import pytest
import yaml

from submissions_schema import json_schema
from submissions_schema.json_schema import assignment_schema, schema_files, submission_schema

SUBMISSION = "{assignment: a, student: {id: 12}, answers: {q1: 0.5, q2: {h: [[1, x]]}, q3: }}"
ASSIGNMENT = """\
assignment: a
title: 2024
index: {t: 0..2}
given: {W: [[1, 0]], s: 1/3}
symbols: {o: {shape: scalar, domain: [0, 1]}, w: {shape: [2]}}
steps: {"h[t]": tanh(W), one: 1}
matching: {policy: relative, tolerance: 0.1, working_digits: null}
questions:
  q: {points: 2, answers: {a: x, b: 3, c: {value: x}, d: {kind: text, max_words: 3}}}
"""


def is_valid(text, schema):
    return jsonschema.Draft202012Validator(schema).is_valid(yaml.safe_load(text))


@pytest.mark.parametrize("path", schema_files(), ids=lambda path: path.name)
def test_the_committed_schema_is_current(path):
    assert path.read_text(encoding="utf-8") == schema_files()[path]


@pytest.mark.parametrize("schema", [submission_schema(), assignment_schema()])
def test_a_schema_is_valid_and_has_no_id(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$id" not in schema
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("student", ["{id: s, name: x}", "s", "123"])
def test_a_submission_fits_its_schema(student):
    assert is_valid(SUBMISSION, submission_schema())
    assert is_valid(SUBMISSION.replace("{id: 12}", student), submission_schema())


@pytest.mark.parametrize(
    "text", ["{}", "[]", "{assignment: a, student: s}", SUBMISSION.replace("q1", "q1: 1}, x: {y")]
)
def test_what_is_no_submission_does_not_fit(text):
    assert not is_valid(text, submission_schema())


def test_an_assignment_fits_its_schema():
    assert is_valid(ASSIGNMENT, assignment_schema())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("t: 0..2", "t: 3"),
        ("shape: scalar", "shape: vector"),
        ("kind: text", "kind: txt"),
        ("max_words", "max_word"),
        ("policy: relative", "policy: relativ"),
        ("assignment: a", "assignment: A b"),
    ],
)
def test_what_is_no_assignment_does_not_fit(right, wrong):
    assert not is_valid(ASSIGNMENT.replace(right, wrong), assignment_schema())


def test_the_schemas_can_be_written_again(tmp_path, monkeypatch):
    monkeypatch.setattr(json_schema, "_FOLDER", tmp_path)
    json_schema.main()
    assert {path.name for path in tmp_path.iterdir()} == {
        "submission.schema.json",
        "assignment.schema.json",
    }
