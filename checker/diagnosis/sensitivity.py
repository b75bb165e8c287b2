"""What rounding on the way can do to an answer: a tolerance that is derived, not guessed.

Every intermediate value of the reference is a quantity of its graph, so the edit "put a slightly
different value here" tells how far an error there moves each answer. With every intermediate
rounded to k digits the errors add up, to first order, to at most sum_i |dy/dx_i| r_i (r_i half a
unit in the last kept place); and as they are independent, it is beyond all likelihood that they
exceed four standard deviations, each error being uniform on (-r_i, r_i). What people write down
within one operation (the exponentials of a softmax) is sampled and adds to that operation's error.
The smaller of the two bounds counts (Higham, Accuracy and Stability of Numerical Algorithms, 2nd
ed., 2002, section 2.8, on probabilistic against worst-case bounds). A value that k digits write
exactly has no error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from checker.matching import half_unit_at
from reference_solutions.graph import (
    REFUSALS,
    Array,
    Constant,
    EditedGraph,
    Graph,
    LinkedNodes,
)
from reference_solutions.graph.many import evaluate_moved

_SAMPLES = 24
_DEVIATIONS = 4.0


class Sensitivity:
    """How each intermediate entry of a graph moves the answers, to first order."""

    def __init__(self, graph: Graph, targets: Sequence[int], world: int = 0) -> None:
        """Perturb every intermediate entry on its own and evaluate the answers."""
        self.sizes = [_size(graph, target, world) for target in targets]
        base = [_flat(graph.value(target, world)) for target in targets]
        plain = graph.edited({})
        rows: list[Array] = []
        values: list[float] = []
        self.nodes: list[int] = []
        for node in intermediates(graph, targets):
            value = graph.value(node, world)
            if value is None:
                continue
            flat = np.atleast_1d(value).ravel()
            for entry in range(flat.size):
                step = 1e-6 * max(abs(float(flat[entry])), 1e-3)
                moved = flat.copy()
                moved[entry] += step
                found = plain.evaluate(targets, {node: moved.reshape(value.shape)}, world)
                parts = [
                    (_flat(found[target]) - before) / step
                    for target, before in zip(targets, base, strict=True)
                ]
                rows.append(np.concatenate(parts))
                values.append(float(flat[entry]))
                self.nodes.append(node)
        width = sum(self.sizes)
        # Where a quantity can't be moved either way nothing is known, and nothing is granted.
        self.signed = np.nan_to_num(
            np.array(rows).reshape(len(rows), width), posinf=0.0, neginf=0.0
        )
        self.rows = np.abs(self.signed)
        self.values = np.array(values)
        self._errors_at: dict[tuple[int, int], Array] = {}
        self._own_at: dict[int, Array] = {}
        self._graph, self._world = graph, world
        self._targets = list(targets)
        self.rows_of: dict[int, slice] = {}
        for row, node in enumerate(self.nodes):
            start = self.rows_of[node].start if node in self.rows_of else row
            self.rows_of[node] = slice(start, row + 1)

    def local(
        self,
        columns: slice,
        region: frozenset[int],
        digits: int,
        half_units: Mapping[int, Array],
        within: int | None = None,
    ) -> Array:
        """Estimate the same for one answer that is computed from values that were put.

        ``columns`` are the answer's entries, ``region`` are the nodes that it is computed
        from, ``half_units`` are those of the values that were put. The derivatives are
        those at the right values, so this is a first look.
        """
        errors = np.zeros(self.values.size)
        for node, rows in self.rows_of.items():
            if node not in region:
                continue
            written = half_units.get(node)
            if written is None:
                errors[rows] = self._errors(digits, within or digits)[rows]
            elif written.size == rows.stop - rows.start:
                errors[rows] = np.ravel(written)
        return _bound(self.rows[:, columns], errors, self._own(within or digits)[columns])

    def _errors(self, digits: int, within: int) -> Array:
        """Half a unit in the last of so many digits for every intermediate entry; 0 if exact."""
        if (digits, within) not in self._errors_at:
            errors = half_unit_at(self.values, digits)
            errors[_written_exactly(self.values, errors)] = 0.0
            for node, rows in self.rows_of.items():
                errors[rows] += error_within(self._graph, node, within, self._world)
            self._errors_at[digits, within] = errors
        return self._errors_at[digits, within]

    def _own(self, digits: int) -> Array:
        """Return what rounding within each answer's own operation can do to it."""
        if digits not in self._own_at:
            parts = [
                np.broadcast_to(error_within(self._graph, node, digits, self._world), size)
                for node, size in zip(self._targets, self.sizes, strict=True)
            ]
            self._own_at[digits] = np.concatenate(parts) if parts else np.zeros(0)
        return self._own_at[digits]

    def tolerance(self, digits: int, within: int | None = None) -> Array:
        """Return what rounding every intermediate to so many digits can do to each entry.

        ``within`` is to how many digits values within one operation are rounded, if that differs.
        """
        within = within or digits
        return _bound(self.rows, self._errors(digits, within), self._own(within))


_WITHIN: WeakKeyDictionary[LinkedNodes, dict[tuple[int, int, int], Array]] = WeakKeyDictionary()


def error_within(graph: LinkedNodes, node: int, digits: int, world: int = 0) -> Array:
    """Return what rounding within the operation of one node can do to each of its entries."""
    known = _WITHIN.setdefault(graph, {})
    key = (node, digits, world)
    if key not in known:
        known[key] = _sampled_within(graph, node, digits, world)
    return known[key]


def _sampled_within(graph: LinkedNodes, node: int, digits: int, world: int) -> Array:
    nothing = np.zeros(1)
    rule = graph.families[graph.nodes[node].key[0]].rule
    if rule is None or rule.operation.by_hand is None:
        return nothing
    taken = iter([graph.value(source, world) for source in graph.nodes[node].inputs])
    operands = [
        np.asarray(item.value) if isinstance(item, Constant) else next(taken, None)
        for item in rule.inputs
    ]
    value = graph.value(node, world)
    if value is None or any(operand is None for operand in operands):
        return nothing
    generator = np.random.default_rng(20240301)

    def rounded(values: Array) -> Array:
        values = np.asarray(values, dtype=np.float64)
        error = half_unit_at(values, digits)
        moved = generator.uniform(-1, 1, values.shape) * error
        return np.where(_written_exactly(values, error), values, values + moved)

    try:
        with np.errstate(all="ignore"):
            found = [
                rule.operation.by_hand(rounded, *operands, **rule.params) for _ in range(_SAMPLES)
            ]
            away = np.abs(np.array(found, dtype=np.float64) - value).reshape(_SAMPLES, -1)
    except REFUSALS:
        return nothing
    largest: Array = 1.6 * away.max(axis=0)
    likely = _DEVIATIONS * np.sqrt((away**2).mean(axis=0))
    return np.asarray(np.nan_to_num(np.minimum(likely, largest)))


def _bound(rows: Array, errors: Array, own: Array) -> Array:
    """Bound what independent errors can do: all at once, or what is likely, whichever is less.

    ``own`` is what the answers' own operations add.
    """
    moved = np.vstack((rows * errors[:, None], own[None, :]))
    worst = moved.sum(axis=0)
    likely = _DEVIATIONS * np.sqrt((moved**2).sum(axis=0) / 3.0)
    return np.asarray(np.minimum(worst, likely))


def intermediates(graph: Graph, targets: Sequence[int]) -> list[int]:
    """Return the nodes whose values somebody may round on the way to the answers."""
    given = [number for number in range(len(graph.nodes)) if graph.family(number).kind == "given"]
    found = []
    for number in sorted(graph.region(targets)):
        node, family = graph.nodes[number], graph.family(number)
        if family.kind not in ("step", "part") and not graph.depends(number, given):
            # A constant of a derived formula, such as its exponent, is not rounded; the root of 2
            # in a formula of the sheet is.
            continue
        if family.rule is None or family.rule.operation.copies:
            continue
        if family.rule.operation.gathers and len(node.inputs) < 2:
            continue
        found.append(number)
    return found


def _written_exactly(values: Array, half_units: Array) -> Array:
    """Return which values are what rounding them gives, to half units in their last places."""
    scale = np.where(half_units > 0, 2 * half_units, 1.0)
    steps = values / scale
    return np.asarray(np.abs(steps - np.round(steps)) < 1e-7)


def sampled_tolerance(  # noqa: PLR0913, PLR0917 - one argument for each part of what is sampled
    graph: EditedGraph,
    targets: Sequence[int],
    digits: int,
    puts: Mapping[int, Array],
    half_units: Mapping[int, Array],
    rounded: Sequence[int],
    within: int | None = None,
) -> list[Array]:
    """Sample the same for an edited graph: one flat array for each target.

    ``rounded`` are the nodes whose values are rounded to ``digits``; values that were put vary by
    half a unit of what was written (``half_units``); ``within`` is as in
    :meth:`Sensitivity.tolerance`. Deterministic: the samples are the same in
    every run.
    """
    if not rounded and not half_units:
        return [np.zeros(_flat(graph.base.value(target)).size) for target in targets]
    within = within or digits
    values = graph.evaluate({*rounded, *targets}, puts)
    known = {node: v for node in rounded if (v := values[node]) is not None and node not in puts}
    errors = _rounded_to(graph.base, known, digits, within)
    for node, value in puts.items():
        errors[node] = np.broadcast_to(half_units.get(node, np.zeros(())), value.shape)
    generator = np.random.default_rng(20240229)
    drawn = generator.uniform(-1, 1, (_SAMPLES, sum(error.size for error in errors.values())))
    moves, at = {}, 0
    for node, error in errors.items():
        moves[node] = drawn[:, at : at + error.size].reshape(_SAMPLES, *error.shape) * error
        at += error.size
    moved = {node: value + moves.pop(node) for node, value in puts.items()}
    sampled = evaluate_moved(graph, targets, _SAMPLES, moved, moves)
    found = []
    for target in targets:
        before = _flat(values[target])
        after = sampled[target].reshape(_SAMPLES, -1)
        off = np.abs(after[~np.isnan(after).all(axis=1)] - before)
        if not off.size:
            found.append(np.zeros(_flat(graph.base.value(target)).size))
            continue
        here = np.minimum(_DEVIATIONS * np.sqrt((off**2).mean(axis=0)), 1.6 * off.max(axis=0))
        found.append(np.hypot(here, _in_proportion(graph.base, target, within, before)))
    return found


def _rounded_to(
    graph: LinkedNodes, values: Mapping[int, Array], digits: int, within: int
) -> dict[int, Array]:
    """Return what writing each of some nodes' values down to so many digits may leave out."""
    flat = np.concatenate([*(np.ravel(value) for value in values.values()), np.zeros(0)])
    error = half_unit_at(flat, digits)
    error[_written_exactly(flat, error)] = 0.0
    errors, at = {}, 0
    for node, value in values.items():
        own = error[at : at + value.size] + _in_proportion(graph, node, within, np.ravel(value))
        errors[node] = own.reshape(value.shape)
        at += value.size
    return errors


def _in_proportion(graph: LinkedNodes, node: int, digits: int, values: Array) -> Array:
    """Return what rounding within an operation can do to other ``values`` of it."""
    error = error_within(graph, node, digits, 0)
    right = np.abs(_flat(graph.value(node)))
    if not error.any() or right.shape != values.shape:
        return np.zeros(values.shape)
    factor = np.fmax(np.abs(values) / np.fmax(right, 1e-300), 1.0)
    return np.asarray(np.nan_to_num(error * factor, posinf=0.0))


def _flat(value: Array | None) -> Array:
    return np.full(1, math.nan) if value is None else np.atleast_1d(value).ravel()


def _size(graph: Graph, target: int, world: int) -> int:
    return int(_flat(graph.value(target, world)).size)
