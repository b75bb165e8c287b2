"""What a teacher writes: the models of an assignment file, and reading one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from submissions_schema.answers import Answer, AnswerSpec
from submissions_schema.declared_mistakes import DeclaredMistake
from submissions_schema.draws import Draw, GivenOrDrawn
from submissions_schema.grading_settings import (
    Feedback,
    Hints,
    Marking,
    Matching,
    MatchingOverrides,
    Points,
    matching_problems,
    merge_overrides,
)
from submissions_schema.lint_settings import LintSettings
from submissions_schema.quantities import (
    IDENTIFIER,
    EntryId,
    Formula,
    GivenName,
    IndexName,
    Slug,
    StepName,
    Symbol,
    SymbolName,
    WrittenIndexRange,
)
from submissions_schema.validation import (
    Found,
    StrictModel,
    did_you_mean,
    problem_error,
    refuse_another,
    validate,
)
from submissions_schema.yaml_reader import (
    DEFAULT,
    Document,
    TreePath,
    parse_document,
    read_document,
    shown,
)


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
        dict[IndexName, WrittenIndexRange],
        Field(default_factory=dict, description="Index variables: `t: 0..2`, ends included."),
    ]
    given: Annotated[
        dict[GivenName, GivenOrDrawn],
        Field(default_factory=dict, description="Name -> a number or nested lists of numbers."),
    ]
    require: Annotated[
        list[Formula],
        Field(
            default_factory=list,
            description="Conditions on numbers that are drawn: `max(abs(h)) < 0.99`.",
        ),
    ]
    seed: Annotated[
        str,
        Field(
            description="Where the secret stands that numbers are drawn from: a file beside this "
            "one, or an environment variable, `$NAME`. Left out, this file's name with `.seed`."
        ),
    ] = ""
    symbols: Annotated[
        dict[SymbolName, Symbol],
        Field(default_factory=dict, description="Quantities sampled for symbolic answers."),
    ]
    steps: Annotated[
        dict[StepName, Formula],
        Field(default_factory=dict, description="Name, or name[t] -> its formula, in order."),
    ]
    mistakes: Annotated[
        dict[Slug, DeclaredMistake],
        Field(
            default_factory=dict,
            description="Mistakes of this sheet: id -> its words and what was done instead.",
        ),
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
    lint: Annotated[LintSettings | None, Field(description="What `checker lint` need not say.")] = (
        None
    )
    questions: Annotated[
        dict[EntryId, Question], Field(min_length=1, description="Question id -> question.")
    ]

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        found = [*self._name_problems(), *self._matching_problems()]
        if self.require and not self.draws:
            found.append(Found("nothing is drawn that a condition could be on", ("require",)))
        if found:
            raise problem_error(*found)
        return self

    def _name_problems(self) -> Iterator[Found]:
        for step in self.steps:
            if step in self.given:
                message = f"{shown(step)} is given already, so no step can define it"
                yield Found(message, ("steps", step), at_key=True)
            _, _, index = step.partition("[")
            for name in IDENTIFIER.findall(index):
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
    def draws(self) -> dict[str, Draw]:
        """The given quantities that are drawn for each student."""
        given: dict[str, object] = dict(self.given)
        return {name: value for name, value in given.items() if isinstance(value, Draw)}

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
    return any(True for _ in matching_problems(merged))


def _scope_problems(path: TreePath, *overrides: MatchingOverrides | None) -> Iterator[Found]:
    if overrides[-1] is None:
        return
    merged = merge_overrides(MatchingOverrides(), *overrides)
    for found in matching_problems(merged):
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


def load_assignment_file(path: Path, *, name: str | None = None) -> LoadedAssignmentFile:
    """Read an assignment file; raise ``InputError`` with every problem and its place."""
    return assignment_file_from(read_document(path, limits=DEFAULT, name=name))


def parse_assignment_file(data: bytes | str, name: str) -> LoadedAssignmentFile:
    """Read an assignment file from bytes or text; ``name`` is what places call it."""
    return assignment_file_from(parse_document(data, name, DEFAULT))


def assignment_file_from(document: Document) -> LoadedAssignmentFile:
    """Validate a document as an assignment file. Raises :class:`InputError`."""
    refuse_another(document, "an assignment", "questions", "a submission", "answers")
    return LoadedAssignmentFile(validate(AssignmentFile, document), document)
