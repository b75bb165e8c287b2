"""Wrong numbers that pass as right: right answers, each moved a little, and what is said of them.

One answer is moved; all others are right, with eight digits, with three, with one, or left out.
What may pass: a number within half a unit of its last place, a true truncation of a number that
doesn't terminate, and twice what rounding every step to the digits that the file shows can do, the
steps within an operation (1 + exp(-x) in a sigmoid) among them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from checker.report import Verdict
from reference_solutions.graph import Array

from .adversary import Adversary
from .cohort import Style
from .refuted import noisy_node
from .sheet import Fill, Filled, Sheet

ACCEPTED: tuple[Verdict, ...] = ("correct", "follow_through")
_CONTEXTS = (("eight digits", 8), ("three digits", 3), ("one digit", 1), ("nothing", 0))
_SAMPLES = 16


@dataclass(frozen=True, slots=True)
class Passed:
    """A wrong number that was judged right, and beside what."""

    place: str
    change: str
    beside: str
    wrote: str
    right: str
    message: str
    filled: Filled


@dataclass(slots=True)
class Acceptance:
    """How many moved answers were handed in, and those that passed."""

    tried: int = 0
    passed: list[Passed] = field(default_factory=list)

    @property
    def changes(self) -> Counter[str]:
        """How often each kind of change passed."""
        return Counter(found.change for found in self.passed)


def try_moved(
    sheet: Sheet, adversary: Adversary, most: int | None = None, seed: int = 1
) -> Acceptance:
    """Hand in right answers with one moved; ``most`` of them, every kind of change in turn."""
    moved = _in_turn(list(_moved(sheet)), seed)
    rounding: dict[int, list[Array]] = {}
    result = Acceptance()
    for i, change, fill, wrong_by, (beside, digits) in moved:
        if result.tried == most:
            break
        box = sheet.boxes[i]
        assert box.right is not None
        # Beside nothing that shows more, one may round as coarsely as the sheet says.
        shown = min(digits or box.asked.matching.working_digits or 9, _digits_of(fill))
        if shown not in rounding:
            rounding[shown] = _rounding(sheet, shown)
        if not np.any(wrong_by > 2 * rounding[shown][i]):
            continue
        filled = {j: _right(sheet, j, digits) for j in sheet.numeric if digits} | {i: fill}
        report = adversary.grade(filled)
        answer = next(
            a
            for a in report.answers
            if (a.question, a.answer) == (box.asked.question, box.asked.answer)
        )
        result.tried += 1
        if answer.verdict in ACCEPTED:
            k = int(np.argmax(wrong_by - 2 * rounding[shown][i]))
            result.passed.append(
                Passed(
                    box.place,
                    change,
                    beside,
                    fill.texts[k],
                    f"{box.right[k]:.9g}",
                    answer.message,
                    filled,
                )
            )
    return result


_Moved: TypeAlias = tuple[int, str, Fill, Array, tuple[str, int]]


def _in_turn(moved: list[_Moved], seed: int) -> list[_Moved]:
    """Shuffled, so that every kind of change in every context takes its turn."""
    order = np.random.default_rng(seed).permutation(len(moved))
    turns: Counter[tuple[str, str]] = Counter()
    keyed = []
    for at, k in enumerate(order):
        one = moved[int(k)]
        kind = (one[1], one[4][0])
        keyed.append((turns[kind], at, one))
        turns[kind] += 1
    return [one for _, _, one in sorted(keyed, key=lambda item: item[:2])]


def _moved(sheet: Sheet) -> Iterator[_Moved]:
    """Box, what was changed, the text, by how much it is wrong beyond its digits, the context."""
    for i in sheet.numeric:
        box = sheet.boxes[i]
        assert box.right is not None
        for change, texts in _changes(box.right, whole=box.kind == "integer"):
            fill = Fill(texts, box.shape)
            wrong = _wrong_by(box.right, texts, whole=box.kind == "integer")
            if np.any(wrong > 0):
                for context in _CONTEXTS:
                    yield i, change, fill, wrong, context


def _changes(right: Array, *, whole: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Kinds of wrong writings of an answer; one entry is moved, or all."""
    at = int(np.argmax(np.abs(right)))

    def one(text: str, digits: int) -> tuple[str, ...]:
        return tuple(text if k == at else written(float(v), digits) for k, v in enumerate(right))

    value = float(right[at])
    if whole:
        for step in (-1, 1):
            yield "a whole number off by one", one(f"{value + step:.0f}", 9)
        yield "sign turned", one(f"{-value:.0f}", 9)
        return
    if value == 0:
        return
    for digits in (3, 4, 6):
        text = Decimal(written(value, digits))
        unit = Decimal(1).scaleb(int(text.normalize().adjusted()) - digits + 1)
        for step in (-3, -2, 2, 3):
            yield (
                f"last of {digits} digits off by {step:+d}",
                one(f"{text + step * unit:f}", digits),
            )
        below = text - unit.copy_sign(text)
        yield f"one unit of {digits} digits below", one(f"{below:f}", digits)
    for factor in (0.955, 0.98, 0.99, 1.01, 1.02, 1.045):
        yield f"times {factor}", one(written(value * factor, 4), 4)
        if right.size > 1:
            texts = tuple(written(float(v) * factor, 4) for v in right)
            yield f"all times {factor}", texts
    yield "sign turned", one(written(-value, 4), 4)
    yield "zero for a number", one("0.000", 4)
    yield "one digit less than asked, cut off", one(_cut(value, 2), 4)


def written(value: float, digits: int) -> str:
    """A number rounded to so many digits, in full."""
    if value == 0 or not math.isfinite(value):
        return "0"
    return f"{Decimal(f'{value:.{digits - 1}e}'):f}"


def _cut(value: float, digits: int) -> str:
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{Decimal(math.trunc(value * 10.0**places)).scaleb(-places):f}"


def _wrong_by(right: Array, texts: tuple[str, ...], *, whole: bool) -> Array:
    """How far each entry is from anything that its digits may stand for."""
    found = np.zeros(right.size)
    for k, text in enumerate(texts):
        value, number = float(text), float(right[k])
        half = 0.0 if whole else 0.5 * 10.0 ** int(Decimal(text).as_tuple().exponent)
        off = abs(value - number)
        if off <= half * (1 + 1e-9) + 1e-9 * abs(number):
            continue
        terminates = len(f"{abs(number):.12g}".replace(".", "").strip("0")) <= 7
        cut = 0 < (abs(number) - abs(value)) < 2 * half and value * number > 0
        if cut and not terminates:
            continue
        found[k] = off - half
    return found


def _digits_of(fill: Fill) -> int:
    sizes = [len(t.lstrip("-").replace(".", "").lstrip("0")) for t in fill.texts]
    return max(min(size for size in sizes if size), 1) if any(sizes) else 1


def _right(sheet: Sheet, i: int, digits: int) -> Fill:
    box = sheet.boxes[i]
    assert box.right is not None
    kept = 12 if box.kind == "integer" else digits
    return Fill(tuple(f"{float(written(float(v), kept)):.12g}" for v in box.right), box.shape)


def _rounding(sheet: Sheet, digits: int) -> list[Array]:
    """What rounding every step to so many digits does to each box, in samples."""
    cohort, graph = sheet.cohort, sheet.graph
    random = np.random.default_rng(3)
    style = Style(digits=digits)
    spread = [np.zeros(0 if box.right is None else box.right.size) for box in sheet.boxes]
    nodes = [sheet.boxes[i].node for i in sheet.numeric]
    for _ in range(_SAMPLES):
        noisy = {
            number: noisy_node(graph.nodes[number], style, random, graph)
            for number in cohort.computed
            if number not in cohort.counted
        }
        found = graph.edited(noisy).evaluate(nodes, {})
        for i in sheet.numeric:
            value, right = found[sheet.boxes[i].node], sheet.boxes[i].right
            if value is not None and right is not None and value.size == right.size:
                spread[i] = np.maximum(spread[i], np.abs(np.ravel(value) - right))
    return spread


def told(acceptance: Acceptance, most: int) -> Iterator[str]:
    """What passed, as Markdown, one of each kind of change first."""
    yield f"{len(acceptance.passed)} of {acceptance.tried} moved answers pass as right"
    yield ""
    seen: set[str] = set()
    ordered = []
    for found in acceptance.passed:
        ordered.append((found.change in seen, found))
        seen.add(found.change)
    for _, found in sorted(ordered, key=lambda item: item[0])[:most]:
        yield (
            f"- {found.place}: `{found.wrote}` for {found.right} ({found.change}; beside the "
            f"others: {found.beside}): {found.message}"
        )
