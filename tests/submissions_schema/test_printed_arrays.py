"""Arrays pasted as they were printed, where YAML has commas."""

from functools import partial

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from submissions_schema.printed_arrays import with_commas
from submissions_schema.problems import InputError
from submissions_schema.yaml_reader import parse_document

FILE = "answers:\n  q:\n    a: {}\n    b: 3\n"


def read(value):
    return parse_document(FILE.format(value), "one.yaml")


@pytest.mark.parametrize(
    ("value", "tree"),
    [
        ("[[0.1 0.2]\n     [0.3 0.4]]", [["0.1 0.2"], ["0.3 0.4"]]),
        ("[[0.1 0.2]\n [0.3 0.4]]", [["0.1 0.2"], ["0.3 0.4"]]),
        ("[[1. 2.] [3. nan]]", [["1. 2."], ["3. nan"]]),
        ("[array([1, 2]), array([3, 4])]", [["1", "2"], ["3", "4"]]),
        ("[[[1 2]\n  [3 4]]\n\n [[5 6]\n  [7 8]]]", [[["1 2"], ["3 4"]], [["5 6"], ["7 8"]]]),
    ],
)
def test_rows_that_stand_beside_each_other_are_a_list_of_rows(value, tree):
    document = read(value)
    assert document.data["answers"]["q"] == {"a": tree, "b": "3"}
    (remark,) = document.remarks
    assert remark.text == "an array is pasted as it was printed; YAML has commas between its rows"
    assert (remark.place.line, remark.place.column) == (3, 8)


@pytest.mark.parametrize("value", ["[[1 2] [3", "[[1 2] [x 4]]", "[a [b]]", "[[1 2] [3 4]] x"])
def test_what_is_no_printed_array_is_refused_where_it_stands(value):
    with pytest.raises(InputError) as refused:
        read(value)
    assert refused.value.problems[0].place.line in {3, 4}


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(1, 4)),
        elements=st.floats(-1e3, 1e3, width=32),
    )
)
def test_every_printed_matrix_has_its_rows(matrix):
    printed = str(matrix).replace("\n", "\n     ")
    rows = read(printed).data["answers"]["q"]["a"]
    assert [[float(number) for number in row[0].split()] for row in rows] == [
        [float(number) for number in row.strip("[] ").split()] for row in printed.split("\n")
    ]


@given(st.recursive(st.floats(-10, 10).map(partial(round, ndigits=2)), st.lists))
def test_yaml_that_is_in_order_stays_as_it_is(value):
    text = FILE.format(yaml.safe_dump(value, default_flow_style=True).removesuffix("...\n").strip())
    assert with_commas(text) == (text, None)


@pytest.mark.parametrize(
    ("line", "times"), [("[", 100_000), ("- [1\n", 20_000), ("- [[1] x\n", 9_000)]
)
def test_much_that_is_never_closed_is_looked_at_once(line, times):
    text = line * times
    assert with_commas(text) == (text, None)
