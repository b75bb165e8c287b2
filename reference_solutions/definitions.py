"""The steps and answers of a reference, each defined after what its gradients need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from reference_solutions.advice import on_misfit, on_not_finite, on_unknown
from reference_solutions.definition_text import (
    DefinitionError,
    Step,
    UndefinedError,
    counted,
)
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Name
from reference_solutions.gradients import Gradients, existing
from reference_solutions.graph import (
    MAX_GRAPH_NODES,
    Family,
    Graph,
    GraphError,
    Key,
    Ref,
    instances_of,
)
from reference_solutions.graph.lowering import Builder
from reference_solutions.language.formula import names_in


class Definitions:
    """Defines the steps and answers of one reference, each after what its gradients need."""

    def __init__(
        self, builder: Builder, steps: Sequence[Step], expressions: Sequence[Expression]
    ) -> None:
        """Prepare; ``expressions`` are all formulas of the sheet, of steps and of answers."""
        self.builder = builder
        self.steps = steps
        self.gradients = Gradients(self, expressions)
        self.places: dict[str, tuple[str, ...]] = {}
        self.asked: dict[tuple[str, str], Expression] = {}
        self.state: dict[str, str] = {}
        self.by_name: dict[str, list[Step]] = {}
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
                    f"expected {counted(len(family.variables), 'index', 'indices')}, "
                    f"got {len(index)}",
                    place,
                    in_key=True,
                )
        if family is not None:
            self.builder.families[name] = replace(family, extra=starts)

    # --- one step after the other -------------------------------------------------------------

    def define(self, step: Step) -> None:
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
        family = self.builder.families[step.family]
        try:
            same = self._names_of_gradient(family, expression)
            if same:
                self.builder.define_as(family, same, expression)
            else:
                self.builder.define(family, expression)
        except FormulaError as error:
            raise self._error(error, place, step.key, expression) from None
        self.state[step.family] = "done"

    def _names_of_gradient(
        self, family: Family, expression: Expression
    ) -> dict[tuple[int, ...], Key] | None:
        """Return the gradient that a step gives a name to, for each index; None for another step.

        Such a step is the gradient itself, which others in the backward pass are computed from.
        """
        if not isinstance(expression, Name) or family.extra:
            return None
        reference, rest = self.builder.reference(expression)
        of = self.builder.families[reference.family]
        if of.kind != "adjoint" or rest or not isinstance(reference, Ref):
            return None
        used = {part.variable for part in reference.index}
        if not used <= {None, *family.variables}:
            return None
        found = {}
        for index in family.instances:
            bindings = family.bindings(index)
            found[index] = (of.name, tuple(part.at(bindings) for part in reference.index))
        known = {*of.instances, *of.extra}
        return found if all(at in known for _, at in found.values()) else None

    def is_begun(self, step: Step) -> bool:
        """Whether a step is being defined just now."""
        return self.state.get(step.family) == "begun"

    def differentiated(self, expression: Expression, place: tuple[str, ...]) -> Expression:
        """``expression`` with every ``grad(L, X)`` replaced by the adjoint, which is made."""
        if not isinstance(expression, Apply):
            return expression
        written = expression
        try:
            if written.operation == "grad" and len(written.args) == 2:
                self.gradients.define_what_is_needed(written)
            args = tuple(self.differentiated(arg, place) for arg in written.args)
            expression = Apply(written.operation, args, written.params, written.start)
            if expression.operation != "grad":
                return expression
            return self.gradients.adjoint(expression, written)
        except FormulaError as error:
            offset = error.offset or expression.start
            requested_by = place[1] if place[0] == "steps" else place[-1]
            raise self._error(_at(error, offset), place, requested_by, written) from None
        except GraphError as error:
            raise self._graph_error(error) from None

    def _error(
        self,
        error: FormulaError,
        place: tuple[str, ...],
        requested_by: str,
        expression: Expression,
    ) -> DefinitionError:
        message = error.message
        name = error.unknown
        if name:
            message += f" requested by `{requested_by}`"
            if name in self.builder.ranges:
                message += f"; `{name}` is an index: it stands in brackets, as in `h[{name}]`"
            else:
                message += on_unknown(name, expression, self.builder.families)
                if len(name) == 1 and self.builder.ranges and _is_in_brackets(name, expression):
                    known = ", ".join(f"`{index}`" for index in self.builder.ranges)
                    message += f"; the only indices are {known}"
        return DefinitionError(message, place, error.offset)

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
                    return existing(self.builder, key, expression.start)
            self.builder.define(Family(name, "step", answer=where[1]), expression)
            return (name, ())
        except FormulaError as error:
            raise self._error(error, place, where[1], expression) from None

    def define_variant(
        self, family: Family, expression: Expression, place: tuple[str, ...]
    ) -> None:
        """Define what nothing of the reference takes: what a mistake has in place of something."""
        self.places[family.name] = place
        try:
            self.builder.define(family, self.differentiated(expression, place))
        except FormulaError as error:
            raise self._error(error, place, place[1], expression) from None

    def finish(self) -> Graph:
        """Return the graph of all that was defined, in which every step has a finite value."""
        try:
            graph = self.builder.graph()
        except GraphError as error:
            raise self._graph_error(error) from None
        self.check_values(graph)
        return graph

    def check_values(self, graph: Graph) -> None:
        """Refuse a step that has no value, or none that is finite."""
        for node, message in graph.errors().items():
            name, index = graph.nodes[node].key
            family = graph.families[name]
            if family.kind in ("step", "part"):
                said = f"can't be computed: {message}{on_misfit(graph, node)}"
                raise self._value_error(graph, family, index, said)
        for world in range(graph.worlds):
            for node, known in enumerate(graph.nodes):
                value = graph.value(node, world)
                family = graph.families[known.key[0]]
                if value is None or family.kind not in ("step", "given"):
                    continue
                if not np.all(np.isfinite(value)):
                    message = "is not a finite number with these given numbers"
                    message += on_not_finite(graph, node, world)
                    raise self._value_error(graph, family, known.key[1], message)

    def check_target(self, graph: Graph, node: int, where: tuple[str, str]) -> None:
        """Refuse an answer whose value can't be computed."""
        for world in range(graph.worlds):
            value = graph.value(node, world)
            if value is None or not np.all(np.isfinite(value)):
                reasons = [
                    f"{message}{on_misfit(graph, failed)}"
                    for failed, message in graph.errors().items()
                    if graph.depends(node, failed)
                ]
                because = f": {reasons[0]}" if reasons else " with these given numbers"
                if not reasons:
                    because += on_not_finite(graph, node, world)
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


def _is_in_brackets(name: str, expression: Expression) -> bool:
    return any(
        isinstance(node, Apply)
        and node.operation == "pick"
        and isinstance(node.args[1], Name)
        and node.args[1].name == name
        for node in expression.walk()
    )


def _at(error: FormulaError, offset: int) -> FormulaError:
    return FormulaError(error.message, offset, error.unknown)


def _start(family: Family) -> int:
    return getattr(family.expression, "start", 0)
