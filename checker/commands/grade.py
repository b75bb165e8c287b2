"""``checker grade``: a folder or an archive of submissions, graded wherever there is room."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from checker.commands.messages import (
    ALL_RIGHT,
    OUR_FAULT,
    SOME_WRONG,
    UNUSABLE,
    AssignmentOption,
    RevealOption,
    input_errors,
    our_fault,
    refuse,
    refuse_to_write,
    say,
    show,
    stopped,
    terminal,
)

if TYPE_CHECKING:
    from checker.commands.lms import Prepared, Wishes
    from checker.folder.batches import Job
    from checker.folder.collecting import Collected
    from checker.folder.executors import Workers
    from checker.folder.outputs import Outputs
    from checker.folder.run import GradedClass
    from checker.regrading.comparing import Comparison
    from checker.report import RunReport
    from checker.reports.overview import Overview

NOTES = 20
"""So many notes on who handed in what are said; the overview has them all."""


def grade(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Annotated[
        Path,
        typer.Argument(
            help="Every *.yaml and *.yml below it is a submission; a zip archive will do as well."
        ),
    ],
    assignment: AssignmentOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Where the reports are written; left out, as checker.toml says, or in report.",
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=0, help="Processes to grade with; 0 for as many as help."),
    ] = 0,
    reveal: RevealOption = False,
    marks: Annotated[
        list[Path] | None,
        typer.Option(
            "--marks",
            metavar="FILE",
            help="Marks by people: a filled ungraded.yaml, or a folder of such; may be repeated.",
        ),
    ] = None,
    decisions: Annotated[
        list[Path] | None,
        typer.Option(
            "--decisions",
            metavar="FILE",
            help="What a person decided; may be repeated. ID.decisions.yaml beside the assignment "
            "is found.",
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            "--since",
            metavar="FILE",
            help="Say whose points changed since an earlier results.json; left out, since the one "
            "in the output folder.",
        ),
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
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Grade on a Dask cluster: its scheduler's address, as tcp://host:8786.",
        ),
    ] = None,
) -> None:
    """Grade a folder of submissions: points, a gradebook and a report for every student."""
    outputs: Outputs | None = None
    try:
        from checker.commands.lms import Wishes, look_ahead  # noqa: PLC0415
        from checker.folder.collecting import collected  # noqa: PLC0415
        from checker.folder.outputs import Outputs  # noqa: PLC0415
        from checker.lms.archives import is_archive  # noqa: PLC0415
        from checker.lms.options import GradebookOptions  # noqa: PLC0415
        from checker.marking.several import marks_files  # noqa: PLC0415

        wishes = Wishes(
            tuple(marks or ()),
            gradebook,
            gradebook_out,
            moodle_feedback,
            GradebookOptions(column, id_column, scale, provisional),
        )
        with input_errors():
            if not folder.is_dir() and not is_archive(folder):
                got = "a file; `checker check` takes one" if folder.exists() else "nothing there"
                refuse(f"{folder}: expected a folder or a zip archive, got {got}")
            out = out or _default_out(assignment)
            look_ahead(wishes, out)
            if since is not None:
                from checker.regrading.earlier import read_run  # noqa: PLC0415

                read_run(since)
            with collected(folder, out) as found:
                if not found.names and not found.refused:
                    refuse(f"{folder}: there is no *.yaml or *.yml file below it")
                given = _Given(tuple(decisions or ()), reveal, rendered=not marks)
                job = _job(found, assignment, given)
                others = [*marks_files(wishes.marks), *(Path(name) for name, _ in job.decisions)]
                found = found.without(others)  # noqa: PLW2901
                place = _place(job, len(found.names), jobs, scheduler)
                with place as workers, Outputs(out) as outputs:
                    run = _Run(job, found, workers, outputs, sent=scheduler is not None)
                    code = run.finished(wishes, since)
    except OSError as error:
        refuse_to_write(out or folder, "the reports", error)
    except KeyboardInterrupt:
        if outputs is not None and outputs.written:
            stopped("all reports are written")
        stopped("no report was written, and what was there is as it was")
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(grade)


def _default_out(assignment: str | None) -> Path:
    """Return where the reports go if nobody says. Raises :class:`InputError`."""
    from checker.defaults import defaults_beside  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment  # noqa: PLC0415

    said = defaults_beside(find_assignment(assignment)).out if assignment else None
    return said or Path("report")


class _Given(NamedTuple):
    """What a job is given beside the assignment and the submissions."""

    decisions: tuple[Path, ...]
    reveal: bool
    rendered: bool


def _job(found: Collected, assignment: str | None, given: _Given) -> Job:
    from checker.folder.finding import assignment_of  # noqa: PLC0415
    from checker.folder.run import read_job  # noqa: PLC0415
    from reference_solutions.shipped import find_assignment  # noqa: PLC0415

    if assignment:
        chosen = find_assignment(assignment)
    else:
        chosen = assignment_of([found.path_of(name) for name in found.names], found.root)
    return read_job(
        chosen,
        reveal=given.reveal,
        rendered=given.rendered,
        by_name=True,
        decisions=given.decisions,
    )


def _place(
    job: Job, files: int, jobs: int, scheduler: str | None
) -> AbstractContextManager[Workers]:
    """Return where to grade: on a cluster, in several processes, or here."""
    from checker.folder.executors import cluster, here, processes, processes_for  # noqa: PLC0415

    if scheduler is not None:
        return cluster(job, scheduler)
    count = min(jobs or processes_for(files), max(1, files // 2))
    return here(job) if count == 1 else processes(job, count)


class _Run:
    """One run of the command, from what was found to what is said."""

    def __init__(
        self, job: Job, found: Collected, workers: Workers, outputs: Outputs, *, sent: bool
    ) -> None:
        self.job = job
        self.found = found
        self.workers = workers
        self.outputs = outputs
        self.sent = sent

    def finished(self, wishes: Wishes, since: Path | None) -> int:
        """Grade, write and say everything; return the exit code."""
        from checker.commands.lms import prepare  # noqa: PLC0415
        from checker.commands.progress import progress  # noqa: PLC0415
        from checker.folder.batches import assignment_for, forget  # noqa: PLC0415
        from checker.folder.run import grade_class  # noqa: PLC0415
        from checker.folder.store import Store  # noqa: PLC0415
        from checker.grading.right_values import right_values  # noqa: PLC0415
        from checker.marking.several import load_marks  # noqa: PLC0415
        from checker.reports.overview import overview  # noqa: PLC0415

        found, out = self.found, self.outputs.out
        id = assignment_for(self.job).id
        marks = load_marks(wishes.marks, assignment=id)
        count = len(found.names) + len(found.refused)
        with closing(Store(self.outputs.aside, count)) as store:
            with progress(count) as advance:
                graded = grade_class(
                    self.job, found, self.workers, store, advance, sent=self.sent, marks=marks
                )
            key = right_values(assignment_for(self.job))
            forget()  # What was needed to grade makes room for what is needed to write.
            whole = overview(graded.run, key)
            prepared = prepare(graded, whole, marks, wishes, out, found.submitters)
            files = dict(prepared.files)
            with self._since(since, graded.run) as comparison:
                if comparison is not None:
                    from checker.regrading.changes_csv import CHANGES  # noqa: PLC0415

                    files[out / CHANGES] = self._compared(comparison)
                    changes = comparison.report()
                    graded = replace(graded, run=replace(graded.run, changes=changes))
                index = self.outputs.commit(graded, whole, prepared.queue, files)
            self.say(graded, whole, prepared, index)
        return OUR_FAULT if graded.failures else _exit_code(whole)

    @contextmanager
    def _since(self, since: Path | None, run: RunReport) -> Iterator[Comparison | None]:
        """Give what the run is compared with: what was named, or what an earlier run left."""
        path = since or self.outputs.out / "results.json"
        if since is None and not path.is_file():
            yield None
            return
        from checker.regrading.comparing import Comparison  # noqa: PLC0415
        from checker.regrading.earlier import Earlier, read_run  # noqa: PLC0415
        from submissions_schema.problems import InputError  # noqa: PLC0415

        if since is None:
            try:
                usable = read_run(path).assignment == run.assignment
            except InputError:
                usable = False  # Whatever it is, nobody asked for it.
            if not usable:
                yield None
                return
        with closing(Earlier(path, self.outputs.aside)) as earlier:
            yield Comparison(run, earlier)

    def _compared(self, comparison: Comparison) -> Iterator[bytes]:
        """Go through the changes, and return the table of them."""
        from checker.regrading.changes_csv import changes_rows  # noqa: PLC0415

        aside = self.outputs.aside / "changes"
        with aside.open("wb") as stream:
            stream.writelines(map(str.encode, changes_rows(comparison.changes())))

        def again() -> Iterator[bytes]:
            with aside.open("rb") as stream:
                yield from stream

        return again()

    def say(self, graded: GradedClass, whole: Overview, prepared: Prepared, index: Path) -> None:
        """Say what came out."""
        from checker.reports.terminal import summary_text  # noqa: PLC0415

        width, colour = terminal()
        show(summary_text(graded.run, whole, width=width, colour=colour), colour=colour)
        for line in (*_decided(graded), *prepared.said, *_changed(graded, self.outputs.out)):
            typer.echo(line)
        notes = whole.notes
        more = [f"{len(notes) - NOTES} more notes stand in {index}"] if len(notes) > NOTES else []
        remarks = (*graded.remarks, *prepared.remarks)
        for remark in (*self.found.remarks, *notes[:NOTES], *more, *remarks):
            say(remark)
        # On a screen the summary has just said it; a log of the messages alone needs it.
        if whole.unreadable and not (sys.stdout.isatty() and sys.stderr.isatty()):
            for position in whole.unreadable:
                for problem in graded.run.submissions[position].problems:
                    say(problem)
        for file, failure in graded.failures.items():
            our_fault(f"while grading {file}", failure)
        typer.echo(f"Open {index} to read the reports.")


def _decided(graded: GradedClass) -> Iterator[str]:
    from checker.reports.wording import plural  # noqa: PLC0415

    given = graded.run.decisions
    if given:
        held = sum(decision.answers > 0 for decision in given)
        yield f"{held} of {plural(len(given), 'decision')} by a person held."


def _changed(graded: GradedClass, out: Path) -> Iterator[str]:
    changes = graded.run.changes
    if changes is not None:
        from checker.regrading.changes_csv import CHANGES  # noqa: PLC0415
        from checker.reports.wording import changes_sentence  # noqa: PLC0415

        where = f": {out / CHANGES}" if changes.count else "."
        yield f"{changes_sentence(changes)}{where}"


def _exit_code(whole: Overview) -> int:
    if whole.unreadable:
        return UNUSABLE
    return ALL_RIGHT if whole.all_fine else SOME_WRONG
