"""How the entries of all computed answers of an assignment are laid out: one flat vector.

Every stage compares, predicts and explains over this vector, so that nothing is done answer by
answer that can be done at once. An answer has one span of entries: world after world for a formula,
which is compared at several sets of sampled symbols, and instance after instance for an answer that
gives a whole family (``h``: h[0], h[1], ...).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from checker.matching import formula_noise, noise
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Array, Every, Graph
from reference_solutions.reference import Reference


class Layout:
    """Where the entries of each computed answer stand, and what is right there.

    Answers are numbered as ``reference.targets`` are. ``targets`` are their nodes, ``members`` the
    nodes of their instances, where ``is_family`` says that an answer gives a whole family;
    ``shapes`` are those of their right values. ``right`` is the flat vector
    of right values, with ``noise``, the differences that floats alone make, beside it; ``scales``
    is the largest right value of each answer. ``later`` marks the entries of worlds beyond the
    first. ``numeric`` are the answers that are numbers, ``symbolic`` those that are formulas.
    ``sources`` has for each answer the answers that it is computed from, with their nodes.
    ``entries`` are the nodes of answers that ask for one entry of a quantity, with the quantity's
    node and the entry's index. ``given`` are the given arrays, flat, ``given_sizes`` their numbers
    without signs.
    """

    def __init__(self, reference: Reference, symbolic: frozenset[int]) -> None:
        self.reference = reference
        self.graph = graph = reference.graph
        self.symbolic = symbolic
        self.targets = [target.node for target in reference.targets]
        values = [self.in_all_worlds(node, i) for i, node in enumerate(self.targets)]
        self.values = values
        self.shapes = [np.asarray(graph.value(node)).shape for node in self.targets]
        self.starts = np.cumsum([0, *(value.size for value in values)])
        self.right = np.concatenate(values) if values else np.zeros(0)
        self.members = [members_of(graph, node) for node in self.targets]
        self.is_family = [
            members != (target,) for target, members in zip(self.targets, self.members, strict=True)
        ]
        self.answers_at: dict[int, list[tuple[int, int]]] = {}
        for answer, nodes in enumerate(self.members):
            for place, node in enumerate(nodes):
                self.answers_at.setdefault(node, []).append((answer, place))
        self.later = np.zeros(self.right.size, dtype=bool)
        for answer in symbolic:
            span = self.span(answer)
            first = span.start + (span.stop - span.start) // graph.worlds
            self.later[first : span.stop] = True
        self.scales = [float(np.max(np.abs(value))) if value.size else 0.0 for value in values]
        self.noise = np.concatenate(
            [
                formula_noise(value) if i in symbolic else np.full(value.size, noise(value))
                for i, value in enumerate(values)
            ]
            or [np.zeros(0)]
        )
        self.numeric = [i for i in range(len(self.targets)) if i not in symbolic]
        self.entries = dict(
            found for node in self.targets if (found := _entry_of(graph, node)) is not None
        )
        self.sources = [self._sources(i) for i in range(len(self.targets))]
        self.given = list(_given_arrays(graph))
        self.given_sizes = frozenset(size for g in self.given for size in np.abs(g).tolist())

    def _sources(self, answer: int) -> Mapping[int, frozenset[int]]:
        """Return the nodes of answers that an answer is computed from, its own included.

        Of one entry it is the node of the whole quantity, through which it is carried forward.
        """
        region = self.graph.region([self.targets[answer]])
        found = {}
        for other, members in enumerate(self.members):
            nodes = frozenset(node for node in members if node in region)
            if other != answer and self.targets[other] in self.entries:
                whole = self.entries[self.targets[other]][0]
                nodes |= frozenset([whole] if whole in region else [])
            if nodes:
                found[other] = nodes
        return found

    def in_all_worlds(self, node: int, answer: int) -> Array:
        """Return a node's right value, flat, in every world in which an answer is compared."""
        found = [self.graph.value(node, world) for world in self.worlds(answer)]
        return np.concatenate([np.zeros(0), *(np.ravel(v) for v in found if v is not None)])

    def worlds(self, answer: int) -> range:
        """Return the worlds in which an answer is compared: a number has one, a formula all."""
        return range(self.graph.worlds if answer in self.symbolic else 1)

    def span(self, answer: int) -> slice:
        """Return the entries of one answer."""
        return slice(int(self.starts[answer]), int(self.starts[answer + 1]))

    def size(self, answer: int) -> int:
        """Return how many entries one instance of an answer has, in one world."""
        span = self.span(answer)
        parts = len(self.worlds(answer)) * len(self.members[answer])
        return int(span.stop - span.start) // parts

    def right_apart(self, answer: int, other: int, slack: Array) -> bool:
        """Whether right values of two answers differ by more than ``slack``, entry by entry."""
        one, two = self.values[answer], self.values[other]
        return one.size != two.size or bool((np.abs(np.abs(one) - np.abs(two)) > slack).any())

    def places(self, node: int, size: int, world: int) -> Iterator[slice]:
        """Yield where the entries of a node stand, if there are as many as there should be."""
        for answer, place in self.answers_at[node]:
            if size == self.size(answer) and world in self.worlds(answer):
                start = self.span(answer).start + (world * len(self.members[answer]) + place) * size
                yield slice(start, start + size)

    def nodes_of(self, targets: Iterable[int]) -> list[int]:
        """Return the nodes to evaluate for some targets: one each, or all instances of a family."""
        wanted = set(targets)
        return [
            node
            for target, nodes in zip(self.targets, self.members, strict=True)
            if target in wanted
            for node in nodes
        ]

    def put(self, row: Array, node: int, value: Array, world: int) -> None:
        """Write the value of a node into a row of entries, wherever an answer has it."""
        for place in self.places(node, value.size, world):
            row[place] = value.ravel()


def _given_arrays(graph: Graph) -> Iterator[Array]:
    """Yield every given array, flat: each instance, and all instances of a family together."""
    by_family: dict[str, list[Array]] = {}
    for number, node in enumerate(graph.nodes):
        family = graph.families[node.key[0]]
        value = graph.value(number)
        if family.kind == "given" and not node.inputs and value is not None:
            by_family.setdefault(family.name, []).append(np.atleast_1d(value).ravel())
    for arrays in by_family.values():
        yield from arrays
        if len(arrays) > 1:
            yield np.concatenate(arrays)


def _entry_of(graph: Graph, node: int) -> tuple[int, tuple[int, tuple[int, ...]]] | None:
    """Return an answer's node with what it is an entry of and where, if it is one."""
    inner = node
    while (rule := graph.families[graph.nodes[inner].key[0]].rule) is not None:
        if rule.operation.role == "entry" and len(graph.nodes[inner].inputs) == 1:
            parts = rule.params["index"]
            assert isinstance(parts, tuple)
            index = [part.at({}) if isinstance(part, Index) else part for part in parts]
            whole = tuple(part for part in index if isinstance(part, int))
            return node, (graph.nodes[inner].inputs[0], whole)
        if rule.operation.role != "copy" or not graph.nodes[inner].inputs:
            return None
        inner = graph.nodes[inner].inputs[0]
    return None


def members_of(graph: Graph, node: int) -> tuple[int, ...]:
    """Return the instances that a node stacks, where it is a whole family; else the node.

    An answer that gives a whole family is judged instance by instance, each from the student's own
    earlier ones.
    """
    inner = node
    while True:
        rule = graph.families[graph.nodes[inner].key[0]].rule
        if rule is None:
            return (node,)
        if rule.operation.role == "copy" and len(graph.nodes[inner].inputs) == 1:
            inner = graph.nodes[inner].inputs[0]
            continue
        whole = rule.operation.role == "stack" and any(isinstance(i, Every) for i in rule.inputs)
        return graph.nodes[inner].inputs if whole else (node,)
