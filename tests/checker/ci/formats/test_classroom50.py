import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker.ci.formats.classroom50 import SCALE, Identity, classroom50_result
from checker.report import AnswerReport

IDENTITY = Identity(
    classroom="dl-2026",
    assignment="hw2",
    assignment_type="individual",
    owner="alice",
    submission="submit/2026-09-01T14-32-05Z-a1b2c3d",
    commit="https://github.com/x/y/commit/abc",
    release="https://github.com/x/y/releases/tag/submit%2F1",
    review="https://github.com/x/y/compare/a...b",
    datetime="2026-09-01T14:32:05Z",
)
TIME = r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"
SOME_TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
REQUIRED = {
    "schema": {"const": "classroom50/result/v1"},
    "classroom": SOME_TEXT,
    "assignment": SOME_TEXT,
    "assignment_type": {"enum": ["individual", "group", "team"]},
    "owner": SOME_TEXT,
    "submission": {"type": "string", "pattern": "^submit/"},
    "commit": SOME_TEXT,
    "release": SOME_TEXT,
    "review": SOME_TEXT,
    "datetime": {"type": "string", "pattern": TIME},
    "score": COUNT,
    "max-score": COUNT,
    "tests": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["test-name", "passed", "score", "max-score"],
            "properties": {
                "test-name": SOME_TEXT,
                "passed": {"type": "boolean"},
                "score": COUNT,
                "max-score": COUNT,
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": list(REQUIRED),
    "properties": REQUIRED
    | {
        "graded_at": {"type": "string", "pattern": TIME},
        "submitted_by": {
            "type": "object",
            "additionalProperties": False,
            "required": ["username"],
            "properties": {"username": SOME_TEXT, "id": {"type": ["integer", "null"]}},
        },
    },
}


def checked(run, identity=IDENTITY):
    """The result, after the checks that Classroom 50 makes of it."""
    result = json.loads(classroom50_result(run, identity))
    Draft202012Validator(SCHEMA).validate(result)
    # JSON Schema calls 1.0 an integer; their code doesn't.
    for record in (result, *result["tests"]):
        assert type(record["score"]) is int
        assert type(record["max-score"]) is int
        assert record["score"] <= record["max-score"]
    for key in ("score", "max-score"):
        assert result[key] == sum(test[key] for test in result["tests"])
    return result


def one(run, place):
    return replace(run, submissions=(run.submissions[place],))


def graded(run, points):
    answers = tuple(
        AnswerReport("q1", f"a{n}", "wrong", reached, most, "No.")
        for n, (reached, most) in enumerate(points)
    )
    submission = run.submissions[0]
    question = replace(submission.questions[0], answers=answers)
    return replace(run, submissions=(replace(submission, questions=(question,)),))


def test_classroom50_result(rnn_run, golden):
    golden("classroom50.json", classroom50_result(one(rnn_run, 0), IDENTITY))


@pytest.mark.parametrize("place", range(5))
def test_every_submission_is_a_valid_result(rnn_run, place):
    run = one(rnn_run, place)
    result = checked(run)
    assert result["max-score"] == round(run.submissions[0].max_score * SCALE)
    assert set(result) == set(REQUIRED)


def test_the_optional_keys_are_there_if_they_are_known(rnn_run):
    identity = replace(
        IDENTITY, graded_at="2026-09-01T15:00:00Z", submitted_by="alice", submitted_by_id=7
    )
    result = checked(one(rnn_run, 0), identity)
    assert result["submitted_by"] == {"username": "alice", "id": 7}
    assert result["graded_at"] == "2026-09-01T15:00:00Z"


def test_every_test_says_its_scale(rnn_run):
    result = checked(one(rnn_run, 0))
    assert {test["scale"] for test in result["tests"]} == {100}
    assert {test["score"] for test in result["tests"]} >= {50}
    assert all(
        test["points"] is None or abs(test["points"] * 100 - test["score"]) < 1
        for test in result["tests"]
    )


@given(
    st.lists(
        st.tuples(st.fractions(0, 1, max_denominator=9), st.fractions(0, 5, max_denominator=7)),
        min_size=1,
        max_size=12,
    )
)
def test_parts_of_points_add_up(rnn_run, parts):
    points = [(float(share * most), float(most)) for share, most in parts]
    run = graded(rnn_run, points)
    result = checked(run)
    assert result["max-score"] == round(sum(most for _, most in points) * SCALE)
    reached = sum(reached for reached, _ in points) * SCALE
    assert abs(result["score"] - reached) <= len(points)
    full = checked(graded(rnn_run, [(most, most) for _, most in points]))
    assert full["score"] == full["max-score"]


def test_an_unreadable_file_says_so_and_has_the_points_of_all(rnn_run):
    (test,) = checked(one(rnn_run, 4))["tests"]
    assert not test["passed"]
    assert "This is not a zero" in test["message"]


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_text_gives_a_valid_result(with_text, text):
    checked(with_text(text))
