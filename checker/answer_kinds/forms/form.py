"""The form of an answer: what a handout says of it, without the key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from submissions_schema.by_kind import KindModel
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import Tree, TreePath


class AnswerForm(KindModel):
    """What every form says. A kind's own form adds its ``kind`` and what else is to be known."""

    held_by: ClassVar[list[type[BaseModel]]] = []

    title: str = ""
    prompt: str = ""
    points: Annotated[float, Field(ge=0)] = 0.0


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say of a file: an error keeps it from being graded as it is meant."""

    problem: Problem
    level: Literal["error", "note"]

    def __str__(self) -> str:
        return f"{self.problem.place}: {self.level}: {self.problem.text}"


def leaves_of(tree: Tree, path: TreePath) -> Iterator[tuple[str, TreePath]]:
    """Yield the texts of nested lists, each with its path."""
    if isinstance(tree, str):
        yield tree, path
    elif isinstance(tree, list):
        for at, item in enumerate(tree):
            yield from leaves_of(item, (*path, at))
