"""Reports for a terminal: one submission question by question, and the summary of a run.

Text from strangers is printed as plain text: its control characters are made visible, so that no
escape sequence reaches the terminal, and rich's own markup is never read from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from checker.classroom.alarms import Alarm, by_change
from checker.edits.registry import in_general
from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.reports import layout, wording
from checker.reports.clean import one_line, visible
from checker.reports.overview import Overview, overview
from checker.reports.told_once import Told, ToldOnce, first_sentence

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_NARROWEST = 24
_SHOWN_WRONG = 12
_SIGNS = {True: "✓", False: "✗", None: " "}
_SHOWN_LINES = 20
_LISTED = 40
"""So many submissions are listed; laying out a table takes memory for every row."""
_COLOURS: dict[wording.Tone, str] = {
    "good": "green",
    "warn": "yellow",
    "bad": "red",
    "calm": "blue",
    "mute": "dim",
}


def submission_text(
    run: RunReport, submission: SubmissionReport, *, width: int, colour: bool
) -> str:
    """Return one submission's report, question by question, at most ``width`` columns wide."""
    page = _Page(width, colour)
    page.line((wording.heading(submission), "bold"), ("  " + run.title, "dim"))
    if submission.file != wording.heading(submission):
        page.line((submission.file, "dim"))
    _score(page, submission)
    told = ToldOnce(submission)
    _summary(page, told)
    for question in submission.questions:
        page.blank()
        page.line(
            (f"{question.id} ", "dim"),
            (f"{question.title}  " if question.title else "", "bold"),
            (wording.question_points(question), "bold"),
        )
        for answer in question.answers:
            _answer(page, answer, submission.file, told)
    return page.text()


def summary_text(run: RunReport, whole: Overview | None = None, *, width: int, colour: bool) -> str:
    """Return the summary of a run: the students, the class as a whole, what is common in it.

    The list of students comes first, so that what concerns all stays in view on a screen.
    ``whole`` is the overview of the run, if it is known already. A large class is cut short: the
    page and the gradebook have all of it.
    """
    whole = whole or overview(run)
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    page = _Page(width, colour)
    page.line((run.title, "bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="dim")
    table.add_column("Student", overflow="fold", ratio=1)
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("Status", overflow="fold")
    for submission in islice(run.submissions, _LISTED):
        unreadable = submission.status == "unreadable"
        status = wording.STATUSES[submission.status]
        label = f"{status.glyph} {status.label}"
        if submission.pending > 0:
            label += f" ({wording.number(submission.pending)})"
        table.add_row(
            page.piece(
                (wording.joined(submission.name, submission.student) or submission.file, "")
            ),
            page.piece(
                (
                    wording.points_of(
                        None if unreadable else submission.score, submission.max_score
                    ),
                    "",
                )
            ),
            page.piece((label, _COLOURS[status.tone])),
        )
    if run.submissions:
        page.console.print(table)
        _more(page, len(run.submissions) - _LISTED, "submission")
    for first, *others in by_change(whole.alarms):
        _alarm(page, first, others)
    if whole.alarms or len(run.submissions) > _LISTED:
        page.blank()
    page.line((wording.joined(*whole.facts), ""))
    page.blank()
    if whole.unreadable:
        several = len(whole.unreadable) > 1
        page.line((wording.FILES_UNREADABLE if several else wording.FILE_UNREADABLE, "bold red"))
        for position in whole.unreadable[:_LISTED]:
            submission = run.submissions[position]
            page.line((submission.file, ""), indent=2)
            for problem in submission.problems or (wording.NO_REASON,):
                page.line((problem, "dim"), indent=4)
        _more(page, len(whole.unreadable) - _LISTED, "file")
        page.blank()
    if whole.mistakes:
        page.line(("The mistakes most made", "bold"))
        for mistake in whole.mistakes:
            page.line(
                (f"{wording.plural(mistake.students, 'student')}  ", ""),
                (mistake.id, "yellow"),
                indent=2,
            )
            page.line((in_general(mistake.id) or mistake.message, "dim"), indent=4)
    return page.text()


def _alarm(page: _Page, alarm: Alarm, others: Sequence[Alarm]) -> None:
    page.blank()
    page.line((f"! {wording.alarm_title(alarm)}", "bold red"))
    page.line((f"{wording.THEY_WROTE}: ", "dim"), (alarm.value, ""), indent=2)
    if alarm.key:
        page.line((f"{wording.KEY_HAS}: ", "dim"), (alarm.key, ""), indent=2)
    page.line((wording.alarm_change(alarm), ""), indent=2)
    if alarm.doubt:
        page.line((alarm.doubt, "dim"), indent=2)
    if others:
        places = ", ".join(f"{other.question} {other.answer}" for other in others)
        page.line((f"{wording.SAME_CHANGE} ", ""), (places, ""), indent=2)
    lines = [one.decision for one in (alarm, *others) if one.decision]
    if lines:
        page.line((f"{wording.TO_ACCEPT}:", "dim"), indent=2)
    for line in lines:
        page.line((line, ""), indent=4)


def _more(page: _Page, count: int, what: str) -> None:
    if count > 0:
        page.line((f"and {wording.plural(count, f'more {what}')}", "dim"))


class _Page:
    """A page of text that rich lays out and nothing prints."""

    def __init__(self, width: int, colour: bool) -> None:
        from rich.console import Console  # noqa: PLC0415

        self.width = max(width, _NARROWEST)
        self._out = StringIO()
        # An empty environment: COLUMNS, NO_COLOR and the like are the command line's business.
        self.console: Console = Console(
            file=self._out,
            width=self.width,
            force_terminal=colour,
            color_system="standard" if colour else None,
            no_color=not colour,
            legacy_windows=False,
            force_jupyter=False,
            markup=False,
            emoji=False,
            highlight=False,
            _environ={},
        )

    def piece(self, *parts: tuple[str, str]) -> Text:
        """Return one line of harmless text in the given styles."""
        from rich.text import Text  # noqa: PLC0415

        return Text.assemble(*((one_line(part), style) for part, style in parts), overflow="fold")

    def line(self, *parts: tuple[str, str], indent: int = 0) -> None:
        """Add one paragraph."""
        from rich.padding import Padding  # noqa: PLC0415

        self.console.print(Padding(self.piece(*parts), (0, 0, 0, indent)))

    def blank(self) -> None:
        """Add an empty line."""
        self.console.print()

    def text(self) -> str:
        """Return what was laid out, without spaces at the ends of lines."""
        lines = (line.rstrip() for line in self._out.getvalue().split("\n"))
        return "\n".join(lines).strip("\n") + "\n"


def _score(page: _Page, submission: SubmissionReport) -> None:
    if submission.status == "unreadable":
        status = wording.STATUSES["unreadable"]
        page.line((f"{status.glyph} {wording.UNREADABLE_TITLE}", "bold red"))
        for problem in submission.problems or (wording.NO_REASON,):
            page.line((problem, ""), indent=2)
        page.line((wording.UNREADABLE_POINTS, ""))
        return
    pending = wording.pending_sentence(submission.pending, submission.max_score)
    page.line(
        (wording.points_of(submission.score, submission.max_score), "bold"),
        (f" points so far, {pending}" if pending else " points", ""),
    )
    for problem in submission.problems:
        page.line(("remark: ", "yellow"), (problem, ""))


def _summary(page: _Page, told: ToldOnce) -> None:
    """Say what matters first: the mistakes, each with its answers, and what else isn't right."""
    if told.all:
        page.line((wording.mistakes_title(len(told.all), told.answers), "bold"))
    for one in told.all:
        names = ", ".join(place.name for place in one.places)
        page.line(
            (f"{one.number}. ", "yellow"),
            (first_sentence(one.mistake.message), ""),
            (f" ({names})", "dim"),
            indent=2,
        )
    if told.others:
        names = ", ".join(
            f"{place.name} ({wording.VERDICTS[place.answer.verdict].label.lower()})"
            for place in told.others
        )
        page.line((f"{wording.OTHERS if told.all else wording.OTHERS_ALONE} {names}.", ""))


def _answer(page: _Page, answer: AnswerReport, file: str, told: ToldOnce) -> None:
    word = wording.answer_word(answer)
    page.line(
        (f"{word.glyph} ", _COLOURS[word.tone]),
        (f"{answer.answer}  ", "bold"),
        (word.label, _COLOURS[word.tone]),
        (f"  {wording.points_of(answer.points, answer.max_points)}", ""),
        indent=2,
    )
    message = layout.own_message(answer)
    if message:
        page.line((message, ""), indent=4)
    _numbers(page, answer)
    if answer.remark:
        page.line((f"{wording.READ_AS}: ", "dim"), (answer.remark, "yellow"), indent=4)
    if answer.expected is not None:
        page.line((f"{wording.RIGHT_VALUE}: ", "dim"), (answer.expected, "green"), indent=4)
    for mistake in answer.mistakes:
        one = told.of(mistake)
        if told.is_first(answer, mistake):
            _mistake(page, one, layout.where(answer, mistake))
        else:
            number = wording.mistake_number(one.number)
            page.line((f"{number} {wording.EXPLAINED_AT} {one.first.name}.", "yellow"), indent=4)
    if layout.costs_nothing(answer):
        free = wording.free_sentence(told.of(answer.mistakes[0]).counts_at)
        page.line((free, "bold"), indent=4)
    if reason := layout.own_reason(answer):
        page.line((f"{wording.POINTS}: ", "dim"), (reason, "dim"), indent=4)
    if answer.line is not None and answer.verdict != "correct":
        page.line((wording.place(file, answer.line, answer.column), "dim"), indent=4)


def _numbers(page: _Page, answer: AnswerReport) -> None:
    if not answer.entries:
        lines = visible(answer.written).strip("\n").split("\n") if answer.written else []
        for line in lines[:_SHOWN_LINES]:
            page.line(("│ ", "dim"), (line, ""), indent=4)
        if len(lines) > _SHOWN_LINES:
            page.line((f"and {len(lines) - _SHOWN_LINES} more lines", "dim"), indent=4)
        return
    wrong = layout.wrong_entries(answer)
    each = layout.shared_off(answer)
    grid = _grid(answer, page.width - 4) if wrong else ()
    for pieces in grid:
        page.line(*pieces, indent=4)
    said = [entry for entry in wrong if not grid or (entry.off and not each)]
    for entry in said[:_SHOWN_WRONG]:
        index = layout.index_text(entry.index)
        page.line(
            (f"✗ {index} " if index else "✗ ", "red"),
            (entry.text, "red"),
            (f"  {entry.off}" if entry.off and not each else "", ""),
            indent=4,
        )
    if len(said) > _SHOWN_WRONG:
        page.line((f"and {len(said) - _SHOWN_WRONG} more wrong entries", ""), indent=4)
    if each:
        page.line((f"{wording.EACH_WRONG}: {each}", ""), indent=4)


def _grid(answer: AnswerReport, width: int) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the lines of a vector (one line) or matrix that fits the page, or nothing."""
    if not layout.fits(answer) or len(answer.shape) not in {1, 2}:
        return ()
    rows = (answer.entries,) if len(answer.shape) == 1 else next(layout.slices(answer)).rows
    longest = max(len(one_line(entry.text)) for entry in answer.entries)
    if len(rows[0]) * (longest + 4) > width:
        return ()
    return tuple(
        tuple(
            (
                f"{one_line(entry.text):>{longest}} {_SIGNS[entry.right]}  ",
                "red" if entry.right is False else "",
            )
            for entry in row
        )
        for row in rows
    )


def _mistake(page: _Page, told: Told, place: str) -> None:
    mistake = told.mistake
    where = f", at {place}" if place else ""
    head = f"{wording.mistake_number(told.number)} · {wording.CERTAINTIES[mistake.certainty]}"
    page.line(
        (f"{head}{where}: ", "yellow"),
        (mistake.message, ""),
        (f" ({mistake.id})", "dim"),
        indent=4,
    )
    if mistake.alternatives:
        page.line((wording.CANNOT_TELL, "dim"), indent=4)
        for alternative in mistake.alternatives:
            page.line((f"- {alternative}", "dim"), indent=6)
