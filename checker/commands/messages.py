"""What every command says on standard error, and how it leaves when an input can't be used."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, get_args

import typer

if TYPE_CHECKING:
    from submissions_schema.grading_settings import Hints
    from submissions_schema.problems import InputError

ALL_RIGHT, SOME_WRONG, UNUSABLE, OUR_FAULT, STOPPED = 0, 1, 2, 3, 130
"""The exit codes: a call or an input that can't be used is ``UNUSABLE``."""


AssignmentOption = Annotated[
    str | None,
    typer.Option(
        "--assignment",
        "-a",
        metavar="ID-OR-PATH",
        help="The assignment; left out, the one that the submissions name.",
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE", help="Where to write; left out, standard output."),
]
RevealOption = Annotated[
    bool, typer.Option("--reveal", help="Show the right values in the reports as well.")
]


HintsOption = Annotated[
    str | None,
    typer.Option(
        "--hints",
        metavar="LEVEL",
        help="How much is told before the marks: none, answers, entries or sizes. Left out, as the "
        "assignment says, or checker.toml beside it.",
    ),
]


def hints_level(said: str | None) -> Hints | None:
    """Return the level of hints that was asked for; leave with 2 if there is no such level."""
    if said is None:
        return None
    from submissions_schema.grading_settings import Hints  # noqa: PLC0415

    levels: tuple[Hints, ...] = get_args(Hints)
    level = next((level for level in levels if level == said), None)
    if level is None:
        refuse(f"there is no level of hints `{said}`; expected {', '.join(levels)}")
    return level


def say(message: str) -> None:
    """Put a message on standard error, on one line, whatever a file name or a student has in it.

    A CI job reads standard error for commands too, so no line may be one.
    """
    from checker.reports.clean import one_line  # noqa: PLC0415
    from checker.reports.plain import log_safe  # noqa: PLC0415

    typer.echo(log_safe(f"checker: {one_line(message)}"), err=True)


class Stopped(SystemExit):
    """Somebody stopped the command, and it has said what that means."""


def stopped(meaning: str) -> NoReturn:
    """Say that the command was stopped and what that means, and leave with 130."""
    say(f"stopped; {meaning}")
    raise Stopped(STOPPED)


def say_problems(error: InputError, said_by: str = "--assignment") -> None:
    """Say every problem of an unusable input; ``said_by`` is the argument for an assignment."""
    for problem in error.problems:
        text = str(problem)
        say(text if problem.place.file != "--assignment" else f"{said_by}: {problem.text}")


def refuse(message: str) -> NoReturn:
    """Say why a call can't be used, and leave with 2."""
    say(message)
    raise typer.Exit(UNUSABLE)


@contextmanager
def input_errors(said_by: str = "--assignment") -> Iterator[None]:
    """Say the problems of an unusable input, and leave with 2."""
    from submissions_schema.problems import InputError  # noqa: PLC0415

    try:
        yield
    except InputError as error:
        say_problems(error, said_by)
        raise typer.Exit(UNUSABLE) from None


def show(text: str, *, colour: bool) -> None:
    """Print a report; in a log, so that no line of it is a command to the job's runner."""
    from checker.reports.plain import log_safe  # noqa: PLC0415

    typer.echo(text if colour else log_safe(text))


def terminal() -> tuple[int, bool]:
    """Return the width to write for, and whether colours are welcome."""
    import shutil  # noqa: PLC0415

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return min(shutil.get_terminal_size((100, 24)).columns, 120), colour


def our_fault(what: str, details: str) -> None:
    """Say that something went wrong that no user can mend."""
    where = f" {what}" if what else ""
    say(f"internal error{where}; this is our fault, please report it")
    if os.environ.get("CHECKER_DEBUG"):
        typer.echo(details, err=True)
    else:
        last = details.strip().splitlines()[-1]
        say(f"{last} (CHECKER_DEBUG=1 shows all)")


def write(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file whole or not at all."""
    if out is None:
        typer.echo(text, nl=False)
        return
    from checker.files import put_in_place  # noqa: PLC0415

    if not out.parent.is_dir():
        refuse(f"{out}: can't write the file: there is no such folder")
    with writing(out):
        put_in_place(out, text.encode())


@contextmanager
def writing(out: Path, what: str = "the file") -> Iterator[None]:
    """Say why ``what`` can't be written, and leave with 2."""
    try:
        yield
    except OSError as error:
        refuse_to_write(out, what, error)


def refuse_to_write(out: Path, what: str, error: OSError) -> NoReturn:
    """Say why ``what`` can't be written to ``out``, or to where the error says; leave with 2."""
    from checker.files import ASIDE  # noqa: PLC0415

    where = Path(error.filename or out)
    if where.name.startswith(ASIDE):
        where = where.parent
    in_the_way = isinstance(error, FileExistsError | NotADirectoryError)
    reason = "a file stands where this folder belongs" if in_the_way else error.strerror
    refuse(f"{where}: can't write {what}: {reason}")
