"""Python's syntax tree to an expression: what is named here is the language, nothing else is."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from reference_solutions.language.expression import Apply, Expression, Index, Name, Number, Param
from reference_solutions.language.foreign_notation import (
    called_of,
    unknown_function,
)
from reference_solutions.language.formula_error import FormulaError
from reference_solutions.language.written_formula import WrittenFormula

MAX_NAME = 100
MAX_DEPTH = 40
MAX_NODES = 500
_BINARY = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.Pow: "__pow__",
    ast.MatMult: "__matmul__",
}
DECIMAL = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")


def translated(
    tree: ast.expr, written: WrittenFormula, functions: Collection[str], variables: Collection[str]
) -> Expression:
    """Return the expression that a syntax tree stands for. Raises :class:`FormulaError`."""
    return _Translator(written, functions, frozenset(variables)).expression(tree)


_PYTHON: Mapping[type[ast.AST], str] = {
    ast.ListComp: "what is computed value by value is a step with an index, as in `h[t]`",
    ast.GeneratorExp: "write `sum(x[t], t)` to run over an index",
    ast.IfExp: "one of two values is chosen by `where(…, …, …)`",
    ast.Lambda: "a formula is a value",
    ast.BoolOp: "there is no `and` and no `or`",
    ast.Dict: "a list stands in `[…]`",
    ast.Set: "a list stands in `[…]`",
    ast.JoinedStr: "a formula holds no texts",
    ast.NamedExpr: "a value gets its name in a step of its own",
}
"""What stands for Python's own ways of saying things."""


class _Translator:
    def __init__(
        self, written: WrittenFormula, functions: Collection[str], variables: frozenset[str]
    ) -> None:
        self.written = written
        self.source = written.source
        self.encoded = written.source.encode()
        self.functions = functions
        self.variables = variables
        self.nodes = 0

    def fail(self, message: str, node: ast.AST) -> FormulaError:
        return FormulaError(message, self.offset(node))

    def offset(self, node: ast.AST) -> int:
        column = getattr(node, "col_offset", 0)
        # ast counts UTF-8 bytes, people count characters.
        before = self.encoded[:column].decode(errors="ignore")
        return self.written.place(len(before))

    def expression(  # noqa: PLR0911 - one return for each form of the language
        self, node: ast.expr, depth: int = 0
    ) -> Expression:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.fail(f"the formula is too large (more than {MAX_NODES} parts)", node)
        if depth > 4 * MAX_DEPTH:
            raise self.fail("the formula is nested too deeply", node)
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name():
                if len(node.id) > MAX_NAME:
                    raise self.fail(
                        f"this name is too long: expected at most {MAX_NAME} characters, "
                        f"got {len(node.id)}",
                        node,
                    )
                return Name(node.id, (), self.offset(node))
            case ast.UnaryOp():
                return self.unary(node, depth)
            case ast.BinOp():
                return self.binary(node, depth)
            case ast.Attribute():
                return self.attribute(node, depth)
            case ast.Subscript():
                return self.subscript(node, depth)
            case ast.Call():
                return self.call(node, depth)
            case ast.List() | ast.Tuple():
                return self.items(node, depth)
        if isinstance(node, ast.Compare):
            raise self.fail("a formula is a value: it can't be compared with another", node)
        hint = _PYTHON.get(type(node), "")
        raise self.fail(f"this is not part of the formula language{hint and f': {hint}'}", node)

    def unary(self, node: ast.UnaryOp, depth: int) -> Expression:
        if isinstance(node.op, ast.UAdd):
            return self.expression(node.operand, depth + 1)
        if not isinstance(node.op, ast.USub):
            raise self.fail("this operator is not part of the formula language", node)
        operand = self.expression(node.operand, depth + 1)
        if isinstance(operand, Number) and not operand.text.startswith("-"):
            return Number(-operand.value, f"-{operand.text}", self.offset(node))
        return Apply("negate", (operand,), start=self.offset(node))

    def attribute(self, node: ast.Attribute, depth: int) -> Expression:
        if node.attr != "T":
            raise self.fail(f"`.{node.attr}` is not known; only `.T` (the transpose) is", node)
        operand = self.expression(node.value, depth + 1)
        return Apply("transpose", (operand,), start=self.offset(node))

    def items(self, node: ast.List | ast.Tuple, depth: int) -> Expression:
        items = tuple(self.expression(item, depth + 1) for item in node.elts)
        if not items:
            raise self.fail("an empty list has no value", node)
        return Apply("stack", items, start=self.offset(node))

    def number(self, node: ast.Constant) -> Number:
        text = self.encoded[node.col_offset : node.end_col_offset].decode(errors="ignore")
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            hint = "; there is no imaginary unit here" if isinstance(node.value, complex) else ""
            raise self.fail(f"expected a number, got `{text}`{hint}", node)
        if not DECIMAL.match(text):
            raise self.fail(
                f"expected a decimal number, got `{text}`: write {_plainly(node.value)}", node
            )
        try:
            value = float(node.value)
        except OverflowError:
            value = float("inf")
        if value in (float("inf"), float("-inf")):
            raise self.fail("this number is too large", node)
        return Number(value, text, self.offset(node))

    def binary(self, node: ast.BinOp, depth: int) -> Expression:
        # A long sum is a chain to the left: followed in a loop, it costs no depth.
        chain = [node]
        while isinstance(chain[-1].left, ast.BinOp):
            chain.append(chain[-1].left)
        result = self.expression(chain[-1].left, depth + 1)
        for link in reversed(chain):
            result = self.combined(link, result, self.expression(link.right, depth + 1))
        return result

    def combined(self, node: ast.BinOp, left: Expression, right: Expression) -> Expression:
        if isinstance(node.op, ast.BitXor):
            end = len(self.encoded[: node.left.end_col_offset].decode(errors="ignore"))
            at = self.written.place(self.source.index("^", end))
            raise FormulaError("`^` is not a power here: write `**`", at)
        method = _BINARY.get(type(node.op))
        if method is None:
            raise self.fail("this operator is not part of the formula language", node)
        result: Expression = getattr(left, method)(right)
        if isinstance(result, Apply):
            return Apply(result.operation, result.args, result.params, self.offset(node))
        return result

    def subscript(self, node: ast.Subscript, depth: int) -> Expression:
        base = self.expression(node.value, depth + 1)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        indices = [self.index(part) for part in parts]
        if all(index is not None for index in indices):
            known = tuple(index for index in indices if index is not None)
            if isinstance(base, Name):
                return Name(base.name, (*base.index, *known), base.start)
            return Apply("item", (base,), {"index": known}, self.offset(node))
        mixed = any(
            isinstance(inner, ast.Name) and inner.id in self.variables
            for part in parts
            for inner in _of_index(part)
        )
        if len(parts) != 1 or isinstance(parts[0], ast.Slice) or mixed:
            raise self.fail(
                "a subscript is an index such as `t`, `t-1` or `2-t`, a number, or one quantity",
                parts[0],
            )
        chosen = self.expression(parts[0], depth + 1)
        return Apply("pick", (base, chosen), start=self.offset(node))

    def index(  # noqa: PLR0911 - one return for each form of an index
        self, node: ast.expr
    ) -> Index | None:
        """``node`` as ``±variable ± number``, or None where it is something else."""
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                self.number(node)
                return Index(None, value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() as operand):
                inner = self.index(operand)
                return None if inner is None else Index(None, -inner.offset)
            case ast.Name(id=name) if name in self.variables:
                return Index(name)
            case ast.BinOp(op=ast.Add() | ast.Sub() as sign):
                left, right = self.index(node.left), self.index(node.right)
                if left is None or right is None:
                    return None
                factor = 1 if isinstance(sign, ast.Add) else -1
                if right.variable is None:
                    return left.shifted(factor * right.offset)
                if left.variable is None:
                    return Index(
                        right.variable, left.offset + factor * right.offset, factor * right.scale
                    )
        return None

    def call(self, node: ast.Call, depth: int) -> Expression:
        if isinstance(node.func, ast.Attribute):
            value = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            message = called_of(value, node.func.attr, self.functions)
            if message is not None:
                raise self.fail(message, node)
        if not isinstance(node.func, ast.Name):
            raise self.fail("only a function's name can be called; a product needs `*`", node)
        name = node.func.id[:MAX_NAME]
        if name not in self.functions:
            inside = ast.unparse(node.args[0]) if len(node.args) == 1 else ""
            raise self.fail(
                unknown_function(name, self.functions, self.variables, inside[:80]), node
            )
        args = tuple(self.expression(arg, depth + 1) for arg in node.args)
        params: dict[str, Param] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.fail("`**` can't stand here", keyword.value)
            params[keyword.arg] = self.parameter(keyword.value)
        return Apply(name, args, params, self.offset(node))

    def parameter(self, node: ast.expr) -> Param:
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise self.fail("a named argument is a constant", node) from None
        if isinstance(value, tuple | list):
            if all(isinstance(item, int) and not isinstance(item, bool) for item in value):
                return tuple(value)
        elif value is None or isinstance(value, int | float | str | bool):
            return value
        raise self.fail("a named argument is a number, a word, or a list of whole numbers", node)


def _plainly(value: float) -> str:
    shown = str(value)
    return f"`{shown}`" if len(shown) <= 40 else "it out in digits"


def _of_index(part: ast.expr) -> Iterator[ast.AST]:
    """Yield the nodes of a subscript, without those of subscripts and calls within it."""
    pending: list[ast.AST] = [part]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.Subscript | ast.Call):
            pending.extend(ast.iter_child_nodes(node))
