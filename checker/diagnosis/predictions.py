"""What groups of edits predict, computed as far as it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.diagnosis.layout import Layout
from reference_solutions.graph import Array, Settled

Group: TypeAlias = tuple[int, ...]
"""The rows of edits that are made together."""


class Predicts(Protocol):
    """What evaluates groups of edits of one reference."""

    @property
    def layout(self) -> Layout:
        """How the entries that it predicts are laid out."""

    def predict(
        self,
        groups: Sequence[Group],
        targets: Sequence[int],
        settled: Sequence[Settled] | None = None,
    ) -> Predictions:
        """Return what groups predict for some nodes, where values were put before."""

    def fill(
        self,
        row: Array,
        group: Group,
        targets: Sequence[int],
        world: int,
        settled: Sequence[Settled] | None,
    ) -> None:
        """Put what a group predicts in one world into a row of entries."""


class Predictions:
    """What groups of edits predict for every entry; NaN where a group can't be computed.

    ``values`` is (groups, entries), ``bits`` the price of each group and ``new`` its new edit.
    Worlds of sampled symbols beyond the first are computed where they are needed, by :meth:`full`.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one argument for each part of it
        self,
        source: Predicts,
        groups: Sequence[Group],
        bits: Array,
        values: Array,
        targets: Sequence[int],
        settled: Sequence[Settled] | None = None,
    ) -> None:
        self._source = source
        self.groups = groups
        self.bits = bits
        self.values = values
        self.targets = tuple(targets)
        self.settled = settled
        self._complete: set[int] = set()
        self.new = np.array([group[-1] for group in groups], dtype=np.intp)

    def priced(self, bits: Array) -> Predictions:
        """Return the same predictions at other prices."""
        found = Predictions(
            self._source, self.groups, bits, self.values, self.targets, self.settled
        )
        found._complete = self._complete
        return found

    def full(self, row: int) -> Array:
        """Return the entries that a group predicts, in all worlds."""
        values: Array = self.values[row]
        layout = self._source.layout
        if row not in self._complete and layout.later.any():
            symbolic = {layout.targets[i] for i in layout.symbolic}
            nodes = [node for node in self.targets if node in symbolic]
            for world in range(1, layout.graph.worlds):
                self._source.fill(values, self.groups[row], nodes, world, self.settled)
        self._complete.add(row)
        return values


class Kept:
    """What groups of edits predict for one answer, computed where it is asked for and kept.

    All groups are of as many edits; ``members`` is (groups, edits). Groups that are ``known`` from
    the start have the prediction ``plain``.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is predicted, under what, and what is known of it
        self,
        source: Predicts,
        groups: Sequence[Group],
        answer: int,
        settled: Sequence[Settled] | None,
        plain: Array | float = np.nan,
        known: NDArray[np.bool_] | None = None,
    ) -> None:
        self.groups = groups
        edits = len(groups[0]) if groups else 1
        self.members = np.array(groups, dtype=np.intp).reshape(len(groups), edits)
        self.settled = settled
        self._source = source
        self._answer = answer
        span = source.layout.span(answer)
        self._values = np.full((len(groups), span.stop - span.start), plain)
        self._known = np.zeros(len(groups), dtype=bool) if known is None else known.copy()

    def of(self, chosen: NDArray[np.intp]) -> Array:
        """Return the predictions of some groups, (groups, entries of the answer)."""
        missing = chosen[~self._known[chosen]]
        if missing.size:
            layout = self._source.layout
            groups = [self.groups[at] for at in missing]
            targets = [layout.targets[self._answer]]
            made = self._source.predict(groups, targets, self.settled)
            self._values[missing] = made.values[:, layout.span(self._answer)]
            self._known[missing] = True
        found: Array = self._values[chosen]
        return found
