"""Draws the submissions of a class: who is right, and who makes which mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from checker.edits.edit import Edit
from checker.grading.plausibility import impossible
from checker.matching import noise
from reference_solutions.graph import Array
from submissions_schema.answers import IntegerAnswer, TextAnswer

from .cohort import Cohort, Draft, Odd, Scenario, Simulated, Style, Truth, differ, read_values
from .worded import Slip, Worded, nonsense, rewritten

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
            before, after = read_values(draft[at]), read_values(slipped)
            if not differ(after, before, 2 * cohort.half_units(at, before, style)):
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
            written = read_values(texts)
            shaped = written.reshape(self.cohort.shapes[at])
            if differ(
                written, right, self.cohort.half_units(at, written, style)
            ) and not impossible(self.cohort.graph, self.cohort.nodes[at], shaped):
                break
        return written


def _rearranged(texts: Sequence[str], order: NDArray[np.intp]) -> tuple[str, ...]:
    return tuple(texts[int(i)] for i in order.ravel())


def _shifted(text: str, places: int) -> str:
    """A number with its decimal point moved and its digits kept."""
    return f"{Decimal(text).scaleb(places):f}"
