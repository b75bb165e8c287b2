"""What groups of edits predict, computed as far as it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
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

    @cached_property
    def members(self) -> NDArray[np.intp]:
        """The rows of the edits of each group, (groups, edits), where all are of as many."""
        return np.array(self.groups, dtype=np.intp).reshape(len(self.groups), -1)

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
    """What groups of edits predict for some answers, computed where it is asked for and kept.

    ``members`` has the edits of each group, (groups, edits); ``answers`` are the answers that may
    be asked for, one after the other in the layout. What groups are ``known`` to predict from the
    start, (groups, answers), stands in ``plain``, a row of entries.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is predicted, under what, and what is known of it
        self,
        source: Predicts,
        members: NDArray[np.intp],
        answers: range,
        settled: Sequence[Settled] | None = None,
        plain: Array | None = None,
        known: NDArray[np.bool_] | None = None,
    ) -> None:
        self.members = members
        self.settled = settled
        self._source = source
        self._answers = answers
        layout = source.layout
        self._plain = np.full(layout.right.size, np.nan) if plain is None else plain
        self._span = slice(layout.span(answers[0]).start, layout.span(answers[-1]).stop)
        self._values = np.tile(self._plain[self._span], (len(members), 1))
        unknown = np.zeros((len(members), len(answers)), dtype=bool)
        self._known = unknown if known is None else known

    def of(self, chosen: NDArray[np.intp], answers: Sequence[int]) -> Array:
        """Return what some groups predict for some answers: rows of all entries.

        For all answers at once: these are computed from much the same.
        """
        layout = self._source.layout
        spans = [layout.span(answer) for answer in answers]
        places = [answer - self._answers.start for answer in answers]
        within = [slice(s.start - self._span.start, s.stop - self._span.start) for s in spans]
        missing = chosen[~self._known[chosen][:, places].all(axis=1)]
        if missing.size:
            groups = [*map(tuple, self.members[missing].tolist())]
            targets = [layout.targets[answer] for answer in answers]
            made = self._source.predict(groups, targets, self.settled)
            for place, span, own in zip(places, spans, within, strict=True):
                new = ~self._known[missing, place]
                self._values[missing[new], own] = made.values[new, span]
                self._known[missing, place] = True
        found = np.tile(self._plain, (len(chosen), 1))
        for span, own in zip(spans, within, strict=True):
            found[:, span] = self._values[chosen, own]
        return found
