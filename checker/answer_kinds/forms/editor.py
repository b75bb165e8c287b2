"""Parts of the JSON Schema with which an editor checks an answer.

They mean the same under draft 7, which is what editors' YAML support reads, and 2020-12. Patterns
are regular expressions of ECMA 262 with the flag ``u``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

_CHARACTERS = r"[-+*/^().,0-9A-Za-z_ \t{}\\\u00d7\u00b7\u22c5\u00f7\u2212\u2013\ufe63\uff0d]*"
NUMBER = r"^(?=.*(?:[0-9]|\bpi\b|\be\b))(?!\s*[-+\u2212]?[0-9]*,[0-9]+\s*$)" + _CHARACTERS + "$"
"""A number or arithmetic as text: no decimal comma, no per cent sign, no words alone."""

_NUMBER_OR_NOTHING = rf"^\s*$|{NUMBER}"
_LIKE_INTEGER = re.compile(r"[-+]?[0-9]+")
_LIKE_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def numbers_schema(shape: tuple[int, ...], kind: str) -> Schema:
    """Return the schema of numbers of a shape; ``kind`` is the type of an entry that is no text."""
    entry: Schema = {"type": [kind, "string"], "pattern": NUMBER}
    if not shape:
        # A single number may stand in brackets.
        return {
            "type": [kind, "string", "null", "array"],
            "pattern": _NUMBER_OR_NOTHING,
            **_list(1, entry),
        }
    exact = _nested(shape, entry)
    del exact["type"]
    if len(shape) > 1:
        return {"type": ["array", "null"], **exact}
    length = shape[0]
    as_column = _list(length, {"type": "array", **_list(1, entry)})
    as_row = _list(1, {"type": "array", **_list(length, entry)})
    # A vector may be written as a column or a row as well; a plain list has the plainest messages.
    return {
        "type": ["array", "null"],
        "if": {"type": "array", "items": {"type": "array"}, "minItems": 1},
        "then": {"anyOf": [as_column, as_row]},
        "else": exact,
    }


def _nested(shape: tuple[int, ...], entry: Schema) -> Schema:
    if not shape:
        return entry
    return {"type": "array", **_list(shape[0], _nested(shape[1:], entry))}


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
