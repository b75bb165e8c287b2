"""What would make more mistakes visible: another number near a given one, or asking for a step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from checker.authoring.lint.common_mistakes import CommonMistakes, Outcome
from checker.authoring.lint.given_entries import GivenEntry
from checker.matching import half_unit_at
from checker.words import plural
from reference_solutions.graph import Array

_MOST = 240
"""How many changes of single numbers are tried."""

_VERIFIED = 4
"""How many of the best are looked at with all mistakes."""

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One given number changed; ``shows`` are the hidden mistakes that show then.

    ``apart`` are the groups of mistakes alike (by number) that it tells apart, ``zeros`` counts the
    right entries that are zero then.
    """

    entry: GivenEntry
    text: str
    shows: frozenset[int]
    apart: frozenset[int]
    zeros: int

    @property
    def shown(self) -> str:
        """The change as the sheet would have it: ``b[0] = 1``."""
        return f"{self.entry.shown} = {self.text}"


class WhatWouldHelp:
    """Changes of single given numbers, and steps to ask for, tried on one sheet."""

    def __init__(self, mistakes: CommonMistakes) -> None:
        self.mistakes = mistakes

    @cached_property
    def changes(self) -> list[Change]:
        """All changes that help, best first."""
        mistakes = self.mistakes
        groups = mistakes.alike
        rows = sorted({*mistakes.hidden, *(i for group in groups for i in group)})
        if not rows:
            return []
        place = {row: at for at, row in enumerate(rows)}
        edits = [mistakes.edits[row] for row in rows]
        found = []
        for entry, text in candidates(mistakes.movable, _MOST):
            outcome = mistakes.outcome(edits, {entry.node: entry.put(mistakes.graph, text)})
            if outcome is None:
                continue
            shows = frozenset(row for row in mistakes.hidden if outcome.shows[place[row]])
            apart = frozenset(
                number
                for number, group in enumerate(groups)
                if self._is_split(outcome, [place[row] for row in group])
            )
            if shows or apart:
                zeros = int((outcome.right == 0).sum())
                found.append(Change(entry, text, shows, apart, zeros))
        return sorted(found, key=lambda change: (-self._gain(change), change.zeros))

    def _gain(self, change: Change) -> int:
        return len({self.mistakes.classes[row] for row in change.shows}) + len(change.apart)

    @staticmethod
    def _is_split(outcome: Outcome, rows: Sequence[int]) -> bool:
        first = rows[0]
        return all(outcome.shows[rows]) and any(not outcome.alike(first, row) for row in rows[1:])

    def best(self, *, shows: int | None = None, apart: int | None = None) -> Change | None:
        """Return the best change that shows a mistake or splits a group, and hides nothing else."""
        tried = 0
        for change in self.changes:
            if shows in change.shows or apart in change.apart:
                if self._is_better(change):
                    return change
                tried += 1
                if tried == _VERIFIED:
                    break
        return None

    def _is_better(self, change: Change) -> bool:
        mistakes = self.mistakes
        puts = {change.entry.node: change.entry.put(mistakes.graph, change.text)}
        outcome = mistakes.outcome(mistakes.edits, puts)
        return outcome is not None and mistakes.told_apart(outcome) > mistakes.told_apart(
            mistakes.now
        )

    # --- in words -------------------------------------------------------------------------------

    def to_show(self, hidden: Sequence[int]) -> str:
        """Return what would make some hidden mistakes visible; empty where nothing is known."""
        change = max(
            (found for row in hidden if (found := self.best(shows=row)) is not None),
            key=lambda found: len(found.shows & {*hidden}),
            default=None,
        )
        if change is not None:
            own = change.shows & {*hidden}
            others = {self.mistakes.classes[row] for row in change.shows}
            others -= {self.mistakes.classes[row] for row in own}
            these = _these_show(len(own), len(hidden))
            more = f", and {plural(len(others), 'mistake')} elsewhere" if others else ""
            return f"with `{change.shown}` {these}{more}"
        step = self._step([hidden[0]])
        return f"it would show in `{step}`, which nobody is asked for" if step else ""

    def to_tell_apart(self, group: int) -> str:
        """Return what would tell a group of mistakes apart."""
        change = self.best(apart=group)
        if change is not None:
            return f"with `{change.shown}` they differ"
        step = self._step(self.mistakes.alike[group])
        return f"they differ in `{step}`, which nobody is asked for" if step else ""

    def _step(self, rows: Collection[int]) -> str:
        """Return the first step of the sheet in which mistakes show, or differ, and isn't asked."""
        mistakes = self.mistakes
        graph = mistakes.graph
        asked = {node for members in mistakes.layout.members for node in members}
        edits = [graph.edited(mistakes.edits[row].replacements) for row in rows]
        for number, node in enumerate(graph.nodes):
            family = graph.families[node.key[0]]
            right = graph.value(number)
            if family.kind != "step" or not family.is_named or number in asked or right is None:
                continue
            values: list[Array | None] = [edit.evaluate([number])[number] for edit in edits]
            values += [right] if len(edits) == 1 else []
            if any(value is None or value.shape != right.shape for value in values):
                continue
            units = half_unit_at(right, _DIGITS)
            first = values[0]
            assert first is not None
            if any(o is not None and (np.abs(o - first) > units).any() for o in values[1:]):
                return graph.show(node.key)
        return ""


def _these_show(count: int, of: int) -> str:
    if count == of:
        return "it shows" if of == 1 else f"all {of} show"
    return f"{count} of them show{'s' if count == 1 else ''}"


def candidates(entries: Sequence[GivenEntry], most: int) -> Iterator[tuple[GivenEntry, str]]:
    """Yield numbers near the given ones, the nearest of each entry first, zeros before others."""
    ordered = sorted(entries, key=lambda entry: float(entry.text) != 0)
    rounds = max((len(entry.near) for entry in entries), default=0)
    count = 0
    for place in range(rounds):
        for entry in ordered:
            if place < len(entry.near):
                if count == most:
                    return
                count += 1
                yield entry, entry.near[place]
