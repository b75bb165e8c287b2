import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker.ci.formats.artemis import READABLE, artemis_feedbacks

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "successful"],
    "properties": {
        "name": {"type": "string", "pattern": r"\S"},
        "successful": {"type": "boolean"},
        "message": {"type": "string"},
    },
    "if": {"properties": {"successful": {"const": False}}},
    "then": {"required": ["message"], "properties": {"message": {"pattern": r"\S"}}},
}


def checked(run):
    """The feedbacks by their names, after the checks that Artemis makes of them."""
    found = {}
    for name, text in artemis_feedbacks(run).items():
        assert re.fullmatch(r"[a-z0-9._=-]+\.json", name)
        feedback = json.loads(text)
        Draft202012Validator(SCHEMA).validate(feedback)
        assert feedback["name"] not in found
        found[feedback["name"]] = feedback
    return found


def one(run, place):
    return replace(run, submissions=(run.submissions[place],))


def test_artemis_feedbacks(rnn_run, golden):
    files = artemis_feedbacks(one(rnn_run, 0))
    golden("artemis.txt", "".join(f"{name}\n{text}" for name, text in files.items()))


@pytest.mark.parametrize("place", range(4))
def test_there_is_one_feedback_for_each_answer(rnn_run, place):
    run = one(rnn_run, place)
    answers = run.submissions[0].answers
    found = checked(run)
    assert len(found) == len(answers) + 1
    right = {"correct", "follow_through"}
    assert [f["successful"] for f in found.values()] == [
        True,
        *(answer.verdict in right or answer.points == answer.max_points for answer in answers),
    ]


def test_an_answer_whose_mistake_is_charged_elsewhere_keeps_its_points(rnn_run):
    run = one(rnn_run, 0)
    answers = [answer for answer in run.submissions[0].answers if answer.verdict == "mistake"]
    full = [answer for answer in answers if answer.points == answer.max_points]
    assert 0 < len(full) < len(answers)
    found = checked(run)
    for answer in answers:
        name = f"{answer.question} {answer.answer}"
        assert found[name]["successful"] == (answer in full)


def test_an_unreadable_file_fails_the_one_test_that_all_have(rnn_run):
    found = checked(one(rnn_run, 4))
    assert list(found) == [READABLE]
    assert not found[READABLE]["successful"]


def test_feedbacks_of_several_submissions_are_told_apart(rnn_run):
    found = checked(replace(rnn_run, submissions=rnn_run.submissions[:1] * 2))
    assert len(found) == 2 * (len(rnn_run.submissions[0].answers) + 1)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_text_gives_feedback_that_artemis_takes(with_text, text):
    assert len(checked(with_text(text))) == 4
