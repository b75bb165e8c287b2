"""What a formula runs over: the index of ``sum(l[t], t)``, the condition in ``sum(a[j], j != i)``.

A condition in indices alone is decided for each index before anything is computed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from reference_solutions.expressions.tree import Apply, Expression, Name, Number
from reference_solutions.operations import operation_called

_LOGICAL = ("minimum", "maximum")


@dataclass(frozen=True, slots=True)
class Over:
    """The indices that a formula runs over, and the conditions on them."""

    variables: tuple[str, ...]
    conditions: tuple[Expression, ...] = ()

    @property
    def named(self) -> set[str]:
        """The names in the conditions."""
        return {n.name for one in self.conditions for n in one.walk() if isinstance(n, Name)}

    def holds(self, bindings: Mapping[str, int]) -> bool:
        """Whether the term at an index counts."""
        return all(decided(condition, bindings) for condition in self.conditions)


def runs_over(expression: Expression) -> Over | None:
    """Return what an operation runs over; None for one that is applied to its operands."""
    if not isinstance(expression, Apply) or len(expression.args) < 2:
        return None
    operation = operation_called(expression.operation)
    if operation is None or operation.latex_over_index is None:
        return None
    variables: list[str] = []
    conditions: list[Expression] = []
    for arg in expression.args[1:]:
        if isinstance(arg, Name) and not arg.index:
            variables.append(arg.name)
        elif is_condition(arg):
            conditions.append(arg)
            first = next((n.name for n in arg.walk() if isinstance(n, Name)), "")
            if first and not any(_named_in(arg, name) for name in variables):
                variables.append(first)
        else:
            return Over(())
    return Over(tuple(dict.fromkeys(variables)), tuple(conditions))


def _named_in(expression: Expression, name: str) -> bool:
    return any(isinstance(node, Name) and node.name == name for node in expression.walk())


def is_condition(expression: Expression) -> bool:
    """Whether an expression is a comparison, or several with `and` or `or`."""
    if not isinstance(expression, Apply):
        return False
    if expression.operation == "compare":
        return True
    return expression.operation in _LOGICAL and all(map(is_condition, expression.args))


def is_decided(expression: Expression, variables: Collection[str]) -> bool:
    """Whether a condition is one in indices and numbers alone."""
    return is_condition(expression) and all(
        isinstance(node, Apply | Number)
        or (isinstance(node, Name) and node.name in variables and _is_its_own(node))
        for node in expression.walk()
    )


def _is_its_own(name: Name) -> bool:
    return all(part.variable == name.name and part.offset == 0 for part in name.index)


def decided(condition: Expression, bindings: Mapping[str, int]) -> bool:
    """Return whether a condition in indices alone holds. Raises ValueError for another one."""
    return bool(_value(condition, bindings))


def _value(expression: Expression, bindings: Mapping[str, int]) -> float:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name) and expression.name in bindings:
        return float(bindings[expression.name])
    operation = operation_called(expression.operation) if isinstance(expression, Apply) else None
    if operation is None or not isinstance(expression, Apply):
        raise ValueError("a condition on an index is one of indices and numbers")
    args = [np.asarray(_value(arg, bindings)) for arg in expression.args]
    return float(operation.compute(*args, **expression.params))
