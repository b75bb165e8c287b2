"""What a GitHub Actions job reads: annotations, the step's summary, and the step's outputs.

An annotation is a line ``::error file=…,line=…,col=…,title=…::message`` on standard output. GitHub
shows ten errors, ten warnings and ten notices of a step and drops the others, so the worst nine are
written, and the tenth counts those that are left out. What costs no points is a notice.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from checker.ci.format import Format, Job
from checker.ci.formats.github_classroom import github_classroom_result
from checker.report import AnswerReport, RunReport, SubmissionReport, Verdict
from checker.reports import wording
from checker.reports.clean import encodable, one_line, visible
from checker.reports.markdown import submission_markdown
from checker.reports.markdown import text as escaped
from checker.reports.plain import answer_name, answer_text, clipped, loses_points, verdict_text

SHOWN = 10
"""How many annotations of each level GitHub shows of one step."""

SUMMARY_LIMIT = 1024 * 1024
"""How many bytes a step may write to its summary."""

_ERRORS: frozenset[Verdict] = frozenset(("wrong", "mistake", "partial", "invalid"))
_WARNINGS: frozenset[Verdict] = frozenset(("imprecise", "missing"))
_LONGEST_MESSAGE = 4000
_LONGEST_TITLE = 200
_NAMED_IN_SUMMARY = 20
_CUT = "_The report is longer than a summary may be; the rest is left out._\n"
_FENCE = re.compile(r"(`{3,})(text)?")


_Level: TypeAlias = Literal["error", "warning", "notice"]
_LEVELS: tuple[_Level, ...] = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class _Note:
    """One annotation; those that cost more come first."""

    level: _Level
    cost: float
    title: str
    message: str
    file: str = ""
    line: int | None = None
    column: int | None = None


def annotation_lines(run: RunReport) -> str:
    """Return the annotations of a run, one line each; ``file`` is taken to be in the repository."""
    notes = list(_notes(run))
    lines: list[str] = []
    for level in _LEVELS:
        found = sorted((n for n in notes if n.level == level), key=lambda note: -note.cost)
        shown = found if len(found) < SHOWN else found[: SHOWN - 1]
        lines += map(_command, shown)
        if left := found[len(shown) :]:
            lines.append(_command(_summary(left)))
    return "".join(f"{line}\n" for line in lines)


def step_summary(run: RunReport, limit: int = SUMMARY_LIMIT) -> str:
    """Return the reports of a run as Markdown of at most ``limit`` bytes, cut between blocks."""
    report = submission_markdown if run.assignment else _nothing_graded
    whole = encodable("\n".join(report(run, submission) for submission in run.submissions))
    if len(whole.encode()) <= limit:
        return whole
    kept: list[str] = []
    room = limit - len(_CUT.encode())
    for block in _blocks(whole):
        room -= len(block.encode())
        if room < 0:
            break
        kept.append(block)
    return "".join(kept) + (_CUT if room >= 0 or kept or limit >= len(_CUT.encode()) else "")


def step_outputs(values: Mapping[str, str], delimiter: Callable[[], str]) -> str:
    """Return what is appended to ``$GITHUB_OUTPUT``.

    ``delimiter`` makes a random word; one that stands in the value is not used, so that no value
    can end itself and set another output.
    """
    parts = []
    for name, value in values.items():
        end = delimiter()
        while end in value:
            end = delimiter()
        parts.append(f"{name}<<{end}\n{value}\n{end}\n")
    return "".join(parts)


def _nothing_graded(run: RunReport, submission: SubmissionReport) -> str:
    """Return why there is no report: not even the assignment is known."""
    reasons = "\n".join(f"- {escaped(problem)}" for problem in submission.problems)
    return f"# {escaped(run.title)}\n\n{reasons}\n\n{wording.UNREADABLE_POINTS}\n"


def _notes(run: RunReport) -> Iterator[_Note]:
    several = len(run.submissions) > 1
    for submission in run.submissions:
        whose = f"{wording.heading(submission)}: " if several else ""
        if submission.status == "unreadable":
            for problem in submission.problems or (wording.NO_REASON,):
                file, line, column, message = _placed(problem, submission.file)
                title = f"{whose}{wording.UNREADABLE_TITLE if run.assignment else run.title}"
                yield _Note("error", float("inf"), title, message, file, line, column)
            continue
        for problem in submission.problems:
            file, line, column, message = _placed(problem, submission.file)
            yield _Note("warning", 0.0, f"{whose}{wording.REMARKS}", message, file, line, column)
        for answer in submission.answers:
            if answer.verdict in _ERRORS | _WARNINGS:
                worst: _Level = "error" if answer.verdict in _ERRORS else "warning"
                level = worst if loses_points(answer) else "notice"
                yield _note(level, answer, submission, whose)


def _note(
    level: _Level,
    answer: AnswerReport,
    submission: SubmissionReport,
    whose: str,
) -> _Note:
    return _Note(
        level,
        answer.max_points - (answer.points or 0.0),
        f"{whose}{answer_name(answer)}: {verdict_text(answer)}",
        answer_text(answer).partition("\n")[2] or answer.message or verdict_text(answer),
        submission.file,
        answer.line,
        answer.column,
    )


def _placed(problem: str, file: str) -> tuple[str, int | None, int | None, str]:
    """Return the place that a problem begins with, as numbers, and what it says of it."""
    match = re.match(rf"{re.escape(file)}(?::(\d+)(?::(\d+))?)?: ", problem)
    if match is None:
        return file, None, None, problem
    line, column = (int(number) if number else None for number in match.groups())
    return file, line, column, problem[match.end() :]


def _summary(left: list[_Note]) -> _Note:
    places = [note.title for note in left[:_NAMED_IN_SUMMARY]]
    if len(left) > len(places):
        places.append(f"and {len(left) - len(places)} more")
    count = wording.plural(len(left), "more place", "more places")
    return _Note(left[0].level, 0.0, f"{count} to look at", "\n".join(places))


def _command(note: _Note) -> str:
    properties = {
        "file": visible(note.file),
        "line": "" if note.line is None else str(note.line),
        "col": "" if note.column is None else str(note.column),
        "title": clipped(one_line(note.title), _LONGEST_TITLE),
    }
    said = ",".join(f"{name}={_property(text)}" for name, text in properties.items() if text)
    return f"::{note.level} {said}::{_data(clipped(visible(note.message), _LONGEST_MESSAGE))}"


def _data(text: str) -> str:
    text = encodable(text).replace("%", "%25")
    return text.replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _blocks(markdown: str) -> Iterator[str]:
    """Yield the blocks of a report with the empty lines after them; a fence is never parted."""
    block: list[str] = []
    fence = ""
    for line in markdown.splitlines(keepends=True):
        bare = line.rstrip("\n")
        if not fence and block and not block[-1].strip() and line.strip():
            yield "".join(block)
            block = []
        block.append(line)
        if fence:
            fence = "" if bare == fence else fence
        elif (match := _FENCE.fullmatch(bare)) is not None and match[2]:
            fence = match[1]
    yield "".join(block)


def _appended(job: Job) -> Mapping[Path, str]:
    """Return what goes to the end of the step's summary and of its outputs."""
    texts: dict[Path, str] = {}
    run = job.run
    if (summary := job.environ.get("GITHUB_STEP_SUMMARY")) and not job.shown:
        path = Path(summary)
        there = path.stat().st_size if path.exists() else 0
        texts[path] = step_summary(run, max(SUMMARY_LIMIT - there, 0))
    if outputs := job.environ.get("GITHUB_OUTPUT"):
        scores = [s.score for s in run.submissions if s.score is not None]
        most = wording.number(sum(s.max_score for s in run.submissions))
        values = {
            "score": wording.number(sum(scores)) if scores else "",
            "max_score": most if run.assignment else "",
            "result": github_classroom_result(run, passed=job.passed),
        }
        texts[Path(outputs)] = step_outputs(values, lambda: f"end-{secrets.token_hex(16)}")
    return texts


FORMAT = Format(
    "GitHub Actions: annotations, the step's summary and its outputs",
    appended=_appended,
    lines=lambda job: annotation_lines(job.run),
)
