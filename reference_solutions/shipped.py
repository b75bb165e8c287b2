"""The assignments that come with the package, and finding one by its id or path."""

from __future__ import annotations

from pathlib import Path

from submissions_schema.nearness import nearest
from submissions_schema.problems import InputError, Place, Problem

SHIPPED = Path(__file__).parent / "assignments"


def shipped_assignments() -> dict[str, Path]:
    """Return the assignments that come with the package, by id."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def find_assignment(id_or_path: str) -> Path:
    """Return the file of an assignment, by the id of a shipped one or by its path.

    An id is never looked up among files: a repository could bring a file of that name. Raises
    :class:`InputError` with a suggestion where there is none.
    """
    shipped = shipped_assignments()
    if id_or_path in shipped:
        return shipped[id_or_path]
    path = Path(id_or_path)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    near = nearest(id_or_path, shipped)
    hint = f"; did you mean `{near}`?" if near else ""
    raise InputError(
        [
            Problem(
                f"there is no assignment `{id_or_path}`{hint}",
                Place("--assignment"),
                f"a file, or one of {', '.join(shipped)}",
                "a folder" if path.is_dir() else None,
            )
        ]
    )
