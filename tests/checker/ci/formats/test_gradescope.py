import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker.ci.formats.gradescope import gradescope_results

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEXT_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number", "minimum": 0},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": TEXT_FORMAT,
        "test_output_format": TEXT_FORMAT,
        "test_name_format": TEXT_FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number", "minimum": 0},
                    "max_score": {"type": "number", "minimum": 0},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": TEXT_FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": TEXT_FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
                "dependentRequired": {"score": ["max_score"]},
            },
        },
    },
}


def checked(run):
    results = json.loads(gradescope_results(run))
    Draft202012Validator(SCHEMA).validate(results)
    return results


def one(run, place):
    return replace(run, submissions=(run.submissions[place],))


def test_gradescope_results(rnn_run, golden):
    golden("gradescope.json", gradescope_results(one(rnn_run, 0)))


@pytest.mark.parametrize("place", range(5))
def test_every_submission_follows_the_specification(rnn_run, place):
    run = one(rnn_run, place)
    results = checked(run)
    assert results["score"] == (run.submissions[0].score or 0)
    assert results["stdout_visibility"] == "hidden"
    numbers = [test["number"] for test in results["tests"]]
    assert len(set(numbers)) == len(numbers)


def test_diagnosed_mistakes_are_tags(rnn_run):
    run = one(rnn_run, 0)
    for test, answer in zip(checked(run)["tests"], run.submissions[0].answers, strict=True):
        assert test["tags"] == list(dict.fromkeys(m.id for m in answer.mistakes))


def test_an_answer_for_a_person_has_no_points(rnn_run):
    run = one(rnn_run, 3)
    tests = checked(run)["tests"]
    waiting = [t for t in tests if t["extra_data"]["verdict"] == "ungraded"]
    assert waiting
    assert all("score" not in test and test["extra_data"]["pending"] > 0 for test in waiting)


def test_an_unreadable_file_says_that_it_is_not_a_zero(rnn_run):
    results = checked(one(rnn_run, 4))
    assert "This is not a zero" in results["output"]
    assert results["tests"][0]["tags"] == ["unreadable"]


def test_several_files_of_answers_are_refused(rnn_run):
    results = checked(rnn_run)
    assert "One file of answers is expected, got 5" in results["output"]
    assert results["tests"] == []


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_valid_results(with_text, text):
    for place in (0, 1):
        checked(one(with_text(text), place))
