"""The index variables of a formula: those it depends on, binds, or takes as numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reference_solutions.graph.family import Ref
from reference_solutions.graph.leaf import Leaf
from reference_solutions.language.expression import Apply, Expression, Index, Name
from reference_solutions.operations import operation_called


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
    over: tuple[Expression, ...] = ()
    if _runs_over_index(expression):
        args, over = args[:1], args[1:]
    inside = {*variables, *(arg.name for arg in over if isinstance(arg, Name))}
    args = tuple(with_indices_as_numbers(arg, inside) for arg in args)
    return Apply(expression.operation, (*args, *over), expression.params, expression.start)


def free_variables(expression: Expression) -> set[str]:
    """Return the variables an expression depends on; a sum binds those it runs over."""
    if isinstance(expression, Apply):
        args, bound = expression.args, set()
        if _runs_over_index(expression):
            bound = {arg.name for arg in args[1:] if isinstance(arg, Name)}
            args = args[:1]
        found = {v for arg in args for v in free_variables(arg)} - bound
        index = expression.params.get("index")
        return found | variables_of(index if isinstance(index, tuple) else ())
    if isinstance(expression, Name):
        return variables_of(expression.index)
    if isinstance(expression, Leaf) and isinstance(expression.input, Ref):
        return variables_of(expression.input.index)
    return set()


def variables_of(index: Sequence[Index | int]) -> set[str]:
    """Return the variables of a subscript."""
    return {p.variable for p in index if isinstance(p, Index) and p.variable is not None}


def _runs_over_index(expression: Apply) -> bool:
    """Whether it is written over named indices, as in ``sum(l[t], t)``."""
    operation = operation_called(expression.operation)
    named = operation is not None and operation.latex_over_index is not None
    return named and len(expression.args) > 1
