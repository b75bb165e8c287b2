"""Commands that write what students are handed: ``checker sheet`` and ``checker form``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.messages import OutOption, input_errors, refuse, write, writing
from checker.commands.students import AssignmentArgument, form_of_assignment

if TYPE_CHECKING:
    from checker.handing_out.problem_sheet import ProblemSheet
    from reference_solutions.assignment import Assignment


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


_Student = Annotated[
    str | None, typer.Option("--student", metavar="ID", help="Whose it is, with their own numbers.")
]


def sheet(  # noqa: PLR0913, PLR0917 - one parameter for each option
    assignment: AssignmentArgument,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="PATH", help="A file, or with --students a folder to write to."
        ),
    ] = None,
    as_format: Annotated[
        SheetFormat | None,
        typer.Option("--format", help="Left out, by the ending of --out: LaTeX for .tex."),
    ] = None,
    paper: Annotated[PaperSize, typer.Option(help="The paper of a LaTeX sheet.")] = PaperSize.A4,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A step whose formula is left out, once for each."),
    ] = None,
    student: _Student = None,
    students: Annotated[
        Path | None,
        typer.Option(
            metavar="LIST.csv",
            help="Write a sheet and a form for each student of a list, into the folder --out.",
        ),
    ] = None,
) -> None:
    """Write the problem sheet: given data, the model, the questions; nothing of the key."""
    from reference_solutions.definition_text import key_parts  # noqa: PLC0415

    key = _assignment(assignment, None if students else out)
    steps = {key_parts(step)[0] for step in key.file.steps}
    for name in without or ():
        if name not in steps:
            refuse(f"--without: there is no step `{name}`")
    chosen = as_format or _format_of(out)
    if students is None:
        own = _own(assignment, key, student, "sheet")
        write(_sheet(own, student, without, chosen, paper), out)
        return
    if out is None or student is not None:
        refuse("--students needs --out, a folder to write to, and no --student")
    for id in _listed(students):
        own = _own(assignment, key, id, "sheet")
        ending = "tex" if chosen is SheetFormat.LATEX else "html"
        stem = _stem(id)
        _put(out / f"{stem}.sheet.{ending}", _sheet(own, id, without, chosen, paper))
        _put(out / f"{stem}.form.html", _form(own, id))


def form(
    assignment: AssignmentArgument,
    out: OutOption = None,
    student: _Student = None,
) -> None:
    """Write a form to answer in, for a browser: one HTML file, and nothing of the key."""
    from checker.handing_out.form_page import form_html  # noqa: PLC0415

    handout, _ = form_of_assignment(assignment, out)
    write(form_html(handout, student=student or ""), out)


def _assignment(assignment: str, out: Path | None) -> Assignment:
    _, key = form_of_assignment(assignment, out)
    if key is None:
        refuse(f"{assignment}: a handout has no formulas; a sheet is made of the assignment")
    return key


def _own(assignment: str, key: Assignment, student: str | None, what: str) -> Assignment:
    """Return the assignment with a student's own numbers, if it draws any."""
    from reference_solutions.seeds import read_seed  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment  # noqa: PLC0415

    if key.draws is None:
        return key
    if student is None:
        refuse(f"each student has a {what} of their own: say --students LIST.csv or --student ID")
    with input_errors("ASSIGNMENT"):
        seed = read_seed(key.file.seed, find_assignment(assignment))
        return key.of_student(student, seed)
    raise AssertionError  # pragma: no cover - the context manager leaves


def _listed(path: Path) -> list[str]:
    from checker.handing_out.students import read_students  # noqa: PLC0415

    with input_errors("--students"):
        return read_students(path)
    raise AssertionError  # pragma: no cover - the context manager leaves


def _stem(student: str) -> str:
    from submissions_schema.submission import safe_file_stem  # noqa: PLC0415

    return safe_file_stem(student)


def _put(path: Path, text: str) -> None:
    from checker.files import put_in_place  # noqa: PLC0415

    with writing(path):
        put_in_place(path, text.encode())


def _form(own: Assignment, student: str) -> str:
    from checker.handing_out.form_page import form_html  # noqa: PLC0415
    from checker.students.handout import make_handout  # noqa: PLC0415

    return form_html(make_handout(own), student=student)


def _sheet(
    own: Assignment,
    student: str | None,
    without: list[str] | None,
    as_format: SheetFormat,
    paper: PaperSize,
) -> str:
    from checker.handing_out.problem_sheet import problem_sheet  # noqa: PLC0415

    return _written(
        problem_sheet(own, student=student or "", without=without or ()), as_format, paper
    )


def _format_of(out: Path | None) -> SheetFormat:
    is_tex = out is not None and out.suffix.lower() == ".tex"
    return SheetFormat.LATEX if is_tex else SheetFormat.HTML


def _written(sheet: ProblemSheet, as_format: SheetFormat, paper: PaperSize) -> str:
    if as_format is SheetFormat.LATEX:
        from checker.handing_out.sheet_latex import sheet_latex  # noqa: PLC0415

        return sheet_latex(sheet, paper.value)
    from checker.handing_out.sheet_html import sheet_html  # noqa: PLC0415

    return sheet_html(sheet)
