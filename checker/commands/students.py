"""Commands for students: ``checker template``, ``schema``, ``handout`` and ``validate``.

None of them needs the key but where an assignment is named: each takes a handout in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.messages import UNUSABLE, OutOption, input_errors, refuse, write

if TYPE_CHECKING:
    from checker.students.handout import Handout
    from checker.students.validation import Form, Validation
    from reference_solutions.assignment import Assignment
    from submissions_schema.yaml_reader import Document

AssignmentArgument = Annotated[
    str,
    typer.Argument(
        metavar="ASSIGNMENT", help="The id of a shipped assignment, a path, or a handout's path."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (template, schema, handout, validate):
        app.command()(command)


def template(
    assignment: AssignmentArgument,
    out: OutOption = None,
    schema: Annotated[
        str | None,
        typer.Option(
            metavar="PATH-OR-URL",
            help="Where an editor finds the JSON Schema, from the submission; left out, beside it.",
        ),
    ] = None,
    student: Annotated[
        str | None, typer.Option(metavar="ID", help="The student's id; left out, to be filled in.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there already.")
    ] = False,
) -> None:
    """Write a submission to fill in: every question and answer, and nothing of the key."""
    from checker.students.template import template_text  # noqa: PLC0415
    from submissions_schema.submission import PLACEHOLDER_ID  # noqa: PLC0415

    form, _ = form_of_assignment(assignment)
    if out is not None and out.exists() and not force:
        refuse(f"{out}: there is a file already, perhaps with answers; --force writes over it")
    write(template_text(form, schema=schema, student=student or PLACEHOLDER_ID), out)


def schema(assignment: AssignmentArgument, out: OutOption = None) -> None:
    """Write the JSON Schema of a submission, with which an editor completes and checks it."""
    from checker.students.schema import schema_text  # noqa: PLC0415

    form, _ = form_of_assignment(assignment, out)
    write(schema_text(form), out)


def handout(
    assignment: AssignmentArgument,
    with_given: Annotated[
        bool, typer.Option("--with-given", help="Put the given data in as well.")
    ] = False,
    out: OutOption = None,
) -> None:
    """Write an assignment without its key: what is asked, in which form, for how many points."""
    from checker.students.handout import handout_text, make_handout  # noqa: PLC0415

    form, key = form_of_assignment(assignment, out)
    if with_given and key is not None:
        form = make_handout(key, with_given=True)
    elif with_given and not form.given:
        refuse(f"{assignment}: this is a handout without given data; they stand in the assignment")
    write(handout_text(form), out)


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Submissions.")],
    assignment: Annotated[
        str | None,
        typer.Option(
            "--assignment",
            "-a",
            metavar="ID-OR-PATH",
            help="The assignment or its handout; left out, the one that each file names: "
            "ID.handout.yaml beside it or here, or a shipped one.",
        ),
    ] = None,
    skip_others: Annotated[
        bool, typer.Option("--skip-others", help="Pass over YAML files that are no submissions.")
    ] = False,
) -> None:
    """Check the form of submissions, without grading them. Exit code 0: fine, 2: problems."""
    from checker.students.validation import (  # noqa: PLC0415
        looks_like_a_submission,
        unusable,
        validate_bytes,
    )
    from submissions_schema.problems import InputError  # noqa: PLC0415
    from submissions_schema.yaml_reader import read_bytes  # noqa: PLC0415

    forms = _Forms(assignment)
    errors = 0
    for file in files:
        try:
            data = read_bytes(file)
        except InputError as error:
            result = unusable(str(file), error)
        else:
            if skip_others and not looks_like_a_submission(data, str(file)):
                continue
            result = validate_bytes(data, str(file), lambda d, file=file: forms.of(d, file))  # type: ignore[misc]
        _print(result)
        errors += result.errors
    raise typer.Exit(UNUSABLE if errors else 0)


# --- helpers ----------------------------------------------------------------------------------


class _Forms:
    """The forms of assignments, each made once."""

    def __init__(self, assignment: str | None) -> None:
        self._known: dict[Path, Form] = {}
        self._chosen = (
            self._load(_path(assignment, "--assignment")) if assignment is not None else None
        )

    def of(self, document: Document, file: Path) -> Form:
        """Return what a submission is compared with. Raises :class:`InputError`."""
        from checker.students.validation import handout_beside, said_assignment  # noqa: PLC0415
        from reference_solutions.shipped import shipped_assignments  # noqa: PLC0415
        from submissions_schema.problems import InputError, Problem  # noqa: PLC0415
        from submissions_schema.validation import did_you_mean  # noqa: PLC0415

        if self._chosen is not None:
            return self._chosen
        id = said_assignment(document)
        shipped = shipped_assignments()
        path = handout_beside(id, [file.parent, Path()]) or shipped.get(id)
        if path is None:
            message = f"there is no assignment `{id}`{did_you_mean(id, shipped)}"
            expected = f"a handout, with --assignment or as {id}.handout.yaml"
            raise InputError([Problem(message, document.place(("assignment",)), expected)])
        return self._load(path)

    def _load(self, path: Path) -> Form:
        from checker.students.handout import load_form  # noqa: PLC0415
        from checker.students.validation import Form  # noqa: PLC0415

        if path not in self._known:
            with input_errors():
                self._known[path] = Form(*load_form(path))
        return self._known[path]


def _path(assignment: str, said_by: str) -> Path:
    """Return the file of an assignment; ``said_by`` is the argument that names it."""
    from reference_solutions.shipped import find_assignment, shipped_assignments  # noqa: PLC0415

    # A file in a student's folder that is named like a shipped assignment is not it.
    if assignment in (shipped := shipped_assignments()):
        return shipped[assignment]
    with input_errors(said_by):
        return find_assignment(assignment)
    raise AssertionError  # pragma: no cover - the context manager leaves


def form_of_assignment(
    assignment: str, out: Path | None = None
) -> tuple[Handout, Assignment | None]:
    """Return the handout of an assignment and, if it isn't one itself, the assignment."""
    from checker.students.handout import load_form  # noqa: PLC0415

    path = _path(assignment, "ASSIGNMENT")
    if out is not None and out.exists() and path.exists() and out.samefile(path):
        refuse(f"{out}: this is the assignment itself, which would be lost")
    with input_errors():
        return load_form(path)
    raise AssertionError  # pragma: no cover - the context manager leaves


def _print(result: Validation) -> None:
    from checker.reports.clean import one_line  # noqa: PLC0415

    for finding in result.findings:
        typer.echo(one_line(str(finding)))
    typer.echo(one_line(result.summary))
