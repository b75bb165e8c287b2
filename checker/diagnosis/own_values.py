"""The student's own earlier values, which later answers are carried forward from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from reference_solutions.graph import Array


@dataclass(frozen=True, slots=True)
class OwnValues:
    """The student's own earlier values, and what follows from them.

    ``puts`` are the values by node, one mapping for each world of sampled symbols, ``half_units``
    half a unit in their last written places. ``values`` is what follows from them for every entry
    of the layout, ``depends`` are the answers that are computed from one of them.
    """

    puts: Sequence[Mapping[int, Array]] = ({},)
    half_units: Mapping[int, Array] = field(default_factory=dict)
    values: Array = field(default_factory=lambda: np.zeros(0))
    depends: frozenset[int] = frozenset()
