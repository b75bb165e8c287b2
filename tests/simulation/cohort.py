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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.edits.catalogue import catalogue_edits
from checker.edits.edit import Edit, merged
from checker.edits.structural import structural_edits
from checker.edits.workshop import Workshop
from checker.grading.plausibility import impossible
from checker.matching import half_unit_at, noise
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array, Node, rounded_node
from submissions_schema.answers import IntegerAnswer, NumberAnswer, TextAnswer
from submissions_schema.written_number import read_number

from .worded import Slip, Worded, nonsense, rewritten, worded_answers

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
        written = {i: _values(texts) for i, texts in draft.items()}
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
                if value is not None and (other is None or _differ(value, other, units[i])):
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
                if _differ(written[i], base, units[i]):
                    state, shown, slip = odd[i].state, odd[i].edits, odd[i].slip
            elif made[i] and (value is None or _differ(value, base, units[i])):
                state, shown = "mistake", tuple(made[i])
            elif value is None or _differ(value, base, units[i]):
                state = "follows"
            elif _differ(written[i], base, units[i]):
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


def _values(texts: Sequence[str]) -> Array:
    return np.array([read_number(text).value for text in texts])


def _differ(a: Array, b: Array, half_units: Array) -> bool:
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


# --- cohorts --------------------------------------------------------------------------------------

_MIX: Mapping[Scenario, float] = {
    "right": 0.28,
    "catalogue": 0.22,
    "structural": 0.13,
    "one answer only": 0.06,
    "two mistakes": 0.09,
    "slip": 0.09,
    "noise": 0.1,
    "random": 0.03,
}

_MIX_WITH_FORMULAS: Mapping[Scenario, float] = {
    "right": 0.2,
    "catalogue": 0.2,
    "structural": 0.08,
    "one answer only": 0.05,
    "two mistakes": 0.05,
    "slip": 0.05,
    "noise": 0.15,
    "random": 0.02,
    "formula slip": 0.2,
}
_MIX_OF_FORMULAS: Mapping[Scenario, float] = {"right": 0.3, "noise": 0.2, "formula slip": 0.5}

THOUSAND: Mapping[Scenario, float] = {
    "right": 0.4,
    "catalogue": 0.15,
    "structural": 0.1,
    "one answer only": 0.05,
    "two mistakes": 0.1,
    "slip": 0.1,
    "noise": 0.09,
    "random": 0.01,
}
"""A class as one may expect it."""

_SLIPS = (
    "sign-slip",
    "decimal-point-slip",
    "digits-swapped",
    "digit-mistyped",
    "rows-for-columns",
    "order-reversed",
    "percent-for-fraction",
)
_NOISES = ("by a factor", "within the range", "gaussian")
_PROSE = (
    "a network reads its input step by step and keeps what it has seen in a state that every step "
    "changes while attention looks at all places at once so nothing has to be carried along and "
    "training runs in parallel which costs memory that grows with the square of the length"
)


class Simulator:
    """Draws submissions from a cohort; one generator, so the order of calls matters."""

    def __init__(self, cohort: Cohort, seed: int) -> None:
        self.cohort = cohort
        self.random = np.random.default_rng(seed)
        self._turns: dict[str, list[Edit]] = {}
        self._made = 0
        self._slip_turns: list[tuple[int, str]] = []

    def submissions(
        self,
        count: int,
        mix: Mapping[Scenario, float] = _MIX,
        *,
        careful: bool = False,
        prose: bool = False,
    ) -> Iterator[Simulated]:
        """So many submissions. The mix is kept exactly, and mistakes take turns until all had one.

        ``careful`` leaves out work with fewer than three digits and decimals; ``prose`` also
        answers the questions that ask for text, in about 80 words.
        """
        if mix is _MIX and self.cohort.formulas:
            mix = _MIX_WITH_FORMULAS if self.cohort.catalogue else _MIX_OF_FORMULAS
        scenarios = [name for name, share in mix.items() for _ in range(round(share * count))]
        scenarios = (scenarios + [*mix] * count)[:count]
        order = self.random.permutation(len(scenarios))
        for scenario in (scenarios[i] for i in order):
            texts = {}
            if prose:
                for asked in self.cohort.assignment.asked:
                    if isinstance(asked.spec, TextAnswer):
                        words = self.random.choice(
                            _PROSE.split(), int(self.random.integers(70, 91))
                        )
                        texts[asked.question, asked.answer] = " ".join(words)
            yield self.submission(scenario, careful=careful, texts=texts)

    def submission(
        self,
        scenario: Scenario,
        style: Style | None = None,
        *,
        careful: bool = False,
        texts: Mapping[tuple[str, str], str] | None = None,
    ) -> Simulated:
        """One submission."""
        wide = scenario == "right" and not careful
        if (scenario == "formula slip" and not self.cohort.formulas) or (
            scenario not in ("noise", "formula slip")
            and not (self.cohort.catalogue and self.cohort.structural)
        ):
            scenario = "right"
        style = style or self.style(wide=wide)
        if scenario == "catalogue":
            edits: tuple[Edit, ...] = (self._turn("catalogue"),)
        elif scenario == "structural":
            edits = (self._turn("structural"),)
        elif scenario == "two mistakes":
            edits = self._pair()
        elif scenario == "right":
            edits = ()
        elif scenario == "formula slip":
            return self._formula_slip(style, texts)
        else:
            make = {
                "one answer only": self._one_answer,
                "slip": self._slip,
                "noise": self._noise,
                "random": self._random,
            }[scenario]
            return make(style, texts)
        return self.planted(scenario, edits, style, texts=texts)

    def style(self, *, wide: bool) -> Style:
        """How a student rounds; ``wide`` has the coarse ways too."""
        lost = bool(self.random.random() < 0.3)
        kept: frozenset[str] = frozenset()
        if self.random.random() < 0.7:
            # Who rounds every single step always gets the same numbers; most people don't.
            share = self.random.uniform(0.1, 0.6)
            kept = frozenset(f for f in self.cohort.between if self.random.random() < share)
        draw = self.random.random()
        if wide and draw < 0.2:
            return Style(decimals=int(self.random.integers(2, 6)), zeros_lost=lost, kept=kept)
        if draw < 0.65:
            digits = int(self.random.integers(2 if wide else 3, 6))
            return Style(digits=digits, zeros_lost=lost, kept=kept)
        return Style(written=int(self.random.integers(3, 9)), zeros_lost=lost)

    def planted(
        self,
        scenario: Scenario,
        edits: tuple[Edit, ...],
        style: Style,
        *,
        texts: Mapping[tuple[str, str], str] | None = None,
        whole: bool = False,
    ) -> Simulated:
        """A submission with mistakes made in the whole work; ``whole``: nothing left unanswered."""
        draft = self.cohort.draft(self.cohort.worked(edits, style), style)
        detail = " + ".join(f"{edit.id} in {edit.where}" for edit in edits)
        return self._finish(scenario, style, draft, edits, {}, detail, texts, whole=whole)

    def finished(self, style: Style, draft: Draft, odd: Mapping[int, Odd]) -> Simulated:
        """A submission of these very answers, otherwise right."""
        return self._finish("noise", style, draft, (), odd, "", None, whole=True)

    def _finish(  # noqa: PLR0913, PLR0917 - everything that a submission is made of
        self,
        scenario: Scenario,
        style: Style,
        draft: Draft,
        edits: tuple[Edit, ...],
        odd: Mapping[int, Odd],
        detail: str,
        texts: Mapping[tuple[str, str], str] | None,
        *,
        whole: bool = False,
        words: Mapping[int, Truth] | None = None,
    ) -> Simulated:
        if not whole and self.random.random() < 0.12:
            share = self.random.uniform(0.1, 0.5)
            stays = {i: i in odd or self.random.random() > share for i in draft}
            draft = {i: text for i, text in draft.items() if stays[i]}
        self._made += 1
        name = f"sim-{self._made:05}"
        truths = self.cohort.truths(draft, style, edits, odd)
        worded = self._words(words or {})
        text = self.cohort.yaml(draft, name, texts or {}, worded)
        planted = edits or tuple(edit for one in odd.values() for edit in one.edits)
        return Simulated(name, text, scenario, style, planted, detail, truths, worded)

    # --- formulas and choices -----------------------------------------------------------------

    def _words(self, odd: Mapping[int, Truth]) -> tuple[Truth, ...]:
        """All formulas, orders and choices: right ones, written in many ways, but for the odd."""
        truths = []
        for i, worded in enumerate(self.cohort.worded):
            right = worded.right
            if i not in odd and worded.names and self.random.random() < 0.7:
                right = rewritten(right, self.random)
            place = (worded.asked.question, worded.asked.answer)
            truths.append(odd.get(i) or Truth(*place, "right", texts=(right,)))
        return tuple(truths)

    def _formula_slip(self, style: Style, texts: Mapping[tuple[str, str], str] | None) -> Simulated:
        """One slip in one formula; every kind of slip takes its turn."""
        cohort = self.cohort
        if not self._slip_turns:
            kinds = {(i, slip.kind) for i in cohort.formulas for slip in cohort.worded[i].slips}
            ordered = sorted(kinds)
            self._slip_turns = [ordered[k] for k in self.random.permutation(len(ordered))]
        at, kind = self._slip_turns.pop()
        slips = [slip for slip in cohort.worded[at].slips if slip.kind == kind]
        slip = slips[int(self.random.integers(len(slips)))]
        return self.slipped(style, at, slip, texts)

    def slipped(
        self,
        style: Style,
        at: int,
        slip: Slip,
        texts: Mapping[tuple[str, str], str] | None = None,
    ) -> Simulated:
        """A submission with this slip in a formula, otherwise right."""
        asked = self.cohort.worded[at].asked
        truth = Truth(asked.question, asked.answer, "slip", slip=slip.kind, texts=(slip.text,))
        draft = self.cohort.draft(self.cohort.worked((), style), style)
        detail = f"{slip.kind} in {asked.answer}"
        return self._finish("formula slip", style, draft, (), {}, detail, texts, words={at: truth})

    def _wrong_words(
        self, style: Style, at: int, texts: Mapping[tuple[str, str], str] | None
    ) -> Simulated:
        """A formula, an order or a choice without reason."""
        worded: Worded = self.cohort.worded[at]
        if worded.is_formula:
            text = nonsense(worded, self.random)
        else:
            text = worded.slips[int(self.random.integers(len(worded.slips)))].text
        asked = worded.asked
        truth = Truth(asked.question, asked.answer, "noise", texts=(text,))
        draft = self.cohort.draft(self.cohort.worked((), style), style)
        detail = f"nonsense in {asked.answer}"
        return self._finish("noise", style, draft, (), {}, detail, texts, words={at: truth})

    # --- what is planted ----------------------------------------------------------------------

    def _turn(self, source: Literal["catalogue", "structural"]) -> Edit:
        """The next mistake: every one takes its turn, half of the time those made everywhere."""
        edits: list[Edit] = getattr(self.cohort, source)
        key = source if self.random.random() < 0.5 else f"{source} everywhere"
        if not self._turns.get(key):
            chosen = [edit for edit in edits if key == source or edit.index is None]
            self._turns[key] = [chosen[i] for i in self.random.permutation(len(chosen))]
        return self._turns[key].pop()

    def _pair(self) -> tuple[Edit, ...]:
        first = self._turn("catalogue")
        other: Literal["catalogue", "structural"]
        other = "catalogue" if self.random.random() < 0.5 else "structural"
        for _ in range(20):
            second = self._turn(other)
            if not set(first.replacements) & set(second.replacements):
                if all(value is None for value in self.cohort.exact((first, second))):
                    continue
                return first, second
        return (first,)

    def _one_answer(self, style: Style, texts: Mapping[tuple[str, str], str] | None) -> Simulated:
        """A mistake made in one answer only, from right earlier ones; the later answers follow."""
        cohort = self.cohort
        right = dict(enumerate(cohort.right))
        while True:
            edit = self._turn("catalogue" if self.random.random() < 0.6 else "structural")
            exact = cohort.exact((edit,), right)
            changed = [
                i
                for i, value in enumerate(exact)
                if value is not None
                and bool(np.any(np.abs(value - cohort.right[i]) > noise(cohort.right[i])))
            ]
            if changed:
                break
        at = int(self.random.choice(changed))
        wrong = cohort.worked((edit,), style, right)[at]
        if wrong is None:
            wrong = exact[at]
        assert wrong is not None
        values = cohort.worked((), style, {at: wrong})
        values[at] = wrong
        odd = {at: Odd("mistake", (edit,), "", exact[at], carried=True)}
        detail = f"{edit.id} in {edit.where}, in {cohort.asked[at].answer} only"
        draft = cohort.draft(values, style)
        return self._finish("one answer only", style, draft, (), odd, detail, texts)

    def _slip(self, style: Style, texts: Mapping[tuple[str, str], str] | None) -> Simulated:
        cohort = self.cohort
        draft = cohort.draft(cohort.worked((), style), style)
        odd: dict[int, Odd] = {}
        detail = "no slip was possible"
        for _ in range(200):
            at = int(self.random.choice(list(draft)))
            kind = str(self.random.choice(_SLIPS))
            slipped = self._slipped(kind, draft[at], at)
            if slipped is None:
                continue
            before, after = _values(draft[at]), _values(slipped)
            if not _differ(after, before, 2 * cohort.half_units(at, before, style)):
                continue
            draft[at] = slipped
            odd[at] = Odd("slip", slip=kind)
            detail = f"{kind} in {cohort.asked[at].answer}"
            break
        return self._finish("slip", style, draft, (), odd, detail, texts)

    def _slipped(  # noqa: PLR0911 - one return a kind
        self, kind: str, texts: tuple[str, ...], at: int
    ) -> tuple[str, ...] | None:
        """The texts of an answer with a slip of the pen; None where there is no such slip."""
        shape = self.cohort.shapes[at]
        if kind == "rows-for-columns":
            if len(shape) != 2 or shape[0] != shape[1]:
                return None
            return _rearranged(texts, np.arange(len(texts)).reshape(shape).T)
        if kind == "order-reversed":
            return _rearranged(texts, np.arange(len(texts)).reshape(shape)[::-1]) if shape else None
        if kind == "percent-for-fraction":
            right = self.cohort.right[at]
            if right.min() < 0 or right.max() > 1:
                return None
            return tuple(_shifted(text, 2) for text in texts)
        entry = int(self.random.integers(len(texts)))
        text = texts[entry]
        if kind == "sign-slip":
            new = text.removeprefix("-") if text.startswith("-") else f"-{text}"
        elif kind == "decimal-point-slip":
            new = _shifted(text, int(self.random.choice((-2, -1, 1, 2))))
        else:
            new = self._mistyped(kind, text)
        if float(text) == 0 or new == text:
            return None
        return (*texts[:entry], new, *texts[entry + 1 :])

    def _mistyped(self, kind: str, text: str) -> str:
        mantissa, mark, exponent = text.partition("e")
        places = [i for i, char in enumerate(mantissa) if char.isdigit()]
        significant = [i for i in places if mantissa[: i + 1].strip("-0.")]
        chars = list(mantissa)
        if kind == "digits-swapped":
            pairs = [(i, j) for i, j in pairwise(significant) if chars[i] != chars[j]]
            if not pairs:
                return text
            i, j = pairs[int(self.random.integers(len(pairs)))]
            chars[i], chars[j] = chars[j], chars[i]
        else:
            if not significant:
                return text
            i = int(self.random.choice(significant))
            chars[i] = str(self.random.choice([d for d in "123456789" if d != chars[i]]))
        return "".join(chars) + mark + exponent

    def _noise(self, style: Style, texts: Mapping[tuple[str, str], str] | None) -> Simulated:
        """One answer that nothing explains; the later ones follow from it, or are right."""
        cohort = self.cohort
        values = cohort.worked((), style)
        places = [i for i, value in enumerate(values) if value is not None]
        if cohort.worded:
            words = len(cohort.worded)
            draw = int(self.random.integers(words + len(places)))
            if draw < words:
                return self._wrong_words(style, draw, texts)
        at = int(self.random.choice(places))
        kind = str(self.random.choice(_NOISES))
        drawn = self.random_values(kind, at, style)
        carried = bool(self.random.random() < 0.5)
        if carried:
            values = cohort.worked((), style, {at: drawn})
        values[at] = drawn
        draft = cohort.draft(values, style)
        odd = {at: Odd("noise", value=drawn, carried=carried)}
        then = "carried on" if carried else "the rest right"
        detail = f"{kind} in {cohort.asked[at].answer}, {then}"
        return self._finish("noise", style, draft, (), odd, detail, texts)

    def _random(self, style: Style, texts: Mapping[tuple[str, str], str] | None) -> Simulated:
        """A submission without a right answer in it."""
        kind = str(self.random.choice(_NOISES))
        drawn = [self.random_values(kind, at, style) for at in range(len(self.cohort.asked))]
        draft = self.cohort.draft(drawn, style)
        odd = {at: Odd("noise", value=drawn[at]) for at in draft}
        return self._finish("random", style, draft, (), odd, kind, texts)

    def random_values(self, kind: str, at: int, style: Style) -> Array:
        """Values without reason for an answer, as written down; no probability is above 1."""
        right = self.cohort.right[at]
        scale = float(np.max(np.abs(right)))
        if isinstance(self.cohort.asked[at].spec, IntegerAnswer):
            return right + self.random.integers(1, 9, right.shape)
        for _ in range(100):
            if kind == "by a factor":
                drawn = right * self.random.uniform(0.5, 1.5, right.shape)
            elif kind == "within the range":
                low, high = float(right.min()), float(right.max())
                if high - low < 1e-9:
                    low, high = min(0.0, 2 * low), max(0.0, 2 * high)
                drawn = self.random.uniform(low, high, right.shape)
            else:
                share = self.random.uniform(0.05, 0.3)
                drawn = right + self.random.normal(0.0, max(share * scale, 1e-3), right.shape)
            alone = [drawn if i == at else None for i in range(at + 1)]
            texts = self.cohort.draft(alone, style)[at]
            written = _values(texts)
            shaped = written.reshape(self.cohort.shapes[at])
            if _differ(
                written, right, self.cohort.half_units(at, written, style)
            ) and not impossible(self.cohort.graph, self.cohort.nodes[at], shaped):
                break
        return written


def _rearranged(texts: Sequence[str], order: NDArray[np.intp]) -> tuple[str, ...]:
    return tuple(texts[int(i)] for i in order.ravel())


def _shifted(text: str, places: int) -> str:
    """A number with its decimal point moved and its digits kept."""
    return f"{Decimal(text).scaleb(places):f}"
