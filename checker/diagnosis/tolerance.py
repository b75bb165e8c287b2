"""What rounding on the way can do to each entry: looked up where it can be, sampled where it must.

Of the right solution it is computed once. Between a student's own values and an answer the
derivatives of the right solution give a first look; only where that leaves doubt is the graph
itself sampled, with the edit in question made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from checker.diagnosis.hypotheses import Group, Library
from checker.diagnosis.sensitivity import Sensitivity, intermediates, sampled_tolerance
from reference_solutions.graph import Array

_FINER = 1
"""How many digits more than elsewhere are granted within an operation where a mistake is sought."""

_KEPT = 5_000
"""How many sampled tolerances are kept for the next submission."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The student's own values that an answer is computed from.

    ``puts`` are the values by node, ``half_units`` half a unit in the last place of those that were
    written as numbers.
    """

    puts: Mapping[int, Array]
    half_units: Mapping[int, Array]


class Tolerances:
    """What rounding on the way can do, for one assignment.

    ``digits`` is how coarsely a student may round on the way, where no answer says otherwise.
    """

    def __init__(self, library: Library, digits: int) -> None:
        self.library = library
        self.layout = layout = library.layout
        self.digits = digits
        targets = [layout.targets[i] for i in layout.numeric]
        self._sensitivity = Sensitivity(layout.graph, targets)
        self._nodes = intermediates(layout.graph, targets)
        self._columns: dict[int, slice] = {}
        at = 0
        for answer in layout.numeric:
            size = layout.values[answer].size
            self._columns[answer] = slice(at, at + size)
            at += size
        self.of_right = lru_cache(100)(self._of_right)
        self.under = lru_cache(_KEPT)(self._under)

    @property
    def within(self) -> int:
        """How many digits are granted within an operation where a mistake is sought."""
        return self.digits + _FINER

    def _of_right(self, digits: int, within: int | None = None) -> Array:
        """Return what rounding to so many digits on the way can do to each right entry.

        ``within`` is to how many digits one rounds within an operation, if that differs.
        """
        found = np.zeros(self.layout.right.size)
        tolerances = self._sensitivity.tolerance(digits, within or digits)
        for answer, columns in self._columns.items():
            found[self.layout.span(answer)] = tolerances[columns]
        return found

    def _under(self, answer: int, group: Group) -> Array:
        """Sample what rounding on the way can do to an answer under edits of the reference."""
        node = self.layout.targets[answer]
        graph = self.layout.graph.edited(self.library.replacements(group))
        return sampled_tolerance(
            graph, [node], self.digits, {}, {}, self._among(graph.base.ancestors[node]), self.within
        )[0]

    def estimated(
        self, answer: int, carried: Carried, digits: int, within: int | None = None
    ) -> Array:
        """Estimate what rounding between the student's own values and an answer can do to it."""
        region = self.library.region(self.layout.members[answer], carried.puts)
        columns = self._columns[answer]
        return self._sensitivity.local(columns, region, digits, carried.half_units, within)

    def sampled(
        self,
        answer: int,
        carried: Carried,
        digits: int,
        group: Group = (),
        within: int | None = None,
    ) -> Array:
        """Find out the same by sampling, under edits."""
        members = self.layout.members[answer]
        nodes = self._among(self.library.region(members, carried.puts))
        graph = self.layout.graph.edited(self.library.replacements(group))
        parts = sampled_tolerance(
            graph, members, digits, carried.puts, carried.half_units, nodes, within
        )
        return np.concatenate(parts)

    def _among(self, mask: int) -> Sequence[int]:
        return [node for node in self._nodes if mask >> node & 1]
