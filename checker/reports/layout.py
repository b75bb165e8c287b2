"""How an answer's entries are laid out, whatever the format: slices of rows of entries."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from checker.report import AnswerReport, EntryReport, MistakeReport
from reference_solutions.language.plain_words import BACK, ERROR_AT_ACTIVATION

LARGE = 200
"""An array with more entries than this is shown by its wrong entries alone."""

_MATRIX_RANK = 2
_LONGEST_ROW = 12
_WHOLE = re.compile(r"[-+\u2212]?\d{1,9}")
_ANCHOR = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_QUOTED = re.compile("`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Slice:
    """One table of an array: its label (``[0, :, :]``, empty up to rank 2) and its rows."""

    label: str
    rows: tuple[tuple[EntryReport, ...], ...]


def fits(answer: AnswerReport) -> bool:
    """Say whether tables can show the entries: not too many, and as many as the shape has."""
    return len(answer.entries) <= LARGE and len(answer.entries) == math.prod(answer.shape)


def wrong_entries(answer: AnswerReport) -> tuple[EntryReport, ...]:
    """Return the entries that were compared and found wrong."""
    return tuple(entry for entry in answer.entries if entry.right is False)


def shared_off(answer: AnswerReport) -> str:
    """Return what every wrong entry is said to be alike, if there are several: say it once."""
    wrong = wrong_entries(answer)
    said = {entry.off for entry in wrong}
    return said.pop() if len(wrong) > 1 and len(said) == 1 else ""


def in_a_row(answer: AnswerReport) -> bool:
    """Say whether a vector is written in a row: a few whole numbers, such as a shape."""
    return (
        len(answer.shape) == 1
        and len(answer.entries) <= _LONGEST_ROW
        and all(_WHOLE.fullmatch(entry.text.strip()) for entry in answer.entries)
    )


def slices(answer: AnswerReport) -> Iterator[Slice]:
    """Yield the tables of an array: a vector is a column, rank 3 and more has one a slice."""
    shape, entries = answer.shape, answer.entries
    if in_a_row(answer):
        yield Slice("", (entries,))
        return
    if len(shape) < _MATRIX_RANK:
        yield Slice("", tuple((entry,) for entry in entries))
        return
    rows, columns = shape[-2:]
    size = rows * columns
    for number, index in enumerate(product(*(range(length) for length in shape[:-2]))):
        part = entries[number * size : (number + 1) * size]
        yield Slice(
            f"[{', '.join(map(str, index))}, :, :]" if index else "",
            tuple(part[row * columns : (row + 1) * columns] for row in range(rows)),
        )


def question_anchor(question: str, place: int) -> str:
    """Return the anchor of a question in a student's page; ``place`` counts from 1."""
    return question if _ANCHOR.fullmatch(question) else f"question-{place}"


def answer_anchor(question: str, place: int, number: int) -> str:
    """Return the anchor of an answer in a student's page; both places count from 1."""
    return f"{question_anchor(question, place)}/{number}"


@lru_cache(maxsize=LARGE)
def index_text(index: tuple[int, ...]) -> str:
    """Return ``[1, 2]``, or nothing for a scalar."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def shape_text(shape: tuple[int, ...]) -> str:
    """Return the lengths with a sign of multiplication between them."""
    return " \u00d7 ".join(map(str, shape))


def wrong_count(answer: AnswerReport, wrong: int) -> str:
    """Return the sentence that stands for an array too large to show."""
    total = len(answer.entries)
    compared = sum(entry.right is not None for entry in answer.entries)
    size = (
        f"{shape_text(answer.shape)}, {total} entries"
        if len(answer.shape) > 1
        else f"{total} entries"
    )
    if not compared:
        return f"{size}, not marked one by one."
    if not wrong:
        return (
            f"{size}, all right."
            if compared == total
            else f"{size}, {compared} compared, all right."
        )
    return f"{size}, {wrong} wrong."


def own_message(answer: AnswerReport) -> str:
    """Return the message, where nothing else says it: neither the mistakes nor the verdict."""
    plainly_right = answer.verdict == "correct" and answer.message == "Right."
    said = answer.decided is not None and answer.decided.words
    return "" if plainly_right or (answer.mistakes and not said) else answer.message


def costs_nothing(answer: AnswerReport) -> bool:
    """Say whether an answer has all points because its mistakes were all made before."""
    free = bool(answer.mistakes) and not any(mistake.charged for mistake in answer.mistakes)
    return free and answer.points == answer.max_points


def own_reason(answer: AnswerReport) -> str:
    """Return the reason of the points, where nothing else says why there are all of them."""
    told = answer.verdict == "correct" or costs_nothing(answer)
    return "" if told and answer.decided is None else answer.reason


def where(answer: AnswerReport, mistake: MistakeReport) -> str:
    """Return the place of a mistake, unless it is the very answer."""
    return "" if answer.answer in mistake.where.split(", ") else mistake.where


def place_words(where: str) -> str:
    """Return the place of a mistake with its quantity set as code."""
    for said in (ERROR_AT_ACTIVATION, BACK):
        where = where.replace(said, f"`{said}`")
    parts = f"`{where}`".split("`")
    return "".join(part if part in (ERROR_AT_ACTIVATION, BACK) else _coded(part) for part in parts)


def _coded(part: str) -> str:
    """Return a part of a place as code; what joins two places is none."""
    end = ", " if part.endswith(", ") else ""
    part = part.removesuffix(", ")
    return f"`{part}`{end}" if part else end


def quoted(text: str) -> Iterator[tuple[bool, str]]:
    """Yield a text's parts, with whether they are code: what stands between backticks."""
    for place, part in enumerate(_QUOTED.split(text)):
        if part:
            yield place % 2 == 1, part
