"""Reading what is plainly meant: one reading is read with a remark, two are refused by name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.answer_kinds.reading.arrays import read_array
from checker.answer_kinds.reading.meant import ANY, Wanted
from checker.answer_kinds.reading.written import Unreadable, WrittenArray
from submissions_schema.written_number import read_number
from submissions_schema.yaml_reader import parse_document

WHOLE = Wanted(whole=True)


def read(text, shape=(), wanted=ANY):
    document = parse_document(f"answers:\n  q: {text}\n", "some.yaml")
    return read_array(document.data["answers"]["q"], shape, document, ("answers", "q"), wanted)


def numbers(text, shape=(), wanted=ANY):
    found = read(text, shape, wanted)
    assert isinstance(found, WrittenArray), found.message
    assert found.remark
    assert found.shape == shape
    return found.values.tolist()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1,13", "1.13"),
        ("-0,500", "-0.500"),
        ("\u22121,5", "-1.5"),
        ("'- 1,5'", "-1.5"),
        ("',5'", ".5"),
        ("1234,567", "1234.567"),
        ("1,2345", "1.2345"),
        ("1,5e-3", "1.5e-3"),
        ("1,5*10^-3", "1.5e-3"),
        ("\uff11\uff0e\uff15", "1.5"),
        ("\uff11\uff0c\uff15", "1.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1 000", "1000"),
        ("28\u00a0128", "28128"),
        ("28'128", "28128"),
        ("50_400", "50400"),
        ("67.7 %", "0.677"),
        ("67,70%", "0.6770"),
        ("-5 %", "-0.05"),
        ("1e3 %", "1e1"),
        ("50 percent", "0.50"),
        ("50\\%", "0.50"),
        ("138M", "138e6"),
        ("1.5 million", "1.5e6"),
        ("150k", "150e3"),
        ("1,5K", "1.5e3"),
    ],
)
def test_a_number_in_another_spelling_has_the_value_and_the_digits_of_the_plain_one(text, plain):
    found, meant = read(text), read_number(plain)
    assert isinstance(found, WrittenArray), found.message
    assert (found.values[0], found.half_units[0]) == (meant.value, pytest.approx(meant.half_unit))
    assert f"`{text.strip(chr(39))}`" in found.remark


@pytest.mark.parametrize(
    ("text", "value"),
    [("50,400", 50_400), ("138M", 138_000_000), ("150K", 150_000), ("1.5 M", 1_500_000)],
)
def test_where_a_whole_number_is_asked_for_it_is_read_in_full(text, value):
    assert numbers(text, (), WHOLE) == [value]


@pytest.mark.parametrize(
    ("text", "wanted", "readings"),
    [
        ("50,400", ANY, ("50.400", "50400")),
        ("-1,234", ANY, ("-1.234", "-1234")),
        ("28 128", ANY, ("28128", "several numbers")),
        ("150K", Wanted(names=("K",)), ("150000", "150 times the sheet's `K`")),
        ("4K", Wanted(words="memory in bytes"), ("4000", "4096")),
        ("67.7 %", Wanted(words="The accuracy, in %"), ("67.7", "0.677")),
        ("12 %", WHOLE, ("12", "0.12")),
    ],
)
def test_what_has_two_readings_is_refused_and_both_are_named(text, wanted, readings):
    found = read(text, (), wanted)
    assert isinstance(found, Unreadable)
    assert "two readings" in found.message
    for reading in readings:
        assert reading in found.message


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3",
        "1,234,56",
        "12,34,567",
        "1,5",
        "0,5 0,5",
        "1.5,5",
        "5m",
        "5B",
        "138M params",
        "'%'",
        "1 5",
    ],
)
def test_what_is_plainly_no_whole_number_is_not_guessed_at(text):
    assert isinstance(read(text, (), WHOLE), Unreadable)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("0.5", (1,)),
        ("0.5", (1, 1)),
        ("[0.5]", (1, 1)),
        ("[0.5]", ()),
        ("[[0.5]]", ()),
        ("array([[0.5]])", ()),
        ("'0,5'", (1, 1)),
    ],
)
def test_a_number_and_a_list_of_one_number_stand_for_each_other(text, shape):
    assert numbers(text, shape) == [0.5]


@pytest.mark.parametrize("shape", [(3, 1), (1, 3), (1, 3, 1)])
@pytest.mark.parametrize("text", ["[1, 2, 3]", "(1, 2, 3)", "1 2 3", "array([1, 2, 3])"])
def test_a_list_stands_for_a_column_or_a_row(text, shape):
    assert numbers(text, shape) == [1, 2, 3]


@pytest.mark.parametrize(("text", "shape"), [("[[1], [2]]", (1, 2)), ("[[1, 2]]", (2, 1))])
def test_a_row_is_no_column(text, shape):
    found = read(text, shape)
    assert isinstance(found, Unreadable)
    assert "transpose" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "[0,5, 0,25]",
        "[0,5; 0,25]",
        "[0,5 0,25]",
        "0,5; 0,25",
        "0,5, 0,25",
        "(0,5; 0,25)",
        "\n    - 0,5\n    - 0,25",
        "['0,5', 0.25]",
    ],
)
def test_a_list_may_have_decimal_commas_where_something_else_parts_its_numbers(text):
    assert numbers(text, (2,)) == [0.5, 0.25]


def test_the_rows_of_a_matrix_may_have_decimal_commas():
    assert numbers("[[0,5, 0,25], [1,5, -2,5]]", (2, 2)) == [0.5, 0.25, 1.5, -2.5]


def test_whole_numbers_in_a_list_may_have_their_thousands_apart():
    assert numbers("[1,234, 5,678]", (2,), WHOLE) == [1234, 5678]
    assert isinstance(read("[1,234, 5,678]", (2,)), Unreadable)


@pytest.mark.parametrize(
    "text", ["[1,2,3,4]", "[1, 2,3]", "[0.5, 0,25]", "[1, 2, 3, 4]", "1,2,3,4"]
)
def test_a_list_in_which_any_comma_may_part_numbers_is_refused(text):
    assert isinstance(read(text, (2,)), Unreadable)


@pytest.mark.parametrize(
    "text",
    [
        "(28, 28, 8)",
        "[28x28x8]",
        "'[28x28x8]'",
        "[(28, 28, 8)]",
        "\n    - (28, 28, 8)",
        "torch.Size([28, 28, 8])",
        "TensorShape([28, 28, 8])",
    ],
)
def test_a_shape_is_read_as_people_and_libraries_write_it(text):
    assert numbers(text, (3,), WHOLE) == [28, 28, 8]


@pytest.mark.parametrize(
    "text",
    [
        "array([[0.5, 2.], [-3e-05, 4.25]])",
        "array([[ 5.00e-01,  2.00e+00],\n       [-3.00e-05,  4.25e+00]], dtype=float32)",
        "|\n    array([[0.5, 2.],\n           [-3e-05, 4.25]])",
        "np.array([[0.5, 2.], [-3e-05, 4.25]], dtype=np.float32)",
        "tensor([[0.5, 2.], [-3e-05, 4.25]], device='cuda:0', grad_fn=<AddmmBackward0>)",
        "tensor([[0.5, 2.], [-3e-05, 4.25]], dtype=torch.float64, requires_grad=True)",
        "Array([[0.5, 2.], [-3e-05, 4.25]], dtype=float32)",
        "|\n    [[0.5 2.]\n     [-3e-05 4.25]]",
        "[[np.float64(0.5), np.float32(2.)], [tensor(-3e-05), tensor(4.25, grad_fn=<Mean>)]]",
        '"<tf.Tensor: shape=(2, 2), dtype=float32, numpy=array([[0.5, 2.], [-3e-05, 4.25]])>"',
    ],
)
def test_what_libraries_print_is_read(text):
    assert numbers(text, (2, 2)) == [0.5, 2, -3e-5, 4.25]


@pytest.mark.parametrize(
    "text",
    [
        "array([0.1, ..., 0.3])",
        "array([0.1, 0.2)",
        "array([0.1 0.2, 0.3])",
        "array([True, False])",
        "array([0.1, 0.2]) * 2",
        "array([])",
        "exec([0.1, 0.2])",
        "array([0,1, 0,2])",
    ],
)
def test_what_is_no_whole_printed_array_is_refused(text):
    assert isinstance(read(text, (2,)), Unreadable)


values = st.decimals(-999, 999, places=2).map(lambda number: f"{number:.2f}")


@given(values)
def test_every_accepted_form_of_a_number_has_the_same_value_and_digits(plain):
    meant = read(plain)
    forms = [plain.replace(".", ","), f"[{plain}]", f"np.float64({plain})", f"array([{plain}])"]
    for text in forms:
        found = read(f"'{text}'" if "," in text else text)
        assert isinstance(found, WrittenArray), text
        assert found.values == meant.values
        assert found.half_units == meant.half_units
        assert found.remark


@given(st.lists(values, min_size=2, max_size=6))
def test_every_accepted_form_of_a_list_has_the_same_values_and_digits(plain):
    shape = (len(plain),)
    meant = read(f"[{', '.join(plain)}]", shape)
    commas = [text.replace(".", ",") for text in plain]
    for text in (
        f"[{', '.join(commas)}]",
        f"[{'; '.join(commas)}]",
        f"({', '.join(plain)})",
        f"[{' '.join(plain)}]",
        f"array([{', '.join(plain)}], dtype=float32)",
        f"tensor([{', '.join(plain)}])",
    ):
        found = read(text, shape)
        assert isinstance(found, WrittenArray), text
        assert np.array_equal(found.values, meant.values)
        assert np.array_equal(found.half_units, meant.half_units)
        assert found.remark


@given(st.integers(1, 999), st.integers(0, 999), st.booleans())
def test_nothing_that_a_comma_gives_two_readings_is_accepted(head, tail, in_list):
    text = f"{head},{tail:03d}"
    found = read(f"['{text}', 1]", (2,)) if in_list else read(text)
    assert isinstance(found, Unreadable)
    assert f"{head}.{tail:03d}" in found.message
    assert f"{head}{tail:03d}" in found.message


@given(st.integers(0, 10**12))
def test_thousands_apart_are_the_whole_number(number):
    assert read(f"'{number:,}'", (), WHOLE).values.tolist() == [number]
    assert read(f"'{number:_}'", (), WHOLE).values.tolist() == [number]


@given(st.text(st.sampled_from("0159.,; -+kKM%x()[]'_e"), max_size=25), st.booleans())
def test_what_is_read_from_any_text_is_finite_and_has_a_remark_or_is_plain(text, whole):
    document = parse_document("q: x\n", "some.yaml")
    for shape in ((), (1,), (2,), (1, 2)):
        found = read_array(text, shape, document, ("q",), Wanted(whole))
        if isinstance(found, WrittenArray):
            assert np.isfinite(found.values).all()
            assert (found.half_units >= 0).all()
            assert found.values.size == np.prod(shape, dtype=int)
        else:
            assert found.message
