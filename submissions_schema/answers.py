"""What is asked for: the models of one answer, a model for each kind."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import BaseModel, Field, model_validator

from submissions_schema.by_kind import KindModel, OfAnyKind
from submissions_schema.grading_settings import Credit, MatchingOverrides, Points
from submissions_schema.quantities import EntryId, Formula
from submissions_schema.validation import (
    Found,
    Shorthand,
    describe,
    did_you_mean,
    problem_error,
)
from submissions_schema.yaml_reader import (
    shown,
)


class AnswerSpec(KindModel):
    """What every kind of answer may say."""

    held_by: ClassVar[list[type[BaseModel]]] = []

    computed: ClassVar[bool] = False
    """Whether the right value is that of the formula ``value``, as a quantity of the reference."""
    symbolic: ClassVar[bool] = False
    """Whether the value depends on symbols, and is compared at sampled ones."""

    title: Annotated[str, Field(description="What the report calls the answer.")] = ""
    prompt: Annotated[str, Field(description="What is asked.")] = ""
    points: Annotated[
        Points | None, Field(description="Left out, the question's points are shared equally.")
    ] = None
    matching: Annotated[
        MatchingOverrides | None, Field(description="Overrides for this answer.")
    ] = None


class ValuedAnswer(AnswerSpec):
    """An answer whose right value is stated by a formula: a quantity, or one in symbols alone."""

    value: Formula


class NumberAnswer(ValuedAnswer):
    """A number, or numbers of any shape, compared with the value of a formula."""

    computed: ClassVar[bool] = True

    kind: Literal["number"] = "number"
    value: Annotated[Formula, Field(description="The formula of the right value.")]


class IntegerAnswer(ValuedAnswer):
    """Whole numbers, compared exactly with the value of a formula."""

    computed: ClassVar[bool] = True

    kind: Literal["integer"]
    value: Annotated[Formula, Field(description="The formula of the right value.")]


class FormulaAnswer(ValuedAnswer):
    """An expression, compared with a formula at sampled inputs."""

    computed: ClassVar[bool] = True
    symbolic: ClassVar[bool] = True

    kind: Literal["formula"]
    value: Annotated[Formula, Field(description="The right formula.")]
    may_use: Annotated[
        list[str] | None,
        Field(description="The quantities that it may use; left out, every one of the sheet."),
    ] = None


class OrderAnswer(ValuedAnswer):
    """An order of growth, such as O(n**2): any expression of the same order is right."""

    kind: Literal["order"]
    value: Annotated[Formula, Field(description="An expression of the right order.")]


class TextAnswer(AnswerSpec):
    """A text for a person to judge."""

    kind: Literal["text"]
    min_words: Annotated[int | None, Field(ge=0)] = None
    max_words: Annotated[int | None, Field(ge=1)] = None

    @model_validator(mode="after")
    def _word_limits_are_ordered(self) -> Self:
        low, high = self.min_words, self.max_words
        if low is not None and high is not None and high < low:
            message = "`max_words` is less than `min_words`"
            raise problem_error(Found(message, ("max_words",), f"at least {low}", str(high)))
        return self


class NotebookAnswer(AnswerSpec):
    """Work in a notebook, for a person to judge."""

    kind: Literal["notebook"]


class ChoiceAnswer(AnswerSpec):
    """One or more of listed options."""

    kind: Literal["choice"]
    options: Annotated[
        dict[EntryId, str], Field(min_length=2, description="Option id -> its text.")
    ]
    correct: Annotated[list[str], Field(description="The ids of the right options.")]
    marking: Literal["exact", "per_option"] = "exact"
    penalty: Annotated[Credit, Field(description="What a wrong option costs.")] = 0.0

    @model_validator(mode="after")
    def _correct_options_exist(self) -> Self:
        found = []
        for at, option in enumerate(self.correct):
            if option not in self.options:
                message = f"there is no option {shown(option)}{did_you_mean(option, self.options)}"
                found.append(Found(message, ("correct", at)))
            elif option in self.correct[:at]:
                found.append(Found(f"the option {shown(option)} is listed twice", ("correct", at)))
        if found:
            raise problem_error(*found)
        return self


def _expand_answer(value: object) -> object:
    if isinstance(value, str):
        return {"kind": "number", "value": value}
    if isinstance(value, dict) and "kind" not in value:
        return {"kind": "number", **value}
    if value is None or isinstance(value, list):
        expected = "a formula, or a mapping with `kind`"
        raise problem_error(Found("an answer can't be read", (), expected, describe(value)))
    return value


Answer: TypeAlias = Annotated[
    AnswerSpec,
    OfAnyKind(),
    Shorthand(
        _expand_answer,
        {"type": ["string", "number"], "description": "The formula of a number."},
    ),
]
