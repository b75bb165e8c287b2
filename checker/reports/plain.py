"""Plain text that other systems show as it is: what there is to say about one answer.

No markup and no control characters. What a job prints goes through :func:`log_safe` as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from checker.report import AnswerReport, EntryReport, MistakeReport, SubmissionReport
from checker.reports import layout, wording
from checker.reports.clean import one_line, visible

_SHOWN_WRONG = 12
_HASHES = re.compile("#(?! )")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")


def log_safe(text: str) -> str:
    """Return text that a CI job may print: no line of it is a command to the job's runner.

    GitHub's runner takes commands from a line that begins with ``::`` and from ``##[`` anywhere,
    and compares as people would, without regard to characters that aren't seen. So what parts the
    signs must be seen: a bar before the line, a space after ``#``. Azure and TeamCity read ``##``
    too. GitLab's commands need an escape character, which is made visible.
    """
    return "\n".join(map(_no_command, visible(text).split("\n")))


def _no_command(line: str) -> str:
    if line.count("#") > 1:
        line = _HASHES.sub("# ", line)
    if ":" in line and next(filter(_counts, line)) == ":":
        return f"| {line}"
    return line


def _counts(char: str) -> bool:
    """Whether a comparison of texts can't pass over a character."""
    return not (char.isspace() or unicodedata.category(char)[0] in "CMZ" or char in _FILLERS)


def clipped(text: str, most: int) -> str:
    """Return text of at most ``most`` characters; an ellipsis stands for what is cut off."""
    return text if len(text) <= most else f"{text[: max(most - 1, 0)].rstrip()}…"


def answer_name(answer: AnswerReport) -> str:
    """Return ``q3.4 dL_dh1``, on one line."""
    return one_line(f"{answer.question} {answer.answer}").strip()


def titled_name(answer: AnswerReport, title: str) -> str:
    """Return ``q3.4 dL_dh1: Gradient of the state``, without the colon where there is no title."""
    return ": ".join(part for part in (answer_name(answer), one_line(title).strip()) if part)


def loses_points(answer: AnswerReport) -> bool:
    """Whether points were lost: what a system that knows only "passed" and "failed" calls failed.

    A mistake made again costs nothing and is no failure; nor is what waits for a person.
    """
    return answer.points is not None and answer.points < answer.max_points - 1e-9


def plainly_right(answer: AnswerReport) -> bool:
    """Whether there is nothing to say of an answer but that it is right."""
    said = answer.mistakes or answer.remark
    return answer.verdict == "correct" and not said and not loses_points(answer)


def verdict_text(answer: AnswerReport) -> str:
    """Return ``Mistake, 1.5 / 3 points``."""
    points = wording.points_of(answer.points, answer.max_points)
    return f"{wording.VERDICTS[answer.verdict].label}, {points} points"


def answer_text(answer: AnswerReport, file: str = "") -> str:
    """Return everything that a student is told about an answer, line by line."""
    return "\n".join(_lines(answer, file))


def unreadable_text(submission: SubmissionReport) -> str:
    """Return why a submission can't be read, line by line."""
    reasons = submission.problems or (wording.NO_REASON,)
    return "\n".join([wording.UNREADABLE_TITLE, *map(one_line, reasons), wording.UNREADABLE_POINTS])


def score_text(submission: SubmissionReport) -> str:
    """Return ``16 / 25 points so far, 6 of 25 points wait for a person``."""
    if submission.status == "unreadable":
        return wording.STATUSES["unreadable"].label
    pending = wording.pending_sentence(submission.pending, submission.max_score)
    score = wording.points_of(submission.score, submission.max_score)
    return f"{score} points so far, {pending}" if pending else f"{score} points"


def _lines(answer: AnswerReport, file: str) -> Iterator[str]:
    yield verdict_text(answer)
    message = one_line(layout.own_message(answer))
    if message:
        yield message
    yield from _wrong_entries(answer)
    if answer.remark:
        yield f"{wording.READ_AS}: {one_line(answer.remark)}"
    if answer.expected is not None:
        yield f"{wording.RIGHT_VALUE}: {one_line(answer.expected)}"
    for mistake in answer.mistakes:
        yield from _mistake(mistake, layout.where(answer, mistake))
    if reason := layout.own_reason(answer):
        yield f"{wording.POINTS}: {one_line(reason)}"
    if file and answer.line is not None:
        yield one_line(wording.place(file, answer.line, answer.column))


def _wrong_entries(answer: AnswerReport) -> Iterator[str]:
    wrong = layout.wrong_entries(answer)
    each = layout.shared_off(answer)
    for entry in wrong[:_SHOWN_WRONG]:
        yield _entry(entry, not each)
    if len(wrong) > _SHOWN_WRONG:
        yield f"and {len(wrong) - _SHOWN_WRONG} more wrong entries"
    if each:
        yield f"{wording.EACH_WRONG}: {one_line(each)}"


def _entry(entry: EntryReport, with_off: bool) -> str:
    parts = ["✗", layout.index_text(entry.index), one_line(entry.text)]
    if with_off and entry.off:
        parts.append(f"({one_line(entry.off)})")
    return " ".join(part for part in parts if part)


def _mistake(mistake: MistakeReport, place: str) -> Iterator[str]:
    where = f", at {one_line(place)}" if place else ""
    said = f"{wording.CERTAINTIES[mistake.certainty]}{where}: {one_line(mistake.message)}"
    yield f"{said} ({one_line(mistake.id)})"
    if mistake.alternatives:
        yield wording.CANNOT_TELL
        for alternative in mistake.alternatives:
            yield f"- {one_line(alternative)}"
    if not mistake.charged:
        yield wording.NOT_CHARGED_AGAIN
