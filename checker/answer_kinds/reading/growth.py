"""Orders of growth, compared by how they grow."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import product as combinations_of

import numpy as np

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Name, Number
from reference_solutions.language.evaluation import evaluate
from reference_solutions.operations import operation_called
from reference_solutions.operations.growth import NoSizeError, Size, size_of, value_of

_CONSTANTS = {"e": math.e, "pi": math.pi}
_FAR = (1e6, 1e8)
"""Powers of ten that symbols are taken to: so far out that only the order is left."""
_NEAR = (4.0, 5.0)
"""Powers where those are too large, for exponentials, or where terms cancel."""


def same_order(written: Expression, expected: Expression, symbols: Collection[str]) -> bool | None:
    """Say whether two expressions grow alike, whichever way their symbols go to infinity.

    Along a ray symbol s grows as n**a_s, for whole a_s. The two are of one order exactly when their
    quotient stays between bounds along all rays, for expressions made of sums, products, powers and
    logarithms. They are computed as logarithms, so nothing overflows. None where what was written
    can't be computed.
    """
    generator = np.random.default_rng(1729)
    rays = [{s: float(s == one) for s in symbols} for one in symbols]
    if len(symbols) <= 3:
        rays += [
            dict(zip(symbols, map(float, powers), strict=True))
            for powers in combinations_of(range(4), repeat=len(symbols))
        ]
    else:
        rays += [{s: float(generator.integers(0, 4)) for s in symbols} for _ in range(48)]
    for ray in rays:
        alike = _alike(written, expected, ray)
        if not alike:
            return alike
    return True


def _alike(written: Expression, expected: Expression, ray: Mapping[str, float]) -> bool | None:
    """Whether the quotient of two expressions is bounded along a ray; None if one has no value."""
    for powers in (_FAR, _NEAR):
        try:
            logs = [
                (_size(written, ray, power)[1], _size(expected, ray, power)[1]) for power in powers
            ]
        except (NoSizeError, FormulaError):
            continue
        sizes = np.array(logs)
        if np.isnan(sizes).any() or (sizes == np.inf).any():
            continue
        if np.isinf(sizes).any():
            return bool((sizes[:, 0] == sizes[:, 1]).all())
        (first, first_right), (last, last_right) = logs
        change = (last - last_right) - (first - first_right)
        return abs(change) <= 0.02 + 1e-12 * float(np.abs(sizes).max())
    return True if written == expected else None


def _size(expression: Expression, ray: Mapping[str, float], power: float) -> Size:
    """Return the sign of an expression and the decimal logarithm of its absolute value."""
    if isinstance(expression, Number):
        return size_of(expression.value)
    if isinstance(expression, Name):
        if expression.name in _CONSTANTS and expression.name not in ray:
            return size_of(_CONSTANTS[expression.name])
        if expression.index or expression.name not in ray:
            raise NoSizeError
        # Each symbol that stays has another value, so that differences of two don't vanish.
        place = list(ray).index(expression.name)
        return 1.0, 2.5 + 0.07 * (place % 7) + power * ray[expression.name]
    if not isinstance(expression, Apply):
        raise NoSizeError
    parts = [_size(arg, ray, power) for arg in expression.args]
    operation = operation_called(expression.operation)
    growth = operation.growth if operation is not None else None
    return growth(parts, expression.params) if growth else _computed(expression, parts)


def _computed(expression: Apply, parts: list[Size]) -> Size:
    """Compute any other operation in ordinary numbers, where they are not too large for it."""
    values = [value_of(part) for part in parts]
    if not all(abs(value) < 1e300 for value in values):
        raise NoSizeError
    names = tuple(Name(str(at)) for at in range(len(values)))
    call = Apply(expression.operation, names, expression.params, expression.start)
    found = evaluate(call, lambda name: np.asarray(values[int(name.name)]))
    if found.ndim:
        raise NoSizeError
    return size_of(float(found))
