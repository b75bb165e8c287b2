"""What an assignment says to ``checker lint``: which remarks its author knows of, and why."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from submissions_schema.validation import Found, StrictModel, problem_error


def _reason(text: str) -> str:
    if not text.strip():
        raise problem_error(Found("a reason is missing", expected="why it is meant so"))
    return text


class LintSettings(StrictModel):
    """Remarks of ``checker lint`` that are left out."""

    ignore: Annotated[
        dict[str, Annotated[str, AfterValidator(_reason)]],
        Field(
            default_factory=dict,
            description="Id of a remark, or `id/what it is about` -> why it is meant so.",
        ),
    ]
