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

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Expression, Index, Name, apply
from reference_solutions.graph.family import (
    Constant,
    Every,
    Family,
    Gather,
    Input,
    Ref,
    Rule,
)
from reference_solutions.graph.frames import (
    Frame,
    Root,
    frames_between,
    seen_input,
    seen_start,
)
from reference_solutions.graph.leaf import Leaf
from reference_solutions.graph.leaves import Leaves
from reference_solutions.graph.lowering import Builder
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Derivative, Operation


class Differentiator:
    """Makes the adjoint families of one root. ``name(frame)`` is the family that is dL/dX."""

    def __init__(self, builder: Builder, root: Root, unfused: Iterable[str] = ()) -> None:
        """Prepare; ``unfused`` are families whose own adjoint is asked for.

        A pair such as cross-entropy of softmax is differentiated in one piece (p - onehot(y)), as
        people do, unless the sheet asks for the derivative in between. Raises :class:`GraphError`.
        """
        self.builder = builder
        self.root = root
        self.first = root.first(builder.families)
        self.gathers: dict[Frame, list[tuple[Frame, Input]]] = {
            frame: [] for frame in frames_between(root, builder.families)
        }
        if root.variables:
            self.graph = builder.graph_up_to(self.first)
        else:
            self.graph = builder.graph_of({frame.family: None for frame in self.gathers})
        self.leaves = Leaves(builder.families, self.graph)
        self.root_name = root.written or self.graph.show(self.first)
        self.unfused = frozenset(unfused)
        self.paths: list[tuple[Frame, Family, Expression]] = []

    def name(self, frame: Frame) -> str:
        """Return the name of the adjoint of a family, as the root sees it."""
        return f"grad({self.root_name}, {frame.shown(self.builder.families)})"

    def run(self) -> None:
        """Add the adjoints of everything that the root depends on to the builder.

        Raises :class:`FormulaError` where the root is no single number.
        """
        node = self.graph.ids.get(self.first)
        value = None if node is None else self.graph.value(node)
        if value is not None and value.ndim != 0:
            raise FormulaError(
                "`grad` takes the derivative of a number, but "
                f"{self.root_name} has shape {value.shape}; take one entry, or `sum` of them"
            )
        for frame in self.gathers:
            self._consume(frame, self.builder.families[frame.family])
        reached = self._reached()
        for consumer, path, expression in self.paths:
            if consumer in reached:
                self.builder.lower_root(path, expression)
        for frame in self.gathers:
            if frame in reached:
                self._close(frame, self.builder.families[frame.family], reached)

    def _reached(self) -> set[Frame]:
        """Return the families that receive anything; a fused pair skips the one within."""
        receivers: dict[Frame, set[Frame]] = {}
        for frame, gathered in self.gathers.items():
            for consumer, _ in gathered:
                receivers.setdefault(consumer, set()).add(frame)
        found: set[Frame] = set()
        pending = [self.root.frame()]
        while pending:
            frame = pending.pop()
            if frame not in found:
                found.add(frame)
                pending.extend(receivers.get(frame, ()))
        return found

    def _hand(self, to: Frame, consumer: Frame, item: Input) -> None:
        """Let an adjoint gather what one consumer hands back."""
        self.gathers[to].append((consumer, item))

    # --- what one consumer hands back ---------------------------------------------------------

    def _seen(self, item: Input, frame: Frame) -> Frame | None:
        """Return the family of an operand as the root sees it; None where nothing is handed to."""
        found = seen_input(item, self.builder.families, frame)
        return found if found in self.gathers else None

    def _consume(self, frame: Frame, family: Family) -> None:
        rule = family.rule
        for start in dict.fromkeys(key[0] for key in family.extra.values()):
            # A starting value h[-1] is the family it stands for, seen at that index.
            stands = self.builder.families[start]
            seen = seen_start(stands, frame)
            if stands.is_start and seen in self.gathers:
                self._hand(seen, frame, Ref(self.name(frame), stands.start))
            elif stands.kind == "adjoint" and isinstance(family.expression, Name):
                # A step that gives a gradient a name hands back to the gradient.
                pattern = family.expression.index[: len(stands.variables)]
                self._hand(seen, frame, Gather(self.name(frame), pattern))
            elif stands.kind == "part":
                # A formula with cases hands back to each at its own index.
                own = tuple(Index(variable) for variable in family.variables)
                self._hand(seen, frame, Ref(self.name(frame), own))
        if rule is None:
            return
        if rule.operation.gathers:
            self._consume_gathered(frame, family, rule)
            return
        if any(isinstance(item, Every | Gather) for item in rule.inputs):
            self._consume_stack(frame, family, rule)
            return
        fused = self._fusable(frame, family, rule)
        for position, item in enumerate(rule.inputs):
            if not isinstance(item, Ref) or (to := self._seen(item, frame)) is None:
                continue
            if fused is not None and position == rule.operation.fused_operand:
                self._fuse(frame, rule, fused)
                continue
            derivative = rule.operation.derivative(position)
            if derivative is None:
                continue
            variants = {
                mistake.id: mistake.backward[position]
                for mistake in rule.operation.mistakes
                if position in mistake.backward
            }
            for over in self.leaves.alike(frame, rule):
                self._path(frame, rule, to, position, derivative, variants, over)

    def _operands(
        self, frame: Frame, rule: Rule, over: Family | None = None
    ) -> tuple[Leaf, Leaf, list[Leaf]]:
        own = tuple(Index(v) for v in self.builder.families[frame.family].variables)
        shape, arrays = self.leaves.values(frame.family)
        g = Leaf(shape, (), Ref(self.name(frame), own))
        out = Leaf(shape, arrays, Ref(frame.family, own))
        return g, out, [self.leaves.leaf(item, over) for item in rule.inputs]

    def _path(  # noqa: PLR0913, PLR0917 - one argument for each part of a path
        self,
        frame: Frame,
        rule: Rule,
        to: Frame,
        position: int,
        derivative: Derivative,
        variants: dict[str, Derivative],
        over: Family | None = None,
    ) -> None:
        g, out, operands = self._operands(frame, rule, over)
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
        name = self._path_name(to, frame, position)
        if over is not None:
            name += f" at {list(over.instances[0])}"
        kept: dict[str, str] = {}
        for mistake, wrong in variants.items():
            wrong_expression = handed_back(wrong)
            if wrong_expression is not None:
                kept[mistake] = f"{name} ~ {mistake}"
                self._lower(kept[mistake], name, frame, wrong_expression, to, position, over=over)
        self._lower(name, "", frame, expression, to, position, kept, over)
        item = rule.inputs[position]
        assert isinstance(item, Ref)
        self._hand(to, frame, Gather(name, item.index))

    def _path_name(self, to: Frame, consumer: Frame, position: int) -> str:
        return f"{self.name(to)} via {consumer.shown(self.builder.families)}.{position}"

    def _lower(  # noqa: PLR0913, PLR0917 - one argument for each part of a path
        self,
        name: str,
        variant_of: str,
        frame: Frame,
        expression: Expression,
        of: Frame,
        position: int,
        variants: dict[str, str] | None = None,
        over: Family | None = None,
    ) -> None:
        """Keep what a consumer hands back, for each of its instances or of those of ``over``."""
        consumer = over or self.builder.families[frame.family]
        path = Family(
            name,
            "variant" if variant_of else "path",
            consumer.variables,
            tuple(index for index in consumer.instances if index not in consumer.extra),
            expression=expression,
            owner=self.name(of),
            of=of.family,
            via=frame.family,
            position=position,
            variants=variants or {},
            variant_of=variant_of,
        )
        at = Frame(consumer.name, of.at) if consumer.name != frame.family else frame
        self.paths.append((frame, self._rooted(path, at), expression))

    def _rooted(self, family: Family, frame: Frame) -> Family:
        """Say of a family of the backward pass what it is the derivative of.

        It has only those instances that belong to a number that is differentiated.
        """
        if not self.root.variables:
            return replace(family, root=self.root_name)
        index = self.root.index_in(frame, family.variables)
        known = set(self.root.instances(self.builder.families))
        kept = tuple(
            at
            for at in family.instances
            if tuple(part.at(dict(zip(family.variables, at, strict=True))) for part in index)
            in known
        )
        return replace(family, instances=kept, root=self.root.family, root_index=index)

    def _consume_stack(self, frame: Frame, family: Family, rule: Rule) -> None:
        """Hand each of the stacked values its own entry of the stack's gradient."""
        item = rule.inputs[0]
        assert isinstance(item, Every | Gather)
        to = self._seen(item, frame)
        if to is None:
            return
        source = self.builder.families[item.family]
        outer = item.pattern if isinstance(item, Gather) else ()
        g = Leaf(self.leaves.values(family.name)[0], (), Ref(self.name(frame), outer))
        pattern = tuple(Index(variable) for variable in source.variables)
        for at, instances in self._positions(source, outer, rule).items():
            name = self._path_name(to, frame, 0)
            if instances[0] != self.graph.regular(source)[0]:
                name += f" at {list(instances[0])}"
            spanned = replace(source, name=f"{family.name} by term", instances=instances, extra={})
            self._lower(name, "", frame, apply("item", g, index=at), to, 0, over=spanned)
            self._hand(to, frame, Gather(name, pattern))

    def _positions(
        self, source: Family, outer: tuple[Index, ...], rule: Rule
    ) -> dict[tuple[Index, ...], tuple[tuple[int, ...], ...]]:
        """Return where the stacked values stand in the stack, each place with those that do.

        A place is told from a value's index. Values that a condition leaves out move those behind
        them, so that there may be several places.
        """
        instances = self.graph.regular(source)
        fixed = {index.variable for index in outer}
        free = [at for at, variable in enumerate(source.variables) if variable not in fixed]
        if rule.params.get("shape") is not None:
            first = [min(index[at] for index in instances) for at in free]
            places = zip(free, first, strict=True)
            return {tuple(Index(source.variables[at], -low) for at, low in places): instances}
        found: dict[tuple[Index, ...], list[tuple[int, ...]]] = {}
        count: dict[tuple[int, ...], int] = {}
        for index in instances:
            bindings = source.bindings(index)
            stack = tuple(part.at(bindings) for part in outer)
            place = count[stack] = count.get(stack, -1) + 1
            at = Index(source.variables[free[-1]], place - index[free[-1]])
            found.setdefault((at,), []).append(index)
        return {at: tuple(members) for at, members in found.items()}

    def _consume_gathered(self, frame: Frame, family: Family, rule: Rule) -> None:
        """Treat an adjoint as a quantity in its own right, for the derivative of a gradient.

        It adds up what it gathers, so each gathered value receives the gradient of the sum that it
        went into; the seed of the root is a constant.
        """
        for position, item in enumerate(rule.inputs):
            if isinstance(item, Constant) or (to := self._seen(item, frame)) is None:
                continue
            if isinstance(item, Gather):
                self._hand(to, frame, Ref(self.name(frame), item.pattern))
            elif isinstance(item, Ref):
                own = tuple(Index(variable) for variable in family.variables)
                g = Leaf(self.leaves.values(family.name)[0], (), Ref(self.name(frame), own))
                name = self._path_name(to, frame, position)
                self._lower(name, "", frame, apply("identity", g), to, position)
                self._hand(to, frame, Gather(name, item.index))

    # --- fused pairs --------------------------------------------------------------------------

    def _fusable(
        self, frame: Frame, family: Family, rule: Rule
    ) -> tuple[Frame, Ref, Operation] | None:
        """Return what the operation below ``rule`` takes first, if the two go together.

        That is its family, the reference that leads there from ``rule``, and the operation below.
        """
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
        if operation.fused[inner.rule.operation.name](*self._fused_operands(frame, rule)) is None:
            return None
        # The score that the consumer's own index leads to, through the inner quantity's index.
        steps = dict(zip(inner.variables, item.index, strict=True))
        first = inner.rule.inputs[0]
        scores = Ref(first.family, tuple(_compose(index, steps) for index in first.index))
        to = self._seen(scores, frame)
        return None if to is None else (to, scores, inner.rule.operation)

    def _fused_operands(self, frame: Frame, rule: Rule) -> tuple[Leaf, ...]:
        g, out, operands = self._operands(frame, rule)
        return (g, out, *operands)

    def _fuse(self, frame: Frame, rule: Rule, below: tuple[Frame, Ref, Operation]) -> None:
        """Hand back past the operation below, straight to its own first operand."""
        to, scores, operation = below
        operands = self._fused_operands(frame, rule)
        expression = rule.operation.fused[operation.name](*operands)
        assert expression is not None
        name = self._path_name(to, frame, rule.operation.fused_operand)
        kept: dict[str, str] = {}
        for mistake in rule.operation.mistakes:
            wrong = mistake.fused.get(operation.name)
            wrong_expression = None if wrong is None else wrong(*operands)
            if wrong_expression is not None:
                kept[mistake.id] = f"{name} ~ {mistake.id}"
                self._lower(kept[mistake.id], name, frame, wrong_expression, to, 0)
        self._lower(name, "", frame, expression, to, rule.operation.fused_operand, kept)
        self._hand(to, frame, Gather(name, scores.index))

    # --- adjoints -----------------------------------------------------------------------------

    def _close(self, frame: Frame, family: Family, reached: set[Frame]) -> None:
        """Add the adjoint of ``family``: everything gathered, and 1 at the root."""
        name = self.name(frame)
        extra = {}
        if frame.family == self.root.family and frame == self.root.frame():
            seed = f"{name} seed"
            self.builder.add(
                Family(
                    seed,
                    "backward",
                    rule=Rule(operations()["identity"], (Constant(1.0),)),
                    owner=name,
                )
            )
            extra = dict.fromkeys(self.root.instances(self.builder.families), (seed, ()))
        adjoint = Family(
            name,
            "adjoint",
            family.variables,
            tuple(dict.fromkeys((*family.instances, *family.extra))),
            Rule(
                operations()["accumulate"],
                tuple(item for via, item in self.gathers[frame] if via in reached),
            ),
            extra,
            owner=name,
            of=family.name,
        )
        self.builder.add(self._rooted(adjoint, frame))


def _compose(index: Index, steps: dict[str, Index]) -> Index:
    if index.variable is None:
        return index
    inner = steps[index.variable]
    return Index(
        inner.variable, index.scale * inner.offset + index.offset, index.scale * inner.scale
    )
