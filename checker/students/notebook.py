"""Checking values in memory: ``from checker import check`` in a notebook or a script.

The values go through the same grading as a file. A number that was computed is taken at its full
precision, and no digit of it can be mistyped. One of few digits was typed, or rounded on purpose:
0.762 is judged as the text ``0.762`` would be in a file.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from checker.answer_kinds import kind_of
from checker.answer_kinds.forms.memory import InMemory, values_of
from checker.grading import Grader
from checker.hints import told
from checker.report import AnswerReport, MistakeReport, RunReport, SubmissionReport
from checker.reports import layout, wording
from checker.reports.clean import one_line
from checker.reports.templating import escaped
from reference_solutions.assignment import (
    Assignment,
    build_assignment,
    find_assignment,
)
from submissions_schema.assignment_file import assignment_file_from
from submissions_schema.nearness import nearest
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.submission import LoadedSubmission, Submission
from submissions_schema.validation import did_you_mean
from submissions_schema.yaml_reader import Tree, parse_document, read_document

FILE = "values in memory"
_WIDTH = 100
_SHOWN_WRONG = 6
_KEPT_GRADERS = 4
_IN_FILE = re.compile(r" \(line 1, column 1\)")
_QUOTED = re.compile(r"`([^`]*)`")


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """The result of a check: a table when it is shown, answer by answer when it is run over."""

    run: RunReport

    @property
    def report(self) -> SubmissionReport:
        """Everything that is told, as the reports of files have it."""
        (submission,) = self.run.submissions
        return submission

    @property
    def score(self) -> float:
        """The points so far."""
        return self.report.score or 0.0

    @property
    def max_score(self) -> float:
        """The points that there are."""
        return self.report.max_score

    @property
    def pending(self) -> float:
        """The points that wait for a person."""
        return self.report.pending

    @property
    def answers(self) -> tuple[AnswerReport, ...]:
        """All answers, in the assignment's order."""
        return self.report.answers

    def __iter__(self) -> Iterator[AnswerReport]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __getitem__(self, answer: str | tuple[str, str]) -> AnswerReport:
        """``result["h_0"]``, or ``result["q3.1", "h_0"]`` where several questions have one."""
        wanted = answer if isinstance(answer, tuple) else (None, answer)
        found = [a for a in self if a.answer == wanted[1] and wanted[0] in (None, a.question)]
        if not found:
            near = nearest(wanted[1], [a.answer for a in self])
            hint = f"; did you mean {near!r}?" if near else ""
            raise KeyError(f"there is no answer {answer!r}{hint}")
        if len(found) > 1:
            questions = ", ".join(repr(a.question) for a in found)
            raise KeyError(f"{answer!r} is an answer of several questions: {questions}")
        return found[0]

    def __repr__(self) -> str:
        return _text_table(self.run)

    def __str__(self) -> str:
        return _text_table(self.run)

    def _repr_html_(self) -> str:
        """Return a table for a notebook."""
        return _html_table(self.run)


def check(
    assignment: str | Path | Assignment,
    answers: Mapping[str, object],
    student: str = "you",
    *,
    reveal: bool = False,
) -> Checked:
    """Check values in memory: numbers, numpy arrays, lists, texts.

    ``assignment`` is the id of a shipped assignment, the path of one, or one that was loaded.
    ``answers`` are nested, ``{"q3.1": {"h_0": ...}}``, or flat, ``{"h_0": ...}``, where an answer's
    id belongs to one question alone; ``{("q3.1", "h_0"): ...}`` says both. How much is told is the
    assignment's to say (``feedback``); ``reveal`` tells everything, the right values too. Raises
    :class:`InputError` for an assignment or an answer's name that there is not.
    """
    grader = _grader(assignment, reveal=reveal)
    values = _sorted_out(answers, grader.assignment)
    written: dict[str, dict[str, InMemory]] = {}
    for (question, answer), value in values.items():
        asked = next(a for a in grader.assignment.by_question[question] if a.answer == answer)
        written.setdefault(question, {})[answer] = kind_of(asked.spec).in_memory(values_of(value))
    tree = {q: {a: text.tree for a, text in block.items()} for q, block in written.items()}
    loaded = _loaded(grader.assignment.id, student, tree)
    report = grader.grade(loaded, FILE)
    questions = tuple(
        replace(
            question,
            answers=tuple(
                _as_in_memory(answer, written.get(question.id, {}).get(answer.answer))
                for answer in question.answers
            ),
        )
        for question in report.questions
    )
    submission = replace(
        report,
        questions=questions,
        problems=tuple(problem.replace(f"{FILE}:1:1: ", "") for problem in report.problems),
    )
    known = grader.assignment
    submission = told(submission, "sizes" if reveal else known.file.hints)
    return Checked(RunReport(known.id, known.file.title, known.content_hash, reveal, (submission,)))


# --- the assignment ---------------------------------------------------------------------------

_graders: dict[tuple[str, bool], Grader] = {}


def _grader(assignment: str | Path | Assignment, *, reveal: bool) -> Grader:
    """Return a grader; those of files are kept, because making one takes its time."""
    if isinstance(assignment, Assignment):
        return _kept(assignment.content_hash, reveal, lambda: assignment)
    try:
        path = find_assignment(str(assignment))
    except InputError as error:
        said = [replace(problem, place=Place("assignment")) for problem in error.problems]
        raise InputError(said) from None
    document = read_document(path)
    return _kept(
        document.content_hash, reveal, lambda: build_assignment(assignment_file_from(document))
    )


def _kept(content_hash: str, reveal: bool, make: Callable[[], Assignment]) -> Grader:
    key = (content_hash, reveal)
    if key not in _graders:
        while len(_graders) >= _KEPT_GRADERS:
            del _graders[next(iter(_graders))]
        _graders[key] = Grader(make(), reveal=reveal)
    return _graders[key]


def _loaded(assignment: str, student: str, tree: dict[str, dict[str, Tree]]) -> LoadedSubmission:
    submission = Submission.model_validate(
        {"assignment": assignment, "student": str(student) or "you", "answers": tree}
    )
    # A document without places: everything in it stands at its beginning.
    document = replace(parse_document("{}", FILE), data={"answers": dict(tree)})
    return LoadedSubmission(submission, document)


# --- the answers ------------------------------------------------------------------------------


def _sorted_out(
    answers: Mapping[str, object], assignment: Assignment
) -> dict[tuple[str, str], object]:
    """Return values by question and answer. Raises :class:`InputError` with every problem."""
    if not isinstance(answers, Mapping):
        got = f"`{type(answers).__name__}`"
        message = "the answers can't be used"
        raise InputError([Problem(message, Place("answers"), "a dict of answers", got)])
    sorter = _Sorter(assignment)
    for key, value in answers.items():
        if key in sorter.questions and isinstance(value, Mapping):
            sorter.nested(key, value)
        elif isinstance(key, tuple) and len(key) == 2 and key[0] in sorter.questions:
            sorter.nested(key[0], {key[1]: value})
        else:
            sorter.flat(key, value)
    if sorter.problems:
        raise InputError(sorter.problems)
    return sorter.found


class _Sorter:
    """Puts values under their questions and answers."""

    def __init__(self, assignment: Assignment) -> None:
        self.questions = {
            question: [asked.answer for asked in parts]
            for question, parts in assignment.by_question.items()
        }
        self.homes: dict[str, list[str]] = {}
        for question, ids in self.questions.items():
            for id in ids:
                self.homes.setdefault(id, []).append(question)
        self.found: dict[tuple[str, str], object] = {}
        self.problems: list[Problem] = []

    def nested(self, question: str, answers: Mapping[str, object]) -> None:
        """Take ``{"q3.1": {"h_0": ...}}``."""
        known = self.questions[question]
        for id, value in answers.items():
            place = Place(f"answers[{question!r}][{id!r}]")
            if id in known:
                self._put(question, id, value, place)
            else:
                message = f"`{question}` has no answer `{id}`{did_you_mean(id, known)}"
                self.problems.append(Problem(message, place))

    def flat(self, key: str, value: object) -> None:
        """Take ``{"h_0": ...}``, or the single answer of a question."""
        place = Place(f"answers[{key!r}]")
        ids = self.questions.get(key, [])
        homes = self.homes.get(key, [])
        if len(ids) == 1:
            self._put(key, ids[0], value, place)
        elif len(homes) == 1:
            self._put(homes[0], key, value, place)
        elif homes:
            several = ", ".join(f"`{question}`" for question in homes)
            message = f"`{key}` is an answer of several questions ({several})"
            expected = f"it inside its question, as `{{{homes[0]!r}: {{{key!r}: ...}}}}`"
            self.problems.append(Problem(message, place, expected))
        elif ids:
            expected = f"a dict with {', '.join(map(repr, ids))}"
            self.problems.append(Problem(f"`{key}` has several answers", place, expected))
        else:
            hint = did_you_mean(str(key), [*self.homes, *self.questions])
            message = f"there is no question or answer `{key}`{hint}"
            self.problems.append(Problem(message, place))

    def _put(self, question: str, answer: str, value: object, place: Place) -> None:
        if (question, answer) in self.found:
            self.problems.append(Problem(f"`{answer}` of `{question}` is given twice", place))
        self.found[question, answer] = value


# --- the result -------------------------------------------------------------------------------


def _as_in_memory(answer: AnswerReport, written: InMemory | None) -> AnswerReport:
    """Return an answer's report without places in a file, and with numbers as short as they go."""
    shown = written.shown if written is not None else {}

    def said(text: str) -> str:
        quoted = _QUOTED.sub(lambda match: f"`{shown.get(match[1], match[1])}`", text)
        return _told_once(_IN_FILE.sub("", quoted))

    def named(mistake: MistakeReport) -> MistakeReport:
        alternatives = tuple(map(said, mistake.alternatives))
        return replace(mistake, message=said(mistake.message), alternatives=alternatives)

    return replace(
        answer,
        message=said(answer.message),
        written=_line(written.tree, shown) if written is not None and shown else answer.written,
        entries=tuple(replace(e, text=shown.get(e.text, e.text)) for e in answer.entries),
        mistakes=tuple(map(named, answer.mistakes)),
        line=None,
        column=None,
    )


def _told_once(text: str) -> str:
    """Return problems without their places, each once: a matrix can be full of ``nan``."""
    parts = text.removesuffix(".").split("; ")
    once = list(dict.fromkeys(parts))
    return text if len(once) == len(parts) else f"{'; '.join(once)}."


def _line(tree: Tree, shown: Mapping[str, str]) -> str:
    """Return a value as it is shown where its entries aren't."""
    if isinstance(tree, list):
        return f"[{', '.join(_line(item, shown) for item in tree)}]"
    return shown.get(tree, tree) if isinstance(tree, str) else ""


def _heading(run: RunReport) -> str:
    (submission,) = run.submissions
    points = f"{wording.points_of(submission.score, submission.max_score)} points"
    pending = wording.pending_sentence(submission.pending, submission.max_score)
    return f"{points} so far, {pending}" if pending else points


def _why(answer: AnswerReport) -> list[str]:
    """Return what is said of an answer, in short lines; nothing where it is plainly right."""
    lines = []
    if answer.message not in ("", "Right.", "No answer was given.") and not answer.mistakes:
        lines.append(answer.message)
    for mistake in answer.mistakes:
        where = f", at {mistake.where}" if mistake.where else ""
        lines.append(f"{wording.CERTAINTIES[mistake.certainty]}{where}: {mistake.message}")
        lines += [f"{wording.CANNOT_TELL} {other}" for other in mistake.alternatives]
    wrong = layout.wrong_entries(answer)
    each = layout.shared_off(answer)
    if each:
        lines.append(f"{wording.EACH_WRONG}: {each}.")
    else:
        for entry in wrong[:_SHOWN_WRONG]:
            index = layout.index_text(entry.index)
            parts = [f"{index} {_short(entry.text)}".strip(), entry.off]
            lines.append(f"{': '.join(part for part in parts if part)}.")
        if len(wrong) > _SHOWN_WRONG:
            lines.append(f"And {len(wrong) - _SHOWN_WRONG} more wrong entries.")
    if answer.expected is not None:
        lines.append(f"{wording.RIGHT_VALUE}: {answer.expected}")
    return lines


def _short(text: str) -> str:
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text


def _rows(run: RunReport) -> Iterator[tuple[str, str, str, str, list[str]]]:
    (submission,) = run.submissions
    for question in submission.questions:
        for at, answer in enumerate(question.answers):
            word = wording.VERDICTS[answer.verdict]
            points = wording.points_of(answer.points, answer.max_points)
            verdict = f"{word.glyph} {word.label}"
            yield "" if at else question.id, answer.answer, verdict, points, _why(answer)


def _text_table(run: RunReport) -> str:
    rows = list(_rows(run))
    head = ("", "Answer", "Verdict", "Points")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(4)]

    def line(cells: tuple[str, ...]) -> str:
        first = [f"{cell:<{width}}" for cell, width in zip(cells[:3], widths[:3], strict=True)]
        return "  ".join([*first, f"{cells[3]:>{widths[3]}}"]).rstrip()

    lines = [one_line(f"{run.title}: {_heading(run)}"), "", line(head), line(("",) * 4)]
    lines[-1] = "-" * len(lines[-2])
    indent = " " * (widths[0] + 4)
    for row in rows:
        lines.append(one_line(line(row[:4])))
        for text in row[4]:
            lines += textwrap.wrap(
                one_line(text), _WIDTH, initial_indent=indent, subsequent_indent=indent
            )
    lines += [f"Remark: {one_line(problem)}" for problem in run.submissions[0].problems]
    return "\n".join(lines)


_COLOURS: dict[wording.Tone, str] = {
    "good": "#1a7f37",
    "warn": "#9a6700",
    "bad": "#cf222e",
    "calm": "#0969da",
    "mute": "#6e7781",
}


def _html_table(run: RunReport) -> str:
    (submission,) = run.submissions
    cell = '<td style="text-align:left;vertical-align:top">'
    body = []
    answers = iter(submission.answers)
    for question, id, verdict, points, why in _rows(run):
        colour = _COLOURS[wording.VERDICTS[next(answers).verdict].tone]
        said = "<br>".join(map(escaped, why))
        body.append(
            f"<tr>{cell}{escaped(question)}</td>{cell}<code>{escaped(id)}</code></td>"
            f'{cell}<span style="color:{colour};white-space:nowrap">{escaped(verdict)}</span></td>'
            f'{cell}<span style="white-space:nowrap">{escaped(points)}</span></td>'
            f"{cell}{said}</td></tr>"
        )
    names = ("Question", "Answer", "Verdict", "Points", "Why")
    head = "".join(f'<th scope="col" style="text-align:left">{name}</th>' for name in names)
    remarks = "".join(f"<p>{escaped(problem)}</p>" for problem in submission.problems)
    return (
        f"<p><strong>{escaped(run.title)}</strong>: {escaped(_heading(run))}</p>{remarks}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )
