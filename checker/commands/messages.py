"""What every command says on standard error, and how it leaves when an input can't be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from submissions_schema.problems import InputError

UNUSABLE = 2
"""The exit code of a call or an input that can't be used."""


def say(message: str) -> None:
    """Put a message on standard error, on one line, whatever a file name or a student has in it.

    A CI job reads standard error for commands too, so no line may be one.
    """
    from checker.reports.clean import one_line  # noqa: PLC0415
    from checker.reports.plain import log_safe  # noqa: PLC0415

    typer.echo(log_safe(f"checker: {one_line(message)}"), err=True)


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
