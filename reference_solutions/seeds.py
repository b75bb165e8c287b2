"""The secret seed of an assignment with individual numbers: in a file beside it, or outside."""

from __future__ import annotations

import os
import re
from pathlib import Path

from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.yaml_reader import read_bytes

SHORTEST = 16
"""A shorter seed could be found by trying."""

_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_HOW = (
    "make one with: python -c 'import secrets; print(secrets.token_hex(16))'; keep it for as long "
    "as you grade, and from students"
)


def read_seed(said: str, assignment: Path) -> bytes:
    """Return the seed of the assignment in a file, whose ``seed:`` says where it is.

    Raises :class:`InputError` where there is none, or one that could be guessed.
    """
    variable = _VARIABLE.fullmatch(said.strip())
    if variable is not None:
        text, where = os.environ.get(variable[1], ""), f"the environment variable {variable[1]}"
        place = Place(str(assignment))
    else:
        path = assignment.parent / said if said.strip() else assignment.with_suffix(".seed")
        where, place = f"the file {path.name} beside it", Place(str(path))
        text = read_bytes(path).decode("utf-8", "replace") if path.exists() else ""
    if not text.strip():
        message = "this assignment draws numbers for each student, and the secret seed is missing"
        raise InputError([Problem(f"{message}: {_HOW}", Place(str(assignment)), where, "nothing")])
    if len(text.strip()) < SHORTEST:
        message = f"the secret seed is too short to be one: {_HOW}"
        got = f"{len(text.strip())} characters"
        raise InputError([Problem(message, place, f"{SHORTEST} characters or more", got)])
    return text.strip().encode()
