"""How much a written number says, by the shortest way to write it down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.diagnosis.said import DIGIT, is_guess, said_bits, unheard, whole_bits


def said(*texts):
    values = np.array([float(text) for text in texts])
    return said_bits(texts, values, 1e-6 * np.abs(values) + 1e-12)


@given(st.integers(1, 9), st.integers(-4, 4))
def test_one_digit_says_as_much_wherever_its_point_stands(digit, power):
    assert said(f"{digit}e{power}")[0] == DIGIT


def test_zeros_at_the_end_say_nothing():
    assert said("0.5", "0.500").tolist() == [DIGIT, DIGIT]
    assert said("0.537")[0] == 3 * DIGIT
    assert said("0")[0] == 0


def test_a_sign_says_nothing_and_neither_does_what_is_no_number():
    assert said("-0.537")[0] == said("0.537")[0]
    assert said("nan", "inf").tolist() == [0, 0]


def test_arithmetic_says_no_more_than_its_text():
    assert said_bits(["log(17)"], np.array([np.log(17)]), np.array([1e-15]))[0] == 3 * DIGIT
    assert said_bits(["log(3)"], np.array([np.log(3)]), np.array([1e-16]))[0] < 2 * DIGIT


@pytest.mark.parametrize(
    ("text", "half_unit", "guess"),
    [
        ("1.10", 5e-3, True),  # ln 3
        ("1.12", 5e-3, False),
        ("0.333", 5e-4, True),
        ("1.4", 5e-2, False),  # near ln 4, as many numbers of two digits are near something
        ("0.7", 5e-2, True),
        ("0.998", 5e-4, False),
        ("-1.10", 5e-3, True),
        ("0.69", 5e-3, False),  # ln 2, with two digits
        ("0.693", 5e-4, True),
        ("0.1429", 5e-5, True),  # 1/7
        ("1.585", 5e-4, True),  # log2 3
        ("2.303", 5e-4, True),  # ln 10
        ("2.398", 5e-4, False),  # ln 11
        ("537", 0.5, False),  # no arithmetic
    ],
)
def test_what_anybody_would_write_is_a_guess(text, half_unit, guess):
    assert is_guess([text], np.array([float(text)]), np.array([half_unit])) is guess


def test_that_one_entry_is_a_guess_says_nothing_of_those_beside_it():
    texts, half_units = ["1.10", "1.12"], np.full(2, 5e-3)
    found = said_bits(texts, np.array([1.10, 1.12]), half_units)
    assert found[0] < found[1] == 3 * DIGIT
    assert not is_guess(texts, np.array([1.10, 1.12]), half_units)


def test_typed_arithmetic_shows_rounding_only_in_its_decimals():
    assert is_guess(["17/29"], np.array([17 / 29]), np.array([1e-16]))
    assert is_guess(["0.5*17/29"], np.array([8.5 / 29]), np.array([1e-16]))
    assert not is_guess(["-log(0.839)"], np.array([-np.log(0.839)]), np.array([1e-16]))


def test_what_is_known_or_said_twice_is_no_news():
    values = np.array([0.25, -0.25, 3.0, 7.0])
    assert unheard(np.array([5.0, 5.0, 2.0, 3.0]), values, {3.0}) == 8.0


def test_small_whole_numbers_say_little():
    assert whole_bits(np.array([0, 1, 2, -8])).tolist() == [0, 0, 1, 3]
