"""What a given number is misread as."""

from hypothesis import given
from hypothesis import strategies as st

from checker.edits.structural.copied_numbers import misread

written = st.decimals(-999, 999, places=2).map(lambda number: f"{float(number):g}")


@given(written)
def test_what_is_misread_is_another_number_and_each_one_once(text):
    numbers = [float(wrong) for wrong in misread(text)]
    assert len(set(numbers)) == len(numbers)
    assert float(text) not in numbers


def test_a_digit_the_point_and_two_digits_are_misread():
    assert {"3.1", "13", "0.13", "1.8", "1.2"} <= {*misread("1.3")}


def test_a_zero_too_many_is_misread_and_none_comes_in_front():
    assert "1000" in misread("100")
    assert "010" not in {*misread("100")}
