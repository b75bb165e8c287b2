"""``checker ci``: grade in a CI job; ``checker gradescope``: build a Gradescope autograder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.ci import formats as known
from checker.commands.messages import (
    HintsOption,
    hints_level,
    input_errors,
    refuse,
    refuse_to_write,
    say,
    say_problems,
    writing,
)

if TYPE_CHECKING:
    from datetime import datetime

    from checker.ci.run import Graded
    from checker.defaults import Defaults


def _completed(incomplete: str) -> list[str]:
    return [name for name in known.names() if name.startswith(incomplete)]


def ci(  # noqa: PLR0913, PLR0917 - one argument for each option
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
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            autocompletion=_completed,
            help=f"What to write, once for each: {', '.join(known.names())}. Left out, as "
            "checker.toml says, or what the place reads where this runs.",
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
    hints: HintsOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Where files are written; left out, here, or where checker.toml says what it asks "
            "for.",
        ),
    ] = None,
) -> None:
    """Grade in a CI job, and write what the place reads where it runs.

    Leaves with 2 if a submission is missing or can't be read, with 1 below --fail-under, else 0.
    (For Classroom 50 with 0 in all these cases, once its result is written.)
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from checker.ci import finding  # noqa: PLC0415
    from checker.ci import run as job  # noqa: PLC0415
    from checker.ci.format import BELOW  # noqa: PLC0415
    from checker.ci.platforms import detect  # noqa: PLC0415
    from checker.defaults import defaults_beside  # noqa: PLC0415
    from submissions_schema.problems import InputError  # noqa: PLC0415

    for name in formats or ():
        if name not in known.names():
            refuse(f"there is no format `{name}`; expected {', '.join(known.names())}")
    level = hints_level(hints)
    now = datetime.now(UTC)
    chosen, target = tuple(formats or detect(os.environ)), out or Path()
    try:
        found = finding.find(path, os.environ)
        _refuse_lacking(chosen, now)
        sheet = finding.find_assignment_for(found, assignment, os.environ)
        said = defaults_beside(sheet)
        if not formats and said.formats:
            chosen = _known_formats(said)
            _refuse_lacking(chosen, now)
        if formats or said.formats:  # What a place reads by itself, it reads where it looks.
            target = out or said.out or Path()
        graded = job.grade(found, sheet, level)
    except InputError as error:
        say_problems(error)
        raise typer.Exit(_tell(job.refusal(error), chosen, target, fail_under, now)) from None
    typer.echo(job.log_text(graded.run))
    code = _tell(graded, chosen, target, fail_under, now)
    for file_name, failure in graded.failures.items():
        say(f"internal error while grading {file_name}; this is our fault, please report it")
        say(failure.strip().splitlines()[-1])
    if graded.exit_code(fail_under) == BELOW:
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
    from checker.files import put_in_place  # noqa: PLC0415
    from checker.lms.gradescope_zip import gradescope_zip  # noqa: PLC0415
    from reference_solutions.assignment import load_assignment  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment  # noqa: PLC0415

    with input_errors("ASSIGNMENT"):
        path = find_assignment(assignment)
        loaded = load_assignment(path)
    with writing(out, "the zip"):
        put_in_place(out, gradescope_zip(path))
    points = f"{loaded.file.total_points:g}"
    typer.echo(f"{out}: upload it as the autograder of an assignment with {points} points.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(ci)
    app.command()(gradescope)


def _refuse_lacking(chosen: tuple[str, ...], now: datetime) -> None:
    """Raise :class:`InputError` if the environment lacks what a format needs."""
    for each in known.load(chosen).values():
        each.demands(os.environ, now)


def _known_formats(said: Defaults) -> tuple[str, ...]:
    """Return the formats that the defaults ask for. Raises :class:`InputError`."""
    from submissions_schema.problems import InputError, Problem  # noqa: PLC0415
    from submissions_schema.validation import did_you_mean  # noqa: PLC0415

    names = known.names()
    unknown = [
        Problem(f"there is no format `{name}`{did_you_mean(name, names)}", place, ", ".join(names))
        for name, place in said.formats
        if name not in names
    ]
    if unknown:
        raise InputError(unknown)
    return tuple(name for name, _ in said.formats)


def _tell(
    graded: Graded,
    chosen: tuple[str, ...],
    out: Path,
    fail_under: float | None,
    now: datetime,
) -> int:
    """Write what the place reads, say where, and return how to leave."""
    from checker.ci import run as job  # noqa: PLC0415
    from checker.ci.format import OUR_FAULT, Job  # noqa: PLC0415
    from checker.reports.clean import one_line  # noqa: PLC0415
    from checker.reports.plain import log_safe  # noqa: PLC0415

    code = graded.exit_code(fail_under)
    made = list(job.fitting(chosen, graded).values())
    shown = any(each.shows_report for each in made)
    told = Job(graded.run, code, os.environ, now, fail_under, shown)
    for each in made:
        typer.echo(each.lines(told), nl=False)
    try:
        written = job.write(made, told, out)
    except OSError as error:
        refuse_to_write(out, "the results", error)
    except job.NotWrittenError as error:
        say(f"{error}: was written, but isn't there whole")
        return OUR_FAULT
    for file in dict.fromkeys(_shown(file) for file in written):
        typer.echo(log_safe(one_line(f"Wrote {file}")))
    return min((each.exit_code(code) for each in made), default=code)


def _shown(file: Path) -> Path:
    """Return what is said to be written: the folder of Artemis' many small files."""
    return file.parent if file.parent.name == "customFeedbacks" else file
