"""The answer form: one HTML file that needs no network, made of a handout and nothing else.

Its scripts stand in files of their own beside this module and are put into the page, whose policy
lets these run and nothing else, by their digests.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

from markupsafe import Markup

from checker.answer_kinds import kind_of_form
from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.forms.names import NamedQuantity, split_name, symbols_among
from checker.answer_kinds.reading.written import PLACEHOLDERS, shape_words
from checker.handing_out.mathematics import with_mathematics
from checker.handing_out.rules import rules_of
from checker.reports.mathml import formula
from checker.reports.templating import sha256_of, style_with, template
from checker.students.handout import Handout, QuestionForm
from checker.students.template import scalar
from checker.students.wording import points_words
from reference_solutions.language.latex_names import name_latex
from submissions_schema.submission import MAX_ID_LENGTH, MAX_NAME_LENGTH

_FOLDER = Path(__file__).with_name("page")
_SCRIPTS = ("numbers", "by_hand", "formulas", "drawing", "orders", "pasting", "yaml", "form")
_MOST_BOXES = 2_500
"""A larger grid is one box to paste into: a page of more boxes is slow."""


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    at: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """An answer as the page shows it."""

    id: str
    name: str
    title: Markup
    prompt: Markup
    words: str
    points: str
    box: dict[str, Any]
    options: dict[str, Markup]
    slices: list[tuple[str, list[list[_Cell]]]]


@dataclass(frozen=True, slots=True)
class _Question:
    id: str
    title: Markup
    prompt: Markup
    points: str
    answers: list[_Shown]


@dataclass(frozen=True, slots=True)
class _Name:
    typed: str
    drawn: Markup
    about: str


def form_html(handout: Handout, *, student: str = "") -> str:
    """Return the page; ``student`` is whose form it is, if it is one student's own."""
    questions = [
        _question(f"q{number}", id, question, handout)
        for number, (id, question) in enumerate(handout.questions.items(), start=1)
    ]
    page: str = template("form.html", _FOLDER).render(
        handout=handout,
        title=with_mathematics(handout.title or handout.assignment),
        description=with_mathematics(handout.description),
        student=student,
        longest_id=MAX_ID_LENGTH,
        longest_name=MAX_NAME_LENGTH,
        total=points_words(handout.total_points),
        questions=questions,
        how_to=_how_to(handout),
        names=[_name(key, quantity) for key, quantity in handout.names.items()],
        functions=handout.functions,
        data=_data(handout, questions, student),
        style=_style(),
        scripts=[Markup(text) for text in _scripts()],
        policy=_policy(),
    )
    return page


def _question(id: str, question_id: str, question: QuestionForm, handout: Handout) -> _Question:
    alone = len({form.points for form in question.answers.values()}) == 1
    return _Question(
        question_id,
        with_mathematics(question.title),
        with_mathematics(question.prompt),
        points_words(question.points),
        [
            _answer(
                f"{id}-a{number}", f"{question_id} {answer_id}", answer_id, form, handout, alone
            )
            for number, (answer_id, form) in enumerate(question.answers.items(), start=1)
        ],
    )


def _answer(  # noqa: PLR0913, PLR0917 - one argument for each thing it shows
    id: str, name: str, answer_id: str, form: AnswerForm, handout: Handout, alone: bool
) -> _Shown:
    kind = kind_of_form(form)
    box = kind.box(form)
    if prod(box.get("shape", ())) > _MOST_BOXES:
        box = {**box, "box": "many numbers"}
    words = kind.words(form, handout.names)
    if box["box"] == "choice":
        words = "one of these, or several"
    return _Shown(
        id,
        name,
        with_mathematics(form.title) or _named(answer_id),
        with_mathematics(form.prompt),
        words,
        "" if alone else points_words(form.points),
        box,
        {option: with_mathematics(text) for option, text in kind.listed(form).items()},
        _slices(box["shape"]) if box["box"] == "numbers" else [],
    )


_LIKE_A_SYMBOL = re.compile(r"[A-Za-z](?:hat|bar|tilde|dot)?(?:_?[0-9]+)?")


def _named(answer_id: str) -> Markup:
    """Return the id of an answer: as mathematics if it looks like a symbol, ``h_0``.

    Screen readers leave mathematics out of a label, so the id stands there for them too.
    """
    if _LIKE_A_SYMBOL.fullmatch(answer_id):
        drawn = formula(name_latex(answer_id))
        spoken = Markup('<span class="hidden">{}</span>').format(answer_id)
        return spoken + Markup('<span aria-hidden="true">{}</span>').format(drawn)
    return Markup("<code>{}</code>").format(answer_id)


def _slices(shape: tuple[int, ...]) -> list[tuple[str, list[list[_Cell]]]]:
    """Return the boxes of a grid: matrices one below the other, each with what it is called."""
    height, width = (1, 1, *shape)[-2:] if shape else (1, 1)
    found = []
    for number in range(prod(shape[:-2])):
        rest, at = number, list[int]()
        for size in reversed(shape[:-2]):
            at.insert(0, rest % size)
            rest //= size
        label = f"slice {', '.join(str(one + 1) for one in at)}" if at else ""
        found.append((label, [
            [_cell(shape, label, row, column, (number * height + row) * width + column)
             for column in range(width)]
            for row in range(height)
        ]))  # fmt: skip
    return found


def _cell(shape: tuple[int, ...], label: str, row: int, column: int, at: int) -> _Cell:
    if not shape:
        return _Cell("", at)
    place = f"entry {column + 1}" if len(shape) == 1 else f"row {row + 1}, column {column + 1}"
    return _Cell(f"{label}, {place}" if label else place, at)


def _how_to(handout: Handout) -> list[str]:
    kinds = dict.fromkeys(kind_of_form(form) for _, _, form in handout.forms)
    said = [kind.how_to for kind in kinds if kind.uses_names]
    return list(dict.fromkeys(said))


def _name(key: str, quantity: NamedQuantity) -> _Name:
    name, _ = split_name(key)
    about = [quantity.describe]
    if quantity.shape:
        about.append(shape_words(quantity.shape))
    if quantity.integer:
        about.append("a whole number")
    return _Name(key, formula(name_latex(name)), ", ".join(part for part in about if part))


# --- what the scripts read ----------------------------------------------------------------------


def _data(handout: Handout, questions: list[_Question], student: str) -> Markup:
    names = dict.fromkeys(split_name(key)[0] for key in handout.names)
    placeholders = PLACEHOLDERS | {text.strip().casefold() for text in handout.placeholders}
    said = {
        "rules": rules_of(names, handout.functions),
        "sheet": {
            "assignment": handout.assignment,
            "assignmentKey": scalar(handout.assignment),
            "version": _version(handout, student),
            "index": {name: [r[0], r[-1]] for name, r in handout.ranges.items()},
            "functions": handout.functions,
            "names": {key: {"shape": quantity.shape} for key, quantity in handout.names.items()},
            "symbols": symbols_among(handout.names),
            "placeholders": sorted(placeholders),
        },
        "answers": [
            {
                "id": answer.id,
                "name": answer.name,
                "question": question.id,
                "answer": answer_id,
                "questionKey": scalar(question.id),
                "answerKey": scalar(answer_id),
                "box": answer.box,
            }
            for question, (_, form) in zip(questions, handout.questions.items(), strict=True)
            for answer, answer_id in zip(question.answers, form.answers, strict=True)
        ],
    }
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # Inside a script nothing may look like its end, or like a comment's beginning.
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))


def _version(handout: Handout, student: str) -> str:
    """Return what tells this form from another of the same assignment, in the browser's memory."""
    said = json.dumps([handout.model_dump(mode="json"), student], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _scripts() -> tuple[str, ...]:
    return tuple((_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)


def _style() -> Markup:
    return style_with(_FOLDER / "form.css")


def _policy() -> str:
    """Return the page's content security policy: its own scripts and style, and nothing else."""
    scripts = " ".join(f"'{sha256_of(text)}'" for text in _scripts())
    return (
        f"default-src 'none'; script-src {scripts}; "
        f"style-src '{sha256_of(_style())}' 'unsafe-hashes'; base-uri 'none'; form-action 'none'"
    )
