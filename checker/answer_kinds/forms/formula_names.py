"""Which names a formula may use, and which of those in one it may not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from checker.answer_kinds.forms.names import split_name
from checker.answer_kinds.forms.sheet import Sheet
from checker.answer_kinds.reading.formulas import read_expression, unknown_quantity
from checker.answer_kinds.reading.quantities import (
    expand_sums,
    indices_of,
    known_names,
    origin_of,
)
from reference_solutions.expressions.constants import CONSTANTS
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Name
from reference_solutions.graph import Graph
from reference_solutions.language.formula import parse_formula
from reference_solutions.operations import callable_operations
from submissions_schema.problems import Place, Problem


def usable_names(graph: Graph, may_use: Sequence[str] | None) -> list[str]:
    """Return the names of the sheet that the assignment allows; all if ``may_use`` is None."""
    return [name for name in known_names(graph) if may_use is None or name in may_use]


def asked_for(
    node: int, graph: Graph, may_use: Sequence[str] | None
) -> list[tuple[str, tuple[int, ...]]]:
    """Return the usable quantities that are what is asked for, by one name or another."""
    wanted = origin_of(graph, node)
    return [
        (name, index)
        for name in usable_names(graph, may_use)
        for index in indices_of(graph.families[name])
        if (own := graph.ids.get((name, index))) is not None and origin_of(graph, own) == wanted
    ]


def unusable_names(
    text: str,
    sheet: Sheet,
    allowed: Collection[str],
    but_not: Sequence[str],
    place_of: Callable[[int], Place],
) -> Iterator[Problem]:
    """Find every name that may not stand in a formula, or what keeps it from being read.

    ``allowed`` are the names that may, ``but_not`` quantities among them that may not, and
    ``place_of`` gives the place of an offset in the text.
    """
    try:
        try:
            # Names that may not stand here are all said, one by one.
            expression, _ = read_expression(text, sheet.graphs[0], sheet.ranges, None)
        except FormulaError:
            expression = parse_formula(text, list(callable_operations()), sheet.ranges)
        expression = expand_sums(expression, sheet.ranges)
    except FormulaError as error:
        yield Problem(error.message, place_of(error.offset))
        return
    wanted = [split_name(key) for key in but_not]
    known = {split_name(key)[0] for key in sheet.names}
    said: set[str] = set()
    for node in expression.walk():
        if not isinstance(node, Name):
            continue
        place = place_of(node.start)
        what = next(filter(None, (_names_it(node, *one) for one in wanted)), "")
        if what:
            if node.name not in said:
                yield Problem(f"`{node.name}` {what}; write it out", place)
            said.add(node.name)
            continue
        if node.name in {*allowed, *said, *sheet.ranges}:
            continue
        if node.name in CONSTANTS and not node.index:
            continue
        said.add(node.name)
        if node.name in known:
            message = f"`{node.name}` may not be used in this answer"
            yield Problem(message, place, ", ".join(f"`{name}`" for name in sorted(allowed)))
        else:
            message = unknown_quantity(node, sheet.graphs[0], sheet.ranges, sorted(allowed))
            yield Problem(message, place)


def _names_it(node: Name, name: str, ranges: Sequence[range]) -> str:
    """Return what to say of a name that is what is asked for, or holds it; empty for another."""
    index = [part.offset if part.variable is None else None for part in node.index[: len(ranges)]]
    if node.name != name or index != [r[0] for r in ranges][: len(index)]:
        return ""
    return "is what is asked for" if len(index) == len(ranges) else "holds what is asked for"
