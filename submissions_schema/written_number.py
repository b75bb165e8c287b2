"""A number with the digits that were written: ``0.310`` says more than ``0.31``."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

MAX_LENGTH = 400

_DIGITS = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
UNSIGNED = rf"{_DIGITS}(?:[eE][+-]?[0-9]+)?"
"""The pattern of a number without its sign."""

WITH_COMMA = r"[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?"
"""The pattern of a number with a decimal comma, without its sign."""

ANY_SIGN = r"[+\-\u2212]?"
"""The pattern of a sign, or of none."""

_SIGNED = rf"[+-]?{UNSIGNED}"

_NUMBER = re.compile(
    r"[ \t]*([+-]?)(?:([0-9]+)(?:(\.)([0-9]*))?|(\.)([0-9]+))(?:[eE]([+-]?[0-9]+))?[ \t]*"
)
_TIMES_TEN = re.compile(
    rf"(?P<mantissa>[+-]?{_DIGITS})"
    r"\s*(?:[\u00d7xX*\u00b7\u22c5]|\\times|\\cdot)\s*10\s*"
    r"(?:\^|\*\*)\s*(?:\(\s*(?P<round>[+-]?[0-9]+)\s*\)|\{\s*(?P<curly>[+-]?[0-9]+)\s*\}"
    r"|(?P<bare>[+-]?[0-9]+))"
)
_MINUS_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})
_FULLWIDTH = "\uff0c\uff0e\uff1a\uff1b"
_NOT_FINITE = re.compile(r"[+-]?\.?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_LIKE_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_SEVERAL = re.compile(rf"{_SIGNED}(?:\s*[,;]\s*|\s+){_SIGNED}(?:(?:\s*[,;]\s*|\s+){_SIGNED})*")
_DECIMAL_COMMA = re.compile(rf"[+-]?{WITH_COMMA}")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_THOUSANDS_POINT = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*")
_POINTS = re.compile(r"[+-]?[0-9]*(?:\.[0-9]*){2,}")
_OTHER_BASE = re.compile(r"[+-]?0[xXbBoO][0-9A-Fa-f]+")
_EMPTY_EXPONENT = re.compile(rf"[+-]?{_DIGITS}[eE][+-]?")
_RELATION = re.compile(rf"[^=]*[=\u2248~<>\u2264\u2265]\s*({_SIGNED})")
_UNIT = re.compile(rf"({_SIGNED})\s*[^\W\d_][\w/ .^²³°]*")
_CONSTANTS = frozenset(("e", "pi"))
_NAME = re.compile(r"[^\W\d]\w*")
_ARITHMETIC_TOKEN = re.compile(
    rf"\s*(?:(?P<operand>{UNSIGNED}|[^\W\d]\w*)|(?P<operator>\*\*|[-+*/^@\u00d7\u00b7\u22c5\u00f7])"
    r"|(?P<open>[(\[])|(?P<close>[)\]])|(?P<comma>,))\s*"
)


class NotANumberError(ValueError):
    """A text that isn't one written number; the message tells a student why.

    ``looks_like_arithmetic`` says that the text is worth handing to the formula language.
    """

    def __init__(self, message: str, *, looks_like_arithmetic: bool = False) -> None:
        super().__init__(message)
        self.looks_like_arithmetic = looks_like_arithmetic


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number and what its written digits say of its accuracy."""

    text: str
    """The text as it was written, blanks around it included."""
    value: float
    half_unit: float
    """Half a unit in the last written place: 0.0005 for ``0.310``."""
    significant_figures: int
    """Digits from the first that isn't zero; one for a zero, however it is written."""
    decimal_places: int
    """Written places behind the decimal point; negative for ``1e3``."""
    is_integer: bool
    """Whether it was written without point and exponent."""


def read_number(text: str) -> WrittenNumber:
    """Read a number as a person writes it; raise :class:`NotANumberError` where it isn't one."""
    if len(text) > MAX_LENGTH:
        message = f"a number has at most {MAX_LENGTH} characters, this has {len(text)}"
        raise NotANumberError(message)
    match = _NUMBER.fullmatch(text)
    if match is None:
        match = _NUMBER.fullmatch(_in_ascii(text))
        if match is None:
            raise _explanation(text)
    sign, whole, point, decimals, bare_point, bare_decimals, exponent = match.groups()
    if bare_point is not None:
        whole, point, decimals = "", bare_point, bare_decimals
    fraction = decimals or ""
    digits = (whole + fraction).lstrip("0")
    decimal_places = len(fraction) - (int(exponent) if exponent else 0)
    value = float(f"{sign}{whole}.{fraction or '0'}e{exponent or 0}")
    half_unit = float(f"5e{-decimal_places - 1}")
    if math.isinf(value) or math.isinf(half_unit):
        raise NotANumberError(f"{_shown(text)} is too large: at most about 1e308 can be read")
    if half_unit == 0.0:
        raise NotANumberError(f"{_shown(text)} is too close to zero: write 0")
    return WrittenNumber(
        text=text,
        value=value,
        half_unit=half_unit,
        significant_figures=len(digits) or 1,
        decimal_places=decimal_places,
        is_integer=point is None and exponent is None,
    )


def _in_ascii(text: str) -> str:
    """Return the text with ASCII minus signs, and ``1.5*10^-3`` as ``1.5e-3``."""
    plain = text.translate(_MINUS_SIGNS).strip()
    match = _TIMES_TEN.fullmatch(plain)
    if match is not None:
        power = match["round"] or match["curly"] or match["bare"]
        return f"{match['mantissa']}e{power}"
    if plain[:1] in ("+", "-") and plain[1:2].isspace():
        return plain[0] + plain[1:].lstrip()
    return plain


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return f"`{line}`" if len(line) <= 40 else f"`{line[:39]}…`"


def _explanation(text: str) -> NotANumberError:
    """Say why a text isn't one number, in a sentence for who wrote it."""
    plain = text.translate(_MINUS_SIGNS).strip()
    shown = _shown(text)
    for find_reason in _REASONS:
        reason = find_reason(plain, shown)
        if reason is not None:
            return NotANumberError(reason)
    if is_arithmetic(plain):
        return NotANumberError(
            f"{shown} is arithmetic, not a written number", looks_like_arithmetic=True
        )
    unit = _UNIT.fullmatch(plain)
    if unit is not None:
        return NotANumberError(f"{shown} has something behind the number: write only {unit[1]}")
    if _NAME.fullmatch(plain):
        return NotANumberError(f"{shown} is a word, not a number")
    return NotANumberError(f"{shown} is not a number")


def _nothing(plain: str, shown: str) -> str | None:
    if not plain:
        return "there is no number here: the text is empty"
    return f"{shown} is a sign without a number" if plain in ("+", "-") else None


def _foreign_digit(plain: str, shown: str) -> str | None:
    ascii_text = unicodedata.normalize("NFKC", plain)
    hint = f": write {ascii_text}" if _NUMBER.fullmatch(ascii_text) else ""
    for char in plain:
        if not char.isascii() and char.isdigit():
            return f"{shown} holds `{char}`, which is not one of the digits 0 to 9{hint}"
        if char in _FULLWIDTH:
            return f"{shown} holds the fullwidth character `{char}`{hint}"
    return None


def _not_finite(plain: str, shown: str) -> str | None:
    return f"{shown} is not a finite number" if _NOT_FINITE.fullmatch(plain) else None


def _letter_for_digit(plain: str, shown: str) -> str | None:
    digits = plain.translate(_LIKE_DIGITS)
    if digits == plain or not _NUMBER.fullmatch(digits):
        return None
    letter = next(char for char in plain if char != char.translate(_LIKE_DIGITS))
    digit = letter.translate(_LIKE_DIGITS)
    return f"{shown} has the letter `{letter}` in place of the digit {digit}: write {digits}"


def _underscore(plain: str, shown: str) -> str | None:
    number = plain.replace("_", "")
    if number == plain or not _NUMBER.fullmatch(number):
        return None
    return f"{shown} holds an underscore: write {number}"


def _percentage(plain: str, shown: str) -> str | None:
    number = plain[:-1].strip()
    if not plain.endswith("%") or not _NUMBER.fullmatch(number):
        return None
    if "e" in number.lower():
        return f"{shown} is a percentage: write a hundredth of it, without the sign"
    return f"{shown} is a percentage: write {Decimal(number).scaleb(-2):f}"


def _other_base(plain: str, shown: str) -> str | None:
    if not _OTHER_BASE.fullmatch(plain):
        return None
    return f"{shown} is not a decimal number: write it in base ten"


def _comma(plain: str, shown: str) -> str | None:
    if _THOUSANDS_POINT.fullmatch(plain):
        number = plain.replace(".", "").replace(",", ".")
        return f"{shown} has a thousands separator and a decimal comma: write {number}"
    whole = plain.replace(",", "")
    if _THOUSANDS.fullmatch(plain) and (plain.count(",") > 1 or "." in plain):
        return f"{shown} has a thousands separator: write {whole}"
    if not _DECIMAL_COMMA.fullmatch(plain):
        return None
    number = plain.replace(",", ".")
    if _THOUSANDS.fullmatch(plain) and not plain.lstrip("+-").startswith("0"):
        return (
            f"{shown} has a comma: write {number} if it is a decimal comma, "
            f"{whole} if it separates thousands"
        )
    return f"{shown} has a decimal comma: write {number}"


def _points(plain: str, shown: str) -> str | None:
    if (digits := plain.rstrip(".\u2026")) and plain.endswith(("..", "\u2026")):
        return f"{shown} ends in dots: write the digits alone, `{digits}`"
    return f"{shown} has more than one decimal point" if _POINTS.fullmatch(plain) else None


def _several(plain: str, shown: str) -> str | None:
    if _SEVERAL.fullmatch(plain):
        return (
            f"{shown} is several numbers: write one, or a list such as [1, 2], "
            "and no blanks inside a number"
        )
    if plain.startswith("[") and plain.endswith("]"):
        return f"{shown} is a list in quotes: write it without quotes, or write one number"
    return None


def _empty_exponent(plain: str, shown: str) -> str | None:
    if not _EMPTY_EXPONENT.fullmatch(plain):
        return None
    return f"{shown} has no digits behind the e of its exponent"


def _relation(plain: str, shown: str) -> str | None:
    match = _RELATION.fullmatch(plain)
    return f"{shown} is more than a number: write only {match[1]}" if match is not None else None


def _not_available(plain: str, shown: str) -> str | None:
    if plain.lower() not in ("n/a", "na"):
        return None
    return f"{shown} is not a number: leave the answer empty when there is none"


_REASONS: tuple[Callable[[str, str], str | None], ...] = (
    _nothing,
    _foreign_digit,
    _not_finite,
    _letter_for_digit,
    _underscore,
    _percentage,
    _other_base,
    _comma,
    _points,
    _several,
    _empty_exponent,
    _relation,
    _not_available,
)


def is_arithmetic(plain: str) -> bool:
    """Tell whether a text is numbers and names joined by operators or calls."""
    joined = False
    after_operand = False
    has_number_or_call = False
    position = 0
    while position < len(plain):
        match = _ARITHMETIC_TOKEN.match(plain, position)
        if match is None:
            return False
        kind = match.lastgroup
        if kind == "operand":
            if after_operand:
                return False
            has_number_or_call |= match["operand"][0] in ".0123456789"
        elif kind == "open":
            has_number_or_call |= after_operand
            joined = True
        elif kind in ("operator", "comma"):
            joined |= kind == "operator"
        after_operand = kind in ("operand", "close")
        position = match.end()
    return (joined and has_number_or_call) or plain in _CONSTANTS


GRAMMAR: Mapping[str, re.Pattern[str]] = {
    "number": _NUMBER,
    "times ten": _TIMES_TEN,
    "arithmetic": _ARITHMETIC_TOKEN,
}
"""What :func:`read_number` reads a number by, for a page that reads in another language."""

MINUS_SIGNS = "".join(map(chr, _MINUS_SIGNS))
"""Characters that are read as a minus sign."""

ADVICE: Sequence[tuple[re.Pattern[str], str]] = (
    (_NOT_FINITE, "this is not a finite number"),
    (re.compile(r".*%"), "write a hundredth of a percentage, without the sign"),
    (_OTHER_BASE, "write the number in base ten"),
    (_THOUSANDS, "write the number without a comma: a point for decimals, nothing for thousands"),
    (_DECIMAL_COMMA, "write a decimal point, not a comma"),
    (_POINTS, "there is more than one decimal point"),
    (_SEVERAL, "these are several numbers: one belongs here"),
    (_EMPTY_EXPONENT, "there are no digits behind the e of the exponent"),
    (_RELATION, "write the number alone, without what stands before it"),
    (_UNIT, "write the number alone, without what stands behind it"),
    (_NAME, "this is a word, not a number"),
)
"""What to say of a text that is no number, in short: of the patterns, the first that it matches."""
