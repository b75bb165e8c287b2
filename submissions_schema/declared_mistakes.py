"""What an assignment says of a mistake of its own, which no change of a formula gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from submissions_schema.quantities import Formula
from submissions_schema.validation import Found, RawTree, StrictModel, problem_error

Commonness: TypeAlias = Literal["very_common", "common", "occasional", "rare"]


class DeclaredMistake(StrictModel):
    """A mistake: its words, and a formula used instead of a step or an answer's wrong value."""

    says: Annotated[Formula, Field(description="What a tutor says to who made it.")]
    at: Annotated[
        str | None, Field(description="The step in which it is made, as `l` or `l[t]`.")
    ] = None
    used: Annotated[Formula | None, Field(description="The formula used there instead.")] = None
    answer: Annotated[
        str | None,
        Field(description="The answer that has a wrong value: its question's id, a dot, its id."),
    ] = None
    value: Annotated[
        RawTree, Field(description="That value: a number or lists of numbers, or a formula.")
    ] = None
    commonness: Annotated[
        Commonness, Field(description="How often it is made; rare ones need more evidence.")
    ] = "common"

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        found = list(self._problems())
        if found:
            raise problem_error(*found)
        return self

    def _problems(self) -> Iterator[Found]:
        for pair in (("at", "used"), ("answer", "value")):
            said = [name for name in pair if getattr(self, name) is not None]
            if len(said) == 1:
                other = pair[1 - pair.index(said[0])]
                yield Found(f"`{said[0]}` says nothing without `{other}`", (), f"`{other}`")
        if self.at is not None and self.answer is not None:
            message = "a mistake is made in a step, or is an answer's wrong value"
            yield Found(message, ("answer",), "one of `at` and `answer`", at_key=True)
        if all(getattr(self, name) is None for name in ("at", "used", "answer", "value")):
            expected = "`at` and `used`, or `answer` and `value`"
            yield Found("nothing says what was done instead", (), expected)
