"""Commands that write what students are handed: ``checker form``."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.commands.messages import write
from checker.commands.students import AssignmentArgument, OutOption, form_of_assignment


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(form)


def form(
    assignment: AssignmentArgument,
    out: OutOption = None,
    student: Annotated[
        str, typer.Option(metavar="ID", help="Whose form it is; left out, to be filled in.")
    ] = "",
) -> None:
    """Write a form to answer in, for a browser: one HTML file, and nothing of the key."""
    from checker.handing_out.form_page import form_html  # noqa: PLC0415

    handout, _ = form_of_assignment(assignment, out)
    write(form_html(handout, student=student), out)
