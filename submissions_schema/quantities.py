"""What a sheet says of its quantities: names, index ranges, given numbers and symbols."""

from __future__ import annotations

import re
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from submissions_schema.validation import (
    Found,
    Shorthand,
    StrictModel,
    describe,
    problem_error,
)
from submissions_schema.yaml_reader import (
    Tree,
    TreePath,
)

_SLUG = r"[a-z0-9][a-z0-9._-]*"
_NAME = r"[^\W\d]\w*"
_INTEGER = r"-?[0-9]+"
_RANGE = re.compile(rf"\s*({_INTEGER})\s*\.\.\s*({_INTEGER})\s*")
_SYMBOL_NAME = rf"{_NAME}(?:\[\s*{_INTEGER}\s*(?:,\s*{_INTEGER}\s*)*\])?"
_PART = rf"\s*(?:{_NAME}|{_INTEGER})\s*"
_STEP_NAME = rf"{_NAME}(?:\[{_PART}(?:,{_PART})*\])?"
_GIVEN_NAME = rf"{_NAME}(?:\[(?:\s*{_NAME}\s*,)*\s*{_INTEGER}\s*(?:,{_PART})*\])?"
IDENTIFIER = re.compile(_NAME)
"""A name among other text."""


def _matches(pattern: str, expected: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise problem_error(Found("this can't be used", expected=expected, got=describe(text)))
        return text

    return AfterValidator(check)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise problem_error(Found("a text is missing", expected="some text", got="an empty text"))
    return text


Slug: TypeAlias = Annotated[
    str,
    _matches(_SLUG, "lower-case letters, digits, `.`, `_` and `-`, such as `fit3181-a2`"),
    Field(json_schema_extra={"pattern": f"^{_SLUG}$"}),
]
Formula: TypeAlias = Annotated[str, AfterValidator(_not_blank)]
IndexName: TypeAlias = Annotated[str, _matches(_NAME, "a name such as `t`")]
GivenName: TypeAlias = Annotated[
    str,
    _matches(
        _GIVEN_NAME,
        "a name alone, such as `x` (in formulas `x[t]` is its entry t), or one with a constant "
        "index, as `h[-1]`",
    ),
]
SymbolName: TypeAlias = Annotated[str, _matches(_SYMBOL_NAME, "a name such as `o`")]
StepName: TypeAlias = Annotated[
    str, _matches(_STEP_NAME, "a name, such as `L`, or one with an index, as `h[t]`")
]
EntryId: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=100),
    _matches(r"\S(?:.*\S)?", "a name without blanks around it"),
]


def _expand_range(value: object) -> object:
    if isinstance(value, IndexRange):
        return value
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise problem_error(
            Found("the range of an index can't be read", expected="`0..2`", got=describe(value))
        )
    return {"first": match[1], "last": match[2]}


class IndexRange(StrictModel):
    """The whole numbers that an index runs over, both ends included."""

    first: int
    last: int

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last < self.first:
            expected, got = f"at least {self.first}", str(self.last)
            raise problem_error(Found("the range of an index is empty", (), expected, got))
        return self

    @property
    def values(self) -> range:
        """The index's values in order."""
        return range(self.first, self.last + 1)


WrittenIndexRange: TypeAlias = Annotated[
    IndexRange,
    Shorthand(
        _expand_range,
        {"type": "string", "pattern": rf"^\s*{_INTEGER}\s*\.\.\s*{_INTEGER}\s*$"},
        replaces=True,
    ),
]


def rectangular(tree: Tree) -> Tree:
    """Check that nested lists have one shape; the texts in them are for the formula language.

    Raises PydanticCustomError.
    """
    found: list[Found] = []

    def shape_of(value: Tree, path: TreePath) -> tuple[int, ...] | None:
        if isinstance(value, str):
            return ()
        if not isinstance(value, list) or not value:
            expected = "a number or a list of numbers"
            found.append(Found("a given value can't be read", path, expected, describe(value)))
            return None
        shapes = [shape_of(entry, (*path, at)) for at, entry in enumerate(value)]
        first = shapes[0]
        for at, shape in enumerate(shapes):
            if shape is not None and first is not None and shape != first:
                found.append(
                    Found(
                        "the nested lists aren't rectangular",
                        (*path, at),
                        f"{_shape_words(first)}, like the first entry",
                        _shape_words(shape),
                    )
                )
        return None if first is None else (len(value), *first)

    shape_of(tree, ())
    if found:
        raise problem_error(*found)
    return tree


def _shape_words(shape: tuple[int, ...]) -> str:
    if not shape:
        return "a number"
    if len(shape) == 1:
        return f"a list of {shape[0]} number{'s' if shape[0] != 1 else ''}"
    return f"a list of shape {shape}"


def _expand_shape(value: object) -> object:
    return () if value == "scalar" else value


WrittenShape: TypeAlias = Annotated[
    tuple[Annotated[int, Field(ge=1)], ...],
    Shorthand(_expand_shape, {"const": "scalar"}),
    Field(description="The lengths along each axis, or `scalar`."),
]


class Symbol(StrictModel):
    """A quantity whose values are sampled, for symbolic answers."""

    shape: WrittenShape = ()
    domain: Annotated[
        tuple[float, float] | None,
        Field(description="The lowest and highest value; left out, the sampler chooses."),
    ] = None
    integer: Annotated[bool, Field(description="Whether only whole numbers are sampled.")] = False
    describe: Annotated[str, Field(description="What the symbol stands for.")] = ""

    @model_validator(mode="after")
    def _domain_is_ordered(self) -> Self:
        if self.domain is not None and not self.domain[0] < self.domain[1]:
            low, high = self.domain
            raise problem_error(
                Found("the domain is empty", ("domain", 1), f"more than {low:g}", f"{high:g}")
            )
        return self
