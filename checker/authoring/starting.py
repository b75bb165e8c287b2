"""Models of assignments to begin a sheet with, each with a submission that answers it rightly."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

FOLDER = Path(__file__).with_name("models")
EMPTY = "empty"

_ID = re.compile(r"^assignment: .*$", re.MULTILINE)
_STUDENT = re.compile(r"^student: .*$", re.MULTILINE)
_TITLE = re.compile(r"^title: .*$", re.MULTILINE)


def models() -> dict[str, str]:
    """Return the models by name, with what each is about: its first line."""
    found = {
        path.stem: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        for path in sorted(FOLDER.glob("*.yaml"))
    }
    return {**{name: said for name, said in found.items() if name != EMPTY}, EMPTY: found[EMPTY]}


def model_text(name: str, id: str, title: str | None) -> str:
    """Return a new sheet made from a model, under an id and a title of its own."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    text = _ID.sub(lambda _: f"assignment: {id}", text, count=1)
    if title is not None:
        text = _TITLE.sub(lambda _: f"title: {_quoted(title)}", text, count=1)
    return text


def example_text(name: str, id: str, student: str) -> str:
    """Return the submission of a student who answers a model rightly."""
    text = (FOLDER / "submissions" / f"{name}.yaml").read_text(encoding="utf-8")
    text = _STUDENT.sub(lambda _: f"student: {_quoted(student)}", text, count=1)
    return _ID.sub(lambda _: f"assignment: {id}", text, count=1)


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=10**6, default_style='"').strip()
