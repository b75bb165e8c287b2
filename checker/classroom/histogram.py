"""How the points of a class are spread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

_MOST = 20
_STEPS = (0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """So many have at least ``start`` points and less than ``end``; the last bin has both."""

    start: float
    end: float
    students: int


def histogram(scores: Iterable[float], top: float) -> Sequence[Bin]:
    """Return the bins of scores between 0 and ``top``: at most twenty, of a round width."""
    if not top > 0:
        return ()
    step = next((step for step in _STEPS if top / step <= _MOST), top / _MOST)
    count = math.ceil(top / step - 1e-9)
    found = [0] * count
    for score in scores:
        found[min(max(int(score / step + 1e-9), 0), count - 1)] += 1
    return [Bin(n * step, min((n + 1) * step, top), students) for n, students in enumerate(found)]


def median(scores: Sequence[float]) -> float:
    """Return the median of scores, of which there is at least one."""
    return float(np.median(np.fromiter(scores, dtype=np.float64, count=len(scores))))
