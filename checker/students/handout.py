"""The handout: an assignment without its key.

It holds what a student may know before answering: questions, points, and the shape and kind of each
answer; the names that formulas may use; no formula of a value or a step, and no number from which a
value follows, unless the teacher adds the given data. ``checker validate`` works from it alone, and
the template and the JSON Schema are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, Field, model_validator

from checker.answer_kinds.reading.quantities import known_names, origin_of
from reference_solutions.assignment import Asked, Assignment, build_assignment
from reference_solutions.graph import MAX_GRAPH_NODES, Family, Graph
from reference_solutions.operations import callable_operations
from submissions_schema.assignment_file import (
    ChoiceAnswer,
    EntryId,
    FormulaAnswer,
    IndexName,
    Matching,
    OrderAnswer,
    Policy,
    Slug,
    TextAnswer,
    assignment_file_from,
)
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
MAX_ENTRIES = 1_000_000
"""How many entries an answer or a name of a handout may have."""

Kind = Literal["number", "integer", "formula", "order", "choice", "text", "notebook"]

_NAME = re.compile(r"([^\W\d]\w*)(?:\[(.*)\])?")
_RANGE = re.compile(r"\s*(-?[0-9]{1,6})\s*(?:\.\.\s*(-?[0-9]{1,6})\s*)?")


def _ranges_of(text: str) -> tuple[range, ...] | None:
    """Read ``-1..2, 0..3``; a number alone is a range of one."""
    found = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            return None
        found.append(range(first, last + 1))
    return tuple(found)


def _text_of(ranges: Iterable[range]) -> str:
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}..{r[-1]}" for r in ranges)


def _known_version(version: int) -> int:
    if version != VERSION:
        raise problem_error(
            Found("this handout is of another version", (), str(VERSION), str(version))
        )
    return version


def _one_range(text: str) -> str:
    ranges = _ranges_of(text)
    if ranges is None or len(ranges) != 1:
        raise problem_error(
            Found("the range of an index can't be read", (), "`0..2`", describe(text))
        )
    return text


def _readable_name(text: str) -> str:
    match = _NAME.fullmatch(text)
    ranges = _ranges_of(match[2]) if match is not None and match[2] is not None else ()
    if match is None or ranges is None:
        raise problem_error(
            Found("the name can't be read", (), "`W`, or `h[-1..2]`", describe(text))
        )
    if prod(len(r) for r in ranges) > MAX_GRAPH_NODES:
        raise problem_error(
            Found("the name stands for too many quantities", (), f"at most {MAX_GRAPH_NODES}")
        )
    return text


def _not_too_large(shape: tuple[int, ...]) -> tuple[int, ...]:
    if prod(shape) > MAX_ENTRIES:
        raise problem_error(
            Found("the shape is too large", (), f"at most {MAX_ENTRIES} entries", str(prod(shape)))
        )
    return shape


Shape = Annotated[
    tuple[Annotated[int, Field(ge=1)], ...],
    AfterValidator(_not_too_large),
    Field(description="The lengths along each axis; empty for a single number."),
]


class NamedQuantity(StrictModel):
    """A quantity that formulas may use. Its key says its index: ``h[-1..2]``."""

    shape: Shape = ()
    symbol: Annotated[
        bool, Field(description="Whether it is a symbol, in which orders of growth are stated.")
    ] = False
    integer: Annotated[bool, Field(description="Whether it is a whole number.")] = False
    describe: Annotated[str, Field(description="What it stands for.")] = ""


class AnswerForm(StrictModel):
    """The form of one answer."""

    kind: Kind = "number"
    title: str = ""
    prompt: str = ""
    points: Annotated[float, Field(ge=0)] = 0.0
    shape: Shape = ()
    policy: Annotated[Policy, Field(description="What a number must agree with.")] = "written"
    tolerance: Annotated[float | None, Field(gt=0)] = None
    digits: Annotated[int | None, Field(ge=0)] = None
    min_significant_figures: Annotated[int | None, Field(ge=1)] = None
    may_use: Annotated[
        list[str] | None, Field(description="Left out, every name of the handout.")
    ] = None
    but_not: Annotated[
        list[Annotated[str, AfterValidator(_readable_name)]],
        Field(default_factory=list, description="What is asked for itself, `h[1]`."),
    ]
    options: Annotated[
        dict[EntryId, str], Field(default_factory=dict, description="Option id -> its text.")
    ]
    min_words: Annotated[int | None, Field(ge=0)] = None
    max_words: Annotated[int | None, Field(ge=1)] = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind == "choice" and len(self.options) < 2:
            raise problem_error(Found("a choice needs options", expected="at least two `options`"))
        return self


class QuestionForm(StrictModel):
    """A question and the forms of its answers."""

    title: str = ""
    prompt: str = ""
    points: Annotated[float, Field(ge=0)] = 0.0
    answers: Annotated[dict[EntryId, AnswerForm], Field(min_length=1)]


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
        dict[Annotated[str, AfterValidator(_readable_name)], NamedQuantity],
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
        return {name: (_ranges_of(text) or (range(0),))[0] for name, text in self.index.items()}

    def instances(self) -> Iterator[tuple[str, tuple[int, ...], NamedQuantity]]:
        """Every quantity that formulas may use, index by index."""
        for key, quantity in self.names.items():
            name, ranges = split_name(key)
            for index in product(*ranges):
                yield name, index, quantity

    @property
    def symbols(self) -> list[str]:
        """The names in which an order of growth may be stated."""
        return [split_name(key)[0] for key, quantity in self.names.items() if quantity.symbol]


def split_name(key: str) -> tuple[str, tuple[range, ...]]:
    """Return the name of ``h[-1..2]`` and what its indices run over."""
    name, bracket, inside = key.partition("[")
    return name, (_ranges_of(inside.rstrip("]")) or ()) if bracket else ()


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
    kinds = {form.kind for question in questions.values() for form in question.answers.values()}
    return Handout(
        handout=VERSION,
        assignment=file.assignment,
        title=file.title,
        course=file.course,
        description=file.description,
        index={name: _text_of([index.values]) for name, index in file.index.items()},
        functions=list(callable_operations()) if kinds & {"formula", "order"} else [],
        names=names,
        given=dict(file.given) if with_given else {},
        placeholders=list(file.placeholders),
        questions=questions,
    )


def _form(assignment: Assignment, asked: Asked, names: Mapping[str, NamedQuantity]) -> AnswerForm:
    spec = asked.spec
    said: dict[str, Any] = {
        "kind": spec.kind,
        "title": spec.title,
        "prompt": spec.prompt,
        "points": round(asked.points, 6),
    }
    if asked.target is not None:
        value = assignment.reference.graph.value(asked.target.node)
        assert value is not None
        said["shape"] = value.shape
    if spec.kind == "number":
        said |= _precision(asked.matching)
    if isinstance(spec, FormulaAnswer):
        allowed = _allowed(assignment, asked)
        said["but_not"] = [
            f"{name}[{', '.join(map(str, index))}]"
            for name, index in _asked_for(assignment, asked)
            if name in allowed
        ]
        if allowed != list(dict.fromkeys(split_name(key)[0] for key in names)):
            said["may_use"] = allowed
    if isinstance(spec, ChoiceAnswer):
        said["options"] = dict(spec.options)
    if isinstance(spec, TextAnswer):
        said |= {"min_words": spec.min_words, "max_words": spec.max_words}
    return AnswerForm(**said)


def _precision(matching: Matching) -> dict[str, Any]:
    if matching.policy == "written":
        return {"min_significant_figures": matching.min_significant_figures}
    return {
        "policy": matching.policy,
        "tolerance": matching.tolerance,
        "digits": matching.digits,
    }


def _usable(assignment: Assignment, spec: FormulaAnswer) -> list[str]:
    known = known_names(assignment.reference.graph)
    return [name for name in known if spec.may_use is None or name in spec.may_use]


def _asked_for(assignment: Assignment, asked: Asked) -> list[tuple[str, tuple[int, ...]]]:
    """Return the quantities that are what is asked for, by one name or another."""
    assert asked.target is not None
    assert isinstance(asked.spec, FormulaAnswer)
    graph = assignment.reference.graph
    wanted = origin_of(graph, asked.target.node)
    return [
        (name, index)
        for name in _usable(assignment, asked.spec)
        for index in _indices(graph.families[name])
        if (node := graph.ids.get((name, index))) is not None and origin_of(graph, node) == wanted
    ]


def _allowed(assignment: Assignment, asked: Asked) -> list[str]:
    """Return the names that a formula may use; what is asked for itself is not among them."""
    assert isinstance(asked.spec, FormulaAnswer)
    graph = assignment.reference.graph
    refused = set(_asked_for(assignment, asked))
    return [
        name
        for name in _usable(assignment, asked.spec)
        if not {(name, index) for index in _indices(graph.families[name])} <= refused
    ]


def _indices(family: Family) -> list[tuple[int, ...]]:
    return sorted({*family.instances, *family.extra})


def _names(assignment: Assignment) -> dict[str, NamedQuantity]:
    """Return the quantities that any formula may use, each with its index and shape."""
    symbols = assignment.file.symbols
    used: set[str] = set()
    for asked in assignment.asked:
        if isinstance(asked.spec, FormulaAnswer):
            used.update(_allowed(assignment, asked))
        elif isinstance(asked.spec, OrderAnswer):
            used.update(name for name in symbols if "[" not in name)
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
    for index in _indices(family):
        node = graph.ids.get((family.name, index))
        value = graph.value(node) if node is not None else None
        if value is not None:
            by_shape.setdefault(value.shape, []).append(index)
    for shape, indices in by_shape.items():
        axes = [sorted(set(axis)) for axis in zip(*indices, strict=True)]
        ranges = [range(axis[0], axis[-1] + 1) for axis in axes]
        if prod(len(r) for r in ranges) == len(indices):
            yield _text_of(ranges), shape
        else:
            for index in indices:
                yield _text_of(range(at, at + 1) for at in index), shape


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
        parts = {"kind": form.kind, "shape": list(form.shape), **answers[answer_id]}
        if not form.shape:
            del parts["shape"]
        options = parts.pop("options", None)
        answers[answer_id] = _Line(parts) if options is None else {**parts, "options": options}
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


def names_of(handout: Handout, form: AnswerForm) -> Sequence[str]:
    """Return the keys of the names that one formula may use, ``h[-1..2]``."""
    if form.may_use is None:
        return list(handout.names)
    return [key for key in handout.names if split_name(key)[0] in form.may_use]
