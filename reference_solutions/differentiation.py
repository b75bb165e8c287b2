"""Reverse-mode differentiation of families: the backward pass as a graph like any other.

For a scalar root L every quantity X that L depends on gets an adjoint family ``dL/dX`` that adds up
what X's consumers hand back. A consumer F[t] that refers to X by an index expression (``h[t-1]``)
hands back a family over its own index; the adjoint gathers it by the inverse of that reference
(``t+1``), so backpropagation through time is written once, and so is the mistake of going the wrong
way. The rules are those of the operations' modules (Griewank and Walther, Evaluating Derivatives,
2nd ed., 2008, chapter 3: non-incremental reverse mode).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from reference_solutions.expression import Expression, Index, apply
from reference_solutions.formula import FormulaError
from reference_solutions.graph import (
    Array,
    Constant,
    Every,
    Family,
    Gather,
    Graph,
    Input,
    Kind,
    Ref,
    Rule,
)
from reference_solutions.lowering import Builder, Leaf
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Derivative, Operation


class Differentiator:
    """Makes the adjoint families of one root. ``name(X)`` is the family that is dL/dX."""

    def __init__(self, builder: Builder, root: Ref, unfused: Iterable[str] = ()) -> None:
        """Prepare; ``unfused`` are families whose own adjoint is asked for.

        A pair such as cross-entropy of softmax is differentiated in one piece (p - onehot(y)), as
        people do, unless the sheet asks for the derivative in between.
        """
        self.builder = builder
        self.graph: Graph = builder.graph()
        self.root = root
        self.root_index = tuple(index.offset for index in root.index)
        self.root_name = self.graph.show((root.family, self.root_index))
        self.unfused = frozenset(unfused)
        self.gathers: dict[str, list[tuple[str, Input]]] = {}
        self.paths: list[tuple[str, Family, Expression]] = []

    def name(self, family: str) -> str:
        """The name of the adjoint of ``family``."""
        return f"grad({self.root_name}, {family})"

    def run(self) -> None:
        """Add the adjoints of everything that the root depends on to the builder."""
        value = self.graph.value(self.graph.find(self.root.family, *self.root_index))
        if value is not None and value.ndim != 0:
            raise FormulaError(
                f"`grad` takes the derivative of a number, but {self.root_name} has shape {value.shape}"
            )
        relevant = self._ancestors()
        for family in relevant:
            self.gathers.setdefault(family, [])
        for family in relevant:
            self._consume(self.builder.families[family])
        reached = self._reached()
        for consumer, path, expression in self.paths:
            if consumer in reached:
                self.builder.lower_root(path, expression)
        for family in relevant:
            if family in reached:
                self._close(self.builder.families[family], reached)

    def _ancestors(self) -> list[str]:
        found: dict[str, None] = {}
        pending = [self.root.family]
        while pending:
            name = pending.pop()
            if name in found:
                continue
            found[name] = None
            family = self.builder.families[name]
            for item in family.rule.inputs if family.rule else ():
                if not isinstance(item, Constant):
                    pending.append(item.family)
            pending.extend(key[0] for key in family.extra.values())
        return list(found)

    def _reached(self) -> set[str]:
        """The families that the root hands anything back to; a fused pair skips the one within."""
        receivers: dict[str, set[str]] = {}
        for family, gathered in self.gathers.items():
            for consumer, _ in gathered:
                receivers.setdefault(consumer, set()).add(family)
        found: set[str] = set()
        pending = [self.root.family]
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending.extend(receivers.get(name, ()))
        return found

    # --- what one consumer hands back ---------------------------------------------------------

    def _leaf(self, item: Input, bindings: Family) -> Leaf:
        if isinstance(item, Constant):
            return Leaf(item, (), (np.asarray(item.value),))
        if isinstance(item, Ref):
            return Leaf(item, *self._values(item.family))
        raise AssertionError(f"{bindings.name}: {item} is no operand of a derivative rule")

    def _values(self, family: str) -> tuple[tuple[int, ...], tuple[Array, ...]]:
        arrays = []
        for index in self.builder.families[family].instances:
            node = self.graph.ids.get((family, index))
            value = None if node is None else self.graph.value(node)
            if value is not None:
                arrays.append(value)
        return (arrays[0].shape if arrays else ()), tuple(arrays)

    def _consume(self, family: Family) -> None:
        rule = family.rule
        for index, key in family.extra.items():
            # A starting value h[-1] is the family it stands for, seen at that index.
            start = Ref(self.name(family.name), tuple(Index(None, i) for i in index))
            self.gathers[key[0]].append((family.name, start))
        if rule is None:
            return
        if any(isinstance(item, Every) for item in rule.inputs):
            self._consume_stack(family, rule)
            return
        fused = self._fusable(family, rule)
        for position, item in enumerate(rule.inputs):
            if not isinstance(item, Ref):
                continue
            if fused is not None and position == rule.operation.fused_operand:
                self._fuse(family, rule, *fused)
                continue
            derivative = rule.operation.derivative(position)
            if derivative is None:
                continue
            variants = {
                mistake.id: mistake.backward[position]
                for mistake in rule.operation.mistakes
                if position in mistake.backward
            }
            self._path(family, rule, item, position, derivative, variants)

    def _operands(self, family: Family, rule: Rule) -> tuple[Leaf, Leaf, list[Leaf]]:
        own = tuple(Index(variable) for variable in family.variables)
        shape, arrays = self._values(family.name)
        g = Leaf(Ref(self.name(family.name), own), shape)
        out = Leaf(Ref(family.name, own), shape, arrays)
        return g, out, [self._leaf(item, family) for item in rule.inputs]

    def _path(
        self,
        family: Family,
        rule: Rule,
        item: Ref,
        position: int,
        derivative: Derivative,
        variants: dict[str, Derivative],
    ) -> None:
        g, out, operands = self._operands(family, rule)
        params = dict(rule.params)

        def handed_back(by: Derivative) -> Expression | None:
            result = by(g, out, *operands, **params)
            if result is None:
                return None
            target = operands[position].shape
            if rule.operation.broadcasts and target != out.shape:
                return apply("sum_to", result, shape=target)
            return result

        expression = handed_back(derivative)
        if expression is None:
            return
        name = f"{self.name(item.family)} via {family.name}.{position}"
        kept: dict[str, str] = {}
        for mistake, wrong in variants.items():
            wrong_expression = handed_back(wrong)
            if wrong_expression is not None:
                kept[mistake] = f"{name} ~ {mistake}"
                self._lower(kept[mistake], "variant", family, wrong_expression, item.family, position)
        self._lower(name, "path", family, expression, item.family, position, kept)
        self.gathers[item.family].append((family.name, Gather(name, item.index)))

    def _lower(
        self,
        name: str,
        kind: Kind,
        consumer: Family,
        expression: Expression,
        of: str,
        position: int,
        variants: dict[str, str] | None = None,
    ) -> None:
        path = Family(
            name,
            kind,
            consumer.variables,
            consumer.instances,
            expression=expression,
            owner=self.name(of),
            of=of,
            via=consumer.name,
            position=position,
            root=self.root_name,
            variants=variants or {},
        )
        self.paths.append((consumer.name, path, expression))

    def _consume_stack(self, family: Family, rule: Rule) -> None:
        item = rule.inputs[0]
        assert isinstance(item, Every)
        source = self.builder.families[item.family]
        if len(source.variables) != 1:
            raise FormulaError(
                f"the gradient through all of `{item.family}` needs a single index, "
                f"got {len(source.variables)}"
            )
        first = source.instances[0][0]
        variable = source.variables[0]
        g = Leaf(Ref(self.name(family.name)), self._values(family.name)[0])
        name = f"{self.name(item.family)} via {family.name}"
        expression = apply("item", g, index=(Index(variable, -first),))
        self._lower(name, "path", replace(source, name=family.name), expression, item.family, 0)
        self.gathers[item.family].append((family.name, Gather(name, (Index(variable),))))

    # --- fused pairs --------------------------------------------------------------------------

    def _fusable(self, family: Family, rule: Rule) -> tuple[Ref, Family, Operation] | None:
        """The inner family if ``rule`` and the operation that made its operand go together."""
        operation = rule.operation
        if not operation.fused or len(rule.inputs) <= operation.fused_operand:
            return None
        item = rule.inputs[operation.fused_operand]
        if not isinstance(item, Ref) or item.family in self.unfused:
            return None
        inner = self.builder.families[item.family]
        if inner.rule is None or inner.extra or inner.rule.operation.name not in operation.fused:
            return None
        if not isinstance(inner.rule.inputs[0], Ref) or inner.rule.params:
            return None
        if operation.fused[inner.rule.operation.name](*self._fused_operands(family, rule)) is None:
            return None
        return item, inner, inner.rule.operation

    def _fused_operands(self, family: Family, rule: Rule) -> tuple[Leaf, ...]:
        g, out, operands = self._operands(family, rule)
        return (g, out, *operands)

    def _fuse(self, family: Family, rule: Rule, item: Ref, inner: Family, operation: Operation) -> None:
        """Hand back past ``inner``, straight to its own first operand."""
        assert inner.rule is not None
        scores = inner.rule.inputs[0]
        assert isinstance(scores, Ref)
        operands = self._fused_operands(family, rule)
        expression = rule.operation.fused[operation.name](*operands)
        assert expression is not None
        # The score that the consumer's own index leads to, through the inner quantity's index.
        steps = dict(zip(inner.variables, item.index, strict=True))
        pattern = tuple(_compose(index, steps) for index in scores.index)
        name = f"{self.name(scores.family)} via {family.name}.{rule.operation.fused_operand}"
        kept: dict[str, str] = {}
        for mistake in rule.operation.mistakes:
            wrong = mistake.fused.get(operation.name)
            wrong_expression = None if wrong is None else wrong(*operands)
            if wrong_expression is not None:
                kept[mistake.id] = f"{name} ~ {mistake.id}"
                self._lower(
                    kept[mistake.id], "variant", family, wrong_expression, scores.family, 0
                )
        self._lower(
            name, "path", family, expression, scores.family, rule.operation.fused_operand, kept
        )
        self.gathers[scores.family].append((family.name, Gather(name, pattern)))

    # --- adjoints -----------------------------------------------------------------------------

    def _close(self, family: Family, reached: set[str]) -> None:
        """The adjoint of ``family``: everything gathered, and 1 at the root."""
        name = self.name(family.name)
        extra = {}
        if family.name == self.root.family:
            seed = f"{name} seed"
            self.builder.add(
                Family(
                    seed,
                    "backward",
                    rule=Rule(operations()["identity"], (Constant(1.0),)),
                    owner=name,
                )
            )
            extra[self.root_index] = (seed, ())
        instances = (*family.instances, *family.extra)
        self.builder.add(
            Family(
                name,
                "adjoint",
                family.variables,
                instances,
                Rule(
                    operations()["accumulate"],
                    tuple(item for consumer, item in self.gathers[family.name] if consumer in reached),
                ),
                extra,
                owner=name,
                of=family.name,
                root=self.root_name,
            )
        )


def _compose(index: Index, steps: dict[str, Index]) -> Index:
    if index.variable is None:
        return index
    inner = steps[index.variable]
    return Index(
        inner.variable, index.scale * inner.offset + index.offset, index.scale * inner.scale
    )
