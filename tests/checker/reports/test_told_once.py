"""A student's report begins with what matters, and explains every mistake once."""

import re
from dataclasses import replace

import pytest

from checker.report import (
    AnswerReport,
    MistakeReport,
    QuestionReport,
    RunReport,
    SubmissionReport,
)
from checker.reports.html import submission_html
from checker.reports.markdown import submission_markdown
from checker.reports.terminal import submission_text
from checker.reports.told_once import ToldOnce, first_sentence

SIGN = MistakeReport("sign-turned", "dL/dz", "likely", "The sign of `dL/dz` is turned. Look again.")
MEAN = MistakeReport("sum-for-mean", "L", "likely", "You added up; the sheet takes the mean.")
RUN = RunReport("tiny", "Tiny", "sha256:" + 64 * "0", False, ())


def an(name, verdict, *mistakes, points=0.0):
    message = " ".join(mistake.message for mistake in mistakes) or "Right."
    return AnswerReport("q1", name, verdict, points, 1.0, message, mistakes=mistakes)


ANSWERS = (
    an("essay", "ungraded", points=None),
    an("a", "correct", points=1.0),
    an("b", "mistake", replace(SIGN, charged=False), points=1.0),
    an("c", "mistake", SIGN, MEAN),
    an("d", "missing"),
)


@pytest.fixture
def report():
    question = QuestionReport("q1", "One", 2.0, 5.0, 1.0, ANSWERS, "Work it out by hand.")
    return SubmissionReport("s", "", "s.yaml", "needs_review", 2.0, 5.0, 1.0, (), (question,))


FORMATS = {
    "html": lambda report: submission_html(RUN, report),
    "markdown": lambda report: submission_markdown(RUN, report),
    "terminal": lambda report: submission_text(RUN, report, width=300, colour=False),
}


def test_mistakes_are_numbered_with_their_answers_and_the_rest_is_named(report):
    told = ToldOnce(report)
    assert [(one.number, one.mistake.id, [p.name for p in one.places]) for one in told.all] == [
        (1, "sign-turned", ["q1 b", "q1 c"]),
        (2, "sum-for-mean", ["q1 c"]),
    ]
    assert told.answers == 2
    assert [place.name for place in told.others] == ["q1 d"]
    assert told.all[0].counts_at == "q1 c"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_begins_with_the_mistakes_and_explains_each_in_full_once(report, name):
    text = FORMATS[name](report)
    assert "2 mistakes, in 2 answers" in text
    assert text.index("2 mistakes") < text.index("Right")
    assert text.count("Look again.") == 1
    assert re.search(r"Mistake 1 is explained at (<a [^>]*>)?q1 b", text)
    assert re.search(
        r"[Nn]o point is lost here: the mistake counts once, at (<a [^>]*>)?q1 c", text
    )
    assert "Not right for another reason:" in text


def test_right_answers_and_texts_are_one_line_to_open_and_the_prompt_is_shown(report):
    page = submission_html(RUN, report)
    folded = re.findall(r'<details class="card line \w+" id="q1/(\d)">', page)
    assert folded == ["1", "2"]
    assert "Work it out by hand." in page


def test_a_report_without_a_mistake_has_no_summary(report):
    question = replace(report.questions[0], answers=ANSWERS[:2])
    page = submission_html(RUN, replace(report, questions=(question,)))
    assert "summary" not in re.sub(r"<style>.*?</style>|</?summary>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("At `a. B` it is 0.5 too much. Two.", "At `a. B` it is 0.5 too much."),
        ("No end", "No end"),
    ],
)
def test_the_first_sentence_ends_where_the_next_begins(text, first):
    assert first_sentence(text) == first
