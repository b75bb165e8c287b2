"""A formula differentiated where it stands, operation by operation, backwards.

By the rules of its operations; a wrong variant of an operation, for which no rule is known, is
differentiated by numbers: by the stencil of five points (Abramowitz and Stegun, Handbook of
Mathematical Functions, 1964, 25.3.6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from reference_solutions.expressions.tree import Apply, Expression, Index, Number, apply
from reference_solutions.graph import Array, Constant, Ref
from reference_solutions.graph.leaf import Leaf
from reference_solutions.operations import operation_called
from reference_solutions.operations.operation import Operation

_MOST_ENTRIES = 64
"""How many entries an operand may have that a wrong operation is differentiated by."""
_STEP = 2e-3
_LINEAR = 1e-9

_Back: TypeAlias = "Callable[[Array, _Known], Array]"
"""What a step hands back of dL/d(out) to one operand."""


class UnfollowedError(Exception):
    """What a formula can't be differentiated for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a formula: the slots that it takes, and what it hands back to each."""

    operation: Operation
    params: Mapping[str, object]
    slots: tuple[int, ...]
    back: Mapping[int, _Back]


@dataclass(slots=True)
class Formula:
    """A formula at one index, operation by operation.

    A slot is a quantity, a number or what a step computes. ``leaves`` has the slot of each quantity
    by its node, ``steps`` the steps by their slots, in order.
    """

    values: list[Array] = field(default_factory=list)
    leaves: dict[int, int] = field(default_factory=dict)
    steps: dict[int, Step] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    root: int = -1

    def add(self, value: Array) -> int:
        """Add a slot with its value in the sheet, of any shape, and return its number."""
        self.values.append(value)
        return len(self.values) - 1

    def handed_back(self, to: int) -> tuple[tuple[int, ...], Callable[..., Array]]:
        """Return the nodes, and the function of dL/d(out) and of them, that ``to`` receives.

        dL/d(out) has the shape of the formula's value, and what ``to`` receives its own.
        """
        numbers = {slot: self.values[slot] for slot in self.numbers}
        slots = dict(self.leaves)
        steps = dict(self.steps)
        root, slot_of = self.root, self.leaves[to]
        above = _above(steps, slot_of)
        way = [
            (
                slot,
                [(below, step.back[at]) for at, below in enumerate(step.slots) if at in step.back],
            )
            for slot, step in reversed(steps.items())
            if slot in above
        ]

        def compute(g: Array, *operands: Array) -> Array:
            known = _Known(numbers | dict(zip(slots.values(), operands, strict=True)), steps)
            received: dict[int, Array] = {root: g}
            for slot, backs in way:
                if slot in received:
                    known.at = slot
                    for below, back in backs:
                        if below in above:
                            part = back(received[slot], known)
                            received[below] = received[below] + part if below in received else part
            found = received.get(slot_of)
            return np.zeros_like(known[slot_of]) if found is None else np.asarray(found)

        return tuple(slots), compute


class _Known:
    """The values of a formula, each step computed where it is asked for; ``at`` is one of them."""

    __slots__ = ("_steps", "_values", "at")

    def __init__(self, values: dict[int, Array], steps: Mapping[int, Step]) -> None:
        self._values = values
        self._steps = steps
        self.at = -1

    def __getitem__(self, slot: int) -> Array:
        if slot not in self._values:
            step = self._steps[slot]
            taken = (self[one] for one in step.slots)
            found = step.operation.compute(*taken, **step.params)
            self._values[slot] = np.asarray(found, dtype=np.float64)
        return self._values[slot]

    def operand(self, position: int) -> Array:
        return self[self._steps[self.at].slots[position]]

    def operands(self) -> list[Array]:
        return [self[slot] for slot in self._steps[self.at].slots]


def _above(steps: Mapping[int, Step], slot: int) -> set[int]:
    """Return the slots that depend on one, itself included."""
    found = {slot}
    for number, step in steps.items():
        if not found.isdisjoint(step.slots):
            found.add(number)
    return found


# --- what an operation hands back ---------------------------------------------------------------


def by_rule(  # noqa: PLR0913, PLR0917 - the operands of a derivative rule
    operation: Operation,
    params: Mapping[str, object],
    formula: Formula,
    slots: Sequence[int],
    out: Array,
    position: int,
) -> _Back | None:
    """Return what an operation hands back to one operand by its rule; None where it has none."""
    rule = operation.derivative(position)
    if rule is None:
        return None
    leaves = [
        Leaf(
            formula.values[slot].shape,
            (formula.values[slot],),
            Constant(float(formula.values[slot]))
            if slot in formula.numbers
            else Ref("operand", (Index(None, at),)),
        )
        for at, slot in enumerate(slots)
    ]
    g, result = Leaf(out.shape, (), Ref("g")), Leaf(out.shape, (out,), Ref("out"))
    expression = rule(g, result, *leaves, **params)
    if expression is None:
        return None
    shape = formula.values[slots[position]].shape
    if operation.broadcasts and shape != out.shape:
        expression = apply("sum_to", expression, shape=shape)

    def back(g: Array, known: _Known) -> Array:
        return _evaluated(expression, g, known)

    return back


def _evaluated(expression: Expression, g: Array, known: _Known) -> Array:
    if isinstance(expression, Number):
        return np.asarray(expression.value)
    if isinstance(expression, Leaf):
        item = expression.input
        if isinstance(item, Constant):
            return np.asarray(item.value)
        assert isinstance(item, Ref)
        if item.index:
            return known.operand(item.index[0].offset)
        return g if item.family == "g" else known[known.at]
    assert isinstance(expression, Apply)
    operation = operation_called(expression.operation)
    assert operation is not None
    args = (_evaluated(one, g, known) for one in expression.args)
    return np.asarray(operation.compute(*args, **expression.params), dtype=np.float64)


def by_numbers(
    operation: Operation, params: Mapping[str, object], taken: Sequence[Array], position: int
) -> _Back:
    """Return what a wrong variant of an operation hands back, from its values alone.

    ``taken`` are its operands in their own shapes; what is handed back has that of ``position``'s.
    """
    if taken[position].size > _MOST_ENTRIES:
        raise UnfollowedError

    def of(operand: Array, taken: Sequence[Array]) -> Array:
        operands = (*taken[:position], operand, *taken[position + 1 :])
        return np.asarray(operation.compute(*operands, **params), dtype=np.float64)

    start = taken[position]
    by = 0.1 * (1.0 + np.abs(start))
    middle, far = of(start + by, taken), of(start + 2 * by, taken)
    here = of(start, taken)
    linear = bool((np.abs(far - 2 * middle + here) <= _LINEAR * (1.0 + np.abs(here))).all())
    if operation.elementwise and start.shape == here.shape:

        def alone(g: Array, known: _Known) -> Array:
            taken = known.operands()
            at = taken[position]
            by = _STEP * (1.0 + np.abs(at))
            return np.asarray(g * _slope(lambda moved: of(moved, taken), at, by, by))

        return alone

    def each(g: Array, known: _Known) -> Array:
        taken, out = known.operands(), known[known.at]
        at = taken[position]
        found = np.zeros(at.size)
        for entry in range(at.size):
            size = 1.0 if linear else _STEP * (1.0 + abs(float(at.flat[entry])))
            by = np.zeros(at.size)
            by[entry] = size
            step = by.reshape(at.shape)
            if linear:
                slope = of(at + step, taken) - out
            else:
                slope = _slope(lambda moved: of(moved, taken), at, step, size)
            found[entry] = float(np.sum(g * slope))
        return found.reshape(at.shape)

    return each


def _slope(of: Callable[[Array], Array], at: Array, by: Array, size: Array | float) -> Array:
    """Return the change per unit of what moves by ``by``, by the stencil of five points."""
    near, far = of(at + by) - of(at - by), of(at + 2 * by) - of(at - 2 * by)
    return np.asarray((8.0 * near - far) / (12.0 * size))
