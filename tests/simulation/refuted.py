"""Causes that the submission itself refutes, found with the graph and the written numbers alone.

A mistake named for an answer claims three things. It reproduces every written digit there, within
rounding as the simulated student really rounded; it changes no answer that the student has right;
and its place lies before the answer. Nothing of the search that named it is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, product

import numpy as np

from checker.diagnosis.slips import KINDS as SLIPS
from checker.edits.catalogue import catalogue_edits
from checker.edits.edit import Edit, merged
from checker.edits.structural import structural_edits
from checker.edits.workshop import Workshop
from checker.grading import Grader
from checker.matching import half_unit_at, noise
from checker.report import AnswerReport, MistakeReport
from reference_solutions.graph import Array, Constant, Every, Gather, Graph, Node
from submissions_schema.submission import parse_submission

from .cohort import Cohort, Simulated, Style

_SAMPLES = 12
_OPTIONS = 6
"""How many edits of the same words are tried for what a report names."""


@dataclass(frozen=True, slots=True)
class Refuted:
    """One cause that can't be: for which answer, what, why, and in which submission."""

    simulated: Simulated
    answer: str
    cause: str
    why: str


@dataclass(slots=True)
class Causes:
    """How many causes were named, could be checked, and are refuted."""

    named: int = 0
    checked: int = 0
    refuted: list[Refuted] = field(default_factory=list)

    @property
    def reasons(self) -> Counter[str]:
        """How often each claim failed."""
        return Counter(found.why.partition(":")[0] for found in self.refuted)


class Refuter:
    """Checks what is named in reports on one simulated cohort."""

    def __init__(self, cohort: Cohort, grader: Grader) -> None:
        self.cohort = cohort
        self.grader = grader
        self.graph = cohort.graph
        workshop = Workshop(cohort.reference)
        self.by_words: dict[tuple[str, str, str], list[Edit]] = {}
        for edit in (*catalogue_edits(workshop), *structural_edits(workshop)):
            self.by_words.setdefault((edit.id, edit.where, edit.message), []).append(edit)

    def check(self, submissions: Iterable[Simulated]) -> Causes:
        """Grade submissions and check every cause that is named for a number."""
        causes = Causes()
        for simulated in submissions:
            name = f"{simulated.name}.yaml"
            report = self.grader.grade(parse_submission(simulated.text, name), name)
            by_place = {(a.question, a.answer): a for a in report.answers}
            for i, truth in enumerate(simulated.answers):
                found = by_place[truth.question, truth.answer]
                if not truth.texts or not found.mistakes:
                    continue
                causes.named += 1
                made = {(edit.id, edit.where) for edit in truth.edits}
                if {(m.id, m.where) for m in found.mistakes} <= made:
                    # What was done is not refuted, however roughly its rounding is estimated here.
                    causes.checked += 1
                    continue
                why = self._refutation(simulated, i, found)
                if why is None:
                    continue
                causes.checked += 1
                if why:
                    said = " + ".join(
                        f"{m.id} in {m.where} ({m.certainty})" for m in found.mistakes
                    )
                    place = f"{truth.question} {truth.answer}"
                    causes.refuted.append(Refuted(simulated, place, said, why))
        return causes

    def _refutation(self, simulated: Simulated, at: int, found: AnswerReport) -> str | None:
        """Why what is named can't be; empty if it can, None if it can't be checked here."""
        own = {i: t.written for i, t in enumerate(simulated.answers) if t.texts}
        others = {i: value for i, value in own.items() if i != at}
        edits = [m for m in found.mistakes if m.id not in SLIPS]
        slips = [m for m in found.mistakes if m.id in SLIPS]
        if slips:
            if edits or len(slips) > 1:
                return None
            return self._slip_refuted(simulated, at, slips[0], others)
        options = [self.by_words.get((m.id, m.where, m.message), []) for m in edits]
        if not all(options):
            return None
        reasons: list[str] = []
        for choice in islice(product(*options), _OPTIONS):
            reason = self._edits_refuted(simulated, at, choice, others)
            if not reason:
                return ""
            reasons.append(reason)
        return reasons[0]

    # --- edits ------------------------------------------------------------------------------------

    def _edits_refuted(
        self,
        simulated: Simulated,
        at: int,
        edits: Sequence[Edit],
        others: Mapping[int, Array],
    ) -> str:
        cohort, node = self.cohort, self.cohort.nodes[at]
        for edit in edits:
            if not self.graph.depends(node, edit.replacements):
                return f"place: {edit.where} is not on the way to {cohort.asked[at].answer}"
        truth = simulated.answers[at]
        closest = np.inf
        for puts in (dict(others), {}, *self._parts(others)):
            plain = self._value(at, merged(edits), puts)
            if plain is None or _far(plain, truth.written, truth.half_units):
                continue
            value, allowed = self._predicted(at, edits, puts, simulated)
            if value is None:
                continue
            off = np.abs(value - truth.written) / (allowed + truth.half_units * (1 + 1e-9))
            closest = min(closest, float(off.max()))
            if closest <= 1:
                break
        if closest > 1:
            return f"digits: off by {closest:.3g} times what digits and rounding leave open"
        own = {**others, at: truth.written}
        for other, answer in enumerate(simulated.answers):
            if other == at or answer.state not in ("right", "rounded"):
                continue
            rest = {i: value for i, value in own.items() if i != other}
            plain, value = (self._value(other, merged(e), rest) for e in ((), edits))
            if value is None or plain is None or np.allclose(value, plain, rtol=1e-9, atol=1e-12):
                continue
            _, allowed = self._predicted(other, edits, rest, simulated)
            units = answer.half_units * (1 + 1e-9) + allowed
            moved = np.abs(value - answer.written) > 2 * units
            if np.any(moved & (np.abs(plain - answer.written) <= units)):
                return f"right answer: {answer.answer} is right and would not be"
        return ""

    def _parts(self, others: Mapping[int, Array]) -> Iterator[dict[int, Array]]:
        """The student's own values of all answers but one; some are not carried forward."""
        for left in islice(others, 24):
            yield {i: value for i, value in others.items() if i != left}

    def _predicted(
        self, at: int, edits: Sequence[Edit], puts: Mapping[int, Array], simulated: Simulated
    ) -> tuple[Array | None, Array]:
        """An answer under some edits, and what the student's rounding may do to it."""
        replacements = merged(edits)
        value = self._value(at, replacements, puts)
        if value is None:
            return None, np.zeros(0)
        random = np.random.default_rng(7)
        spread = np.zeros_like(value)
        units = {i: simulated.answers[i].half_units for i in puts}
        for _ in range(_SAMPLES):
            moved = {
                i: put + random.uniform(-1, 1, put.shape) * units[i] for i, put in puts.items()
            }
            noisy = dict(replacements)
            if simulated.style.digits is not None or simulated.style.decimals is not None:
                for number in self.cohort.computed:
                    if number not in self.cohort.counted:
                        node = replacements.get(number, self.graph.nodes[number])
                        noisy[number] = noisy_node(node, simulated.style, random)
            other = self._value(at, noisy, moved)
            if other is not None:
                spread = np.maximum(spread, np.abs(other - value))
        return value, 2.0 * spread + noise(value)

    def _value(
        self, at: int, replacements: Mapping[int, Node], puts: Mapping[int, Array]
    ) -> Array | None:
        cohort = self.cohort
        node = cohort.nodes[at]
        by_node = {
            cohort.nodes[i]: value.reshape(cohort.shapes[i])
            for i, value in puts.items()
            if cohort.nodes[i] != node
        }
        found = self.graph.edited(dict(replacements)).evaluate([node], by_node)[node]
        if found is None or found.size != cohort.right[at].size:
            return None
        flat = np.atleast_1d(found).ravel()
        return flat if np.isfinite(flat).all() else None

    # --- slips ------------------------------------------------------------------------------------

    def _slip_refuted(
        self, simulated: Simulated, at: int, slip: MistakeReport, others: Mapping[int, Array]
    ) -> str | None:
        """Whether undoing the slip gives neither the right value nor what follows."""
        truth = simulated.answers[at]
        if slip.id == "other-answer-copied":
            return None
        shape = self.cohort.shapes[at]
        for puts in ({}, dict(others)):
            value, allowed = self._predicted(at, (), puts, simulated)
            if value is None:
                continue
            units = truth.half_units * (1 + 1e-9)
            for undone, scale in _undone(slip.id, truth.written, truth.texts, value, shape):
                if np.all(np.abs(undone - value) <= allowed + np.maximum(units * scale, units)):
                    return ""
        return f"digits: {slip.id} undone gives neither the right value nor what follows"


def _far(value: Array, written: Array, half_units: Array) -> bool:
    """Whether no rounding that keeps two digits can lie between."""
    scale = float(np.max(np.abs(written), initial=0.0))
    return bool(np.any(np.abs(value - written) > 0.2 * scale + 10 * half_units))


def noisy_node(
    node: Node, style: Style, random: np.random.Generator, graph: Graph | None = None
) -> Node:
    """A node whose result is off by at most what a style rounds away.

    What so few digits write exactly is not off. With a ``graph`` that it is of, what people write
    down within its operation is rounded as well.
    """

    def off(value: Array) -> Array:
        value = np.asarray(value, dtype=np.float64)
        if style.decimals is not None:
            unit: Array = np.full_like(value, 0.5 * 10.0**-style.decimals)
        else:
            unit = half_unit_at(value, style.digits or 17)
        steps = value / np.where(unit > 0, 2 * unit, 1.0)
        unit = np.where(np.abs(steps - np.round(steps)) < 1e-7, 0.0, unit)
        return np.asarray(value + random.uniform(-1, 1, value.shape) * unit)

    by_hand = None if graph is None else _by_hand(graph, node)

    def compute(node: Node, *arguments: Array) -> Array:
        if by_hand is None:
            return off(node.compute(*arguments))
        return off(by_hand(off, *arguments))

    return Node(partial(compute, node), node.inputs, node.key)


def _by_hand(graph: Graph, node: Node) -> Callable[..., Array] | None:
    """How a node is worked out with everything written down, where its operation says so."""
    rule = graph.families[node.key[0]].rule
    if rule is None or rule.operation.by_hand is None:
        return None
    if any(isinstance(item, Every | Gather) for item in rule.inputs):
        return None

    def worked(off: Callable[[Array], Array], *arguments: Array) -> Array:
        taken = iter(arguments)
        operands = [
            np.asarray(item.value) if isinstance(item, Constant) else next(taken)
            for item in rule.inputs
        ]
        return np.asarray(rule.operation.by_hand(off, *operands, **rule.params))

    return worked


def _undone(
    kind: str, written: Array, texts: Sequence[str], value: Array, shape: tuple[int, ...]
) -> Iterator[tuple[Array, float]]:
    """What may have been meant, and by how much its last place has moved."""

    def at_worst(change: Array) -> Iterator[tuple[Array, float]]:
        """A change of all entries, then of the one that is farthest off."""
        yield change, 1.0
        k = int(np.argmax(np.abs(written - value)))
        one = written.copy()
        one[k] = change[k]
        yield one, 1.0

    if kind == "sign-slip":
        yield from at_worst(-written)
    elif kind in ("decimal-point-slip", "percent-for-fraction"):
        for power in (-3, -2, -1, 1, 2, 3):
            for change, _ in at_worst(written * 10.0**power):
                yield change, 10.0**power
    elif kind == "rows-for-columns":
        yield written.reshape(shape[::-1]).T.ravel(), 1.0
    elif kind == "order-reversed":
        yield written.reshape(shape)[::-1].ravel(), 1.0
    elif kind == "order-shifted":
        for by in (-1, 1):
            yield np.roll(written.reshape(shape), by, axis=0).ravel(), 1.0
    else:
        k = int(np.argmax(np.abs(written - value)))
        for text in _typed(texts[k]):
            try:
                meant = float(text)
            except ValueError:
                continue
            one = written.copy()
            one[k] = meant
            yield one, 10.0


def _typed(text: str) -> Iterator[str]:
    """Texts that differ in one digit, lack one, or have two neighbours exchanged."""
    for i, char in enumerate(text):
        if not char.isdigit():
            continue
        yield text[:i] + text[i + 1 :]
        yield from (text[:i] + digit + text[i + 1 :] for digit in "0123456789")
        yield from (text[:i] + digit + text[i:] for digit in "0123456789")
        for j in (i + 1, i + 2):
            if j < len(text) and text[j].isdigit():
                yield text[:i] + text[j] + text[i + 1 : j] + char + text[j + 1 :]


def told(causes: Causes, most: int) -> Iterator[str]:
    """The refuted causes as Markdown, one of each kind first."""
    yield (
        f"{len(causes.refuted)} of {causes.checked} causes checked are refuted "
        f"({causes.named} named)"
    )
    yield ""
    seen: set[tuple[str, str]] = set()
    ordered = []
    for found in causes.refuted:
        key = (found.why.partition(":")[0], found.cause)
        ordered.append((key in seen, found))
        seen.add(key)
    for _, found in sorted(ordered, key=lambda item: item[0])[:most]:
        simulated = found.simulated
        planted = simulated.detail or "nothing"
        yield f"### {found.answer}: {found.cause} — {found.why}"
        yield f"planted: {simulated.scenario}: {planted}; {simulated.style.label}"
        yield ""
        yield f"```yaml\n{simulated.text.rstrip()}\n```"
        yield ""
