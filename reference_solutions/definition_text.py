"""The texts of definitions: their keys, their formulas, and what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Expression, Index
from reference_solutions.language.formula import parse_formula
from reference_solutions.operations import callable_operations

_CALLED = re.compile(r"(?<![\w.])([^\W\d]\w*)(?=\s*\()")
_KEY = re.compile(r"\s*([^\W\d]\w*)\s*(?:\[([^\]]*)\])?\s*\Z")


class DefinitionError(ValueError):
    """A definition that can't be used.

    ``definition`` is the path of the definition's text (``("steps", "h[t]")``), ``offset`` the
    0-based character in it, ``in_key`` whether that is a character of the key instead.
    """

    def __init__(
        self, message: str, definition: tuple[str, ...], offset: int = 0, in_key: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.definition = definition
        self.offset = offset
        self.in_key = in_key


class UndefinedError(DefinitionError):
    """A definition that has no value, or none that is finite, at the numbers given."""


@dataclass(frozen=True, slots=True)
class Step:
    """A definition among the steps: what it defines, and by which formula."""

    key: str
    name: str
    index: tuple[Index, ...]
    expression: Expression

    @property
    def is_start(self) -> bool:
        """Whether it defines single instances of a quantity (``h[-1]``) and not the quantity."""
        return any(part.variable is None for part in self.index)

    @property
    def family(self) -> str:
        """The name of the family that it defines."""
        return f"{self.name}[{', '.join(map(str, self.index))}]" if self.is_start else self.name

    @property
    def variables(self) -> tuple[str, ...]:
        """The indices that it runs over."""
        return tuple(part.variable for part in self.index if part.variable is not None)


def functions() -> list[str]:
    """Return the names that a teacher's formula may call."""
    return [*callable_operations(), "grad"]


def key_parts(key: str) -> tuple[str, tuple[str, ...]]:
    """Return the name in a key such as ``h[t-1]``, and what stands in its brackets."""
    name, bracket, inside = key.partition("[")
    index = inside.rstrip("]").split(",") if bracket else ()
    return name.strip(), tuple(part.strip() for part in index)


def read_key(key: str, ranges: Mapping[str, range]) -> tuple[str, tuple[Index, ...]]:
    """``h[t]`` or ``h[-1]`` as a name and its index. Raises :class:`FormulaError`."""
    match = _KEY.match(key)
    if match is None:
        raise FormulaError(f"expected a name such as `L` or `h[t]`, got `{key}`")
    # Python reads names in this normal form, and so must the names that formulas refer to.
    name, inside = unicodedata.normalize("NFKC", match.group(1)), match.group(2)
    if name in ranges:
        raise FormulaError(f"`{name}` is an index and can't be a quantity as well")
    if name == "grad":
        raise FormulaError(f"`{name}` is a function and can't be a quantity as well")
    index: list[Index] = []
    for part in inside.split(",") if inside is not None else ():
        text = unicodedata.normalize("NFKC", part.strip())
        if text in ranges:
            index.append(Index(text))
        elif re.fullmatch(r"[-\u2212]?[0-9]{1,6}", text):
            index.append(Index(None, int(text.replace("\u2212", "-"))))
        else:
            known = ", ".join(f"`{name}`" for name in ranges) or "none is declared"
            raise FormulaError(
                f"`{text}` is no index: expected a whole number or a declared index ({known})",
                match.start(2),
            )
    return name, tuple(index)


def parse_definition(
    text: str, ranges: Mapping[str, range], definition: tuple[str, ...]
) -> Expression:
    """Return the formula of a definition. Raises :class:`DefinitionError`."""
    try:
        return parse_formula(text, functions(), ranges)
    except FormulaError as error:
        raise DefinitionError(error.message, definition, error.offset) from None


def parse_step(key: str, text: str, ranges: Mapping[str, range]) -> Step:
    """Return a step from its key and its formula. Raises :class:`DefinitionError`."""
    try:
        name, index = read_key(key, ranges)
    except FormulaError as error:
        raise DefinitionError(error.message, ("steps", key), error.offset, True) from None
    return Step(key, name, index, parse_definition(text, ranges, ("steps", key)))


def check_function_names(names: Mapping[str, tuple[str, ...]], texts: Iterable[str]) -> None:
    """Refuse a quantity with the name of a function that a formula of the sheet calls.

    ``names`` has the place of each quantity's definition. Raises :class:`DefinitionError`.
    """
    called = {name for text in texts for name in _CALLED.findall(text)}
    for name, place in names.items():
        if name in called and name in callable_operations():
            raise DefinitionError(
                f"`{name}` is a function that a formula of this sheet calls, and can't be a "
                "quantity as well",
                place,
                in_key=True,
            )


def counted(number: int, one: str, many: str) -> str:
    """Return a number and its noun."""
    return f"{number} {one if number == 1 else many}"
