"""Commands to look things up: ``checker functions`` and ``checker explain``."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from checker.commands.messages import input_errors, refuse


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (functions, explain):
        app.command()(command)


def functions(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A function, how some begin, or words; left out, all are listed by subject.",
        ),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Write the whole reference as Markdown.")
    ] = False,
) -> None:
    """Say what the functions of the formula language compute."""
    from checker.functions import (  # noqa: PLC0415
        find,
        listing,
        names,
        page_text,
        pages,
        reference,
    )

    if markdown:
        typer.echo(reference(pages() if name is None else find(name)), nl=False)
        return
    found = pages() if name is None else find(name)
    if not found:
        close = get_close_matches(str(name), names(), n=3)
        refuse(f"there is no function `{name}`{_meant(close)} (`checker functions` lists all)")
    typer.echo(page_text(found[0]) if len(found) == 1 else listing(found))


def explain(
    mistake: Annotated[
        str | None,
        typer.Argument(
            help="A mistake's id, as reports name it, how some begin, words, or an operation; "
            "left out, all mistakes are listed."
        ),
    ] = None,
    assignment: Annotated[
        str | None,
        typer.Option(
            "--assignment",
            "-a",
            metavar="ID-OR-PATH",
            help="Explain the mistakes that an assignment declares as well.",
        ),
    ] = None,
) -> None:
    """Say what a mistake is, how it comes about, and what it looks like."""
    from checker.explanations import (  # noqa: PLC0415
        explanation,
        known_mistakes,
        known_of_sheet,
        of_sheet,
    )
    from checker.functions import named, page_text  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment  # noqa: PLC0415
    from submissions_schema.assignment_file import load_assignment_file  # noqa: PLC0415

    with input_errors():
        own = load_assignment_file(find_assignment(assignment)).file.mistakes if assignment else {}
    lines = [*known_of_sheet(own), *known_mistakes()]
    if mistake is None:
        found = lines
    else:
        page = None if any(_id(line) == mistake for line in lines) else named(mistake)
        if page is not None:
            typer.echo(page_text(page))
            return
        found = _found(mistake, lines)
    if mistake is None or len(found) > 1:
        typer.echo("\n".join(found))
        return
    if not found:
        close = get_close_matches(mistake, [_id(line) for line in lines], n=3)
        refuse(f"there is no mistake `{mistake}`{_meant(close)} (`checker explain` lists all)")
    id = _id(found[0])
    typer.echo(of_sheet(id, own[id]) if id in own else explanation(id))


def _found(wanted: str, lines: list[str]) -> list[str]:
    """Return the line of an id, of all that begin so, or of all that hold the words."""
    same = [line for line in lines if _id(line) == wanted]
    begun = [line for line in lines if _id(line).startswith(wanted)]
    words = wanted.casefold().split()
    holding = [line for line in lines if words and all(w in line.casefold() for w in words)]
    return same or begun or holding


def _id(line: str) -> str:
    return line.split(maxsplit=1)[0]


def _meant(close: list[str]) -> str:
    return f"; did you mean {' or '.join(f'`{name}`' for name in close)}?" if close else ""
