"""From formulas to families: every operation of a formula becomes a quantity of its own.

``h[t] = tanh(W @ h[t-1] + U @ x[t] + b)`` becomes the family ``h`` (a tanh) and one ``part`` family for
each operation inside, all running over t. So a term, a factor or an operand has an address that an
edit can name, at one index or everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reference_solutions.expression import Apply, Expression, Index, Name, Number, Param
from reference_solutions.formula import FormulaError
from reference_solutions.graph import (
    Array,
    Constant,
    Every,
    Family,
    Graph,
    GraphError,
    Input,
    Key,
    Kind,
    Ref,
    Rule,
    instances_of,
)
from reference_solutions.operations import callable_operations, operations


@dataclass(frozen=True, slots=True)
class Leaf(Expression):
    """An operand in a derivative rule: a quantity that exists, with its shape and values."""

    input: Input
    shape: tuple[int, ...] = ()
    arrays: tuple[Array, ...] = ()

    def sums_to_one(self) -> bool:
        """Whether every known value is a distribution over its last axis."""
        return bool(self.arrays) and all(
            np.allclose(array.sum(axis=-1), 1.0, atol=1e-9) for array in self.arrays
        )


_REDUCTIONS = {"sum", "mean"}


class Builder:
    """Collects families and given numbers; :meth:`graph` makes the graph of what is there so far."""

    def __init__(
        self,
        ranges: Mapping[str, range],
        given: Sequence[Mapping[str, Array]],
        indexed: Mapping[str, int],
        starts: Sequence[Mapping[Key, Array]],
    ) -> None:
        """Start from the given numbers.

        ``ranges`` are the index variables; ``given`` the arrays by name, one mapping a world;
        ``indexed`` says for which of them how many leading axes run over an index (``x[t]``);
        ``starts`` are values of single instances (``h[-1]``), one mapping a world.
        """
        self.ranges = dict(ranges)
        self.families: dict[str, Family] = {}
        self.given: list[dict[Key, Array]] = [{} for _ in given]
        self.starts: dict[str, dict[tuple[int, ...], Key]] = {}
        self._graph: Graph | None = None
        for world, arrays in enumerate(given):
            for name, array in arrays.items():
                axes = indexed.get(name, 0)
                instances = instances_of([range(size) for size in array.shape[:axes]])
                for index in instances:
                    self.given[world][(name, index)] = np.asarray(array[index], dtype=np.float64)
                if world == 0:
                    variables = tuple(f"axis{i}" for i in range(axes))
                    self.families[name] = Family(name, "given", variables, instances, owner=name)
        for world, values in enumerate(starts):
            for (name, index), array in values.items():
                key = (f"{name}{list(index)}", ())
                self.given[world][key] = np.asarray(array, dtype=np.float64)
                if world == 0:
                    self.families[key[0]] = Family(key[0], "given", owner=key[0])
                    self.starts.setdefault(name, {})[index] = key

    def graph(self) -> Graph:
        """The graph of all families so far. Raises :class:`GraphError`."""
        if self._graph is None:
            self._graph = Graph(self.families, self.given)
        return self._graph

    def add(self, family: Family) -> None:
        """Add (or replace) a family."""
        self.families[family.name] = family
        self._graph = None

    # --- steps --------------------------------------------------------------------------------

    def define(
        self, name: str, variables: tuple[str, ...], expression: Expression, kind: Kind = "step"
    ) -> None:
        """Define ``name[variables]`` by a formula."""
        self.lower_root(
            Family(
                name,
                kind,
                variables,
                instances_of([self.ranges[variable] for variable in variables]),
                extra=self.starts.get(name, {}),
                expression=expression,
                owner=name,
            ),
            expression,
        )

    def lower_root(self, family: Family, expression: Expression) -> None:
        """Add ``family`` with the rule that ``expression`` gives it, and families for its parts."""
        scope = _Scope(self, family)
        rule = scope.rule(expression)
        self.add(replace(family, rule=rule))

    def reference(self, name: Name) -> tuple[Ref | Every, tuple[Index, ...]]:
        """The quantity that a name means, and the subscripts left over for its entries."""
        family = self.families.get(name.name)
        if family is None:
            raise FormulaError(f"unknown quantity `{name.name}`", name.start)
        depth = len(family.variables)
        if not name.index and depth:
            return Every(name.name), ()
        if len(name.index) < depth:
            raise FormulaError(
                f"`{name.name}` has {depth} indices, got {len(name.index)}", name.start
            )
        return Ref(name.name, name.index[:depth]), name.index[depth:]


class _Scope:
    """Lowers one formula; makes a part family for every operation below the root."""

    def __init__(self, builder: Builder, family: Family) -> None:
        self.builder = builder
        self.family = family
        self.count = 0

    def rule(self, expression: Expression) -> Rule:
        """The rule of a family that is defined by ``expression``."""
        if isinstance(expression, Apply):
            return self.apply(expression)
        return Rule(operations()["identity"], (self.input(expression),))

    def apply(self, node: Apply) -> Rule:
        operation = operations().get(node.operation) or callable_operations().get(node.operation)
        if operation is None:
            raise FormulaError(f"unknown function `{node.operation}`", node.start)
        args, params = node.args, dict(node.params)
        for param in params:
            if param not in operation.params:
                raise FormulaError(f"`{node.operation}` has no argument `{param}`", node.start)
        if operation.name in _REDUCTIONS:
            reduced = self.reduction(node, params)
            if reduced is not None:
                return Rule(operation, (reduced,), params)
        smallest, largest = operation.arity
        if not smallest <= len(args) <= largest:
            wanted = str(smallest) if smallest == largest else f"{smallest} to {largest}"
            raise FormulaError(
                f"`{node.operation}` takes {wanted} operands, got {len(args)}", node.start
            )
        return Rule(operation, tuple(self.input(arg) for arg in args), params)

    def reduction(self, node: Apply, params: dict[str, Param]) -> Input | None:
        """``sum(l[t], t)`` and ``sum(l)`` over the index of l: the terms stacked, axis 0."""
        body = node.args[0] if node.args else None
        if len(node.args) > 1:
            names = [arg.name for arg in node.args[1:] if isinstance(arg, Name) and not arg.index]
            if len(names) != len(node.args) - 1 or any(n not in self.builder.ranges for n in names):
                raise FormulaError(
                    f"`{node.operation}` takes a quantity and then the index to run over", node.start
                )
            assert body is not None
            variables = tuple(dict.fromkeys((*self.used(body), *names)))
            outer = tuple(v for v in self.family.variables if v in variables and v not in names)
            return self.stacked(body, outer, tuple(names), params, node.start)
        if isinstance(body, Name) and not body.index:
            target = self.builder.families.get(body.name)
            if target is not None and target.variables and "axis" not in params:
                params["axis"] = 0
        return None

    def stacked(
        self,
        body: Expression,
        outer: tuple[str, ...],
        names: tuple[str, ...],
        params: dict[str, Param],
        start: int,
    ) -> Input:
        if outer:
            raise FormulaError(
                "a sum inside an indexed quantity must not depend on that index as well", start
            )
        terms = self.part(body, names)
        params.setdefault("axis", 0)
        family = self.new("part", (), None)
        self.builder.add(replace(family, rule=Rule(operations()["stack"], (Every(terms.name),))))
        return Ref(family.name)

    def used(self, expression: Expression) -> tuple[str, ...]:
        """The index variables that ``expression`` depends on."""
        found: dict[str, None] = {}
        for node in expression.walk():
            indices: Sequence[Index | int] = ()
            if isinstance(node, Name):
                indices = node.index
            elif isinstance(node, Apply):
                value = node.params.get("index")
                indices = value if isinstance(value, tuple) else ()
            elif isinstance(node, Leaf) and isinstance(node.input, Ref):
                indices = node.input.index
            for index in indices:
                if isinstance(index, Index) and index.variable is not None:
                    found[index.variable] = None
        return tuple(found)

    def new(self, kind: Kind, variables: tuple[str, ...], expression: Expression | None) -> Family:
        self.count += 1
        owner = self.family
        if variables == owner.variables:
            instances = owner.instances
        else:
            positions = [owner.variables.index(v) for v in variables if v in owner.variables]
            if len(positions) == len(variables):
                instances = tuple(dict.fromkeys(tuple(i[p] for p in positions) for i in owner.instances))
            else:
                instances = instances_of([self.builder.ranges[v] for v in variables])
        return replace(
            owner,
            name=f"{owner.name}#{self.count}",
            kind=kind,
            variables=variables,
            instances=instances,
            extra={},
            rule=None,
            expression=expression,
            owner=owner.owner or owner.name,
            of="",
            via="",
            position=-1,
            variants={},
        )

    def part(self, expression: Expression, variables: tuple[str, ...] | None = None) -> Family:
        """A family for a part of the formula, over the variables that it depends on."""
        used = self.used(expression)
        if variables is None:
            variables = tuple(v for v in self.family.variables if v in used)
        kind: Kind = "part" if self.family.kind in ("step", "part") else "backward"
        if self.family.kind == "variant":
            kind = "variant"
        family = self.new(kind, variables, expression)
        inner = _Scope(self.builder, replace(family, name=family.name))
        inner_rule = inner.rule(expression)
        family = replace(family, rule=inner_rule)
        self.builder.add(family)
        return family

    def input(self, expression: Expression) -> Input:
        """``expression`` as an operand of a rule."""
        if isinstance(expression, Number):
            return Constant(expression.value)
        if isinstance(expression, Leaf):
            return expression.input
        if isinstance(expression, Name):
            reference, rest = self.builder.reference(expression)
            for index in reference.index if isinstance(reference, Ref) else ():
                if index.variable is not None and index.variable not in self.family.variables:
                    raise FormulaError(
                        f"`{index.variable}` is no index of `{self.family.owner}`", expression.start
                    )
            if isinstance(reference, Every):
                family = self.new("part", (), expression)
                self.builder.add(
                    replace(family, rule=Rule(operations()["stack"], (reference,)))
                )
                return Ref(family.name)
            if not rest:
                return reference
            family = self.new(
                "part",
                tuple(v for v in self.family.variables if v in self.used(expression)),
                expression,
            )
            self.builder.add(
                replace(family, rule=Rule(operations()["item"], (reference,), {"index": rest}))
            )
            return Ref(family.name, tuple(Index(v) for v in family.variables))
        family = self.part(expression)
        return Ref(family.name, tuple(Index(v) for v in family.variables))


def shape_errors(graph: Graph) -> list[tuple[str, str]]:
    """Quantities that can't be computed, as (name of the family, the operation's words)."""
    found = []
    for node, message in graph.errors().items():
        found.append((graph.nodes[node].key[0], message))
    return found


__all__ = ["Builder", "GraphError", "Leaf", "shape_errors"]
