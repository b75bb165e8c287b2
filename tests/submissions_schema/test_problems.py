import pytest

from submissions_schema.problems import InputError, Place, Problem


@pytest.mark.parametrize(
    ("place", "text"),
    [(Place("f"), "f"), (Place("f", 3), "f:3"), (Place("f", 3, 4), "f:3:4")],
)
def test_a_place_reads_as_compilers_write_it(place, text):
    assert str(place) == text


@pytest.mark.parametrize(
    ("expected", "got", "text"),
    [
        (None, None, "bad"),
        ("a", None, "bad: expected a"),
        (None, "b", "bad: got b"),
        ("a", "b", "bad: expected a, got b"),
    ],
)
def test_a_problem_says_what_was_expected_and_what_came(expected, got, text):
    assert Problem("bad", Place("f", 1), expected, got).text == text


def test_an_input_error_holds_every_problem():
    error = InputError([Problem("one", Place("f", 1)), Problem("two", Place("f", 2))])
    assert str(error) == "f:1: one\nf:2: two"
