"""A worked solution as one HTML page, with its formulas as mathematics."""

from __future__ import annotations

from itertools import product

from checker.authoring.key.solution import Solution
from checker.reports.mathml import formula
from checker.reports.templating import template
from reference_solutions.graph import Array


def solution_html(found: Solution, digits: int) -> str:
    """Return a page that needs no network, with values of so many significant digits."""

    def tables(value: Array) -> list[tuple[str, list[list[str]]]]:
        """Return matrices with what they are called: rows of numbers as texts."""
        matrix = value.reshape(-1, 1) if value.ndim == 1 else value
        return [
            (
                f"[{', '.join(map(str, at))}]" if at else "",
                [[f"{number:.{digits}g}" for number in row] for row in matrix[at] + 0.0],
            )
            for at in product(*map(range, matrix.shape[:-2]))
        ]

    return template("key.html").render(
        found=found,
        sections=(
            ("Given", found.of_kind("given", "symbol")),
            ("Steps", found.of_kind("step")),
            ("Gradients", found.of_kind("gradient")),
        ),
        formula=formula,
        number=lambda value: f"{float(value) + 0.0:.{digits}g}",
        tables=tables,
    )
