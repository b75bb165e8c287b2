"""How a given value is drawn for each student: ``{draw: integers, from: -3..3, shape: [3, 3]}``."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from math import prod
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, ValidationError, model_validator

from submissions_schema.quantities import WrittenShape, rectangular
from submissions_schema.validation import (
    Found,
    RawTree,
    StrictModel,
    did_you_mean,
    problem_error,
)
from submissions_schema.yaml_reader import Tree

_NUMBER = r"[-\u2212]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_BETWEEN = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*")
_MOST_VALUES = 10_000


class Draw(StrictModel):
    """How the numbers of a given quantity are drawn, for each student anew.

    ``integers`` and ``decimals`` lie ``from`` a lowest to a highest value, decimals with so many
    ``places``; ``choices`` are some of those listed in ``of``; a ``permutation`` is all of them in
    another order. Nothing is drawn that stands in ``without``; ``distinct`` numbers all differ.
    """

    draw: Literal["integers", "decimals", "choices", "permutation"]
    between: Annotated[
        str | None, Field(alias="from", description="Lowest and highest value: `-3..3`.")
    ] = None
    places: Annotated[int, Field(ge=1, le=6, description="The places of decimals.")] = 1
    of: Annotated[list[str] | None, Field(description="What there is to choose from.")] = None
    without: Annotated[
        list[str], Field(default_factory=list, description="Numbers that are never drawn.")
    ]
    distinct: Annotated[bool, Field(description="Whether all numbers differ.")] = False
    shape: WrittenShape = ()

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        numeric = self.draw in ("integers", "decimals")
        if numeric in (self.between is None, self.of is not None):
            expected = "`from: -3..3`" if numeric else "`of`, a list of numbers"
            raise problem_error(Found(f"{self.draw} are drawn otherwise", expected=expected))
        if numeric and _BETWEEN.fullmatch(self.between or "") is None:
            raise problem_error(
                Found("the range can't be read", ("from",), "`-3..3`", f"`{self.between}`")
            )
        if self.draw == "permutation" and self.shape not in ((), (len(self.of or ()),)):
            expected = f"[{len(self.of or ())}], or no shape"
            raise problem_error(Found("a permutation has all numbers", ("shape",), expected))
        found = len(self.values)
        needed = prod(self.shape) if self.distinct else 1
        if found > _MOST_VALUES:
            expected = f"at most {_MOST_VALUES} different values"
            raise problem_error(Found("there are too many values to draw from", (), expected))
        if found < needed:
            raise problem_error(
                Found("there are too few values to draw from", (), f"{needed} or more", str(found))
            )
        return self

    @property
    def values(self) -> list[str]:
        """All values that may be drawn, as they are written."""
        left_out = {_exact(text) for text in self.without} - {None}
        if self.of is not None:
            listed = self.of
        else:
            match = _BETWEEN.fullmatch(self.between or "")
            assert match is not None
            low, high = (Decimal(text.replace("\u2212", "-")) for text in match.groups())
            places = self.places if self.draw == "decimals" else 0
            unit = Decimal(1).scaleb(-places)
            first = (low / unit).to_integral_value("ROUND_CEILING")
            last = (high / unit).to_integral_value("ROUND_FLOOR")
            count = min(int(last - first) + 1, _MOST_VALUES + 1)
            listed = [f"{(first + at) * unit:.{places}f}" for at in range(max(count, 0))]
        return [text for text in listed if _exact(text) not in left_out]


def _exact(text: str) -> Decimal | None:
    """Return a number in digits; None for arithmetic, which no draw leaves out."""
    try:
        return Decimal(text.strip().replace("\u2212", "-"))
    except ArithmeticError:
        return None


def _given_or_drawn(value: object) -> object:
    """Return numbers as they are, and what says how they are drawn as a :class:`Draw`."""
    if isinstance(value, dict) and "draw" in value:
        return _draw(value)
    return value if isinstance(value, Draw) else rectangular(value)  # type: ignore[arg-type]


def _draw(tree: dict[str, Tree]) -> Draw:
    try:
        return Draw.model_validate(tree)
    except ValidationError as error:
        found: list[Found] = []
        for one in error.errors():
            told: tuple[Found, ...] = one.get("ctx", {}).get("found", ())
            if one["type"] == "extra_forbidden":
                key = str(one["loc"][-1])
                known = [field.alias or name for name, field in Draw.model_fields.items()]
                hint = did_you_mean(key, known)
                found.append(Found(f"unknown key `{key}`{hint}", one["loc"], at_key=True))
            elif told:
                found += [replace(each, path=(*one["loc"], *each.path)) for each in told]
            else:
                found.append(Found(one["msg"][:1].lower() + one["msg"][1:], one["loc"]))
        raise problem_error(*found) from None


GivenOrDrawn: TypeAlias = Annotated[
    RawTree,
    AfterValidator(_given_or_drawn),
    Field(
        description="A number or nested lists of numbers (a number may be arithmetic as 1/3), or "
        "how they are drawn for each student: `{draw: integers, from: -3..3, shape: [3, 3]}`."
    ),
]
