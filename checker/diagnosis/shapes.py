"""Mistakes that show in the shape of an answer: numbers right for an edit, in another shape."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from checker.answer_kinds.reading.written import WrittenArray
from checker.diagnosis.evidence import ACCEPT, LIKELY, agreement_bits
from checker.diagnosis.finding import Finding, slip_found
from checker.diagnosis.hypotheses import Library
from checker.diagnosis.slips import Slip
from checker.diagnosis.tolerance import Tolerances
from checker.edits.slip_kinds import IN_NUMBERS
from checker.matching import noise
from reference_solutions.graph import Array


def explain_shapes(
    library: Library, tolerances: Tolerances, written: Mapping[int, WrittenArray]
) -> dict[int, Finding]:
    """Return the mistakes that give numbers of a wrong shape, for each answer that one does.

    As with all mistakes, the one that explains most answers together is accepted first. A right
    matrix with its rows for columns is a slip of writing.
    """
    found = {
        answer: finding
        for answer, numbers in written.items()
        if (finding := _turned(library, tolerances, answer, numbers)) is not None
    }
    written = {answer: numbers for answer, numbers in written.items() if answer not in found}
    worth: dict[int, dict[int, float]] = {}
    for answer, numbers in written.items():
        for row, value in library.misshapen(answer):
            bits = _shape_bits(numbers, value)
            if bits:
                worth.setdefault(row, {})[answer] = bits

    def net(row: int) -> float:
        return sum(worth[row].values()) - library.edits[row].bits

    while worth:
        best = max(worth, key=net)
        if net(best) < ACCEPT:
            break
        edit = library.edits[best]
        likely = net(best) >= LIKELY
        finding = Finding(edit.id, edit.where, edit.message, likely, best, edit.key, strong=likely)
        explained = set(worth[best])
        found.update(dict.fromkeys(explained, finding))
        worth = {
            row: left
            for row, answers in worth.items()
            if (left := {a: bits for a, bits in answers.items() if a not in explained})
        }
    return found


def _turned(
    library: Library, tolerances: Tolerances, answer: int, written: WrittenArray
) -> Finding | None:
    """Return the finding that a right matrix is written with its rows for its columns."""
    layout = library.layout
    shape = layout.shapes[answer]
    if len(shape) != 2 or written.shape != shape[::-1] or answer in layout.symbolic:
        return None
    right = layout.values[answer]
    turned = [a.reshape(written.shape).T.ravel() for a in (written.values, written.half_units)]
    granted = tolerances.granted(answer, tolerances.digits)
    allowed = turned[1] * (1 + 1e-9) + noise(right) + granted
    if not (np.abs(turned[0] - right) <= allowed).all():
        return None
    nothing = np.full_like(right, np.inf)
    bits = agreement_bits(
        turned[0], right, nothing, layout.scales[answer], allowed, tolerances.freedom[answer]
    )
    kind = IN_NUMBERS["rows-for-columns"]
    slip = Slip(kind.id, kind.says, bits - kind.bits)
    return (
        slip_found(slip, layout.reference.targets[answer].answer) if slip.bits >= ACCEPT else None
    )


def _shape_bits(written: WrittenArray, value: Array) -> float:
    """Return what it is worth that numbers of a wrong shape are what a mistake gives; 0 if not."""
    if value.shape != written.shape:
        return 0.0
    flat = value.ravel()
    tolerances = written.half_units * (1 + 1e-9) + noise(flat)
    if not (np.abs(flat - written.values) <= tolerances).all():
        return 0.0
    # Nothing but a mistake gives another shape, so every entry tells something.
    nothing = np.full_like(flat, np.inf)
    scale = float(np.max(np.abs(flat))) if flat.size else 0.0
    return agreement_bits(written.values, flat, nothing, scale, tolerances)
