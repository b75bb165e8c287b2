"""Orders of growth, compared by how they grow."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from itertools import product as combinations_of

import numpy as np

from reference_solutions.language.evaluation import evaluate
from reference_solutions.language.expression import Apply, Expression, Name, Number
from reference_solutions.language.formula import FormulaError

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
        except (_NoSizeError, FormulaError):
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


class _NoSizeError(ValueError):
    """An expression whose size can't be told at this point."""


def _size(expression: Expression, ray: Mapping[str, float], power: float) -> tuple[float, float]:
    """Return the sign of an expression and the decimal logarithm of its absolute value."""
    if isinstance(expression, Number):
        return _of_value(expression.value)
    if isinstance(expression, Name):
        if expression.name in _CONSTANTS and expression.name not in ray:
            return _of_value(_CONSTANTS[expression.name])
        if expression.index or expression.name not in ray:
            raise _NoSizeError
        # Each symbol that stays has another value, so that differences of two don't vanish.
        place = list(ray).index(expression.name)
        return 1.0, 2.5 + 0.07 * (place % 7) + power * ray[expression.name]
    if not isinstance(expression, Apply):
        raise _NoSizeError
    parts = [_size(arg, ray, power) for arg in expression.args]
    rule = _RULES.get(expression.operation)
    if rule is not None and rule[0] in (-min(len(parts), 2), 0, len(parts)):
        return rule[1](parts, expression)
    return _computed(expression, parts)


def _of_value(value: float) -> tuple[float, float]:
    if math.isnan(value):
        raise _NoSizeError
    size = math.inf if math.isinf(value) else math.log10(abs(value)) if value else -math.inf
    return math.copysign(1.0, value), size


def _value(part: tuple[float, float]) -> float:
    sign, size = part
    return sign * (10.0**size if size < 308 else math.inf)


def _computed(expression: Apply, parts: list[tuple[float, float]]) -> tuple[float, float]:
    """Compute any other operation in ordinary numbers, where they are not too large for it."""
    values = [_value(part) for part in parts]
    if not all(abs(value) < 1e300 for value in values):
        raise _NoSizeError
    names = tuple(Name(str(at)) for at in range(len(values)))
    call = Apply(expression.operation, names, expression.params, expression.start)
    found = evaluate(call, lambda name: np.asarray(values[int(name.name)]))
    if found.ndim:
        raise _NoSizeError
    return _of_value(float(found))


Parts = list[tuple[float, float]]


def _sum(parts: Parts, expression: Apply) -> tuple[float, float]:
    signs = expression.params.get("signs", (1,) * len(parts))
    assert isinstance(signs, tuple)
    largest = max(size for _, size in parts)
    if math.isinf(largest):
        return 1.0, largest
    total = sum(
        part_sign * (-1 if sign == -1 else 1) * 10.0 ** (size - largest)
        for (part_sign, size), sign in zip(parts, signs, strict=True)
    )
    if abs(total) < 1e-9:
        raise _NoSizeError
    return math.copysign(1.0, total), largest + math.log10(abs(total))


def _product(parts: Parts, _: Apply) -> tuple[float, float]:
    return math.prod(sign for sign, _ in parts), sum(size for _, size in parts)


def _quotient(parts: Parts, _: Apply) -> tuple[float, float]:
    (above, size), (below, other) = parts
    return above * below, size - other


def _power(parts: Parts, _: Apply) -> tuple[float, float]:
    (sign, size), exponent = parts[0], _value(parts[1])
    if sign < 0:
        if exponent != round(exponent):
            raise _NoSizeError
        sign = -1.0 if exponent % 2 else 1.0
    if not exponent:
        return 1.0, 0.0
    return sign, size * exponent if size else 0.0


def _logarithm(base: float) -> Callable[[Parts, Apply], tuple[float, float]]:
    def rule(parts: Parts, _: Apply) -> tuple[float, float]:
        (sign, size) = parts[0]
        if sign < 0 or math.isinf(size):
            raise _NoSizeError
        return _of_value(size / math.log10(base))

    return rule


def _largest(parts: Parts, _: Apply) -> tuple[float, float]:
    return max(parts, key=lambda part: (part[0], part[0] * part[1]))


def _smallest(parts: Parts, _: Apply) -> tuple[float, float]:
    return min(parts, key=lambda part: (part[0], part[0] * part[1]))


def _exponential(parts: Parts, _: Apply) -> tuple[float, float]:
    return 1.0, _value(parts[0]) * math.log10(math.e)


def _root(parts: Parts, _: Apply) -> tuple[float, float]:
    sign, size = parts[0]
    if sign < 0:
        raise _NoSizeError
    return 1.0, size / 2


_RULES: Mapping[str, tuple[int, Callable[[Parts, Apply], tuple[float, float]]]] = {
    "add": (0, _sum),
    "multiply": (0, _product),
    "divide": (2, _quotient),
    "power": (2, _power),
    "negate": (1, lambda parts, _: (-parts[0][0], parts[0][1])),
    "abs": (1, lambda parts, _: (1.0, parts[0][1])),
    "floor": (1, lambda parts, _: parts[0]),
    "ceil": (1, lambda parts, _: parts[0]),
    "log": (1, _logarithm(math.e)),
    "ln": (1, _logarithm(math.e)),
    "log2": (1, _logarithm(2)),
    "log10": (1, _logarithm(10)),
    "exp": (1, _exponential),
    "sqrt": (1, _root),
    "maximum": (2, _largest),
    "minimum": (2, _smallest),
    "max": (-2, _largest),
    "min": (-2, _smallest),
}
"""For each operation its number of operands (0: any, -2: two or more), and its value's size."""
