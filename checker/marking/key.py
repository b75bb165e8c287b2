"""The key of a split: who is behind the pseudonyms, and how much each marker has to mark."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from pydantic import Field

from checker.marking.yaml_text import dumped
from submissions_schema.validation import StrictModel
from submissions_schema.yaml_reader import Document

KEY = "key.yaml"

_HEAD = """\
# Who is who in the queues of this folder, and how many answers each has. Keep it from the markers;
# name it, or this folder, with --marks beside what they send back.
"""
_LETTERS = "bcdfghjkmnpqrstvwxz"


class KeyFile(StrictModel):
    """The key of a split and of those before it, whose pseudonyms stay.

    ``markers`` says how many answers each has in the last one.
    """

    assignment: str
    splits: list[str]
    markers: dict[str, int] = Field(default_factory=dict)
    pseudonyms: dict[str, str]


def is_key(document: Document) -> bool:
    """Whether a document is the key of a split, and not marks."""
    return isinstance(document.data, dict) and "pseudonyms" in document.data


def key_yaml(key: KeyFile) -> str:
    """Return the text of a key."""
    return _HEAD + dumped(key.model_dump())


def pseudonyms_for(students: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return a pseudonym for each student, by student: those that are known, and new ones.

    They are drawn by chance, and say nothing of whom they stand for, nor of any order.
    """
    found = {student: pseudonym for pseudonym, student in known.items()}
    taken = set(found.values())
    for student in students:
        while student not in found:
            drawn = "".join(secrets.choice(_LETTERS) for _ in range(6))
            if drawn not in taken:
                found[student] = drawn
                taken.add(drawn)
    return found
