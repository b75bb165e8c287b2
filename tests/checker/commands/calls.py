"""Calls of the command line, and what they leave behind."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from checker import cli

CASES = Path(__file__).resolve().parents[2] / "cases" / "fit3181-a2"
STUDENT_A = (CASES / "student-a.yaml").read_text(encoding="utf-8")
STUDENT_B = (CASES / "student-b.yaml").read_text(encoding="utf-8")

TINY = """\
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {title: Inverse, points: 3, answers: {r: r}}
"""
RIGHT = "assignment: tiny\nstudent: {student}\nanswers: {{q1: 7, q2: 0.143}}\n"
WRONG = "assignment: tiny\nstudent: {student}\nanswers: {{q1: 7, q2: 0.5555}}\n"

runner = CliRunner()


def checker(*arguments):
    """Run a command; give back what came out, without an exception that got away."""
    result = runner.invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def checker_process(*arguments, cwd, **environment):
    return subprocess.run(
        [sys.executable, "-m", "checker", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def results(out):
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def submission(out, file):
    (found,) = (s for s in results(out)["submissions"] if s["file"] == file)
    return found


def gradebook(out):
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


def written(out):
    """The bytes of all outputs, by their paths."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }
