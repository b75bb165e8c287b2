"""What a kind of answer is: how it is described, read, judged and revealed.

A module of this package defines one ``KIND``. Kinds hold no state: what they need comes with every
call, and what they say is new.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from checker.answer_kinds.forms.editor import Schema
from checker.answer_kinds.forms.form import AnswerForm, Remark
from checker.answer_kinds.forms.memory import InMemory, Values, plainly
from checker.answer_kinds.forms.names import NamedQuantity
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.reading.written import Unreadable, WrittenArray
from checker.report import Verdict
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array, Graph
from reference_solutions.graph.float_errors import FloatErrors
from reference_solutions.language.notation import Notation
from submissions_schema.answers import AnswerSpec
from submissions_schema.grading_settings import Matching

Box: TypeAlias = dict[str, Any]
"""What a page has to know of a box, for JSON."""

SpecT = TypeVar("SpecT", bound=AnswerSpec)
FormT = TypeVar("FormT", bound=AnswerForm)
WrittenT = TypeVar("WrittenT")


@dataclass(frozen=True, slots=True)
class Settled:
    """The verdict on an answer that needs no other one.

    ``share`` is the part of its points that it earns if it is partly right; ``written`` is what was
    handed in, where that is not the whole of what stands there.
    """

    verdict: Verdict
    message: str
    share: float = 0.0
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of an answer as it stands in a file; None for ``content`` where nothing does.

    ``text`` is what was handed in, ``remark`` says what was read otherwise than it stands there.
    """

    content: WrittenArray | Settled | Unreadable | None
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which of an answer's values agree (flat, as they were written), and what to say if all do."""

    mask: NDArray[np.bool_]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Revealed:
    """What is right, as text and, where it is a formula, as LaTeX."""

    text: str | None
    latex: str = ""


class AnswerKind(ABC, Generic[SpecT, FormT, WrittenT]):
    """One kind of answer."""

    spec: type[SpecT]
    """The model of what an assignment says of such an answer."""

    form: type[FormT]
    """The model of its form: what a handout says of it."""

    how_to: ClassVar[str] = ""
    """What a template says once of how to write such answers."""

    uses_names: ClassVar[bool] = False
    """Whether it is written in names and functions of the sheet."""

    below_key: ClassVar[bool] = False
    """Whether a template leaves room for it below its key."""

    remembered: ClassVar[bool] = False
    """Whether many students write the same, and reading costs so much that it is worth keeping."""

    def names(self, asked: Asked, assignment: Assignment) -> Collection[str]:
        """Return the names of the sheet in which it may be written."""
        return ()

    def form_of(
        self, asked: Asked, assignment: Assignment, names: Sequence[str]
    ) -> Mapping[str, object]:
        """Return the fields of its own form; ``names`` are the names that any answer may use."""
        return {}

    @abstractmethod
    def words(self, form: FormT, names: Mapping[str, NamedQuantity]) -> str:
        """Return what is to be written, in one line."""

    def listed(self, form: FormT) -> Mapping[str, str]:
        """Return what there is to choose from, with what is said of each."""
        return {}

    @abstractmethod
    def schema(self, form: FormT) -> Schema:
        """Return the JSON Schema with which an editor checks it."""

    def box(self, form: FormT) -> Box:
        """Return how a page takes such an answer: which box, and what is checked there."""
        return {"box": "line"}

    def in_memory(self, values: Values) -> InMemory:
        """Write a value of Python's or numpy's as it would stand in a file."""
        return plainly(values)

    def inspect(self, reading: Reading[FormT]) -> Iterator[Remark]:
        """Say everything that can be said of an answer's form without the key."""
        read = self.read(reading)
        if isinstance(read, Unreadable):
            yield from (Remark(problem, "error") for problem in read.problems)

    @abstractmethod
    def read(self, reading: Reading[SpecT | FormT]) -> WrittenT | Unreadable:
        """Read an answer that isn't missing. Takes no look at what is right."""

    @abstractmethod
    def take(self, reading: Reading[SpecT]) -> WrittenArray | Settled | Unreadable:
        """Read an answer for grading: it is settled, or numbers are left to be compared."""

    def impossible(self, spec: SpecT, right: Array | None) -> str:
        """Return why nobody can write what is right; empty if they can.

        ``right`` is that, in its own shape, for computed answers.
        """
        return ""

    @abstractmethod
    def reveal(self, spec: SpecT, node: int | None, graph: Graph, notation: Notation) -> Revealed:
        """Return what is right; ``node`` is the node of the graph that is asked for."""


class SettledKind(AnswerKind[SpecT, FormT, WrittenT]):
    """A kind whose answers are judged each by itself."""

    @abstractmethod
    def judge(self, written: WrittenT, reading: Reading[SpecT]) -> Settled:
        """Judge an answer that was read."""

    def take(self, reading: Reading[SpecT]) -> Settled | Unreadable:
        """Read an answer and judge it."""
        written = self.read(reading)
        return written if isinstance(written, Unreadable) else self.judge(written, reading)


class ComputedKind(AnswerKind[SpecT, FormT, WrittenArray]):
    """A kind whose right values are those of a quantity of the reference, compared one by one."""

    remembered = True

    rounds: ClassVar[bool] = False
    """Whether digits count: rounding on the way may be granted, and too few are imprecise."""

    whole: ClassVar[bool] = True
    """Whether an answer is right or wrong as a whole, so that right entries earn nothing."""

    by_entry: ClassVar[bool] = True
    """Whether entries are judged, and reported, one by one."""

    def take(self, reading: Reading[SpecT]) -> WrittenArray | Unreadable:
        """Read an answer; what follows from other answers is compared later."""
        return self.read(reading)

    @abstractmethod
    def agrees(
        self, written: WrittenArray, expected: Array, matching: Matching, errors: FloatErrors
    ) -> Agreement:
        """Compare what was written with the right values, flat, entry by entry.

        ``errors`` are those of floats.
        """

    @abstractmethod
    def tolerances(
        self, expected: Array, half_units: Array, matching: Matching, errors: FloatErrors
    ) -> Array:
        """Return the largest differences at which values agree, rounding on the way left aside.

        ``expected`` are right values, flat, ``half_units`` half a unit in the last place of what
        was written for each of them; so is the result.
        """

    def unexplained(self, written: WrittenArray, expected: Array) -> str:
        """Return what to say of a wrong answer, flat as the right one, that no mistake fits."""
        return "Not right, and no known mistake explains it."

    def off(self, written: float, expected: float) -> str:
        """Return how far a wrong entry is off, too coarsely to give the right value away."""
        return ""

    def may_use(self, spec: SpecT) -> Sequence[str] | None:
        """Return the quantities that a formula may be written in; None where any will do."""
        return None
