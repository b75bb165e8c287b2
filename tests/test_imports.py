"""Imports run one way, and what a command doesn't need it doesn't load."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

HEAVY = ("numpy", "pydantic", "rich", "jinja2", "latex2mathml", "yaml", "concurrent.futures")


def modules_after(code: str) -> set[str]:
    """The modules that are loaded in a fresh interpreter after ``code``."""
    program = f"{code}\nimport sys; print('\\n' + '\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines())


with_linter = pytest.mark.skipif(
    importlib.util.find_spec("importlinter") is None, reason="import-linter is not installed"
)


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@with_linter
def test_the_contracts_of_the_import_linter_are_kept():
    done = linted(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@with_linter
def test_a_module_that_no_contract_names_breaks_one(tmp_path):
    """The packages are hollow: what is in them makes no difference here."""
    contracts = (ROOT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(contracts, "utf-8")
    for package in ("checker", "reference_solutions", "submissions_schema"):
        (tmp_path / package).mkdir()
        for child in (ROOT / package).iterdir():
            if (child / "__init__.py").is_file():
                (tmp_path / package / child.name).mkdir()
                (tmp_path / package / child.name / "__init__.py").touch()
            elif child.suffix == ".py":
                (tmp_path / package / child.name).touch()
    assert linted(tmp_path).returncode == 0
    for package in ("checker", "reference_solutions"):
        (tmp_path / package / "unnamed.py").touch()
    done = linted(tmp_path)
    assert done.returncode == 1
    assert "checker.unnamed" in done.stdout
    assert "reference_solutions.unnamed" in done.stdout


@pytest.mark.parametrize("name", HEAVY)
def test_the_command_line_is_imported_without(name):
    assert name not in modules_after("import checker.cli")


@pytest.mark.parametrize("name", HEAVY)
def test_help_is_shown_without(name):
    code = (
        "import contextlib, sys\n"
        "from checker.cli import main\n"
        "sys.argv = ['checker', '--help']\n"
        "with contextlib.suppress(SystemExit): main()"
    )
    assert name not in modules_after(code)


SHEET = """\
assignment: small
title: Small
given: {x: [1, 2]}
steps: {s: sum(x)}
questions: {q1: {points: 1, answers: {s: s}}}
"""


def test_what_no_option_asks_for_is_not_loaded_to_grade(tmp_path):
    (tmp_path / "small.yaml").write_text(SHEET, "utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "s1.yaml").write_text(
        "assignment: small\nstudent: {id: s1}\nanswers: {q1: 3}\n", "utf-8"
    )
    call = ["checker", "grade", "in", "-a", "small.yaml", "-o", "out", "-j", "1"]
    code = (
        f"import contextlib, os, sys\nfrom checker.cli import main\nos.chdir({str(tmp_path)!r})\n"
        f"sys.argv = {call}\nwith contextlib.suppress(SystemExit): main()"
    )
    loaded = modules_after(code)
    assert (tmp_path / "out" / "results.json").is_file()
    assert "checker.reports.html" in loaded
    options = {"gradebook", "feedback_zip", "table", "roster"}
    assert not loaded & {f"checker.lms.{name}" for name in options}
    assert not loaded & {"checker.marking.applying", "checker.regrading.comparing"}
    assert not loaded & {"multiprocessing", "concurrent.futures.process", "distributed", "jinja2"}


@pytest.mark.parametrize(
    ("package", "others"),
    [
        ("submissions_schema", ("reference_solutions", "checker")),
        ("reference_solutions", ("checker",)),
    ],
)
def test_a_lower_package_loads_none_above_it(package, others):
    code = (
        "import importlib, pkgutil\n"
        f"import {package}\n"
        f"for m in pkgutil.walk_packages({package}.__path__, '{package}.'):\n"
        "    importlib.import_module(m.name)"
    )
    loaded = {module.partition(".")[0] for module in modules_after(code)}
    assert package in loaded
    assert not loaded & set(others)
