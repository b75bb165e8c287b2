import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions_schema.written_number import MAX_LENGTH, NotANumberError, read_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.310", (0.31, 0.0005, 3, 3, False)),
        ("3", (3, 0.5, 1, 0, True)),
        ("+12", (12, 0.5, 2, 0, True)),
        ("012", (12, 0.5, 2, 0, True)),
        ("1200", (1200, 0.5, 4, 0, True)),
        ("0", (0, 0.5, 1, 0, True)),
        ("0.000", (0, 0.0005, 1, 3, False)),
        ("0.00384", (0.00384, 0.000005, 3, 5, False)),
        ("1.5e-3", (0.0015, 0.00005, 2, 4, False)),
        ("1E-3", (0.001, 0.0005, 1, 3, False)),
        ("1e3", (1000, 500, 1, -3, False)),
        (".5", (0.5, 0.05, 1, 1, False)),
        ("5.", (5, 0.5, 1, 0, False)),
        ("+0.5", (0.5, 0.05, 1, 1, False)),
        (" 0.5\t", (0.5, 0.05, 1, 1, False)),
        ("- 0.5", (-0.5, 0.05, 1, 1, False)),
        ("\u22120.5", (-0.5, 0.05, 1, 1, False)),
        ("\u20130.5", (-0.5, 0.05, 1, 1, False)),
        ("1e\u22123", (0.001, 0.0005, 1, 3, False)),
        ("1.50\u00d710^-3", (0.0015, 0.000005, 3, 5, False)),
        ("1.5x10^\u22123", (0.0015, 0.00005, 2, 4, False)),
        ("-1.5*10^-3", (-0.0015, 0.00005, 2, 4, False)),
        ("1.5 * 10**3", (1500, 50, 2, -2, False)),
        ("1.5\u00b710^{-3}", (0.0015, 0.00005, 2, 4, False)),
    ],
)
def test_a_number_keeps_the_digits_that_were_written(text, expected):
    value, half_unit, figures, places, integer = expected
    number = read_number(text)
    assert number.text == text
    assert (number.value, number.half_unit) == (value, half_unit)
    assert (number.significant_figures, number.decimal_places) == (figures, places)
    assert number.is_integer is integer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,5", "decimal comma: write 0.5"),
        ("1,234", "write 1.234 if it is a decimal comma, 1234 if it separates thousands"),
        ("1,234.5", "thousands separator: write 1234.5"),
        ("1.234,5", "a decimal comma: write 1234.5"),
        ("O.5", "the letter `O` in place of the digit 0: write 0.5"),
        ("l.5", "the letter `l` in place of the digit 1: write 1.5"),
        ("nan", "not a finite number"),
        ("-Infinity", "not a finite number"),
        (".inf", "not a finite number"),
        ("1.2.3", "more than one decimal point"),
        ("1_000", "underscore: write 1000"),
        ("50%", "percentage: write 0.5"),
        ("12.5 %", "percentage: write 0.125"),
        ("1e2%", "percentage: write a hundredth of it"),
        ("", "the text is empty"),
        ("  ", "the text is empty"),
        ("-", "a sign without a number"),
        ("\u2212", "a sign without a number"),
        ("0x10", "not a decimal number"),
        ("3 kg", "something behind the number: write only 3"),
        ("0.5m/s", "something behind the number: write only 0.5"),
        ("1e400", "too large"),
        ("9" * 310, "too large"),
        ("1e-400", "too close to zero: write 0"),
        ("1 2 3", "several numbers"),
        ("1, 2", "several numbers"),
        ("1 000", "no blanks inside a number"),
        ("[1, 2]", "a list in quotes"),
        ("1e", "no digits behind the e"),
        ("x = 0.5", "write only 0.5"),
        ("\u22480.5", "write only 0.5"),
        ("\uff11\uff12", "not one of the digits 0 to 9: write 12"),
        ("\u0661", "not one of the digits 0 to 9"),
        ("1\uff0c2", "fullwidth character"),
        ("n/a", "leave the answer empty"),
        ("abc", "a word, not a number"),
        ("3!", "is not a number"),
        ("1" * (MAX_LENGTH + 1), "at most 400 characters, this has 401"),
    ],
)
def test_what_is_no_number_is_explained(text, words):
    with pytest.raises(NotANumberError) as caught:
        read_number(text)
    assert words in str(caught.value)
    assert not caught.value.looks_like_arithmetic


@pytest.mark.parametrize(
    "text",
    ["1/3", "-log(0.839)", "sqrt(2)/2", "10^-3", "2*10", "1 - 2", "(1 + 2)", "max(1, 2)", "pi"],
)
def test_arithmetic_is_left_to_the_formula_language(text):
    with pytest.raises(NotANumberError, match="arithmetic") as caught:
        read_number(text)
    assert caught.value.looks_like_arithmetic


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-290, max_value=1e290))
def test_any_float_is_read_as_python_reads_it(value):
    for text in (repr(value), f"-{value!r}", f"{value:.5e}"):
        assert read_number(text).value == float(text)


@given(st.integers(0, 10**30), st.integers(0, 40))
def test_any_decimal_agrees_with_python_and_is_half_a_unit_wide(digits, places):
    text = f"{digits:0{places + 1}d}"
    text = f"{text[: len(text) - places]}.{text[len(text) - places :]}" if places else text
    number = read_number(text)
    assert number.value == float(text)
    assert number.decimal_places == places
    assert math.isclose(number.half_unit, 0.5 * 10.0**-places)
    assert number.significant_figures == len(str(digits))
    assert number.is_integer is (places == 0)


@given(st.text(max_size=30) | st.text(st.sampled_from("0159.,eE+-*/^()[] xX%_"), max_size=400))
def test_any_text_is_a_finite_number_or_explained(text):
    try:
        number = read_number(text)
    except NotANumberError:
        return
    assert math.isfinite(number.value)
    assert number.half_unit > 0
    assert number.significant_figures >= 1
