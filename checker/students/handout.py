"""The handout: an assignment without its key.

It holds what a student may know before answering: questions, points, and the shape and kind of each
answer; the names that formulas may use; no formula of a value or a step, and no number from which a
value follows, unless the teacher adds the given data. ``checker validate`` works from it alone, and
the template and the JSON Schema are made from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BeforeValidator, Field

from checker.answer_kinds import answer_kinds, kind_of
from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.forms.names import (
    KeyedName,
    NamedQuantity,
    ranges_of,
    ranges_text,
    split_name,
)
from checker.answer_kinds.reading.quantities import indices_of, known_names
from reference_solutions.assignment import Asked, Assignment, build_assignment
from reference_solutions.graph import Family, Graph
from reference_solutions.operations import callable_operations
from submissions_schema.assignment_file import assignment_file_from
from submissions_schema.by_kind import OfAnyKind
from submissions_schema.quantities import EntryId, IndexName, Slug
from submissions_schema.validation import (
    Found,
    RawTree,
    StrictModel,
    describe,
    problem_error,
    validate,
)
from submissions_schema.yaml_reader import Document, read_document

VERSION = 1
answer_kinds()  # brings the forms of all kinds, for the models below


def _known_version(version: int) -> int:
    if version != VERSION:
        raise problem_error(
            Found("this handout is of another version", (), str(VERSION), str(version))
        )
    return version


def _one_range(text: str) -> str:
    ranges = ranges_of(text)
    if ranges is None or len(ranges) != 1:
        raise problem_error(
            Found("the range of an index can't be read", (), "`0..2`", describe(text))
        )
    return text


def _expand_form(value: object) -> object:
    return {"kind": "number", **value} if isinstance(value, dict) and "kind" not in value else value


class QuestionForm(StrictModel):
    """A question and the forms of its answers."""

    title: str = ""
    prompt: str = ""
    points: Annotated[float, Field(ge=0)] = 0.0
    answers: Annotated[
        dict[EntryId, Annotated[AnswerForm, OfAnyKind(), BeforeValidator(_expand_form)]],
        Field(min_length=1),
    ]


class Handout(StrictModel):
    """An assignment without its key."""

    handout: Annotated[int, AfterValidator(_known_version), Field(description="The version.")]
    assignment: Annotated[Slug, Field(description="The assignment's id.")]
    title: str = ""
    course: str = ""
    description: str = ""
    index: Annotated[
        dict[IndexName, Annotated[str, AfterValidator(_one_range)]], Field(default_factory=dict)
    ]
    functions: Annotated[
        list[str], Field(default_factory=list, description="What formulas may call.")
    ]
    names: Annotated[
        dict[KeyedName, NamedQuantity],
        Field(default_factory=dict, description="What formulas may use."),
    ]
    given: Annotated[
        dict[str, RawTree], Field(default_factory=dict, description="The given data, if added.")
    ]
    placeholders: Annotated[
        list[str], Field(default_factory=list, description="Texts that mean: no answer.")
    ]
    questions: Annotated[dict[EntryId, QuestionForm], Field(min_length=1)]

    @property
    def forms(self) -> Iterator[tuple[str, str, AnswerForm]]:
        """The form of every answer, with the ids of its question and its own, in order."""
        for question_id, question in self.questions.items():
            for answer_id, form in question.answers.items():
                yield question_id, answer_id, form

    @property
    def total_points(self) -> float:
        """The points of all questions together."""
        return round(sum(question.points for question in self.questions.values()), 6)

    @property
    def ranges(self) -> dict[str, range]:
        """The index variables and what they run over."""
        return {name: (ranges_of(text) or (range(0),))[0] for name, text in self.index.items()}

    def instances(self) -> Iterator[tuple[str, tuple[int, ...], NamedQuantity]]:
        """Every quantity that formulas may use, index by index."""
        for key, quantity in self.names.items():
            name, ranges = split_name(key)
            for index in product(*ranges):
                yield name, index, quantity


AnswerForm.held_by += [QuestionForm, Handout]


# --- making one -------------------------------------------------------------------------------


def make_handout(assignment: Assignment, *, with_given: bool = False) -> Handout:
    """Return an assignment's handout; ``with_given`` adds the given data."""
    file = assignment.file
    names = _names(assignment)
    questions = {}
    for question_id, question in file.questions.items():
        forms = {
            asked.answer: _form(assignment, asked, names)
            for asked in assignment.by_question[question_id]
        }
        questions[question_id] = QuestionForm(
            title=question.title,
            prompt=question.prompt,
            points=round(question.total_points, 6),
            answers=forms,
        )
    uses_names = any(kind_of(asked.spec).uses_names for asked in assignment.asked)
    return Handout(
        handout=VERSION,
        assignment=file.assignment,
        title=file.title,
        course=file.course,
        description=file.description,
        index={name: ranges_text([index.values]) for name, index in file.index.items()},
        functions=list(callable_operations()) if uses_names else [],
        names=names,
        given=_given(assignment) if with_given else {},
        placeholders=list(file.placeholders),
        questions=questions,
    )


def _given(assignment: Assignment) -> dict[str, RawTree]:
    """Return the given data that all students have in common."""
    own = assignment.draws.loaded.file.draws if assignment.draws is not None else {}
    return {name: tree for name, tree in assignment.file.given.items() if name not in own}


def _form(assignment: Assignment, asked: Asked, names: Mapping[str, NamedQuantity]) -> AnswerForm:
    spec, kind = asked.spec, kind_of(asked.spec)
    any_may_use = list(dict.fromkeys(split_name(key)[0] for key in names))
    form: AnswerForm = kind.form.model_validate(
        {
            "kind": spec.kind,
            "title": spec.title,
            "prompt": spec.prompt,
            "points": round(asked.points, 6),
            **kind.form_of(asked, assignment, any_may_use),
        }
    )
    return form


def _names(assignment: Assignment) -> dict[str, NamedQuantity]:
    """Return the quantities that any formula may use, each with its index and shape."""
    symbols = assignment.file.symbols
    used = {
        name for asked in assignment.asked for name in kind_of(asked.spec).names(asked, assignment)
    }
    graph = assignment.reference.graph
    found: dict[str, NamedQuantity] = {}
    for name in known_names(graph):
        if name not in used:
            continue
        symbol = symbols.get(name)
        for inside, shape in _boxes(graph, graph.families[name]):
            found[f"{name}[{inside}]" if inside else name] = NamedQuantity(
                shape=shape,
                symbol=symbol is not None,
                integer=symbol is not None and symbol.integer,
                describe=symbol.describe if symbol is not None else "",
            )
    return found


def _boxes(graph: Graph, family: Family) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the indices of a quantity as ranges, as few as show them all, with the shape there."""
    by_shape: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for index in indices_of(family):
        node = graph.ids.get((family.name, index))
        value = graph.value(node) if node is not None else None
        if value is not None:
            by_shape.setdefault(value.shape, []).append(index)
    for shape, indices in by_shape.items():
        axes = [sorted(set(axis)) for axis in zip(*indices, strict=True)]
        ranges = [range(axis[0], axis[-1] + 1) for axis in axes]
        if prod(len(r) for r in ranges) == len(indices):
            yield ranges_text(ranges), shape
        else:
            for index in indices:
                yield ranges_text(range(at, at + 1) for at in index), shape


# --- writing and reading ----------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Writes text plainly where it can, and everything out, without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


class _AsWritten(str):
    """A number or a range, with the digits that were written."""

    __slots__ = ()


class _Line:
    """A list or a mapping that is written on one line."""

    def __init__(self, value: object) -> None:
        self.value = value


def _represent_as_written(dumper: _Dumper, text: _AsWritten) -> yaml.ScalarNode:
    tag = dumper.resolve(yaml.ScalarNode, str(text), (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(tag, str(text))


def _represent_line(dumper: _Dumper, line: _Line) -> yaml.Node:
    node = dumper.represent_data(line.value)
    assert isinstance(node, yaml.CollectionNode)
    node.flow_style = True
    return node


_Dumper.add_representer(_AsWritten, _represent_as_written)
_Dumper.add_representer(_Line, _represent_line)


def _as_written(tree: object) -> object:
    if isinstance(tree, list):
        return [_as_written(item) for item in tree]
    return _AsWritten(tree) if isinstance(tree, str) else tree


def _plain(value: object) -> object:
    """Return a dumped model for YAML: whole numbers without a point, tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def handout_text(handout: Handout) -> str:
    """Return a handout as YAML."""
    said: dict[str, Any] = {}
    for key, value in handout.model_dump(exclude_defaults=True).items():
        said[key] = _plain(value)
    for question_id, answer_id, form in handout.forms:
        answers = said["questions"][question_id]["answers"]
        said_here = {"kind": form.kind, **answers[answer_id]}
        parts = {key: said_here[key] for key in ("kind", "shape") if key in said_here} | said_here
        nested = any(isinstance(part, dict) for part in parts.values())
        answers[answer_id] = parts if nested else _Line(parts)
    said["index"] = {name: _AsWritten(text) for name, text in handout.index.items()}
    said["functions"] = _Line(handout.functions)
    said["names"] = {
        key: _Line(_plain(quantity.model_dump(exclude_defaults=True)))
        for key, quantity in handout.names.items()
    }
    said["given"] = {
        name: _Line(_as_written(tree)) if isinstance(tree, list) else _as_written(tree)
        for name, tree in handout.given.items()
    }
    ordered = {
        key: said[key] for key in Handout.model_fields if key in said and getattr(handout, key)
    }
    head = (
        f"# The form of `{handout.assignment}`, without its key, made by `checker handout`.\n"
        "# `checker validate FILE --assignment` takes it, and so do `template` and `schema`.\n"
    )
    dumped: str = yaml.dump(
        ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=96, indent=2
    )
    return head + dumped


def is_handout(document: Document) -> bool:
    """Whether a document says that it is a handout."""
    return isinstance(document.data, dict) and "handout" in document.data


def read_handout(document: Document) -> Handout:
    """Return the handout that a document holds. Raises :class:`InputError`."""
    return validate(Handout, document)


def load_form(path: Path) -> tuple[Handout, Assignment | None]:
    """Return the handout of a file: a handout itself, or made from an assignment with its key.

    Raises :class:`InputError`.
    """
    document = read_document(path)
    if is_handout(document):
        return read_handout(document), None
    assignment = build_assignment(assignment_file_from(document))
    return make_handout(assignment), assignment
