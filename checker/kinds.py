"""A kind of mistake that belongs to no operation: structural ones, and slips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Its id, its price in bits, and its page for ``checker explain``."""

    id: str
    bits: float
    says: str
