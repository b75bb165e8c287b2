"""Everything that a report can name: each id once, with its price."""

from __future__ import annotations

from functools import lru_cache

from checker.edits.prices import COMMONNESS
from checker.edits.slip_kinds import IN_FORMULAS, IN_NUMBERS
from checker.edits.structural import kinds as structural_kinds
from checker.kinds import Kind
from reference_solutions.operations import catalogue


@lru_cache(maxsize=1)
def price_list() -> dict[str, float]:
    """All ids of mistakes with their prices in bits.

    Raises ValueError where two sources declare the same id.
    """
    declared = {id: COMMONNESS[mistake.commonness] for id, (_, mistake) in catalogue().items()}
    found: dict[str, float] = {}
    for source in (declared, _bits(structural_kinds()), _bits(IN_NUMBERS), _bits(IN_FORMULAS)):
        for id, bits in source.items():
            if id in found:
                raise ValueError(f"mistake id {id!r} is declared twice")
            found[id] = bits
    return found


def _bits(kinds: dict[str, Kind]) -> dict[str, float]:
    return {id: kind.bits for id, kind in kinds.items()}


def price_in_formula(id: str) -> float:
    """Return what a slip costs that is found in a formula as a student wrote it.

    Raises KeyError for an id that is no slip in a formula.
    """
    if id in IN_FORMULAS:
        return IN_FORMULAS[id].bits
    bits = structural_kinds()[id].in_formula
    if bits is None:
        raise KeyError(id)
    return bits


@lru_cache(maxsize=1)
def _said() -> dict[str, str]:
    declared = {id: mistake.says for id, (_, mistake) in catalogue().items()}
    kinds = (*structural_kinds().values(), *IN_NUMBERS.values(), *IN_FORMULAS.values())
    return declared | {kind.id: kind.says for kind in kinds}


def in_general(id: str) -> str:
    """Return what a mistake is, whoever made it and wherever; nothing for an unknown id."""
    return _said().get(id, "")
