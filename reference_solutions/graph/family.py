"""Families: the quantities as the sheet writes them, each with one rule for all of its index.

A :class:`Family` is ``h[t] = tanh(...)``. Rules say which quantities they take by index expressions
(``h[t-1]``), so a mutation of a rule is made everywhere at once, or at one node, with the same few
lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, TypeAlias

from reference_solutions.expressions.tree import Expression, Index, Param
from reference_solutions.operations.operation import Operation

Key: TypeAlias = tuple[str, tuple[int, ...]]


class GraphError(ValueError):
    """A graph that can't be built or evaluated.

    ``family`` names the quantity that it is about, ``needed`` the quantity that its formula asks
    for in vain.
    """

    def __init__(self, message: str, family: str = "", needed: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.family = family
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Ref:
    """One instance of a family, by index expressions in the variables of the rule it stands in."""

    family: str
    index: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal operand."""

    value: float


Selection: TypeAlias = Literal["all", "first", "last", "all but first", "all but last"]

KEPT: Mapping[Selection, slice] = {
    "all": slice(None),
    "first": slice(0, 1),
    "last": slice(-1, None),
    "all but first": slice(1, None),
    "all but last": slice(0, -1),
}


@dataclass(frozen=True, slots=True)
class Every:
    """All regular instances of a family, in order (``mean(l)``), or some of them."""

    family: str
    keep: Selection = "all"


@dataclass(frozen=True, slots=True)
class Gather:
    """All instances i of ``family`` for which ``pattern`` at i gives the index of the rule.

    This is how an adjoint collects what its consumers hand back: the inverse of the reference that
    the consumer made. There may be none (the last step has no successor), one, or many (a shared
    weight). ``keep`` leaves some of many out.
    """

    family: str
    pattern: tuple[Index, ...]
    keep: Selection = "all"


Input: TypeAlias = Ref | Constant | Every | Gather


@dataclass(frozen=True, slots=True)
class Rule:
    """An operation on inputs; ``params`` are the operation's constants."""

    operation: Operation
    inputs: tuple[Input, ...]
    params: Mapping[str, Param] = field(default_factory=dict)


Kind: TypeAlias = Literal["given", "step", "part", "adjoint", "path", "backward", "variant"]


@dataclass(frozen=True, slots=True)
class Family:
    """A quantity and its rule.

    ``variables`` and ``instances`` span its index; ``extra`` are further instances that exist
    without the rule (a starting value ``h[-1]``) and stand for other families. ``kind`` says where
    it comes from: the sheet's data, a step, a part of a step's formula, or the derived backward
    pass (``adjoint``: dL/dX; ``path``: what one consumer hands back to X; ``backward``: a part of
    that; ``variant``: what a known mistake would hand back instead). ``owner`` is the quantity of
    the sheet that it belongs to, ``of`` the family that an adjoint or path is the derivative of,
    ``via`` the family that a path comes back from, ``position`` the operand of ``via`` in question.
    ``root`` is what it is a derivative of, as the sheet writes it; with a ``root_index`` it is the
    family of numbers, one of which each instance is a derivative of.

    What else a family may be: an answer's own formula (``answer`` is the answer's name), a formula
    that a gradient is taken of (``is_loss``), single instances of a quantity (``h[-1]``: ``start``
    is the index at which they stand in ``start_of``), an index used as a number (``is_index``), the
    values of ``rows_of`` stacked over its last indices, what a known mistake would hand back in
    place of ``variant_of``, a part of the formula of the path or variant ``path_of``.
    """

    name: str
    kind: Kind
    variables: tuple[str, ...] = ()
    instances: tuple[tuple[int, ...], ...] = ((),)
    rule: Rule | None = None
    extra: Mapping[tuple[int, ...], Key] = field(default_factory=dict)
    expression: Expression | None = None
    owner: str = ""
    of: str = ""
    via: str = ""
    position: int = -1
    root: str = ""
    root_index: tuple[Index, ...] = ()
    variants: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    start_of: str = ""
    start: tuple[Index, ...] = ()
    rows_of: str = ""
    variant_of: str = ""
    path_of: str = ""
    is_index: bool = False
    is_loss: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether this is an answer's own formula."""
        return bool(self.answer)

    @property
    def is_start(self) -> bool:
        """Whether this stands for single instances of another quantity."""
        return bool(self.start_of)

    @property
    def is_named(self) -> bool:
        """Whether the sheet has a name for this quantity."""
        return self.kind in ("given", "step") and not self.answer and not self.is_loss

    def bindings(self, index: tuple[int, ...]) -> dict[str, int]:
        """Return the values of the variables at ``index``."""
        return dict(zip(self.variables, index, strict=True))

    def root_at(self, at: Mapping[str, Index]) -> str:
        """Return what this is a derivative of, where the variables are what ``at`` says."""
        if not self.root_index:
            return self.root
        index = (
            part if found is None else found.shifted(part.offset)
            for part in self.root_index
            for found in [at.get(part.variable or "")]
        )
        return f"{self.root}[{', '.join(map(str, index))}]"


def instances_of(ranges: Sequence[range]) -> tuple[tuple[int, ...], ...]:
    """All index tuples over ``ranges``, the last one running fastest."""
    return tuple(product(*ranges))


def shown(families: Mapping[str, Family], key: Key) -> str:
    """Return a quantity as the sheet writes it: ``h[1]``, ``grad(L, h[1])``."""
    name, index = key
    family = families.get(name)
    if family is not None and family.kind == "adjoint":
        at = {v: Index(None, part) for v, part in zip(family.variables, index, strict=False)}
        return f"grad({family.root_at(at)}, {shown(families, (family.of, index))})"
    return f"{name}[{', '.join(map(str, index))}]" if index else name
