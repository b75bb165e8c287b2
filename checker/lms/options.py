"""What can be said of a gradebook: by itself, because most runs have none to fill in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GradebookOptions:
    """What a teacher says of a gradebook.

    ``column`` and ``id_column`` are headers. ``scale`` turns points into the gradebook's, where its
    maximum is another one. ``provisional`` fills in scores to which a person has still to add.
    """

    column: str | None = None
    id_column: str | None = None
    scale: bool = False
    provisional: bool = False
