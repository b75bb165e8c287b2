"""Pages of documentation whose examples are run: blocks of files, commands, and output.

A block of output begins with its command, ``$ checker …``; it is made of paragraphs, and ``...``
stands for what is left out between them.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
GAP = "..."
SET_UP = "python3 -m venv .venv && .venv/bin/pip install --quiet "
"""How the two commands of the README begin that need the network."""

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = ("yaml", "python", "toml")
NAME = re.compile(r"# (\S+\.(?:yaml|py|toml))\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, and the line that it begins on."""

    language: str
    text: str
    line: int

    @property
    def file(self) -> str | None:
        """The file that the block holds, by its first line."""
        match = NAME.match(self.text) if self.language in FILES else None
        return match[1] if match else None


def blocks(page: Path, *languages: str) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(match[1], match[2], text.count("\n", 0, match.start()) + 1)
        for match in FENCE.finditer(text)
        if not languages or match[1] in languages
    ]


def lay_out(folder: Path) -> None:
    """Put what commands of the pages refer to below ``folder``."""
    cases = ROOT / "tests" / "cases" / "fit3181-a2"
    shutil.copytree(cases, folder / "tests" / "cases" / "fit3181-a2")
    shutil.copytree(cases, folder / "submissions")
    for path in (ROOT / "tests" / "cases" / "lms").iterdir():
        shutil.copy(path, folder)
    shutil.make_archive(str(folder / "submissions"), "zip", folder / "submissions")
    for block in blocks(README):
        if block.file:
            write(block, folder)


def write(block: Block, folder: Path) -> None:
    assert block.file is not None, f"the block on line {block.line} doesn't begin with its file"
    path = folder / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")


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


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What a command says: its output, or why there is none."""
    return done.stdout or done.stderr


def commands(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.strip() and not line.startswith("#")]


def runnable(block: Block) -> list[str]:
    """The commands of a block that need no network."""
    return [command for command in commands(block) if not command.startswith(SET_UP)]


def shown(block: Block) -> tuple[str, str]:
    """A console block's command, and its output."""
    command, _, output = block.text.partition("\n")
    assert command.startswith("$ ")
    return command[2:], output


def paragraphs(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n|^\.\.\.$", text, flags=re.MULTILINE)]


def plain(output: str) -> str:
    return "\n".join(line.rstrip() for line in output.splitlines())


def check_output(excerpt: str, output: str) -> None:
    """Fail unless an excerpt is what a command says, but for what ``...`` stands for."""
    rest = plain(output)
    for part in re.split(r"^\.\.\.\n", excerpt, flags=re.MULTILINE):
        if not part.strip():
            continue
        assert part.strip("\n") in rest, "run `python -m tests.documents` to bring it up to date"
        rest = rest.partition(part.strip("\n"))[2]
    if GAP not in excerpt.splitlines():
        assert excerpt.strip("\n") == plain(output).strip("\n")


def current(block: Block, output: str) -> str:
    """A console block with its output as it is now, paragraph by paragraph."""
    command, excerpt = shown(block)
    output = plain(output)
    if GAP not in excerpt.splitlines():
        return f"$ {command}\n{output.strip(chr(10))}\n"
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


# --- pages whose blocks are run one after the other ---------------------------------------------


def pages() -> list[Path]:
    """The pages that show what commands say, but for those that have a test of their own."""
    found = [README, *sorted((ROOT / "docs").glob("*.md"))]
    return [page for page in found if blocks(page, "console") and not own_test(page).exists()]


def own_test(page: Path) -> Path:
    """Where a page's own test stands, if it has one."""
    return ROOT / "tests" / f"test_{page.stem.replace('-', '_')}_page.py"


def bring_up_to_date(page: Path, folder: Path) -> None:
    """Write the output on a page anew, in the order in which it comes about."""
    text = page.read_text(encoding="utf-8")
    for block in blocks(page):
        if block.file:
            write(block, folder)
        elif block.language == "bash":
            for command in runnable(block):
                run(command, folder)
        elif block.language == "console":
            now = current(block, said(run(shown(block)[0], folder)))
            text = text.replace(f"```console\n{block.text}```", f"```console\n{now}```")
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    import tempfile

    for one in pages():
        with tempfile.TemporaryDirectory() as name:
            lay_out(Path(name))
            bring_up_to_date(one, Path(name))
