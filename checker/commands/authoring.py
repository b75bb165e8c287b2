"""Commands for the author of an assignment: ``checker new``, ``lint`` and ``key``."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.messages import ALL_RIGHT, SOME_WRONG, OutOption, input_errors, refuse, write

if TYPE_CHECKING:
    from reference_solutions.assignment import Assignment
    from submissions_schema.assignment_file import LoadedAssignmentFile

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
    for command in (new, lint, key):
        app.command()(command)


def new(  # noqa: PLR0913, PLR0917 - one argument for each option
    model: Annotated[
        str | None,
        typer.Argument(metavar="[MODEL]", help="What to begin with; left out, all are listed."),
    ] = None,
    out: OutOption = None,
    id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="The sheet's id; left out, the file's name."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The sheet's title.")] = None,
    example: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write a submission with the right answers."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that are there already.")
    ] = False,
) -> None:
    """Begin a sheet from a model, with comments that teach how sheets are written."""
    from checker.authoring.starting import example_text, model_text, models  # noqa: PLC0415
    from submissions_schema.validation import did_you_mean  # noqa: PLC0415

    known = models()
    if model is None:
        for name, said in known.items():
            typer.echo(f"{name:<12} {said}")
        return
    if model not in known:
        names = ", ".join(known)
        refuse(f"there is no model `{model}`{did_you_mean(model, known)} (there are {names})")
    name = id or (out.stem if out is not None else model)
    if not _is_id(name):
        refuse(f"`{name}` can't be an assignment's id: lower-case letters, digits, `.`, `_`, `-`")
    for path in (out, example):
        if path is not None and path.exists() and not force:
            refuse(f"{path}: there is a file already; --force writes over it")
    if example is not None:
        example.parent.mkdir(parents=True, exist_ok=True)
        write(example_text(model, name, example.stem), example)
    write(model_text(model, name, title), out)


def key(
    assignment: AssignmentArgument,
    format: Annotated[  # noqa: A002 - the option's name
        KeyFormat | None,
        typer.Option("--format", help="Left out, what the file's name says; else text."),
    ] = None,
    out: OutOption = None,
    digits: Annotated[
        int, typer.Option(min=1, max=17, help="Significant digits, as text and as HTML.")
    ] = 6,
    student: Annotated[
        str | None,
        typer.Option(metavar="ID", help="With whose numbers, where students have their own."),
    ] = None,
) -> None:
    """Work an assignment out: every quantity, step, gradient and right answer. For the teacher."""
    from checker.authoring.key.data import solution_json  # noqa: PLC0415
    from checker.authoring.key.solution import solution  # noqa: PLC0415
    from checker.authoring.key.text import solution_text  # noqa: PLC0415
    from reference_solutions.seeds import read_seed  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment  # noqa: PLC0415

    if out is None and _in_a_job():
        refuse("the key is not printed into the log of a CI job, where students may read it; --out")
    with input_errors("ASSIGNMENT"):
        sheet = _loaded(assignment)[1]
        if student is not None:
            if sheet.draws is None:
                refuse(f"{assignment}: all students have the same numbers; leave --student out")
            seed = read_seed(sheet.file.seed, find_assignment(assignment))
            sheet = sheet.of_student(student, seed)
        found = solution(sheet, student or "")
    chosen = format or _format_of(out)
    if chosen is KeyFormat.html:
        from checker.authoring.key.page import solution_html  # noqa: PLC0415

        text = solution_html(found, digits)
    elif chosen is KeyFormat.json:
        text = solution_json(found)
    else:
        text = solution_text(found, digits)
    write(text, out)


class LintFormat(StrEnum):
    """What remarks are written as."""

    text = "text"
    json = "json"


def lint(
    assignments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ASSIGNMENT...", help="Ids of shipped assignments, or paths."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A check, or `check/what-about`, to leave out."),
    ] = None,
    fix_numbers: Annotated[
        bool,
        typer.Option(
            "--fix-numbers", help="Propose given numbers that make more mistakes visible."
        ),
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        LintFormat, typer.Option("--format", help="How the remarks are written.")
    ] = LintFormat.text,
    checks: Annotated[bool, typer.Option("--checks", help="List all checks instead.")] = False,
) -> None:
    """Say what is weak about an assignment. Exit code 0: nothing, 1: remarks, 2: unusable."""
    from checker.authoring.lint import text  # noqa: PLC0415
    from checker.authoring.lint.better_numbers import better_numbers  # noqa: PLC0415
    from checker.authoring.lint.data import lint_json  # noqa: PLC0415
    from checker.authoring.lint.run import lint as run  # noqa: PLC0415
    from checker.authoring.lint.run import unknown_check  # noqa: PLC0415
    from checker.authoring.lint.sheet import LintedSheet  # noqa: PLC0415

    if checks:
        typer.echo(text.checks_text(), nl=False)
        return
    if not assignments:
        refuse("which assignment? `checker lint ASSIGNMENT`")
    for id in ignore or ():
        if message := unknown_check(id):
            refuse(f"--ignore: {message} (`checker lint --checks` lists all)")
    reports = []
    for assignment in assignments:
        with input_errors("ASSIGNMENT"):
            sheet = LintedSheet(*_loaded(assignment))
            report = run(sheet, ignore or ())
            reports.append((report, better_numbers(sheet) if fix_numbers else None))
        if format is LintFormat.text:
            typer.echo(text.lint_text(report), nl=False)
            if fix_numbers:
                typer.echo(text.proposal_text(reports[-1][1]), nl=False)
    if format is LintFormat.json:
        typer.echo(lint_json(reports), nl=False)
    raise typer.Exit(SOME_WRONG if any(report.findings for report, _ in reports) else ALL_RIGHT)


# --- helpers ----------------------------------------------------------------------------------


def _is_id(name: str) -> bool:
    """Whether a name can be an assignment's id."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from submissions_schema.quantities import Slug  # noqa: PLC0415

    try:
        TypeAdapter(Slug).validate_python(name)
    except ValidationError:
        return False
    return True


def _in_a_job() -> bool:
    """Whether this runs in a job whose log others may read."""
    from checker.ci.platforms import PLATFORMS  # noqa: PLC0415

    return any(place.is_here(os.environ) for place in PLATFORMS)


def _loaded(id_or_path: str) -> tuple[LoadedAssignmentFile, Assignment]:
    """Return an assignment and the file it was read from. Raises :class:`InputError`."""
    from reference_solutions.assignment import build_assignment  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment  # noqa: PLC0415
    from submissions_schema.assignment_file import load_assignment_file  # noqa: PLC0415

    loaded = load_assignment_file(find_assignment(id_or_path))
    return loaded, build_assignment(loaded)


def _format_of(out: Path | None) -> KeyFormat:
    suffix = "" if out is None else out.suffix.lower()
    return {".html": KeyFormat.html, ".htm": KeyFormat.html, ".json": KeyFormat.json}.get(
        suffix, KeyFormat.text
    )
