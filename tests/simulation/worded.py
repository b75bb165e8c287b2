"""Answers that are no numbers: right ones to start from, other writings of them, and slips in them.

A right formula comes from a real submission to the assignment (``tests/cases``), so an answer that
nobody has got right yet is left out. A slip is one change of its text that a person may make: a
factor or a term dropped, a sign turned, a square forgotten, a symbol taken for another. The same
text written otherwise is right.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from checker.answer_kinds.reading.formulas import read_formula
from checker.answer_kinds.reading.growth import same_order
from checker.answer_kinds.reading.orders import read_order
from checker.answer_kinds.reading.quantities import known_names
from checker.answer_kinds.reading.written import WrittenArray
from checker.grading import Grader
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.expressions.tree import Expression
from reference_solutions.graph import Array, Graph
from submissions_schema.answers import ChoiceAnswer, FormulaAnswer, OrderAnswer
from submissions_schema.submission import load_submission
from submissions_schema.yaml_reader import parse_document

CASES = Path(__file__).parents[1] / "cases"

Replace: TypeAlias = Callable[[ast.expr], Iterator[tuple[str, ast.expr]]]


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip in a right formula: what it is, and the text that comes out."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Worded:
    """A formula, an order of growth or a choice. ``right`` is one right text of it.

    ``slips`` are wrong texts close to it; those of a choice are other sets of options.
    """

    asked: Asked
    right: str
    slips: tuple[Slip, ...]
    names: tuple[str, ...] = ()
    differs: Callable[[str], bool] = bool
    """Whether another text means something else than the right one."""
    is_slip: Callable[[str], bool] = bool
    """Whether a text means the same as one of the slips."""
    leaves: tuple[str, ...] = ()
    """The quantities that it may use, as they are written."""

    @property
    def is_formula(self) -> bool:
        """Whether a mistake in it can be named at all."""
        return isinstance(self.asked.spec, FormulaAnswer)


def worded_answers(assignment: Assignment) -> list[Worded]:
    """The answers of an assignment that are no numbers and of which a right text is known."""
    kinds = (FormulaAnswer, OrderAnswer, ChoiceAnswer)
    wanted = [asked for asked in assignment.asked if isinstance(asked.spec, kinds)]
    found = []
    texts = _right_texts(assignment) if wanted else {}
    for asked in wanted:
        place = (asked.question, asked.answer)
        if isinstance(asked.spec, ChoiceAnswer):
            found.append(_choice(asked, asked.spec))
        elif place in texts:
            sheet = _Sheet(assignment, asked)
            right = texts[place]
            slips = tuple(s for s in _slips(right, sheet) if sheet.differs(s.text, right))
            differs = partial(sheet.differs, right=right)
            is_slip = partial(sheet.means_one_of, texts=[slip.text for slip in slips])
            found.append(
                Worded(asked, right, slips, tuple(sheet.names), differs, is_slip, sheet.leaves())
            )
    return found


def _right_texts(assignment: Assignment) -> dict[tuple[str, str], str]:
    """The formulas that real submissions got right."""
    grader = Grader(assignment)
    found: dict[tuple[str, str], str] = {}
    for path in sorted((CASES / assignment.id).glob("*.yaml")):
        loaded = load_submission(path)
        report = grader.grade(loaded, path.name)
        for answer in report.answers:
            if answer.verdict == "correct" and not answer.entries:
                found.setdefault((answer.question, answer.answer), answer.written)
    return found


def _choice(asked: Asked, spec: ChoiceAnswer) -> Worded:
    right = sorted(spec.correct)
    others = [
        *([option] for option in spec.options if [option] != right),
        *(right[:i] + right[i + 1 :] for i in range(len(right)) if len(right) > 1),
        *(sorted([*right, option]) for option in spec.options if option not in right),
    ]
    unique = {f"[{', '.join(other)}]" for other in others}
    slips = tuple(Slip("another choice", text) for text in sorted(unique))
    return Worded(asked, f"[{', '.join(right)}]", slips)


# --- what a text means --------------------------------------------------------------------------


class _Sheet:
    """What one answer may be written with, and what its texts come to."""

    def __init__(self, assignment: Assignment, asked: Asked) -> None:
        self.assignment = assignment
        self.asked = asked
        self.graph: Graph = assignment.reference.graph
        self.ranges = assignment.reference.ranges
        if isinstance(asked.spec, OrderAnswer):
            self.names = list(assignment.file.symbols)
        else:
            assert isinstance(asked.spec, FormulaAnswer)
            self.names = list(asked.spec.may_use or known_names(self.graph))

    def values(self, text: str) -> Array | None:
        """The values of a formula, world after world; None where it can't be read."""
        target = self.asked.target
        assert target is not None
        right = self.graph.value(target.node)
        assert right is not None
        document, path = parse_document(b"x: y\n", "x.yaml"), ("x",)
        with np.errstate(all="ignore"):
            read = read_formula(
                text,
                self.graph,
                self.ranges,
                right.shape,
                document,
                path,
                asked=target.node,
                may_use=self.names,
            )
        usable = isinstance(read, WrittenArray) and np.isfinite(read.values).all()
        return read.values if usable and isinstance(read, WrittenArray) else None

    def order(self, text: str) -> Expression | None:
        """An order of growth; None where it can't be read."""
        document, path = parse_document(b"x: y\n", "x.yaml"), ("x",)
        read = read_order(text, self.assignment.file.symbols, document, path)
        return read if isinstance(read, Expression) else None

    def differs(self, text: str, right: str) -> bool:
        """Whether a text can be read and means something else."""
        if isinstance(self.asked.spec, OrderAnswer):
            one, other = self.order(text), self.order(right)
            symbols = self.assignment.file.symbols
            return one is not None and other is not None and not same_order(one, other, symbols)
        values, expected = self.values(text), self.values(right)
        if values is None or expected is None:
            return False
        return bool(np.any(np.abs(values - expected) > 1e-6 * np.abs(expected).max()))

    def leaves(self) -> tuple[str, ...]:
        """The quantities that a formula of this answer may use, as they are written."""
        if isinstance(self.asked.spec, OrderAnswer):
            return tuple(self.names)
        texts = (f"{name}{index}" for name in self.names for index in ("", "[0]", "[1]"))
        return tuple(text for text in texts if self.values(text) is not None)

    def means_one_of(self, text: str, texts: Sequence[str]) -> bool:
        """Whether a text means the same as one of some others."""
        return any(not self.differs(text, other) for other in texts)


# --- slips --------------------------------------------------------------------------------------


def _slips(text: str, sheet: _Sheet) -> Iterator[Slip]:
    head, inside, tail = _unwrapped(text)
    tree = ast.parse(inside.strip().replace("\n", " "), mode="eval")
    seen = {ast.unparse(tree)}
    for kind, slipped in _changed(tree.body, lambda node: _slipped(node, sheet)):
        out = ast.unparse(slipped)
        if out not in seen:
            seen.add(out)
            yield Slip(kind, f"{head}{out}{tail}")


def _unwrapped(text: str) -> tuple[str, str, str]:
    """An order of growth without its O."""
    text = text.strip()
    return ("O(", text[2:-1], ")") if text.startswith("O(") else ("", text, "")


def _changed(node: ast.expr, replace: Replace) -> Iterator[tuple[str, ast.expr]]:
    """Every tree that comes out when one node of a tree is replaced."""
    yield from replace(node)
    for name, value in ast.iter_fields(node):
        children: Sequence[object] = value if isinstance(value, list) else [value]
        for place, child in enumerate(children):
            if not isinstance(child, ast.expr) or (isinstance(node, ast.Call) and name == "func"):
                continue
            if isinstance(node, ast.Call) and place > 0:
                continue  # the index that a sum runs over
            if isinstance(node, ast.Subscript) and name == "value":
                continue
            for kind, other in _changed(child, replace):
                whole = copy.copy(node)
                if isinstance(value, list):
                    setattr(whole, name, [*value[:place], other, *value[place + 1 :]])
                else:
                    setattr(whole, name, other)
                yield kind, whole


def _slipped(node: ast.expr, sheet: _Sheet) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.BinOp):
        yield from _operation_slipped(node)
    elif isinstance(node, ast.UnaryOp):
        yield "sign turned", node.operand
    elif isinstance(node, ast.Call):
        if len(node.args) == 1:
            yield "function dropped", node.args[0]
    else:
        yield from _name_slipped(node, sheet)


def _operation_slipped(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    left, right = node.left, node.right
    # A product of three is a product of a product: one factor is dropped, not two.
    first = not (isinstance(left, ast.BinOp) and isinstance(left.op, type(node.op)))
    match node.op:
        case ast.Mult():
            yield "factor dropped", left
            if first:
                yield "factor dropped", right
        case ast.Div():
            yield "divisor dropped", left
        case ast.Add():
            yield "term dropped", left
            if first:
                yield "term dropped", right
            yield "sign turned", ast.BinOp(left, ast.Sub(), right)
        case ast.Sub():
            yield "term dropped", left
            yield "sign turned", ast.BinOp(left, ast.Add(), right)
            yield "difference turned", ast.BinOp(right, ast.Sub(), left)
        case ast.Pow():
            yield "exponent dropped", left


def _name_slipped(node: ast.expr, sheet: _Sheet) -> Iterator[tuple[str, ast.expr]]:
    others = [ast.Name(name) for name in sheet.names]
    match node:
        case ast.Name(id=name) if name in sheet.names:
            for other in others:
                yield "symbol exchanged", other
        case ast.Subscript(value=ast.Name(id=name), slice=index) if name in sheet.names:
            for other in others:
                yield "symbol exchanged", ast.Subscript(other, index)
            for shift in (-1, 1):
                moved = _moved(index, shift)
                if moved is not None:
                    yield "neighbouring step", ast.Subscript(ast.Name(name), moved)


def _moved(index: ast.expr, shift: int) -> ast.expr | None:
    if isinstance(index, ast.Constant) and isinstance(index.value, int):
        return ast.Constant(index.value + shift) if index.value + shift >= 0 else None
    return None


# --- other writings -----------------------------------------------------------------------------


def rewritten(text: str, random: np.random.Generator) -> str:
    """The same formula, written otherwise here and there."""
    head, inside, tail = _unwrapped(text)
    tree = ast.parse(inside.strip().replace("\n", " "), mode="eval")
    return head + ast.unparse(_Rewriter(random).visit(tree)) + tail


class _Rewriter(ast.NodeTransformer):
    def __init__(self, random: np.random.Generator) -> None:
        self.random = random

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node

    def visit_BinOp(  # noqa: PLR0911 - one return a rewriting
        self, node: ast.BinOp
    ) -> ast.expr:
        self.generic_visit(node)
        if self.random.random() < 0.5:
            return node
        match node:
            case ast.BinOp(left=left, op=ast.Mult(), right=ast.BinOp(a, ast.Add() | ast.Sub(), b)):
                assert isinstance(node.right, ast.BinOp)
                parts = (ast.BinOp(left, ast.Mult(), part) for part in (a, b))
                return ast.BinOp(next(parts), node.right.op, next(parts))
            case ast.BinOp(left=left, op=ast.Mult() | ast.Add(), right=right):
                return ast.BinOp(right, node.op, left)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return ast.UnaryOp(ast.USub(), ast.BinOp(right, ast.Sub(), left))
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return ast.BinOp(ast.BinOp(ast.Constant(1), ast.Div(), right), ast.Mult(), left)
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2)):
                return ast.BinOp(left, ast.Mult(), left)
        return node


def nonsense(worded: Worded, random: np.random.Generator) -> str:
    """A formula without reason, of any quantities that it may use.

    It is no slip away from the right one: that would be a reason.
    """
    while True:
        text = str(random.choice(worded.leaves))
        wanted = int(random.integers(2, 6))
        while wanted:
            operator = str(random.choice(["+", "-", "*", "*", "/"]))
            number = f"{random.uniform(0.3, 3):.1f}" if random.random() < 0.2 else ""
            leaf = number or str(random.choice(worded.leaves))
            if operator in "-/" and leaf in text:
                continue  # what cancels is a shorter formula
            wanted -= 1
            joined = f"({text}) {operator} {leaf}"
            text = joined if operator in "*/" else f"{text} {operator} {leaf}"
        if worded.differs(text) and not worded.is_slip(text):
            return text
