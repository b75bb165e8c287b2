"""Where a family stands in its graph, as far as writing it down depends on that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Every, Family, Gather, Input, Ref

At: TypeAlias = Sequence[Index | int | str]
"""The index of a quantity, for showing."""

Bindings: TypeAlias = Mapping[str, Index]


def bind(variables: Sequence[str], at: At) -> dict[str, Index]:
    """Return what is put in place of the variables by an index."""
    shown = (part if isinstance(part, Index) else _subscript(part) for part in at)
    return dict(zip(variables, shown, strict=False))


def _subscript(part: int | str) -> Index:
    return Index(None, int(part)) if not isinstance(part, str) else Index(part)


def substituted(index: Index, bindings: Bindings) -> Index:
    """Return an index with what is bound put in place of its variable."""
    if index.variable is None or index.variable not in bindings:
        return index
    inner = bindings[index.variable]
    return Index(
        inner.variable, index.scale * inner.offset + index.offset, index.scale * inner.scale
    )


def as_written(family: Family, at: At) -> tuple[str, At]:
    """Return a quantity of the sheet as its name and its index: a start as what it starts."""
    if not family.is_start:
        return family.name, at
    bindings = bind(family.variables, at)
    return family.start_of, [substituted(part, bindings) for part in family.start]


class Standing:
    """The families of one graph; ``overrides`` are those that are shown as something else."""

    def __init__(self, families: Mapping[str, Family], overrides: Mapping[str, object]) -> None:
        self.families = families
        self.overrides = overrides

    def stacked(self, name: str) -> Every | Gather | None:
        """Return what a family stacks, if that is all it does."""
        family = self.families.get(name)
        rule = family.rule if family is not None else None
        if family is None or rule is None or rule.operation.role != "stack" or family.rows_of:
            return None
        first = rule.inputs[0]
        return first if isinstance(first, Every | Gather) else None

    def received(self, item: Gather, path: Family, bindings: Bindings) -> dict[str, Index]:
        """Return the variables of a path, as far as the index that receives it settles them."""
        receiver = self.families[path.of].variables if path.of in self.families else ()
        found: dict[str, Index] = {}
        for variable, part in zip(receiver, item.pattern, strict=False):
            if part.variable is not None:
                back = Index(variable, -part.scale * part.offset, part.scale)
                found[part.variable] = substituted(back, bindings)
        return found

    def vanishes(self, item: Input, bindings: Bindings) -> bool:
        """Whether a path hands nothing back to the one index that ``bindings`` speak of."""
        if not isinstance(item, Gather):
            return False
        path = self.families[item.family]
        receiver = self.families[path.of].variables if path.of in self.families else ()
        for variable, part in zip(receiver, item.pattern, strict=False):
            at = bindings.get(variable)
            settled_at = None if at is None or at.variable is not None else at.offset
            if part.variable is None and settled_at not in (None, part.offset):
                return True
        settled = self.received(item, path, bindings)
        at_path = tuple(settled.get(variable) for variable in path.variables)
        if any(index is None or index.variable is not None for index in at_path):
            return False
        return tuple(i.offset for i in at_path if i is not None) not in path.instances

    def alias(self, adjoint: Family, at: At) -> Ref | None:
        """Return the adjoint that the adjoint of a part is only a copy of, if it is."""
        rule = adjoint.rule
        if rule is None or len(rule.inputs) != 1 or not isinstance(rule.inputs[0], Gather):
            return None
        gather = rule.inputs[0]
        path = self.families[gather.family]
        if path.rule is None or path.name in self.overrides or not path.rule.inputs:
            return None
        source = path.rule.inputs[0]
        if path.rule.operation.role != "copy" or not isinstance(source, Ref):
            return None
        if any(part.variable is None for part in gather.pattern):
            return None
        settled = self.received(gather, path, bind(adjoint.variables, at))
        if set(settled) != set(path.variables):
            return None
        return Ref(source.family, tuple(substituted(part, settled) for part in source.index))

    def argument_of(self, part: Family) -> Family | None:
        """Return the step whose function ``part`` is the only argument of."""
        owner = self.families.get(part.owner)
        if owner is None or owner.rule is None or owner.kind != "step" or not owner.is_named:
            return None
        own = tuple(Index(variable) for variable in owner.variables)
        return owner if owner.rule.inputs == (Ref(part.name, own),) else None

    def gathered_path(self, family: Family) -> tuple[Family, Gather] | None:
        """Return the path that ``family`` is part of, and what gathers it for its owner."""
        owner = self.families.get(family.owner, family)
        if owner.kind != "adjoint" or owner.rule is None:
            return None
        path = self.families[family.path_of or family.name]
        for item in owner.rule.inputs:
            if isinstance(item, Gather) and item.family == (path.variant_of or path.name):
                return path, item
        return None
