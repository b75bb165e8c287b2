"""What a sheet says of grading: how numbers are compared, what answers earn, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar

from pydantic import Field, model_validator

from submissions_schema.validation import (
    Found,
    StrictModel,
    problem_error,
)

Credit: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Points: TypeAlias = Annotated[float, Field(ge=0)]
Policy: TypeAlias = Literal[
    "written", "relative", "absolute", "significant_figures", "decimal_places"
]
_NEEDS_TOLERANCE = ("relative", "absolute")
_NEEDS_DIGITS = ("significant_figures", "decimal_places")


class MatchingOverrides(StrictModel):
    """How numbers are compared, as far as a file says so; the rest comes from further out."""

    policy: Annotated[Policy, Field(description="What a number must agree with.")] = "written"
    tolerance: Annotated[
        float | None,
        Field(gt=0, description="The largest difference, for `relative` and `absolute`."),
    ] = None
    digits: Annotated[
        int | None,
        Field(ge=0, description="For `significant_figures` and `decimal_places`."),
    ] = None
    min_significant_figures: Annotated[
        int, Field(ge=1, description="A right number with fewer figures is `imprecise`.")
    ] = 3
    working_digits: Annotated[
        int | None,
        Field(ge=1, description="How coarsely one may round on the way; null: not at all."),
    ] = 3
    truncation: Annotated[
        bool, Field(description="Whether digits may be cut off instead of rounded.")
    ] = True


class Matching(MatchingOverrides):
    """How numbers are compared, in full."""

    @model_validator(mode="after")
    def _fits_its_policy(self) -> Self:
        found = list(matching_problems(self))
        if found:
            raise problem_error(*found)
        return self


def matching_problems(matching: MatchingOverrides) -> Iterator[Found]:
    """Find what doesn't fit together in how numbers are compared."""
    """Find what doesn't fit together in how numbers are compared."""
    policy = matching.policy
    for name, policies in (("tolerance", _NEEDS_TOLERANCE), ("digits", _NEEDS_DIGITS)):
        value = getattr(matching, name)
        if policy in policies and value is None:
            yield Found(f"the policy `{policy}` needs `{name}`", expected=f"`{name}`")
        elif policy not in policies and value is not None:
            yield Found(
                f"`{name}` means nothing for the policy `{policy}`",
                (name,),
                f"no `{name}`, or one of the policies `{policies[0]}` and `{policies[1]}`",
                f"{value:g}",
                at_key=True,
            )
    if policy == "significant_figures" and matching.digits == 0:
        yield Found("the policy `significant_figures` needs digits", ("digits",), "at least 1", "0")


class Marking(StrictModel):
    """Which share of its points an answer earns."""

    follow_through: Annotated[
        Credit, Field(description="For an answer right from the student's own earlier values.")
    ] = 1.0
    mistake: Annotated[Credit, Field(description="For an answer a named mistake explains.")] = 0.5
    imprecise: Annotated[Credit, Field(description="For a right answer with too few digits.")] = 0.5
    repeated_mistakes: Annotated[
        Literal["once", "each"], Field(description="How often a mistake made again costs.")
    ] = "once"
    partial: Annotated[
        Literal["per_entry", "all_or_nothing"],
        Field(description="Whether some right entries earn a share."),
    ] = "per_entry"
    invalid: Annotated[
        Literal["zero", "review"],
        Field(description="Whether an answer that can't be read waits for a person."),
    ] = "review"


Hints: TypeAlias = Literal["none", "answers", "entries", "sizes"]


class Feedback(StrictModel):
    """What a student is told who can hand in again."""

    hints: Annotated[
        Hints,
        Field(
            description="Told before the marks: which answers are wrong, which entries, and how "
            "far off they are; or nothing."
        ),
    ] = "answers"


ModelT = TypeVar("ModelT", bound=StrictModel)


def merge_overrides(base: ModelT, *overrides: StrictModel | None) -> ModelT:
    """Put the fields that overrides really set over those of a base, the last override on top."""
    values: dict[str, Any] = {name: getattr(base, name) for name in base.model_fields_set}
    for override in overrides:
        if override is None:
            continue
        if "policy" in override.model_fields_set:
            # Another policy's tolerance or digits say nothing for this one.
            values.pop("tolerance", None)
            values.pop("digits", None)
        values.update({name: getattr(override, name) for name in override.model_fields_set})
    return type(base).model_validate(values)
