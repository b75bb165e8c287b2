"""Commands for the author of an assignment: ``checker key``."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.messages import input_errors, refuse, write

if TYPE_CHECKING:
    from reference_solutions.assignment import Assignment

AssignmentArgument = Annotated[
    str, typer.Argument(metavar="ASSIGNMENT", help="The id of a shipped assignment, or a path.")
]


class KeyFormat(StrEnum):
    """What a worked solution is written as."""

    text = "text"
    html = "html"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(key)


def key(
    assignment: AssignmentArgument,
    format: Annotated[  # noqa: A002 - the option's name
        KeyFormat | None,
        typer.Option("--format", help="Left out, what the file's name says; else text."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Where to write; left out, standard output."
        ),
    ] = None,
    digits: Annotated[
        int, typer.Option(min=1, max=17, help="Significant digits, as text and as HTML.")
    ] = 6,
) -> None:
    """Work an assignment out: every quantity, step, gradient and right answer. For the teacher."""
    from checker.authoring.key.data import solution_json  # noqa: PLC0415
    from checker.authoring.key.solution import solution  # noqa: PLC0415
    from checker.authoring.key.text import solution_text  # noqa: PLC0415

    if out is None and _in_a_job():
        refuse("the key is not printed into the log of a CI job, where students may read it; --out")
    found = solution(_assignment(assignment))
    chosen = format or _format_of(out)
    if chosen is KeyFormat.html:
        from checker.authoring.key.page import solution_html  # noqa: PLC0415

        text = solution_html(found, digits)
    elif chosen is KeyFormat.json:
        text = solution_json(found)
    else:
        text = solution_text(found, digits)
    write(text, out)


# --- helpers ----------------------------------------------------------------------------------


def _in_a_job() -> bool:
    """Whether this runs in a job whose log others may read."""
    from checker.ci.platforms import PLATFORMS  # noqa: PLC0415

    return any(place.is_here(os.environ) for place in PLATFORMS)


def _assignment(id_or_path: str) -> Assignment:
    from reference_solutions.assignment import find_assignment, load_assignment  # noqa: PLC0415

    with input_errors("ASSIGNMENT"):
        return load_assignment(find_assignment(id_or_path))
    raise AssertionError  # pragma: no cover - the context manager leaves


def _format_of(out: Path | None) -> KeyFormat:
    suffix = "" if out is None else out.suffix.lower()
    return {".html": KeyFormat.html, ".htm": KeyFormat.html, ".json": KeyFormat.json}.get(
        suffix, KeyFormat.text
    )
