"""A reference solution from its definitions: given numbers, steps and what is asked.

This is the part of an assignment that the graph is made of, apart from files: texts come in, a
:class:`Reference` comes out, and what is wrong is a :class:`DefinitionError` that names the
definition and the character.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reference_solutions.declared_mistakes import (
    Declared,
    DeclaredEdit,
    check_mistakes,
    define_mistakes,
)
from reference_solutions.definition_text import (
    DefinitionError,
    check_function_names,
    parse_definition,
    parse_step,
)
from reference_solutions.definitions import Definitions
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Expression
from reference_solutions.given_quantities import axes_that_run, given_one_by_one, split_given
from reference_solutions.graph import (
    MAX_GRAPH_NODES,
    Array,
    Graph,
    Key,
)
from reference_solutions.graph.index_variables import with_indices_as_numbers
from reference_solutions.graph.lowering import Builder


@dataclass(frozen=True, slots=True)
class Target:
    """What one answer asks for: a node of the graph, and the expression as it was written."""

    question: str
    answer: str
    node: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference graph and the nodes that are asked for, in the assignment's order.

    ``mistakes`` are those that the sheet declares.
    """

    graph: Graph
    targets: tuple[Target, ...]
    ranges: Mapping[str, range]
    mistakes: tuple[DeclaredEdit, ...] = ()

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
        worlds = [[self.keyed(world) for world in one] for one in sets]
        try:
            graphs = self.graph.each_with_given(worlds)
        except ValueError as error:
            raise DefinitionError(str(error), ("given",)) from None
        for graph in graphs:
            self._check(graph)
        return tuple(replace(self, graph=graph) for graph in graphs)

    def keyed(self, world: Mapping[str, Array]) -> dict[Key, Array]:
        """Return given numbers by the quantities that they are values of.

        Raises :class:`DefinitionError` for what is no given quantity.
        """
        found_arrays, found_starts = split_given(self.ranges, [world])
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


def build_reference(
    ranges: Mapping[str, range],
    given: Sequence[Mapping[str, Array]],
    steps: Mapping[str, str],
    answers: Mapping[tuple[str, str], str],
    mistakes: Sequence[Declared] = (),
) -> Reference:
    """Build the graph.

    ``ranges`` are the index variables; ``given`` maps names (or single instances, ``h[-1]``) to
    arrays, one mapping for each world of sampled symbols; ``steps`` maps ``h[t]`` to formulas;
    ``answers`` maps (question, answer) to formulas; ``mistakes`` are those that the sheet declares.
    Raises :class:`DefinitionError`.
    """
    _check_ranges(ranges)
    arrays, starts = split_given(ranges, given)
    parsed = [
        replace(step, expression=with_indices_as_numbers(step.expression, step.variables))
        for step in (parse_step(key, text, ranges) for key, text in steps.items())
    ]
    asked = {
        where: parse_definition(text, ranges, ("questions", *where))
        for where, text in answers.items()
    }
    known = {key[0]: ("given", f"{key[0]}{list(key[1])}") for key in starts[0]}
    known |= {name: ("given", name) for name in arrays[0]}
    known |= {step.name: ("steps", step.key) for step in parsed}
    check_function_names(known, [*steps.values(), *answers.values()])
    expressions = [step.expression for step in parsed] + list(asked.values())
    indexed = axes_that_run(arrays[0], starts[0], expressions)
    sequences = given_one_by_one(arrays[0], starts, parsed, expressions)
    try:
        builder = Builder(ranges, arrays, indexed, starts, sequences)
    except FormulaError as error:
        raise DefinitionError(error.message, ("given",)) from None
    made = Definitions(builder, parsed, expressions)
    made.declare(starts[0])
    for step in parsed:
        made.define(step)
    keys = {where: made.target(where, expression) for where, expression in asked.items()}
    edits = define_mistakes(made, parsed, ranges, keys, mistakes)
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
    check_mistakes(graph, edits)
    return Reference(graph, tuple(targets), dict(ranges), edits)


def _inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether an array of ``shape`` has a value at ``index``."""
    return len(index) <= len(shape) and all(
        0 <= at < size for at, size in zip(index, shape, strict=False)
    )


def _check_ranges(ranges: Mapping[str, range]) -> None:
    for name, values in ranges.items():
        if not 0 < len(values) <= MAX_GRAPH_NODES:
            raise DefinitionError(
                f"the index `{name}` runs over {len(values)} values: "
                f"expected from 1 to {MAX_GRAPH_NODES}",
                ("index", name),
            )
