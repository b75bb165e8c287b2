"""The formula language: text to an expression tree, through a whitelist over Python's syntax.

One language for the teacher's steps, a student's symbolic answer and arithmetic in a numeric one.
The text is parsed by :mod:`ast` and never run: only the node types named here are translated, names
of functions are looked up in the table of operations, and everything else is an error that points at
its character.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from reference_solutions.expression import Apply, Expression, Index, Name, Number, Param

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_NODES = 500

_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00d7": "*", "\u22c5": "*", "\u00b7": "*"})
_BINARY = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.Pow: "__pow__",
    ast.MatMult: "__matmul__",
}
_IMPLICIT_PRODUCT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*([^\W\d_]\w*|\()|\)\s*(\w|\()")


class FormulaError(ValueError):
    """A formula that can't be read. ``offset`` is the 0-based character that it is about."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def parse_formula(
    text: str, functions: Collection[str], index_variables: Collection[str] = ()
) -> Expression:
    """Parse ``text``.

    ``functions`` are the names that may be called, ``index_variables`` those that may stand in a
    subscript (``h[t-1]``). Raises :class:`FormulaError`.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"the formula is too long: expected at most {MAX_LENGTH} characters, got {len(text)}",
            MAX_LENGTH,
        )
    leading = len(text) - len(text.lstrip())
    source = text.translate(_DASHES).strip()
    if not source:
        raise FormulaError("the formula is empty")
    _check_depth(source, leading)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.replace("\n", " "), mode="eval")
    except SyntaxError as error:
        raise _syntax_error(source, error, leading) from None
    except (ValueError, MemoryError, RecursionError):
        raise FormulaError("this is not a formula", leading) from None
    return _Translator(source, leading, functions, frozenset(index_variables)).expression(tree.body)


def _check_depth(source: str, leading: int) -> None:
    depth = 0
    run = 0
    for offset, char in enumerate(source):
        depth += (char in "([{") - (char in ")]}")
        # Python's parser recurses on prefix signs and right-nested powers as it does on brackets.
        run = run + 1 if char in "-+~*" else (run if char == " " else 0)
        if depth > MAX_DEPTH or run > MAX_DEPTH:
            raise FormulaError(
                f"the formula is nested too deeply (more than {MAX_DEPTH} levels)", leading + offset
            )


def _syntax_error(source: str, error: SyntaxError, leading: int) -> FormulaError:
    offset = max((error.offset or 1) - 1, 0)
    implicit = _IMPLICIT_PRODUCT.search(source)
    if implicit is not None:
        wrote = implicit.group(0)
        at = implicit.start() + (1 if wrote.startswith(")") else len(implicit.group(1) or ""))
        return FormulaError(
            f"a product needs its sign: write `*` between the factors in `{wrote.strip()}`",
            leading + at,
        )
    if source.count("(") != source.count(")") or source.count("[") != source.count("]"):
        return FormulaError("a bracket is opened and not closed, or closed twice", leading + offset)
    at_char = source[offset : offset + 1]
    what = f"unexpected `{at_char}`" if at_char.strip() else "the formula ends too early"
    if re.search(r"\w\s+\w", source):
        return FormulaError(
            f"{what}; between two names an operator is missing (write `*` for a product)",
            leading + offset,
        )
    return FormulaError(what, leading + offset)


class _Translator:
    def __init__(
        self, source: str, leading: int, functions: Collection[str], variables: frozenset[str]
    ) -> None:
        self.source = source
        self.leading = leading
        self.functions = functions
        self.variables = variables
        self.nodes = 0

    def fail(self, message: str, node: ast.AST) -> FormulaError:
        return FormulaError(message, self.offset(node))

    def offset(self, node: ast.AST) -> int:
        column = getattr(node, "col_offset", 0)
        # ast counts UTF-8 bytes, people count characters.
        before = self.source.encode()[:column].decode(errors="ignore")
        return self.leading + len(before)

    def expression(self, node: ast.expr, depth: int = 0) -> Expression:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.fail(f"the formula is too large (more than {MAX_NODES} parts)", node)
        if depth > 4 * MAX_DEPTH:
            raise self.fail("the formula is nested too deeply", node)
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name():
                return Name(node.id, (), self.offset(node))
            case ast.UnaryOp(op=ast.USub()):
                operand = self.expression(node.operand, depth + 1)
                if isinstance(operand, Number):
                    return Number(-operand.value, f"-{operand.text}", self.offset(node))
                return Apply("negate", (operand,), start=self.offset(node))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.expression(node.operand, depth + 1)
            case ast.BinOp():
                return self.binary(node, depth)
            case ast.Attribute(attr="T"):
                return Apply(
                    "transpose",
                    (self.expression(node.value, depth + 1),),
                    start=self.offset(node),
                )
            case ast.Subscript():
                return self.subscript(node, depth)
            case ast.Call():
                return self.call(node, depth)
            case ast.List() | ast.Tuple():
                items = tuple(self.expression(item, depth + 1) for item in node.elts)
                if not items:
                    raise self.fail("an empty list has no value", node)
                return Apply("stack", items, start=self.offset(node))
            case ast.Compare():
                raise self.fail("a formula is a value, not an equation: leave out what stands left of `=`", node)
            case ast.Attribute():
                raise self.fail(f"`.{node.attr}` is not known; only `.T` (the transpose) is", node)
        raise self.fail("this is not part of the formula language", node)

    def number(self, node: ast.Constant) -> Number:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.fail(f"expected a number, got `{node.value!r}`", node)
        text = ast.get_source_segment(self.source.replace("\n", " "), node) or str(node.value)
        try:
            value = float(node.value)
        except OverflowError:
            value = float("inf")
        if value in (float("inf"), float("-inf")):
            raise self.fail("this number is too large", node)
        return Number(value, text, self.offset(node))

    def binary(self, node: ast.BinOp, depth: int) -> Expression:
        if isinstance(node.op, ast.BitXor):
            raise self.fail("`^` is not a power here: write `**`", node)
        method = _BINARY.get(type(node.op))
        if method is None:
            raise self.fail("this operator is not part of the formula language", node)
        left = self.expression(node.left, depth + 1)
        right = self.expression(node.right, depth + 1)
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
        if len(parts) != 1 or isinstance(parts[0], ast.Slice):
            raise self.fail("a subscript is an index such as `t-1`, a number, or one quantity", node)
        chosen = self.expression(parts[0], depth + 1)
        return Apply("pick", (base, chosen), start=self.offset(node))

    def index(self, node: ast.expr) -> Index | None:
        """``node`` as ``±variable ± number``, or None where it is something else."""
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                return Index(None, value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
                return Index(None, -value)
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
                    return Index(right.variable, left.offset + factor * right.offset, factor * right.scale)
        return None

    def call(self, node: ast.Call, depth: int) -> Expression:
        if not isinstance(node.func, ast.Name):
            raise self.fail("only a function's name can be called; a product needs `*`", node)
        name = node.func.id
        if name not in self.functions:
            close = get_close_matches(name, sorted(self.functions), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            if name in self.variables or len(name) <= 2:
                hint += f" (for a product write `{name}*(…)`)"
            raise self.fail(f"unknown function `{name}`{hint}", node)
        args = tuple(self.expression(arg, depth + 1) for arg in node.args)
        params: dict[str, Param] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.fail("`**` can't stand here", node)
            params[keyword.arg] = self.parameter(keyword.value)
        return Apply(name, args, params, self.offset(node))

    def parameter(self, node: ast.expr) -> Param:
        try:
            value = ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise self.fail("a named argument is a constant", node) from None
        if isinstance(value, tuple | list):
            if all(isinstance(item, int) for item in value):
                return tuple(value)
        elif value is None or isinstance(value, int | float | str | bool):
            return value
        raise self.fail("a named argument is a number, a word, or a list of whole numbers", node)


def names_in(expression: Expression) -> Mapping[str, int]:
    """The names that ``expression`` refers to, each with the offset where it first stands."""
    found: dict[str, int] = {}
    for node in expression.walk():
        if isinstance(node, Name):
            found.setdefault(node.name, node.start)
    return found
