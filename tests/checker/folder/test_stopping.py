"""Who stops a command is told what that means, whenever that is."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STOPPING = """\
import sys
class Stopping:
    def find_spec(self, name, *_):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stopping())
from checker.__main__ import run
sys.argv = ["checker", *{command!r}]
run()
"""


def stopped_at(module, *command):
    """What a command says on standard error that is stopped while a module is loaded."""
    program = STOPPING.format(module=module, command=list(map(str, command)))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130, done.stderr
    return done.stderr


@pytest.mark.parametrize("module", ["checker.cli", "checker.commands.grade"])
def test_while_the_command_line_is_loaded(module):
    assert stopped_at(module, "assignments") == "checker: stopped\n"


def test_in_a_command_that_writes_nothing(folder, sheet):
    command = ["check", folder / "s01.yaml", "-a", sheet]
    assert stopped_at("checker.api", *command) == "checker: stopped\n"


@pytest.mark.parametrize("module", ["checker.folder.collecting", "checker.grading.right_values"])
def test_before_the_reports_of_a_class_are_written(folder, sheet, tmp_path, module):
    said = stopped_at(module, "grade", folder, "-a", sheet, "-o", tmp_path / "out", "-j", 1)
    assert said == "checker: stopped; no report was written, and what was there is as it was\n"
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".writing-*"))


def test_when_the_reports_of_a_class_are_written(folder, sheet, tmp_path):
    out = tmp_path / "out"
    said = stopped_at("checker.reports.terminal", "grade", folder, "-a", sheet, "-o", out, "-j", 1)
    assert said == "checker: stopped; all reports are written\n"
    assert (out / "index.html").exists()
    assert not list(tmp_path.glob(".writing-*"))
