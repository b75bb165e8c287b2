from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.report import Certainty, Status, Verdict
from checker.reports import wording
from checker.reports.clean import one_line, visible
from checker.reports.overview import overview


def test_every_verdict_status_and_certainty_has_words():
    assert set(wording.VERDICTS) == set(get_args(Verdict))
    assert set(wording.STATUSES) == set(get_args(Status))
    assert set(wording.CERTAINTIES) == set(get_args(Certainty))


def test_no_two_verdicts_look_alike():
    words = wording.VERDICTS.values()
    assert len({word.label for word in words}) == len({word.glyph for word in words}) == len(words)


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2"), (2.5, "2.5"), (1 / 3, "0.33"), (-0.001, "0"), (10, "10"), (None, "\u2013")],
)
def test_points_for_a_reader(value, text):
    assert wording.number(value) == text


def test_points_that_wait_are_named():
    assert wording.pending_sentence(2, 12) == "2 of 12 points wait for a person"
    assert wording.pending_sentence(1, 12) == "1 of 12 points waits for a person"
    assert wording.pending_sentence(0, 12) == ""


def test_a_student_counts_once_for_a_mistake(rnn_run):
    counts = {count.id: count.students for count in overview(rnn_run).mistakes}
    assert counts["cross_entropy.log10"] == 2
    assert counts["mean.dropped-factor"] == 1


def test_averages_leave_out_what_is_not_marked(rnn_run):
    columns = {column.id: column for column in overview(rnn_run).columns}
    assert columns["q3.4"].mean is None
    assert columns["q3.2"].mean == pytest.approx((3.5 + 5 + 1) / 3)
    empty = replace(rnn_run, submissions=())
    assert overview(empty).columns == overview(empty).mistakes == ()


@settings(deadline=None)
@given(st.text(st.characters()))
def test_cleaned_text_has_no_control_character_and_can_be_written(text):
    assert not any(ord(c) < 32 for c in one_line(text))
    assert not any(ord(c) < 32 and c not in "\t\n" for c in visible(text))
    visible(text).encode()
    assert visible(visible(text)) == visible(text)
