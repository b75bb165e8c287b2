"""What a teacher writes: the models of an assignment file, and reading one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from submissions_schema.by_kind import KindModel, OfAnyKind
from submissions_schema.validation import (
    Found,
    RawTree,
    Shorthand,
    StrictModel,
    describe,
    did_you_mean,
    problem_error,
    validate,
)
from submissions_schema.yaml_reader import (
    DEFAULT,
    Document,
    Limits,
    Tree,
    TreePath,
    parse_document,
    read_document,
    shown,
)

_SLUG = r"[a-z0-9][a-z0-9._-]*"
_NAME = r"[^\W\d]\w*"
_INTEGER = r"-?[0-9]+"
_RANGE = re.compile(rf"\s*({_INTEGER})\s*\.\.\s*({_INTEGER})\s*")
_GIVEN_NAME = rf"{_NAME}(?:\[\s*{_INTEGER}\s*(?:,\s*{_INTEGER}\s*)*\])?"
_STEP_NAME = rf"{_NAME}(?:\[\s*(?:{_NAME}|{_INTEGER})\s*(?:,\s*(?:{_NAME}|{_INTEGER})\s*)*\])?"
_IDENTIFIER = re.compile(_NAME)


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
Credit: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Points: TypeAlias = Annotated[float, Field(ge=0)]
IndexName: TypeAlias = Annotated[str, _matches(_NAME, "a name such as `t`")]
GivenName: TypeAlias = Annotated[
    str, _matches(_GIVEN_NAME, "a name, such as `W`, or one with a constant index, as `h[-1]`")
]
SymbolName: TypeAlias = Annotated[str, _matches(_GIVEN_NAME, "a name such as `o`")]
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


def _rectangular(tree: Tree) -> Tree:
    """Check that nested lists have one shape; the texts in them are for the formula language."""
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


GivenValue: TypeAlias = Annotated[
    RawTree,
    AfterValidator(_rectangular),
    Field(description="A number or nested lists of numbers; a number may be arithmetic as 1/3."),
]


def _expand_shape(value: object) -> object:
    return () if value == "scalar" else value


class Symbol(StrictModel):
    """A quantity whose values are sampled, for symbolic answers."""

    shape: Annotated[
        tuple[Annotated[int, Field(ge=1)], ...],
        Shorthand(_expand_shape, {"const": "scalar"}),
        Field(description="The lengths along each axis, or `scalar`."),
    ] = ()
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
        found = list(_matching_problems(self))
        if found:
            raise problem_error(*found)
        return self


def _matching_problems(matching: MatchingOverrides) -> Iterator[Found]:
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


class AnswerSpec(KindModel):
    """What every kind of answer may say."""

    held_by: ClassVar[list[type[BaseModel]]] = []

    needs_person: ClassVar[bool] = False
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

    needs_person: ClassVar[bool] = True

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

    needs_person: ClassVar[bool] = True

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


class Question(StrictModel):
    """A question and its answers."""

    title: Annotated[str, Field(description="What the report calls the question.")] = ""
    prompt: Annotated[str, Field(description="What is asked.")] = ""
    points: Annotated[
        Points | None, Field(description="Left out, the answers' points are added up.")
    ] = None
    matching: Annotated[
        MatchingOverrides | None, Field(description="Overrides for this question.")
    ] = None
    marking: Annotated[Marking | None, Field(description="Overrides for this question.")] = None
    answers: Annotated[
        dict[EntryId, Answer],
        Field(min_length=1, description="Answer id -> a formula, or a mapping with `kind`."),
    ]

    @model_validator(mode="after")
    def _points_add_up(self) -> Self:
        given = {name: answer.points for name, answer in self.answers.items()}
        known = math.fsum(points for points in given.values() if points is not None)
        unset = [name for name, points in given.items() if points is None]
        if self.points is None:
            if len(unset) == len(given):
                raise problem_error(Found("the question has no points", expected="`points`"))
            if unset:
                names = ", ".join(shown(name) for name in unset)
                raise problem_error(
                    Found(
                        f"some answers have points, but not {names}",
                        ("answers", unset[0]),
                        "points for each answer, or for the question",
                    )
                )
        elif unset and self.points - known < 0:
            raise problem_error(
                Found(
                    "the answers' points are more than the question's",
                    ("points",),
                    f"at most {self.points:g}",
                    f"{known:g}",
                )
            )
        elif not unset and not math.isclose(known, self.points, rel_tol=1e-9, abs_tol=1e-9):
            raise problem_error(
                Found(
                    "the answers' points don't add up to the question's",
                    ("points",),
                    f"{self.points:g}",
                    f"{known:g}",
                )
            )
        return self

    @property
    def answer_points(self) -> dict[str, float]:
        """The points of each answer; what isn't given to one is shared equally by the rest."""
        given = {name: answer.points for name, answer in self.answers.items()}
        known = math.fsum(points for points in given.values() if points is not None)
        unset = sum(points is None for points in given.values())
        share = ((self.points or 0.0) - known) / unset if unset else 0.0
        return {name: share if points is None else points for name, points in given.items()}

    @property
    def total_points(self) -> float:
        """The points of all answers together."""
        return self.points if self.points is not None else math.fsum(self.answer_points.values())


class AssignmentFile(StrictModel):
    """An assignment: the given numbers, the forward formulas, what is asked, the points."""

    assignment: Annotated[Slug, Field(description="The assignment's id.")]
    title: Annotated[str, Field(description="The assignment's title.")]
    course: Annotated[str, Field(description="The course it belongs to.")] = ""
    description: Annotated[str, Field(description="Anything else there is to say.")] = ""
    index: Annotated[
        dict[
            IndexName,
            Annotated[
                IndexRange,
                Shorthand(
                    _expand_range,
                    {"type": "string", "pattern": rf"^\s*{_INTEGER}\s*\.\.\s*{_INTEGER}\s*$"},
                    replaces=True,
                ),
            ],
        ],
        Field(default_factory=dict, description="Index variables: `t: 0..2`, ends included."),
    ]
    given: Annotated[
        dict[GivenName, GivenValue],
        Field(default_factory=dict, description="Name -> a number or nested lists of numbers."),
    ]
    symbols: Annotated[
        dict[SymbolName, Symbol],
        Field(default_factory=dict, description="Quantities sampled for symbolic answers."),
    ]
    steps: Annotated[
        dict[StepName, Formula],
        Field(default_factory=dict, description="Name, or name[t] -> its formula, in order."),
    ]
    placeholders: Annotated[
        list[str],
        Field(
            default_factory=list,
            description="Texts of the template that mean: no answer. The usual ones are known.",
        ),
    ]
    matching: Annotated[
        MatchingOverrides | None, Field(description="How numbers are compared.")
    ] = None
    marking: Annotated[Marking | None, Field(description="What an answer earns.")] = None
    feedback: Annotated[
        Feedback | None, Field(description="What a student is told who can hand in again.")
    ] = None
    questions: Annotated[
        dict[EntryId, Question], Field(min_length=1, description="Question id -> question.")
    ]

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        found = [*self._name_problems(), *self._matching_problems()]
        if found:
            raise problem_error(*found)
        return self

    def _name_problems(self) -> Iterator[Found]:
        for step in self.steps:
            if step in self.given:
                message = f"{shown(step)} is given already, so no step can define it"
                yield Found(message, ("steps", step), at_key=True)
            _, _, index = step.partition("[")
            for name in _IDENTIFIER.findall(index):
                if name not in self.index:
                    yield Found(
                        f"the step {shown(step)} runs over `{name}`, which is not an index"
                        + did_you_mean(name, self.index),
                        ("steps", step),
                        f"`{name}` under `index`, as in `index: {{{name}: 0..2}}`",
                        at_key=True,
                    )

    def _matching_problems(self) -> Iterator[Found]:
        """Find settings that don't fit together, told where the innermost of them stands."""
        yield from _scope_problems(("matching",), self.matching)
        if _scope_fails(self.matching):
            return
        for question_id, question in self.questions.items():
            path: TreePath = ("questions", question_id)
            yield from _scope_problems((*path, "matching"), self.matching, question.matching)
            if _scope_fails(self.matching, question.matching):
                continue
            for answer_id, answer in question.answers.items():
                yield from _scope_problems(
                    (*path, "answers", answer_id, "matching"),
                    self.matching,
                    question.matching,
                    answer.matching,
                )

    def matching_for(self, question_id: str, answer_id: str) -> Matching:
        """Return how an answer's numbers are compared, with all overrides applied."""
        question = self.questions[question_id]
        return merge_overrides(
            Matching(), self.matching, question.matching, question.answers[answer_id].matching
        )

    def marking_for(self, question_id: str) -> Marking:
        """Return what the answers to a question earn, with all overrides applied."""
        return merge_overrides(Marking(), self.marking, self.questions[question_id].marking)

    @property
    def hints(self) -> Hints:
        """How much a student is told who can hand in again."""
        return (self.feedback or Feedback()).hints

    @property
    def total_points(self) -> float:
        """The points of all questions together."""
        return math.fsum(question.total_points for question in self.questions.values())


AnswerSpec.held_by += [Question, AssignmentFile]


def _scope_fails(*overrides: MatchingOverrides | None) -> bool:
    merged = merge_overrides(MatchingOverrides(), *overrides)
    return any(True for _ in _matching_problems(merged))


def _scope_problems(path: TreePath, *overrides: MatchingOverrides | None) -> Iterator[Found]:
    if overrides[-1] is None:
        return
    merged = merge_overrides(MatchingOverrides(), *overrides)
    for found in _matching_problems(merged):
        yield Found(
            found.message, path + found.path, found.expected, found.got, at_key=found.at_key
        )


@dataclass(frozen=True, slots=True)
class LoadedAssignmentFile:
    """An assignment file, the document it was read from, and the hash of its bytes."""

    file: AssignmentFile
    document: Document

    @property
    def content_hash(self) -> str:
        """``sha256:`` and the digest of the file's bytes."""
        return self.document.content_hash


def load_assignment_file(
    path: Path, *, name: str | None = None, limits: Limits = DEFAULT
) -> LoadedAssignmentFile:
    """Read an assignment file; raise ``InputError`` with every problem and its place."""
    return assignment_file_from(read_document(path, limits=limits, name=name))


def parse_assignment_file(
    data: bytes | str, name: str, *, limits: Limits = DEFAULT
) -> LoadedAssignmentFile:
    """Read an assignment file from bytes or text; ``name`` is what places call it."""
    return assignment_file_from(parse_document(data, name, limits))


def assignment_file_from(document: Document) -> LoadedAssignmentFile:
    """Validate a document as an assignment file."""
    return LoadedAssignmentFile(validate(AssignmentFile, document), document)
