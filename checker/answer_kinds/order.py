"""Orders of growth: any expression that grows like the right one is right."""

from __future__ import annotations

from checker.answer_kinds.kind import Reading, Revealed, Settled, SettledKind
from checker.answer_kinds.reading.growth import same_order
from checker.answer_kinds.reading.orders import parse_order, read_order
from checker.answer_kinds.reading.written import Unreadable, text_of
from reference_solutions.graph import Graph
from reference_solutions.language.expression import Expression
from reference_solutions.language.notation import Notation
from submissions_schema.assignment_file import OrderAnswer


class _Order(SettledKind[OrderAnswer, Expression]):
    spec = OrderAnswer
    remembered = True

    def read(self, reading: Reading[OrderAnswer]) -> Expression | Unreadable:
        symbols = reading.sheet.symbols
        return read_order(text_of(reading.tree), symbols, reading.document, reading.path)

    def judge(self, written: Expression, reading: Reading[OrderAnswer]) -> Settled:
        symbols = reading.sheet.symbols
        same = same_order(written, parse_order(reading.spec.value, symbols), symbols)
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
