"""Every command once, as installed: ``python tests/smoke.py`` with the Python of an installation.

Run from anywhere; nothing is imported from this clone. Each command has to leave with the code that
is right and to have done its work: words on standard output, or a file. Prints what went wrong.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

TINY = """\
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {title: Inverse, points: 2, answers: {r: r}}
"""
RIGHT = "assignment: tiny\nstudent: ada\nanswers: {q1: 7, q2: 0.143}\n"
WRONG = "assignment: tiny\nstudent: bob\nanswers: {q1: 7, q2: 0.5555}\n"

RUNS = {
    "--version": (0, "homework-checker "),
    "--help": (0, "Usage"),
    "-h": (0, "Usage"),
    "grade --help": (0, "Examples:"),
    "ci -h": (0, "github-classroom"),
    "grade": (2, "Usage"),
    "grade homework --jobs many": (2, "--jobs"),
    "explain cross-entropy": (0, "cross-entropy-log-base-2"),
    "grade homework -a tiny.yaml --out report": (1, "report/index.html"),
    "check homework/ada.yaml -a tiny.yaml": (0, "4 / 4"),
    "check homework/bob.yaml -a tiny.yaml": (1, "2 / 4"),
    "explain": (0, "transposed"),
    "explain gradient-carried-forward": (0, "gradient-carried-forward\n"),
    "assignments": (0, "fit3181-a2"),
    "new rnn": (0, "h[t]: tanh"),
    "key tiny.yaml": (0, "0.142857"),
    "lint tiny.yaml": (1, "tells-little"),
    "template tiny.yaml": (0, "q1:"),
    "schema tiny.yaml --out tiny.schema.json": (0, "tiny.schema.json"),
    "handout tiny.yaml --out tiny.handout.yaml": (0, "tiny.handout.yaml"),
    "sheet tiny.yaml --out tiny.html": (0, "tiny.html"),
    "form tiny.yaml --out form.html": (0, "form.html"),
    "functions softmax": (0, "softmax"),
    "validate homework/ada.yaml -a tiny.yaml": (0, "in the right form"),
    "ci homework/ada.yaml -a tiny.yaml --format junit": (0, "junit.xml"),
    "ci homework/bob.yaml -a tiny.yaml --fail-under 60": (1, "2 / 4"),
    "ci nothing.yaml -a tiny.yaml": (2, "there is no such file"),
    "marking report --split 2": (2, "no answer waits"),
    "gradescope tiny.yaml --out autograder.zip": (0, "autograder.zip"),
}
"""How to call a command, the exit code, and what it says or writes."""

LIBRARY = """
from checker import check
import reference_solutions, submissions_schema
assert check("tiny.yaml", {"s": 7, "r": 0.143}).score == 4
"""
COMMANDS = """
from checker.cli import app
print(*(command.name or command.callback.__name__ for command in app.registered_commands))
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a folder, with nothing of this clone on its path."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GITHUB"))}
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env={**environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def faults(folder: Path) -> Iterator[str]:
    """Yield what is wrong with the installation, command by command."""
    library = python(folder, "-W", "error", "-c", LIBRARY)
    if library.returncode:
        yield f"the library: {library.stderr}"
    commands = python(folder, "-c", COMMANDS).stdout.split()
    if not commands:
        yield "the command line can't be imported"
    if left := set(commands) - {call.split()[0] for call in RUNS}:
        yield f"commands that are not tried here: {', '.join(sorted(left))}"
    for call, (code, told) in RUNS.items():
        done = python(folder, "-m", "checker", *call.split())
        said = done.stdout + done.stderr
        written = (folder / told).is_file() if "\n" not in told else False
        if done.returncode != code or (told not in said and not written):
            yield f"checker {call}: {done.returncode} instead of {code}, wanted {told!r}:\n{said}"
    for path in ("report/index.html", "report/results.json", "junit.xml", "autograder.zip"):
        if not (folder / path).is_file():
            yield f"{path} was not written"


def main() -> int:
    """Try every command in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "homework").mkdir()
        (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
        (folder / "homework" / "ada.yaml").write_text(RIGHT, encoding="utf-8")
        (folder / "homework" / "bob.yaml").write_text(WRONG, encoding="utf-8")
        found = list(faults(folder))
    for fault in found:
        print(fault)
    print(f"{len(RUNS)} calls, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
