"""A kind of mistake that belongs to no operation: structural ones, and slips."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_NOTHING: Mapping[str, Any] = {}

LAYER = {"W": [[0.5, -1.2], [0.8, 0.4]], "x": [1.3, -0.7], "b": [0.2, -0.45]}
"""Given numbers of an example: one layer."""

SEQUENCE = {
    "W": [[0.5, -1.2], [0.8, 0.4]],
    "h[0]": [0.4, -0.6],
    "x": [[0.9, 0.25], [1.3, -0.7], [-0.35, 0.6], [0.8, 1.15]],
}
"""Given numbers of an example: a recurrence over a few steps."""


@dataclass(frozen=True, slots=True)
class Example:
    """A small sheet on which a mistake is made: what the kind means, and its test.

    ``given``, ``steps`` and ``index`` are a sheet's, ``asked`` its answers. ``instead`` are given
    numbers and steps as whoever makes the mistake has them; ``written`` are formulas of what is
    handed in where that is no step of the sheet, such as a gradient. ``where`` is the quantity that
    the mistake is told of.
    """

    steps: Mapping[str, str]
    asked: Mapping[str, str]
    where: str
    given: Mapping[str, Any] = field(default_factory=dict)
    index: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    def sheet(self, answers: Mapping[str, str], instead: Mapping[str, Any] = _NOTHING) -> str:
        """Return the assignment file that asks for ``answers``, with ``instead`` for what it has.

        YAML that is JSON as well.
        """
        given = {name: instead.get(name, value) for name, value in self.given.items()}
        steps = {**self.steps, **{k: v for k, v in instead.items() if k not in given}}
        file = {
            "assignment": "example",
            "title": "An example",
            **({"index": dict(self.index)} if self.index else {}),
            "given": given,
            "steps": steps,
            "questions": {"q": {"points": len(answers), "answers": dict(answers)}},
        }
        return json.dumps(file, indent=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """Its id, its price in bits, and its page for ``checker explain``.

    ``sentences`` are what a tutor says of it, with named parts in braces: one, or one for each form
    that the mistake takes. ``where`` is a part of each: the quantity in whose formula it is made.
    ``in_formula`` is the price of the same slip in a formula that a student wrote, if it is looked
    for there. ``examples`` are its tests.
    """

    id: str
    bits: float
    says: str
    sentences: Mapping[str, str] = field(default_factory=dict)
    in_formula: float | None = None
    examples: tuple[Example, ...] = ()

    def sentence(self, form: str = "", /, **parts: str) -> str:
        """Return the sentence of one form, its parts filled in."""
        template = self.sentences[form]
        told = template.format(**parts)
        return told[:1].upper() + told[1:] if template.startswith("{") else told
