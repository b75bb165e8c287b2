"""Does a written number agree with a value: entry by entry, with the digits that were written."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from checker.matching import (
    FLOAT_NOISE,
    FORMULA_NOISE,
    agrees,
    coarsest,
    cut_off,
    ends_there,
    formula_noise,
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


@pytest.mark.parametrize(("written", "expected"), [("1.66e-9", 1.66789e-9), ("16.67", 16.6789)])
def test_what_is_cut_off_may_be_of_any_size(written, expected):
    assert agreement(written, expected)
    assert not agreement(written, expected, truncation=False)


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


@pytest.mark.parametrize(
    "policy",
    [
        {"policy": "relative", "tolerance": 1e-3},
        {"policy": "absolute", "tolerance": 1e-4},
        {"policy": "decimal_places", "digits": 4},
        {"policy": "significant_figures", "digits": 4},
    ],
)
def test_where_the_teacher_sets_a_tolerance_it_holds_for_digits_cut_off_too(policy):
    assert agreement("0.175", 0.175983)
    assert not agreement("0.175", 0.175983, **policy)


def test_digits_cut_off_are_no_fewer_than_asked_for_beside_a_coarser_entry():
    written, right = np.array([0.123, 0.9]), np.array([0.1238, 0.93])
    few = too_few_digits(written, right, np.array([5e-4, 0.05]), np.zeros(2), Matching())
    assert few.tolist() == [False, True]


@given(st.lists(finite, min_size=1, max_size=4))
def test_how_coarse_a_number_may_be_does_not_depend_on_signs(values):
    assert np.array_equal(coarsest(np.array(values)), coarsest(-np.abs(values)))
    assert coarsest(np.array([-73.0, 0.2])).tolist() == [5.0, 0.5]


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


# --- bounds, each from both sides -----------------------------------------------------------------


def told(text, expected, entries=(), rounding=0.0, **policy):
    """Whether a number is right, has too few digits, or is off; ``entries`` stand beside it."""
    number, matching = read_number(text), Matching(**policy)
    written = np.array([number.value, *entries])
    right = np.array([expected, *entries])
    half_units = np.array([number.half_unit, *(1e-9 for _ in entries)])
    half_units = last_places(written, half_units, matching)
    close = agrees(written, right, tolerance(right, half_units, matching) + rounding)
    close |= cut_off(written, half_units, right, matching)
    few = too_few_digits(written, right, half_units, np.full(right.shape, rounding), matching)
    return "off" if not close[0] else "too few digits" if few[0] else "right"


@pytest.mark.parametrize(
    ("text", "expected", "policy", "verdict"),
    [
        ("0.1754", 0.1754, {}, "right"),
        ("0.175", 0.1754, {}, "right"),
        ("0.18", 0.1754, {}, "too few digits"),
        ("0.2", 0.1754, {}, "too few digits"),
        ("0.18", 0.18, {}, "right"),
        ("0.18", 0.1804, {}, "right"),
        ("0.18", 0.1806, {}, "too few digits"),
        ("1.0", 1.004, {}, "right"),
        ("1.0", 1.006, {}, "too few digits"),
        ("0.18", 0.1754, {"min_significant_figures": 2}, "right"),
        ("0.175", 0.1754, {"min_significant_figures": 4}, "too few digits"),
        ("-0.18", -0.1754, {}, "too few digits"),
        ("0.17", 0.1754, {}, "off"),
        ("0.1757", 0.1757843, {}, "right"),
        ("0.1757", 0.1757843, {"truncation": False}, "off"),
        ("0.175", 0.1757843, {}, "right"),
        ("0.17", 0.1757843, {}, "off"),
        ("0.17", 0.1757843, {"min_significant_figures": 2}, "right"),
        ("0.1756", 0.1757843, {}, "off"),
        ("0.1759", 0.1757843, {}, "off"),
        ("-0.1757", 0.1757843, {}, "off"),
        ("-0.1757", -0.1757843, {}, "right"),
        ("61300", 61250.3, {}, "right"),
        ("61000", 61250.3, {}, "off"),
        ("61000", 61250.3, {"min_significant_figures": 2}, "right"),
        ("60000", 61250.3, {"min_significant_figures": 1}, "right"),
        ("61200", 61250.3, {"min_significant_figures": 3}, "right"),
        ("61251", 61250.3, {}, "off"),
        ("100", 104.0, {}, "off"),
        ("0.5", 0.4, {"policy": "absolute", "tolerance": 0.1}, "right"),
        ("0.51", 0.4, {"policy": "absolute", "tolerance": 0.1}, "off"),
        ("0.29", 0.4, {"policy": "absolute", "tolerance": 0.1}, "off"),
        ("44", 40.0, {"policy": "relative", "tolerance": 0.1}, "right"),
        ("44.1", 40.0, {"policy": "relative", "tolerance": 0.1}, "off"),
        ("0.1754", 0.17543, {"policy": "absolute", "tolerance": 1e-6}, "off"),
        ("0.18", 0.1754, {"policy": "decimal_places", "digits": 2}, "right"),
        ("0.181", 0.1754, {"policy": "decimal_places", "digits": 2}, "off"),
        ("3", 2.6, {"policy": "decimal_places", "digits": 0}, "right"),
        ("3", 2.4, {"policy": "decimal_places", "digits": 0}, "off"),
        ("180", 175.4, {"policy": "significant_figures", "digits": 2}, "right"),
        ("181", 175.4, {"policy": "significant_figures", "digits": 2}, "off"),
        ("200", 175.4, {"policy": "significant_figures", "digits": 1}, "right"),
    ],
)
def test_the_verdict_on_a_number_alone(text, expected, policy, verdict):
    assert told(text, expected, **policy) == verdict


@pytest.mark.parametrize(
    ("text", "expected", "beside", "verdict"),
    [
        ("0.004", 0.0042, 0.939, "right"),
        ("0.00", 0.0042, 0.939, "too few digits"),
        ("0.00", 0.0042, 1.0, "right"),
        ("0.0", 0.0442, 1.0, "too few digits"),
        ("0.01", 0.0058, 0.939, "too few digits"),
        ("0.01", 0.0096, 0.939, "right"),
        ("0.01", 0.0058, 93.9, "right"),
        ("1", 0.7, 0.3, "off"),
    ],
)
def test_the_verdict_on_a_number_beside_another(text, expected, beside, verdict):
    assert told(text, expected, [beside]) == verdict


@pytest.mark.parametrize(("rounding", "verdict"), [(0.0, "too few digits"), (0.005, "right")])
def test_a_coarse_number_is_right_where_rounding_on_the_way_explains_it(rounding, verdict):
    assert told("0.18", 0.1754, rounding=rounding) == verdict


def test_of_zeros_no_digits_are_asked():
    assert told("0", 0.0) == told("0.0", 0.0) == "right"
    assert told("1", 1.0) == "right"


def test_single_precision_is_right_only_where_digits_are_taken_at_their_word():
    right = 0.1754386
    text = f"{float(np.float32(right)):.12f}"
    assert told(text, right) == "right"
    assert told(text, right, policy="absolute", tolerance=1e-12) == "off"
    assert told(text, right, policy="significant_figures", digits=12) == "off"


def test_a_bound_is_inclusive_in_decimals():
    assert told("1.0", 1.05, min_significant_figures=2) == "right"
    assert told("1.00", 1.05, policy="absolute", tolerance=0.05) == "right"
    assert told("1.00", 0.95, policy="absolute", tolerance=0.05) == "right"


def test_half_a_unit_of_a_digit():
    values = np.array([0.0, 1.0, -0.0999, 2.5e7, np.inf, np.nan, 9.99])
    expected = [0.0, 0.05, 0.0005, 5e5, 0.0, 0.0, 0.05]
    assert half_unit_at(values, 2) == pytest.approx(expected)


def test_what_two_values_of_one_answer_may_differ_by():
    assert noise(np.array([2.0, -5.0, np.inf, np.nan])) == pytest.approx(
        5.0 * FLOAT_NOISE + 1e-12, rel=1e-12
    )
    assert noise(np.zeros(2)) == noise(np.array([np.inf])) == noise(np.zeros(0)) == 1e-12


def test_what_two_writings_of_a_formula_may_differ_by():
    found = formula_noise(np.array([1.0, 2.0, -100.0, np.nan, np.inf]))
    # The median of what is finite, others counted as nothing, is 1.
    expected = [FORMULA_NOISE * size + 1e-13 for size in (1, 2, 100, 1, 1)]
    assert found == pytest.approx(expected, rel=1e-9)
    assert formula_noise(np.array([4.0]), 1.0) == pytest.approx([4 * FORMULA_NOISE + 1.0])
    assert formula_noise(np.zeros(0)).size == 0
    assert formula_noise(np.zeros(1)) == pytest.approx([1e-13], rel=1e-9)


def test_zeros_at_the_end_may_hold_the_place_up_to_the_digits_asked_for():
    values = np.array([61300.0, 61000.0, 61250.0, 7.0, 100.0, 0.5])
    half_units = np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.05])
    assert last_places(values, half_units, Matching()).tolist() == [50, 50, 5, 0.5, 0.5, 0.05]
    two = Matching(min_significant_figures=2)
    assert last_places(values, half_units, two).tolist() == [50, 500, 5, 0.5, 5, 0.05]
    exact = Matching(policy="absolute", tolerance=1.0)
    assert last_places(values, half_units, exact).tolist() == half_units.tolist()


@pytest.mark.parametrize(
    ("written", "half_unit", "right", "ends"),
    [
        (0.1, 0.05, 0.1, True),
        (0.1, 0.0005, 0.1, False),  # 0.100 shows three digits
        (0.1, 0.05, 0.1004, False),
        (2.175, 0.0005, 2.175, True),
        (0.6931471805599453, 5e-17, 0.6931471805599453, False),
    ],
)
def test_what_ends_by_itself_shows_nothing_of_rounding(written, half_unit, right, ends):
    assert ends_there(np.array([written]), np.array([half_unit]), np.array([right]))[0] == ends
