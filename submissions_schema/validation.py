"""The base of the models, and pydantic's errors told as sentences with their places."""

from __future__ import annotations

import itertools
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from pydantic import (
    BaseModel,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from submissions_schema.by_kind import STRICT, KindModel, kind_name, kinds_below
from submissions_schema.nearness import nearest
from submissions_schema.problems import InputError, Problem
from submissions_schema.yaml_reader import DEFAULT, Document, Tree, TreePath, shown

_PROBLEMS = "problems"

if TYPE_CHECKING:
    RawTree: TypeAlias = Tree
else:
    # Pydantic would walk a recursive type again, node by node, which the reader has built already.
    RawTree = Annotated[Any, WithJsonSchema({})]


class StrictModel(BaseModel):
    """A frozen model that knows all of its keys."""

    model_config = STRICT


ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a validator found wrong, at a path relative to the value that it validates."""

    message: str
    path: TreePath = ()
    expected: str | None = None
    got: str | None = None
    at_key: bool = False


def problem_error(*found: Found) -> PydanticCustomError:
    """Return the error for a validator to raise; every thing found becomes a problem of its own."""
    return PydanticCustomError(_PROBLEMS, "{words}", {"words": found[0].message, "found": found})


@dataclass(frozen=True, slots=True)
class Shorthand:
    """Lets a plain value stand for a mapping, as ``student: a`` for ``student: {id: a}``."""

    expand: Callable[[Any], Any]
    json_schema: Mapping[str, Any]
    replaces: bool = False
    """Whether the shorthand is the only way to write the value in a file."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Expand the shorthand before the model sees it."""
        return core_schema.no_info_before_validator_function(self.expand, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both ways of writing."""
        if self.replaces:
            return dict(self.json_schema)
        return {"anyOf": [dict(self.json_schema), handler(schema)]}


def refuse_another(document: Document, what: str, key: str, other: str, others_key: str) -> None:
    """Raise :class:`InputError` for a file that was taken for another: it has its key alone."""
    data = document.data
    if isinstance(data, dict) and others_key in data and key not in data:
        raise InputError([Problem(f"this is {other}", document.key_place((others_key,)), what)])


def validate(model: type[ModelT], document: Document) -> ModelT:
    """Validate a document's data; raise :class:`InputError` with every problem and its place."""
    data = document.data
    if not isinstance(data, dict):
        problem = Problem(
            "the file must hold a mapping" + _hint_for_text(data),
            document.place(),
            expected=f"the keys {_listed(_required_keys(model))}",
            got=describe(data),
        )
        raise InputError([problem])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = problems_from(error, model, document)
    raise InputError(problems)


def problems_from(
    error: ValidationError, model: type[BaseModel], document: Document
) -> list[Problem]:
    """List every problem behind a validation error, in the order of the file."""
    found = (
        problem
        for details in error.errors(include_url=False)
        for problem in _problems_of(details, model, document)
    )
    problems = list(itertools.islice(found, DEFAULT.problems + 1))
    if len(problems) > DEFAULT.problems:
        message = f"there are more problems; only {DEFAULT.problems} are listed"
        problems[-1] = Problem(message, document.place())
    return sorted(
        problems, key=lambda problem: (problem.place.line or 0, problem.place.column or 0)
    )


def describe(value: object) -> str:
    """Return a value as the ``got`` of a message."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return shown(value) if value else "an empty text"
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return shown(str(value))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the end of a message that names the nearest known word; empty where none is near."""
    near = nearest(word, known)
    return "" if near is None else f"; did you mean `{near}`?"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _required_keys(model: type[BaseModel]) -> list[str]:
    return [name for name, field in model.model_fields.items() if field.is_required()]


def _hint_for_text(data: object) -> str:
    if isinstance(data, str) and ":" in data and ": " not in data:
        return " (is a space missing after a colon?)"
    return ""


@dataclass(frozen=True, slots=True)
class _Target:
    """What an error's location means: the path in the file, and the model that owns its end."""

    path: TreePath
    owner: type[BaseModel] | None
    is_key: bool


_Loc: TypeAlias = tuple[str | int, ...]


def _variants(annotation: object) -> list[type[KindModel]]:
    """List the models of all kinds below a root; empty for anything else."""
    if isinstance(annotation, type) and issubclass(annotation, KindModel):
        return list(kinds_below(annotation)) if "held_by" in vars(annotation) else []
    return []


def _bare(annotation: object) -> object:
    """Return an annotation without ``Annotated`` and without ``| None``."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        if get_origin(annotation) in (Union, types.UnionType):
            parts = [part for part in get_args(annotation) if part is not type(None)]
            if len(parts) == 1:
                annotation = parts[0]
                continue
        return annotation


def _target(model: type[BaseModel], loc: _Loc) -> _Target:
    """Follow an error's location through the models, dropping what isn't in the file."""
    path: list[str | int] = []
    current: Any = model
    owner: type[BaseModel] | None = model
    is_key = False
    for part in loc:
        current = _bare(current)
        variants = _variants(current)
        if variants:
            current = next((each for each in variants if kind_name(each) == part), None)
            continue
        if part == "[key]":
            is_key = True
            continue
        path.append(part)
        owner = None
        if isinstance(current, type) and issubclass(current, BaseModel):
            owner = current
            field = current.model_fields.get(str(part))
            current = field.annotation if field is not None else None
        elif get_origin(current) in (dict, list, tuple):
            arguments = get_args(current)
            current = arguments[-1] if arguments[-1] is not Ellipsis else arguments[0]
        else:
            current = None
    return _Target(tuple(path), owner, is_key)


def _problems_of(
    details: ErrorDetails, model: type[BaseModel], document: Document
) -> Iterator[Problem]:
    target = _target(model, details["loc"])
    path = target.path
    kind = details["type"]
    context = details.get("ctx", {})
    if kind == _PROBLEMS:
        for found in context["found"]:
            full = path + found.path
            at_key = found.at_key or target.is_key
            place = document.key_place(full) if at_key else document.place(full)
            yield Problem(_with_path(found.message, full), place, found.expected, found.got)
        return
    name = str(path[-1]) if path else ""
    if kind == "missing" and isinstance(path[-1], int):
        message = f"{dotted(path[:-1])} has too few entries"
        yield Problem(message, document.place(path[:-1]), got=str(path[-1]))
        return
    if kind == "missing":
        place = document.key_place(path[:-1]) if len(path) > 1 else document.place()
        yield Problem(_with_path(f"the key `{name}` is missing", path[:-1]), place)
        return
    if kind == "extra_forbidden":
        known = list(target.owner.model_fields) if target.owner is not None else []
        near = did_you_mean(name, known)
        message = _with_path(f"unknown key {shown(name)}{near}", path[:-1])
        expected = f"one of {_listed(known)}" if known and not near else None
        yield Problem(message, document.key_place(path), expected)
        return
    got = details["input"]
    expected = _expectation(kind, context)
    hint = ""
    if kind in ("literal_error", "union_tag_invalid"):
        words = _words_expected(context)
        # The tag of a union is a key of the mapping that the error points at.
        if kind == "union_tag_invalid":
            path = (*path, "kind")
            got = context.get("tag")
        expected = _listed(words)
        expected = f"one of {expected}" if len(words) > 1 else expected
        hint = did_you_mean(got, words) if isinstance(got, str) else ""
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        hint = _hint_for_text(got)
    what = f"{dotted(path)} can't be read" if path else "the file can't be read"
    place = document.key_place(path) if target.is_key else document.place(path)
    yield Problem(what, place, expected, describe(got) + hint)


def _words_expected(context: Mapping[str, Any]) -> list[str]:
    listed = str(context.get("expected") or context.get("expected_tags") or "")
    return [word.strip(" '") for word in listed.replace(" or ", ",").split(",") if word.strip()]


def dotted(path: TreePath) -> str:
    """Write a path as messages do: ``answers.q3.1.h_0[2]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part or '""'
    return shown(text)


def _with_path(message: str, path: TreePath) -> str:
    return f"{message} (in {dotted(path)})" if path else message


_EXPECTATIONS: Mapping[str, str] = {
    "string_type": "text",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
}


def _expectation(kind: str, context: Mapping[str, Any]) -> str:
    words = _EXPECTATIONS.get(kind)
    if kind == "too_short" and context.get("min_length") == 1:
        return "at least one entry"
    if kind in ("missing_argument", "unexpected_keyword_argument") or words is None:
        return "another value"
    return words.format_map(dict(context))
