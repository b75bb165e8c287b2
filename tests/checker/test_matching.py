"""Does a written number agree with a value: entry by entry, with the digits that were written."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.matching import (
    agrees,
    cut_off,
    half_unit_at,
    last_places,
    noise,
    tolerance,
    too_few_digits,
)
from submissions_schema.grading_settings import Matching
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
    """Whether a written number is right by itself, with nothing granted for rounding on the way."""
    number = read_number(text)
    matching = Matching(**policy)
    written, right = np.array([number.value]), np.array([expected])
    half_units = last_places(written, np.array([number.half_unit]), matching)
    close = agrees(written, right, tolerance(right, half_units, matching))
    return bool((close | cut_off(written, half_units, right, matching))[0])


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


decimals = st.builds(
    lambda digits, exponent, sign: sign * Decimal(digits).scaleb(exponent),
    st.integers(100, 999_999),
    st.integers(-9, 3),
    st.sampled_from([1, -1]),
)


@given(decimals, st.sampled_from([1, -1]))
def test_a_unit_of_the_last_place_off_is_never_right(number, side):
    """The number ends by itself, so one unit less is no truncation."""
    unit = Decimal((0, (1,), number.as_tuple().exponent))
    written = f"{number + side * unit:f}"
    assume("." in written or not written.endswith("0"))
    assert agreement(f"{number:f}", float(number))
    assert not agreement(written, float(number), min_significant_figures=1)


@given(st.floats(0.01, 1e5), st.integers(1, 6), st.sampled_from([1, -1]), st.floats(1.0001, 5.0))
def test_beyond_a_unit_of_the_last_place_nothing_is_right(size, digits, side, units):
    value = f"{size:.12e}"
    unit = 2 * half_unit_at(np.array([size]), digits)[0]
    off = Decimal(value) + side * Decimal(units) * Decimal(float(unit))
    places = digits - 1 - math.floor(math.log10(size))
    written = off.quantize(Decimal((0, (1,), -places)), ROUND_CEILING if side > 0 else ROUND_FLOOR)
    assume(written.adjusted() == Decimal(value).adjusted())
    assert not agreement(f"{written:f}", size, min_significant_figures=digits)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("2.99", 3), ("7.24", 7.25), ("99", 100), ("1023", 1024), ("0.1666", 0.1667), ("1230", 1239)],
)
def test_what_ends_by_itself_is_not_cut_off(written, expected):
    assert not agreement(written, expected)


def test_one_is_not_two_cut_off():
    assert not agreement("1", 2, min_significant_figures=1)
    assert agreement("1", 1.9876543219876, min_significant_figures=1)


@given(st.floats(0.001, 1e5), st.integers(3, 5))
def test_a_true_truncation_is_right_unless_the_teacher_says_otherwise(size, digits):
    value = size * (1 + math.sqrt(2) * 1e-3)
    places = digits - 1 - math.floor(math.log10(value))
    cut = Decimal(value).quantize(Decimal((0, (1,), -places)), ROUND_FLOOR)
    far = Decimal(value) - cut > Decimal(6).scaleb(-places - 1)
    assume(far and Decimal(f"{value:.9e}") != Decimal(f"{value:.15e}"))
    assert agreement(f"{cut:f}", value, min_significant_figures=digits)
    assert not agreement(f"{cut:f}", value, min_significant_figures=digits, truncation=False)


@pytest.mark.parametrize(
    ("written", "expected", "right"),
    [
        ("1170", 1174.34, True),
        ("61300", 61250, True),
        ("61200", 61250, True),
        ("61000", 61250, False),
        ("1200", 1174.34, False),
        ("20470", 20465.9, True),
        ("20480", 20465.9, False),
        ("100", 100.4, True),
        ("100", 101.2, False),
        ("120", 118.0, False),
        ("-1170", -1174.34, True),
        ("1170.0", 1174.34, False),
        ("5000000", 5004999, True),
        ("5000000", 5005010, False),
    ],
)
def test_zeros_at_the_end_of_a_whole_number_count_as_far_as_digits_are_asked_for(
    written, expected, right
):
    assert agreement(written, expected) is right


TOLERANCES = st.decimals(Decimal("0.0001"), Decimal("0.5"), places=4)
VALUES = st.decimals(Decimal("-99"), Decimal("99"), places=3)


@given(VALUES, TOLERANCES, st.sampled_from([1, -1]))
def test_an_absolute_bound_is_inclusive_and_nothing_lies_beyond(value, bound, side):
    policy = {"policy": "absolute", "tolerance": float(bound)}
    assert agreement(f"{value + side * bound:f}", float(value), **policy)
    beyond = value + side * (bound + Decimal("1e-11"))
    assert not agreement(f"{beyond:f}", float(value), **policy)


@given(VALUES, TOLERANCES, st.sampled_from([1, -1]))
def test_a_relative_bound_is_inclusive_and_nothing_lies_beyond(value, bound, side):
    assume(value != 0)
    policy = {"policy": "relative", "tolerance": float(bound)}
    assert agreement(f"{value + side * bound * abs(value):f}", float(value), **policy)
    beyond = value + side * (bound + Decimal("1e-11")) * abs(value)
    assert not agreement(f"{beyond:f}", float(value), **policy)


@given(VALUES, st.integers(0, 8), st.sampled_from([1, -1]))
def test_decimal_places_are_inclusive_and_nothing_lies_beyond(value, digits, side):
    policy = {"policy": "decimal_places", "digits": digits}
    bound = Decimal((0, (5,), -digits - 1))
    assert agreement(f"{value + side * bound:f}", float(value), **policy)
    assert not agreement(f"{value + side * (bound + Decimal('1e-12')):f}", float(value), **policy)


@given(VALUES, st.integers(1, 9), st.sampled_from([1, -1]))
def test_significant_figures_are_inclusive_and_nothing_lies_beyond(value, digits, side):
    assume(value != 0)
    policy = {"policy": "significant_figures", "digits": digits}
    bound = Decimal((0, (5,), value.adjusted() - digits))
    assert agreement(f"{value + side * bound:f}", float(value), **policy)
    beyond = value + side * bound * Decimal("1.00001")
    assert not agreement(f"{beyond:f}", float(value), **policy)


@pytest.mark.parametrize(
    "policy",
    [
        {"policy": "relative", "tolerance": 1e-9},
        {"policy": "decimal_places", "digits": 8},
        {"policy": "significant_figures", "digits": 9},
    ],
)
def test_the_teachers_tolerance_has_no_floor(policy):
    assert not agreement("3.14159400", math.pi, **policy)
    assert agreement("3.14159265359", math.pi, **policy)
    if policy["policy"] != "decimal_places":
        assert not agreement("0", 6.6e-34, **policy)


def test_zero_is_not_right_for_what_is_tiny(verdict):
    assert verdict("0", "6.6e-34") == "wrong"
    assert verdict("0", "6.6e-34", "{policy: relative, tolerance: 0.000000001}") == "wrong"


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


@given(st.lists(st.floats(-100, 100).filter(lambda x: abs(x) > 1e-30), min_size=1, max_size=5))
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
