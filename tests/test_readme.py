"""The README's two commands install and grade, and install and test; its files fit together."""

import re
from pathlib import Path

import pytest

from reference_solutions.assignment import load_assignment
from submissions_schema.assignment_file import load_assignment_file
from submissions_schema.submission import load_submission
from tests.documents import README, ROOT, SET_UP, blocks, commands, lay_out, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("readme")
    lay_out(path)
    return path


def set_up_commands() -> tuple[list[str], list[str]]:
    """The words of the set-up command and of the test command, without what they share."""
    shell = blocks(README, "bash")
    found = [line for block in shell for line in commands(block) if line.startswith(SET_UP)]
    main, tests = (re.split(r" && ", line.removeprefix(SET_UP)) for line in found)
    return main, tests


def test_the_main_command_installs_and_grades_and_names_the_report(folder):
    (target, command), _ = set_up_commands()
    assert target == "."
    assert command.startswith(".venv/bin/checker grade ")
    done = run(command, folder)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "Open report/index.html to read the reports."
    assert (folder / "report" / "index.html").is_file()


def test_the_test_command_installs_the_test_extra_and_runs_pytest():
    _, (target, command) = set_up_commands()
    assert target == "'.[test]'"
    assert command == ".venv/bin/pytest -n auto"


def test_ci_runs_the_same_commands():
    main, tests = (command[1].removeprefix(".venv/bin/") for command in set_up_commands())
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"\n{main} " in script
    assert f"\n{tests} " in script


def test_the_files_are_read_by_the_real_readers(folder):
    load_assignment(folder / "layer.yaml")
    load_submission(folder / "mine.yaml")


def test_the_submission_answers_everything_the_assignment_asks(folder):
    asked = load_assignment_file(folder / "layer.yaml").file
    given = load_submission(folder / "mine.yaml").submission
    assert given.assignment == asked.assignment
    assert list(given.answers) == list(asked.questions)
    assert list(given.answers["forward"]) == list(asked.questions["forward"].answers)


def test_it_is_as_long_as_a_newcomer_reads():
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 210


def test_its_pictures_are_there_and_small():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures
    for picture in pictures:
        data = Path(ROOT / picture).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) < 200_000
