"""What is to be explained of one submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from checker.diagnosis.lazy import Lazy
from checker.diagnosis.slips import Slip
from checker.diagnosis.tolerance import Carried
from reference_solutions.graph import Array


@dataclass(frozen=True, slots=True)
class OwnValues:
    """The student's own earlier values, and what follows from them.

    ``puts`` are the values by node, one mapping for each world of sampled symbols, ``half_units``
    half a unit in their last written places. ``values`` is what follows from them for every entry
    of the layout, ``depends`` are the answers that are computed from one of them.
    """

    puts: Sequence[Mapping[int, Array]] = ({},)
    half_units: Mapping[int, Array] = field(default_factory=dict)
    values: Array = field(default_factory=lambda: np.zeros(0))
    depends: frozenset[int] = frozenset()

    @property
    def carried(self) -> Carried:
        """The same in the first world, as tolerances take it."""
        return Carried(self.puts[0], self.half_units)


@dataclass(frozen=True, slots=True)
class FormulaClaim:
    """A formula that a student wrote for an answer.

    ``held`` are the nodes that it takes by name: no mistake can have been made in them. ``slips``
    finds the slips in it.
    """

    held: frozenset[int]
    slips: Callable[[], Sequence[Slip]]


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
