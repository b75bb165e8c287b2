"""Arrays as numpy, PyTorch, JAX and TensorFlow print them, without what is around the numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from submissions_schema.written_number import UNSIGNED

_PACKAGE = r"(?:(?:np|numpy|torch|jnp|jax\.numpy|tf)\s*\.\s*)?"
_ARRAY = r"(?:array|asarray|matrix|tensor|Tensor|Array|Size|TensorShape|constant)"
_SCALAR = r"(?:float|double|half|single|longdouble|u?int|intp|bfloat)_?(?:8|16|32|64|128)?"
_OPENING = re.compile(rf"\s*{_PACKAGE}(?:{_ARRAY}|{_SCALAR})\s*\(\s*", re.ASCII)
_EAGER = re.compile(r"\s*<tf\.(?:Tensor|Variable)\b[^<>=]*(?:shape|name)=[^<>]*?\bnumpy=")
_QUOTED = r"'[^']{0,80}'|\"[^\"]{0,80}\""
_VALUE = rf"(?:<[^<>]{{0,80}}>|{_QUOTED}|\([0-9, ]{{0,80}}\)|[\w.]{{1,40}}(?:\('\w{{1,40}}'\))?)"
_OPTION = (
    r",\s*(?:dtype|device|requires_grad|grad_fn|weak_type|shape|order|copy|ndmin|layout|size)"
    rf"\s*=\s*{_VALUE}\s*"
)
_CLOSING = re.compile(rf"\s*,?\s*(?:{_OPTION}){{0,6}},?\s*\)\s*")
_NUMBER = re.compile(rf"[+-]?{UNSIGNED}(?![\w.])")


def printed_value(text: str) -> tuple[str, int] | None:
    """Return what stands in a printed array or scalar, with its offset; None for another text."""
    eager = _EAGER.match(text)
    start, end = 0, len(text)
    if eager is not None and text.rstrip().endswith(">"):
        start, end = eager.end(), len(text.rstrip()) - 1
    opening = _OPENING.match(text, start)
    if opening is None:
        return _bare(text, start, end) if eager is not None else None
    begun = opening.end()
    stop = _end_of_value(text, begun)
    if stop is None or _CLOSING.fullmatch(text, stop, end) is None:
        return None
    return text[begun:stop], begun


def _bare(text: str, start: int, end: int) -> tuple[str, int] | None:
    number = _NUMBER.fullmatch(text, start, end)
    return None if number is None else (number[0], start)


def _end_of_value(text: str, start: int) -> int | None:
    """Return where the number, or the list, that begins at an offset ends."""
    if text[start : start + 1] not in ("[", "("):
        number = _NUMBER.match(text, start)
        return None if number is None else number.end()
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "([") - (text[at] in ")]")
        if depth == 0:
            return at + 1
    return None


GRAMMAR: Mapping[str, re.Pattern[str]] = {
    "opening": _OPENING,
    "eager": _EAGER,
    "closing": _CLOSING,
}
"""What stands around the numbers, for a page that reads in another language."""
