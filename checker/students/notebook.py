"""Checking values in memory: ``from checker import check`` in a notebook or a script.

The values go through the same grading as a file. A number that was computed is taken at its full
precision, and no digit of it can be mistyped. One of few digits was typed, or rounded on purpose:
0.762 is judged as the text ``0.762`` would be in a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from checker.answer_kinds import kind_of
from checker.answer_kinds.forms.memory import InMemory, values_of
from checker.defaults import hints_for
from checker.grading import Grader
from checker.hints import told
from checker.report import AnswerReport, MistakeReport, RunReport
from checker.students.checked import Checked
from checker.students.values_by_answer import sorted_out
from reference_solutions.assignment import Assignment, build_assignment
from reference_solutions.shipped import find_assignment
from submissions_schema.assignment_file import assignment_file_from
from submissions_schema.problems import InputError, Place
from submissions_schema.submission import LoadedSubmission, Submission
from submissions_schema.yaml_reader import Tree, parse_document, read_document

FILE = "values in memory"
_KEPT_GRADERS = 4
_IN_FILE = re.compile(r" \(line 1, column 1\)")
_QUOTED = re.compile(r"`([^`]*)`")


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
    source = assignment if isinstance(assignment, Assignment) else _found(assignment)
    grader = _grader(source, reveal=reveal)
    values = sorted_out(answers, grader.assignment)
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
    hints = hints_for(source, known.file) if isinstance(source, Path) else known.file.hints
    submission = told(submission, "sizes" if reveal else hints)
    return Checked(RunReport(known.id, known.file.title, known.content_hash, reveal, (submission,)))


# --- the assignment ---------------------------------------------------------------------------

_graders: dict[tuple[str, bool], Grader] = {}


def _found(assignment: str | Path) -> Path:
    try:
        return find_assignment(str(assignment))
    except InputError as error:
        said = [replace(problem, place=Place("assignment")) for problem in error.problems]
        raise InputError(said) from None


def _grader(assignment: Path | Assignment, *, reveal: bool) -> Grader:
    """Return a grader; those of files are kept, because making one takes its time."""
    if isinstance(assignment, Assignment):
        return _kept(assignment.content_hash, reveal, lambda: assignment)
    document = read_document(assignment)
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
