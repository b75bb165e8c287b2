"""The action of GitHub: what it takes and gives, and that nothing of a student runs in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
ALWAYS = ["--format", "github", "--out", "."]


@pytest.fixture(scope="module")
def action():
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def test_the_action_is_composite_and_says_what_it_takes_and_gives(action):
    assert action["runs"]["using"] == "composite"
    assert set(action) <= {"name", "description", "author", "branding", "inputs", "outputs", "runs"}
    for item in (*action["inputs"].values(), *action["outputs"].values()):
        assert item["description"]
    assert set(action["outputs"]) == {"score", "max_score", "result"}
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.grade.outputs.{name} }}}}"
    for step in action["runs"]["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert ("run" in step) == ("shell" in step)


def test_every_input_of_the_action_is_used_and_none_is_pasted_into_a_script(action):
    steps = action["runs"]["steps"]
    passed = json.dumps([step.get("env", {}) | step.get("with", {}) for step in steps])
    for name in action["inputs"]:
        assert f"${{{{ inputs.{name} }}}}" in passed
    assert not [step for step in steps if "${{" in step.get("run", "")]


def run_step(action, name, folder, **environ):
    """Run a step's script as GitHub's runner does, in a folder that a student filled."""
    script = next(step["run"] for step in action["runs"]["steps"] if step["name"] == name)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        env={"PATH": os.environ["PATH"], **environ},
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("tools", ["bin", "Scripts"])
def test_the_action_installs_itself_into_an_environment_of_its_own(action, tmp_path, tools):
    log, python = tmp_path / "log", tmp_path / "python"
    # A Python that makes an environment whose Python writes down what it is asked for.
    python.write_text(
        f'#!/bin/bash\n[ "$1 $2 $3" = "-P -m venv" ] || exit 1\nmkdir -p "$4/{tools}"\n'
        f'printf \'#!/bin/sh\\nprintf "%%s\\\\n" "$@" >> "{log}"\\n\' > "$4/{tools}/python"\n'
        f'chmod +x "$4/{tools}/python"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    done = run_step(
        action,
        "Install the checker",
        tmp_path,
        RUNNER_TEMP=str(tmp_path / "runner"),
        CHECKER_ACTION=str(tmp_path / "an action"),
        CHECKER_PYTHON=str(python),
    )
    assert done.returncode == 0, done.stderr
    said = log.read_text("utf-8").splitlines()
    assert said[:4] == ["-P", "-m", "pip", "install"]
    assert said[-1] == str(tmp_path / "an action")


def test_no_code_of_a_student_runs_while_the_action_installs(action, tmp_path):
    repository = tmp_path / "repository"
    for module in ("venv", "ensurepip", "subprocess", "pip"):
        (repository / module).mkdir(parents=True)
        evil = "import sys; sys.exit('a module of the student was run')\n"
        (repository / module / "__init__.py").write_text(evil, encoding="utf-8")
    done = run_step(
        action,
        "Install the checker",
        repository,
        RUNNER_TEMP=str(tmp_path / "runner"),
        CHECKER_ACTION=str(tmp_path / "no action"),
        CHECKER_PYTHON=sys.executable,
        PIP_NO_INDEX="1",
    )
    assert done.returncode != 0  # There is nothing to install, which pip itself says.
    assert "a module of the student" not in done.stderr
    assert (tmp_path / "runner" / "homework-checker").is_dir()
    assert "no action" in done.stderr


@pytest.mark.parametrize(
    ("inputs", "arguments"),
    [
        ({}, ALWAYS),
        (
            {"ASSIGNMENT": "$(touch evil)", "FAIL_UNDER": "50", "PATH": "-a b; touch evil"},
            [*ALWAYS, "--assignment", "$(touch evil)", "--fail-under", "50"],
        ),
        (
            {"FORMAT": " junit,\nhtml *"},
            [*ALWAYS, "--format", "junit", "--format", "html", "--format", "*"],
        ),
    ],
)
def test_the_action_runs_the_command_with_what_it_is_given(action, tmp_path, inputs, arguments):
    tools = tmp_path / "homework-checker" / "bin"
    tools.mkdir(parents=True)
    (tools / "checker").write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n', encoding="utf-8")
    (tools / "checker").chmod(0o755)
    given = {"PATH": ".", "ASSIGNMENT": "", "FAIL_UNDER": "", "FORMAT": "", "OUT": "."} | inputs
    environ = {f"INPUT_{name}": value for name, value in given.items()}
    done = run_step(action, "Grade", tmp_path, RUNNER_TEMP=str(tmp_path), **environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\0")[:-1] == ["ci", *arguments, "--", given["PATH"]]
    assert not (tmp_path / "evil").exists()
