"""Strategies of somebody who knows the sheet and the checker's manual and does none of the work.

Each takes a sheet and yields attempts, the most promising first. None looks at a right value, but
for those that say so: numbers *of the right size*, and strategies *beside right work*, which ask
what laziness earns in the other boxes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from reference_solutions.graph import Array

from .adversary import Attempt, Strategy
from .lazy_formulas import FORMULA_STRATEGIES
from .lazy_guesses import GUESSING_STRATEGIES
from .sheet import Box, Fill, Filled, Sheet, numbers

SPELLINGS = (
    "1.*1.", "1", "1.00", "0.5+0.", "0e5", "0", "1.", "0.", "1e0", "-1", "1/3", "0.5", "0.*1000",
    "-0.", "1e2", "0.33", "0.0", "-1.*1.", "1/2", "2", "0.1", "0.000", "10", "100", "0.*1.", "1e-9",
    ".5", "5e-1", "3", "1e1", "-0.5", "0.25", "log(3)", "log(2)", "e", "1e9", "-1e9", "0e0", "0.01",
    "1.-1.", "0.*1e6", "1+0.*1000", "1.e0", "9", "0.7", "0.3",
)  # fmt: skip
"""One text for every box."""


def constants(sheet: Sheet) -> Iterator[Attempt]:
    """The same text in every entry of every box."""
    for text in SPELLINGS:
        filled = {i: sheet.boxes[i].all(text) for i in sheet.numeric}
        filled |= {i: Fill((text,)) for i in sheet.worded}
        yield Attempt("constants", f"`{text}` everywhere", filled)


def first_ones_only(sheet: Sheet) -> Iterator[Attempt]:
    """A constant in the first boxes, another in those after."""
    boxes = sheet.numeric
    cuts = sorted({len(boxes) * k // 4 for k in (1, 2, 3)} - {0})
    for early, late in (("1", "0"), ("0", "1"), ("1", "1/3"), ("0.5", "0"), ("", "0"), ("", "1")):
        for cut in cuts:
            filled = {i: sheet.boxes[i].all(late) for i in boxes[cut:]}
            if early:
                filled |= {i: sheet.boxes[i].all(early) for i in boxes[:cut]}
            detail = f"`{early}` in the first {cut} boxes, `{late}` in the others"
            yield Attempt("two constants", detail, filled)


def one_hots(sheet: Sheet) -> Iterator[Attempt]:
    """One-hots at the given targets or at one class, with zeros, with ones or with nothing."""
    hots: list[tuple[str, dict[int, Fill]]] = []
    for name, labels in sheet.given.items():
        if labels.size and np.all(labels == np.floor(labels)) and labels.ndim <= 1:
            found = {}
            for i in sheet.numeric:
                fill = _hot_at(sheet, i, np.atleast_1d(labels))
                if fill is not None:
                    found[i] = fill
            if found:
                hots.append((f"at {name}", found))
    for k in range(4):
        found = {
            i: _hot(box, k)
            for i in sheet.numeric
            if (box := sheet.boxes[i]).shape and box.shape[-1] > k
        }
        if found:
            hots.append((f"at entry {k}", found))
    for text in ("0", "", "1", "0.000", "0.*1."):
        for said, found in hots:
            for only in _groups(sheet, found):
                some = {i: found[i] for i in only}
                rest = {} if not text else {
                    i: sheet.boxes[i].all(text) for i in sheet.numeric if i not in some
                }  # fmt: skip
                detail = f"one-hot {said} in {_named(sheet, some)}, `{text}` elsewhere"
                yield Attempt("one-hots", detail, rest | some)
                if rest:
                    late = {i: fill for i, fill in rest.items() if i > min(some)}
                    yield Attempt("one-hots", f"{detail}, none before", late | some)


def _hot(box: Box, at: int) -> Fill:
    return box.each(lambda index: "1" if not index or index[-1] == at % box.shape[-1] else "0")


def _groups(sheet: Sheet, found: Mapping[int, object]) -> list[list[int]]:
    """The boxes of each quantity of the sheet, then all together, then each question's."""
    groups: dict[str, list[int]] = {}
    for i in found:
        name = sheet.names.get(i)
        groups.setdefault(name[0] if name else f"?{i}", []).append(i)
    together = [list(found)] if len(groups) > 1 else []
    return [*groups.values(), *together]


def _named(sheet: Sheet, boxes: Mapping[int, object]) -> str:
    return ", ".join(sheet.boxes[i].asked.answer for i in boxes)


def _hot_at(sheet: Sheet, i: int, labels: Array) -> Fill | None:
    shape = sheet.boxes[i].shape
    if not shape or labels.max() >= shape[-1] or labels.min() < 0 or shape[-1] < 2:
        return None
    if len(shape) == 1:
        name = sheet.names.get(i)
        at = name[1][0] if name and name[1] else 0
        label = labels[at % len(labels)]
        return sheet.boxes[i].each(lambda index: "1" if index[-1] == label else "0")
    if shape[-2] != len(labels):
        return None
    return sheet.boxes[i].each(lambda index: "1" if index[-1] == labels[index[-2]] else "0")


def uniform(sheet: Sheet) -> Iterator[Attempt]:
    """Uniform distributions, and what the entropy of one is."""

    def spelled(box: Box, style: str) -> str:
        n = box.shape[-1] if box.shape else 1
        return f"1/{n}" if style == "exact" else f"{1 / n:.3f}"

    for style in ("exact", "digits"):
        for text in ("0", "", "log", "1"):
            filled = {}
            widest = max((sheet.boxes[i].shape[-1:] or (1,))[0] for i in sheet.numeric or [0])
            for i in sheet.numeric:
                box = sheet.boxes[i]
                if len(box.shape) == 1:
                    filled[i] = box.all(spelled(box, style))
                elif text:
                    log = f"log({widest})" if style == "exact" else f"{math.log(widest):.3f}"
                    filled[i] = box.all(log if text == "log" else text)
            yield Attempt("uniform", f"1/n ({style}), elsewhere `{text}`", filled)


def given_copied(sheet: Sheet) -> Iterator[Attempt]:
    """The given data wherever it fits: as it is, turned, flattened, repeated, negated."""
    options: dict[int, list[Fill]] = {}
    for i in sheet.numeric:
        box = sheet.boxes[i]
        for array in sheet.given.values():
            for value in (array, -array, array.T, array[::-1] if array.ndim else array):
                fitted = _fitted(value, box)
                if fitted is not None and fitted not in options.setdefault(i, []):
                    options[i].append(fitted)
    most = max((len(fills) for fills in options.values()), default=0)
    for k in range(most):
        filled = {i: fills[k % len(fills)] for i, fills in options.items() if fills}
        yield Attempt("given copied", f"choice {k} of the given arrays", filled)
    for name, array in sheet.given.items():
        if array.size > 1:
            filled = {i: numbers(array, array.shape) for i in sheet.numeric}
            yield Attempt("given copied", f"{name} in every box, in its own shape", filled)


def _fitted(value: Array, box: Box) -> Fill | None:
    if value.shape == box.shape or (value.size == box.size and value.size > 1):
        return box.values(value)
    if box.size > value.size >= 1 and box.size % value.size == 0:
        return box.values(np.resize(value, box.shape))
    return None


def answers_copied(sheet: Sheet) -> Iterator[Attempt]:
    """Numbers made up for the first boxes, copied into all others."""
    random = np.random.default_rng(5)
    for k in range(6):
        made = np.round(random.normal(size=400) * (1, 0.3, 3)[k % 3], 3)
        signs = 1 if k % 2 else -1
        filled = {}
        for i in sheet.numeric:
            box = sheet.boxes[i]
            filled[i] = box.values(np.resize(made[: max(box.size, 1)], box.shape))
            made = made * signs
        yield Attempt("answers copied", f"the same made-up numbers in every box, {k}", filled)


def saturated(sheet: Sheet) -> Iterator[Attempt]:
    """A value that saturates or zeroes what follows, in one quantity, and what is obvious after."""
    for text in ("1", "0", "-1", "1000", "100", "-100", "1e9", "0.5", "1.00", "20"):
        for boxes in _groups(sheet, dict.fromkeys(sheet.numeric)):
            if text == "1000" and len(boxes) == len(sheet.numeric):
                continue
            put = {i: sheet.boxes[i].all(text) for i in boxes}
            yield from _chained(sheet, put, f"`{text}` in {_named(sheet, put)}", "saturated")


def _chained(sheet: Sheet, put: Filled, said: str, strategy: str) -> Iterator[Attempt]:
    """What follows from ``put`` where it is obvious; before it nothing, zeros or ones."""
    others = [i for i in sheet.numeric if i not in put]
    later = sorted({j for i in put for j in sheet.downstream(i, others)})
    found = sheet.follows(put, later)
    obvious = {}
    for i, value in found.items():
        fill = obvious_fill(sheet, i, value)
        if fill is not None:
            obvious[i] = fill
    if not obvious:
        return
    yield Attempt(strategy, f"{said} and what follows", {**obvious, **put})
    for text in ("0", "1"):
        rest = {i: sheet.boxes[i].all(text) for i in others if i not in obvious}
        if rest:
            detail = f"{said} and what follows, `{text}` elsewhere"
            yield Attempt(strategy, detail, {**rest, **obvious, **put})


def obvious_fill(sheet: Sheet, i: int, value: Array) -> Fill | None:
    """A value that needs no computing, as text; None if it does.

    That is: zeros, ones, small whole numbers, 1/n or the logarithm of n throughout, or given data.
    """
    box = sheet.boxes[i]
    if not np.isfinite(value).all():
        return None
    flat = np.ravel(value)
    sizes = np.unique(np.round(np.abs(flat[np.abs(flat) > 1e-9]), 9))
    if sizes.size <= 1:
        texts = [_obvious(float(entry)) for entry in flat]
        if all(text is not None for text in texts):
            return Fill(tuple(text for text in texts if text is not None), box.shape)
    for array in sheet.given.values():
        for sign in (1, -1):
            if array.shape == value.shape and array.size > 1 and np.allclose(value, sign * array):
                return box.values(sign * array)
    return None


def _obvious(value: float) -> str | None:
    if abs(value) < 1e-9:
        return "0"
    if abs(value - round(value)) < 1e-9 and abs(value) <= 12:
        return f"{value:.0f}"
    sign = "-" if value < 0 else ""
    for n in range(2, 13):
        if abs(abs(value) * n - 1) < 1e-9:
            return f"{sign}1/{n}"
        if abs(abs(value) - math.log(n)) < 1e-9:
            return f"{sign}log({n})"
    return None


def chained_junk(sheet: Sheet) -> Iterator[Attempt]:
    """A degenerate value in one box or one quantity, and what obviously follows from it."""
    makers: Sequence[tuple[str, Callable[[Box], Fill]]] = (
        ("zeros", lambda box: box.all("0")),
        ("ones", lambda box: box.all("1")),
        ("first one-hot", lambda box: _hot(box, 0)),
        ("last one-hot", lambda box: _hot(box, -1)),
        ("identity", lambda box: box.each(lambda k: "1" if len(set(k)) == 1 else "0")),
        ("1/n", lambda box: box.all(f"1/{(box.shape or (2,))[-1]}")),
        ("minus ones", lambda box: box.all("-1")),
        ("tiny", lambda box: box.all("1e-9")),
    )  # fmt: skip
    for name, make in makers:
        for boxes in _groups(sheet, dict.fromkeys(sheet.numeric)):
            for some in [boxes] if len(boxes) == 1 else [boxes, boxes[:1], boxes[-1:]]:
                put = {i: make(sheet.boxes[i]) for i in some}
                said = f"{name} in {_named(sheet, put)}"
                yield from _chained(sheet, put, said, "chained junk")
    for name, labels in sheet.given.items():
        if labels.ndim <= 1 and labels.size and np.all(labels == np.floor(labels)):
            hots = {i: _hot_at(sheet, i, np.atleast_1d(labels)) for i in sheet.numeric}
            fits = {i: fill for i, fill in hots.items() if fill is not None}
            for boxes in _groups(sheet, fits):
                put = {i: fits[i] for i in boxes}
                said = f"one-hot at {name} in {_named(sheet, put)}"
                yield from _chained(sheet, put, said, "chained junk")


def free_mistakes(sheet: Sheet) -> Iterator[Attempt]:
    """Known mistakes whose result needs no computing, written into every box they reach."""
    cohort = sheet.cohort
    box_of = {(box.asked.question, box.asked.answer): i for i, box in enumerate(sheet.boxes)}
    seen = set()
    found: list[tuple[float, int, str, dict[int, Fill]]] = []
    for edit in (*cohort.catalogue, *cohort.structural):
        filled: dict[int, Fill] = {}
        for at, value in enumerate(cohort.exact((edit,))):
            i = box_of[cohort.asked[at].question, cohort.asked[at].answer]
            if value is None or np.allclose(value, cohort.right[at]):
                continue
            fill = obvious_fill(sheet, i, value.reshape(sheet.boxes[i].shape))
            if fill is not None:
                filled[i] = fill
        key = tuple(sorted((i, fill.texts) for i, fill in filled.items()))
        if filled and key not in seen:
            seen.add(key)
            points = sum(sheet.boxes[i].asked.points for i in filled)
            found.append((-points, len(found), f"{edit.id} in {edit.where}", filled))
    for _, _, said, filled in sorted(found, key=lambda item: item[:2]):
        yield Attempt("free mistakes", f"what {said} comes to", filled)


def right_size(sheet: Sheet) -> Iterator[Attempt]:
    """Random numbers of the right size, with one to four digits, over several seeds."""
    for seed in range(200):
        random = np.random.default_rng(1000 + seed)
        digits = (3, 1, 2, 4)[seed % 4]
        filled = {}
        for i in sheet.numeric:
            box = sheet.boxes[i]
            assert box.right is not None
            low, high = float(box.right.min()), float(box.right.max())
            size = max(abs(low), abs(high))
            if low == high:
                low = -size
            if seed % 3 == 0:
                drawn = random.uniform(-size, size, box.shape)
            elif seed % 3 == 1:
                drawn = random.uniform(low, high, box.shape)
            else:
                # The size is right, but the largest is not the right one's largest.
                drawn = np.abs(random.normal(size=box.shape))
                drawn = size * random.uniform(0.5, 2) * drawn / max(float(np.max(drawn)), 1e-9)
            if box.kind == "integer":
                filled[i] = box.values(np.round(drawn))
            else:
                filled[i] = Fill(
                    tuple(_digits(float(v), digits) for v in np.ravel(drawn)), box.shape
                )
        yield Attempt("right size", f"{digits} digits, seed {seed}", filled)


def _digits(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    return text if "e" not in text else f"{value:.{digits - 1}e}"


def signs_only(sheet: Sheet) -> Iterator[Attempt]:
    """Plus and minus one (or a half) in patterns."""
    for size in ("1", "0.5", "1.", "0.1"):
        for step in (2, 3):
            filled = {}
            for i in sheet.numeric:
                box = sheet.boxes[i]
                texts = [size if k % step else f"-{size}" for k in range(box.size)]
                filled[i] = Fill(tuple(texts), box.shape)
            yield Attempt("signs only", f"±{size}, every {step}th minus", filled)


def coarse(sheet: Sheet) -> Iterator[Attempt]:
    """One vague digit in each box, so that half a unit covers much."""
    for text in ("0.", "0.5", "1.", "5e-1", "1e0", "0e0", "0e1", "1e1", "0e-1"):
        for other in ("0.000", "1.000", "0.333"):
            for turn in (0, 1):
                filled = {
                    i: sheet.boxes[i].all(text if (k + turn) % 2 else other)
                    for k, i in enumerate(sheet.numeric)
                }
                yield Attempt("coarse", f"`{text}` and `{other}` in turn", filled)


def wrong_shapes(sheet: Sheet) -> Iterator[Attempt]:
    """Constants in shapes that aren't asked for: a known mistake might give such a shape."""
    for text in ("0", "1", "0.5"):
        for how in ("turned", "one number", "all rows", "square"):
            filled = {}
            for i in sheet.numeric:
                shape = sheet.boxes[i].shape
                other = {
                    "turned": shape[::-1],
                    "one number": (),
                    "all rows": (3, *shape),
                    "square": (3, 3),
                }[how]
                if other != shape:
                    filled[i] = Fill((text,) * int(np.prod(other, dtype=int)), other)
            if filled:
                yield Attempt("wrong shapes", f"`{text}`, {how}", filled)


# --- beside right work --------------------------------------------------------------------------


def _right_in_digits(box: Box) -> Fill:
    assert box.right is not None
    return Fill(tuple(_digits(float(value) + 0.0, 4) for value in box.right), box.shape)


def beside_right(sheet: Sheet) -> Iterator[Attempt]:
    """Right answers in one question or all but one; zeros, ones, copies or nothing much beside."""
    questions: dict[str, list[int]] = {}
    for i in sheet.numeric:
        questions.setdefault(sheet.boxes[i].asked.question, []).append(i)
    right = {i: _right_in_digits(sheet.boxes[i]) for i in sheet.numeric}
    groups = list(questions.values())
    splits = [(f"{sheet.boxes[g[0]].asked.question} right", g) for g in groups]
    splits += [
        (f"all but {sheet.boxes[g[0]].asked.question} right", [i for i in right if i not in g])
        for g in groups
        if len(groups) > 1
    ]
    if len(groups) == 1:
        half = groups[0][: len(groups[0]) // 2]
        splits.append(("the first half right", half))
    for text in ("0", "1", "copies", "1.*1.", "0.5+0.", "0."):
        for said, honest in splits:
            filled = {i: right[i] for i in honest}
            for i in sheet.numeric:
                if i in filled:
                    continue
                box = sheet.boxes[i]
                if text != "copies":
                    filled[i] = box.all(text)
                    continue
                same = [j for j in honest if sheet.boxes[j].size == box.size]
                if same:
                    filled[i] = Fill(right[same[-1]].texts, box.shape)
            if len(filled) > len(honest) > 0:
                yield Attempt(
                    "beside right work",
                    f"{said}, `{text}` in the others",
                    filled,
                    frozenset(honest),
                )


STRATEGIES: Mapping[str, Strategy] = {
    "constants": constants,
    "two constants": first_ones_only,
    "one-hots": one_hots,
    "uniform": uniform,
    "given copied": given_copied,
    "answers copied": answers_copied,
    "saturated": saturated,
    "chained junk": chained_junk,
    "free mistakes": free_mistakes,
    "right size": right_size,
    "signs only": signs_only,
    "coarse": coarse,
    "wrong shapes": wrong_shapes,
    "beside right work": beside_right,
    **FORMULA_STRATEGIES,
    **GUESSING_STRATEGIES,
}
"""All strategies by name."""
