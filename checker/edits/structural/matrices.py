"""Matrices: transposed or not, operands exchanged, a factor on the wrong side of a product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.rewriting import Nested, copied, nested
from checker.edits.source import Source, is_forward, made, part_of
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import signs_of
from reference_solutions.graph import Input, Rule

TRANSPOSED = Kind(
    "transposed",
    7.0,
    "A matrix was used without the transpose that the formula has, or with one that it has not.",
    {"": "{matrix} was used without its transpose in {where}."},
    in_formula=4.0,
    examples=(
        Example(
            given={**LAYER, "M": [[0.3, 1.1], [-0.6, 0.9]]},
            steps={"P": "W.T * M"},
            asked={"P": "P"},
            instead={"P": "W * M"},
            where="P",
        ),
    ),
)
OPERANDS_SWAPPED = Kind(
    "operands-swapped",
    7.5,
    "The two operands of a product or an outer product are exchanged.",
    {"": "{first} and {second} are exchanged in {where}."},
    in_formula=4.0,
    examples=(
        Example(
            given={**LAYER, "M": [[0.3, 1.1], [-0.6, 0.9]]},
            steps={"P": "tanh(W) @ M"},
            asked={"P": "P"},
            instead={"P": "M @ tanh(W)"},
            where="P",
        ),
    ),
)
MOVED_THROUGH_PRODUCT = Kind(
    "moved-through-product",
    7.0,
    "A factor stands on the wrong side of a matrix product: r * (U @ h) for U @ (r * h), or the "
    "other way round.",
    {
        "after": "The factor {factor} is in the wrong place in {where}: you took it after the "
        "matrix product.",
        "into": "The factor {factor} is in the wrong place in {where}: you took it into the matrix "
        "product.",
    },
    examples=(
        Example(
            given=LAYER,
            steps={"k": "W @ (b * x)"},
            asked={"k": "k"},
            instead={"k": "b * (W @ x)"},
            where="k",
        ),
        Example(
            given={**LAYER, "r": [0.6, 0.3]},
            steps={"k": "r * (W @ x + b)"},
            asked={"k": "k"},
            instead={"k": "W @ (r * x) + b"},
            where="k",
        ),
    ),
)


def _transposed(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    matrix = workshop.words(site, rule.inputs[0])
    yield from made(workshop, site, TRANSPOSED, copied(rule.inputs[0]), matrix=matrix)


def _swapped(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if len(rule.inputs) == 2:
        first, second = (workshop.words(site, item) for item in rule.inputs)
        changed = replace(rule, inputs=rule.inputs[::-1])
        yield from made(workshop, site, OPERANDS_SWAPPED, changed, first=first, second=second)


def _of_matrix_product(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    yield from _swapped(workshop, site, rule)
    matrix, vector = rule.inputs
    product = part_of(workshop, vector, "product")
    if is_forward(site) and product is not None and len(product[1].inputs) == 2:
        for factor, rest in (product[1].inputs, product[1].inputs[::-1]):
            outside = nested("multiply", factor, replace(rule, inputs=(matrix, rest)))
            yield from _moved(workshop, site, factor, outside, "after")


def _of_product(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if not is_forward(site) or len(rule.inputs) != 2:
        return
    for factor, other in (rule.inputs, rule.inputs[::-1]):
        product = part_of(workshop, other, "matrix product")
        if product is not None:
            inside = _taken_into(product[1], factor)
            yield from _moved(workshop, site, factor, inside, "into")
        total = part_of(workshop, other, "sum")
        if total is None or len(total[1].inputs) != 2:
            continue
        product = part_of(workshop, total[1].inputs[0], "matrix product")
        if product is not None and signs_of(total[1].params) == (1, 1):
            inside = nested(
                "add", _taken_into(product[1], factor), total[1].inputs[1], signs=(1, 1)
            )
            yield from _moved(workshop, site, factor, inside, "into")


def _taken_into(product: Rule, factor: Input) -> Nested:
    matrix, vector = product.inputs
    return nested("matmul", matrix, nested("multiply", factor, vector))


def _moved(
    workshop: Workshop, site: Site, factor: Input, change: Nested, form: str
) -> Iterator[Edit]:
    words = workshop.words(site, factor)
    yield from made(workshop, site, MOVED_THROUGH_PRODUCT, change, form, factor=words)


SOURCE = Source(
    (TRANSPOSED, OPERANDS_SWAPPED, MOVED_THROUGH_PRODUCT),
    {
        "transposition": _transposed,
        "matrix product": _of_matrix_product,
        "outer product": _swapped,
        "list": _swapped,
        "product": _of_product,
    },
)
