"""The page on handing out and handing in: its assignment and its commands are run."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.handing_out.mathematics import parts_of

PAGE = (Path(__file__).parent.parent / "docs" / "handing-out.md").read_text(encoding="utf-8")
(ASSIGNMENT,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\$ checker (.*)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("handing-out")
    (made / "own.yaml").write_text(ASSIGNMENT, encoding="utf-8")
    (made / "own.seed").write_text("0123456789abcdef", encoding="utf-8")
    (made / "class.csv").write_text("SIS User ID,Name\nada,Ada\nbob,Bob\n", encoding="utf-8")
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_runs(command, folder, monkeypatch):
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(cli.app, shlex.split(command))
    # A remark of `checker lint` is no error.
    assert done.exit_code in ((0, 1) if command.startswith("lint") else (0,)), done.output


def test_there_is_a_command_of_each_kind():
    assert {command.split()[0] for command in COMMANDS} == {"sheet", "form", "lint"}


def test_mathematics_in_a_text_is_as_the_page_says():
    assert parts_of(r"$x_1$ costs \$5") == [("x_1", True), (" costs $5", False)]
