"""The lazy student: what could have been written without doing the work, and what could not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.diagnosis.lazy import degenerate, find_lazy

SHEET = """
assignment: lazy
title: Quantities of every shape
given: {A: [[1.5, -2.5], [0.5, 3.5]], x: [0.9, -1.2], n: 7}
steps:
  u: A @ x
  v: A.T @ x
  w: 2 * u / 2
  p: A * 2.1
  q: A * 2.2
  c: softmax(0.4 * x - 0.4 * x)
  s: sum(u)
  t: sum(v)
questions:
  a: {points: 8, answers: {u: u, v: v, w: w, p: p, q: q, c: c, s: s, t: t}}
"""
A = [[1.5, -2.5], [0.5, 3.5]]
TURNED = [[1.5, 0.5], [-2.5, 3.5]]
P = [[0.31, 0.42], [0.53, 0.64]]

FORMULA = """
assignment: formula
title: A formula of two symbols
symbols: {x: {domain: [1, 2]}, y: {domain: [1, 2]}}
steps: {z: x * y}
questions: {a: {points: 1, answers: {z: {kind: formula, value: z}}}}
"""


def lazy(made, half_unit=5e-4, right=(), **written):
    """What could be had without work: each such answer with the kind of it."""
    layout = made.grader.key.layout
    at = {name: position for position, name in enumerate(made.names)}
    values = {at[name]: np.ravel(np.asarray(value, float)) for name, value in written.items()}
    half_units = {position: np.full(value.size, half_unit) for position, value in values.items()}
    found = find_lazy(layout, values, half_units, {at[name] for name in right})
    kinds = {"constant": found.constant, "given": found.given, "copied": found.copied}
    return {made.names[at]: kind for kind, answers in kinds.items() for at in answers}


@pytest.mark.parametrize(
    "numbers",
    [
        [0.25, 0.25],
        [0.25, -0.25],
        [-0.25, -0.25],
        [0.25, 0.2505],  # the same in the last place
        [0, 0],
        [1, 0],
        [0, -1],
        [0.5, 0],
        [0.1, 0],
        [[0.7, 0.7], [0.7, 0.7]],
    ],
)
def test_one_number_and_zeros_anybody_writes(bench, numbers):
    name = "u" if np.ndim(numbers) == 1 else "p"
    assert lazy(bench(SHEET), **{name: numbers}) == {name: "constant"}


@pytest.mark.parametrize(
    "numbers",
    [
        [0.25, 0.26],
        [0.25, 0.252],
        [0.25, 0],  # one number among zeros may be a sum that the others don't enter
        [-2, 0],
        [0.25, np.nan],
        [np.inf, np.inf],
        [[0.7, 0.7], [0.7, 0.2]],
    ],
)
def test_different_numbers_are_not_written_for_want_of_any(bench, numbers):
    name = "u" if np.ndim(numbers) == 1 else "p"
    assert lazy(bench(SHEET), **{name: numbers}) == {}


def test_where_the_right_answer_is_one_number_another_one_everywhere_may_be_a_mistake(bench):
    assert lazy(bench(SHEET), c=[0.7, 0.7]) == {}


def test_a_single_number_that_anybody_writes_is_told_by_a_second_place(bench):
    made = bench(SHEET)
    assert lazy(made, s=1) == {}
    assert lazy(made, s=1, t=0.37) == {}
    assert lazy(made, s=1, t=0.5) == {"s": "constant", "t": "constant"}
    assert lazy(made, s=0.1, u=[0.3, 0.3]) == {"s": "constant", "u": "constant"}
    assert lazy(made, right={"t"}, s=1, t=0.5) == {}


@pytest.mark.parametrize("numbers", [A, TURNED, np.negative(A)])
def test_a_given_array_is_known_again_turned_and_in_another_sign(bench, numbers):
    assert lazy(bench(SHEET), p=numbers) == {"p": "given"}


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("p", [[1.5, -2.5], [0.5, 3.6]]),
        ("p", [[1.5, 0.5], [-2.6, 3.5]]),
        ("p", [[1.5, -9], [-9, -9]]),
        ("p", [[-1.5, -2.5], [0.5, 3.5]]),
        ("u", [-1.2, 0.9]),
        ("s", 7),
    ],
)
def test_what_differs_from_a_given_array_or_is_a_single_number_is_no_copy_of_it(
    bench, name, numbers
):
    assert lazy(bench(SHEET), **{name: numbers}) == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"u": [0.31, 0.42]}, {"v": [0.31, 0.42]}),
        ({"u": [0.31, 0.42]}, {"v": [-0.31, -0.42]}),
        ({"p": P}, {"q": np.transpose(P)}),
        ({"s": 0.42}, {"t": -0.42}),
        ({"u": [1e6, 2e6]}, {"v": [1e6, 2e6 + 4e-4]}),
        ({"u": [-1e6, -2e6]}, {"v": [-1e6, -2e6 - 4e-4]}),
    ],
)
def test_of_two_answers_with_the_same_numbers_both_may_be_the_copy(bench, first, second):
    names = [*first, *second]
    assert lazy(bench(SHEET), **first, **second) == dict.fromkeys(names, "copied")
    assert lazy(bench(SHEET), right=first, **first, **second) == dict.fromkeys(second, "copied")


@pytest.mark.parametrize(
    "written",
    [
        {"u": [0.31, 0.42], "v": [0.42, 0.31]},
        {"u": [0.31, 0.42], "v": [0.31, -0.42]},
        {"u": [0.31, 0.42], "v": [0.31, 0.43]},
        {"u": [0.31, 0.42], "w": [0.31, 0.42]},  # which are equal when they are right, too
        {"p": P, "q": [[0.31, 0.2], [0.1, 0.05]]},
        {"s": 3, "u": [3, 0.42]},
        {"s": 3, "u": [2, 3]},
        {"u": [0.31, np.nan], "v": [0.31, np.nan]},
    ],
)
def test_answers_that_differ_are_no_copies_and_those_that_are_equal_on_the_sheet(bench, written):
    assert lazy(bench(SHEET), **written) == {}


@pytest.mark.parametrize("number", [0.42, -0.42, 0.31])
def test_a_single_number_with_decimals_may_be_an_entry_of_another_answer(bench, number):
    assert lazy(bench(SHEET), s=number, u=[0.31, -0.42]) == {"s": "copied"}


def test_a_whole_number_is_no_copy_of_one_number_everywhere(bench):
    assert lazy(bench(SHEET), s=3, u=[3, 3]) == {"u": "constant"}


def test_a_formula_without_symbols_is_one_number(bench):
    made = bench(FORMULA)
    worlds = made.right()[0], made.grader.key.layout.values[0]
    assert lazy(made, z=np.full(worlds[1].shape, 2.0)) == {"z": "constant"}
    assert lazy(made, z=worlds[1] * 2) == {}


@pytest.mark.parametrize(
    ("values", "right", "bounds"),
    [
        ([0, 0], [0.3, 0.4], (-1, 1)),
        ([0.3, 0.3], [0.3, 0.4], (-1, 1)),
        ([0], [0.5], (-1, 1)),
        ([np.nan, 0.2], [0.3, 0.4], (-1, 1)),
        ([0.9995, -0.9999], [0.3, 0.4], (-1, 1)),
        ([0.9995, 0.0001], [0.3, 0.4], (0, 1)),
        ([0.9995, 0.0001], [0.9995, 0.4], (0, 1)),
    ],
)
def test_zeros_constants_and_what_is_saturated_say_nothing_where_the_right_ones_do(
    values, right, bounds
):
    assert degenerate(np.array(values, float), np.array(right), bounds)


@pytest.mark.parametrize(
    ("values", "right", "bounds"),
    [
        ([0, 0], [0, 0], (-1, 1)),
        ([0.3, 0.3], [0.5, 0.5], (-1, 1)),
        ([0.3], [0.5], (-1, 1)),
        ([0.3, 0.5], [0.3, 0.4], (-1, 1)),
        ([0.9995, 0.5], [0.3, 0.4], (-1, 1)),
        ([0.9975, -0.9999], [0.3, 0.4], (-1, 1)),
        ([0.9995, 0.0001], [0.9992, 0.0002], (0, 1)),
        ([0.0001, 0.0002], [0.3, 0.4], (0, np.inf)),
        ([0.0001, 0.0002], [0.3, 0.4], (-np.inf, 0)),
        ([0, 0], [0.5], (-1, 1)),
    ],
)
def test_numbers_like_the_right_ones_say_something(values, right, bounds):
    assert not degenerate(np.array(values, float), np.array(right, float), bounds)


numbers = st.floats(0.01, 100).map(lambda x: float(f"{x:.3g}"))


@given(st.lists(numbers, min_size=4, max_size=4, unique=True), st.sampled_from([1, -1]))
def test_any_numbers_are_a_copy_of_themselves_in_any_sign_and_turned(bench, values, sign):
    made, p = bench(SHEET), np.reshape(values, (2, 2))
    assert set(lazy(made, p=p, q=sign * p)) >= {"p", "q"}
    assert set(lazy(made, p=p, q=p.T)) >= {"p", "q"}
