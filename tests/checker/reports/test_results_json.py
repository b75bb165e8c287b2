import json
import math
import os
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checker.reports
from checker.reports.results_json import results_json
from checker.reports.results_model import results_schema, schema_text

SCHEMA_FILE = Path(checker.reports.__file__).with_name("results-v2.schema.json")


def validate(data):
    jsonschema.Draft202012Validator(
        results_schema(), format_checker=jsonschema.FormatChecker()
    ).validate(data)


def test_results(rnn_run, golden):
    golden("results.json", results_json(rnn_run))


def test_the_committed_schema_is_current():
    if os.environ.get("REWRITE_GOLDEN"):
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == results_schema()


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(results_schema())
    assert results_schema()["$schema"].endswith("2020-12/schema")


def test_every_object_is_closed():
    schema = results_schema()
    for part in (schema, *schema["$defs"].values()):
        if part.get("type") == "object":
            assert part["additionalProperties"] is False


def test_results_follow_the_schema(rnn_run):
    validate(json.loads(results_json(rnn_run)))


def test_the_schema_refuses_what_is_unknown(rnn_run):
    data = json.loads(results_json(rnn_run))
    data["submissions"][0]["answers"][0]["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError):
        validate(data)


def test_the_order_and_the_bytes_are_fixed(rnn_run):
    first = results_json(rnn_run)
    assert first == results_json(replace(rnn_run))
    assert first.endswith("}\n")
    files = [s["file"] for s in json.loads(first)["submissions"]]
    assert files == [s.file for s in rnn_run.submissions]


def test_the_right_value_is_there_only_if_given(rnn_run):
    answers = json.loads(results_json(rnn_run))["submissions"][0]["answers"]
    assert [a["answer"] for a in answers if "expected" in a] == ["dL_dU"]


def test_points_are_rounded_and_have_no_negative_zero(rnn_run):
    one = replace(rnn_run.submissions[1], score=1 / 3, pending=-0.0, questions=())
    out = results_json(replace(rnn_run, submissions=(one,)))
    assert '"score": 0.333333,' in out
    assert '"pending": 0.0,' in out


def test_what_was_written_is_there_as_texts_and_as_numbers(rnn_run):
    answers = json.loads(results_json(rnn_run))["submissions"][0]["answers"]
    first = answers[0]
    assert first["shape"] == [3]
    assert first["texts"] == ["0.8005", "0.8005", "0.0997"]
    assert first["numbers"] == [0.8005, 0.8005, 0.0997]
    for answer in answers:
        assert len(answer["numbers"]) == len(answer["texts"])


def test_a_number_that_was_written_without_being_finite_is_null(rnn_run):
    one = rnn_run.submissions[0]
    entry = replace(one.answers[0].entries[0], text="1e999", value=math.inf)
    answer = replace(one.answers[0], entries=(entry,), shape=())
    question = replace(one.questions[0], answers=(answer,))
    out = results_json(replace(rnn_run, submissions=(replace(one, questions=(question,)),)))
    read = json.loads(out)["submissions"][0]["answers"][0]
    assert (read["texts"], read["numbers"]) == (["1e999"], [None])


def test_every_alternative_has_its_id(rnn_run):
    mistakes = [
        mistake
        for submission in json.loads(results_json(rnn_run))["submissions"]
        for answer in submission["answers"]
        for mistake in answer["mistakes"]
        if mistake["alternatives"]
    ]
    assert "mean.other-axis" in mistakes[0]["alternative_ids"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_an_error(rnn_run, value):
    one = replace(rnn_run.submissions[1], score=value)
    with pytest.raises(ValueError, match="finite"):
        results_json(replace(rnn_run, submissions=(one,)))


def test_an_unreadable_file_has_no_score(rnn_run):
    last = json.loads(results_json(rnn_run))["submissions"][-1]
    assert last["score"] is None
    assert last["status"] == "unreadable"
    assert len(last["problems"]) == 2


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_comes_back(with_text, text):
    out = results_json(with_text(text))
    data = json.loads(out)
    validate(data)
    assert data["assignment"]["title"] == text
    submission = data["submissions"][0]
    assert submission["student"] == submission["name"] == submission["problems"][0] == text
    answer = submission["answers"][0]
    assert (
        answer["message"] == answer["expected"] == answer["mistakes"][0]["alternatives"][0] == text
    )
    assert not set(out) & set("\x1b\x7f\x9b\u202e\u2028")


@settings(deadline=None)
@given(st.text(st.characters()))
def test_surrogates_can_be_written(with_text, text):
    json.loads(results_json(with_text(text)).encode())
