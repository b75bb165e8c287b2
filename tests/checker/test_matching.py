"""Does a written number agree with a value: entry by entry, with the digits that were written."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.matching import agrees, half_unit_at, noise, tolerance, too_few_digits
from submissions_schema.assignment_file import Matching
from submissions_schema.written_number import read_number

finite = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)

ONE = """
assignment: one
title: One value
given: {{x: {x}}}
steps:
  y: x
matching: {matching}
questions:
  q: {{points: 1, answers: {{y: y}}}}
"""


@pytest.fixture(scope="module")
def verdict(bench):
    """The verdict on a written value where ``x`` is right."""

    def judge(written: str, x: str, matching: str = "{}") -> str:
        report = bench(ONE.format(x=x, matching=matching)).grade(f"  q: {written}")
        return report.answers[0].verdict

    return judge


def agreement(text: str, expected: float, **policy: object) -> bool:
    number = read_number(text)
    value = np.array([expected])
    allowed = tolerance(value, np.array([number.half_unit]), Matching(**policy))
    return bool(agrees(np.array([number.value]), value, allowed)[0])


def test_a_number_is_taken_at_its_word():
    assert agreement("0.31", 0.3145)
    assert not agreement("0.310", 0.3145)
    assert agreement("0.310", 0.3097)
    assert agreement("0.310", 0.3105)
    assert not agreement("0.310", 0.3106)


@given(finite, st.integers(1, 12))
def test_a_rightly_rounded_number_always_agrees(value, digits):
    assert agreement(f"{value:.{digits - 1}e}", value)
    if value == 0 or abs(value) >= 10.0**-digits:
        # Below that no digit is left: 0.0 says nothing of 0.04.
        assert agreement(f"{value:.{digits}f}", value)


@given(finite, st.integers(1, 6), st.sampled_from([-1, 1]))
def test_a_number_off_by_a_unit_of_its_last_place_never_agrees(value, digits, side):
    assume(value != 0)
    unit = 2 * half_unit_at(np.array([value]), digits)[0]
    assert not agreement(f"{value + side * 1.6 * unit:.{digits}e}", value)


def test_relative_tolerance_is_never_relative_alone_at_zero():
    assert agreement("0.32", 0.31, policy="relative", tolerance=0.05)
    assert not agreement("0.33", 0.31, policy="relative", tolerance=0.05)
    assert agreement("1e-16", 0.0, policy="relative", tolerance=0.05)


def test_absolute_tolerance():
    assert agreement("0.32", 0.31, policy="absolute", tolerance=0.011)
    assert not agreement("0.33", 0.31, policy="absolute", tolerance=0.011)


def test_significant_figures_are_those_of_the_right_value():
    assert agreement("1235", 1234.9, policy="significant_figures", digits=4)
    assert agreement("1234.9", 1230.0, policy="significant_figures", digits=3)
    assert not agreement("1236", 1230.0, policy="significant_figures", digits=3)


def test_decimal_places_are_counted_from_the_point():
    assert agreement("0.314", 0.31, policy="decimal_places", digits=2)
    assert not agreement("0.316", 0.31, policy="decimal_places", digits=2)
    assert agreement("12.3", 12.34, policy="decimal_places", digits=1)


@pytest.mark.parametrize(
    ("written", "matching", "expected"),
    [
        ("0.18", "{policy: relative, tolerance: 0.05}", "correct"),
        ("0.2", "{policy: relative, tolerance: 0.05}", "wrong"),
        ("0.2", "{policy: absolute, tolerance: 0.05}", "correct"),
        ("0.175", "{policy: significant_figures, digits: 3}", "correct"),
        ("0.176", "{policy: significant_figures, digits: 3}", "wrong"),
        ("0.18", "{policy: decimal_places, digits: 2}", "correct"),
        ("0.2", "{policy: decimal_places, digits: 2}", "wrong"),
        ("0.2", "{min_significant_figures: 1}", "correct"),
        ("0.18", "{min_significant_figures: 2}", "correct"),
    ],
)
def test_the_teacher_chooses_the_policy(verdict, written, matching, expected):
    assert verdict(written, "0.1754", matching) == expected


def test_too_few_digits_are_right_so_far_as_they_go(verdict):
    assert verdict("0.2", "0.1754") == "imprecise"
    assert verdict("0.18", "0.1754") == "imprecise"
    assert verdict("0.175", "0.1754") == "correct"
    assert verdict("0.3", "0.1754") == "wrong"


def test_zeros_at_the_end_may_be_left_away(verdict):
    assert verdict("0.31", "0.30999") == "correct"
    assert verdict("2", "1.9999") == "correct"
    assert verdict("-1", "-0.99996") == "correct"


def test_digits_cut_off_instead_of_rounded_are_right(verdict):
    assert verdict("0.1759", "0.175983") == "correct"
    assert verdict("0.175", "0.175983") == "correct"
    assert verdict("-0.175", "-0.175983") == "correct"
    assert verdict("0.177", "0.175983") != "correct"


def test_cut_off_digits_must_be_enough_digits(verdict):
    assert verdict("0.17", "0.1799") != "correct"


@pytest.mark.parametrize("zero", ["0", "0.0", "1e-16", "-1e-16", "0.000"])
def test_a_computed_zero_agrees_with_zero(verdict, zero):
    assert verdict(zero, "0") == "correct"


def test_a_number_does_not_agree_with_zero_because_the_zero_is_absolute(verdict):
    assert verdict("0.01", "0") == "wrong"
    assert verdict("0.5", "0") == "wrong"


@pytest.mark.parametrize("value", ["0.1754", "-0.42", "0.04"])
def test_zero_is_no_imprecise_spelling_of_another_number(verdict, value):
    assert verdict("0", value) == "wrong"


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=5))
def test_single_precision_work_agrees(values):
    expected = np.array(values)
    written = expected.astype(np.float32).astype(np.float64)
    allowed = tolerance(expected, np.zeros_like(expected), Matching())
    assert agrees(written, expected, allowed).all()


def test_entries_are_compared_one_by_one_and_never_by_a_norm():
    expected = np.array([1000.0, 0.001])
    written = np.array([1000.0, 0.002])
    allowed = tolerance(expected, np.array([0.5, 0.0005]), Matching())
    # 0.002 is as far as its half unit of 0.0005 from 0.0015; the large neighbour does not help.
    assert agrees(written, expected, np.minimum(allowed, [1, 0.0006])).tolist() == [True, False]


def test_values_that_are_not_finite_never_agree():
    nan = np.array([np.nan, np.inf])
    assert not agrees(nan, nan, np.array([1.0, 1.0])).any()


def test_noise_is_small_beside_the_largest_entry():
    assert noise(np.array([1000.0, 0.0])) == pytest.approx(1e-3)
    assert noise(np.array([0.0])) < 1e-9
    assert noise(np.array([np.nan])) < 1e-9


def test_digits_are_counted_on_the_scale_of_the_largest_entry():
    expected = np.array([0.93940, 0.05674, 0.00386])
    written = np.array([0.939, 0.057, 0.004])
    few = too_few_digits(written, expected, np.full(3, 0.0005), np.zeros(3), Matching())
    assert not np.any(few)


@given(finite, st.integers(1, 9))
def test_half_a_unit_bounds_the_rounding_error(value, digits):
    rounded = float(f"{value:.{digits - 1}e}")
    assert abs(rounded - value) <= half_unit_at(np.array([value]), digits)[0] * (1 + 1e-6)
