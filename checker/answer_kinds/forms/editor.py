"""Parts of the JSON Schema with which an editor checks an answer.

They mean the same under draft 7, which is what editors' YAML support reads, and 2020-12. Patterns
are regular expressions of ECMA 262 with the flag ``u``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from checker.answer_kinds.forms.words import numbers_words
from submissions_schema.written_number import UNSIGNED

Schema: TypeAlias = dict[str, Any]

_CHARACTERS = r"[-+*/^().,0-9A-Za-z_ \t{}\\\u00d7\u00b7\u22c5\u00f7\u2212\u2013\ufe63\uff0d]*"
NUMBER = r"^(?=.*(?:[0-9]|\bpi\b|\be\b))(?!\s*[-+\u2212]?[0-9]*,[0-9]+\s*$)" + _CHARACTERS + "$"
"""A number or arithmetic as text: no decimal comma, no per cent sign, no words alone."""

_NUMBER_OR_NOTHING = rf"^\s*$|{NUMBER}"
_LIKE_INTEGER = re.compile(r"[-+]?[0-9]+")
_LIKE_NUMBER = re.compile(rf"[-+]?{UNSIGNED}")


def by_type(schemas: Mapping[str, Schema], otherwise: Schema) -> Schema:
    """Return a schema that looks at a value's type first, and so complains of one thing only.

    (A list of types means the same, but a strict validator refuses it, and an editor that is given
    alternatives complains of the one that it likes best.)
    """
    schema = otherwise
    for name, then in reversed(list(schemas.items())):
        described = {"type": name, **then}
        schema = {"if": {"type": name}, "then": described, "else": schema}
    # Of alternatives, be it a single one, an editor completes a key with a colon and a place to
    # write at; of a condition it knows nothing to insert.
    return {"anyOf": [schema]}


def any_type(*names: str) -> Schema:
    """Return the schema of a value of one of several types."""
    return {"anyOf": [{"type": name} for name in names]}


def numbers_schema(shape: tuple[int, ...], kind: str) -> Schema:
    """Return the schema of numbers of a shape; ``kind`` is the type of an entry that is no text."""
    noun = "whole number" if kind == "integer" else "number"
    wanted = numbers_words(shape, noun)
    one = f"expected a {noun}"
    in_digits = "in digits or as arithmetic, with a decimal point (not a comma) and without a unit"
    text = {"pattern": NUMBER, "patternErrorMessage": f"{one}, {in_digits}"}
    entry = by_type({"string": text}, {"type": kind, "errorMessage": one})
    if not shape:
        # A single number may stand in brackets.
        listed = {**_list(1, entry), "errorMessage": one}
        text = {**text, "pattern": _NUMBER_OR_NOTHING}
        return by_type(
            {"string": text, "array": listed, "null": {}}, {"type": kind, "errorMessage": one}
        )
    length = shape[0]
    exact = _list(length, _nested(shape[1:], entry, wanted))
    if len(shape) == 1:
        as_column = {"type": "array", **_list(length, {"type": "array", **_list(1, entry)})}
        as_row = {"type": "array", **_list(1, {"type": "array", **_list(length, entry)})}
        # A vector may be written as a column or a row as well; a list has the plainest messages.
        exact = {
            "if": {"type": "array", "items": {"type": "array"}, "minItems": 1},
            "then": {"anyOf": [as_column, as_row]},
            "else": {"type": "array", **exact},
        }
    message = f"expected {wanted}, as a list in brackets"
    return by_type({"array": exact}, {"type": "null", "errorMessage": message})


def _nested(shape: tuple[int, ...], entry: Schema, wanted: str) -> Schema:
    if not shape:
        return entry
    inner = _list(shape[0], _nested(shape[1:], entry, wanted))
    return {"type": "array", **inner, "errorMessage": f"expected {wanted}"}


def _list(length: int, entry: Schema) -> Schema:
    return {"minItems": length, "maxItems": length, "items": entry}


def words_schema(words: Iterable[str]) -> list[Any]:
    """Return words for an enum, and what an editor reads those that look like numbers as."""
    listed = list(words)
    found: list[Any] = list(listed)
    for word in listed:
        if word in ("true", "false"):
            found.append(word == "true")
        elif _LIKE_INTEGER.fullmatch(word):
            found.append(int(word))
        elif _LIKE_NUMBER.fullmatch(word):
            found.append(float(word))
    return found
