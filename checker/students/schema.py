"""The JSON Schema of submissions to one assignment, for editors. Nothing but the handout goes in.

Each kind of answer brings its own part; see :mod:`checker.answer_kinds.forms.editor`.
"""

from __future__ import annotations

import json

from checker.answer_kinds import kind_of_form
from checker.answer_kinds.forms.editor import Schema, words_schema
from checker.answer_kinds.forms.form import AnswerForm
from checker.students.handout import Handout, QuestionForm
from checker.students.wording import points_words
from submissions_schema.json_schema import submission_schema
from submissions_schema.submission import PLACEHOLDER_ID

DIALECT = "https://json-schema.org/draft/2020-12/schema"


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
            "assignment": {
                "description": "The assignment.",
                "enum": words_schema([handout.assignment]),
            },
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
    kind = kind_of_form(form)
    listed = (f"{id}: {text}" for id, text in kind.listed(form).items())
    said = [form.title, form.prompt, *listed]
    words = kind.words(form, handout.names)
    said.append(words[:1].upper() + words[1:])
    described: Schema = {"description": "\n\n".join(part for part in said if part)}
    return described | kind.schema(form)
