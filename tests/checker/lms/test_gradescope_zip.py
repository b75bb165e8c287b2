"""``checker gradescope``: the zip that makes an autograder, in a tree like Gradescope's."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.lms import gradescope_zip

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "tests" / "cases" / "fit3181-a2"


def gradescope(*arguments):
    return CliRunner().invoke(cli.app, ["gradescope", *map(str, arguments)])


@pytest.fixture
def autograder(tmp_path):
    """A tree like Gradescope's, with a zip that was just built unpacked into it."""
    root = tmp_path / "autograder"
    archive = tmp_path / "a.zip"
    result = gradescope("fit3181-a2", "--out", archive)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{archive}: upload it")
    (root / "submission").mkdir(parents=True)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(root / "source")
        for info in opened.infolist():
            (root / "source" / info.filename).chmod(info.external_attr >> 16 & 0o777)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    return root


def run_autograder(root, **environ):
    return subprocess.run(
        [root / "run_autograder"],
        cwd=root,
        env={
            **os.environ,
            "CHECKER_AUTOGRADER_ROOT": str(root),
            "CHECKER_PYTHON": sys.executable,
            # What grades is the zip's own copy of the project.
            "PYTHONPATH": str(root / "source" / "project"),
            **environ,
        },
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_the_built_autograder_grades_what_is_handed_in(autograder):
    shutil.copy(CASES / "student-b.yaml", autograder / "submission" / "homework.yaml")
    done = run_autograder(autograder)
    assert done.returncode == 0, done.stderr
    results = json.loads((autograder / "results" / "results.json").read_text("utf-8"))
    assert results["score"] == 13.0
    tags = {tag for test in results["tests"] for tag in test["tags"]}
    assert "mean-factor-dropped-in-gradient" in tags
    assert "homework.yaml:27:13" in json.dumps(results)


@pytest.mark.parametrize("module", ["yaml.py", "checker.py", "checker/__init__.py", "json.py"])
def test_no_code_of_a_student_runs_in_the_autograder(autograder, module):
    shutil.copy(CASES / "student-b.yaml", autograder / "submission" / "homework.yaml")
    evil = autograder / "submission" / module
    evil.parent.mkdir(exist_ok=True)
    evil.write_text("open('was-run', 'w').close(); raise SystemExit(0)\n", encoding="utf-8")
    done = run_autograder(autograder)
    assert done.returncode == 0, done.stderr
    assert not (autograder / "submission" / "was-run").exists()
    assert json.loads((autograder / "results" / "results.json").read_text("utf-8"))["score"] == 13


@pytest.mark.parametrize("text", [None, "answers: {q1: [7\n"], ids=["nothing", "unreadable"])
def test_the_built_autograder_tells_what_it_cant_grade(autograder, text):
    if text is not None:
        (autograder / "submission" / "a.yaml").write_text(text, encoding="utf-8")
    done = run_autograder(autograder)
    assert done.returncode == 0, done.stderr
    results = json.loads((autograder / "results" / "results.json").read_text("utf-8"))
    assert results["score"] == 0
    assert "This is not a zero" in results["output"]


def test_the_built_autograder_fails_where_the_checker_does(autograder):
    (autograder / "results").mkdir()
    (autograder / "results" / "results.json").write_text("{}", encoding="utf-8")
    (autograder / "source" / "assignment.yaml").write_text("nonsense", encoding="utf-8")
    done = run_autograder(autograder)
    assert done.returncode != 0
    assert not (autograder / "results" / "results.json").exists()


def test_the_set_up_script_installs_from_the_zip_into_an_environment_of_its_own(
    autograder, tmp_path
):
    tools = tmp_path / "tools"
    tools.mkdir()
    log = tmp_path / "log"
    # A Python that makes an environment whose Python writes down what it is asked for.
    (tools / "python3").write_text(
        '#!/bin/bash\nif [ "$1" = -m ]; then mkdir -p "$3/bin"; '
        f'printf \'#!/bin/sh\\necho "$@" >> "{log}"\\n\' > "$3/bin/python"; '
        'chmod +x "$3/bin/python"; exit; fi\n'
        f"exec '{sys.executable}' \"$@\"\n",
        encoding="utf-8",
    )
    (tools / "python3").chmod(0o755)
    subprocess.run(
        [autograder / "source" / "setup.sh"],
        env={
            "PATH": f"{tools}:/usr/bin:/bin",
            "CHECKER_AUTOGRADER_ROOT": str(autograder),
        },
        check=True,
        timeout=60,
    )
    assert log.read_text("utf-8") == f"-m pip install --quiet {autograder}/source/project\n"
    assert (autograder / "checker-venv" / "bin" / "python").exists()


def test_the_zip_has_all_that_pip_needs(autograder):
    project = autograder / "source" / "project"
    about = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
    assert about["project"]["name"] == gradescope_zip.DISTRIBUTION
    assert (project / about["project"]["readme"]).is_file()
    for pattern in about["project"]["license-files"]:
        assert list(project.glob(pattern))
    packages = about["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert packages == list(gradescope_zip.PACKAGES)
    for package in packages:
        there = {p.relative_to(project) for p in (project / package).rglob("*") if p.is_file()}
        here = {
            p.relative_to(ROOT)
            for p in (ROOT / package).rglob("*")
            if p.is_file() and "__pycache__" not in p.parts
        }
        assert there == here
    module, function = about["project"]["scripts"]["checker"].split(":")
    code = (
        f"import {module} as m; assert m.__file__.startswith({str(project)!r}); "
        f"import sys; sys.argv = ['checker', 'assignments']; m.{function}()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        encoding="utf-8",
        cwd=autograder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "fit3181-a2" in done.stdout


def test_an_installation_without_its_clone_gives_the_same_project(tmp_path):
    for package in gradescope_zip.PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    made = dict(gradescope_zip.project_files(tmp_path))
    cloned = dict(gradescope_zip.project_files())
    assert made.keys() == cloned.keys()
    ours = tomllib.loads(made["pyproject.toml"].decode())
    real = tomllib.loads(cloned["pyproject.toml"].decode())
    for key in ("name", "version", "requires-python", "scripts"):
        assert ours["project"][key] == real["project"][key]
    assert ours["tool"]["hatch"]["build"] == real["tool"]["hatch"]["build"]
    assert ours["build-system"] == real["build-system"]
    wanted = {requirement.split(">")[0] for requirement in ours["project"]["dependencies"]}
    assert {"numpy", "pydantic", "typer"} <= wanted
    assert "pytest" not in wanted


def test_the_same_project_gives_the_same_zip():
    assignment = ROOT / "reference_solutions" / "assignments" / "fit3181-a2.yaml"
    assert gradescope_zip.gradescope_zip(assignment) == gradescope_zip.gradescope_zip(assignment)


def test_no_zip_is_built_of_an_assignment_that_cant_be_used(tmp_path):
    (tmp_path / "broken.yaml").write_text("assignment: x\n", encoding="utf-8")
    out = tmp_path / "a.zip"
    for assignment in ("no-such-assignment", tmp_path / "broken.yaml"):
        result = gradescope(assignment, "--out", out)
        assert result.exit_code == 2
        assert result.stderr.startswith("checker: ")
        assert not out.exists()
