"""Slips in a formula: one small change of what a student wrote that makes it right.

Edits of the reference find mistakes where the reference has a place for them. A student may derive
a formula by another way and then lose a factor or a sign in it; so the same changes are tried on
the student's own formula, which is small. What agrees in every sampled world is worth no more bits
than the formula has itself: a short one comes near the right one by chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice

import numpy as np

from checker.answer_kinds.reading.quantities import (
    expand_sums,
    family_of,
    formula_value,
    instances_of,
    known_names,
    nodes_of,
    origin_of,
    take_whole,
)
from checker.diagnosis.evidence import MOST_PER_ENTRY
from checker.diagnosis.formula_fixes import fixes
from checker.diagnosis.formula_parts import Fix, Keeper, SearchEndedError, Value
from checker.diagnosis.slips import Slip
from checker.edits.registry import price_in_formula
from reference_solutions.expressions.tree import Apply, Expression, Index, Name
from reference_solutions.graph import Array, Graph
from reference_solutions.language.evaluation import Allowance

_MOST = 20_000
"""How many changes of one formula are tried."""
_FEW_ENTRIES = 4
SEARCH = 120_000_000
"""What looking for slips in the formulas of one submission may cost; see :class:`Allowance`."""
_PART = 1_500
"""What looking at one part of a formula costs, whether it has a value or not."""
_SEARCH_TERMS = 200_000
"""How many parts of sums it may write out."""
_LARGEST = 150
"""How many parts a formula may have in which slips are looked for."""
_LEAF_BITS = 1.0
_OPERATION_BITS = 2.0


def slips_in(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
    formula: Expression,
    graph: Graph,
    ranges: Mapping[str, range],
    asked: int,
    may_use: Sequence[str] | None,
    allowance: Allowance,
) -> Iterator[Slip]:
    """Yield the slips that explain a formula for the node ``asked``, best first.

    ``allowance`` is what may be spent on it; where that is too little, some are not found.
    """
    subscripts = {}
    for name in may_use or known_names(graph):
        family = family_of(graph, Name(name))
        nodes = [] if family is None else instances_of(graph, family, ())
        value = graph.value(nodes[0]) if nodes else None
        if family is not None and value is not None:
            depth = len(family.variables)
            subscripts[name] = (depth, depth + value.ndim)
    beside = leaves_beside(formula, subscripts)
    leaves = [
        leaf
        for leaf in dict.fromkeys((*beside, *_few_entries(graph, subscripts)))
        if all(origin_of(graph, node) != origin_of(graph, asked) for node in nodes_of(leaf, graph))
    ]
    budget = [_SEARCH_TERMS, _SEARCH_TERMS]

    def value_of(part: Expression, world: int, known: Mapping[str, Array]) -> Array:
        if allowance.work < 0:
            raise SearchEndedError
        allowance.work -= _PART * sum(1 for _ in part.walk())
        expanded = expand_sums(take_whole(part, graph), ranges, budget)
        return formula_value(expanded, graph, world, allowance, known)

    right = [graph.value(asked, world) for world in range(graph.worlds)]
    return find_formula_slips(
        formula, value_of, leaves, [value for value in right if value is not None]
    )


def _few_entries(graph: Graph, names: Iterable[str]) -> Iterator[Name]:
    """Yield the entries of the quantities that have a few, at all their indices."""
    for name in names:
        family = graph.families[name]
        value = graph.value(graph.ids[name, family.instances[0]])
        shape = () if value is None else value.shape
        if 1 < len(family.instances) * math.prod(shape) <= _FEW_ENTRIES:
            for instance in family.instances:
                for entry in np.ndindex(*shape):
                    yield Name(name, tuple(Index(None, at) for at in (*instance, *entry)))


def find_formula_slips(
    formula: Expression, value: Value, leaves: Sequence[Name], right: Sequence[Array]
) -> Iterator[Slip]:
    """Yield slips whose undoing gives the right values, best first; each is looked for when asked.

    ``leaves`` are the quantities that the formula could have been written with, ``right`` the right
    value in every world.
    """
    if sum(1 for _ in formula.walk()) > _LARGEST:
        return
    with suppress(SearchEndedError):
        yield from _found(formula, Keeper(value, right), leaves)


def _found(formula: Expression, keeper: Keeper, leaves: Sequence[Name]) -> Iterator[Slip]:
    kinds: dict[str, list[Fix]] = {}
    for fix in islice(fixes(formula, leaves, keeper), _MOST):
        kinds.setdefault(fix.kind, []).append(fix)
    prices = {kind: price_in_formula(kind) + math.log2(len(found)) for kind, found in kinds.items()}
    most = MOST_PER_ENTRY * sum(value.size for value in keeper.right)
    names = {leaf.name for leaf in leaves}
    worth = min(description_bits(formula, len(names)), most)
    for kind in sorted(kinds, key=prices.__getitem__):
        for fix in kinds[kind]:
            if keeper.may_be(fix) and keeper.is_right(fix.formula()):
                yield Slip(kind, fix.says, worth - prices[kind])
                break


def description_bits(formula: Expression, names: int) -> float:
    """Return how much a formula says: what it takes to write it down, symbol by symbol.

    ``names`` is how many quantities there are to choose from.
    """
    total = 0.0
    for node in formula.walk():
        if isinstance(node, Apply):
            total += _OPERATION_BITS * max(len(node.args) - 1, 1)
        else:
            total += _LEAF_BITS + math.log2(names + 2)
    return total


def leaves_beside(formula: Expression, names: Mapping[str, tuple[int, int]]) -> list[Name]:
    """Return the quantities that a formula could use, at the indices that it uses.

    ``names`` maps each to the least and the largest number of its subscripts.
    """
    used = dict.fromkeys(node.index for node in formula.walk() if isinstance(node, Name))
    return [
        Name(name, index)
        for name, (least, most) in names.items()
        for index in dict.fromkeys(((), *used))
        if least <= len(index) <= most
    ]
