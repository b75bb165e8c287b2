"""The values that the operands of derivative rules have, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.graph.family import Constant, Family, Input, Ref, Rule
from reference_solutions.graph.frames import Frame
from reference_solutions.graph.graph import Graph
from reference_solutions.graph.leaf import Leaf


class Leaves:
    """Makes quantities operands of derivative rules; ``graph`` has what values there are."""

    def __init__(self, families: Mapping[str, Family], graph: Graph) -> None:
        self.families = families
        self.graph = graph

    def leaf(self, item: Input, over: Family | None = None) -> Leaf:
        """Return a quantity, or a number, as an operand.

        It has the values that the instances of ``over`` take, or of all where that is None.
        """
        if isinstance(item, Constant):
            return Leaf((), (np.asarray(item.value),), item)
        assert isinstance(item, Ref), f"{item} is no operand of a derivative rule"
        if over is None:
            return Leaf(*self.values(item.family), item)
        arrays = tuple(self._values_at(item.family, _taken(item, over)))
        return Leaf(arrays[0].shape if arrays else (), arrays, item)

    def values(self, family: str) -> tuple[tuple[int, ...], tuple[Array, ...]]:
        """Return the shape of a family's first value, and all values of its instances."""
        known = self.families[family]
        arrays = list(self._values_at(family, known.instances))
        if not arrays:
            arrays = list(self._values_at(family, known.extra))
        return (arrays[0].shape if arrays else ()), tuple(arrays)

    def _values_at(self, family: str, indices: Iterable[tuple[int, ...]]) -> Iterator[Array]:
        for index in indices:
            node = self.graph.ids.get((family, index))
            value = None if node is None else self.graph.value(node)
            if value is not None:
                yield value

    def alike(self, frame: Frame, rule: Rule) -> list[Family | None]:
        """Return a consumer once for each of the shapes that its operands have, or None for one.

        What runs over a condition, `sum(a[j], j < i)`, has not as many terms everywhere. Where the
        root runs over an index, values are known at one value of it; shapes are the same at all.
        """
        refs = [item for item in rule.inputs if isinstance(item, Ref)]
        if all(len({a.shape for a in self.values(ref.family)[1]}) < 2 for ref in refs):
            return [None]
        family = self.families[frame.family]
        shapes: dict[tuple[int, ...], tuple[tuple[int, ...], ...]] = {}
        own = {
            index: tuple(i for i, at in zip(index, frame.at, strict=True) if at is None)
            for index in family.instances
            if index not in family.extra
        }
        for index, inner in own.items():
            one = replace(family, instances=(index,))
            leaves = [self.leaf(ref, one) for ref in refs]
            if all(leaf.arrays for leaf in leaves):
                shapes.setdefault(inner, tuple(leaf.shape for leaf in leaves))
        found: dict[tuple[tuple[int, ...], ...], list[tuple[int, ...]]] = {}
        for index, inner in own.items():
            if inner in shapes:
                found.setdefault(shapes[inner], []).append(index)
        return [replace(family, instances=tuple(instances)) for instances in found.values()]


def _taken(item: Ref, by: Family) -> Iterator[tuple[int, ...]]:
    """Yield the indices of what the instances of a family take by a reference."""
    for index in by.instances:
        bindings = by.bindings(index)
        yield tuple(part.at(bindings) for part in item.index)
