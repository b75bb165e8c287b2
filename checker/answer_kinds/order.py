"""Orders of growth: any expression that grows like the right one is right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from checker.answer_kinds.forms.editor import Schema, any_type
from checker.answer_kinds.forms.form import AnswerForm, Remark
from checker.answer_kinds.forms.names import NamedQuantity, symbols_among
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.forms.words import FEW, HOW_TO_WRITE_FORMULAS
from checker.answer_kinds.kind import Box, Revealed, Settled, SettledKind
from checker.answer_kinds.reading.growth import same_order
from checker.answer_kinds.reading.orders import parse_order, read_order
from checker.answer_kinds.reading.written import Unreadable, text_of, what_it_is
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.expressions.tree import Expression
from reference_solutions.graph import Graph
from reference_solutions.language.notation import Notation
from submissions_schema.answers import OrderAnswer
from submissions_schema.problems import Problem


class OrderForm(AnswerForm):
    """The form of an order of growth."""

    kind: Literal["order"]


class _Order(SettledKind[OrderAnswer, OrderForm, Expression]):
    spec = OrderAnswer
    form = OrderForm
    how_to = HOW_TO_WRITE_FORMULAS
    uses_names = True
    remembered = True

    def names(self, asked: Asked, assignment: Assignment) -> Collection[str]:
        return [name for name in assignment.file.symbols if "[" not in name]

    def words(self, form: OrderForm, names: Mapping[str, NamedQuantity]) -> str:
        symbols = symbols_among(names)
        few = len(symbols) <= FEW
        listed = ", ".join(symbols) if few else "the symbols listed at the top"
        return f"an order of growth in {listed}, with or without O(...)"

    def schema(self, form: OrderForm) -> Schema:
        return any_type("string", "number", "null")

    def box(self, form: OrderForm) -> Box:
        return {"box": "order"}

    def inspect(self, reading: Reading[OrderForm]) -> Iterator[Remark]:
        if isinstance(reading.tree, str):
            yield from super().inspect(reading)
            return
        place, got = reading.document.place(reading.path), what_it_is(reading.tree)
        expected = "one expression, such as `O(n**2)`"
        yield Remark(Problem("this is no order of growth", place, expected, got), "error")

    def read(self, reading: Reading[OrderAnswer | OrderForm]) -> Expression | Unreadable:
        symbols = reading.sheet.symbols
        return read_order(text_of(reading.tree), symbols, reading.document, reading.path)

    def judge(self, written: Expression, reading: Reading[OrderAnswer]) -> Settled:
        symbols = reading.sheet.symbols
        same = same_order(written, parse_order(reading.asks.value, symbols), symbols)
        if same is None:
            message = "The order of growth can't be computed from what was written."
            return Settled("invalid", message)
        if same:
            return Settled("correct", "Right.")
        return Settled("wrong", "This is of another order of growth.")

    def reveal(
        self, spec: OrderAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        return Revealed(spec.value)


KIND = _Order()
