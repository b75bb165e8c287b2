"""Evidence in bits: what an agreement is worth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.diagnosis.evidence import (
    ACCEPT,
    LIKELY,
    MOST_PER_ENTRY,
    TIE,
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
