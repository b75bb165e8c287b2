"""Parts that many reports have in common are made once, and never said of another answer."""

import json
from dataclasses import replace

import pytest

from checker.report import AnswerReport, EntryReport, QuestionReport, RunReport, SubmissionReport
from checker.reports.common import kept, made_once, shown
from checker.reports.html import submission_html
from checker.reports.markdown import submission_markdown
from checker.reports.results_json import results_json

ENTRIES = (EntryReport((0,), "0.5", True, "", 0.5), EntryReport((1,), "2", True, "", 2.0))
RIGHT = AnswerReport(
    "q1",
    "h_0",
    "correct",
    1.0,
    1.0,
    "Right in all digits.",
    asked="h_0",
    shape=(2,),
    entries=ENTRIES,
    written="[0.5, 2]",
    line=3,
    column=8,
)


def pages(answer):
    question = QuestionReport("q1", "States", 1, 1, 0, (answer,))
    report = SubmissionReport("s1", "", "s1.yaml", "graded", 1, 1, 0, (), (question,))
    run = RunReport("a", "A", "sha256:" + 64 * "0", False, (report,))
    return submission_html(run, report), submission_markdown(run, report), results_json(run)


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "h_1"},
        {"points": 0.5},
        {"max_points": 2.0},
        {"message": "Right as far as it goes."},
        {"asked": "h_1"},
        {"entries": (ENTRIES[0], replace(ENTRIES[1], text="2.0"))},
        {"entries": (), "shape": (), "written": "two"},
        {"remark": "A comma was read as a point."},
        {"verdict": "missing", "line": None, "column": None},
        {"expected": "[0.5, 2.0]"},
        {"line": 4, "column": 9, "verdict": "invalid"},
    ],
)
def test_an_answer_that_shows_something_else_has_another_part_in_every_report(change):
    before = pages(RIGHT)
    other = pages(replace(RIGHT, **change))
    html, markdown, results = (one != two for one, two in zip(before, other, strict=True))
    assert html
    assert markdown
    assert results or "asked" in change  # The results leave that to the sheet.
    assert pages(RIGHT) == before


def test_the_place_of_a_right_answer_stands_in_the_results_alone():
    before, other = pages(RIGHT), pages(replace(RIGHT, line=40, column=2))
    assert before[:2] == other[:2]
    places = [
        (answer["line"], answer["column"])
        for page in (before[2], other[2], pages(replace(RIGHT, line=None, column=None))[2])
        for answer in json.loads(page)["submissions"][0]["answers"]
    ]
    assert places == [(3, 8), (40, 2), (None, None)]


def test_answers_that_show_the_same_are_found_as_one():
    again = replace(RIGHT, entries=tuple(map(replace, ENTRIES)), line=40, column=2)
    assert shown(again) is shown(RIGHT)
    assert shown(replace(RIGHT, written="[0.50, 2]")) is not shown(RIGHT)


def test_only_what_many_have_in_common_is_remembered():
    asked = []
    remembered = made_once(lambda what, more: asked.append(more) or (what.answer.verdict, more))
    large = replace(RIGHT, entries=ENTRIES * 100, shape=(200,))
    text = replace(RIGHT, verdict="ungraded", entries=(), shape=(), written="by hand")
    long = replace(RIGHT, written="0" * 100_000)
    for answer in (RIGHT, large, text, long) * 2:
        assert remembered(shown(answer), answer.written) == (answer.verdict, answer.written)
    written = [answer.written for answer in (RIGHT, large, text, long, large, text, long)]
    assert asked == written
    assert remembered(shown(RIGHT), "else") == ("correct", "else")


def test_only_short_texts_are_remembered():
    asked = []
    remembered = kept(lambda text: asked.append(text) or text.upper())
    for text in ("short", "long" * 1000) * 2:
        assert remembered(text) == text.upper()
    assert asked == ["short", "long" * 1000, "long" * 1000]
