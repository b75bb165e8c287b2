"""Values that many share and the key has otherwise: what may be wrong is the key.

A mistake that many make and a wrong key look alike in what these students wrote. What tells them
apart is the others: with a right key some of these agree with it.
"""

from __future__ import annotations

import heapq
import json
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, lgamma, log

from checker.classroom.groups import CUT, RIGHT, AnswerGroups, Group

SHARE = 0.25
"""What share of those who answered has one value before the key is doubted."""

FEWEST = 5
"""Fewer students than this who agree say nothing."""

RARE = 0.01
"""How improbable it has to be that so many made one mistake, and so few others are right."""

_HALF = 0.5
_AGREE = 0.1
"""At most this many agree with the key for each one who shares the other value."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TELLING = 2


@dataclass(frozen=True, slots=True)
class Alarm:
    """A value that ``students`` of ``answered`` wrote for an answer, and that the key hasn't.

    ``agreeing`` is how many have the key's, with what follows from their own earlier values.
    ``value`` is the shared one as it was written, ``key`` the key's as text (empty where it has no
    such). ``change`` says in a sentence which one change of the sheet would make them right,
    ``right`` and ``used`` are the formula as LaTeX, and ``mistake`` its id; all are empty where
    none is known. ``decision`` is a line for a file of decisions, and ``doubt`` what can't be told.
    """

    question: str
    answer: str
    students: int
    answered: int
    agreeing: int
    value: str
    key: str
    change: str
    mistake: str
    right: str
    used: str
    decision: str
    doubt: str
    group: Group


def alarms(answers: Sequence[AnswerGroups], key: Mapping[tuple[str, str], str]) -> list[Alarm]:
    """Return an alarm for every answer at which the key is in doubt, in the assignment's order.

    ``key`` has the right values as texts, by question and answer.
    """
    return [
        _alarm(answer, group, key.get((answer.question, answer.answer), ""))
        for answer in answers
        for group in _doubted(answer)
    ]


def by_change(found: Sequence[Alarm]) -> list[list[Alarm]]:
    """Return alarms together that one change of the sheet would settle; others stand alone."""
    parts: dict[object, list[Alarm]] = {}
    for alarm in found:
        where = alarm.group.mistakes[0].where if alarm.mistake else ""
        key = (alarm.mistake, where) if alarm.mistake else (alarm.question, alarm.answer)
        parts.setdefault(key, []).append(alarm)
    return list(parts.values())


def _doubted(answer: AnswerGroups) -> Iterator[Group]:
    wrong = [g for g in answer.groups if g.verdict in ("mistake", "partial", "wrong")]
    largest = max(wrong, key=lambda group: len(group.students), default=None)
    if largest is None:
        return
    # Coarse rounding on the way parts what one formula gives.
    parts = [largest, *(g for g in wrong if g is not largest and _same(g, largest))]
    group = replace(
        largest,
        students=array("I", heapq.merge(*(part.students for part in parts))),
        explained=sum(part.explained for part in parts),
    )
    students, agreeing = len(group.students), _agreeing(answer)
    if (
        students >= max(FEWEST, SHARE * answer.answered)
        and agreeing <= max(1.0, _AGREE * students)
        and chance(students, agreeing, answer.answered) <= RARE
    ):
        yield group


def _same(one: Group, other: Group) -> bool:
    """Whether the same mistakes explain two groups."""
    named, others = ([(m.id, m.where) for m in group.mistakes] for group in (one, other))
    return bool(named) and named == others


def _agreeing(answer: AnswerGroups) -> int:
    return sum(answer.verdicts.get(verdict, 0) for verdict in (*RIGHT, "follow_through"))


def chance(sharing: int, agreeing: int, answered: int) -> float:
    """Return how probable it is with a right key that so many share a mistake and so few are right.

    That is at most the probability that of ``answered`` students at least ``sharing`` make a
    mistake that half of all make, and that of the others at most ``agreeing`` are right where half
    are.
    """
    others = answered - sharing
    return _at_least(sharing, answered) * _at_least(others - agreeing, others)


def _at_least(count: int, of: int) -> float:
    """Return the probability of at least ``count`` heads among ``of`` throws of a coin."""
    if count <= 0:
        return 1.0
    whole = lgamma(of + 1) + of * log(_HALF)
    parts = (exp(whole - lgamma(k + 1) - lgamma(of - k + 1)) for k in range(count, of + 1))
    return min(1.0, sum(parts))


def _alarm(answer: AnswerGroups, group: Group, key: str) -> Alarm:
    students, agreeing = len(group.students), _agreeing(answer)
    explained = 2 * group.explained >= students and len(group.mistakes) == 1
    mistake = group.mistakes[0] if explained else None
    return Alarm(
        answer.question,
        answer.answer,
        students,
        answer.answered,
        agreeing,
        group.text,
        key,
        mistake.message if mistake else "",
        mistake.id if mistake else "",
        mistake.right if mistake else "",
        mistake.used if mistake else "",
        decision(answer, group),
        _doubt(group),
        group,
    )


def decision(answer: AnswerGroups, group: Group) -> str:
    """Return the line for a file of decisions that accepts a group's value, if it can be told."""
    if group.text.endswith(CUT):
        return ""
    value = group.text if _is_numbers(group.text) else json.dumps(group.text, ensure_ascii=False)
    place = f"{answer.question}.{answer.answer}"
    plain = re.fullmatch(r"[A-Za-z_][\w.-]*", place, re.ASCII)
    name = place if plain else json.dumps(place, ensure_ascii=False)
    return f"- {{answer: {name}, accept: {value}, points: 100%}}"


def _is_numbers(text: str) -> bool:
    """Whether YAML reads a text as a number, or as lists of numbers."""
    return not _NUMBER.sub("", text).strip("[], ") and text.count("[") == text.count("]")


def _doubt(group: Group) -> str:
    """Return what the digits can't tell."""
    if group.mistakes:
        return (
            "A mistake gives this value too: the digits can't tell a wrong key from a mistake that "
            "nearly all have made."
        )
    if not _is_numbers(group.text):
        return ""
    if group.alike:
        return "All of its numbers are the same, as in a box that was filled in without work."
    digits = (re.sub(r"\D", "", number).strip("0") for number in _NUMBER.findall(group.text))
    if max(map(len, digits), default=0) < _TELLING:
        return "It has a single digit, which many may share by chance."
    return ""
