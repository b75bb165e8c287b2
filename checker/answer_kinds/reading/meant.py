"""Numbers in another spelling than the usual one, read where they can mean one thing only.

What has two readings is refused by both names. What is asked for decides some: `50,400` is a whole
number where one is asked for, and nothing certain where any number may stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Context, Decimal

from submissions_schema.written_number import NotANumberError, WrittenNumber, read_number


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the numbers that are asked for.

    ``whole``: only whole numbers are; ``words`` say what is asked; ``names`` are the sheet's own.
    """

    whole: bool = False
    words: str = ""
    names: Collection[str] = ()


ANY = Wanted()


@dataclass(frozen=True, slots=True)
class Meant:
    """The number that a text plainly means, and what was unusual in its spelling."""

    number: WrittenNumber
    how: str


def meant_number(text: str, wanted: Wanted = ANY) -> Meant | None:
    """Return the one number that a text can mean, or None where it is in no known spelling.

    Raises :class:`NotANumberError` where there are two readings, and says both.
    """
    if len(text) > _LONGEST:
        return None
    plain = _SIGN_APART.sub(r"\1", text.translate(_PLAIN_SIGNS).strip())
    if _HAS_FULLWIDTH.search(text) and (number := _number(plain)) is not None:
        return Meant(number, "fullwidth characters")
    for find in _SPELLINGS:
        meant = find(plain, wanted)
        if meant is not None:
            return meant
    return None


_LONGEST = 100
_EXACT = Context(prec=500)
_SIGN_APART = re.compile(r"\A([+-])\s+")
_HAS_FULLWIDTH = re.compile(r"[\uff01-\uff5e]")
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN_SIGNS: dict[int, int | str] = {**_FULLWIDTH, 0x2212: "-", 0x2013: "-", 0xFE63: "-"}

_TAIL = (
    r"(?P<tail>[eE][+-]?[0-9]+|\s*(?:[\u00d7xX*\u00b7\u22c5]|\\times|\\cdot)\s*10\s*(?:\^|\*\*).+)?"
)
_COMMA = re.compile(rf"(?P<head>[+-]?(?P<whole>[0-9]*),(?P<decimals>[0-9]+)){_TAIL}")
_GROUPS_AND_MARK = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]*|(?:\.[0-9]{3})+,[0-9]+)"
)
_GROUPS = re.compile(
    r"[+-]?[1-9][0-9]{0,2}"
    r"(?P<rest>(?P<sign>[,._'\u2019 \u00a0\u2009\u202f])[0-9]{3}(?:(?P=sign)[0-9]{3})*)"
)
_PER_CENT = re.compile(r"(?P<number>.*[0-9.])\s*(?:\\?%|per\s?cent|pct\.?)", re.IGNORECASE)
_ASKS_PER_CENT = re.compile(r"%|per\s?cent|\bpct\b|percentage", re.IGNORECASE)
_MULTIPLE = re.compile(r"(?P<number>.*[0-9.])\s*(?P<unit>[kKMG]|thousand|million|Mio\.?)")
_POWERS = {"k": 3, "K": 3, "thousand": 3, "M": 6, "million": 6, "Mio": 6, "Mio.": 6, "G": 9}
_ASKS_BYTES = re.compile(r"\b(?:[kKMG]i?[bB]|bits?|[kmg]?i?bytes?|memory)\b", re.IGNORECASE)


def _number(text: str) -> WrittenNumber | None:
    try:
        return read_number(text)
    except NotANumberError:
        return None


def _meant(text: str, how: str) -> Meant | None:
    number = _number(text)
    return None if number is None else Meant(number, how)


def _two_readings(text: str, first: str, second: str) -> NotANumberError:
    return NotANumberError(f"`{text}` has two readings, {first} and {second}: write one of them")


def _both_marks(plain: str, wanted: Wanted) -> Meant | None:
    """Read `1,234.5` and `1.234,5`: the last sign is the decimal one."""
    if not _GROUPS_AND_MARK.fullmatch(plain):
        return None
    groups = "," if plain.index(",") < (plain.index(".")) else "."
    return _meant(plain.replace(groups, "").replace(",", "."), "thousands apart")


def _thousands(plain: str, wanted: Wanted) -> Meant | None:
    """Read groups of three digits; one comma may be a decimal comma, one point always is one."""
    found = _GROUPS.fullmatch(plain)
    if found is None:
        return None
    sign = found["sign"]
    whole = plain.replace(sign, "")
    alone = found["rest"].count(sign) == 1
    if sign == "." and alone:
        return None
    if sign == "," and alone and not wanted.whole:
        raise _two_readings(
            plain,
            f"{plain.replace(',', '.')} with a decimal comma",
            f"{whole} with a thousands separator",
        )
    if sign == " " and not any(part.startswith("0") for part in plain.split(" ")[1:]):
        raise _two_readings(plain, f"{whole} with blanks inside", "several numbers")
    return _meant(whole, "thousands apart")


def _decimal_comma(plain: str, wanted: Wanted) -> Meant | None:
    found = _COMMA.fullmatch(plain)
    if found is None:
        return None
    if wanted.whole:
        raise NotANumberError(f"`{plain}` has a decimal comma, and a whole number is asked for")
    if found["tail"] and _GROUPS.fullmatch(found["head"]):
        return None
    return _meant(found["head"].replace(",", ".") + (found["tail"] or ""), "a decimal comma")


def _per_cent(plain: str, wanted: Wanted) -> Meant | None:
    found = _PER_CENT.fullmatch(plain)
    number = None if found is None else _inner(found["number"])
    if number is None:
        return None
    said = number.text.strip()
    hundredth = _scaled(number, -2)
    if wanted.whole or _ASKS_PER_CENT.search(wanted.words):
        raise _two_readings(plain, f"{said}, in per cent,", hundredth)
    return _meant(hundredth, "per cent")


def _multiple(plain: str, wanted: Wanted) -> Meant | None:
    """Read `138M` in full, with the digits that were written."""
    found = _MULTIPLE.fullmatch(plain)
    number = None if found is None else _inner(found["number"])
    if found is None or number is None:
        return None
    unit, power = found["unit"], _POWERS[found["unit"]]
    said = number.text.strip()
    full = _scaled(number, power) if "e" in said.lower() else f"{said}e{power}"
    in_full = f"{Decimal(full):f}"
    if unit in wanted.names:
        raise _two_readings(plain, in_full, f"{said} times the sheet's `{unit}`")
    if len(unit) == 1 and _ASKS_BYTES.search(wanted.words):
        of_two = f"{Decimal(number.value) * 2 ** (power // 3 * 10):f}"
        raise _two_readings(plain, in_full, of_two)
    return _meant(in_full if wanted.whole else full, "written in full")


def _inner(text: str) -> WrittenNumber | None:
    """Return the number before a sign of per cent or a unit, which may have a decimal comma."""
    number = _number(text)
    if number is None:
        meant = _both_marks(text, ANY) or _decimal_comma(text, ANY)
        number = None if meant is None or _GROUPS.fullmatch(text) else meant.number
    return number


def _scaled(number: WrittenNumber, power: int) -> str:
    """Return a number times a power of ten as text, with the same digits."""
    last_place = Decimal(1).scaleb(-number.decimal_places)
    written = Decimal(repr(number.value)).quantize(last_place, context=_EXACT)
    return str(written.scaleb(power, _EXACT))


_SPELLINGS: tuple[Callable[[str, Wanted], Meant | None], ...] = (
    _both_marks,
    _thousands,
    _decimal_comma,
    _per_cent,
    _multiple,
)
