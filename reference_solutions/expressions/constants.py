"""The constants that every formula knows, unless the sheet has a quantity of that name."""

from __future__ import annotations

import math
from collections.abc import Mapping

CONSTANTS: Mapping[str, float] = {"e": math.e, "pi": math.pi}

LATEX: Mapping[float, str] = {math.e: "e", math.pi: r"\pi"}
"""How they are written."""
