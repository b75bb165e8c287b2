"""Right answers of the shipped assignments, rounded and moved by a unit of their last place."""

from decimal import Decimal

import numpy as np
import pytest

from checker.grading.run import Grader
from checker.matching import agrees, cut_off, last_places, tolerance
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import shipped_assignments


@pytest.mark.parametrize("name", shipped_assignments())
@pytest.mark.parametrize("digits", [3, 4, 5])
@pytest.mark.parametrize("units", [-1, 0, 1])
def test_an_entry_is_right_as_rounded_and_wrong_a_unit_off(name, digits, units):
    """By itself, with nothing granted for rounding on the way; a true truncation is right.

    Work in single precision is right too, so from the sixth digit on a unit may be noise.
    """
    key = Grader(load_assignment(shipped_assignments()[name])).key
    for position, expected in enumerate(key.layout.values):
        if not key.kinds[position].rounds:
            continue
        matching, errors = key.asked[position].matching, key.errors[position]
        telling = np.abs(expected) > 1e-9
        written, half_units = np.zeros(expected.shape), np.full(expected.shape, 0.5)
        for at in np.flatnonzero(telling):
            rounded = Decimal(f"{expected[at]:.{digits - 1}e}")
            unit = Decimal(1).scaleb(rounded.adjusted() - digits + 1)
            written[at], half_units[at] = float(rounded + units * unit), float(unit) / 2
        half_units = last_places(written, half_units, matching)
        short = np.abs(expected) - np.abs(written)
        truncated = (short > 0) & (short < 2 * half_units)
        right = agrees(written, expected, tolerance(expected, half_units, matching, errors))
        right |= cut_off(written, half_units, expected, matching, errors)
        assert not (right & telling & ~truncated).any() if units else right[telling].all()
