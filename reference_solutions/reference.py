"""A reference solution from its definitions: given numbers, steps and what is asked.

This is the part of an assignment that the graph is made of, apart from files: texts come in, a
:class:`Reference` comes out, and what is wrong is a :class:`DefinitionError` that names the
definition and the character.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reference_solutions.differentiation import Differentiator
from reference_solutions.expression import Apply, Expression, Index, Name
from reference_solutions.formula import FormulaError, parse_formula
from reference_solutions.graph import Array, Every, Family, Graph, GraphError, Key, Ref, instances_of
from reference_solutions.lowering import Builder
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


@dataclass(frozen=True, slots=True)
class _Step:
    key: str
    name: str
    index: tuple[Index, ...]
    expression: Expression


def functions() -> list[str]:
    """The names that a teacher's formula may call."""
    return [*callable_operations(), "grad"]


def read_key(key: str, ranges: Mapping[str, range]) -> tuple[str, tuple[Index, ...]]:
    """``h[t]`` or ``h[-1]`` as a name and its index. Raises :class:`FormulaError`."""
    match = _KEY.match(key)
    if match is None:
        raise FormulaError(f"expected a name such as `L` or `h[t]`, got `{key}`")
    name, inside = match.group(1), match.group(2)
    if name in ranges:
        raise FormulaError(f"`{name}` is an index and can't be a quantity as well")
    if name in callable_operations() or name == "grad":
        raise FormulaError(f"`{name}` is a function and can't be a quantity as well")
    index: list[Index] = []
    for part in inside.split(",") if inside is not None else ():
        text = part.strip()
        if text in ranges:
            index.append(Index(text))
        elif re.fullmatch(r"[-\u2212]?\d{1,6}", text):
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
    arrays, starts = _split_given(ranges, given)
    parsed = [_parse_step(key, text, ranges) for key, text in steps.items()]
    asked = {
        where: _parse(text, ranges, ("questions", *where)) for where, text in answers.items()
    }
    expressions = [step.expression for step in parsed] + list(asked.values())
    builder = Builder(ranges, arrays, _indexed(arrays[0], expressions, ranges), starts)
    _declare(builder, parsed)
    unfused = _asked_derivatives(expressions)
    plain = [step for step in parsed if not _has_gradient(step.expression)]
    for step in plain:
        _define(builder, step, ("steps", step.key))
    for step in parsed:
        if _has_gradient(step.expression):
            definition = ("steps", step.key)
            expression = _with_gradients(builder, step.expression, unfused, definition)
            _define(builder, _Step(step.key, step.name, step.index, expression), definition)
    for where, expression in asked.items():
        definition = ("questions", *where)
        asked[where] = _with_gradients(builder, expression, unfused, definition)
    keys = {where: _target(builder, where, expression) for where, expression in asked.items()}
    graph = _finish(builder)
    targets = []
    for where, key in keys.items():
        if key in graph.dead:
            raise DefinitionError(
                f"{graph.show(key)} is always zero: nothing in it depends on that quantity",
                ("questions", *where),
            )
        if key not in graph.ids:
            raise DefinitionError(f"unknown quantity `{graph.show(key)}`", ("questions", *where))
        targets.append(Target(*where, graph.ids[key], asked[where]))
    return Reference(graph, tuple(targets), dict(ranges))


def _split_given(
    ranges: Mapping[str, range], given: Sequence[Mapping[str, Array]]
) -> tuple[list[dict[str, Array]], list[dict[Key, Array]]]:
    arrays: list[dict[str, Array]] = []
    starts: list[dict[Key, Array]] = []
    for world in given:
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
            if index:
                starts[-1][(name, tuple(part.offset for part in index))] = array
            else:
                arrays[-1][name] = array
    return arrays, starts


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
    arrays: Mapping[str, Array], expressions: Sequence[Expression], ranges: Mapping[str, range]
) -> dict[str, int]:
    """How many leading axes of each given array run over an index somewhere."""
    found: dict[str, int] = {}
    for expression in expressions:
        for node in expression.walk():
            if isinstance(node, Name) and node.name in arrays:
                axes = 0
                for position, index in enumerate(node.index):
                    if index.variable is not None:
                        axes = position + 1
                found[node.name] = max(found.get(node.name, 0), axes)
    return {name: min(axes, arrays[name].ndim) for name, axes in found.items()}


def _declare(builder: Builder, steps: Sequence[_Step]) -> None:
    """Make every step known by name before any formula is read: steps refer to each other."""
    for step in steps:
        constant = all(index.variable is None for index in step.index)
        if step.index and constant:
            index = tuple(part.offset for part in step.index)
            start = (f"{step.name}{list(index)}", ())
            if start[0] in builder.families:
                raise DefinitionError(f"`{step.key}` is defined twice", ("steps", step.key), in_key=True)
            builder.families[start[0]] = Family(start[0], "step", owner=start[0])
            builder.starts.setdefault(step.name, {})[index] = start
            continue
        if any(index.variable is None or index.offset or index.scale != 1 for index in step.index):
            raise DefinitionError(
                "a step is defined at a plain index (`h[t]`) or a constant one (`h[0]`)",
                ("steps", step.key),
                in_key=True,
            )
        if step.name in builder.families:
            raise DefinitionError(
                f"`{step.name}` is defined twice", ("steps", step.key), in_key=True
            )
        variables = tuple(index.variable or "" for index in step.index)
        builder.families[step.name] = Family(
            step.name,
            "step",
            variables,
            instances_of([builder.ranges[variable] for variable in variables]),
            owner=step.name,
        )
    for name, starts in builder.starts.items():
        if name not in builder.families:
            key = next(iter(starts.values()))[0]
            section = "given" if builder.families[key].kind == "given" else "steps"
            raise DefinitionError(
                f"`{key}` is a starting value, but there is no step `{name}[…]`",
                (section, key),
                in_key=True,
            )


def _define(builder: Builder, step: _Step, definition: tuple[str, ...]) -> None:
    try:
        if step.index and all(index.variable is None for index in step.index):
            index = [part.offset for part in step.index]
            builder.define(f"{step.name}{index}", (), step.expression)
        else:
            variables = tuple(part.variable or "" for part in step.index)
            builder.define(step.name, variables, step.expression)
    except FormulaError as error:
        message = error.message
        if message.startswith("unknown quantity"):
            message += f" requested by `{step.key}`"
        raise DefinitionError(message, definition, error.offset) from None


# --- gradients --------------------------------------------------------------------------------


def _has_gradient(expression: Expression) -> bool:
    return any(isinstance(node, Apply) and node.operation == "grad" for node in expression.walk())


def _asked_derivatives(expressions: Sequence[Expression]) -> set[str]:
    """The quantities whose own gradient somebody asks for."""
    found = set()
    for expression in expressions:
        for node in expression.walk():
            if isinstance(node, Apply) and node.operation == "grad" and len(node.args) == 2:
                by = node.args[1]
                if isinstance(by, Name):
                    found.add(by.name)
    return found


def _with_gradients(
    builder: Builder, expression: Expression, unfused: set[str], definition: tuple[str, ...]
) -> Expression:
    """``expression`` with every ``grad(L, X)`` replaced by the adjoint quantity, which is made."""
    if not isinstance(expression, Apply):
        return expression
    args = tuple(_with_gradients(builder, arg, unfused, definition) for arg in expression.args)
    expression = Apply(expression.operation, args, expression.params, expression.start)
    if expression.operation != "grad":
        return expression
    try:
        return _gradient(builder, expression, unfused)
    except FormulaError as error:
        raise DefinitionError(error.message, definition, error.offset or expression.start) from None
    except GraphError as error:
        raise _graph_error(builder, error) from None


def _gradient(builder: Builder, call: Apply, unfused: set[str]) -> Expression:
    if len(call.args) != 2:
        raise FormulaError(f"`grad` takes a loss and a quantity, got {len(call.args)} operands", call.start)
    loss, by = call.args
    if not isinstance(loss, Name):
        name = f"loss {sum(f.startswith('loss ') for f in builder.families)}"
        builder.define(name, (), loss)
        loss = Name(name, (), call.start)
    if not isinstance(by, Name):
        raise FormulaError("`grad` takes the derivative by a quantity such as `W` or `h[1]`", call.start)
    root, rest = builder.reference(loss)
    if isinstance(root, Every) or rest or any(index.variable is not None for index in root.index):
        raise FormulaError("`grad` takes the derivative of one number, such as `L` or `l[0]`", loss.start)
    reference, _ = builder.reference(by)
    differentiator = Differentiator(builder, root, unfused)
    adjoint = differentiator.name(reference.family)
    if adjoint not in builder.families:
        differentiator.run()
    if adjoint not in builder.families:
        raise FormulaError(
            f"{differentiator.root_name} does not depend on `{by.name}`", by.start
        )
    return Name(adjoint, by.index, call.start)


# --- targets and the end ----------------------------------------------------------------------


def _target(builder: Builder, where: tuple[str, str], expression: Expression) -> Key:
    definition = ("questions", *where)
    try:
        if isinstance(expression, Name):
            reference, rest = builder.reference(expression)
            if isinstance(reference, Ref) and not rest:
                bad = [index.variable for index in reference.index if index.variable is not None]
                if bad:
                    raise FormulaError(f"an answer is one quantity: give `{bad[0]}` a number", expression.start)
                key = (reference.family, tuple(index.offset for index in reference.index))
                return _existing(builder, key, expression.start)
        name = f"{where[0]}/{where[1]}"
        builder.define(name, (), expression)
        return (name, ())
    except FormulaError as error:
        raise DefinitionError(error.message, definition, error.offset) from None


def _existing(builder: Builder, key: Key, offset: int) -> Key:
    family = builder.families[key[0]]
    if key[1] not in family.instances and key[1] not in family.extra:
        known = ", ".join(map(str, (list(i) if len(i) > 1 else i[0] for i in family.instances)))
        raise FormulaError(f"`{key[0]}` has no index {list(key[1])}; it has {known}", offset)
    return key


def _finish(builder: Builder) -> Graph:
    try:
        graph = builder.graph()
    except GraphError as error:
        raise _graph_error(builder, error) from None
    for node, message in graph.errors().items():
        family = graph.families[graph.nodes[node].key[0]]
        if family.kind in ("step", "part"):
            raise DefinitionError(
                f"{graph.show((family.owner, graph.nodes[node].key[1]))} can't be computed: {message}",
                _definition_of(family),
                getattr(family.expression, "start", 0),
            )
    for node, key in enumerate(graph.nodes):
        value = graph.value(node)
        family = graph.families[key.key[0]]
        if value is not None and family.kind == "step" and not np.all(np.isfinite(value)):
            raise DefinitionError(
                f"{graph.show(key.key)} is not a finite number with these given numbers",
                _definition_of(family),
                getattr(family.expression, "start", 0),
            )
    return graph


def _definition_of(family: Family) -> tuple[str, ...]:
    owner = family.owner or family.name
    if "/" in owner:
        return ("questions", *owner.split("/", 1))
    variables = ", ".join(family.variables)
    return ("steps", f"{owner}[{variables}]" if variables else owner)


def _graph_error(builder: Builder, error: GraphError) -> DefinitionError:
    family = builder.families.get(error.family)
    if family is None:
        return DefinitionError(error.message, ("steps",))
    owner = builder.families.get(family.owner, family)
    return DefinitionError(
        error.message, _definition_of(owner), getattr(family.expression, "start", 0)
    )
