"""From families and given numbers to nodes: which instance takes its operands from which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.tree import Index
from reference_solutions.graph.family import (
    KEPT,
    Constant,
    Every,
    Family,
    Gather,
    GraphError,
    Input,
    Key,
    Ref,
    Rule,
    shown,
)
from reference_solutions.graph.node import Compute, Node, given_value
from reference_solutions.graph.order import CycleError, sources_first

MAX_GRAPH_NODES = 20_000
"""How large a graph may be: reachability takes memory in the square of it."""

_Inverse: TypeAlias = dict[tuple[int, ...], list[tuple[int, ...]]]


class Assembly:
    """The nodes of families, numbered in a topological order.

    ``ids`` are the numbers by quantity; ``dead`` are quantities that nothing reaches (a gradient
    that doesn't exist).
    """

    def __init__(
        self,
        families: Mapping[str, Family],
        given: Iterable[Key],
        wanted: Iterable[Key] | None = None,
    ) -> None:
        """Make the nodes of all families; ``given`` are the quantities that have a number.

        With ``wanted`` only the nodes that these quantities need are made.
        Raises :class:`GraphError` for a quantity that doesn't exist or depends on itself.
        """
        self.families = dict(families)
        self.nodes: list[Node] = []
        self.ids: dict[Key, int] = {}
        self.dead: set[Key] = set()
        self._inverses: dict[tuple[str, tuple[Index, ...]], _Inverse] = {}
        for key in given:
            self.ids[key] = len(self.nodes)
            self.nodes.append(Node(given_value, (), key))
        if wanted is None:
            wanted = (
                (family.name, index)
                for family in self.families.values()
                for index in (*family.instances, *family.extra)
            )
        for key in wanted:
            self._visit(key)

    def _visit(self, start: Key) -> None:
        """Create the node of ``start`` after all that it needs."""
        if self._made(start):
            return
        try:
            for key in sources_first([start], self._waits_for):
                if not self._made(key):
                    self._create(key)
        except CycleError as error:
            raise self._cycle(error.cycle) from None

    def _made(self, key: Key) -> bool:
        return key in self.ids or key in self.dead

    def _waits_for(self, key: Key) -> Iterator[Key]:
        return (need for need in self._needs(key) if not self._made(need))

    def _cycle(self, keys: Sequence[Key]) -> GraphError:
        named = [k for k in keys if self.families[k[0]].kind in ("given", "step", "adjoint")]
        chain = " needs ".join(shown(self.families, key) for key in (*named, *named[:1]))
        family = (named or keys)[0][0]
        needed = named[1 % len(named)][0] if named else ""
        return GraphError(f"a quantity depends on itself: {chain}", family, needed)

    def _needs(self, key: Key) -> list[Key]:
        name, index = key
        family = self.families[name]
        if index in family.extra:
            return [family.extra[index]]
        if family.rule is None:
            raise GraphError(f"{shown(self.families, key)} has no value and no formula", name)
        found: list[Key] = []
        for item in family.rule.inputs:
            found.extend(self.input_keys(item, family, index))
        return found

    def input_keys(self, item: Input, family: Family, index: tuple[int, ...]) -> list[Key]:
        """Return the instances that ``item`` means in the rule of ``family`` at ``index``.

        Raises :class:`GraphError` where a reference leaves the range of its family.
        """
        if isinstance(item, Constant):
            return []
        if isinstance(item, Every):
            instances = self.regular(self.families[item.family])[KEPT[item.keep]]
            return [(item.family, instance) for instance in instances]
        if isinstance(item, Gather):
            matches = self._inverse(item).get(index, [])[KEPT[item.keep]]
            return [(item.family, match) for match in matches]
        target = self.families.get(item.family)
        if target is None:
            raise GraphError(f"unknown quantity `{item.family}`", family.name, item.family)
        bindings = family.bindings(index)
        key = (item.family, tuple(part.at(bindings) for part in item.index))
        if key[1] not in target.extra and key not in self.ids and key[1] not in target.instances:
            raise self._missing(key, family, index)
        return [key]

    def _missing(self, key: Key, family: Family, index: tuple[int, ...]) -> GraphError:
        owner = self.families.get(family.owner, family)
        bindings = family.bindings(index)
        at = tuple(bindings[variable] for variable in owner.variables if variable in bindings)
        if len(at) != len(owner.variables):
            at = ()
        needing, needed = (shown(self.families, one) for one in ((owner.name, at), key))
        message = f"{needing} needs {needed}, which has no value: "
        target = self.families[key[0]]
        if target.kind == "given" and target.instances:
            first, last = target.instances[0], target.instances[-1]
            message += (
                f"`{target.name}` is given from {shown(self.families, (target.name, first))} "
                f"to {shown(self.families, (target.name, last))} (given lists are counted from 0); "
                f"to count otherwise, give `{target.name}{list(key[1])}` and so on one by one"
            )
        elif target.kind == "adjoint":
            message += f"there is no {shown(self.families, (target.of, key[1]))}"
        else:
            message += "give it as a starting value"
        return GraphError(message, family.name, target.of or key[0])

    def regular(self, family: Family) -> tuple[tuple[int, ...], ...]:
        """Return the instances of a family that lie within the range of its index, in order.

        An adjoint has others too: those of the starting values.
        """
        below = self.families.get(family.of) if family.kind == "adjoint" else None
        return family.instances if below is None else self.regular(below)

    def _inverse(self, item: Gather) -> _Inverse:
        lookup = (item.family, item.pattern)
        inverse = self._inverses.get(lookup)
        if inverse is None:
            inverse = {}
            source = self.families[item.family]
            for instance in self.regular(source):
                bindings = source.bindings(instance)
                at = tuple(part.at(bindings) for part in item.pattern)
                inverse.setdefault(at, []).append(instance)
            self._inverses[lookup] = inverse
        return inverse

    def _create(self, key: Key) -> None:
        name, index = key
        family = self.families[name]
        if index in family.extra:
            target = family.extra[index]
            if target in self.dead and family.kind == "step":
                self._revive(target)
            self._alias(key, target)
            return
        assert family.rule is not None
        if family.kind in ("step", "part"):
            for need in self._needs(key):
                if need in self.dead:
                    self._revive(need)
        node = self.resolve(family.rule, family, index)
        if node is None:
            self.dead.add(key)
            return
        self._append(key, node)

    def _append(self, key: Key, node: Node) -> None:
        if len(self.nodes) >= MAX_GRAPH_NODES:
            raise GraphError(f"there are too many quantities (more than {MAX_GRAPH_NODES})", key[0])
        self.ids[key] = len(self.nodes)
        self.nodes.append(node)

    def _revive(self, key: Key) -> None:
        """Where a formula of the sheet takes a gradient that nothing reaches, it is zero."""
        self.dead.discard(key)
        of = (self.families[key[0]].of, key[1])
        self._visit(of)
        if of in self.dead:
            self._revive(of)
        self._append(key, Node(np.zeros_like, (self.ids[of],), key))

    def _alias(self, key: Key, target: Key) -> None:
        if target in self.dead:
            self.dead.add(key)
        else:
            self.ids[key] = self.ids[target]

    def resolve(self, rule: Rule, family: Family, index: tuple[int, ...]) -> Node | None:
        """Return the node of ``rule`` at one index; None where nothing reaches it (no gradient)."""
        inputs: list[int] = []
        literals: list[tuple[int, Array]] = []
        for position, item in enumerate(rule.inputs):
            if isinstance(item, Constant):
                literals.append((position, np.asarray(item.value, dtype=np.float64)))
                continue
            keys = [key for key in self.input_keys(item, family, index) if key not in self.dead]
            if isinstance(item, Ref) and not keys and not rule.operation.gathers:
                return None
            inputs.extend(self.ids[key] for key in keys)
        if not inputs and not literals:
            return None
        compute: Compute = rule.operation.compute
        many = rule.operation.for_many
        params = dict(rule.params)
        if params:
            bindings = family.bindings(index)
            for name, value in params.items():
                if isinstance(value, tuple):
                    params[name] = tuple(
                        part.at(bindings) if isinstance(part, Index) else part for part in value
                    )
            compute = partial(compute, **params)
            many = None if many is None else partial(many, **params)
        if literals:
            compute = _with_literals(compute, literals)
            if many is not None:
                many = _with_literals(many, [(place, value[None]) for place, value in literals])
        return Node(compute, tuple(inputs), (family.name, index), many)


def _with_literals(compute: Compute, literals: Sequence[tuple[int, Array]]) -> Compute:
    def call(*args: Array) -> Array:
        merged = list(args)
        for position, value in literals:
            merged.insert(position, value)
        return compute(*merged)

    return call
