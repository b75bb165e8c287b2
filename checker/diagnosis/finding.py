"""What is said of a mistake that was found: which it is, where, how sure, what else it may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from checker.diagnosis.evidence import LIKELY
from checker.diagnosis.hypotheses import Library
from checker.diagnosis.slips import Slip
from checker.edits.sentences import made_again
from checker.edits.structural.signs import SIGN_TURNED
from checker.edits.workshop import as_code
from checker.matching import FLOAT_NOISE


@dataclass(frozen=True, slots=True)
class Finding:
    """An accepted mistake, how sure it is, and what can't be told from it.

    ``row`` is its edit's in the library, None for a slip; ``key`` is equal for the same mistake
    made again. ``alternatives`` are ids and messages. ``strong``: that it is this mistake or one
    that can't be told from it is likely. ``one_number``: that it is a slip in a single number.
    """

    id: str
    where: str
    message: str
    likely: bool
    row: int | None = None
    key: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, str], ...] = ()
    strong: bool = True
    one_number: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Findings for each answer that mistakes explain, and how many hypotheses were not tried."""

    found: Mapping[int, Sequence[Finding]]
    untried: int = 0


def slip_found(slip: Slip, where: str) -> Finding:
    """Return the finding of a slip in the answer ``where``."""
    likely = slip.bits >= LIKELY
    return Finding(
        slip.id,
        where,
        slip.message,
        likely,
        key=(slip.id, where),
        strong=likely,
        one_number=slip.one_number,
    )


def finding_of(
    library: Library, row: int, members: Sequence[int], net: float, others: Sequence[int]
) -> Finding:
    """Say what was found; of a mistake in several formulas those that the answers show."""
    edits = library.edits
    edit = edits[row]
    where, message = edit.where, edit.message
    if members:
        places = list(dict.fromkeys(edits[member].where for member in members))
        where = ", ".join(places) if where != edit.members[0].where else places[0]
        message = edits[members[0]].message
        if len({edits[member].message for member in members}) > 1 and len(places) > 1:
            message = made_again(message, [as_code(place) for place in places[1:]])
    said: dict[str, str] = {}
    for other in others:
        said.setdefault(edits[other].message, edits[other].id)
    alternatives = tuple((id, text) for text, id in said.items())[:3]
    likely = net >= LIKELY and not others
    return Finding(edit.id, where, message, likely, row, edit.key, alternatives, net >= LIKELY)


def told_of(
    library: Library, row: int, ties: Sequence[int], explained: Iterable[int]
) -> tuple[int, list[int]]:
    """Return the edit to tell of, and those that can't be told from it.

    Where along a product a sign was turned can't be seen, and need not be said: it is told
    once, of what was asked for if it can be.
    """
    edits = library.edits
    turned = [tie for tie in ties if edits[tie].id == SIGN_TURNED.id]
    others = [tie for tie in ties if edits[tie].id != SIGN_TURNED.id]
    if edits[row].id != SIGN_TURNED.id:
        return row, others + turned[:1]
    nodes = library.layout.graph.nodes
    asked = {nodes[library.layout.targets[answer]].key[0] for answer in explained}
    return next((one for one in (row, *turned) if edits[one].family in asked), row), others


def contributing(library: Library, row: int, answers: Iterable[int]) -> list[int]:
    """Return the members of a mistake in several formulas that change any of some answers."""
    found = []
    for member in library.members.get(row, ()):
        for answer in answers:
            span = library.layout.span(answer)
            off = np.abs(library.alone.values[member, span] - library.layout.right[span])
            if (~(off <= library.layout.noise[span]) & ~library.layout.later[span]).any():
                found.append(member)
                break
    return found


def same_in_other_words(library: Library, one: int, other: int) -> bool:
    """Whether two kinds of edits of one formula give the same numbers everywhere."""
    a, b = library.edits[one], library.edits[other]
    if a.where != b.where or a.id == b.id:
        return False
    here = ~library.layout.later
    x, y = (library.alone.values[row][here] for row in (one, other))
    with np.errstate(invalid="ignore"):
        close = np.abs(x - y) <= library.layout.noise[here] + FLOAT_NOISE * np.abs(x)
    return bool((close | (np.isnan(x) & np.isnan(y))).all())
