"""``checker marking``: what waits for a person, divided among several."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.messages import input_errors, refuse, writing

if TYPE_CHECKING:
    from checker.marking.key import KeyFile

_OURS = re.compile(r"marker-\d+\.(yaml|html)")


class By(StrEnum):
    """What markers have to themselves."""

    question = "question"
    student = "student"


def marking(
    report: Annotated[
        Path, typer.Argument(help="What `checker grade` wrote, or its ungraded.yaml.")
    ],
    split: Annotated[
        int, typer.Option("--split", min=1, max=1000, metavar="N", help="How many people mark.")
    ],
    by: Annotated[
        By, typer.Option("--by", help="Each has questions, or students, to themselves.")
    ] = By.question,
    named: Annotated[
        bool, typer.Option("--named", help="Show who wrote what; left out, pseudonyms stand there.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where the queues are written.")
    ] = Path("marking"),
) -> None:
    """Write a queue for each of several markers: a page to mark in, and the same as YAML."""
    from checker.files import put_all_in_place  # noqa: PLC0415
    from checker.marking.key import KEY, key_yaml  # noqa: PLC0415
    from checker.marking.marks import QUEUE  # noqa: PLC0415
    from checker.marking.page import marking_page  # noqa: PLC0415
    from checker.marking.queue import marker_yaml  # noqa: PLC0415
    from checker.marking.several import load_marks  # noqa: PLC0415
    from checker.marking.split import split as divided  # noqa: PLC0415
    from checker.reports.wording import plural  # noqa: PLC0415

    with input_errors():
        source = report / QUEUE if report.is_dir() else report
        if not source.exists():
            refuse(f"{source}: there is no such file; no answer waits for a person, or not here")
        waiting = load_marks([source])
        if waiting is None:
            refuse(f"{source}: this is a key, expected the answers that wait for a person")
        made = divided(
            waiting, split, by.value, blind=not named, known=_before(out, waiting.assignment)
        )
    if not made.queues:
        refuse(f"{source}: all answers in it have points")
    files: dict[Path, bytes] = {out / KEY: key_yaml(made.key).encode()}
    for queue in made.queues:
        files[out / f"marker-{queue.marker}.yaml"] = marker_yaml(queue).encode()
        files[out / f"marker-{queue.marker}.html"] = marking_page(queue).encode()
    with writing(out, "the queues"):
        put_all_in_place(files)
        for path in out.iterdir():
            if _OURS.fullmatch(path.name) and path not in files:
                path.unlink()
    for queue in made.queues:
        page = out / f"marker-{queue.marker}.html"
        typer.echo(f"{page}: {plural(len(queue.marks), 'answer')}")
    typer.echo(
        f"Keep {out / KEY}; then: checker grade FOLDER --marks {out} --marks WHAT-COMES-BACK"
    )


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(marking)


def _before(out: Path, assignment: str) -> KeyFile | None:
    """Return the key of an earlier split. Raises :class:`InputError` where marks would be lost."""
    from checker.marking.key import KEY, KeyFile  # noqa: PLC0415
    from checker.marking.marks import MARKS_LIMITS  # noqa: PLC0415
    from checker.marking.several import load_marks  # noqa: PLC0415
    from submissions_schema.problems import InputError, Problem  # noqa: PLC0415
    from submissions_schema.validation import validate  # noqa: PLC0415
    from submissions_schema.yaml_reader import read_document  # noqa: PLC0415

    if not (out / KEY).exists():
        return None
    document = read_document(out / KEY, limits=MARKS_LIMITS)
    key = validate(KeyFile, document)
    if key.assignment != assignment:
        message = "the queues of another assignment stand here; choose another folder with --out"
        place = document.place(("assignment",))
        raise InputError([Problem(message, place, f"`{assignment}`", f"`{key.assignment}`")])
    ours = [path for path in sorted(out.glob("marker-*.yaml")) if _OURS.fullmatch(path.name)]
    marks = load_marks([out / KEY, *ours])
    given = next((one for one in marks.given if one.mark.given), None) if marks else None
    if given is not None:
        message = "a mark stands here, which would be lost; move the file away, or give it to grade"
        raise InputError([Problem(message, given.place())])
    return key
