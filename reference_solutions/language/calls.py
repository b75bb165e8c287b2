"""The arguments of a call, by position or by name, as numpy and PyTorch have them.

``max_pool2d(X, 2)`` is ``max_pool2d(X, size=2)``, ``softmax(z, dim=0)`` is ``softmax(z, axis=0)``,
``clip(x, low=0, high=1)`` is ``clip(x, 0, 1)``.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from reference_solutions.operations.operation import Operation

OTHER_NAMES = {
    "dim": "axis",
    "keepdim": "keepdims",
    "kernel_size": "size",
    "pool_size": "size",
    "strides": "stride",
    "count_include_pad": "count_padding",
    "negative_slope": "slope",
    "input": "x",
    "a_min": "low",
    "a_max": "high",
    "min": "low",
    "max": "high",
    "num_classes": "size",
    "num_heads": "heads",
}
"""What libraries call arguments that have another name here."""


@dataclass(slots=True)
class Arguments:
    """Operands in order, and constants by name; what is wrong with a call, and where."""

    operands: list[ast.expr] = field(default_factory=list)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    wrong: tuple[str, ast.expr] | None = None


def arguments(node: ast.Call, operation: Operation | None) -> Arguments:
    """Return what a call gives to an operation; None is one of which nothing is known."""
    found = Arguments(list(node.args))
    if operation is None:
        for keyword in node.keywords:
            found.constants[str(keyword.arg)] = keyword.value
        return found
    _by_position(found, operation)
    names = operation.operand_names
    for keyword in node.keywords:
        name = str(keyword.arg)
        if name not in operation.params and name not in names:
            other = OTHER_NAMES.get(name, name)
            name = other if other in operation.params or other in names else name
        constant = name in operation.params and is_constant(keyword.value)
        if not constant and name in names:
            at = names.index(name)
            if at < len(found.operands):
                found.wrong = (
                    f"`{name}` of `{operation.signature}` is given twice: by its position and by "
                    "name",
                    keyword.value,
                )
            elif at > len(found.operands):
                found.wrong = (
                    f"`{operation.signature}` needs `{names[len(found.operands)]}` as well",
                    keyword.value,
                )
            found.operands.append(keyword.value)
        elif name in found.constants:
            found.wrong = (f"`{name}` of `{operation.signature}` is given twice", keyword.value)
        else:
            found.constants[name] = keyword.value
    return found


def _by_position(found: Arguments, operation: Operation) -> None:
    """Take constants that stand behind the operands for the named ones, in their order."""
    most = operation.arity[1]
    more = found.operands[most:]
    names = [name for name in operation.params if name not in operation.operand_names]
    if operation.for_two or not 0 < len(more) <= len(names) or not all(map(is_constant, more)):
        return
    found.operands = found.operands[:most]
    found.constants = dict(zip(names, more, strict=False))


def is_constant(node: ast.expr) -> bool:
    """Whether an argument is a number, a word, a truth value, or a list of numbers."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.List | ast.Tuple):
        return all(map(is_constant, node.elts))
    return isinstance(node, ast.Constant)
