"""The JSON Schema of submissions to one assignment, for editors. Nothing but the handout goes in.

Each kind of answer brings its own part; see :mod:`checker.answer_kinds.forms.editor`.
"""

from __future__ import annotations

import json

from checker.answer_kinds import kind_of_form
from checker.answer_kinds.forms.editor import Schema, by_type, words_schema
from checker.answer_kinds.forms.form import AnswerForm
from checker.students.handout import Handout, QuestionForm
from checker.students.wording import points_words
from submissions_schema.json_schema import submission_schema
from submissions_schema.submission import PLACEHOLDER_ID

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_for(handout: Handout) -> Schema:
    """Return the JSON Schema of a submission to the handout's assignment."""
    student = submission_schema()["$defs"]["Student"]["properties"]
    name = {
        "description": student["name"]["description"],
        **by_type(
            {"number": {}, "boolean": {}},
            {"type": "string", "maxLength": student["name"]["maxLength"]},
        ),
    }
    schema: Schema = {
        "$schema": DIALECT,
        "title": handout.title or handout.assignment,
        "description": f"A submission to the assignment {handout.assignment}.",
        "type": "object",
        "additionalProperties": False,
        "required": ["assignment", "student", "answers"],
        "properties": {
            "assignment": {
                "description": "The assignment.",
                "enum": words_schema([handout.assignment]),
            },
            "student": {
                "description": "Who hands in: an id, or a mapping with `id` and `name`.",
                "if": {"type": "object"},
                "then": {
                    "type": "object",
                    "required": ["id"],
                    "additionalProperties": False,
                    "properties": {"id": _id(student["id"]), "name": name},
                },
                "else": _id(student["id"]),
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


def _id(rules: Schema) -> Schema:
    """Return what a student's id may be: not the one that the template has."""
    said = f"write your own id in place of `{PLACEHOLDER_ID}`, which is the template's"
    text = {
        "type": "string",
        "maxLength": rules["maxLength"],
        "pattern": rf"^(?!\s*{PLACEHOLDER_ID}\s*$).*\S",
        "patternErrorMessage": said,
    }
    return {"description": rules["description"], **by_type({"number": {}, "boolean": {}}, text)}


def _question(handout: Handout, question: QuestionForm) -> Schema:
    said = [question.title, question.prompt, f"({points_words(question.points)})"]
    mapping: Schema = {
        "properties": {
            answer_id: _answer(handout, form) for answer_id, form in question.answers.items()
        },
        "additionalProperties": False,
    }
    if len(question.answers) == 1:
        # A single answer may stand directly under its question.
        (form,) = question.answers.values()
        otherwise = _answer(handout, form)
    else:
        otherwise = {
            "type": "null",
            "errorMessage": f"expected a mapping of answers: {', '.join(question.answers)}",
        }
    described = "\n\n".join(part for part in said if part)
    return {"description": described, **by_type({"object": mapping}, otherwise)}


def _answer(handout: Handout, form: AnswerForm) -> Schema:
    kind = kind_of_form(form)
    listed = (f"{id}: {text}" for id, text in kind.listed(form).items())
    said = [form.title, form.prompt, *listed]
    words = kind.words(form, handout.names)
    said.append(words[:1].upper() + words[1:])
    described: Schema = {"description": "\n\n".join(part for part in said if part)}
    return described | kind.schema(form)
