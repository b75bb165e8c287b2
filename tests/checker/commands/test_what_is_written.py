"""What is printed where, and written: whole or not at all, and nothing of the key."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment
from tests.checker.commands.calls import (
    CASES,
    STUDENT_A,
    STUDENT_B,
    checker,
    checker_process,
    put,
    written,
)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        checker("grade", CASES, "--out", tmp_path / name)
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_the_number_of_processes_changes_no_byte(folder, tmp_path):
    for number in range(4):
        put(folder, f"a{number}.yaml", STUDENT_A.replace("student-a", f"a{number}"))
        put(folder, f"b{number}.yaml", STUDENT_B.replace("student-b", f"b{number}"))
    put(folder, "broken.yaml", "[")
    for jobs in ("1", "2"):
        done = checker_process("grade", folder, "--jobs", jobs, "--out", jobs, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
    assert written(tmp_path / "1") == written(tmp_path / "2")


def test_results_go_to_stdout_messages_to_stderr_and_a_log_has_no_progress_bar(folder, tmp_path):
    put(folder, "student-a.yaml", STUDENT_A)
    put(folder, "broken.yaml", "[")
    done = checker_process("grade", folder, "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "student-a" in done.stdout
    assert done.stdout.splitlines()[-1] == "Open out/index.html to read the reports."
    assert all(line.startswith("checker: broken.yaml:") for line in done.stderr.splitlines())
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals there")
def test_a_terminal_has_a_progress_bar_and_stdout_does_not(folder, tmp_path):
    put(folder, "student-a.yaml", STUDENT_A)
    master, slave = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "checker", "grade", str(folder), "--out", str(tmp_path / "out")],
        env={**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
        encoding="utf-8",
        check=False,
    )
    os.close(slave)
    shown = os.read(master, 1 << 16).decode()
    os.close(master)
    assert done.returncode == 1
    assert "grading" in shown
    assert "\x1b" not in done.stdout


def test_a_file_in_place_of_the_output_folder_is_left_alone(folder, tmp_path):
    put(folder, "student-b.yaml", STUDENT_B)
    taken = put(tmp_path, "taken", "precious")
    for target in (taken, taken / "below"):
        result = checker("grade", folder, "--out", target)
        assert result.exit_code == 2
        assert "can't write the reports: a file stands where this folder belongs" in result.stderr
        assert "Open " not in result.stdout
    assert taken.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "a2.yaml", "--assignment", "a2.yaml"], "a2.yaml:5:1: this is an assignment"),
        (
            ["check", "mine.yaml", "--assignment", "mine.yaml"],
            "mine.yaml:3:1: this is a submission",
        ),
        (["key", "."], "expected a file, or one of"),
        (["key", "."], "got a folder"),
        (["sheet", "a2.yaml", "--students", "all.csv", "--out", "all.csv"], "all.csv: can't write"),
        (["gradescope", "a2.yaml", "--out", "all.csv/x.zip"], "a file stands where this folder"),
        (["check", "no.yaml"], "no.yaml: no submission says which assignment it answers"),
    ],
)
def test_a_file_in_place_of_another_is_called_what_it_is(
    tiny, tmp_path, monkeypatch, arguments, says
):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "a2.yaml", tiny.read_text(encoding="utf-8"))
    put(tmp_path, "mine.yaml", "assignment: tiny\nstudent: {id: a}\nanswers: {}\n")
    put(tmp_path, "all.csv", "id,name\na,A\n")
    put(tmp_path, "no.yaml", "just words\n")
    result = checker(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk is full here")
def test_an_output_that_cannot_be_written_is_not_our_fault():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "assignments"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("checker: the output: can't be written: ")
    assert "fault" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the output")
def test_a_closed_output_is_no_error():
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m checker assignments >&- 2>&-"], check=False
    )
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_an_output_folder_that_cannot_be_written_is_refused(folder, tmp_path):
    put(folder, "student-b.yaml", STUDENT_B)
    (tmp_path / "loop").symlink_to("loop")
    result = checker("grade", folder, "--out", tmp_path / "loop" / "out")
    assert result.exit_code == 2
    assert "can't write the reports: " in result.stderr
    assert "Open " not in result.stdout


def right_values():
    """Every number of the reference's answers that says something, as it could be printed."""
    assignment = load_assignment(find_assignment("fit3181-a2"))
    for asked in assignment.asked:
        if asked.target is None:
            continue
        for value in np.ravel(assignment.reference.graph.value(asked.target.node)):
            printed = set()
            for digits in range(3, 16):
                printed |= {f"{abs(value):.{digits}g}", f"{abs(value):.{digits}f}"}
                printed.add(f"{abs(value):.{digits}e}")
            # What has less than three significant digits stands in any text.
            yield {text for text in printed if len(re.sub(r"^0+|\.|e.*", "", text).strip("0")) >= 3}


def leaks(text, own):
    """The right values that stand in ``text``, apart from those that the student wrote."""
    numbers = set(re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", text))
    mine = set(re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", own))
    return {number for printed in right_values() for number in printed & numbers} - mine


@pytest.mark.parametrize("name", ["student-a", "student-b"])
def test_without_reveal_no_output_holds_a_right_value(name, folder, out):
    own = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
    file = put(folder, f"{name}.yaml", own)
    assert "2.0144" in {text for printed in right_values() for text in printed}
    assert leaks(checker("check", file).output, own) == set()
    assert leaks(checker("grade", folder, "--out", out).output, own) == set()
    for path, content in written(out).items():
        if path != "index.html":  # the teacher's page compares what was written with the key
            assert leaks(content.decode(), own) == set(), path


def test_with_reveal_the_reports_hold_the_right_values(folder, out):
    file = put(folder, "student-a.yaml", STUDENT_A)
    assert "2.01438" in checker("check", file, "--reveal").stdout
    checker("grade", folder, "--out", out, "--reveal")
    for name in ("results.json", "feedback/student-a.html", "feedback/student-a.md"):
        assert "2.01438" in (out / name).read_text(encoding="utf-8"), name
