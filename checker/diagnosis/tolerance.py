"""What rounding on the way can do to each entry: looked up where it can be, sampled where it must.

Of the right solution it is computed once. Between a student's own values and an answer the
derivatives of the right solution give a first look; only where that leaves doubt is the graph
itself sampled, with the edit in question made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from checker.diagnosis.hypotheses import Library
from checker.diagnosis.layout import Layout
from checker.diagnosis.own_values import OwnValues
from checker.diagnosis.predictions import Group
from checker.diagnosis.sensitivity import Sensitivity, intermediates, sampled_tolerance
from reference_solutions.graph import Array

_FINER = 1
"""How many digits more than one may round to are kept within an operation, if none are shown."""

FINEST = 9
"""The most digits to which somebody is looked at as having rounded."""

_MOST = 0.02
"""The most that rounding on the way explains, relative to an answer's largest entry."""

_INDEPENDENT = 1e-4
"""How large a singular value of the derivatives, scaled to one, must be to count."""

_SLIPPED = 7
"""The most digits to which somebody is taken to round on the way who makes a slip."""

_KEPT = 5_000
"""How many sampled tolerances are kept for the next submission."""


class Tolerances:
    """What rounding on the way can do, for one assignment.

    ``digits`` is how coarsely a student may round on the way, where no answer says otherwise;
    ``library`` gives the edits, where they are asked for.
    """

    def __init__(self, layout: Layout, digits: int, library: Callable[[], Library]) -> None:
        self.layout = layout
        self._library = library
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
        self.freedom = [self._freedom(answer) for answer in range(len(layout.targets))]
        self.of_right = lru_cache(100)(self._of_right)
        self.granted = lru_cache(10 * len(layout.targets) + 1)(self._granted)
        self.finest_first = lru_cache(10 * len(layout.targets) + 1)(self._finest_first)
        self.none_first = lru_cache(len(layout.targets))(self._none_first)
        self.under = lru_cache(_KEPT)(self._under)

    def within(self, digits: int) -> int:
        """Return to how many digits one rounds within an operation where a mistake is sought.

        Who shows more digits than the assignment grants rounds to these everywhere.
        """
        return max(digits, self.digits + _FINER)

    def _of_right(self, digits: int, within: int | None = None) -> Array:
        """Return what rounding to so many digits on the way can do to each right entry.

        ``within`` is to how many digits one rounds within an operation, if that differs.
        """
        found = np.zeros(self.layout.right.size)
        tolerances = self._sensitivity.tolerance(digits, within or digits)
        for answer, columns in self._columns.items():
            found[self.layout.span(answer)] = tolerances[columns]
        return found

    def _freedom(self, answer: int) -> int:
        """Return how many entries of an answer can differ independently of the others.

        The entries of a distribution, or of a product of two vectors, depend on each other: what
        the earlier quantities leave open is the rank of the derivatives by them.
        """
        size = self.layout.values[answer].size
        if answer not in self._columns:
            return size
        rows = self._sensitivity.signed[:, self._columns[answer]]
        if not rows.any():
            return size
        scale = np.abs(rows).max(axis=1, keepdims=True)
        rows = rows[scale[:, 0] > 0] / scale[scale[:, 0] > 0]
        return int(np.linalg.matrix_rank(rows, tol=_INDEPENDENT * np.sqrt(rows.size)))

    def _granted(self, answer: int, digits: int) -> Array:
        """Return what rounding on the way explains of an answer, at most a share of its size."""
        found: Array = self.of_right(digits)[self.layout.span(answer)]
        return np.minimum(found, _MOST * self.layout.scales[answer])

    def _finest_first(self, answer: int, coarsest: int) -> Array:
        """Return what rounding can do to the entries of an answer, by digits, (digits, entries).

        The finest comes first, the coarsest last.
        """
        span = self.layout.span(answer)
        digits = [*range(FINEST, coarsest, -1), coarsest]
        return np.stack([self.of_right(each)[span] for each in digits])

    def _none_first(self, answer: int) -> Array:
        """Return the same for all who round as coarsely as may be or finer, or not at all."""
        span = self.layout.span(answer)
        digits = range(_SLIPPED, self.digits - 1, -1)
        rounded = [self.of_right(each)[span] for each in digits]
        return np.stack([np.zeros(span.stop - span.start), *rounded])

    def _under(self, answer: int, group: Group, digits: int) -> Array:
        """Sample what rounding on the way can do to an answer under edits of the reference."""
        node = self.layout.targets[answer]
        graph = self._library().edited(group)
        nodes = self._among(graph.base.region([node]))
        return sampled_tolerance(graph, [node], digits, {}, {}, nodes, self.within(digits))[0]

    def estimated(
        self, answer: int, own: OwnValues, digits: int, within: int | None = None
    ) -> Array:
        """Estimate what rounding between the student's own values and an answer can do to it.

        The result has a number for each entry of the answer.
        """
        region = self.layout.graph.region(self.layout.members[answer], own.puts)
        columns = self._columns[answer]
        return self._sensitivity.local(columns, region, digits, own.half_units, within)

    def sampled(
        self,
        answers: Sequence[int],
        own: OwnValues,
        digits: int,
        group: Group = (),
        within: int | None = None,
    ) -> dict[int, Array]:
        """Find out the same by sampling, under edits, for several answers at once."""
        members = [node for answer in answers for node in self.layout.members[answer]]
        nodes = self._among(self.layout.graph.region(members, own.puts))
        graph = self._library().edited(group)
        parts = iter(
            sampled_tolerance(graph, members, digits, own.puts, own.half_units, nodes, within)
        )
        return {
            answer: np.concatenate([next(parts) for _ in self.layout.members[answer]])
            for answer in answers
        }

    def _among(self, region: frozenset[int]) -> Sequence[int]:
        return [node for node in self._nodes if node in region]
