"""The given numbers of a sheet one by one, and numbers near them that look alike."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import numpy as np

from reference_solutions.definition_text import read_key
from reference_solutions.graph import Array, Graph
from submissions_schema.assignment_file import AssignmentFile
from submissions_schema.yaml_reader import Tree

_STEPS = (1, -1, 2, -2)


@dataclass(frozen=True, slots=True)
class GivenEntry:
    """One number of the file's given data.

    ``name`` and ``path`` say where it stands in the file, ``node`` and ``at`` where in the graph.
    ``near`` are the texts of numbers near it that could stand there as well; none for a part of a
    distribution, which doesn't change alone.
    """

    name: str
    path: tuple[int, ...]
    node: int
    at: tuple[int, ...]
    text: str
    near: tuple[str, ...]

    @property
    def shown(self) -> str:
        """How the sheet calls it: ``b[0]``, ``W[0, 1]``."""
        return f"{self.name}[{', '.join(map(str, self.path))}]" if self.path else self.name

    def put(self, graph: Graph, text: str, puts: Mapping[int, Array] | None = None) -> Array:
        """Return the value of its node with another number in its place."""
        value = (puts or {}).get(self.node)
        value = graph.value(self.node) if value is None else value
        assert value is not None
        changed = np.array(value, dtype=np.float64)
        changed[self.at] = float(text)
        return changed


def given_entries(
    file: AssignmentFile, graph: Graph, drawn: Collection[str] = ()
) -> Iterator[GivenEntry]:
    """Yield the plain numbers of the given data that the graph has; arithmetic is passed over.

    What is ``drawn`` for each student has no numbers near it that its author could choose.
    """
    ranges = {name: index.values for name, index in file.index.items()}
    for key, tree in file.given.items():
        name, index = read_key(key, ranges)
        offsets = tuple(part.offset for part in index)
        leaves = dict(_leaves(tree, ()))
        numbers = {path: _number(text) for path, text in leaves.items()}
        known = [number for number in numbers.values() if number is not None]
        if not known:
            continue
        fixed = _is_distribution(known, tree) and "sum" not in _forms(graph, name)
        fixed = fixed or key in drawn
        low, high, places = _range(known, _forms(graph, name))
        for path, text in leaves.items():
            found = _node(graph, name, offsets, path)
            number = numbers[path]
            if found is None or number is None:
                continue
            steps = [number + step * Decimal(1).scaleb(-places) for step in _STEPS]
            near = (
                ()
                if fixed
                else tuple(
                    str(other)
                    for other in dict.fromkeys([*steps, -number])
                    if low <= other <= high and other != number
                )
            )
            yield GivenEntry(key, path, *found, text, near)


def _leaves(tree: Tree, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], str]]:
    if isinstance(tree, list):
        for at, item in enumerate(tree):
            yield from _leaves(item, (*path, at))
    else:
        yield path, str(tree)


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_distribution(numbers: list[Decimal], tree: Tree) -> bool:
    """Whether the numbers of a row are probabilities that add up to one: none changes alone."""
    rows = tree if isinstance(tree, list) and isinstance(tree[0], list) else [tree]
    return min(numbers, default=Decimal(-1)) >= 0 and all(
        isinstance(row, list)
        and len(row) > 1
        and all(isinstance(item, str) for item in row)
        and sum((_number(str(item)) or Decimal(0)) for item in row) == 1
        for row in rows
    )


def _forms(graph: Graph, name: str) -> set[str]:
    """Return the forms of the formulas that take a given quantity: sums, matrix products, ..."""
    own = {number for number, node in enumerate(graph.nodes) if node.key[0] == name}
    rules = (
        graph.families[node.key[0]].rule for node in graph.nodes if not own.isdisjoint(node.inputs)
    )
    return {rule.operation.form for rule in rules if rule is not None}


def _range(numbers: list[Decimal], forms: set[str]) -> tuple[Decimal, Decimal, int]:
    """Return the bounds in which numbers like these lie, and to how many places they are given.

    What lies between 0 and 1 stays there. What is never negative stays so, but for weights and
    biases: what is a part of a matrix product or a term of a sum.
    """
    places = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
    places = max(places, 0)
    one = Decimal(1)
    within_one = places > 0 and all(0 < number < 1 for number in numbers)
    if within_one:
        return one.scaleb(-places), one - one.scaleb(-places), places
    high = max(*map(abs, numbers), one)
    signed = any(number < 0 for number in numbers) or forms & {"sum", "matrix product"}
    return -high if signed else Decimal(0), high, places


def _node(
    graph: Graph, name: str, offsets: tuple[int, ...], path: tuple[int, ...]
) -> tuple[int, tuple[int, ...]] | None:
    """Return the node that holds an entry of the file's data, and the entry's index in it."""
    keys = [(name, offsets), (f"{name}[{', '.join(map(str, offsets))}]", ())] if offsets else []
    for depth in range(len(path), -1, -1) if not offsets else ():
        keys.append((name, path[:depth]))
    for key in keys:
        number = graph.ids.get(key)
        if number is None:
            continue
        value = graph.value(number)
        at = path if offsets else path[len(key[1]) :]
        if value is not None and len(at) == value.ndim and _inside(at, value.shape):
            return number, at
    return None


def _inside(at: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return all(0 <= i < size for i, size in zip(at, shape, strict=True))
