"""The command line: ``checker grade``, ``check``, ``explain`` and ``assignments``.

Results go to standard output, messages to standard error. Exit codes: 0 all right, 1 some answers
wrong, 2 the input or the call can't be used, 3 our own fault. Everything heavy is imported by the
command that needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from checker.commands import authoring as _authoring
from checker.commands import ci as _ci
from checker.commands import grade as _grade
from checker.commands import handing_out as _handing_out
from checker.commands import marking as _marking
from checker.commands import reference as _reference
from checker.commands import students as _students
from checker.commands.command import did_nothing, finish
from checker.commands.messages import (
    ALL_RIGHT,
    OUR_FAULT,
    SOME_WRONG,
    STOPPED,
    UNUSABLE,
    AssignmentOption,
    HintsOption,
    RevealOption,
    Stopped,
    hints_level,
    input_errors,
    our_fault,
    refuse,
    say,
    show,
    terminal,
)

app = typer.Typer(
    name="checker",
    help="Grade written deep-learning homework, and say why each wrong number is wrong.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
def check(
    file: Annotated[Path, typer.Argument(help="One submission.")],
    assignment: AssignmentOption = None,
    reveal: RevealOption = False,
    hints: HintsOption = None,
) -> None:
    """Grade one submission and show it question by question, with the assignment's hints."""
    from checker.api import grade, load_assignment  # noqa: PLC0415
    from checker.folder.finding import assignment_of  # noqa: PLC0415
    from checker.hints import told  # noqa: PLC0415
    from checker.report import RunReport  # noqa: PLC0415
    from checker.reports.overview import overview  # noqa: PLC0415
    from checker.reports.terminal import submission_text  # noqa: PLC0415
    from submissions_schema.yaml_reader import read_document  # noqa: PLC0415

    level = hints_level(hints)
    with input_errors():
        if file.is_dir():
            refuse(f"{file}: expected a file, got a folder; `checker grade` takes a folder")
        read_document(file, name=str(file))
        chosen = assignment or assignment_of([file], file.resolve().parent)
        sheet = load_assignment(chosen, reveal=reveal)
        result = grade(sheet, file.resolve())
    if result.failure:
        our_fault(f"while grading {file}", result.failure)
        raise typer.Exit(OUR_FAULT)
    report = told(result.report, "sizes" if reveal else level or sheet.hints)
    if report.status == "unreadable":
        for problem in report.problems:
            say(problem)
        raise typer.Exit(UNUSABLE)
    run = RunReport(sheet.id, sheet.title, sheet.content_hash, reveal, (report,))
    width, colour = terminal()
    show(submission_text(run, report, width=width, colour=colour), colour=colour)
    fine = overview(run).all_fine
    raise typer.Exit(ALL_RIGHT if fine else SOME_WRONG)


@app.command()
def assignments() -> None:
    """List the assignments that come with the checker."""
    from reference_solutions.shipped import shipped_assignments  # noqa: PLC0415
    from submissions_schema.assignment_file import load_assignment_file  # noqa: PLC0415

    with input_errors():
        for id, path in shipped_assignments().items():
            file = load_assignment_file(path).file
            points = f"{file.total_points:g} points"
            typer.echo(f"{id:<24} {points:>12}  {len(file.questions):>2} questions  {file.title}")


_grade.register(app)
_reference.register(app)
_marking.register(app)
_students.register(app)
_handing_out.register(app)
_authoring.register(app)
_ci.register(app)
finish(app)


def _end() -> NoReturn:
    """Leave at once: what waits for a pool of processes that was stopped may wait for ever."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(STOPPED)


def _say_at_last(message: str) -> NoReturn:
    """Leave with 2; what is still to be written to a full disk is lost."""
    say(message)
    os._exit(UNUSABLE)


COLLECTED = (10_000, 10, 10)
"""How many new objects are looked through for circles, and how often older ones: hardly any of ours
are in one, and looking costs a twentieth of all work."""


def run() -> NoReturn:
    """Run the command line as a program of its own, and leave without taking it apart.

    Nothing else has a say in it: threads cost more than they give for numbers as few as these, and
    could add them up in another order; and a plugin could change how files are read.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code: object = ALL_RIGHT
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code or ALL_RIGHT
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _end()
    except OSError as error:
        _say_at_last(f"the output: can't be written: {error.strerror}")
    atexit._run_exitfuncs()
    os._exit(code if isinstance(code, int) else OUR_FAULT)


def main() -> None:
    """Run the command line; no traceback reaches a user."""
    gc.set_threshold(*COLLECTED)
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115 - it was closed
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    try:
        app()
    except Stopped:
        _end()
    except SystemExit as leaving:
        if leaving.code == STOPPED:
            say("stopped")
            _end()
        completing = any(name.endswith("_COMPLETE") for name in os.environ)
        if leaving.code in {0, None} and did_nothing(sys.argv[1:], completing):
            our_fault("", "no command was run: the installed versions don't fit together")
            sys.exit(OUR_FAULT)
        raise
    except KeyboardInterrupt:
        say("stopped")
        _end()
    except BrokenPipeError:
        _end()
    except OSError as error:  # of a file that is read or written a command says it itself
        _say_at_last(f"{error.filename or 'the output'}: can't be written: {error.strerror}")
    except Exception as error:  # the last line of defence
        import traceback  # noqa: PLC0415

        our_fault("", "".join(traceback.format_exception(error)))
        sys.exit(OUR_FAULT)


if __name__ == "__main__":
    run()
