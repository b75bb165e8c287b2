"""Simulated submissions to any assignment, with the truth of what was planted in them.

A simulated student works through the reference graph as a person would: with the given numbers,
perhaps with a mistake of the checker's own catalogue in the formulas, and with every intermediate
value rounded on the way. What comes out is written down as YAML text, perhaps with a slip of the
pen. The same seed gives the same text, byte for byte. Formulas, orders of growth and choices are
right texts written otherwise, or right texts with a slip in them (:mod:`tests.simulation.worded`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from checker.edits.catalogue import catalogue_edits
from checker.edits.edit import Edit, merged
from checker.edits.structural import structural_edits
from checker.edits.workshop import Workshop
from checker.matching import half_unit_at, noise
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array, Node, rounded_node
from submissions_schema.answers import IntegerAnswer, NumberAnswer
from submissions_schema.written_number import read_number

from .worded import worded_answers

State: TypeAlias = Literal["right", "rounded", "follows", "mistake", "slip", "noise", "missing"]
"""What an answer really is.

``right``: as written, digit for digit. ``rounded``: right, but rounding on the way has moved its
digits. ``follows``: not right, but what follows from the student's own earlier answers.
``mistake``: a planted mistake was made in it, beyond what follows from earlier answers. ``slip``:
computed right and written down wrong. ``noise``: no reason at all.
"""

Scenario: TypeAlias = Literal[
    "right",
    "catalogue",
    "structural",
    "one answer only",
    "two mistakes",
    "slip",
    "noise",
    "random",
    "formula slip",
]
SCENARIOS: tuple[Scenario, ...] = (
    "right",
    "catalogue",
    "structural",
    "one answer only",
    "two mistakes",
    "slip",
    "noise",
    "random",
    "formula slip",
)


@dataclass(frozen=True, slots=True)
class Style:
    """How a student rounds and writes.

    ``digits`` and ``decimals`` are what every intermediate value is rounded to and the answers are
    written with; with neither, the work is done in full precision and only ``written`` significant
    digits of each answer are written down. ``zeros_lost``: 0.310 is written as 0.31. ``kept`` are
    families whose values stay in the calculator, unrounded.
    """

    digits: int | None = None
    decimals: int | None = None
    written: int | None = None
    zeros_lost: bool = False
    kept: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """What the tables call it."""
        if self.digits is not None:
            return f"steps rounded to {self.digits} digits"
        if self.decimals is not None:
            return f"steps rounded to {self.decimals} decimals"
        return f"full precision, {self.written} digits written"

    @property
    def digits_kept(self) -> float:
        """The significant digits of the work and the answers; a few for decimals."""
        if self.decimals is not None:
            return self.decimals - 0.5
        return self.digits or self.written or 0

    def half_units(self, values: Array) -> Array:
        """Half a unit in the last place that the student kept, whether or not it was written."""
        if self.decimals is not None:
            return np.full_like(values, 0.5 * 10.0**-self.decimals)
        return half_unit_at(values, self.digits or self.written or 17)

    def rounded(self, node: Node) -> Node:
        """A node whose result is rounded as the student rounds."""
        if node.key[0] in self.kept:
            return node
        if self.digits is not None:
            return rounded_node(node, self.digits)
        if self.decimals is not None:
            return replace(node, compute=partial(_to_decimals, node, self.decimals), many=None)
        return node

    def text(self, value: float) -> str:
        """A value as it is written down."""
        if self.decimals is not None:
            text = f"{value:.{self.decimals}f}"
        else:
            text = _significant(value, self.digits or self.written or 17)
        if float(text) == 0:
            text = text.removeprefix("-")
        if self.zeros_lost and "." in text and "e" not in text:
            text = text.rstrip("0").rstrip(".")
        return text


def _to_decimals(node: Node, decimals: int, *arguments: Array) -> Array:
    return np.round(node.compute(*arguments), decimals)


def _significant(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    text = f"{value:.{digits - 1}e}"
    exponent = int(text.partition("e")[2])
    return f"{Decimal(text):f}" if -5 <= exponent < digits else text


@dataclass(frozen=True, slots=True)
class Truth:
    """What one written answer really is.

    ``edits`` are the planted mistakes that were made in this answer and change it beyond its
    written digits; ``slip`` is what was written down wrong. ``meant`` is what stands there without
    rounding. Arrays are flat; those of a missing answer are empty.
    """

    question: str
    answer: str
    state: State
    edits: tuple[Edit, ...] = ()
    slip: str = ""
    texts: tuple[str, ...] = ()
    written: Array = field(default_factory=lambda: np.zeros(0))
    half_units: Array = field(default_factory=lambda: np.zeros(0))
    meant: Array = field(default_factory=lambda: np.zeros(0))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of what is wrong in it."""
        return tuple(edit.id for edit in self.edits) or ((self.slip,) if self.slip else ())


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated submission: its text, and the truth about it."""

    name: str
    text: str
    scenario: Scenario
    style: Style
    planted: tuple[Edit, ...]
    detail: str
    answers: tuple[Truth, ...]
    worded: tuple[Truth, ...] = ()
    """What the formulas, orders and choices really are; a slip in a formula is a ``slip``."""


Draft: TypeAlias = dict[int, tuple[str, ...]]
"""The texts of the answers that are written, by target."""


@dataclass(frozen=True, slots=True)
class Odd:
    """One answer that doesn't come out of the work as it was done.

    ``value`` is what the student holds for right there, None for what the work gave (a slip of the
    pen). Later answers are computed from it if it is ``carried``.
    """

    state: State
    edits: tuple[Edit, ...] = ()
    slip: str = ""
    value: Array | None = None
    carried: bool = False


class Cohort:
    """Simulates submissions to one assignment."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.reference = assignment.reference
        self.graph = assignment.reference.graph
        self.asked: list[Asked] = []
        self.nodes: list[int] = []
        for asked in assignment.asked:
            if asked.target is not None and isinstance(asked.spec, NumberAnswer | IntegerAnswer):
                self.asked.append(asked)
                self.nodes.append(asked.target.node)
        self.right = [self._right(node) for node in self.nodes]
        self.shapes = [self._shape(node) for node in self.nodes]
        needed = 0
        for node in self.nodes:
            needed |= self.graph.ancestors[node]
        self.computed = [
            number
            for number, node in enumerate(self.graph.nodes)
            if needed >> number & 1 and self.graph.families[node.key[0]].rule is not None
        ]
        answered = set(self.nodes)
        self.between = sorted(
            {self.graph.nodes[n].key[0] for n in self.computed}
            - {self.graph.nodes[n].key[0] for n in answered}
        )
        self.worded = worded_answers(assignment)
        self.formulas = [i for i, worded in enumerate(self.worded) if worded.is_formula]
        exact = [i for i, asked in enumerate(self.asked) if self._is_exact(asked)]
        inexact = [i for i in range(len(self.asked)) if i not in exact]
        self.counted = {
            number
            for number in self.computed
            if not any(self.graph.ancestors[self.nodes[i]] >> number & 1 for i in inexact)
        }
        workshop = Workshop(self.reference)
        self.catalogue = [edit for edit in catalogue_edits(workshop) if self.is_visible(edit)]
        self.structural = [edit for edit in structural_edits(workshop) if self.is_visible(edit)]

    def _right(self, node: int) -> Array:
        value = self.graph.value(node)
        assert value is not None
        return np.atleast_1d(value).ravel()

    def _shape(self, node: int) -> tuple[int, ...]:
        value = self.graph.value(node)
        assert value is not None
        return value.shape

    @staticmethod
    def _is_exact(asked: Asked) -> bool:
        return isinstance(asked.spec, IntegerAnswer)

    def half_units(self, at: int, values: Array, style: Style) -> Array:
        """What the writing of an answer leaves open; nothing of a whole number."""
        if self._is_exact(self.asked[at]):
            return np.full_like(values, 1e-9)
        return style.half_units(values)

    def is_visible(self, edit: Edit) -> bool:
        """Whether an edit changes some answer to numbers that one can write down."""
        return any(
            value is not None and bool(np.any(np.abs(value - right) > noise(right)))
            for value, right in zip(self.exact((edit,)), self.right, strict=True)
        )

    # --- working ------------------------------------------------------------------------------

    def exact(
        self, edits: Sequence[Edit], puts: Mapping[int, Array] | None = None
    ) -> list[Array | None]:
        """All answers with some mistakes made, unrounded; None where there is no number.

        ``puts`` are values of the student's own, by target, that later answers are computed from.
        """
        return self._work(merged(edits), puts or {})

    def worked(
        self, edits: Sequence[Edit], style: Style, puts: Mapping[int, Array] | None = None
    ) -> list[Array | None]:
        """All answers with some mistakes made and every step rounded."""
        replacements = merged(edits)
        if style.digits is not None or style.decimals is not None:
            for number in self.computed:
                if number in self.counted:
                    continue  # nobody rounds what is counted
                node = replacements.get(number, self.graph.nodes[number])
                replacements[number] = style.rounded(node)
        return self._work(replacements, puts or {})

    def _work(
        self, replacements: Mapping[int, Node], puts: Mapping[int, Array]
    ) -> list[Array | None]:
        by_node = {self.nodes[i]: value.reshape(self.shapes[i]) for i, value in puts.items()}
        found = self.graph.edited(replacements).evaluate(self.nodes, by_node)
        values: list[Array | None] = []
        for node, right in zip(self.nodes, self.right, strict=True):
            value = found[node]
            flat = None if value is None else np.atleast_1d(value).ravel()
            usable = flat is not None and flat.shape == right.shape and np.isfinite(flat).all()
            values.append(flat if usable else None)
        return values

    # --- writing ------------------------------------------------------------------------------

    def draft(self, values: Sequence[Array | None], style: Style) -> Draft:
        """The texts of all answers that have a value."""
        found: Draft = {}
        for i, value in enumerate(values):
            if value is None:
                continue
            if self._is_exact(self.asked[i]):
                found[i] = tuple(f"{float(entry):.10g}" for entry in value)
            else:
                small = 1e-12 * max(float(np.max(np.abs(value), initial=0.0)), 1.0)
                found[i] = tuple(
                    style.text(0.0 if abs(entry) < small else float(entry)) for entry in value
                )
        return found

    def yaml(
        self,
        draft: Draft,
        name: str,
        texts: Mapping[tuple[str, str], str],
        words: Sequence[Truth] = (),
    ) -> str:
        """A submission file with these answers; ``texts`` are those that a person marks."""
        by_place = {
            (asked.question, asked.answer): _nested(draft[i], self.shapes[i])
            for i, asked in enumerate(self.asked)
            if i in draft
        }
        by_place |= {place: json.dumps(text) for place, text in texts.items()}
        for worded, truth in zip(self.worded, words, strict=False):
            if truth.texts:
                place = (truth.question, truth.answer)
                text = truth.texts[0]
                by_place[place] = json.dumps(text) if worded.names else text
        lines = [
            f"assignment: {self.assignment.id}",
            f"student: {{id: {name}}}",
            "answers:",
        ]
        if not by_place:
            lines[-1] = "answers: {}"
        last = ""
        for asked in self.assignment.asked:
            place = (asked.question, asked.answer)
            if place not in by_place:
                continue
            if asked.question != last:
                lines.append(f"  {_key(asked.question)}:")
                last = asked.question
            lines.append(f"    {_key(asked.answer)}: {by_place[place]}")
        return "\n".join(lines) + "\n"

    # --- the truth ----------------------------------------------------------------------------

    def truths(
        self, draft: Draft, style: Style, edits: Sequence[Edit], odd: Mapping[int, Odd]
    ) -> tuple[Truth, ...]:
        """What the answers of a draft really are.

        ``edits`` were made in the whole work. A mistake counts as made in an answer where, without
        it and from the student's other written answers, something else would stand there.
        """
        written = {i: read_values(texts) for i, texts in draft.items()}
        units = {i: self.half_units(i, values, style) for i, values in written.items()}
        carried = {i: o.value for i, o in odd.items() if o.carried and o.value is not None}
        meant = self.exact(edits, carried)
        own = dict(carried)
        for i in draft:
            value = meant[i]
            if i not in odd and value is not None:
                own[i] = value
        made: dict[int, list[Edit]] = {i: [] for i in draft}
        for edit in edits:
            without = self.exact([other for other in edits if other is not edit], own)
            for i in draft:
                value, other = meant[i], without[i]
                if value is not None and (other is None or differ(value, other, units[i])):
                    made[i].append(edit)
        truths = []
        for i, asked in enumerate(self.asked):
            if i not in draft:
                truths.append(Truth(asked.question, asked.answer, "missing"))
                continue
            value = meant[i]
            base = self.right[i]
            shown: tuple[Edit, ...] = ()
            slip = ""
            state: State = "right"
            if i in odd:
                value = value if odd[i].value is None else odd[i].value
                if differ(written[i], base, units[i]):
                    state, shown, slip = odd[i].state, odd[i].edits, odd[i].slip
            elif made[i] and (value is None or differ(value, base, units[i])):
                state, shown = "mistake", tuple(made[i])
            elif value is None or differ(value, base, units[i]):
                state = "follows"
            elif differ(written[i], base, units[i]):
                state = "rounded"
            truths.append(
                Truth(
                    asked.question,
                    asked.answer,
                    state,
                    shown,
                    slip,
                    draft[i],
                    written[i],
                    units[i],
                    written[i] if value is None else value,
                )
            )
        return tuple(truths)


def read_values(texts: Sequence[str]) -> Array:
    return np.array([read_number(text).value for text in texts])


def differ(a: Array, b: Array, half_units: Array) -> bool:
    allowed = half_units * (1 + 1e-9) + noise(b)
    return bool(np.any(~(np.abs(a - b) <= allowed)))


def _nested(texts: Sequence[str], shape: tuple[int, ...]) -> str:
    if not shape:
        return texts[0]
    size = len(texts) // shape[0]
    parts = [_nested(texts[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]
    return f"[{', '.join(parts)}]"


def _key(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z_][\w.-]*", text, re.ASCII)
    reserved = text.lower() in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
    return text if plain and not reserved else json.dumps(text)
