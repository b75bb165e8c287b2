import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.reports.clean import one_line
from checker.reports.gradebook_csv import HEAD, MAX_CELL, cell_text, gradebook_csv


def read(text):
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_gradebook(rnn_run, golden):
    golden("gradebook.csv", gradebook_csv(rnn_run))


def test_every_submission_has_a_row(rnn_run):
    rows = read(gradebook_csv(rnn_run))
    assert len(rows) == len(rnn_run.submissions)
    assert list(rows[0]) == [*HEAD, "q3.1", "q3.2", "q3.3", "q3.4", "remarks"]


def test_an_unreadable_file_has_an_empty_score_and_a_reason(rnn_run):
    row = read(gradebook_csv(rnn_run))[-1]
    assert (row["status"], row["score"], row["max_score"]) == ("unreadable", "", "19")
    assert "found a tab" in row["remarks"]
    silent = replace(rnn_run.submissions[-1], problems=())
    assert read(gradebook_csv(replace(rnn_run, submissions=(silent,))))[0]["remarks"]


def test_a_question_that_waits_has_no_points(rnn_run):
    row = read(gradebook_csv(rnn_run))[0]
    assert (row["q3.3"], row["q3.4"], row["pending"]) == ("3.5", "", "2")


@pytest.mark.parametrize(
    "text",
    ["=cmd()", "+1", "-5", "@x", "\tx", "\r=1", "\n=1", "  =1", "＝1", "|calc"],  # noqa: RUF001
)
def test_a_formula_is_made_harmless(text):
    assert cell_text(text).startswith("'")


@pytest.mark.parametrize("text", ["", "s1001", "O'Neil", "a=b", "012"])
def test_other_text_is_left_alone(text):
    assert cell_text(text) == text


def test_numbers_are_left_alone(rnn_run):
    one = replace(rnn_run.submissions[1], score=-1 / 3, student="-5", pending=-0.0)
    row = read(gradebook_csv(replace(rnn_run, submissions=(one,))))[0]
    assert (row["score"], row["student"], row["pending"]) == ("-0.333333", "'-5", "0")


@settings(deadline=None)
@given(st.text())
def test_any_text_comes_back_on_one_line(with_text, text):
    out = gradebook_csv(with_text(text))
    assert "\r" not in out
    assert out.count("\n") == 3
    for row in read(out):
        assert row["student"] in {one_line(text), "'" + one_line(text)}
        assert row["student"] == row["name"] == row["file"]
    out.encode()


def test_a_cell_has_a_limit_that_a_spreadsheet_can_hold(rnn_run):
    flooded = replace(rnn_run.submissions[0], notes=("x" * 100_000,) * 3)
    (row,) = read(gradebook_csv(replace(rnn_run, submissions=(flooded,))))
    assert len(row["remarks"]) == MAX_CELL
    assert row["remarks"].endswith("…")
