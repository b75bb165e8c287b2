"""Evidence in bits: what an agreement is worth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.diagnosis.evidence import (
    ACCEPT,
    EXACT,
    LIKELY,
    MOST_PER_ENTRY,
    REPEATED,
    TIE,
    ZERO,
    agreement_bits,
    entry_bits,
)


def bits(written, predicted, otherwise, half_unit=0.0005, scale=1.0):
    shape = np.shape(written)
    return agreement_bits(
        np.asarray(written, float),
        np.asarray(predicted, float),
        np.asarray(otherwise, float),
        scale,
        np.full(shape, half_unit),
    )


def test_three_digits_are_worth_about_ten_bits():
    assert entry_bits(np.array([0.512]), 1.0, np.array([0.0005]))[0] == pytest.approx(11, abs=0.1)


@given(st.floats(1e-6, 0.4), st.floats(1.1, 100))
def test_finer_digits_are_worth_more(tolerance, times):
    fine, coarse = entry_bits(np.ones(2), 1.0, np.array([tolerance / times, tolerance]))
    assert fine >= coarse


def test_one_entry_is_worth_no_more_than_its_cap():
    assert entry_bits(np.ones(1), 1.0, np.array([1e-300]))[0] == MOST_PER_ENTRY


def test_a_tolerance_wider_than_the_numbers_is_worth_nothing():
    assert entry_bits(np.array([0.3]), 1.0, np.array([5.0]))[0] == 0


def test_agreement_is_worth_nothing_where_nothing_tells_the_explanation_apart():
    assert bits([0.5, 0.25], [0.5, 0.25], [0.5, 0.25]) == 0
    assert bits([0.5, 0.25], [0.5, 0.25], [0.5, 0.2502]) == 0


def test_only_entries_that_tell_apart_count():
    both = bits([0.5, 0.25], [0.5, 0.25], [0.1, 0.7])
    one = bits([0.5, 0.25], [0.5, 0.25], [0.1, 0.25])
    assert 0 < one < both


def test_equal_entries_are_one_observation():
    different = bits([0.51, 0.62, 0.73, 0.84], [0.51, 0.62, 0.73, 0.84], [0, 0, 0, 0])
    equal = bits([0.51] * 4, [0.51] * 4, [0] * 4)
    assert equal < different / 2
    assert bits([0.51, -0.51], [0.51, -0.51], [0, 0]) < bits([0.51, 0.62], [0.51, 0.62], [0, 0])


def test_zeros_are_easily_had():
    assert bits([0.0, 0.0], [0.0, 0.0], [0.5, 0.6]) < ACCEPT


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.floats(1e-6, 1e-3))
def test_evidence_is_never_negative(values, tolerance):
    other = [value + 0.5 for value in values]
    assert bits(values, values, other, tolerance) >= 0


def test_an_explanation_that_cannot_be_computed_otherwise_still_counts():
    assert bits([0.5], [0.5], [np.nan]) > 0


def test_the_thresholds_are_in_order():
    assert 0 < TIE < ACCEPT < LIKELY


HALF = 0.0005
OF = np.log2(1.0 / HALF)
"""What a number is worth on a scale of 1, written with three decimals."""


@pytest.mark.parametrize(
    ("written", "otherwise", "worth"),
    [
        ([0.51], [0.0], OF),
        ([0.51, 0.62], [0.0, 0.0], 2 * OF),
        ([0.51, 0.62], [0.0, 0.62], OF),
        # The second of two equal ones, in size, is worth less; one within a last place is equal.
        ([0.51, -0.51], [0.0, 0.0], OF + REPEATED),
        ([0.51, 0.5104], [0.0, 0.0], OF + REPEATED),
        ([0.51, 0.5106], [0.0, 0.0], 2 * OF),
        # Numbers that stand everywhere, in either sign.
        ([0.5], [0.0], REPEATED),
        ([-1.0], [0.0], REPEATED),
        ([0.5, 0.62], [0.0, 0.0], REPEATED + OF),
        # Zeros count once, whatever their number, and only where they tell something.
        ([0.0], [0.3], ZERO),
        ([0.0, 0.0, 0.0], [0.3, 0.4, 0.5], ZERO),
        ([0.0, 0.51], [0.0, 0.3], OF),
        ([0.0, 0.51], [0.3, 0.3], ZERO + OF),
        ([0.0, 0.51], [0.3, 0.51], ZERO),
    ],
)
def test_what_agreeing_entries_are_worth(written, otherwise, worth):
    predicted = [value + 1e-5 for value in written]
    if written[0] in (0.5, -1.0):
        predicted[0] = written[0]
    assert bits(written, predicted, otherwise, HALF) == pytest.approx(worth)


def test_only_as_many_entries_count_as_are_free_and_the_best_of_them():
    written = np.array([0.0, 0.51, 0.62])
    otherwise, tolerances = np.array([0.3, 0.0, 0.0]), np.array([HALF, HALF, 10 * HALF])
    predicted = written + 1e-5
    coarse = np.log2(1.0 / (10 * HALF))
    for freedom, worth in ((1, OF), (2, OF + coarse), (3, OF + coarse + ZERO), (None, None)):
        found = agreement_bits(written, predicted, otherwise, 1.0, tolerances, freedom)
        assert found == pytest.approx(worth or OF + coarse + ZERO)


@pytest.mark.parametrize(
    ("written", "otherwise", "tolerances", "worth"),
    [
        ([0.0], [0.6], [0.3], np.log2(1 / 0.3)),
        ([0.0, 0.51], [0.6, 0.0], [0.3, HALF], np.log2(1 / 0.3) + OF),
        ([0.0, 0.0], [0.6, 0.6], [0.3, HALF], ZERO),
        ([0.0, 0.0], [0.6, 0.0], [0.3, HALF], np.log2(1 / 0.3)),
    ],
)
def test_a_coarse_zero_is_worth_no_more_than_its_digits(written, otherwise, tolerances, worth):
    written = np.array(written)
    found = agreement_bits(written, written + 1e-5, np.array(otherwise), 1.0, np.array(tolerances))
    assert found == pytest.approx(worth)


@pytest.mark.parametrize(
    ("written", "predicted", "scale", "exact"),
    [
        (7.0, 7.0, 1.0, True),
        (7.0, 7.0 + 1.5e-9, 1.0, False),
        (700.0, 700 + 5e-7, 1e3, True),
        (700.0, 700 + 5e-6, 1e3, False),
        (7.0, 7.0 + 9e-10, 1e-3, True),
    ],
)
def test_a_whole_number_that_is_met_exactly_says_more_than_its_half_unit(
    written, predicted, scale, exact
):
    found = bits([written], [predicted], [0.0], 0.5, scale)
    assert found == pytest.approx(np.log2(max(written, scale) / (EXACT if exact else 0.5)))


def test_what_differs_by_less_than_the_coarsest_number_that_says_something_tells_nothing():
    # Half a unit of 0.5 says nothing of 0.2: of that at most 0.05 is granted.
    assert bits([0.26], [0.26001], [0.2], 0.5) > 0
    assert bits([0.24], [0.24001], [0.2], 0.5) == 0
