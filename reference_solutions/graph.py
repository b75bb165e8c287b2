"""The reference graph: named quantities, each an operation on others, and edits of it.

Two levels. A :class:`Family` is a quantity as the sheet writes it, ``h[t] = tanh(...)``: one rule for
every value of its index. A node is one instance of a family, ``h[1]``. Rules say which quantities
they take by index expressions (``h[t-1]``), so a mutation of a rule is made everywhere at once, or at
one node, with the same few lines. The derived backward pass is made of families like any other.

An edit never changes a graph: :meth:`Graph.edited` returns a new one that shares everything
untouched, and evaluating it recomputes only what lies downstream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reference_solutions.expression import Expression, Index, Param

if TYPE_CHECKING:
    from reference_solutions.operations.operation import Operation

Array: TypeAlias = NDArray[np.float64]
Compute: TypeAlias = Callable[..., Array]
Key: TypeAlias = tuple[str, tuple[int, ...]]


class GraphError(ValueError):
    """A graph that can't be built or evaluated; ``family`` names the quantity that it is about."""

    def __init__(self, message: str, family: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.family = family


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

_KEPT: Mapping[Selection, slice] = {
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
    variants: Mapping[str, str] = field(default_factory=dict)

    def bindings(self, index: tuple[int, ...]) -> dict[str, int]:
        """The values of the variables at ``index``."""
        return dict(zip(self.variables, index, strict=True))


@dataclass(frozen=True, slots=True)
class Node:
    """One node: a function of the values of other nodes. ``key`` names the quantity."""

    compute: Compute
    inputs: tuple[int, ...]
    key: Key


def _given(*_: Array) -> Array:
    raise AssertionError("given quantities are never computed")


class Graph:
    """An immutable graph with its values.

    Node numbers are a topological order. ``values(world)`` are the values of all nodes for one set
    of given numbers; a graph with sampled symbols has several worlds, another graph has one.
    """

    def __init__(
        self,
        families: Mapping[str, Family],
        given: Sequence[Mapping[Key, Array]],
    ) -> None:
        """Build the nodes of ``families`` with the numbers of ``given``, one mapping a world.

        Raises :class:`GraphError` for a quantity that doesn't exist or depends on itself.
        """
        self.families = dict(families)
        self.nodes: list[Node] = []
        self.ids: dict[Key, int] = {}
        self.dead: set[Key] = set()
        self._build(given)
        self._link()
        self._values: list[list[Array | None]] = []
        self._errors: dict[int, str] = {}
        for world in given:
            self._values.append(self._evaluate_all(world))

    # --- building -----------------------------------------------------------------------------

    def _build(self, given: Sequence[Mapping[Key, Array]]) -> None:
        self._gather_index: dict[tuple[str, tuple[Index, ...]], dict[tuple[int, ...], list[tuple[int, ...]]]] = {}
        for key in given[0]:
            self.ids[key] = len(self.nodes)
            self.nodes.append(Node(_given, (), key))
        for family in self.families.values():
            for index in (*family.instances, *family.extra):
                self._visit((family.name, index))

    def _visit(self, start: Key) -> None:
        """Create the node of ``start`` after all that it needs; depth first without recursion."""
        if start in self.ids or start in self.dead:
            return
        on_path: dict[Key, None] = {start: None}
        stack: list[tuple[Key, Iterator[Key]]] = [(start, iter(self._needs(start)))]
        while stack:
            key, needs = stack[-1]
            for need in needs:
                if need in self.ids or need in self.dead:
                    continue
                if need in on_path:
                    cycle = [*list(on_path)[list(on_path).index(need) :], need]
                    shown = " needs ".join(self.show(k) for k in cycle if self._is_named(k[0]))
                    raise GraphError(f"a quantity depends on itself: {shown}", need[0])
                on_path[need] = None
                stack.append((need, iter(self._needs(need))))
                break
            else:
                stack.pop()
                del on_path[key]
                self._create(key)

    def _is_named(self, family: str) -> bool:
        return self.families[family].kind in ("given", "step", "adjoint")

    def _needs(self, key: Key) -> list[Key]:
        name, index = key
        family = self.families[name]
        if index in family.extra:
            return [family.extra[index]]
        if family.rule is None:
            raise GraphError(f"{self.show(key)} has no value and no formula", name)
        found: list[Key] = []
        for item in family.rule.inputs:
            found.extend(self.input_keys(item, family, index))
        return found

    def input_keys(self, item: Input, family: Family, index: tuple[int, ...]) -> list[Key]:
        """The instances that ``item`` means in the rule of ``family`` at ``index``.

        Raises :class:`GraphError` where a reference leaves the range of its family.
        """
        if isinstance(item, Constant):
            return []
        if isinstance(item, Every):
            instances = self.families[item.family].instances[_KEPT[item.keep]]
            return [(item.family, instance) for instance in instances]
        if isinstance(item, Gather):
            matches = self._inverse(item).get(index, [])[_KEPT[item.keep]]
            return [(item.family, match) for match in matches]
        target = self.families.get(item.family)
        if target is None:
            raise GraphError(f"unknown quantity `{item.family}`", family.name)
        bindings = family.bindings(index)
        key = (item.family, tuple(part.at(bindings) for part in item.index))
        if key[1] not in target.extra and key not in self.ids and key[1] not in target.instances:
            raise GraphError(
                f"{self.show((family.owner or family.name, index))} needs {self.show(key)},"
                " which has no value: give it as a starting value",
                family.name,
            )
        return [key]

    def _inverse(self, item: Gather) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
        lookup = (item.family, item.pattern)
        inverse = self._gather_index.get(lookup)
        if inverse is None:
            inverse = {}
            source = self.families[item.family]
            for instance in source.instances:
                bindings = source.bindings(instance)
                at = tuple(part.at(bindings) for part in item.pattern)
                inverse.setdefault(at, []).append(instance)
            self._gather_index[lookup] = inverse
        return inverse

    def _create(self, key: Key) -> None:
        name, index = key
        family = self.families[name]
        if index in family.extra:
            self._alias(key, family.extra[index])
            return
        assert family.rule is not None
        node = self.resolve(family.rule, family, index)
        if node is None:
            self.dead.add(key)
            return
        self.ids[key] = len(self.nodes)
        self.nodes.append(node)

    def _alias(self, key: Key, target: Key) -> None:
        if target in self.dead:
            self.dead.add(key)
        else:
            self.ids[key] = self.ids[target]

    def resolve(self, rule: Rule, family: Family, index: tuple[int, ...]) -> Node | None:
        """The node of ``rule`` at one index, or None where nothing reaches it (a dead adjoint)."""
        inputs: list[int] = []
        literals: list[tuple[int, Array]] = []
        for position, item in enumerate(rule.inputs):
            if isinstance(item, Constant):
                literals.append((position, np.float64(item.value)))  # type: ignore[arg-type]
                continue
            keys = [key for key in self.input_keys(item, family, index) if key not in self.dead]
            if isinstance(item, Ref) and not keys:
                return None
            inputs.extend(self.ids[key] for key in keys)
        if not inputs and not literals:
            return None
        compute: Compute = rule.operation.compute
        params = dict(rule.params)
        if params:
            bindings = family.bindings(index)
            for name, value in params.items():
                if isinstance(value, tuple):
                    params[name] = tuple(
                        part.at(bindings) if isinstance(part, Index) else part for part in value
                    )
            compute = partial(compute, **params)
        if literals:
            compute = _with_literals(compute, literals)
        return Node(compute, tuple(inputs), (family.name, index))

    def _link(self) -> None:
        """Reachability both ways, as bit masks over node numbers."""
        count = len(self.nodes)
        self.ancestors = [0] * count
        self.descendants = [1 << i for i in range(count)]
        for i, node in enumerate(self.nodes):
            mask = 1 << i
            for source in node.inputs:
                mask |= self.ancestors[source]
            self.ancestors[i] = mask
        for i in range(count - 1, -1, -1):
            for source in self.nodes[i].inputs:
                self.descendants[source] |= self.descendants[i]

    # --- values -------------------------------------------------------------------------------

    def _evaluate_all(self, given: Mapping[Key, Array]) -> list[Array | None]:
        values: list[Array | None] = []
        with np.errstate(all="ignore"):
            for i, node in enumerate(self.nodes):
                if node.compute is _given:
                    values.append(given[node.key])
                    continue
                arguments = [values[source] for source in node.inputs]
                if any(argument is None for argument in arguments):
                    values.append(None)
                    continue
                try:
                    values.append(np.asarray(node.compute(*arguments), dtype=np.float64))
                except (ValueError, IndexError, TypeError, FloatingPointError, ZeroDivisionError) as error:
                    self._errors.setdefault(i, str(error))
                    values.append(None)
        return values

    @property
    def worlds(self) -> int:
        """How many sets of given numbers this graph is evaluated for."""
        return len(self._values)

    def value(self, node: int, world: int = 0) -> Array | None:
        """The value of a node; None where it can't be computed (see :meth:`errors`)."""
        return self._values[world][node]

    def errors(self) -> dict[int, str]:
        """Nodes whose operation refused its operands, with the operation's own words."""
        return dict(self._errors)

    def find(self, family: str, *index: int) -> int:
        """The number of a node. Raises KeyError where there is none."""
        return self.ids[(family, index)]

    def show(self, key: Key) -> str:
        """A quantity as the sheet writes it: ``h[1]``."""
        name, index = key
        return f"{name}[{', '.join(map(str, index))}]" if index else name

    def edited(self, replacements: Mapping[int, Node]) -> EditedGraph:
        """A new graph in which each node of ``replacements`` is replaced."""
        return EditedGraph(self, replacements)

    def with_families(self, families: Mapping[str, Family]) -> Mapping[str, Family]:
        """This graph's families with some of them replaced."""
        return {**self.families, **families}


def _with_literals(compute: Compute, literals: Sequence[tuple[int, Array]]) -> Compute:
    def call(*args: Array) -> Array:
        merged = list(args)
        for position, value in literals:
            merged.insert(position, value)
        return compute(*merged)

    return call


class EditedGraph:
    """A graph with some nodes replaced. Cheap to make; evaluates only what the edit can change."""

    __slots__ = ("base", "replacements", "touched")

    def __init__(self, base: Graph, replacements: Mapping[int, Node]) -> None:
        self.base = base
        self.replacements = replacements
        touched = 0
        for number in replacements:
            touched |= base.descendants[number]
        self.touched = touched

    def edited(self, replacements: Mapping[int, Node]) -> EditedGraph:
        """A further edit on top; where both replace a node the new one holds."""
        return EditedGraph(self.base, {**self.replacements, **replacements})

    def evaluate(
        self,
        targets: Iterable[int],
        puts: Mapping[int, Array] | None = None,
        world: int = 0,
    ) -> dict[int, Array | None]:
        """The values of ``targets`` (None where the edit can't be computed).

        ``puts`` are values that the consumers of a node see in place of its own ("error carried
        forward"); a target that is also put is still computed by its own rule, from the values that
        were put before it, so one pass gives what follows at every answer.
        """
        base, replacements = self.base, self.replacements
        known = base._values[world]
        touched = self.touched
        if puts:
            for number in puts:
                touched |= base.descendants[number]
        wanted = 0
        targets = tuple(targets)
        for target in targets:
            wanted |= base.ancestors[target]
        in_order = True
        reached: set[int] = set()
        pending = [number for number in replacements if wanted >> number & 1]
        while pending:
            number = pending.pop()
            if number in reached:
                continue
            reached.add(number)
            for source in replacements[number].inputs:
                wanted |= base.ancestors[source]
                if source >= number:
                    in_order = False
            pending.extend(n for n in replacements if n not in reached and wanted >> n & 1)
        mask = touched & wanted
        computed: dict[int, Array | None] = {}
        order = _bits(mask) if in_order else self._order(mask, puts or {})
        nodes = base.nodes
        result: dict[int, Array | None] = {}
        target_set = set(targets)
        if order is None:
            return dict.fromkeys(targets)
        with np.errstate(all="ignore"):
            for number in order:
                node = replacements.get(number)
                if node is None:
                    node = nodes[number]
                value: Array | None
                if puts and number in puts and number not in target_set:
                    computed[number] = puts[number]
                    continue
                if node.compute is _given:
                    value = known[number]
                else:
                    arguments = [
                        computed[source] if source in computed else known[source]
                        for source in node.inputs
                    ]
                    value = None
                    if not any(argument is None for argument in arguments):
                        try:
                            value = np.asarray(node.compute(*arguments), dtype=np.float64)
                        except (ValueError, IndexError, TypeError, ZeroDivisionError):
                            value = None
                if number in target_set:
                    result[number] = value
                computed[number] = puts[number] if puts and number in puts else value
        for target in targets:
            if target not in result:
                result[target] = known[target]
        return result

    def _order(self, mask: int, puts: Mapping[int, Array]) -> list[int] | None:
        """A topological order of the nodes in ``mask`` under the edit; None if it has a cycle."""
        order: list[int] = []
        state: dict[int, int] = {}
        for start in _bits(mask):
            if start in state:
                continue
            stack = [(start, iter(self._inputs(start)))]
            state[start] = 1
            while stack:
                number, sources = stack[-1]
                for source in sources:
                    if not mask >> source & 1:
                        continue
                    seen = state.get(source, 0)
                    if seen == 1:
                        return None
                    if seen == 0:
                        state[source] = 1
                        stack.append((source, iter(self._inputs(source))))
                        break
                else:
                    stack.pop()
                    state[number] = 2
                    order.append(number)
        return order

    def _inputs(self, number: int) -> tuple[int, ...]:
        node = self.replacements.get(number)
        return (node or self.base.nodes[number]).inputs


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def instances_of(ranges: Sequence[range]) -> tuple[tuple[int, ...], ...]:
    """All index tuples over ``ranges``, the last one running fastest."""
    return tuple(product(*ranges))


def constant_node(value: Array, key: Key) -> Node:
    """A node that is just a value: the edit "put"."""
    return Node(lambda: value, (), key)


def rounded_node(node: Node, digits: int) -> Node:
    """``node`` with its result rounded to significant digits: the edit "round"."""
    return replace(node, compute=lambda *args: round_significant(node.compute(*args), digits))


def round_significant(values: Array, digits: int) -> Array:
    """``values`` rounded entry by entry to ``digits`` significant decimal digits."""
    values = np.asarray(values, dtype=np.float64)
    out = values.copy()
    usable = np.isfinite(values) & (values != 0)
    magnitude = np.floor(np.log10(np.abs(values[usable])))
    scale = 10.0 ** (digits - 1 - magnitude)
    out[usable] = np.round(values[usable] * scale) / scale
    return out
