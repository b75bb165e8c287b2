"""The index variables of a formula: those it depends on, binds, or takes as numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reference_solutions.expressions.tree import Apply, Expression, Index, Name
from reference_solutions.graph.family import Ref
from reference_solutions.graph.leaf import Leaf
from reference_solutions.graph.ranging import runs_over


def with_indices_as_numbers(expression: Expression, variables: Collection[str]) -> Expression:
    """Return ``expression`` with every index that stands alone read as its own value.

    ``variables`` are the indices that the formula runs over; a sum has its own.
    """
    if isinstance(expression, Name):
        if expression.index or expression.name not in variables:
            return expression
        return Name(expression.name, (Index(expression.name),), expression.start)
    if not isinstance(expression, Apply):
        return expression
    args = expression.args
    rest: tuple[Expression, ...] = ()
    over = runs_over(expression)
    if over is not None:
        args, rest = args[:1], args[1:]
        variables = {*variables, *over.variables}
    args = tuple(with_indices_as_numbers(arg, variables) for arg in args)
    return Apply(expression.operation, (*args, *rest), expression.params, expression.start)


def free_variables(expression: Expression) -> set[str]:
    """Return the variables an expression depends on; a sum binds those it runs over."""
    if isinstance(expression, Apply):
        args = expression.args
        over = runs_over(expression)
        if over is not None:
            found = (free_variables(args[0]) | over.named) - {*over.variables}
        else:
            found = {v for arg in args for v in free_variables(arg)}
        for index in expression.params.values():
            found |= variables_of(index if isinstance(index, tuple) else ())
        return found
    if isinstance(expression, Name):
        return variables_of(expression.index)
    if isinstance(expression, Leaf) and isinstance(expression.input, Ref):
        return variables_of(expression.input.index)
    return set()


def variables_of(index: Sequence[Index | int]) -> set[str]:
    """Return the variables of a subscript."""
    return {p.variable for p in index if isinstance(p, Index) and p.variable is not None}
