"""A reference solution from its definitions: given numbers, steps and what is asked.

This is the part of an assignment that the graph is made of, apart from files: texts come in, a
:class:`Reference` comes out, and what is wrong is a :class:`DefinitionError` that names the
definition and the character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from reference_solutions.graph import (
    MAX_GRAPH_NODES,
    Array,
    Every,
    Family,
    Graph,
    GraphError,
    Key,
    Ref,
    instances_of,
)
from reference_solutions.graph.differentiation import Differentiator
from reference_solutions.graph.index_variables import with_indices_as_numbers
from reference_solutions.graph.lowering import Builder
from reference_solutions.language.expression import Apply, Expression, Index, Name
from reference_solutions.language.formula import FormulaError, names_in, parse_formula
from reference_solutions.language.source_text import source_text
from reference_solutions.operations import callable_operations

_KEY = re.compile(r"\s*([^\W\d]\w*)\s*(?:\[([^\]]*)\])?\s*\Z")


class DefinitionError(ValueError):
    """A definition that can't be used.

    ``definition`` is the path of the definition's text (``("steps", "h[t]")``), ``offset`` the
    0-based character in it, ``in_key`` whether that is a character of the key instead.
    """

    def __init__(
        self, message: str, definition: tuple[str, ...], offset: int = 0, in_key: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.definition = definition
        self.offset = offset
        self.in_key = in_key


class UndefinedError(DefinitionError):
    """A definition that has no value, or none that is finite, at the numbers given."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one answer asks for: a node of the graph, and the expression as it was written."""

    question: str
    answer: str
    node: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference graph and the nodes that are asked for, in the assignment's order."""

    graph: Graph
    targets: tuple[Target, ...]
    ranges: Mapping[str, range]

    def each_with_given(
        self, sets: Sequence[Sequence[Mapping[str, Array]]]
    ) -> tuple[Reference, ...]:
        """Return this reference once for each set of worlds, as if built with its numbers.

        A world maps the names (or single instances) of :func:`build_reference` to arrays of the
        shapes they have here. All are evaluated together and share their structure; what is chosen
        by numbers (the derivative rules of a target that is a distribution) stays as it was chosen.
        Raises :class:`DefinitionError` for a set that gives something else, or with which a
        quantity of the sheet or an answer has no finite value.
        """
        worlds = [[self._keyed(world) for world in one] for one in sets]
        try:
            graphs = self.graph.each_with_given(worlds)
        except ValueError as error:
            raise DefinitionError(str(error), ("given",)) from None
        for graph in graphs:
            self._check(graph)
        return tuple(replace(self, graph=graph) for graph in graphs)

    def _keyed(self, world: Mapping[str, Array]) -> dict[Key, Array]:
        """Return given numbers by the quantities that they are values of."""
        found_arrays, found_starts = _split_given(self.ranges, [world])
        arrays, starts = found_arrays[0], found_starts[0]
        keyed: dict[Key, Array] = {}
        for key, own in self.graph.given[0].items():
            index = key[1]
            family = self.graph.families[key[0]]
            if family.is_index:
                keyed[key] = own
                continue
            at = tuple(part.offset for part in family.start) if family.is_start else index
            value = starts.get((family.start_of or family.name, at))
            whole = arrays.get(family.name)
            if value is None and whole is not None and _inside(index, whole.shape):
                value = whole[index]
            if value is not None:
                keyed[key] = np.array(value, dtype=np.float64)
        for name, whole in arrays.items():
            known = self.graph.families.get(name)
            if known is not None and known.kind == "given" and known.variables:
                size = int(np.prod(whole.shape[: len(known.variables)]))
                if size > len(known.instances):
                    raise DefinitionError(
                        f"expected {len(known.instances)} values of `{name}`, got {size}",
                        ("given", name),
                    )
        names = {self.graph.families[name].start_of or name for name, _ in keyed}
        for name in [*arrays, *(name for name, _ in starts)]:
            if name not in names:
                raise DefinitionError(f"`{name}` is no given quantity", ("given", name))
        return keyed

    def _check(self, graph: Graph) -> None:
        """Refuse numbers with which a quantity of the sheet or an answer has no finite value."""
        asked = {target.node for target in self.targets}
        for number, node in enumerate(graph.nodes):
            if number not in asked and graph.family(number).kind not in ("given", "step"):
                continue
            for world in range(graph.worlds):
                value = graph.value(number, world)
                if value is None or not np.all(np.isfinite(value)):
                    raise DefinitionError(
                        f"{graph.show(node.key)} has no finite value with these given numbers",
                        ("given",),
                    )


@dataclass(frozen=True, slots=True)
class _Step:
    key: str
    name: str
    index: tuple[Index, ...]
    expression: Expression

    @property
    def is_start(self) -> bool:
        """Whether it defines single instances of a quantity (``h[-1]``) and not the quantity."""
        return any(part.variable is None for part in self.index)

    @property
    def family(self) -> str:
        return f"{self.name}[{', '.join(map(str, self.index))}]" if self.is_start else self.name

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(part.variable for part in self.index if part.variable is not None)


def functions() -> list[str]:
    """Return the names that a teacher's formula may call."""
    return [*callable_operations(), "grad"]


def read_key(key: str, ranges: Mapping[str, range]) -> tuple[str, tuple[Index, ...]]:
    """``h[t]`` or ``h[-1]`` as a name and its index. Raises :class:`FormulaError`."""
    match = _KEY.match(key)
    if match is None:
        raise FormulaError(f"expected a name such as `L` or `h[t]`, got `{key}`")
    # Python reads names in this normal form, and so must the names that formulas refer to.
    name, inside = unicodedata.normalize("NFKC", match.group(1)), match.group(2)
    if name in ranges:
        raise FormulaError(f"`{name}` is an index and can't be a quantity as well")
    if name in callable_operations() or name == "grad":
        raise FormulaError(f"`{name}` is a function and can't be a quantity as well")
    index: list[Index] = []
    for part in inside.split(",") if inside is not None else ():
        text = unicodedata.normalize("NFKC", part.strip())
        if text in ranges:
            index.append(Index(text))
        elif re.fullmatch(r"[-\u2212]?[0-9]{1,6}", text):
            index.append(Index(None, int(text.replace("\u2212", "-"))))
        else:
            known = ", ".join(f"`{name}`" for name in ranges) or "none is declared"
            raise FormulaError(
                f"`{text}` is no index: expected a whole number or a declared index ({known})",
                match.start(2),
            )
    return name, tuple(index)


def build_reference(
    ranges: Mapping[str, range],
    given: Sequence[Mapping[str, Array]],
    steps: Mapping[str, str],
    answers: Mapping[tuple[str, str], str],
) -> Reference:
    """Build the graph.

    ``ranges`` are the index variables; ``given`` maps names (or single instances, ``h[-1]``) to
    arrays, one mapping for each world of sampled symbols; ``steps`` maps ``h[t]`` to formulas;
    ``answers`` maps (question, answer) to formulas. Raises :class:`DefinitionError`.
    """
    _check_ranges(ranges)
    arrays, starts = _split_given(ranges, given)
    parsed = [
        replace(step, expression=with_indices_as_numbers(step.expression, step.variables))
        for step in (_parse_step(key, text, ranges) for key, text in steps.items())
    ]
    asked = {where: _parse(text, ranges, ("questions", *where)) for where, text in answers.items()}
    expressions = [step.expression for step in parsed] + list(asked.values())
    indexed = _indexed(arrays[0], starts[0], expressions)
    sequences = _sequences(arrays[0], starts, parsed, expressions)
    try:
        builder = Builder(ranges, arrays, indexed, starts, sequences)
    except FormulaError as error:
        raise DefinitionError(error.message, ("given",)) from None
    made = _Definitions(builder, parsed, _asked_derivatives(expressions))
    made.declare(starts[0])
    for step in parsed:
        made.define(step)
    keys = {where: made.target(where, expression) for where, expression in asked.items()}
    graph = made.finish()
    targets = []
    for where, key in keys.items():
        node = graph.ids.get(key)
        if key in graph.dead or (node is not None and graph.nodes[node].compute is np.zeros_like):
            raise DefinitionError(
                f"{graph.show(key)} is always zero: nothing in it depends on that quantity",
                ("questions", *where),
                getattr(asked[where], "start", 0),
            )
        if node is None:
            raise DefinitionError(f"unknown quantity `{graph.show(key)}`", ("questions", *where))
        made.check_target(graph, node, where)
        targets.append(Target(*where, node, made.asked[where]))
    return Reference(graph, tuple(targets), dict(ranges))


def _check_ranges(ranges: Mapping[str, range]) -> None:
    for name, values in ranges.items():
        if not 0 < len(values) <= MAX_GRAPH_NODES:
            raise DefinitionError(
                f"the index `{name}` runs over {len(values)} values: "
                f"expected from 1 to {MAX_GRAPH_NODES}",
                ("index", name),
            )


def _split_given(
    ranges: Mapping[str, range], given: Sequence[Mapping[str, Array]]
) -> tuple[list[dict[str, Array]], list[dict[Key, Array]]]:
    arrays: list[dict[str, Array]] = []
    starts: list[dict[Key, Array]] = []
    for world in given or [{}]:
        arrays.append({})
        starts.append({})
        for key, array in world.items():
            try:
                name, index = read_key(key, ranges)
            except FormulaError as error:
                raise DefinitionError(error.message, ("given", key), error.offset, True) from None
            if any(part.variable is not None for part in index):
                raise DefinitionError(
                    "a given quantity is written without its index (`x`, not `x[t]`): "
                    "its first axis runs over the index",
                    ("given", key),
                    in_key=True,
                )
            try:
                value = np.asarray(array, dtype=np.float64)
            except (TypeError, ValueError):
                raise DefinitionError(
                    "expected a number or nested lists of numbers of one shape", ("given", key)
                ) from None
            at = tuple(part.offset for part in index)
            if (index and (name, at) in starts[-1]) or (not index and name in arrays[-1]):
                raise DefinitionError(f"`{key}` is given twice", ("given", key), in_key=True)
            if index:
                starts[-1][name, at] = value
            else:
                arrays[-1][name] = value
        for first, other in ((arrays[0], arrays[-1]), (starts[0], starts[-1])):
            if {k: v.shape for k, v in first.items()} != {k: v.shape for k, v in other.items()}:
                raise DefinitionError("every world needs the same given quantities", ("given",))
    return arrays, starts


def _inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether an array of ``shape`` has a value at ``index``."""
    return len(index) <= len(shape) and all(
        0 <= at < size for at, size in zip(index, shape, strict=False)
    )


def _parse(text: str, ranges: Mapping[str, range], definition: tuple[str, ...]) -> Expression:
    try:
        return parse_formula(text, functions(), ranges)
    except FormulaError as error:
        raise DefinitionError(error.message, definition, error.offset) from None


def _parse_step(key: str, text: str, ranges: Mapping[str, range]) -> _Step:
    try:
        name, index = read_key(key, ranges)
    except FormulaError as error:
        raise DefinitionError(error.message, ("steps", key), error.offset, True) from None
    return _Step(key, name, index, _parse(text, ranges, ("steps", key)))


def _indexed(
    arrays: Mapping[str, Array],
    starts: Mapping[Key, Array],
    expressions: Sequence[Expression],
) -> dict[str, tuple[str, ...]]:
    """How many leading axes of each given array run over an index somewhere, and their names.

    An axis is called by the first index that it is read with, which is how it is shown later.
    """
    found: dict[str, dict[int, str]] = {}
    for name, index in starts:
        if name in arrays:
            found[name] = dict.fromkeys(range(len(index)), "")
    for expression in expressions:
        for node in expression.walk():
            if isinstance(node, Name) and node.name in arrays:
                axes = found.setdefault(node.name, {})
                for position, part in enumerate(node.index[: arrays[node.name].ndim]):
                    if part.variable is not None:
                        for axis in range(position + 1):
                            axes.setdefault(axis, "")
                        if not axes[position] and part.variable not in axes.values():
                            axes[position] = part.variable
    named = {}
    for name, axes in found.items():
        free = (letter for letter in "ijklmnpqrs" if letter not in axes.values())
        count = min(len(axes), arrays[name].ndim, 8)
        named[name] = tuple(axes[axis] or next(free) for axis in range(count))
    return named


def _sequences(
    arrays: Mapping[str, Array],
    starts: Sequence[dict[Key, Array]],
    steps: Sequence[_Step],
    expressions: Sequence[Expression],
) -> dict[str, tuple[str, ...]]:
    """Which quantities are given value by value (`x[1]`, `x[2]`), and the names of their indices.

    What is a step or a whole array has starting values instead; so has, it seems, what nobody uses.
    """
    known = {step.name for step in steps} | set(arrays)
    used = {name for expression in expressions for name in names_in(expression)}
    found: dict[str, tuple[str, ...]] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    for (name, index), array in starts[0].items():
        if name in known or name not in used:
            continue
        key = f"{name}{list(index)}"
        if found.setdefault(name, ("",) * len(index)) != ("",) * len(index):
            raise DefinitionError(
                f"`{name}` is given with {_count(len(found[name]), 'index', 'indices')} before",
                ("given", key),
                in_key=True,
            )
        if shapes.setdefault(name, array.shape) != array.shape:
            raise DefinitionError(
                f"the values of `{name}` have one shape: expected {shapes[name]}, "
                f"got {array.shape}",
                ("given", key),
            )
    for name, unnamed in found.items():
        names = list(unnamed)
        for expression in expressions:
            for node in expression.walk():
                if isinstance(node, Name) and node.name == name:
                    for axis, part in enumerate(node.index[: len(names)]):
                        if not names[axis] and part.variable not in (None, *names):
                            names[axis] = part.variable or ""
        free = (letter for letter in "ijklmnpqrs" if letter not in names)
        found[name] = tuple(variable or next(free) for variable in names)
    return found


class _Definitions:
    """Defines the steps and answers of one reference, each after what its gradients need."""

    def __init__(self, builder: Builder, steps: Sequence[_Step], unfused: set[str]) -> None:
        self.builder = builder
        self.steps = steps
        self.unfused = unfused
        self.places: dict[str, tuple[str, ...]] = {}
        self.asked: dict[tuple[str, str], Expression] = {}
        self.losses: dict[str, str] = {}
        self.state: dict[str, str] = {}
        self.by_name: dict[str, list[_Step]] = {}
        for step in steps:
            self.by_name.setdefault(step.name, []).append(step)

    def declare(self, given_starts: Iterable[Key]) -> None:
        """Make every step known by name before any formula is read: steps refer to each other."""
        builder = self.builder
        for name, index in given_starts:
            if (name, index) in builder.given[0]:
                self.places[name] = ("given", f"{name}{list(index)}")
                continue
            self.places[f"{name}{list(index)}"] = ("given", f"{name}{list(index)}")
        for step in self.steps:
            place = ("steps", step.key)
            if step.family in builder.families:
                raise DefinitionError(f"`{step.key}` is defined twice", place, in_key=True)
            if len(set(step.variables)) < len(step.variables):
                raise DefinitionError(f"`{step.key}` has the same index twice", place, in_key=True)
            self.places[step.family] = place
            ranges = [builder.ranges[variable] for variable in step.variables]
            if np.prod([float(len(values)) for values in ranges]) > MAX_GRAPH_NODES:
                raise DefinitionError(
                    f"`{step.key}` has more than {MAX_GRAPH_NODES} values", place, in_key=True
                )
            family = Family(
                step.family, "step", step.variables, instances_of(ranges), owner=step.family
            )
            if step.is_start:
                self._start(replace(family, start_of=step.name, start=step.index), place)
            else:
                builder.add(family)
        for name, starts in builder.starts.items():
            self._check_starts(name, starts)

    def _start(self, family: Family, place: tuple[str, ...]) -> None:
        try:
            self.builder.start(family)
        except FormulaError as error:
            raise DefinitionError(error.message, place, in_key=True) from None

    def _check_starts(self, name: str, starts: Mapping[tuple[int, ...], Key]) -> None:
        family = self.builder.families.get(name)
        for index, (start, _) in starts.items():
            place = self.places[start]
            if family is None:
                raise DefinitionError(
                    f"`{start}` is a starting value, but there is no step `{name}[…]`",
                    place,
                    in_key=True,
                )
            if len(index) != len(family.variables):
                indices = ", ".join(family.variables)
                raise DefinitionError(
                    f"`{start}` doesn't fit `{name}{f'[{indices}]' if indices else ''}`: "
                    f"expected {_count(len(family.variables), 'index', 'indices')}, "
                    f"got {len(index)}",
                    place,
                    in_key=True,
                )
        if family is not None and family.kind == "given":
            self.builder.families[name] = replace(family, extra=starts)

    # --- one step after the other -------------------------------------------------------------

    def define(self, step: _Step) -> None:
        """Define a step, after all that the gradients in it are taken of."""
        state = self.state.get(step.family)
        if state == "done":
            return
        place = ("steps", step.key)
        if state == "begun":
            raise DefinitionError(
                f"a quantity depends on itself: the gradient in `{step.key}` needs `{step.key}`",
                place,
            )
        self.state[step.family] = "begun"
        expression = self.differentiated(step.expression, place)
        try:
            self.builder.define(self.builder.families[step.family], expression)
        except FormulaError as error:
            raise self._error(error, place, step.key) from None
        self.state[step.family] = "done"

    def _define_what_is_needed(self, expression: Expression) -> None:
        """Define all steps that a quantity depends on, however far back."""
        pending = list(names_in(expression))
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                for step in self.by_name.get(name, ()):
                    self.define(step)
                    pending.extend(names_in(step.expression))

    def _error(
        self, error: FormulaError, place: tuple[str, ...], requested_by: str
    ) -> DefinitionError:
        message = error.message
        name = error.unknown
        if name:
            message += f" requested by `{requested_by}`"
            close = get_close_matches(name, [f for f in self.builder.families if f.isidentifier()])
            if close:
                message += f"; did you mean `{close[0]}`?"
            elif name in self.builder.ranges:
                message += f"; `{name}` is an index: it stands in brackets, as in `h[{name}]`"
        return DefinitionError(message, place, error.offset)

    # --- gradients ----------------------------------------------------------------------------

    def differentiated(self, expression: Expression, place: tuple[str, ...]) -> Expression:
        """``expression`` with every ``grad(L, X)`` replaced by the adjoint, which is made."""
        if not isinstance(expression, Apply):
            return expression
        if expression.operation == "grad" and len(expression.args) == 2:
            self._define_what_is_needed(expression.args[0])
        args = tuple(self.differentiated(arg, place) for arg in expression.args)
        written = expression
        expression = Apply(expression.operation, args, expression.params, expression.start)
        if expression.operation != "grad":
            return expression
        try:
            return self._gradient(expression, written)
        except FormulaError as error:
            offset = error.offset or expression.start
            requested_by = place[1] if place[0] == "steps" else place[-1]
            raise self._error(_at(error, offset), place, requested_by) from None
        except GraphError as error:
            raise self._graph_error(error) from None

    def _gradient(self, call: Apply, written: Apply) -> Expression:
        if len(call.args) != 2 or call.params:
            raise FormulaError(
                f"`grad` takes a loss and a quantity, as in `grad(L, W)`, got "
                f"{_count(len(call.args) + len(call.params), 'operand', 'operands')}",
                call.start,
            )
        loss, by = call.args
        if not isinstance(by, Name):
            raise FormulaError(
                "`grad` takes the derivative by a quantity such as `W` or `h[1]`",
                getattr(by, "start", 0) or call.start,
            )
        root, text = self._root(loss, written.args[0])
        for name in (loss, by):
            if isinstance(name, Name):
                self._check_index(name)
        reference, _ = self.builder.reference(by)
        whole = self.builder.families[reference.family].rows_of or reference.family
        differentiator = Differentiator(self.builder, root, self.unfused, text)
        adjoint = differentiator.name(whole)
        if adjoint not in self.builder.families:
            self._check_values(differentiator.graph)
            differentiator.run()
        if adjoint not in self.builder.families:
            raise FormulaError(
                f"{differentiator.root_name} does not depend on `{by.name}`", by.start
            )
        return Name(adjoint, by.index, call.start)

    def _root(self, loss: Expression, written: Expression) -> tuple[Ref, str]:
        """Return the quantity that a gradient is taken of; one is made for a formula."""
        if isinstance(loss, Name):
            root, rest = self.builder.reference(loss)
            if isinstance(root, Every) or any(index.variable is not None for index in loss.index):
                raise FormulaError(
                    "`grad` takes the derivative of one number, such as `L` or `l[0]`", loss.start
                )
            if not rest:
                return root, ""
        text = source_text(written)
        if text not in self.losses:
            name = f"loss {len(self.losses)}"
            self.builder.define(Family(name, "step", is_loss=True), loss)
            self.losses[text] = name
        return Ref(self.losses[text]), text

    def _check_index(self, name: Name) -> None:
        """Refuse an instance that doesn't exist, where its index is written out."""
        family = self.builder.families[self.builder.reference(name)[0].family]
        depth = len(family.variables)
        if name.index and all(index.variable is None for index in name.index[:depth]):
            at = tuple(index.offset for index in name.index[:depth])
            _existing(self.builder, (family.name, at), name.start)

    # --- targets and the end ------------------------------------------------------------------

    def target(self, where: tuple[str, str], expression: Expression) -> Key:
        """Return the quantity that an answer asks for; one is made for a formula."""
        place = ("questions", *where)
        name = f"{where[0]}/{where[1]}"
        self.places[name] = place
        self.asked[where] = expression = self.differentiated(expression, place)
        try:
            if isinstance(expression, Name):
                reference, rest = self.builder.reference(expression)
                if isinstance(reference, Ref) and not rest:
                    bad = [part.variable for part in reference.index if part.variable is not None]
                    if bad:
                        raise FormulaError(
                            f"an answer is one quantity: give `{bad[0]}` a number",
                            expression.start,
                        )
                    key = (reference.family, tuple(index.offset for index in reference.index))
                    return _existing(self.builder, key, expression.start)
            self.builder.define(Family(name, "step", answer=where[1]), expression)
            return (name, ())
        except FormulaError as error:
            raise self._error(error, place, where[1]) from None

    def finish(self) -> Graph:
        """Return the graph of all that was defined, in which every step has a finite value."""
        try:
            graph = self.builder.graph()
        except GraphError as error:
            raise self._graph_error(error) from None
        self._check_values(graph)
        return graph

    def _check_values(self, graph: Graph) -> None:
        for node, message in graph.errors().items():
            name, index = graph.nodes[node].key
            family = graph.families[name]
            if family.kind in ("step", "part"):
                raise self._value_error(graph, family, index, f"can't be computed: {message}")
        for world in range(graph.worlds):
            for node, known in enumerate(graph.nodes):
                value = graph.value(node, world)
                family = graph.families[known.key[0]]
                if value is None or family.kind not in ("step", "given"):
                    continue
                if not np.all(np.isfinite(value)):
                    message = "is not a finite number with these given numbers"
                    raise self._value_error(graph, family, known.key[1], message)

    def check_target(self, graph: Graph, node: int, where: tuple[str, str]) -> None:
        """Refuse an answer whose value can't be computed."""
        for world in range(graph.worlds):
            value = graph.value(node, world)
            if value is None or not np.all(np.isfinite(value)):
                reasons = [
                    message
                    for failed, message in graph.errors().items()
                    if graph.ancestors[node] >> failed & 1
                ]
                because = f": {reasons[0]}" if reasons else " with these given numbers"
                raise UndefinedError(
                    f"{graph.show(graph.nodes[node].key)} can't be computed{because}",
                    ("questions", *where),
                )

    def _value_error(
        self, graph: Graph, family: Family, index: tuple[int, ...], message: str
    ) -> UndefinedError:
        owner = graph.families.get(family.owner, family)
        bindings = family.bindings(index)
        at = tuple(bindings[v] for v in owner.variables if v in bindings)
        shown = graph.show((owner.name, at if len(at) == len(owner.variables) else ()))
        if owner.is_answer:
            shown = owner.answer
        return UndefinedError(f"{shown} {message}", self._place(owner), _start(family))

    def _place(self, owner: Family) -> tuple[str, ...]:
        section = ("given",) if owner.kind == "given" else ("steps",)
        return self.places.get(owner.name, (*section, owner.name))

    def _graph_error(self, error: GraphError) -> DefinitionError:
        family = self.builder.families.get(error.family)
        if family is None:
            return DefinitionError(error.message, ("steps",))
        owner = self.builder.families.get(family.owner, family)
        offset = _start(family)
        for tree in (family.expression, owner.expression):
            names = {} if tree is None else names_in(tree)
            if error.needed in names:
                offset = names[error.needed]
                break
        return DefinitionError(error.message, self._place(owner), offset)


def _asked_derivatives(expressions: Sequence[Expression]) -> set[str]:
    """Return the quantities whose own gradient somebody asks for."""
    found = set()
    for expression in expressions:
        for node in expression.walk():
            if isinstance(node, Apply) and node.operation == "grad" and len(node.args) == 2:
                by = node.args[1]
                if isinstance(by, Name):
                    found.add(by.name)
    return found


def _existing(builder: Builder, key: Key, offset: int) -> Key:
    family = builder.families[key[0]]
    if key[1] not in family.instances and key[1] not in family.extra:
        below = builder.families.get(family.of, family)
        name = builder.families.get(below.owner, below).name
        first, last = (list(below.instances[at]) for at in (0, -1))
        raise FormulaError(
            f"`{name}` has no index {list(key[1])}; it runs from {name}{first} to {name}{last}",
            offset,
        )
    return key


def _at(error: FormulaError, offset: int) -> FormulaError:
    return FormulaError(error.message, offset, error.unknown)


def _start(family: Family) -> int:
    return getattr(family.expression, "start", 0)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
