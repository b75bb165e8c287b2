"""Commands that write what students are handed: ``checker sheet`` and ``checker form``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.messages import refuse, write
from checker.commands.students import AssignmentArgument, OutOption, form_of_assignment

if TYPE_CHECKING:
    from checker.handing_out.problem_sheet import ProblemSheet


class SheetFormat(StrEnum):
    """The formats of a problem sheet."""

    HTML = "html"
    LATEX = "latex"


class PaperSize(StrEnum):
    """The sizes of paper."""

    A4 = "a4"
    LETTER = "letter"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (sheet, form):
        app.command()(command)


def sheet(
    assignment: AssignmentArgument,
    out: OutOption = None,
    as_format: Annotated[
        SheetFormat | None,
        typer.Option(
            "--format", help="Left out, by the ending of --out: LaTeX for .tex, else HTML."
        ),
    ] = None,
    paper: Annotated[PaperSize, typer.Option(help="The paper of a LaTeX sheet.")] = PaperSize.A4,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A step whose formula is left out, once for each."),
    ] = None,
) -> None:
    """Write the problem sheet: given data, the model, the questions; nothing of the key."""
    from checker.handing_out.problem_sheet import problem_sheet  # noqa: PLC0415

    _, key = form_of_assignment(assignment, out)
    if key is None:
        refuse(f"{assignment}: a handout has no formulas; a sheet is made of the assignment")
    steps = {step.partition("[")[0] for step in key.file.steps}
    for name in without or ():
        if name not in steps:
            refuse(f"--without: there is no step `{name}`")
    page = problem_sheet(key, without=without or ())
    write(_written(page, as_format or _format_of(out), paper), out)


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


def _format_of(out: Path | None) -> SheetFormat:
    is_tex = out is not None and out.suffix.lower() == ".tex"
    return SheetFormat.LATEX if is_tex else SheetFormat.HTML


def _written(sheet: ProblemSheet, as_format: SheetFormat, paper: PaperSize) -> str:
    if as_format is SheetFormat.LATEX:
        from checker.handing_out.sheet_latex import sheet_latex  # noqa: PLC0415

        return sheet_latex(sheet, paper.value)
    from checker.handing_out.sheet_html import sheet_html  # noqa: PLC0415

    return sheet_html(sheet)
