"""The reference graph: named quantities, each an operation on others, and edits of it.

Two levels. A :class:`Family` is a quantity as the sheet writes it, ``h[t] = tanh(...)``: one rule
for every value of its index. A node is one instance of a family, ``h[1]``. Rules say which
quantities they take by index expressions (``h[t-1]``), so a mutation of a rule is made everywhere
at once, or at one node, with the same few lines. The derived backward pass is made of families like
any other.

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

from reference_solutions.language.expression import Expression, Index, Param

if TYPE_CHECKING:
    from reference_solutions.operations.operation import Operation

Array: TypeAlias = NDArray[np.float64]
Compute: TypeAlias = Callable[..., Array]
Key: TypeAlias = tuple[str, tuple[int, ...]]


MAX_GRAPH_NODES = 20_000
"""How large a graph may be: reachability takes memory in the square of it."""

REFUSALS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, MemoryError)
"""What numpy raises for operands that don't fit."""


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


@dataclass(frozen=True, slots=True)
class Node:
    """One node: a function of the values of other nodes. ``key`` names the quantity.

    ``many``, if there is one, computes many values at once: all operands have a further first axis.
    """

    compute: Compute
    inputs: tuple[int, ...]
    key: Key
    many: Compute | None = None


_Inverse: TypeAlias = dict[tuple[int, ...], list[tuple[int, ...]]]


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
        self._gather_index: dict[tuple[str, tuple[Index, ...]], _Inverse] = {}
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
                    raise self._cycle([*list(on_path)[list(on_path).index(need) :]])
                on_path[need] = None
                stack.append((need, iter(self._needs(need))))
                break
            else:
                stack.pop()
                del on_path[key]
                self._create(key)

    def _cycle(self, keys: Sequence[Key]) -> GraphError:
        named = [k for k in keys if self.families[k[0]].kind in ("given", "step", "adjoint")]
        shown = " needs ".join(self.show(key) for key in (*named, *named[:1]))
        family = (named or keys)[0][0]
        needed = named[1 % len(named)][0] if named else ""
        return GraphError(f"a quantity depends on itself: {shown}", family, needed)

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
        """Return the instances that ``item`` means in the rule of ``family`` at ``index``.

        Raises :class:`GraphError` where a reference leaves the range of its family.
        """
        if isinstance(item, Constant):
            return []
        if isinstance(item, Every):
            instances = self.regular(self.families[item.family])[_KEPT[item.keep]]
            return [(item.family, instance) for instance in instances]
        if isinstance(item, Gather):
            matches = self._inverse(item).get(index, [])[_KEPT[item.keep]]
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
        message = f"{self.show((owner.name, at))} needs {self.show(key)}, which has no value: "
        target = self.families[key[0]]
        if target.kind == "given" and target.instances:
            first, last = target.instances[0], target.instances[-1]
            message += (
                f"`{target.name}` is given from {self.show((target.name, first))} "
                f"to {self.show((target.name, last))} (given lists are counted from 0); "
                f"to count otherwise, give `{target.name}{list(key[1])}` and so on one by one"
            )
        elif target.kind == "adjoint":
            message += f"there is no {self.show((target.of, key[1]))}"
        else:
            message += "give it as a starting value"
        return GraphError(message, family.name, target.of or key[0])

    def regular(self, family: Family) -> tuple[tuple[int, ...], ...]:
        """Return the instances of a family that lie within the range of its index, in order.

        An adjoint has others too: those of the starting values.
        """
        below = self.families.get(family.of) if family.kind == "adjoint" else None
        return family.instances if below is None else self.regular(below)

    def _inverse(self, item: Gather) -> dict[tuple[int, ...], list[tuple[int, ...]]]:
        lookup = (item.family, item.pattern)
        inverse = self._gather_index.get(lookup)
        if inverse is None:
            inverse = {}
            source = self.families[item.family]
            for instance in self.regular(source):
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
            if isinstance(item, Ref) and not keys and rule.operation.name != "accumulate":
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
                except REFUSALS as error:
                    self._errors.setdefault(i, refusal(error, arguments))
                    values.append(None)
        return values

    @property
    def worlds(self) -> int:
        """How many sets of given numbers this graph is evaluated for."""
        return len(self._values)

    def value(self, node: int, world: int = 0) -> Array | None:
        """Return the value of a node; None where it can't be computed (see :meth:`errors`)."""
        return self._values[world][node]

    def settled(self, world: int = 0) -> Settled:
        """Return the values of all nodes, where none is put."""
        return Settled(self._values[world], {}, {})

    def errors(self) -> dict[int, str]:
        """Nodes whose operation refused its operands, with the operation's own words."""
        return dict(self._errors)

    def find(self, family: str, *index: int) -> int:
        """Return the number of a node. Raises KeyError where there is none."""
        return self.ids[(family, index)]

    def show(self, key: Key) -> str:
        """Return a quantity as the sheet writes it: ``h[1]``, ``grad(L, h[1])``."""
        name, index = key
        family = self.families.get(name)
        if family is not None and family.kind == "adjoint":
            return f"grad({family.root}, {self.show((family.of, index))})"
        return f"{name}[{', '.join(map(str, index))}]" if index else name

    def settle(self, puts: Mapping[int, Array], world: int = 0) -> Settled:
        """All values when those of ``puts`` are put, to evaluate many edits on top of them."""
        everything = range(len(self.nodes))
        found = self.edited({}).evaluate(everything, puts, world)
        seen = [found[number] for number in everything]
        ruled = {}
        for number, value in puts.items():
            ruled[number] = seen[number]
            seen[number] = value
        return Settled(seen, ruled, puts)

    def settle_right(self, held: Iterable[int], world: int = 0) -> Settled:
        """All right values, where consumers of the ``held`` nodes see these whatever is edited."""
        puts = {node: value for node in held if (value := self.value(node, world)) is not None}
        return Settled(self._values[world], puts, puts)

    def edited(self, replacements: Mapping[int, Node]) -> EditedGraph:
        """Return a new graph in which each node of ``replacements`` is replaced."""
        return EditedGraph(self, replacements)

    def with_families(self, families: Mapping[str, Family]) -> Mapping[str, Family]:
        """Return the graph's families with some of them replaced."""
        return {**self.families, **families}


def refusal(error: BaseException, arguments: Sequence[Array | None]) -> str:
    """Return an operation's words, or ours where numpy's would not be understood."""
    message = str(error)
    if "broadcast" in message or not message:
        shapes = [str(argument.shape) for argument in arguments if argument is not None]
        return f"the shapes {' and '.join(dict.fromkeys(shapes))} don't fit together"
    return message


def _with_literals(compute: Compute, literals: Sequence[tuple[int, Array]]) -> Compute:
    def call(*args: Array) -> Array:
        merged = list(args)
        for position, value in literals:
            merged.insert(position, value)
        return compute(*merged)

    return call


@dataclass(frozen=True, slots=True)
class Settled:
    """The values of a graph under values that were put.

    ``seen`` is what consumers see, by node; ``ruled`` what the nodes of ``puts`` compute
    themselves.
    """

    seen: Sequence[Array | None]
    ruled: Mapping[int, Array | None]
    puts: Mapping[int, Array]

    def own(self, number: int) -> Array | None:
        """Return what a node's own rule gives."""
        return self.ruled[number] if number in self.ruled else self.seen[number]


class EditedGraph:
    """A graph with some nodes replaced. Cheap to make; evaluates only what the edit can change."""

    __slots__ = ("against", "base", "replacements", "touched")

    def __init__(self, base: Graph, replacements: Mapping[int, Node]) -> None:
        self.base = base
        self.replacements = replacements
        touched = 0
        against: list[tuple[int, int]] = []
        for number, node in replacements.items():
            touched |= base.descendants[number]
            if node.inputs and max(node.inputs) >= number:
                against += [(source, number) for source in node.inputs if source >= number]
        self.touched = touched
        self.against = tuple(against)
        """The inputs that come later in the graph than the replaced node that takes them."""

    def edited(self, replacements: Mapping[int, Node]) -> EditedGraph:
        """Return a further edit on top; where both replace a node the new one holds."""
        return EditedGraph(self.base, {**self.replacements, **replacements})

    def evaluate(  # noqa: PLR0912, PLR0915 - one loop, run for every edit of a search
        self,
        targets: Iterable[int],
        puts: Mapping[int, Array] | None = None,
        world: int = 0,
        shifts: Mapping[int, Array] | None = None,
        settled: Settled | None = None,
    ) -> dict[int, Array | None]:
        """Return the values of ``targets`` (None where the edit can't be computed).

        ``puts`` are values that the consumers of a node see in place of its own ("error carried
        forward"); a target that is also put is still computed by its own rule, from the values that
        were put before it, so one pass gives what follows at every answer. ``shifts`` are added to
        the values that nodes compute: small errors of rounding on the way.
        ``settled`` are values that were put once for many edits (:meth:`Graph.settle`), in place
        of ``puts`` and ``world``.
        """
        base, replacements = self.base, self.replacements
        known = base._values[world] if settled is None else settled.seen
        touched = self.touched
        if puts:
            for number in puts:
                touched |= base.descendants[number]
        if shifts:
            for number in shifts:
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
        puts = puts or {}
        computed: dict[int, Array | None] = dict(puts)
        fixed: Mapping[int, object] = puts if settled is None else settled.puts
        order = _bits(mask) if in_order else self._order(mask, fixed)
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
                if number in fixed and number not in target_set:
                    continue
                if number not in replacements:
                    for source in node.inputs:
                        if source in computed:
                            break
                    else:
                        if not shifts or number not in shifts:
                            continue
                value: Array | None = None
                if node.compute is _given:
                    value = known[number]
                else:
                    arguments = []
                    for source in node.inputs:
                        argument = computed[source] if source in computed else known[source]
                        if argument is None:
                            break
                        arguments.append(argument)
                    else:
                        try:
                            value = np.asarray(node.compute(*arguments), dtype=np.float64)
                        except REFUSALS:
                            value = None
                if number in target_set:
                    result[number] = value
                if shifts and number in shifts and value is not None:
                    shift = shifts[number]
                    value = value + shift if shift.shape == value.shape else value
                if number not in fixed:
                    computed[number] = value
        for target in targets:
            if target not in result:
                result[target] = known[target] if settled is None else settled.own(target)
        return result

    def _order(self, mask: int, puts: Mapping[int, object]) -> list[int] | None:
        """Return the nodes in ``mask`` in an order for the edit; None if it has a cycle.

        Nobody waits for a node whose value is put.
        """
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
                    if not mask >> source & 1 or source in puts:
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
    """Return a node that is just a value: the edit "put"."""
    return Node(lambda: value, (), key)


def rounded_node(node: Node, digits: int) -> Node:
    """``node`` with its result rounded to significant digits: the edit "round"."""

    def compute(*args: Array) -> Array:
        return round_significant(node.compute(*args), digits)

    return replace(node, compute=compute, many=None)


def round_significant(values: Array, digits: int) -> Array:
    """``values`` rounded entry by entry to ``digits`` significant decimal digits."""
    values = np.asarray(values, dtype=np.float64)
    out = values.copy()
    usable = np.isfinite(values) & (values != 0)
    magnitude = np.floor(np.log10(np.abs(values[usable])))
    with np.errstate(over="ignore", invalid="ignore"):
        scale = 10.0 ** (digits - 1 - magnitude)
        rounded = np.round(values[usable] * scale) / scale
    # Beyond the range of floats there is nothing to scale by; such values stay as they are.
    out[usable] = np.where(np.isfinite(rounded), rounded, values[usable])
    return out
