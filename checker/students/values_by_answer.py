"""Puts values in memory under their questions and answers, however they were nested."""

from __future__ import annotations

from collections.abc import Mapping

from reference_solutions.assignment import Assignment
from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.validation import did_you_mean


def sorted_out(
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
