"""Reading the numbers of an answer: what is accepted, and what is refused with which words."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.answer_kinds.reading.arrays import read_array
from checker.answer_kinds.reading.written import (
    Unreadable,
    WrittenArray,
    is_missing,
    shape_words,
)
from submissions_schema.yaml_reader import parse_document


def read(text: str, shape: tuple[int, ...] = ()) -> WrittenArray | Unreadable:
    document = parse_document(f"answers:\n  q: {text}\n", "some.yaml")
    return read_array(document.data["answers"]["q"], shape, document, ("answers", "q"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("1e-3", 1e-3),
        ("1E-3", 1e-3),
        (".5", 0.5),
        ("5.", 5.0),
        ("+0.5", 0.5),
        ("-0.5", -0.5),
        ("\u22120.5", -0.5),
        ("1.5*10^-3", 1.5e-3),
        ("1.5 \u00d7 10^-3", 1.5e-3),
        ("1/3", 1 / 3),
        ("-1/3", -1 / 3),
        ("-log(0.839)", -math.log(0.839)),
        ("-ln(0.839)", -math.log(0.839)),
        ("(1 + 2)/4", 0.75),
        ("2**-3", 0.125),
        ("sqrt(2)", math.sqrt(2)),
        ("exp(-1)", math.exp(-1)),
        ("pi", math.pi),
        ("'0.5'", 0.5),
        ('" 0.5 "', 0.5),
        ("012", 12.0),
        ("[0.5]", 0.5),
        ("[[0.5]]", 0.5),
    ],
)
def test_every_spelling_of_a_number_is_read(text, value):
    found = read(text)
    assert isinstance(found, WrittenArray), found
    assert found.values == pytest.approx([value], rel=1e-12)


@given(st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-12))
def test_what_python_prints_is_read_back(value):
    found = read(repr(value))
    assert isinstance(found, WrittenArray)
    assert found.values[0] == value


def test_written_digits_are_kept():
    found = read("[0.310, 0.31, 1e-3, 3]", (4,))
    assert isinstance(found, WrittenArray)
    assert found.half_units == pytest.approx([0.0005, 0.005, 0.0005, 0.5])
    assert found.texts == ("0.310", "0.31", "1e-3", "3")


@pytest.mark.parametrize(
    ("arithmetic", "typed"),
    [
        ("1.*1.", "1"),
        ("0.5+0.", "0.5"),
        ("0.17+0.0", "0.17"),
        ("1/4", "0.25"),
        ("0.1+0.2", "0.3"),
        ("28*28*8", "6272"),
        ("10**22", "10000000000000000000000"),
        ("1/3", "0.333333333333333"),
        ("-log(0.839)", "-0.175544572514931"),
        ("2*0.", "0"),
    ],
)
def test_arithmetic_is_as_exact_as_its_value_typed_out(arithmetic, typed):
    found, plain = read(arithmetic), read(typed)
    assert isinstance(found, WrittenArray)
    assert isinstance(plain, WrittenArray)
    assert found.half_units.tolist() == plain.half_units.tolist()


@given(st.decimals(-1000, 1000, places=4), st.sampled_from(["1*{}", "{}+0.", "({})/1.0", "--{}"]))
def test_typing_arithmetic_buys_no_tolerance(number, form):
    found, plain = read(f'"{form.format(number)}"'), read(f"{number.normalize():f}")
    assert isinstance(found, WrittenArray)
    assert isinstance(plain, WrittenArray)
    assert found.half_units[0] == plain.half_units[0]
    assert found.values[0] == pytest.approx(plain.values[0], rel=1e-14)


@pytest.mark.parametrize(
    "text", ["[1, 2, 3]", "[[1], [2], [3]]", "[[1, 2, 3]]", "\n    - 1\n    - 2\n    - 3"]
)
def test_a_vector_may_be_a_list_a_column_or_a_row(text):
    found = read(text, (3,))
    assert isinstance(found, WrittenArray)
    assert found.values.tolist() == [1, 2, 3]
    assert found.shape == (3,)


def test_a_matrix_is_read_row_by_row():
    found = read("[[1, 2, 3], [4, 5, 6]]", (2, 3))
    assert isinstance(found, WrittenArray)
    assert found.values.tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "text",
    [
        "(28, 28, 8)",
        "'[28, 28, 8]'",
        "'(28,28,8)'",
        "28 x 28 x 8",
        "28x28x8",
        "28 X 28 X 8",
        "28\u00d728\u00d78",
        "28 by 28 by 8",
        "28, 28, 8",
        "28,28,8",
        "28 28 8",
        "[28 28 8]",
        "[28. 28. 8.]",
        "(28 28 8)",
        "( 28 , 28 , 8 , )",
        "(4*7, sqrt(784), 16/2)",
        "[4*7, (28), (10 - 2)]",
    ],
)
def test_a_list_may_be_written_as_a_text(text):
    found = read(text, (3,))
    assert isinstance(found, WrittenArray), found
    assert found.values.tolist() == [28, 28, 8]
    assert len(found.texts) == 3


@pytest.mark.parametrize(
    "text",
    [
        "((1, 2), (3, 4))",
        "[(1, 2), (3, 4)]",
        "'[[1, 2], [3, 4]]'",
        "[[1. 2.], [3. 4.]]",
        "[1 2, 3 4]",
        "\n    - (1, 2)\n    - (3, 4)",
        "\n    - 1 2\n    - 3, 4",
    ],
)
def test_a_matrix_may_have_its_rows_written_as_texts(text):
    found = read(text, (2, 2))
    assert isinstance(found, WrittenArray), found
    assert found.values.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("text", ["(28, 28)", "28 x 28", "28, 28", "[28 28]"])
def test_a_list_in_a_text_has_its_own_length(text):
    found = read(text, (3,))
    assert isinstance(found, Unreadable)
    assert found.problems[0].got in ("2 numbers", "1 number")


@pytest.mark.parametrize("text", ["1 000", "1,000", "012 3", "0,5", "28", "about (1, 2)", "(1, 2"])
def test_what_may_be_one_number_is_no_list(text):
    assert isinstance(read(text, (2,)), Unreadable)


def test_an_entry_of_a_list_in_a_text_is_pointed_at():
    found = read("(28, 2**x, O.5)", (3,))
    assert isinstance(found, Unreadable)
    columns = [problem.place.column for problem in found.problems]
    assert columns == [14, 17]


def test_where_one_number_is_asked_for_nothing_is_a_list():
    for text in ("(1, 5)", "1 x 5", "1, 5", "1 5"):
        assert isinstance(read(text), Unreadable)


@pytest.mark.parametrize(
    "text", ["(" * 9_000, "1" * 9_000 + "z", "1 " * 4_000 + "z", "(1," * 3_000, "1x" * 4_000 + "z"]
)
def test_a_text_of_absurd_size_is_refused_at_once(text):
    begun = time.perf_counter()
    document = parse_document("q: x\n", "some.yaml")
    for shape in ((3,), (2, 2), ()):
        assert isinstance(read_array(text, shape, document, ("q",)), Unreadable)
        assert isinstance(read_array([text] * 10, shape, document, ("q",)), Unreadable)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,234", "has two readings, 1.234 with a decimal comma and 1234 with"),
        ("O.5", "letter `O` in place of the digit 0: write 0.5"),
        ("nan", "not a finite number"),
        (".nan", "not a finite number"),
        ("inf", "not a finite number"),
        ("-.inf", "not a finite number"),
        ("1e999", "too large"),
        ("1 2", "several numbers"),
        ("'[1, 2]'", "list in quotes"),
        ("about three", "not a number"),
        ("h", "a word, not a number"),
        ("3 m", "something behind the number"),
        ("L = 2.01", "more than a number: write only 2.01"),
        ("n/a", "leave the answer empty"),
        ("1_00", "underscore"),
        ("0x1F", "base ten"),
        ("1..5", "more than one decimal point"),
        ("2^x", "unknown quantity `x`"),
        ("1/0", ""),
        ("log(-1)", ""),
        ("foo(3)", ""),
        ("2*x", ""),
    ],
)
def test_what_is_not_a_number_is_refused_with_the_reason_and_the_place(text, words):
    found = read(text)
    assert isinstance(found, Unreadable), found
    (problem,) = found.problems
    assert words in problem.message
    assert problem.message.strip()
    assert problem.place.line == 2
    assert problem.place.column is not None
    assert problem.place.column >= 6
    assert "(line 2, column" in found.message


def test_every_unreadable_entry_is_told_with_its_own_place():
    found = read("[0.1, '1,234', 0.2, O.5]", (4,))
    assert isinstance(found, Unreadable)
    places = [(problem.place.line, problem.place.column) for problem in found.problems]
    assert len(places) == 2
    assert places[0] < places[1]
    assert [problem.message.split("`")[1] for problem in found.problems] == ["1,234", "O.5"]


@pytest.mark.parametrize(
    ("text", "shape", "words", "got"),
    [
        ("[1, 2]", (3,), "wrong shape", "2 numbers"),
        ("[[1, 2, 3], [4, 5, 6]]", (3, 2), "transpose", "2 x 3 numbers"),
        ("[1, 2, 3, 4, 5, 6]", (2, 3), "right number of entries", "6 numbers"),
        ("[[1, 2], [3, 4]]", (4,), "right number of entries", "2 x 2 numbers"),
        ("0.5", (3,), "wrong shape", "a single number"),
        ("[1, 2]", (), "wrong shape", "2 numbers"),
        ("[[1, 2], [3]]", (2, 2), "not rectangular", "rows of lengths [2, 1]"),
        ("[[1, 2], 3]", (2, 2), "not rectangular", ""),
        ("[[[1, 2, 3]]]", (3,), "right number of entries", "1 x 1 x 3 numbers"),
    ],
)
def test_a_wrong_shape_says_what_was_expected_and_what_came(text, shape, words, got):
    found = read(text, shape)
    assert isinstance(found, Unreadable)
    (problem,) = found.problems
    assert words in problem.message
    assert problem.expected == shape_words(shape)
    assert got in (problem.got or "")
    assert (problem.place.line, problem.place.column) == (2, 6)


@pytest.mark.parametrize("text", ["{a: 1, b: 2, c: 3}", "[1, {a: 2}, 3]", "[1, null, 3]"])
def test_a_mapping_or_nothing_in_place_of_a_number_is_told(text):
    found = read(text, (3,))
    assert isinstance(found, Unreadable)
    assert any("a number" in problem.text for problem in found.problems)
    assert all(problem.place.line == 2 for problem in found.problems)


@pytest.mark.parametrize(
    "text", ["", "''", "[]", "{}", "null", "~", "['', null]", "[[], []]", "'  '"]
)
def test_nothing_written_is_missing(text):
    document = parse_document(f"answers:\n  q: {text}\n", "some.yaml")
    assert is_missing(document.data["answers"]["q"])


@pytest.mark.parametrize("text", ["0", "[0, null]", "{a: 0}", "'.'"])
def test_something_written_is_not_missing(text):
    document = parse_document(f"answers:\n  q: {text}\n", "some.yaml")
    assert not is_missing(document.data["answers"]["q"])


@given(st.text(max_size=40))
def test_no_text_at_all_makes_reading_fail(text):
    document = parse_document("q: x\n", "some.yaml")
    for tree, shape in ((text, ()), (text, (3,)), ([text, "1"], (2,)), ([[text]], (2, 2))):
        found = read_array(tree, shape, document, ("q",))
        if isinstance(found, WrittenArray):
            assert np.isfinite(found.values).all()
            assert (found.half_units >= 0).all()
        else:
            assert found.message
