import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.reports.answers_csv import HEAD, answers_head, answers_rows


def table(run):
    return answers_head() + "".join(map(answers_rows, run.submissions))


def read(text):
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_answers(rnn_run, golden):
    golden("answers.csv", table(rnn_run))


def test_every_student_has_a_line_for_each_answer(rnn_run):
    rows = read(table(rnn_run))
    full = rnn_run.submissions[0]
    own = [row for row in rows if row["student"] == full.student]
    assert list(rows[0]) == list(HEAD)
    assert [row["answer"] for row in own] == [answer.answer for answer in full.answers]
    assert [row["verdict"] for row in own] == [answer.verdict for answer in full.answers]


def test_an_answer_that_waits_has_no_points_and_a_wrong_one_has_zero(rnn_run):
    points = {(r["verdict"], r["points"]) for r in read(table(rnn_run))}
    assert ("ungraded", "") in points
    assert ("wrong", "0") in points


def test_a_file_that_cannot_be_read_has_one_line_without_points(rnn_run):
    (row,) = [row for row in read(table(rnn_run)) if row["status"] == "unreadable"]
    assert (row["answer"], row["verdict"], row["points"]) == ("", "", "")


def with_written(run, text):
    one = run.submissions[0]
    question = one.questions[0]
    answer = replace(question.answers[0], written=text)
    one = replace(one, questions=(replace(question, answers=(answer,)),))
    return replace(run, submissions=(one,))


@pytest.mark.parametrize("text", ["-0.31", "+2", "1e-3", "-1.5E+10"])
def test_a_number_stays_as_it_was_written(rnn_run, text):
    assert read(table(with_written(rnn_run, text)))[0]["written"] == text


@pytest.mark.parametrize("text", ["=1+1", "-1+cmd|' /C calc'!A0", "+1-2", "@x", "-", "-1\n+2"])
def test_a_formula_is_made_harmless(rnn_run, text):
    assert read(table(with_written(rnn_run, text)))[0]["written"].startswith("'")


@settings(deadline=None)
@given(st.text())
def test_any_text_is_on_one_line(with_text, text):
    run = with_text(text)
    out = table(run)
    assert out.count("\n") == 1 + sum(len(s.answers) or 1 for s in run.submissions)
    out.encode()
