"""The JSON Schema of submissions to one assignment, for editors. Nothing but the handout goes in.

The schema means the same under draft 7, which is what editors' YAML support reads, and 2020-12.
Its patterns are regular expressions of ECMA 262 with the flag ``u``.
"""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias

from checker.students.handout import AnswerForm, Handout, QuestionForm
from checker.students.wording import form_words, points_words
from submissions_schema.json_schema import submission_schema
from submissions_schema.submission import PLACEHOLDER_ID

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_CHARACTERS = r"[-+*/^().,0-9A-Za-z_ \t{}\\\u00d7\u00b7\u22c5\u00f7\u2212\u2013\ufe63\uff0d]*"
_NUMBER = r"^(?=.*(?:[0-9]|\bpi\b|\be\b))(?!\s*[-+\u2212]?[0-9]*,[0-9]+\s*$)" + _CHARACTERS + "$"
"""A number or arithmetic as text: no decimal comma, no per cent sign, no words alone."""

_NUMBER_OR_NOTHING = rf"^\s*$|{_NUMBER}"
_LIKE_INTEGER = re.compile(r"[-+]?[0-9]+")
_LIKE_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def schema_for(handout: Handout) -> Schema:
    """Return the JSON Schema of a submission to the handout's assignment."""
    student = submission_schema()["$defs"]["Student"]["properties"]
    id = {key: value for key, value in student["id"].items() if key != "title"}
    id["not"] = {"const": PLACEHOLDER_ID}
    name = {key: value for key, value in student["name"].items() if key not in ("title", "default")}
    schema: Schema = {
        "$schema": DIALECT,
        "title": handout.title or handout.assignment,
        "description": f"A submission to the assignment {handout.assignment}.",
        "type": "object",
        "additionalProperties": False,
        "required": ["assignment", "student", "answers"],
        "properties": {
            "assignment": {"description": "The assignment.", "enum": _words([handout.assignment])},
            "student": {
                "description": "Who hands in: an id, or a mapping with `id` and `name`.",
                "type": ["object", *id["type"]],
                "required": ["id"],
                "additionalProperties": False,
                "properties": {"id": id, "name": name},
                "not": {"const": PLACEHOLDER_ID},
            },
            "answers": {
                "description": "The answers, question by question.",
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    question_id: _question(handout, question)
                    for question_id, question in handout.questions.items()
                },
            },
        },
    }
    return schema


def schema_text(handout: Handout) -> str:
    """Return the schema as JSON."""
    return json.dumps(schema_for(handout), indent=2, ensure_ascii=False) + "\n"


def _question(handout: Handout, question: QuestionForm) -> Schema:
    said = [question.title, question.prompt, f"({points_words(question.points)})"]
    schema: Schema = {
        "description": "\n\n".join(part for part in said if part),
        "properties": {
            answer_id: _answer(handout, form) for answer_id, form in question.answers.items()
        },
        "additionalProperties": False,
    }
    if len(question.answers) == 1:
        # A single answer may stand directly under its question.
        (form,) = question.answers.values()
        return {**schema, "if": {"not": {"type": "object"}}, "then": _answer(handout, form)}
    return {"type": ["object", "null"], **schema}


def _answer(handout: Handout, form: AnswerForm) -> Schema:
    said = [form.title, form.prompt, *(f"{id}: {text}" for id, text in form.options.items())]
    words = form_words(handout, form)
    said.append(words[:1].upper() + words[1:])
    described: Schema = {"description": "\n\n".join(part for part in said if part)}
    match form.kind:
        case "number" | "integer":
            return described | _numbers(form)
        case "choice":
            return described | _choice(form)
        case "formula" | "order":
            return described | {"type": ["string", "number", "null"]}
        case "text" | "notebook":
            return described | {"type": ["string", "number", "boolean", "null"]}


def _numbers(form: AnswerForm) -> Schema:
    kind = "integer" if form.kind == "integer" else "number"
    entry: Schema = {"type": [kind, "string"], "pattern": _NUMBER}
    if not form.shape:
        # A single number may stand in brackets.
        return {
            "type": [kind, "string", "null", "array"],
            "pattern": _NUMBER_OR_NOTHING,
            **_list(1, entry),
        }
    exact = _nested(form.shape, entry)
    del exact["type"]
    if len(form.shape) > 1:
        return {"type": ["array", "null"], **exact}
    length = form.shape[0]
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


def _choice(form: AnswerForm) -> Schema:
    options = _words(form.options)
    return {"anyOf": [{"enum": [*options, None]}, {"type": "array", "items": {"enum": options}}]}


def _words(words: list[str] | dict[str, str]) -> list[Any]:
    """Return words for an enum, and what an editor reads those that look like numbers as."""
    found: list[Any] = list(words)
    for word in words:
        if word in ("true", "false"):
            found.append(word == "true")
        elif _LIKE_INTEGER.fullmatch(word):
            found.append(int(word))
        elif _LIKE_NUMBER.fullmatch(word):
            found.append(float(word))
    return found
