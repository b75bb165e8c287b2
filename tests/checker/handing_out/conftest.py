"""The table of inputs, as a handout with one answer for each of its boxes."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from checker.students.handout import Handout, read_handout
from reference_solutions.operations import callable_operations
from submissions_schema.yaml_reader import parse_document
from tests.browser import CHROMIUM, Browser

TABLE = yaml.safe_load((Path(__file__).parent / "inputs.yaml").read_text(encoding="utf-8"))
VERDICTS = ("fine", "read", "refused", "open")


class Row(NamedTuple):
    """An input: the box it stands in, what stands there, and whether it is in the right form."""

    box: str
    texts: list[str]
    verdict: str

    @property
    def shape(self) -> list[int]:
        form = TABLE["boxes"][self.box]["form"]
        return form.get("shape", []) if form["kind"] in ("number", "integer") else []

    @property
    def is_choice(self) -> bool:
        return TABLE["boxes"][self.box]["form"]["kind"] == "choice"


def rows() -> Iterator[Row]:
    """All inputs of the table."""
    for box, said in TABLE["boxes"].items():
        for verdict in VERDICTS:
            for item in said.get(verdict, []):
                yield Row(box, item if isinstance(item, list) else [item], verdict)


@cache
def table_handout() -> Handout:
    """A handout with an answer for each box, named as the box."""
    answers = {box: said["form"] for box, said in TABLE["boxes"].items()}
    said = {
        "handout": 1,
        "assignment": TABLE["assignment"],
        "index": TABLE["index"],
        "functions": list(callable_operations()),
        "names": TABLE["names"],
        "questions": {"q1": {"points": 1, "answers": answers}},
    }
    return read_handout(parse_document(yaml.safe_dump(said, sort_keys=False), "inputs.yaml"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not on the PATH")
    with Browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened
