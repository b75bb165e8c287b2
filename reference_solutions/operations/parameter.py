"""The named constants that an operation takes: ``axis=0``, ``size=3``, ``layout="chw"``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from reference_solutions.expressions.tree import Index, Param


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a named constant may be: ``takes`` says whether it may be a value, ``expected`` what.

    ``of_list`` says what to write where several are given and one is taken.
    """

    expected: str
    takes: Callable[[Param], bool]
    required: bool = False
    of_list: str = ""


def required(parameter: Parameter) -> Parameter:
    """Return a parameter that can't be left out."""
    return replace(parameter, required=True)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_whole(value: object) -> bool:
    return isinstance(value, tuple) and all(_is_whole(one) for one in value)


WHOLE = Parameter("a whole number", _is_whole)
REAL = Parameter("a number", _is_real)
REAL_OR_NONE = Parameter("a number or `None`", lambda value: value is None or _is_real(value))
FLAG = Parameter("`True` or `False`", lambda value: isinstance(value, int) and value in (0, 1))
WORD = Parameter("a word in quotes", lambda value: isinstance(value, str))
AXIS = Parameter(
    "a whole number, or `None` for all entries in a row",
    lambda value: value is None or _is_whole(value),
    of_list="there is no order along several axes; `reshape` makes them one",
)
AXES = Parameter(
    "a whole number, a list of them or `None`",
    lambda value: value is None or _is_whole(value) or _are_whole(value),
)
SIZES = Parameter(
    "a whole number, or a list of one for each axis",
    lambda value: _is_whole(value) or _are_whole(value),
)
SIZES_OR_NONE = Parameter(
    "a whole number, a list of one for each axis, or `None`",
    lambda value: value is None or _is_whole(value) or _are_whole(value),
)
SHAPE = Parameter("a list of whole numbers", _are_whole)
INDICES = Parameter(
    "a list of indices",
    lambda value: (
        isinstance(value, tuple) and all(_is_whole(one) or isinstance(one, Index) for one in value)
    ),
)
