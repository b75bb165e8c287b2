"""Python's syntax tree to an expression: what is named here is the language, nothing else is."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Index, Name, Number, Param
from reference_solutions.language.calls import arguments
from reference_solutions.language.foreign_notation import (
    called_of,
    unknown_function,
)
from reference_solutions.language.written_formula import WrittenFormula
from reference_solutions.operations import operation_called
from submissions_schema.written_number import UNSIGNED

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
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_START, _STOP, _ENTRY = 1, 2, 4
"""What is given of one axis of ``part``, as its module says."""
DECIMAL = re.compile(rf"{UNSIGNED}\Z")


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

    def expression(  # noqa: PLR0911, PLR0912 - one return for each form of the language
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
            case ast.Compare():
                return self.comparison(node, depth)
            case ast.BoolOp():
                return self.logical(node, depth)
        hint = _PYTHON.get(type(node), "")
        raise self.fail(f"this is not part of the formula language{hint and f': {hint}'}", node)

    def unary(self, node: ast.UnaryOp, depth: int) -> Expression:
        if isinstance(node.op, ast.UAdd):
            return self.expression(node.operand, depth + 1)
        if isinstance(node.op, ast.Not):
            return 1 - self.condition(node.operand, depth)
        if not isinstance(node.op, ast.USub):
            raise self.fail("this operator is not part of the formula language", node)
        operand = self.expression(node.operand, depth + 1)
        if isinstance(operand, Number) and not operand.text.startswith("-"):
            return Number(-operand.value, f"-{operand.text}", self.offset(node))
        return Apply("negate", (operand,), start=self.offset(node))

    def comparison(self, node: ast.Compare, depth: int) -> Expression:
        """Read ``a < b < c`` as 1 where it holds and 0 elsewhere."""
        if not depth:
            raise self.fail("a formula is a value: it can't be compared with another", node)
        values = [self.expression(one, depth + 1) for one in (node.left, *node.comparators)]
        start = self.offset(node)
        found: Expression | None = None
        for sign, left, right in zip(node.ops, values, values[1:], strict=False):
            if type(sign) not in _COMPARED:
                raise self.fail("this operator is not part of the formula language", node)
            one = Apply("compare", (left, right), {"sign": _COMPARED[type(sign)]}, start)
            found = one if found is None else Apply("minimum", (found, one), start=start)
        assert found is not None
        return found

    def condition(self, node: ast.expr, depth: int) -> Expression:
        if not isinstance(node, ast.Compare | ast.BoolOp):
            raise self.fail("`and`, `or` and `not` stand between comparisons such as `t > 0`", node)
        return self.expression(node, depth + 1)

    def logical(self, node: ast.BoolOp, depth: int) -> Expression:
        """Read ``and`` as the minimum of what it joins, and ``or`` as the maximum."""
        if not depth:
            raise self.fail("a formula is a value: it can't be compared with another", node)
        name = "minimum" if isinstance(node.op, ast.And) else "maximum"
        found = self.condition(node.values[0], depth)
        for value in node.values[1:]:
            found = Apply(name, (found, self.condition(value, depth)), start=self.offset(node))
        return found

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
        if any(isinstance(part, ast.Slice) for part in parts):
            return self.ranges(node, base, parts, indices)
        if len(parts) != 1 or mixed:
            unknown = next((p for p in parts if self.index(p) is None), parts[0])
            if isinstance(unknown, ast.Name) and len(parts) > 1:
                raise self.fail(
                    f"`{unknown.id}` is no index; an index is declared at the top, as in "
                    f"`index: {{{unknown.id}: 0..2}}`, that of a sum as well",
                    unknown,
                )
            raise self.fail(
                "a subscript is an index such as `t`, `t-1` or `2-t`, a number, a range such as "
                "`0:2`, or one quantity",
                parts[0],
            )
        chosen = self.expression(parts[0], depth + 1)
        return Apply("pick", (base, chosen), start=self.offset(node))

    def ranges(
        self,
        node: ast.Subscript,
        base: Expression,
        parts: list[ast.expr],
        indices: list[Index | None],
    ) -> Expression:
        """Read ``X[0:2, 1]``: entries and ranges, an axis each."""
        at: list[int | Index] = []
        leading = 0
        if isinstance(base, Name):
            # What stands in front of the ranges is the quantity's own index.
            while indices[leading] is not None and not isinstance(parts[leading], ast.Slice):
                leading += 1
            own = tuple(index for index in indices[:leading] if index is not None)
            base = Name(base.name, (*base.index, *own), base.start)
        for part, index in zip(parts[leading:], indices[leading:], strict=True):
            if isinstance(part, ast.Slice):
                at += self.range_of(part)
            elif index is not None:
                at += [_ENTRY, index if index.variable is not None else index.offset, 0, 1]
            else:
                raise self.fail("beside a range stands an index, a number or another range", part)
        return Apply("part", (base,), {"at": tuple(at)}, self.offset(node))

    def range_of(self, part: ast.Slice) -> tuple[int | Index, ...]:
        found: list[int | Index] = []
        given = 0
        for bit, bound in ((_START, part.lower), (_STOP, part.upper)):
            index = Index(None, 0) if bound is None else self.index(bound)
            if index is None:
                raise self.fail("a range has numbers or indices as its ends", bound or part)
            given += bit if bound is not None else 0
            found.append(index if index.variable is not None else index.offset)
        step = Index(None, 1) if part.step is None else self.index(part.step)
        if step is None or step.variable is not None or not step.offset:
            raise self.fail("the step of a range is a whole number but 0", part.step or part)
        return given, *found, step.offset

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
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.fail("`**` can't stand here", keyword.value)
        found = arguments(node, operation_called(name))
        if found.wrong is not None:
            raise self.fail(*found.wrong)
        args = tuple(self.expression(arg, depth + 1) for arg in found.operands)
        params = {key: self.parameter(value) for key, value in found.constants.items()}
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
