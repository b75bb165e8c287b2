"""One edit of a reference: which nodes are replaced, what it is called, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker.edits.prices import FOLLOWS
from checker.edits.rewriting import Change
from reference_solutions.graph import Node


@dataclass(frozen=True, slots=True)
class Edit:
    """A small edit of the reference graph: one mistake, made in certain places.

    An edit is a hypothesis that is never changed once it is made: ``replacements`` are the nodes
    that stand in place of the reference's own, by number, and all else of the graph is as it was.
    What it predicts follows from them alone; the other fields only tell of it and price it.

    ``id`` is the mistake's name, ``where`` the quantity of the sheet in whose formula it is made,
    ``message`` a tutor's sentence. ``bits`` is -log2 of how likely the mistake is beforehand.
    ``family`` is the family that is edited (the first, where several are), ``index`` the place in
    it, None for everywhere. ``changes`` is what stands in each edited family instead, which shows
    how the formula reads with the mistake in it. ``apart`` tells two mistakes of one kind in one
    formula apart: the words that their sentences differ in.

    ``following`` are the nodes of the backward pass that follow from it, which it leaves as they
    are itself: the gradient of the wrong formula.

    Edits of one ``habit`` are what somebody who makes one of them may well make in every formula of
    the form. ``members`` are the edits that this one makes together, each in a formula of its own;
    its ``replacements`` are theirs. Not all of them need to reach a given answer: a mistake made in
    every formula is innocent of an answer that none of its members reaches, and a member that
    reaches no wrong answer was not seen to be made. So whoever names a mistake with members for an
    answer names those that the answer depends on.
    """

    id: str
    where: str
    message: str
    bits: float
    replacements: Mapping[int, Node]
    family: str
    index: tuple[int, ...] | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    members: tuple[Edit, ...] = ()
    habit: tuple[object, ...] = ()
    following: Mapping[int, Node] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two findings the same mistake, whatever the places: id, formula, words."""
        return (self.id, self.family, *self.apart)


def with_its_gradient(edit: Edit) -> list[Edit]:
    """Return a mistake, and the same with the gradient that follows from it, if one does."""
    if not edit.following:
        return [edit]
    both = {**edit.replacements, **edit.following}
    bits = edit.bits + FOLLOWS
    return [edit, replace(edit, replacements=both, bits=bits, habit=(), following={})]


def merged(edits: Sequence[Edit]) -> dict[int, Node]:
    """Return the replacements of several edits; the later one holds where both have a node."""
    found: dict[int, Node] = {}
    for edit in edits:
        found.update(edit.replacements)
    return found
