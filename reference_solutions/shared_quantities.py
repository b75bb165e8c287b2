"""Gradients of a number for each value of an index by a quantity that has no such index.

``grad(l[n], W)`` is a gradient for each n of what they all share. Each ``l[n]`` gets a copy of the
shared quantity, ``W`` as it stands in ``l[n]``; by that copy the derivative is one by a quantity
with the same index.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Index, Name
from reference_solutions.graph import Family, Input, Ref, Rule
from reference_solutions.graph.frames import Frame, Root, sources
from reference_solutions.graph.lowering import Builder
from reference_solutions.operations import operations


def copy_for_each(builder: Builder, root: Root, shared: Frame, offset: int) -> Frame | None:
    """Let each number of a root take a copy of its own of what they share, and return that.

    Returns None where the numbers don't take it. Raises :class:`FormulaError` where a number
    depends on it through others of its index too, as ``l[t]`` does on the weights of a recurrence.
    """
    copies = _Copies(builder, root, shared.family, offset)
    name = copies.name(shared.family)
    if name not in builder.families and not copies.make():
        return None
    own = builder.families[shared.family].variables
    return Frame(name, (*map(Index, root.variables), *(None,) * len(own)))


class _Copies:
    def __init__(self, builder: Builder, root: Root, shared: str, offset: int) -> None:
        self.builder = builder
        self.root = root
        self.shared = shared
        self.offset = offset
        self.made = _made_of(builder, shared)
        self.outer: dict[tuple[int, ...], None] = {}

    def name(self, family: str) -> str:
        return f"{family} in {self.root.written}"

    def make(self) -> bool:
        """Put copies in the place of what the families of the root's index take; say if any do."""
        families = self.builder.families
        taken: list[Frame] = []
        seen = {self.root.frame()}
        pending = [self.root.frame()]
        while pending:
            frame = pending.pop()
            inner = list(sources(frame, families))
            # Each is looked at: one that leads elsewhere is refused.
            if True in [self._is_copied(source) for source in inner]:
                taken.append(frame)
            for source in inner:
                if self.root.sees(source) and source not in seen:
                    seen.add(source)
                    pending.append(source)
        for frame in taken:
            self._take(frame)
        return bool(taken)

    def _is_copied(self, source: Frame) -> bool:
        """Whether it is what is shared, or a part of a formula that is made of that alone."""
        if self.root.sees(source) or source.family not in {*self.made, self.shared}:
            return False
        family = self.builder.families[source.family]
        if source.family == self.shared:
            return True
        if family.kind == "part" and not {*self.root.variables}.intersection(family.variables):
            return True
        raise self._through_others()

    def _through_others(self) -> FormulaError:
        name, index = self.root.first(self.builder.families)
        return FormulaError(
            f"`{self.root.written}` depends on `{self.shared}` through more than its own index: "
            f"take one at a time, as in `grad({name}[{', '.join(map(str, index))}], "
            f"{self.shared})`",
            self.offset,
        )

    def _take(self, frame: Frame) -> None:
        """Let a family take copies, each of its own index."""
        family = self.builder.families[frame.family]
        at = zip(self.root.index_in(frame, family.variables), self.root.index, strict=True)
        prefix = tuple(part for part, own in at if own.variable is not None)
        for index in family.instances:
            bindings = family.bindings(index)
            self.outer[tuple(part.at(bindings) for part in prefix)] = None
        self.builder.add(replace(family, rule=self._rule(family, prefix)))

    def _rule(self, family: Family, prefix: tuple[Index, ...]) -> Rule:
        inputs: list[Input] = []
        if family.rule is None or any(key[0] in self._copied for key in family.extra.values()):
            raise self._through_others()
        for item in family.rule.inputs:
            name = getattr(item, "family", "")
            if name not in self._copied or (name in self.made and not self._is_part(name)):
                inputs.append(item)
            elif isinstance(item, Ref):
                self._copy(name)
                inputs.append(Ref(self.name(name), (*prefix, *item.index)))
            else:
                raise self._through_others()
        return replace(family.rule, inputs=tuple(inputs))

    @property
    def _copied(self) -> set[str]:
        return {self.shared, *self.made}

    def _is_part(self, name: str) -> bool:
        family = self.builder.families[name]
        own = {*self.root.variables}.intersection(family.variables)
        return family.kind == "part" and not own

    def _copy(self, name: str) -> None:
        family = self.builder.families[name]
        own = tuple(Index(variable) for variable in family.variables)
        rule = Rule(operations()["identity"], (Ref(name, own),))
        if name != self.shared:
            for source in sources(Frame(name, (None,) * len(own)), self.builder.families):
                self._is_copied(source)
            rule = self._rule(family, tuple(map(Index, self.root.variables)))
        within = dict.fromkeys((*family.instances, *family.extra))
        self.builder.add(
            Family(
                self.name(name),
                "part",
                (*self.root.variables, *family.variables),
                tuple((*outer, *inner) for outer, inner in product(sorted(self.outer), within)),
                rule,
                expression=Name(name, own) if name == self.shared else family.expression,
                owner=name if name == self.shared else family.owner,
            )
        )


def _made_of(builder: Builder, shared: str) -> set[str]:
    """Return the families that are made of a quantity."""
    takers: dict[str, set[str]] = {}
    for name, family in builder.families.items():
        for source in sources(Frame(name, (None,) * len(family.variables)), builder.families):
            takers.setdefault(source.family, set()).add(name)
    found: set[str] = set()
    pending = [shared]
    while pending:
        for name in takers.get(pending.pop(), ()):
            if name not in found:
                found.add(name)
                pending.append(name)
    return found
