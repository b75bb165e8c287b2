"""JUnit XML, which GitLab, Jenkins, Azure and most other CI systems show.

One test suite for a submission, one test case for an answer. GitLab shows the text of a failure and
not its ``message``, and ignores the second of two cases with the same class and name. JUnit knows
no points: they stand in the text, and as properties of the suite. A test fails if points were lost;
what there is to say of one that passes is its output.
"""

from __future__ import annotations

import io
from collections import Counter

from junitparser import (
    Attr,
    Error,
    Failure,
    IntAttr,
    JUnitXml,
    Skipped,
    TestCase,
    TestSuite,
)
from junitparser.junitparser import FinalResult

from checker.ci.format import Format
from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.reports import wording
from checker.reports.clean import one_line, visible
from checker.reports.plain import (
    answer_text,
    loses_points,
    plainly_right,
    titled_name,
    unreadable_text,
    verdict_text,
)


class _Case(TestCase):  # type: ignore[misc, unused-ignore]
    """A test case with its place, which GitLab links to."""

    file = Attr()
    line = IntAttr()


def junit_xml(run: RunReport) -> str:
    """Return the run as JUnit XML."""
    document = JUnitXml(_text(run.title))
    taken: Counter[tuple[str, str]] = Counter()
    for submission in run.submissions:
        document.add_testsuite(_suite(run, submission, taken))
    document.update_statistics()  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    document.write(out, pretty=True)
    return out.getvalue().decode()


def _suite(
    run: RunReport, submission: SubmissionReport, taken: Counter[tuple[str, str]]
) -> TestSuite:
    suite = TestSuite(_text(wording.heading(submission)))
    group = _text(run.assignment)
    if len(run.submissions) > 1:
        group = f"{group} / {_text(submission.student or submission.file)}"
    for name, value in {
        "score": submission.score,
        "max_score": submission.max_score,
        "pending": submission.pending,
    }.items():
        suite.add_property(name, "" if value is None else wording.number(value))
    if submission.status == "unreadable":
        case = _case(group, wording.UNREADABLE_TITLE, submission.file, None, taken)
        error = Error(_text(wording.UNREADABLE_TITLE), "unreadable")
        error.text = visible(unreadable_text(submission))
        case.result = [error]
        suite.add_testcase(case)
        return suite
    for question in submission.questions:
        for answer in question.answers:
            name = titled_name(answer, question.title)
            case = _case(group, name, submission.file, answer.line, taken)
            case.result = _result(answer, submission.file)
            if not case.result and not plainly_right(answer):
                case.system_out = visible(answer_text(answer, submission.file))
            suite.add_testcase(case)
    return suite


def _case(
    group: str, name: str, file: str, line: int | None, taken: Counter[tuple[str, str]]
) -> _Case:
    shown = _text(name)
    taken[group, shown] += 1
    while (number := taken[group, shown]) > 1:
        shown = f"{_text(name)} ({number})"
        taken[group, shown] += 1
    case = _Case(shown, group)
    case.file = _text(file)
    if line is not None:
        case.line = line
    return case


def _result(answer: AnswerReport, file: str) -> list[FinalResult]:
    if answer.points is not None and not loses_points(answer):
        return []
    if answer.points is None:
        found: FinalResult = Skipped(_text(verdict_text(answer)), answer.verdict)
    else:
        found = Failure(_text(verdict_text(answer)), answer.verdict)
    found.text = visible(answer_text(answer, file))
    return [found]


def _text(value: str) -> str:
    return one_line(value)


FORMAT = Format(
    "GitLab, Jenkins, Azure and other readers of JUnit XML",
    files=lambda job: {"junit.xml": junit_xml(job.run)},
)
