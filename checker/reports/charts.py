"""Charts as plain SVG: as wide as the page, with text of one size, and a text alternative.

Lengths along the page are percentages, so that a phone shows the same letters as a desk. No
gradient and no pattern is used: printers turn those into pictures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from checker.classroom.histogram import Bin
from checker.report import Verdict
from checker.reports.clean import visible
from checker.reports.wording import VERDICTS, number, plural

_HEIGHT = 96
"""The height of the tallest bar of a histogram, in pixels."""

_ABOVE, _BELOW = 16, 20
_ROOM = 0.075
"""The share of a bar's length that a number in it needs."""

_ROOM_BOTH = 0.14
"""The share that a sign and a number need."""


def histogram_svg(bins: Sequence[Bin], median: float | None) -> Markup:
    """Return the histogram of the points, with a line at the median."""
    most = max((one.students for one in bins), default=0) or 1
    top = bins[-1].end
    each = 100 / len(bins)
    every = max(1, -(-len(bins) // 7))
    parts = []
    for n, one in enumerate(bins):
        height = round(_HEIGHT * one.students / most)
        x, y = n * each, _ABOVE + _HEIGHT - height
        if one.students:
            parts.append(
                f'<rect class="column" x="{x + 0.08 * each:.2f}%" y="{y}" '
                f'width="{0.84 * each:.2f}%" height="{max(height, 1)}"/>'
                f'<text class="middle" x="{x + each / 2:.2f}%" y="{y - 3}">{one.students}</text>'
            )
        if n % every == 0 and n * each < 100 - each * every / 2:
            at = "" if n == 0 else ' class="middle"'
            parts.append(
                f'<text{at} x="{x:.2f}%" y="{_ABOVE + _HEIGHT + 15}">{number(one.start)}</text>'
            )
    parts.append(
        f'<text class="end" x="100%" y="{_ABOVE + _HEIGHT + 15}">{number(top)}</text>'
        f'<line class="axis" x1="0" x2="100%" y1="{_ABOVE + _HEIGHT}" y2="{_ABOVE + _HEIGHT}"/>'
    )
    said = "; ".join(
        f"{number(one.start)} to {number(one.end)} points: {plural(one.students, 'student')}"
        for one in bins
        if one.students
    )
    if median is not None:
        line = f"{100 * min(max(median / top, 0), 1):.2f}%"
        parts.append(
            f'<line class="median" x1="{line}" x2="{line}" y1="{_ABOVE}" y2="{_ABOVE + _HEIGHT}"/>'
        )
        said += f". The median is {number(median)}"
    return _svg(_ABOVE + _HEIGHT + _BELOW, f"Points of the class. {said}.", "".join(parts))


def verdicts_svg(counts: Mapping[Verdict, int], label: str) -> Markup:
    """Return one bar whose parts are the verdicts, in the order of the legend."""
    total = sum(counts.values()) or 1
    at = 0.0
    parts, said = [], []
    for verdict, word in VERDICTS.items():
        count = counts.get(verdict, 0)
        if not count:
            continue
        share = count / total
        said.append(f"{word.label}: {count}")
        parts.append(
            f'<rect class="{verdict}" x="{100 * at:.2f}%" y="0" width="{100 * share:.2f}%" '
            f'height="22"><title>{word.label}: {count}</title></rect>'
        )
        if share >= _ROOM:
            sign = f"{word.glyph} " if share >= _ROOM_BOTH else ""
            parts.append(
                f'<text class="middle on-{verdict}" x="{100 * (at + share / 2):.2f}%" y="16">'
                f"{sign}{count}</text>"
            )
        at += share
    return _svg(22, f"{label}. {', '.join(said)}.", "".join(parts))


def _svg(height: int, label: str, inside: str) -> Markup:
    return Markup(
        '<svg class="chart" role="img" width="100%" height="{}" aria-label="{}">{}</svg>'
    ).format(height, visible(label), Markup(inside))
