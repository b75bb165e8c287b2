"""What ``import checker`` offers, as its documentation shows it."""

import doctest
import io
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import checker
from checker import api
from submissions_schema.problems import InputError

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "tests" / "cases" / "fit3181-a2").glob("*.yaml"))


def test_the_example_of_the_module_runs():
    tried = doctest.testmod(api)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_the_documented_examples_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    said = io.StringIO()
    names = {}
    with redirect_stdout(said):
        for block in blocks:
            exec(compile(block, "docs/python.md", "exec"), names)
    lines = said.getvalue().splitlines()
    assert lines[:2] == ["fit3181-a2 25.0", "ada graded"]
    assert [line.split()[0] for line in lines[-len(CASES) :]] == [p.stem for p in CASES]


def test_all_that_is_public_is_there_and_nothing_is_loaded_before_it_is_used():
    for name in checker.__all__:
        assert getattr(checker, name).__doc__
    with pytest.raises(AttributeError, match="nothing"):
        _ = checker.nothing
    program = "import sys, checker; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_many_come_in_order_and_are_the_same_as_one_by_one():
    sheet = checker.load_assignment("fit3181-a2")
    paths = [*CASES, ROOT / "nothing.yaml", *reversed(CASES)]
    many = list(checker.grade_many(sheet, paths))
    assert many == [checker.grade(sheet, path, name=str(path)) for path in paths]
    assert many[len(CASES)].report.status == "unreadable"


def test_an_assignment_that_is_not_there_is_an_input_error():
    with pytest.raises(InputError):
        checker.load_assignment("no-such-sheet")


ONE = b"assignment: fit3181-a2\nstudent: ada\nanswers: {q3.2: {yhat_0: [1, 2, 3]}}"


def test_what_is_public_is_listed_before_it_is_loaded():
    assert dir(checker) == sorted(checker.__all__)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda sheet: checker.load_assignment(None), TypeError, "id or path, got NoneType"),
        (lambda sheet: checker.load_assignment(ONE), TypeError, "id or path, got bytes"),
        (lambda sheet: checker.load_assignment(ROOT), InputError, "got a folder"),
        (lambda sheet: checker.load_assignment(CASES[0]), InputError, "this is a submission"),
        (
            lambda sheet: checker.load_assignment("fit3181-a2", decisions="my.yaml"),
            TypeError,
            "several paths, got str",
        ),
        (
            lambda sheet: checker.load_assignment("fit3181-a2", decisions=["nothing.yaml"]),
            InputError,
            "nothing.yaml: there is no such file",
        ),
        (lambda sheet: checker.grade("fit3181-a2", ONE), TypeError, "load_assignment, got str"),
        (lambda sheet: checker.grade(sheet, {}), TypeError, "path or bytes, got dict"),
        (lambda sheet: checker.grade(sheet, ONE.decode()), ValueError, "got its text"),
        (lambda sheet: checker.grade_many("fit3181-a2", []), TypeError, "got str"),
        (lambda sheet: checker.grade_many(sheet, str(CASES[0])), TypeError, "paths, got str"),
        (lambda sheet: checker.grade_many(sheet, CASES[0]), TypeError, "paths, got .*Path"),
        (lambda sheet: checker.grade_many(sheet, CASES, jobs=0), ValueError, "jobs .* 1, got 0"),
        (lambda sheet: checker.grade_many(sheet, CASES, width=-1), ValueError, "width .* got -1"),
    ],
)
def test_what_can_not_be_used_is_said_at_once_with_what_was_expected(call, error, says):
    sheet = checker.load_assignment("fit3181-a2")
    with pytest.raises(error, match=says):
        call(sheet)


def test_paths_may_be_texts_and_come_one_by_one():
    sheet = checker.load_assignment("fit3181-a2")
    found = checker.grade_many(sheet, (str(path) for path in CASES))
    assert next(found) == checker.grade(sheet, CASES[0], name=str(CASES[0]))
    assert len(list(found)) == len(CASES) - 1
