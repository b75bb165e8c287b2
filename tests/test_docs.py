"""What the pages of ``docs`` show is what happens; each page is run from top to bottom.

``python -m tests.documents`` brings the output on the pages up to date.
"""

import re
import shutil
from typing import get_args

import pytest
import yaml

from checker import cli
from checker.report import Verdict
from reference_solutions.shipped import shipped_assignments
from submissions_schema.grading_settings import Marking, Matching
from tests.documents import (
    README,
    ROOT,
    blocks,
    check_output,
    lay_out,
    pages,
    run,
    runnable,
    said,
    shown,
    write,
)

DOCS = sorted((ROOT / "docs").glob("*.md"))
MARKING = ROOT / "docs" / "comparing-and-marking.md"
WORKFLOWS = [yaml.safe_load(block.text) for block in blocks(ROOT / "docs" / "ci.md", "yml")]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_page_run_from_top_to_bottom_does_what_it_shows(page, tmp_path):
    lay_out(tmp_path)
    for block in blocks(page):
        if block.file:
            write(block, tmp_path)
        elif block.language == "bash":
            for command in runnable(block):
                done = run(command, tmp_path)
                assert done.returncode in (0, 1), f"line {block.line}: {command}\n{done.stderr}"
        elif block.language == "console":
            command, excerpt = shown(block)
            done = run(command, tmp_path)
            assert done.returncode in (0, 1, 2), f"line {block.line}: {command}\n{done.stderr}"
            check_output(excerpt, said(done))


@pytest.mark.parametrize("page", [*DOCS, README, ROOT / "CHANGELOG.md"], ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target, _, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(#([^)]+))?\)", text):
        path = page.parent / target if target else page
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in headings}
            assert anchor in slugs, f"{target}#{anchor}"


def test_every_page_can_be_reached_from_the_readme():
    text = README.read_text(encoding="utf-8")
    assert [page.name for page in DOCS if f"docs/{page.name}" not in text] == []


def test_every_command_is_named_in_the_readme():
    text = README.read_text(encoding="utf-8")
    names = [command.name or command.callback.__name__ for command in cli.app.registered_commands]
    assert [name for name in names if f"`checker {name}" not in text] == []


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Matching, Marking])
def test_a_table_of_settings_lists_them_all_with_their_defaults(model):
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (`[^`]+`|none) \|", MARKING.read_text(encoding="utf-8"), re.M)
    )
    for name, field in model.model_fields.items():
        default = "none" if field.default is None else f"`{field.default}`".lower()
        assert rows.get(name) == default, name


def test_every_verdict_is_explained():
    text = MARKING.read_text(encoding="utf-8")
    found = re.findall(r"^\| `(\w+)` \| [^`|]+ \|$", text, re.M)
    assert set(get_args(Verdict)) <= set(found)


# --- CI files -----------------------------------------------------------------------------------


def test_the_step_for_github_gives_the_action_what_it_takes():
    (steps,) = (workflow for workflow in WORKFLOWS if isinstance(workflow, list))
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for step in steps:
        assert set(step["with"]) <= set(action["inputs"])
        assert step["with"]["assignment"] in shipped_assignments()


def test_the_job_for_gitlab_runs_and_leaves_what_it_says(tmp_path):
    (job,) = (workflow["grade"] for workflow in WORKFLOWS if "grade" in workflow)
    cases = ROOT / "tests" / "cases" / "fit3181-a2"
    shutil.copy(cases / "student-b.yaml", tmp_path / "submission.yaml")
    done = run(job["script"], tmp_path)
    assert done.returncode == 0, done.stderr
    artifacts = job["artifacts"]
    for path in (*artifacts["paths"], artifacts["reports"]["junit"]):
        assert (tmp_path / path).exists(), path
