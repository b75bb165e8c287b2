"""``checker ci``: grade in a CI job; ``checker gradescope``: build a Gradescope autograder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.ci.run import BELOW, UNUSABLE, Format
from checker.commands.messages import say, say_problems

if TYPE_CHECKING:
    from checker.ci.run import Graded


def ci(
    path: Annotated[
        Path, typer.Argument(help="A submission, or a folder that has one or several.")
    ] = Path(),
    assignment: Annotated[
        str | None,
        typer.Option(
            "--assignment",
            "-a",
            metavar="ID-OR-PATH",
            help="The assignment; left out, $CHECKER_ASSIGNMENT or the one the submissions name.",
        ),
    ] = None,
    formats: Annotated[
        list[Format] | None,
        typer.Option(
            "--format",
            "-f",
            help="What to write, once for each; left out, what the place reads where this runs.",
        ),
    ] = None,
    fail_under: Annotated[
        float | None,
        typer.Option(
            "--fail-under",
            metavar="PERCENT",
            min=0,
            max=100,
            help="Leave with 1 below this share of the points that are marked.",
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where files are written.")
    ] = Path(),
) -> None:
    """Grade in a CI job, and write what the place reads where it runs.

    Leaves with 2 if a submission is missing or can't be read, with 1 below --fail-under, else 0.
    """
    from checker.ci import run as job  # noqa: PLC0415
    from submissions_schema.problems import InputError  # noqa: PLC0415

    chosen = tuple(dict.fromkeys(formats)) if formats else job.detect(os.environ)
    try:
        found = job.find(path, os.environ)
        if Format.CLASSROOM50 in chosen:
            from datetime import UTC, datetime  # noqa: PLC0415

            job.identity(os.environ, datetime.now(UTC))
        graded = job.grade(found, job.find_assignment_for(found, assignment, os.environ))
    except InputError as error:
        graded = job.refusal(error)
        typer.echo(job.commands(graded.run, chosen), nl=False)
        say_problems(error)
        _write(graded, job.without_points(chosen), out, UNUSABLE)
        raise typer.Exit(UNUSABLE) from None
    code = graded.exit_code(fail_under)
    typer.echo(job.log_text(graded.run))
    typer.echo(job.commands(graded.run, chosen), nl=False)
    _write(graded, chosen, out, code)
    for file_name, failure in graded.failures.items():
        say(f"internal error while grading {file_name}; this is our fault, please report it")
        say(failure.strip().splitlines()[-1])
    if code == BELOW:
        say(f"below {fail_under:g} % of the points that are marked")
    raise typer.Exit(code)


def gradescope(
    assignment: Annotated[
        str, typer.Argument(metavar="ASSIGNMENT", help="A shipped assignment's id, or a file.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The zip to upload.")
    ] = Path("autograder.zip"),
) -> None:
    """Build the zip that makes a Gradescope autograder of an assignment."""
    from checker.ci.run import put_in_place  # noqa: PLC0415
    from checker.lms.gradescope_zip import gradescope_zip  # noqa: PLC0415
    from reference_solutions.assignment import find_assignment, load_assignment  # noqa: PLC0415
    from submissions_schema.problems import InputError  # noqa: PLC0415

    try:
        path = find_assignment(assignment)
        loaded = load_assignment(path)
    except InputError as error:
        say_problems(error, "ASSIGNMENT")
        raise typer.Exit(UNUSABLE) from None
    try:
        put_in_place(out, gradescope_zip(path))
    except OSError as error:
        say(f"{error.filename or out}: can't write the zip: {error.strerror}")
        raise typer.Exit(UNUSABLE) from None
    points = f"{loaded.file.total_points:g}"
    typer.echo(f"{out}: upload it as the autograder of an assignment with {points} points.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(ci)
    app.command()(gradescope)


def _write(graded: Graded, formats: tuple[Format, ...], out: Path, code: int) -> None:
    """Write what the place reads, and say where."""
    from checker.ci import run as job  # noqa: PLC0415
    from checker.reports.clean import one_line  # noqa: PLC0415
    from checker.reports.plain import log_safe  # noqa: PLC0415

    try:
        written = job.write(graded, formats, out, os.environ, exit_code=code)
    except OSError as error:
        say(f"{error.filename or out}: can't write the results: {error.strerror}")
        raise typer.Exit(UNUSABLE) from None
    for file in dict.fromkeys(_shown(file) for file in written):
        typer.echo(log_safe(one_line(f"Wrote {file}")))


def _shown(file: Path) -> Path:
    """Return what is said to be written: the folder of Artemis' many small files."""
    return file.parent if file.parent.name == "customFeedbacks" else file
