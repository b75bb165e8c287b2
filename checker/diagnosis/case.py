"""What is to be explained of one submission."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checker.diagnosis.lazy import Lazy
from checker.diagnosis.own_values import OwnValues
from checker.diagnosis.slips import Slip
from reference_solutions.graph import Array


@dataclass(frozen=True, slots=True)
class FormulaClaim:
    """A formula that a student wrote for an answer.

    ``held`` are the nodes that it takes by name: no mistake can have been made in them. ``slips``
    looks for slips in it, the best first.
    """

    held: frozenset[int]
    slips: Callable[[], Iterator[Slip]]


@dataclass(frozen=True, slots=True)
class Case:
    """One submission's numbers, laid out as predictions are, and what is known of them.

    ``written`` and ``half_units`` run over all entries of all computed answers (NaN where nothing
    usable was written), ``texts`` has the texts of each answer's entries. ``right`` are the answers
    that are right, ``followed`` those that follow from the student's own values, ``rounded`` those
    that are right only if rounding on the way is granted; ``open`` those to explain. ``digits`` is
    to how many digits each may be rounded on the way, ``says`` how many bits some are worth at
    most, ``lazy`` which could be had without work.
    """

    written: Array
    half_units: Array
    texts: Sequence[Sequence[str]]
    own: OwnValues
    right: frozenset[int] = frozenset()
    followed: frozenset[int] = frozenset()
    rounded: frozenset[int] = frozenset()
    open: frozenset[int] = frozenset()
    formulas: Mapping[int, FormulaClaim] = field(default_factory=dict)
    digits: Mapping[int, int] = field(default_factory=dict)
    says: Mapping[int, float] = field(default_factory=dict)
    lazy: Lazy = field(default_factory=Lazy)
