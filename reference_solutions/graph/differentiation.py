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

from reference_solutions.graph.family import (
    Constant,
    Every,
    Family,
    Gather,
    Input,
    Ref,
    Rule,
)
from reference_solutions.graph.graph import Graph
from reference_solutions.graph.leaf import Leaf
from reference_solutions.graph.lowering import Builder
from reference_solutions.graph.node import Array
from reference_solutions.language.expression import Expression, Index, apply
from reference_solutions.language.formula_error import FormulaError
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Derivative, Operation


class Differentiator:
    """Makes the adjoint families of one root. ``name(X)`` is the family that is dL/dX."""

    def __init__(
        self, builder: Builder, root: Ref, unfused: Iterable[str] = (), written: str = ""
    ) -> None:
        """Prepare; ``unfused`` are families whose own adjoint is asked for.

        A pair such as cross-entropy of softmax is differentiated in one piece (p - onehot(y)), as
        people do, unless the sheet asks for the derivative in between. ``written`` is how the sheet
        writes the root, where that is no name (``l[0] + l[1]``). Raises :class:`GraphError`.
        """
        self.builder = builder
        self.root = root
        self.relevant = self._ancestors()
        self.graph: Graph = builder.graph_of(self.relevant)
        self.root_index = tuple(index.offset for index in root.index)
        self.root_name = written or self.graph.show((root.family, self.root_index))
        self.unfused = frozenset(unfused)
        self.gathers: dict[str, list[tuple[str, Input]]] = {}
        self.paths: list[tuple[str, Family, Expression]] = []

    def name(self, family: str) -> str:
        """Return the name of the adjoint of ``family``."""
        return f"grad({self.root_name}, {family})"

    def run(self) -> None:
        """Add the adjoints of everything that the root depends on to the builder.

        Raises :class:`FormulaError` where the root is no single number.
        """
        node = self.graph.ids.get((self.root.family, self.root_index))
        value = None if node is None else self.graph.value(node)
        if value is not None and value.ndim != 0:
            raise FormulaError(
                "`grad` takes the derivative of a number, but "
                f"{self.root_name} has shape {value.shape}"
            )
        for family in self.relevant:
            self.gathers.setdefault(family, [])
        for family in self.relevant:
            self._consume(self.builder.families[family])
        reached = self._reached()
        for consumer, path, expression in self.paths:
            if consumer in reached:
                self.builder.lower_root(path, expression)
        for family in self.relevant:
            if family in reached:
                self._close(self.builder.families[family], reached)

    def _ancestors(self) -> dict[str, None]:
        """Return the families that the root depends on, and itself, in a fixed order."""
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
            if family.kind == "adjoint":
                pending.append(family.of)
        return found

    def _reached(self) -> set[str]:
        """Return the families that receive anything; a fused pair skips the one within."""
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

    def _leaf(self, item: Input) -> Leaf:
        if isinstance(item, Constant):
            return Leaf(item, (), (np.asarray(item.value),))
        assert isinstance(item, Ref), f"{item} is no operand of a derivative rule"
        return Leaf(item, *self._values(item.family))

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
        for start in dict.fromkeys(key[0] for key in family.extra.values()):
            # A starting value h[-1] is the family it stands for, seen at that index.
            stands = self.builder.families[start]
            if stands.is_start:
                seen = Ref(self.name(family.name), stands.start)
                self.gathers[start].append((family.name, seen))
        if rule is None:
            return
        if rule.operation.gathers:
            self._consume_gathered(family, rule)
            return
        if any(isinstance(item, Every | Gather) for item in rule.inputs):
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
        return g, out, [self._leaf(item) for item in rule.inputs]

    def _path(  # noqa: PLR0913, PLR0917 - one argument for each part of a path
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
                self._lower(kept[mistake], name, family, wrong_expression, item.family, position)
        self._lower(name, "", family, expression, item.family, position, kept)
        self.gathers[item.family].append((family.name, Gather(name, item.index)))

    def _lower(  # noqa: PLR0913, PLR0917 - one argument for each part of a path
        self,
        name: str,
        variant_of: str,
        consumer: Family,
        expression: Expression,
        of: str,
        position: int,
        variants: dict[str, str] | None = None,
    ) -> None:
        path = Family(
            name,
            "variant" if variant_of else "path",
            consumer.variables,
            tuple(index for index in consumer.instances if index not in consumer.extra),
            expression=expression,
            owner=self.name(of),
            of=of,
            via=consumer.name,
            position=position,
            root=self.root_name,
            variants=variants or {},
            variant_of=variant_of,
        )
        self.paths.append((consumer.name, path, expression))

    def _consume_stack(self, family: Family, rule: Rule) -> None:
        """Hand each of the stacked values its own entry of the stack's gradient."""
        item = rule.inputs[0]
        assert isinstance(item, Every | Gather)
        source = self.builder.families[item.family]
        outer = item.pattern if isinstance(item, Gather) else ()
        g = Leaf(Ref(self.name(family.name), outer), self._values(family.name)[0])
        fixed = {index.variable for index in outer}
        instances = self.graph.regular(source)
        at = tuple(
            Index(variable, -min(values))
            for variable, values in zip(source.variables, zip(*instances, strict=True), strict=True)
            if variable not in fixed
        )
        name = f"{self.name(item.family)} via {family.name}.0"
        spanned = replace(source, name=family.name, instances=instances, extra={})
        self._lower(name, "", spanned, apply("item", g, index=at), item.family, 0)
        pattern = tuple(Index(variable) for variable in source.variables)
        self.gathers[item.family].append((family.name, Gather(name, pattern)))

    def _consume_gathered(self, family: Family, rule: Rule) -> None:
        """Treat an adjoint as a quantity in its own right, for the derivative of a gradient.

        It adds up what it gathers, so each gathered value receives the gradient of the sum that it
        went into; the seed of the root is a constant.
        """
        for position, item in enumerate(rule.inputs):
            if isinstance(item, Gather):
                self.gathers[item.family].append(
                    (family.name, Ref(self.name(family.name), item.pattern))
                )
            elif isinstance(item, Ref):
                own = tuple(Index(variable) for variable in family.variables)
                g = Leaf(Ref(self.name(family.name), own), self._values(family.name)[0])
                name = f"{self.name(item.family)} via {family.name}.{position}"
                self._lower(name, "", family, apply("identity", g), item.family, position)
                self.gathers[item.family].append((family.name, Gather(name, item.index)))

    # --- fused pairs --------------------------------------------------------------------------

    def _fusable(self, family: Family, rule: Rule) -> tuple[Ref, Family, Operation] | None:
        """Return the inner family if ``rule`` and the operation below it go together."""
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

    def _fuse(
        self, family: Family, rule: Rule, item: Ref, inner: Family, operation: Operation
    ) -> None:
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
                self._lower(kept[mistake.id], name, family, wrong_expression, scores.family, 0)
        self._lower(name, "", family, expression, scores.family, rule.operation.fused_operand, kept)
        self.gathers[scores.family].append((family.name, Gather(name, pattern)))

    # --- adjoints -----------------------------------------------------------------------------

    def _close(self, family: Family, reached: set[str]) -> None:
        """Return the adjoint of ``family``: everything gathered, and 1 at the root."""
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
        instances = tuple(dict.fromkeys((*family.instances, *family.extra)))
        self.builder.add(
            Family(
                name,
                "adjoint",
                family.variables,
                instances,
                Rule(
                    operations()["accumulate"],
                    tuple(item for via, item in self.gathers[family.name] if via in reached),
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
