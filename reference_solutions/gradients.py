"""The gradients that a sheet asks for: which derivatives are made, and after which steps.

Of one number (``grad(L, W)``) everything that it depends on is differentiated at once. Of a number
for each value of an index (``grad(L[k], w[k-1])``, a loop of training) one family of derivatives is
made for all values, which goes back as far as what it is taken by; so ``w[k]`` may be made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from reference_solutions.definition_text import Step, counted
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Index, Name
from reference_solutions.graph import Every, Family, Graph, Key
from reference_solutions.graph.differentiation import Differentiator
from reference_solutions.graph.frames import Frame, Root, seen
from reference_solutions.graph.lowering import Builder
from reference_solutions.language.formula import names_in
from reference_solutions.language.source_text import source_text
from reference_solutions.shared_quantities import copy_for_each

_TWICE = (
    "the gradient of a gradient is not taken for all values of an index at once: take it of one, "
    "as in `grad(g[0], w)`, or of their sum"
)


class Defining(Protocol):
    """What gradients are made among: the steps of a sheet, each defined when it is needed."""

    builder: Builder

    @property
    def by_name(self) -> Mapping[str, Sequence[Step]]:
        """The steps that define each quantity: its own, and those of its starting values."""

    def define(self, step: Step) -> None:
        """Define a step, after all that the gradients in it are taken of."""

    def is_begun(self, step: Step) -> bool:
        """Whether a step is being defined just now."""

    def check_values(self, graph: Graph) -> None:
        """Refuse a step that has no value, or none that is finite."""


class Gradients:
    """Makes the derivatives of one reference, each once."""

    def __init__(self, definitions: Defining, expressions: Sequence[Expression]) -> None:
        self.definitions = definitions
        self.builder = definitions.builder
        self.calls = list(_calls(expressions))
        self.unfused = {by.name for _, by in self.calls}
        self.losses: dict[str, str] = {}
        self.loops: dict[Root, Differentiator] = {}

    # --- what has to be defined before --------------------------------------------------------

    def define_what_is_needed(self, call: Apply) -> None:
        """Define all steps that a derivative goes through."""
        root = self._loop(call)
        if root is not None:
            self._define_loop(root, call)
            return
        definitions = self.definitions
        pending = list(names_in(call.args[0]))
        seen_names: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in seen_names:
                seen_names.add(name)
                for step in definitions.by_name.get(name, ()):
                    definitions.define(step)
                    pending.extend(names_in(step.expression))

    def _define_loop(self, root: Root, call: Apply) -> None:
        """Define what stands between a number and what its derivative is taken by.

        What is being defined just now is known by its starting values alone, which is enough for
        what comes before it. Raises :class:`DefinitionError` where the derivative goes through it.
        """
        definitions = self.definitions
        found: set[Frame] = set()
        pending = [root.frame()]
        while pending:
            frame = pending.pop()
            if frame in found or frame in root.ends:
                continue
            found.add(frame)
            for step in definitions.by_name.get(frame.family, ()):
                if definitions.is_begun(step):
                    if self._leads(frame, root):
                        definitions.define(step)
                    continue
                pending.extend(
                    inner
                    for name, _ in _named(step.expression)
                    if root.sees(inner := self._frame(name, step, frame)) or not any(inner.at)
                )
        if self._leads(root.frame(), root, through_gradient=True):
            raise FormulaError(_TWICE, call.start)
        for frame in found:
            for step in definitions.by_name.get(frame.family, ()):
                if not definitions.is_begun(step):
                    definitions.define(step)

    def _frame(self, name: Name, step: Step, frame: Frame) -> Frame:
        """Return a quantity in a step's formula as the root sees it."""
        at = dict(zip(step.variables, self._at_of(step, frame), strict=True))
        family = self.builder.families.get(name.name)
        depth = len(family.variables) if family is not None else 0
        index = seen(name.index[:depth], at)
        return Frame(name.name, (*index, *(None,) * (depth - len(index))))

    @staticmethod
    def _at_of(step: Step, frame: Frame) -> tuple[Index | None, ...]:
        """Return where a step's own variables belong; a start has fewer than its quantity."""
        return tuple(
            at for part, at in zip(step.index, frame.at, strict=False) if part.variable is not None
        )

    def _leads(
        self,
        frame: Frame,
        root: Root,
        *,
        through_gradient: bool = False,
    ) -> bool:
        """Whether a quantity is made of what the derivative is taken by, as the root sees it.

        ``through_gradient`` asks whether it is so through a gradient.
        """
        pending = [(frame, False)]
        found: set[tuple[Frame, bool]] = set()
        while pending:
            one, through = pending.pop()
            if (one, through) in found:
                continue
            found.add((one, through))
            if one in root.ends:
                if through or not through_gradient:
                    return True
                continue
            for step in self.definitions.by_name.get(one.family, ()):
                for name, within in _named(step.expression):
                    inner = self._frame(name, step, one)
                    if root.sees(inner):
                        pending.append((inner, through or within))
        return False

    # --- the derivative -----------------------------------------------------------------------

    def adjoint(self, call: Apply, written: Apply) -> Expression:
        """Return the name of the derivative that is called for, which is made.

        ``written`` is the call as it stands in the sheet. Raises :class:`FormulaError` for one that
        can't be made, and :class:`GraphError`.
        """
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
        for name in (loss, by):
            if isinstance(name, Name):
                self._check_index(name)
        loop = self._loop(written)
        if loop is not None:
            return self._in_loop(loop, by, call)
        known = self._step_of_loop(loss, by)
        if known is not None:
            return Name(*known, call.start)
        root = self._root(loss, written.args[0])
        reference, _ = self.builder.reference(by)
        whole = self.builder.families[reference.family].rows_of or reference.family
        differentiator = Differentiator(self.builder, root, self.unfused)
        frame = Frame(whole, (None,) * len(self.builder.families[whole].variables))
        adjoint = differentiator.name(frame)
        if adjoint not in self.builder.families:
            self.definitions.check_values(differentiator.graph)
            differentiator.run()
        if adjoint not in self.builder.families:
            says = f"{differentiator.root_name} does not depend on `{by.name}`"
            if frame in differentiator.gathers:
                says = (
                    f"no derivative leads from {differentiator.root_name} to `{by.name}`: what "
                    "counts, compares or chooses, such as `argmax`, has none"
                )
            raise FormulaError(says, by.start)
        return Name(adjoint, by.index, call.start)

    def _root(self, loss: Expression, written: Expression) -> Root:
        """Return the quantity that a gradient is taken of; one is made for a formula."""
        if isinstance(loss, Name):
            root, rest = self.builder.reference(loss)
            if isinstance(root, Every) or any(index.variable is not None for index in loss.index):
                raise FormulaError(
                    "`grad` takes the derivative of one number, such as `L` or `l[0]`", loss.start
                )
            if not rest:
                return Root(root.family, root.index)
        text = source_text(written)
        if text not in self.losses:
            name = f"loss {len(self.losses)}"
            self.builder.define(Family(name, "step", is_loss=True), loss)
            self.losses[text] = name
        return Root(self.losses[text], (), text)

    def _check_index(self, name: Name) -> None:
        """Refuse an instance that doesn't exist, where its index is written out."""
        family = self.builder.families[self.builder.reference(name)[0].family]
        depth = len(family.variables)
        if name.index and all(index.variable is None for index in name.index[:depth]):
            at = tuple(index.offset for index in name.index[:depth])
            existing(self.builder, (family.name, at), name.start)

    # --- loops --------------------------------------------------------------------------------

    def _loop(self, call: Apply) -> Root | None:
        """Return the root of a derivative by an index; None where it is of one number."""
        loss, by = call.args[0], call.args[1]
        if not isinstance(loss, Name) or not isinstance(by, Name):
            return None
        root = self._numbers(loss)
        if root is None:
            return None
        ends = set()
        for other, end in self.calls:
            if isinstance(other, Name) and self._numbers(other) == root:
                ends.add(self._end(other, end))
        near = Root(root.family, root.index, root.written, frozenset(ends))
        for other, end in self.calls:
            # An answer asks for one step of the loop.
            if isinstance(other, Name) and other.name == root.family and _is_constant(other.index):
                found = self._end(other, end)
                if near.sees(found):
                    ends.add(found)
        return Root(root.family, root.index, root.written, frozenset(ends))

    def _numbers(self, loss: Name) -> Root | None:
        """Return a root that runs over indices, in its family's own variables."""
        family = self.builder.families.get(loss.name)
        if family is None or len(loss.index) != len(family.variables):
            return None
        if all(part.variable is None for part in loss.index):
            return None
        index = tuple(
            part if part.variable is None else Index(variable)
            for variable, part in zip(family.variables, loss.index, strict=True)
        )
        return Root(loss.name, index, f"{loss.name}[{', '.join(map(str, index))}]")

    def _end(self, loss: Name, by: Name) -> Frame:
        """Return what a derivative is taken by, as its root sees it."""
        own = self.builder.families[loss.name].variables
        family = self.builder.families.get(by.name)
        depth = len(family.variables) if family is not None else 0
        if _is_constant(loss.index):
            far = [
                Index(variable, inner.offset - outer.offset)
                for variable, outer, inner in zip(own, loss.index, by.index[:depth], strict=False)
            ]
            return Frame(by.name, tuple(far))
        at = {
            part.variable: Index(variable, -part.offset)
            for variable, part in zip(own, loss.index, strict=True)
            if part.variable is not None and part.scale == 1
        }
        index = seen(by.index[:depth], at)
        return Frame(by.name, (*index, *(None,) * (depth - len(index))))

    def _in_loop(self, root: Root, by: Name, call: Apply) -> Expression:
        loss = call.args[0]
        assert isinstance(loss, Name)
        end = self._end(loss, by)
        family = self.builder.families.get(by.name)
        is_shared = (
            not any(end.at)
            and family is not None
            and len(by.index) >= len(family.variables)
            and not {*root.variables}.intersection(family.variables)
        )
        if not root.sees(end) and self._is_twice(root):
            raise FormulaError(_TWICE, call.start)
        if not root.sees(end) and (not is_shared or self._own_end(root, end, by.start) == end):
            raise FormulaError(
                f"`{root.written}` is a number for each value of an index: `grad` takes its "
                f"derivative by a quantity with the same index, as in "
                f"`grad({root.written}, {by.name}[{root.index[0]}])`",
                by.start,
            )
        if root not in self.loops:
            ends = frozenset(self._own_end(root, one, by.start) for one in root.ends)
            own = replace(root, ends=ends)
            self.loops[root] = differentiator = Differentiator(self.builder, own, self.unfused)
            self.definitions.check_values(differentiator.graph)
            differentiator.run()
        adjoint = self.loops[root].name(self._own_end(root, end, by.start))
        if adjoint not in self.builder.families:
            raise FormulaError(f"{root.written} does not depend on `{source_text(by)}`", by.start)
        return Name(adjoint, (*self._prefix(root, loss, end), *by.index), call.start)

    def _own_end(self, root: Root, end: Frame, offset: int) -> Frame:
        """Return what a derivative is taken by with the root's index: what it shares is copied."""
        if root.sees(end) or any(end.at) or end.family not in self.builder.families:
            return end
        return copy_for_each(self.builder, root, end, offset) or end

    def _is_twice(self, root: Root) -> bool:
        """Whether a number is made of a gradient, at its own index."""
        pending = [root.frame()]
        found = {*root.ends}
        while pending:
            frame = pending.pop()
            for step in self.definitions.by_name.get(frame.family, ()):
                for name, within in _named(step.expression):
                    inner = self._frame(name, step, frame)
                    if within:
                        return True
                    if inner not in found and root.sees(inner):
                        found.add(inner)
                        pending.append(inner)
        return False

    @staticmethod
    def _prefix(root: Root, loss: Name, end: Frame) -> tuple[Index, ...]:
        """Return the index that a derivative by what is shared has in front of that one's own."""
        if root.sees(end):
            return ()
        parts = zip(loss.index, root.index, strict=True)
        return tuple(part for part, own in parts if own.variable is not None)

    def _step_of_loop(self, loss: Expression, by: Name) -> tuple[str, tuple[Index, ...]] | None:
        """Return the derivative by an index that one of one number is an instance of."""
        if not isinstance(loss, Name) or not _is_constant((*loss.index, *by.index)):
            return None
        for root, differentiator in self.loops.items():
            if root.family == loss.name and len(loss.index) == len(root.index):
                end = self._end(loss, by)
                if not root.sees(end) and end not in root.ends:
                    continue
                adjoint = differentiator.name(self._own_end(root, end, by.start))
                if adjoint in self.builder.families:
                    return adjoint, (*self._prefix(root, loss, end), *by.index)
        return None


def _is_constant(index: Sequence[Index]) -> bool:
    return bool(index) and all(part.variable is None for part in index)


def _calls(expressions: Sequence[Expression]) -> Iterator[tuple[Expression, Name]]:
    """Yield what derivatives are taken of, each with what it is taken by."""
    for expression in expressions:
        for node in expression.walk():
            if isinstance(node, Apply) and node.operation == "grad" and len(node.args) == 2:
                loss, by = node.args
                if isinstance(by, Name):
                    yield loss, by


def _named(expression: Expression, within: bool = False) -> Iterator[tuple[Name, bool]]:
    """Yield the names of a formula, and whether each stands in a gradient."""
    if isinstance(expression, Name):
        yield expression, within
    elif isinstance(expression, Apply):
        for arg in expression.args:
            yield from _named(arg, within or expression.operation == "grad")


def existing(builder: Builder, key: Key, offset: int) -> Key:
    """Return a quantity that exists. Raises :class:`FormulaError` for another index."""
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
