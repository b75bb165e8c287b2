"""How points are said, the same in the template and the schema."""

from __future__ import annotations

from checker.reports.wording import number


def points_words(points: float) -> str:
    """Return ``1 point`` or ``2.5 points``."""
    return f"{number(points)} {'point' if points == 1 else 'points'}"
