"""JSON Schemas of submissions and assignments, made from the models, for editors and other tools.

``python -m submissions_schema.json_schema`` writes them again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from submissions_schema.assignment_file import AssignmentFile
from submissions_schema.submission import Submission

_FOLDER = Path(__file__).parent
_FILES: dict[str, type[BaseModel]] = {
    "submission.schema.json": Submission,
    "assignment.schema.json": AssignmentFile,
}


class _Generator(GenerateJsonSchema):
    """Describes files as an editor sees them, which reads ``id: 123`` as a number."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """Say that a text may be any scalar, because the reader keeps what was written."""
        return {**super().str_schema(schema), "type": ["string", "number", "boolean"]}


def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(schema_generator=_Generator)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema}


def submission_schema() -> dict[str, Any]:
    """Return the JSON Schema of a submission."""
    return _schema_of(Submission)


def assignment_schema() -> dict[str, Any]:
    """Return the JSON Schema of an assignment file."""
    return _schema_of(AssignmentFile)


def schema_files() -> dict[Path, str]:
    """Return the generated files and what each must hold."""
    return {
        _FOLDER / name: json.dumps(_schema_of(model), indent=2, ensure_ascii=False) + "\n"
        for name, model in _FILES.items()
    }


def main() -> None:
    """Write the generated files."""
    for path, text in schema_files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
