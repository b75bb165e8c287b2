"""What the pages of ``docs`` show is what happens; each page is run from top to bottom.

``python -m tests.documents`` brings the output on the pages up to date.
"""

import re

import pytest

from checker import cli
from tests.documents import (
    ROOT,
    blocks,
    check_output,
    commands,
    lay_out,
    pages,
    run,
    said,
    shown,
    write,
)

DOCS = sorted((ROOT / "docs").glob("*.md"))
README = ROOT / "README.md"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_page_run_from_top_to_bottom_does_what_it_shows(page, tmp_path):
    lay_out(tmp_path)
    for block in blocks(page):
        if block.file:
            write(block, tmp_path)
        elif block.language == "bash":
            for command in commands(block):
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
