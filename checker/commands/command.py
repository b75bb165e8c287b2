"""What every command has besides what it does: examples in its help, and a trace that it ran."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand

EXAMPLES = {
    "grade": (
        "checker grade submissions",
        "checker grade submissions.zip --assignment a2.yaml --out report",
        "checker grade submissions --gradebook canvas.csv --column 'Assignment 2'",
        "checker grade submissions --decisions decisions.yaml --marks marking --marks sent-back",
    ),
    "marking": (
        "checker marking report --split 6",
        "checker marking report --split 3 --by student --out queues",
    ),
    "check": (
        "checker check mine.yaml",
        "checker check mine.yaml --assignment a2.yaml --reveal",
    ),
    "explain": (
        "checker explain",
        "checker explain gradient-carried-forward",
        "checker explain cross-entropy",
        "checker explain 'forget gate'",
        "checker explain softmax",
        "checker explain --assignment a2.yaml",
    ),
    "functions": (
        "checker functions",
        "checker functions softmax",
        "checker functions 'running sums'",
        "checker functions --markdown",
    ),
    "assignments": ("checker assignments",),
    "new": (
        "checker new",
        "checker new rnn --out a2.yaml --example submissions/example.yaml",
    ),
    "key": (
        "checker key a2.yaml",
        "checker key a2.yaml --out a2.key.html",
    ),
    "lint": (
        "checker lint a2.yaml",
        "checker lint a2.yaml --fix-numbers",
        "checker lint sheets/*.yaml --ignore unused --format json",
    ),
    "template": ("checker template fit3181-a2 --out mine.yaml",),
    "schema": ("checker schema a2.yaml --out a2.schema.json",),
    "handout": ("checker handout a2.yaml --with-given --out a2.handout.yaml",),
    "sheet": (
        "checker sheet a2.yaml --out a2.html",
        "checker sheet a2.yaml --out a2.tex --paper letter",
        "checker sheet a2.yaml --students class.csv --out sheets",
    ),
    "form": (
        "checker form fit3181-a2 --out a2.html",
        "checker form a2.handout.yaml --student student-a --out student-a.html",
    ),
    "validate": (
        "checker validate mine.yaml",
        "checker validate submissions/*.yaml --assignment a2.handout.yaml",
    ),
    "ci": (
        "checker ci",
        "checker ci submissions/mine.yaml --assignment fit3181-a2 --fail-under 50",
        "checker ci --format junit --format html --out reports",
    ),
    "gradescope": ("checker gradescope fit3181-a2 --out autograder.zip",),
}
"""How each command is called, by its name."""

_ASKED_FOR = ("--help", "-h", "--version", "--show-completion", "--install-completion")
_ran: list[str] = []


class Command(TyperCommand):
    """A command that leaves a trace when it is run."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer has a Context of its own
        """Run the command."""
        _ran.append(self.name or "")
        return super().invoke(ctx)

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401
        """Return the help; a list of files is said by dots, not by a type of Python's."""
        return super().get_help(ctx).replace(" <list[Path]>", "").replace(" <list[str]>", "")


def finish(app: typer.Typer) -> None:
    """Give every command of the command line what all have."""
    for command in app.registered_commands:
        command.cls = Command
        name = str(command.name or getattr(command.callback, "__name__", ""))
        lines = "\n".join(f"  {example}" for example in EXAMPLES[name])
        command.epilog = f"\b\nExamples:\n{lines}"


def did_nothing(arguments: list[str], completing: bool) -> bool:
    """Say whether the command line was called to do something and no command has run.

    That happens where an installation doesn't fit together; it must not look like a success.
    """
    return not (_ran or completing or any(asked in arguments for asked in _ASKED_FOR))
