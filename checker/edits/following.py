"""The gradient that follows from a wrong formula: who computes something else derives it, too.

A formula that was changed is differentiated where it stands; what its operands receive is put in
place of what the right formula hands back to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from checker.edits.differentiated import Formula, Step, UnfollowedError, by_numbers, by_rule
from checker.edits.rewriting import Nested, Operand, copied
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import (
    REFUSALS,
    Array,
    Constant,
    Every,
    Family,
    Gather,
    Graph,
    GraphError,
    Input,
    Node,
    Ref,
)
from reference_solutions.graph.leaf import Leaf
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Operation

Within: TypeAlias = Callable[[Input, Family, tuple[int, ...]], Input]
"""An operand as somebody takes it at one index of a family."""

_SAME = 1e-10
_FAULTS = (TypeError, AttributeError)
"""Faults of ours in a wrong variant, on a sheet that nobody thought of: nothing follows from it."""


@dataclass(frozen=True, slots=True)
class _Path:
    """What a formula hands back to one operand: to which node, in place of which, from what."""

    to: int
    node: int
    gradient: int


class Following:
    """Finds the nodes of the backward pass that follow from changes of the sheet's formulas."""

    def __init__(self, graph: Graph, needed: frozenset[int], within: Within) -> None:
        self._graph = graph
        self._needed = needed
        self._within = within
        self._paths: dict[str, list[Family]] = {}
        self._inner: dict[str, list[str]] = {}
        self._adjoints: dict[str, list[Family]] = {}
        self._plain = operations()
        for family in graph.families.values():
            if family.kind == "path":
                self._paths.setdefault(family.via, []).append(family)
                inner = self._fused(family)
                if inner is not None:
                    self._inner.setdefault(inner, []).append(family.via)
            elif family.kind == "adjoint":
                self._adjoints.setdefault(family.of, []).append(family)

    def nodes(
        self, changes: Mapping[str, Operand], replaced: Mapping[int, Node]
    ) -> dict[int, Node]:
        """Return what stands in the backward pass instead, where families compute ``changes``.

        ``replaced`` are the nodes of these families that they change. Returns nothing where
        nothing else follows, or what does can't be found.
        """
        if not self._paths:
            return {}
        changed = {
            (name, index): operand
            for name, operand in changes.items()
            for index in self._graph.families[name].instances
            if self._graph.ids.get((name, index)) in replaced
        }
        found: dict[int, Node] = {}
        at = dict.fromkeys(key for key in changed if key[0] in self._paths)
        for name, index in changed:
            for via in self._inner.get(name, ()):
                at.update(dict.fromkeys(self._taking((name, index), via)))
        try:
            with np.errstate(all="ignore"):
                for name, index in at:
                    self._follow(name, index, changed, found)
        except (UnfollowedError, GraphError, KeyError, *REFUSALS, *_FAULTS):
            return {}
        return self._other(found, replaced)

    def _fused(self, path: Family) -> str | None:
        """Return the family that a path back skips, if it goes through two operations at once."""
        rule = self._graph.families[path.via].rule
        if rule is None or path.position >= len(rule.inputs):
            return None
        item = rule.inputs[path.position]
        if not isinstance(item, Ref) or item.family == path.of:
            return None
        inner = self._graph.families[item.family].rule
        first = inner.inputs[0] if inner is not None and inner.inputs else None
        return item.family if isinstance(first, Ref) and first.family == path.of else None

    def _taking(
        self, key: tuple[str, tuple[int, ...]], via: str
    ) -> Iterator[tuple[str, tuple[int, ...]]]:
        number = self._graph.ids.get(key)
        for index in self._graph.families[via].instances:
            taker = self._graph.ids.get((via, index))
            if taker is not None and number in self._graph.nodes[taker].inputs:
                yield via, index

    def _follow(
        self,
        name: str,
        index: tuple[int, ...],
        changed: Mapping[tuple[str, tuple[int, ...]], Operand],
        found: dict[int, Node],
    ) -> None:
        graph = self._graph
        family = graph.families[name]
        if (name, index) not in graph.ids or family.rule is None:
            return
        by_gradient: dict[int, list[_Path]] = {}
        skipped: set[int] = set()
        for handing in self._paths[name]:
            path = self._path(handing, family, index, skipped)
            if path is not None:
                by_gradient.setdefault(path.gradient, []).append(path)
        if not by_gradient:
            return
        formula = Formula()
        operand = changed.get((name, index), family.rule)
        formula.root = self._record(formula, operand, family, index, changed, skipped)
        for gradient, paths in by_gradient.items():
            left = dict.fromkeys(formula.leaves)
            for path in paths:
                known = graph.nodes[path.node]
                if path.to in left:
                    del left[path.to]
                    inputs, compute = formula.handed_back(path.to)
                    found[path.node] = Node(compute, (gradient, *inputs), known.key)
                else:
                    found[path.node] = Node(np.zeros_like, (path.to,), known.key)
            for number in left:
                self._further(formula, gradient, number, found)

    def _path(
        self, path: Family, family: Family, index: tuple[int, ...], skipped: set[int]
    ) -> _Path | None:
        graph = self._graph
        node = graph.ids.get((path.name, index))
        rule = family.rule
        if node is None or node not in self._needed or rule is None:
            return None
        if path.variables != family.variables or path.expression is None:
            raise UnfollowedError
        gradients = {
            leaf.input
            for leaf in path.expression.walk()
            if isinstance(leaf, Leaf)
            and isinstance(leaf.input, Ref)
            and graph.families[leaf.input.family].kind == "adjoint"
            and graph.families[leaf.input.family].of == family.name
        }
        if len(gradients) != 1:
            raise UnfollowedError
        gradient = self._number(next(iter(gradients)), family, index)
        to = self._number(rule.inputs[path.position], family, index)
        inner = self._fused(path)
        if inner is not None:
            skipped.add(to)
            below = graph.families[inner]
            assert below.rule is not None
            to = self._number(below.rule.inputs[0], below, graph.nodes[to].key[1])
        return _Path(to, node, gradient)

    def _number(self, item: Input, family: Family, index: tuple[int, ...]) -> int:
        node = self._graph.resolve(copied(self._within(item, family, index)), family, index)
        if node is None or len(node.inputs) != 1:
            raise UnfollowedError
        return node.inputs[0]

    def _further(
        self, formula: Formula, gradient: int, number: int, found: dict[int, Node]
    ) -> None:
        """Hand back to a quantity as well that the right formula doesn't take."""
        graph = self._graph
        root = graph.family(gradient)
        name, index = graph.nodes[number].key
        for adjoint in self._adjoints.get(name, ()):
            at = graph.ids.get((adjoint.name, index))
            if adjoint.root == root.root and not adjoint.root_index and at in self._needed:
                assert at is not None
                before = found.get(at, graph.nodes[at])
                inputs, compute = formula.handed_back(number)
                found[at] = _with_more(before, gradient, inputs, compute)
                return
        for adjoint in (one for adjoints in self._adjoints.values() for one in adjoints):
            for instance in adjoint.instances:
                of, seen = (graph.ids.get((one, instance)) for one in (adjoint.of, adjoint.name))
                if seen in self._needed and of is not None and graph.depends(number, of):
                    raise UnfollowedError

    # --- a formula, operation by operation ------------------------------------------------------

    def _record(  # noqa: PLR0913, PLR0917 - what is recorded, and where it stands
        self,
        formula: Formula,
        operand: Operand,
        family: Family,
        index: tuple[int, ...],
        changed: Mapping[tuple[str, tuple[int, ...]], Operand],
        skipped: Iterable[int],
    ) -> int:
        if isinstance(operand, Constant):
            slot = formula.add(np.asarray(operand.value, dtype=np.float64))
            formula.numbers.add(slot)
            return slot
        if isinstance(operand, Ref):
            number = self._number(operand, family, index)
            if number in skipped:
                name, at = self._graph.nodes[number].key
                inner = self._graph.families[name]
                assert inner.rule is not None
                below = changed.get((name, at), inner.rule)
                return self._record(formula, below, inner, at, changed, ())
            return self._leaf(formula, number)
        if isinstance(operand, Every | Gather):
            raise UnfollowedError
        if isinstance(operand, Nested):
            slots = tuple(
                self._record(formula, one, family, index, changed, skipped)
                for one in operand.operands
            )
        elif any(isinstance(item, Every | Gather) for item in operand.inputs):
            node = self._graph.resolve(operand, family, index)
            if node is None or len(operand.inputs) != 1:
                raise UnfollowedError
            slots = tuple(self._leaf(formula, number) for number in node.inputs)
        else:
            slots = tuple(
                self._record(formula, one, family, index, changed, skipped)
                for one in operand.inputs
            )
        bindings = family.bindings(index)
        params = {
            key: tuple(part.at(bindings) if isinstance(part, Index) else part for part in value)
            if isinstance(value, tuple)
            else value
            for key, value in operand.params.items()
        }
        return self._step(formula, operand.operation, params, slots)

    def _leaf(self, formula: Formula, number: int) -> int:
        if number not in formula.leaves:
            value = self._graph.value(number)
            if value is None:
                raise UnfollowedError
            formula.leaves[number] = formula.add(value)
        return formula.leaves[number]

    def _step(
        self,
        formula: Formula,
        operation: Operation,
        params: Mapping[str, object],
        slots: tuple[int, ...],
    ) -> int:
        taken = [formula.values[slot] for slot in slots]
        out = np.asarray(operation.compute(*taken, **params), dtype=np.float64)
        plain = self._plain.get(operation.name)
        is_plain = plain is not None and plain.compute is operation.compute
        back = {}
        for position, slot in enumerate(slots):
            if slot in formula.numbers:
                continue
            if is_plain:
                made = by_rule(operation, params, formula, slots, out, position)
            else:
                made = by_numbers(operation, params, taken, position)
            if made is not None:
                back[position] = made
        slot = formula.add(out)
        formula.steps[slot] = Step(operation, params, slots, back)
        return slot

    def _other(self, found: Mapping[int, Node], replaced: Mapping[int, Node]) -> dict[int, Node]:
        """Return those nodes that give something else than the sheet's own do in their place."""
        if not found:
            return {}
        pairs = {number: (self._graph.nodes[number], node) for number, node in found.items()}
        wanted = {i for pair in pairs.values() for node in pair for i in node.inputs}
        values = self._graph.edited(replaced).evaluate(sorted(wanted))
        kept = {}
        for number, pair in pairs.items():
            old, new = (_computed(node, values) for node in pair)
            if new is None:
                return {}
            if old is None or old.shape != new.shape or not _equal(old, new):
                kept[number] = found[number]
        return kept


def _computed(node: Node, values: Mapping[int, Array | None]) -> Array | None:
    taken = [value for i in node.inputs if (value := values[i]) is not None]
    if len(taken) < len(node.inputs):
        return None
    try:
        with np.errstate(all="ignore"):
            return np.asarray(node.compute(*taken), dtype=np.float64)
    except REFUSALS:
        return None


def _equal(old: Array, new: Array) -> bool:
    size = float(np.max(np.abs(old), initial=0.0))
    with np.errstate(invalid="ignore"):
        return bool((np.abs(old - new) <= _SAME * (1.0 + size)).all())


def _with_more(
    before: Node, gradient: int, inputs: tuple[int, ...], compute: Callable[..., Array]
) -> Node:
    count = len(before.inputs)

    def both(*values: Array) -> Array:
        return np.asarray(before.compute(*values[:count]) + compute(*values[count:]))

    return Node(both, (*before.inputs, gradient, *inputs), before.key)
