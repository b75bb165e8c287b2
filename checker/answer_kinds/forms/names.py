"""The names in which answers may be written, each with its index and shape: ``h[-1..2]``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Annotated

from pydantic import AfterValidator, Field

from reference_solutions.graph import MAX_GRAPH_NODES
from submissions_schema.validation import Found, StrictModel, describe, problem_error

MAX_ENTRIES = 1_000_000
"""How many entries an answer or a name of a handout may have."""

_NAME = re.compile(r"([^\W\d]\w*)(?:\[(.*)\])?")
_RANGE = re.compile(r"\s*(-?[0-9]{1,6})\s*(?:\.\.\s*(-?[0-9]{1,6})\s*)?")


def ranges_of(text: str) -> tuple[range, ...] | None:
    """Read ``-1..2, 0..3``; a number alone is a range of one. None for another text."""
    found = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            return None
        found.append(range(first, last + 1))
    return tuple(found)


def ranges_text(ranges: Iterable[range]) -> str:
    """Return ranges as :func:`ranges_of` reads them."""
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}..{r[-1]}" for r in ranges)


def _readable_name(text: str) -> str:
    match = _NAME.fullmatch(text)
    ranges = ranges_of(match[2]) if match is not None and match[2] is not None else ()
    if match is None or ranges is None:
        raise problem_error(
            Found("the name can't be read", (), "`W`, or `h[-1..2]`", describe(text))
        )
    if prod(len(r) for r in ranges) > MAX_GRAPH_NODES:
        raise problem_error(
            Found("the name stands for too many quantities", (), f"at most {MAX_GRAPH_NODES}")
        )
    return text


def _not_too_large(shape: tuple[int, ...]) -> tuple[int, ...]:
    if prod(shape) > MAX_ENTRIES:
        raise problem_error(
            Found("the shape is too large", (), f"at most {MAX_ENTRIES} entries", str(prod(shape)))
        )
    return shape


Shape = Annotated[
    tuple[Annotated[int, Field(ge=1)], ...],
    AfterValidator(_not_too_large),
    Field(description="The lengths along each axis; empty for a single number."),
]
KeyedName = Annotated[str, AfterValidator(_readable_name)]
"""A name with its index, ``h[-1..2]``."""


class NamedQuantity(StrictModel):
    """A quantity that formulas may use. Its key says its index: ``h[-1..2]``."""

    shape: Shape = ()
    symbol: Annotated[
        bool, Field(description="Whether it is a symbol, in which orders of growth are stated.")
    ] = False
    integer: Annotated[bool, Field(description="Whether it is a whole number.")] = False
    describe: Annotated[str, Field(description="What it stands for.")] = ""


def split_name(key: str) -> tuple[str, tuple[range, ...]]:
    """Return the name of ``h[-1..2]`` and what its indices run over."""
    name, bracket, inside = key.partition("[")
    return name, (ranges_of(inside.rstrip("]")) or ()) if bracket else ()


def names_among(names: Mapping[str, NamedQuantity], may_use: Sequence[str] | None) -> Sequence[str]:
    """Return the keys of the names that one formula may use; all if ``may_use`` is None."""
    if may_use is None:
        return list(names)
    return [key for key in names if split_name(key)[0] in may_use]


def symbols_among(names: Mapping[str, NamedQuantity]) -> list[str]:
    """Return the names in which an order of growth may be stated."""
    return [split_name(key)[0] for key, quantity in names.items() if quantity.symbol]
