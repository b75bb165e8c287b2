"""A small class whose answers wait for a person, and the commands that its teacher gives."""

from pathlib import Path

from typer.testing import CliRunner

from checker import cli

SHEET = """\
assignment: essay
title: Essays
given: {x: [1, 2]}
steps: {s: sum(x)}
questions:
  q1:
    title: Why
    prompt: Say why `L` falls, and <b>when</b>.
    points: 3
    answers: {text: {kind: text}}
  q2: {title: How, points: 2, answers: {text: {kind: text}}}
  q3: {title: Sum, points: 1, answers: {s: s}}
"""
TEXT = "Because of the mean, said {n}. </script><b>&amp; ünï 😀"


class Desk:
    """A folder with a sheet, what a class handed in, and what comes of it."""

    def __init__(self, folder: Path, students: int) -> None:
        self.folder = folder
        (folder / "essay.yaml").write_text(SHEET, "utf-8")
        (folder / "in").mkdir()
        for n in range(students):
            text = (
                f"assignment: essay\nstudent: {{id: s{n:02}, name: Student {n}}}\n"
                f"answers: {{q1: '{TEXT.format(n=n)}', q2: 'By hand, {n}.', q3: 3}}\n"
            )
            (folder / "in" / f"s{n:02}.yaml").write_text(text, "utf-8")

    def checker(self, *arguments: object):
        """Call a command."""
        return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])

    def grade(self, *options: object):
        """Grade the class."""
        sheet = self.folder / "essay.yaml"
        return self.checker(
            "grade", self.folder / "in", "-a", sheet, "-o", self.folder / "report", *options
        )

    def split(self, count: int, *options: object):
        """Divide what waits."""
        out = self.folder / "marking"
        return self.checker(
            "marking", self.folder / "report", "--split", count, "-o", out, *options
        )
