"""What the README shows is what happens: its commands run, its files load, its output is real.

``python tests/test_readme.py`` brings the excerpts of output in the README up to date. An excerpt
is made of paragraphs; ``...`` stands for what is left out between them.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from reference_solutions.assignment import load_assignment, shipped_assignments
from submissions_schema.assignment_file import load_assignment_file
from submissions_schema.grading_settings import Marking, Matching
from submissions_schema.submission import load_submission

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
GAP = "..."

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SET_UP = "python3 -m venv .venv && .venv/bin/pip install --quiet "


@dataclass(frozen=True)
class Block:
    """A fenced block of the README, and the line that it begins on."""

    language: str
    text: str
    line: int


def blocks(*languages: str) -> list[Block]:
    text = README.read_text(encoding="utf-8")
    return [
        Block(match[1], match[2], text.count("\n", 0, match.start()) + 1)
        for match in FENCE.finditer(text)
        if match[1] in languages
    ]


def by_line(block: Block) -> str:
    return f"line {block.line}"


SHELL = blocks("bash")
CONSOLE = blocks("console")
YAML = blocks("yaml")
PYTHON = blocks("python")


def file_name(block: Block) -> str:
    match = re.match(r"# (\S+\.(?:yaml|py))\n", block.text)
    assert match, f"the block on line {block.line} doesn't begin with its file's name"
    return match[1]


def lay_out(folder: Path) -> None:
    """Put what the README's commands refer to below ``folder``."""
    for block in (*YAML, *PYTHON):
        (folder / file_name(block)).write_text(block.text, encoding="utf-8")
    cases = ROOT / "tests" / "cases" / "fit3181-a2"
    shutil.copytree(cases, folder / "tests" / "cases" / "fit3181-a2")
    shutil.copytree(cases, folder / "submissions")
    for path in (ROOT / "tests" / "cases" / "lms").iterdir():
        shutil.copy(path, folder)
    shutil.make_archive(str(folder / "submissions"), "zip", folder / "submissions")


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run ``checker`` or a Python file with the installation that runs the tests."""
    program, *arguments = shlex.split(command)
    assert Path(program).name in ("checker", "python")
    module = ["-m", "checker"] if Path(program).name == "checker" else []
    return subprocess.run(
        [sys.executable, *module, *arguments],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("readme")
    lay_out(path)
    return path


# --- shell commands ---------------------------------------------------------------------------


def commands(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.strip() and not line.startswith("#")]


def test_the_readme_has_commands_files_and_output():
    assert len(SHELL) >= 3
    assert len(CONSOLE) >= 3
    assert len(YAML) >= 2
    shown_commands = [shown(block)[0] for block in CONSOLE]
    assert all(f"python {file_name(block)}" in shown_commands for block in PYTHON)
    assert PYTHON


@pytest.mark.parametrize("block", SHELL, ids=by_line)
def test_a_shell_command_runs(block, folder):
    for command in commands(block):
        if command.startswith(SET_UP):
            continue  # These two need the network; their parts are checked below.
        if "--marks " in command and not (folder / "report" / "ungraded.yaml").exists():
            run("checker grade submissions", folder)  # What another block does, in any order.
        done = run(command, folder)
        assert done.returncode == 1, done.stderr
        assert done.stderr == ""


def set_up_commands() -> tuple[list[str], list[str]]:
    """The words of the set-up command and of the test command, without what they share."""
    found = [line for block in SHELL for line in commands(block) if line.startswith(SET_UP)]
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


# --- CI files ---------------------------------------------------------------------------------

WORKFLOWS = [yaml.safe_load(block.text) for block in blocks("yml")]


def test_the_step_for_github_gives_the_action_what_it_takes():
    (steps,) = (workflow for workflow in WORKFLOWS if isinstance(workflow, list))
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for step in steps:
        assert set(step["with"]) <= set(action["inputs"])
        assert step["with"]["assignment"] in shipped_assignments()


def test_the_job_for_gitlab_runs_and_leaves_what_it_says(tmp_path):
    (jobs,) = (workflow for workflow in WORKFLOWS if isinstance(workflow, dict))
    cases = ROOT / "tests" / "cases" / "fit3181-a2"
    shutil.copy(cases / "student-b.yaml", tmp_path / "submission.yaml")
    for job in jobs.values():
        done = run(job["script"], tmp_path)
        assert done.returncode == 0, done.stderr
        artifacts = job["artifacts"]
        for path in (*artifacts["paths"], artifacts["reports"]["junit"]):
            assert (tmp_path / path).exists(), path


# --- output -----------------------------------------------------------------------------------


def paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n|^\.\.\.$", text, flags=re.MULTILINE)]


def shown(block: Block) -> tuple[str, str]:
    """A console block's command, and its output."""
    command, _, output = block.text.partition("\n")
    assert command.startswith("$ ")
    return command[2:], output


def plain(output: str) -> str:
    return "\n".join(line.rstrip() for line in output.splitlines())


@pytest.mark.parametrize("block", CONSOLE, ids=by_line)
def test_the_output_shown_is_real(block, folder):
    command, excerpt = shown(block)
    done = run(command, folder)
    assert done.returncode in (0, 1), done.stderr
    rest = plain(done.stdout)
    for part in re.split(r"^\.\.\.\n", excerpt, flags=re.MULTILINE):
        if not part.strip():
            continue
        assert part.strip("\n") in rest, "run `python tests/test_readme.py` to bring it up to date"
        rest = rest.partition(part.strip("\n"))[2]
    if GAP not in excerpt.splitlines():
        assert excerpt.strip("\n") == plain(done.stdout).strip("\n")


def current(block: Block, folder: Path) -> str:
    """A console block with its output as it is now, paragraph by paragraph."""
    command, excerpt = shown(block)
    output = plain(run(command, folder).stdout)
    if GAP not in excerpt.splitlines():
        return f"$ {command}\n{output.strip()}\n"
    whole = paragraphs(output)
    lines = [f"$ {command}"]
    last = -1
    for part in filter(None, paragraphs(excerpt)):
        # A paragraph is known again by the words of its title, which points may follow.
        title = re.split(r"\s{2,}", part.splitlines()[0])[0]
        at = next(i for i, other in enumerate(whole) if i > last and other.startswith(title))
        if at > last + 1:
            lines.append(GAP)
        elif last >= 0:
            lines.append("")
        lines.append(whole[at])
        last = at
    if last + 1 < len(whole):
        lines.append(GAP)
    return "\n".join(lines) + "\n"


# --- files and tables -------------------------------------------------------------------------


@pytest.mark.parametrize("block", YAML, ids=file_name)
def test_a_file_is_read_by_the_real_reader(block, folder):
    path = folder / file_name(block)
    if "\nquestions:" in block.text:
        load_assignment(path)
    else:
        load_submission(path)


def test_the_submission_answers_everything_the_assignment_asks(folder):
    asked = load_assignment_file(folder / "layer.yaml").file
    given = load_submission(folder / "mine.yaml").submission
    assert given.assignment == asked.assignment
    assert list(given.answers) == list(asked.questions)
    assert list(given.answers["forward"]) == list(asked.questions["forward"].answers)


@pytest.mark.parametrize("model", [Matching, Marking])
def test_a_table_of_settings_lists_them_all_with_their_defaults(model):
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (`[^`]+`|none) \|", README.read_text(encoding="utf-8"), re.M)
    )
    for name, field in model.model_fields.items():
        default = "none" if field.default is None else f"`{field.default}`".lower()
        assert rows.get(name) == default, name


def test_every_verdict_is_explained():
    from typing import get_args  # noqa: PLC0415

    from checker.report import Verdict  # noqa: PLC0415

    text = README.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \| [^`|]+ \|$", text, re.M)[: len(get_args(Verdict))] == list(
        get_args(Verdict)
    )


@pytest.mark.parametrize(
    "document", ["README.md", "docs/platforms.md", "docs/results-json.md", "CHANGELOG.md"]
)
def test_links_lead_somewhere(document):
    path = ROOT / document
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_place_for_the_measured_table_is_there_once():
    text = README.read_text(encoding="utf-8")
    assert text.count("<!-- measured:begin -->\n") == 1
    assert text.count("<!-- measured:end -->\n") == 1
    assert text.index("<!-- measured:begin -->") < text.index("<!-- measured:end -->")


def bring_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name))
        for block in CONSOLE:
            text = text.replace(
                f"```console\n{block.text}```", f"```console\n{current(block, Path(name))}```"
            )
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    bring_up_to_date()
