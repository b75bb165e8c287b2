"""The steps and answers of a reference, each defined after what its gradients need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from reference_solutions.definition_text import (
    DefinitionError,
    Step,
    UndefinedError,
    counted,
)
from reference_solutions.graph import (
    MAX_GRAPH_NODES,
    Every,
    Family,
    Graph,
    GraphError,
    Key,
    Ref,
    instances_of,
)
from reference_solutions.graph.differentiation import Differentiator
from reference_solutions.graph.lowering import Builder
from reference_solutions.language.expression import Apply, Expression, Name
from reference_solutions.language.formula import names_in
from reference_solutions.language.formula_error import FormulaError
from reference_solutions.language.source_text import source_text


class Definitions:
    """Defines the steps and answers of one reference, each after what its gradients need."""

    def __init__(self, builder: Builder, steps: Sequence[Step], unfused: set[str]) -> None:
        self.builder = builder
        self.steps = steps
        self.unfused = unfused
        self.places: dict[str, tuple[str, ...]] = {}
        self.asked: dict[tuple[str, str], Expression] = {}
        self.losses: dict[str, str] = {}
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
        if family is not None and family.kind == "given":
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
                f"{counted(len(call.args) + len(call.params), 'operand', 'operands')}",
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


def asked_derivatives(expressions: Sequence[Expression]) -> set[str]:
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
