"""The command line: ``checker grade``, ``check``, ``explain`` and ``assignments``.

Results go to standard output, messages to standard error. Exit codes: 0 all right, 1 some answers
wrong, 2 the input or the call can't be used, 3 our own fault. Everything heavy is imported by the
command that needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands import ci as _ci
from checker.commands import students as _students
from checker.commands.command import did_nothing, finish
from checker.commands.messages import UNUSABLE, input_errors, refuse, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.report import RunReport

ALL_RIGHT, SOME_WRONG, OUR_FAULT = 0, 1, 3
NOTES = 20
"""So many notes on who handed in what are said; the overview has them all."""

app = typer.Typer(
    name="checker",
    help="Grade written deep-learning homework, and say why each wrong number is wrong.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AssignmentOption = Annotated[
    str | None,
    typer.Option(
        "--assignment",
        "-a",
        metavar="ID-OR-PATH",
        help="The assignment; left out, the one that the submissions name.",
    ),
]
RevealOption = Annotated[
    bool, typer.Option("--reveal", help="Show the right values in the reports as well.")
]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"homework-checker {version('homework-checker')}")
        raise typer.Exit


@app.callback()
def _everywhere(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Grade written deep-learning homework, and say why each wrong number is wrong."""


@app.command()
def grade(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Annotated[
        Path,
        typer.Argument(
            help="Every *.yaml and *.yml below it is a submission; a zip archive will do as well."
        ),
    ],
    assignment: AssignmentOption = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where the reports are written.")
    ] = Path("report"),
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=0, help="Processes to grade with; 0 for as many as help."),
    ] = 0,
    reveal: RevealOption = False,
    marks: Annotated[
        Path | None,
        typer.Option("--marks", metavar="FILE", help="Marks by a person: a filled ungraded.yaml."),
    ] = None,
    gradebook: Annotated[
        Path | None,
        typer.Option(
            "--gradebook",
            metavar="FILE",
            help="A gradebook (of Canvas, Moodle's worksheet, any CSV) to fill in a copy of.",
        ),
    ] = None,
    gradebook_out: Annotated[
        Path | None,
        typer.Option(
            "--gradebook-out",
            metavar="FILE",
            help="Where the filled copy goes; left out, beside the reports as *-filled.csv.",
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="NAME", help="The gradebook's column for the grade."),
    ] = None,
    id_column: Annotated[
        str | None,
        typer.Option("--id-column", metavar="NAME", help="The column that names the student."),
    ] = None,
    scale: Annotated[
        bool, typer.Option("--scale", help="Turn points into the gradebook's maximum.")
    ] = False,
    provisional: Annotated[
        bool,
        typer.Option("--provisional", help="Fill in scores though answers wait for a person."),
    ] = False,
    moodle_feedback: Annotated[
        Path | None,
        typer.Option(
            "--moodle-feedback", metavar="FILE", help="Write the archive of feedback for Moodle."
        ),
    ] = None,
) -> None:
    """Grade a folder of submissions: points, a gradebook and a report for every student."""
    from checker.commands.lms import (  # noqa: PLC0415
        Wishes,
        collected,
        look_ahead,
        prepare,
    )
    from checker.files import put_all_in_place  # noqa: PLC0415
    from checker.folder.folder import assignment_of, grade_paths, processes_for, write_outputs  # noqa: PLC0415
    from checker.lms.archives import is_archive  # noqa: PLC0415
    from checker.lms.gradebook import GradebookOptions  # noqa: PLC0415
    from checker.reports.terminal import summary_text  # noqa: PLC0415
    from reference_solutions.assignment import find_assignment  # noqa: PLC0415

    wishes = Wishes(
        marks,
        gradebook,
        gradebook_out,
        moodle_feedback,
        GradebookOptions(column, id_column, scale, provisional),
    )
    with input_errors():
        if not folder.is_dir() and not is_archive(folder):
            got = "a file; `checker check` takes one" if folder.exists() else "nothing there"
            refuse(f"{folder}: expected a folder or a zip archive, got {got}")
        look_ahead(wishes, out)
        with collected(folder) as found:
            if not found.paths:
                refuse(f"{folder}: there is no *.yaml or *.yml file below it")
            chosen = (
                find_assignment(assignment)
                if assignment
                else assignment_of(found.paths, found.root)
            )
            with _progress(len(found.paths)) as advance:
                graded = grade_paths(
                    chosen,
                    found.paths,
                    found.root,
                    reveal=reveal,
                    jobs=jobs or processes_for(len(found.paths)),
                    progress=advance,
                    submitters=found.submitters,
                    refused=found.refused,
                    by_name=True,
                )
        prepared = prepare(graded.run, wishes, out, found.submitters)
        try:
            index = write_outputs(prepared.run, out, prepared.queue)
            put_all_in_place(prepared.files)
        except OSError as error:
            refuse(f"{error.filename or out}: can't write the reports: {error.strerror}")
    width, colour = _terminal()
    _show(summary_text(prepared.run, width=width, colour=colour), colour=colour)
    for line in prepared.said:
        typer.echo(line)
    notes = list(dict.fromkeys(n for s in prepared.run.submissions for n in s.notes))
    more = [f"{len(notes) - NOTES} more notes stand in {index}"] if len(notes) > NOTES else []
    for remark in (*found.remarks, *notes[:NOTES], *more, *prepared.remarks):
        say(remark)
    # On a screen the summary has just said it; a log of the messages alone needs it.
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        for submission in prepared.run.submissions:
            if submission.status == "unreadable":
                for problem in submission.problems:
                    say(problem)
    for file, failure in graded.failures.items():
        _our_fault(f"while grading {file}", failure)
    typer.echo(f"Open {index} to read the reports.")
    raise typer.Exit(OUR_FAULT if graded.failures else _exit_code(prepared.run))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="One submission.")],
    assignment: AssignmentOption = None,
    reveal: RevealOption = False,
) -> None:
    """Grade one submission and show it question by question."""
    from checker.folder.folder import assignment_of, grade_paths  # noqa: PLC0415
    from checker.reports.terminal import submission_text  # noqa: PLC0415
    from reference_solutions.assignment import find_assignment  # noqa: PLC0415
    from submissions_schema.yaml_reader import read_document  # noqa: PLC0415

    with input_errors():
        if file.is_dir():
            refuse(f"{file}: expected a file, got a folder; `checker grade` takes a folder")
        read_document(file, name=str(file))
        chosen = (
            find_assignment(assignment)
            if assignment
            else assignment_of([file], file.resolve().parent)
        )
        submission_file = file.resolve()
        graded = grade_paths(chosen, [submission_file], submission_file.parent, reveal=reveal)
    width, colour = _terminal()
    (submission,) = graded.run.submissions
    if submission.status == "unreadable" and not graded.failures:
        for problem in submission.problems:
            say(str(problem))
        raise typer.Exit(UNUSABLE)
    for failure in graded.failures.values():
        _our_fault(f"while grading {file}", failure)
        raise typer.Exit(OUR_FAULT)
    _show(submission_text(graded.run, submission, width=width, colour=colour), colour=colour)
    raise typer.Exit(_exit_code(graded.run))


@app.command()
def explain(
    mistake: Annotated[
        str | None,
        typer.Argument(
            help="A mistake's id, as reports name it, or how some begin; left out, all are listed."
        ),
    ] = None,
) -> None:
    """Say what a mistake is, how it comes about, and what it looks like."""
    from checker.explanations import explanation, known_mistakes  # noqa: PLC0415

    if mistake is None:
        for line in known_mistakes():
            typer.echo(line)
        return
    lines = list(known_mistakes())
    ids = [line.split()[0] for line in lines]
    begun = [line for line, id in zip(lines, ids, strict=True) if id.startswith(mistake)]
    if mistake not in ids and len(begun) > 1:
        for line in begun:
            typer.echo(line)
        return
    text = explanation(begun[0].split()[0] if mistake not in ids and begun else mistake)
    if text is None:
        from difflib import get_close_matches  # noqa: PLC0415

        close = get_close_matches(mistake, ids, n=3)
        hint = f"; did you mean {' or '.join(f'`{id}`' for id in close)}?" if close else ""
        refuse(f"there is no mistake `{mistake}`{hint} (`checker explain` lists all)")
    typer.echo(text)


@app.command()
def assignments() -> None:
    """List the assignments that come with the checker."""
    from reference_solutions.assignment import shipped_assignments  # noqa: PLC0415
    from submissions_schema.assignment_file import load_assignment_file  # noqa: PLC0415

    with input_errors():
        for id, path in shipped_assignments().items():
            file = load_assignment_file(path).file
            points = f"{file.total_points:g} points"
            typer.echo(f"{id:<24} {points:>12}  {len(file.questions):>2} questions  {file.title}")


_students.register(app)
_ci.register(app)
finish(app)


# --- helpers ----------------------------------------------------------------------------------


def _exit_code(run: RunReport) -> int:
    if any(submission.status == "unreadable" for submission in run.submissions):
        return UNUSABLE
    fine = ("correct", "follow_through", "ungraded")
    wrong = any(
        answer.verdict not in fine
        for submission in run.submissions
        for answer in submission.answers
    )
    return SOME_WRONG if wrong else ALL_RIGHT


def _show(text: str, *, colour: bool) -> None:
    """Print a report; in a log, so that no line of it is a command to the job's runner."""
    from checker.reports.plain import log_safe  # noqa: PLC0415

    typer.echo(text if colour else log_safe(text))


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None] | None]:
    """Show a progress bar on a terminal, nothing in a log."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    with Progress(
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("grading", total=total)
        yield lambda: bar.advance(task)


def _terminal() -> tuple[int, bool]:
    """Return the width to write for, and whether colours are welcome."""
    import shutil  # noqa: PLC0415

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return min(shutil.get_terminal_size((100, 24)).columns, 120), colour


def _our_fault(what: str, details: str) -> None:
    where = f" {what}" if what else ""
    say(f"internal error{where}; this is our fault, please report it")
    if os.environ.get("CHECKER_DEBUG"):
        typer.echo(details, err=True)
    else:
        last = details.strip().splitlines()[-1]
        say(f"{last} (CHECKER_DEBUG=1 shows all)")


def main() -> None:
    """Run the command line; no traceback reaches a user."""
    try:
        app()
    except SystemExit as leaving:
        completing = any(name.endswith("_COMPLETE") for name in os.environ)
        if leaving.code in {0, None} and did_nothing(sys.argv[1:], completing):
            _our_fault("", "no command was run: the installed versions don't fit together")
            sys.exit(OUR_FAULT)
        raise
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    except Exception as error:  # the last line of defence
        import traceback  # noqa: PLC0415

        _our_fault("", "".join(traceback.format_exception(error)))
        sys.exit(OUR_FAULT)


if __name__ == "__main__":
    main()
