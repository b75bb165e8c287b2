"""Sampled worlds: values for symbols that lie in their domains and are the same in every run."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_solutions.assignment import build_assignment
from reference_solutions.reference import Reference
from reference_solutions.sampling import WORLDS, draw_worlds, sample_reference
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.quantities import Symbol


def symbol(**fields) -> Symbol:
    return Symbol.model_validate(fields)


def sample_worlds(symbols, count=WORLDS):
    return list(islice(draw_worlds(symbols), count))


def test_without_symbols_there_is_one_world_with_nothing_in_it():
    assert sample_reference({}, lambda worlds: worlds) == [{}]


def test_there_are_several_worlds_and_each_has_every_symbol():
    worlds = sample_worlds({"x": symbol(), "D": symbol(integer=True), "v": symbol(shape=[2, 3])})
    assert len(worlds) == WORLDS >= 5
    for world in worlds:
        assert set(world) == {"x", "D", "v"}
        assert {name: value.shape for name, value in world.items()} == {
            "x": (),
            "D": (),
            "v": (2, 3),
        }
        assert all(value.dtype == np.float64 for value in world.values())


def test_the_worlds_are_the_same_in_every_run():
    symbols = {"x": symbol(), "v": symbol(shape=[3])}
    for first, again in zip(sample_worlds(symbols), sample_worlds(symbols), strict=True):
        for name in symbols:
            np.testing.assert_array_equal(first[name], again[name])


def test_another_symbol_leaves_the_others_as_they_are():
    few = sample_worlds({"x": symbol()})
    more = sample_worlds({"a": symbol(shape=[4]), "x": symbol(), "z": symbol(integer=True)})
    assert [float(world["x"]) for world in few] == [float(world["x"]) for world in more]


def test_worlds_differ_from_each_other_and_symbols_do_too():
    worlds = sample_worlds({"x": symbol(), "y": symbol(), "v": symbol(shape=[3])})
    assert len({float(world["x"]) for world in worlds}) == len(worlds)
    for world in worlds:
        assert world["x"] != world["y"]
        assert len(set(world["v"].tolist())) == 3


NAMES = st.text("abcdefghijklmnopqrstuvwxyz_ABCDEFGH0123456789", min_size=1, max_size=8)


@given(
    NAMES,
    st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)).filter(lambda d: d[1] - d[0] > 1e-3),
    st.lists(st.integers(1, 4), max_size=2),
)
def test_values_lie_strictly_inside_their_domain(name, domain, shape):
    for world in sample_worlds({name: symbol(domain=list(domain), shape=shape)}):
        assert world[name].shape == tuple(shape)
        assert np.all(world[name] > domain[0])
        assert np.all(world[name] < domain[1])


@given(NAMES, st.integers(-20, 20), st.integers(0, 20), st.lists(st.integers(1, 4), max_size=1))
def test_integers_are_whole_and_may_lie_on_the_ends_of_their_domain(name, low, width, shape):
    spec = symbol(domain=[low, low + width + 1], integer=True, shape=shape)
    for world in sample_worlds({name: spec}):
        np.testing.assert_array_equal(world[name], np.round(world[name]))
        assert np.all(world[name] >= low)
        assert np.all(world[name] <= low + width + 1)


@given(NAMES)
def test_without_a_domain_values_lie_on_both_sides_of_zero_and_keep_off_it(name):
    values = np.array([float(world[name]) for world in sample_worlds({name: symbol()}, 48)])
    assert np.all((np.abs(values) > 0.2) & (np.abs(values) < 1.8))
    assert values.min() < 0 < values.max()


@given(NAMES)
def test_sizes_without_a_domain_are_whole_and_at_least_2(name):
    values = [float(world[name]) for world in sample_worlds({name: symbol(integer=True)})]
    assert all(value == round(value) >= 2 for value in values)


@pytest.mark.parametrize(
    "name", ["D", "H", "G", "n", "m", "d", "n_a", "k", "T", "N", "B", "F", "P", "S", "C", "K", "W"]
)
def test_sizes_take_more_than_one_value(name):
    """Else a formula in it alone could not be told from a constant."""
    values = {float(world[name]) for world in sample_worlds({name: symbol(integer=True)})}
    assert len(values) >= 3


def test_an_integer_domain_with_fractional_ends_keeps_the_whole_numbers_inside():
    for world in sample_worlds({"k": symbol(domain=[1.5, 4.5], integer=True)}):
        assert float(world["k"]) in (2, 3, 4)


def test_a_starting_value_can_be_a_symbol():
    worlds = sample_worlds({"h[-1]": symbol(shape=[2], domain=[-1, 1]), "h[0]": symbol(shape=[2])})
    assert all(world["h[-1]"].shape == (2,) for world in worlds)
    assert all(np.any(world["h[-1]"] != world["h[0]"]) for world in worlds)


def test_the_number_of_worlds_can_be_chosen():
    symbols = {"x": symbol()}
    two, six = sample_worlds(symbols, 2), sample_worlds(symbols, 6)
    assert (len(two), len(six)) == (2, 6)
    assert [float(world["x"]) for world in two] == [float(world["x"]) for world in six[:2]]


def test_different_polynomials_differ_at_the_sampled_points():
    """What the comparison of formulas rests on."""
    generator = np.random.default_rng(3)
    worlds = sample_worlds({"x": symbol(domain=[-1, 1]), "y": symbol(domain=[-1, 1])})
    x = np.array([float(world["x"]) for world in worlds])
    y = np.array([float(world["y"]) for world in worlds])
    powers = np.array([x**i * y**j for i in range(4) for j in range(4)])
    for _ in range(2000):
        coefficients = generator.integers(-3, 4, 16)
        if coefficients.any():
            assert np.abs(coefficients @ powers).max() > 1e-9


SHEET = """
assignment: sampled
title: Sampled
given: {{k: 0.5}}
symbols: {symbols}
steps: {steps}
questions:
  q: {{points: 1, answers: {{a: {{kind: formula, value: {asked}}}}}}}
"""


def sampled(symbols: str, steps: str, asked: str) -> Reference:
    text = SHEET.format(symbols=symbols, steps=steps, asked=asked)
    return build_assignment(parse_assignment_file(text, "sheet.yaml")).reference


def values_of(reference: Reference, name: str) -> np.ndarray:
    graph = reference.graph
    found = [graph.value(graph.ids[name, ()], world) for world in range(graph.worlds)]
    return np.array(found)


@pytest.mark.parametrize("steps", ["{a: relu(z)}", "{b: z - k, a: relu(b)}", "{a: abs(z * w)}"])
def test_a_symbol_is_sampled_on_both_sides_of_zero(steps):
    z = values_of(sampled("{z: {}, w: {}}", steps, "a"), "z")
    assert sum(z < 0) >= 2
    assert sum(z > 0) >= 2


@pytest.mark.parametrize("steps", ["{b: w * z + k, a: relu(b)}", "{b: z - k, a: 'maximum(b, 0)'}"])
def test_both_branches_of_a_function_are_sampled(steps):
    reference = sampled("{z: {}, w: {}}", steps, "a")
    assert sum(values_of(reference, "b") < 0) >= 2
    assert sum(values_of(reference, "b") > 0) >= 2
    assert reference.graph.worlds == WORLDS


@pytest.mark.parametrize(
    ("symbols", "steps", "positive"),
    [
        ("{z: {}}", "{a: log(z)}", "z"),
        ("{z: {}, w: {}, v: {shape: [6]}}", "{b: log(z) + sum(log(v)), a: w * b}", "v"),
        ("{v: {shape: [6]}, w: {shape: [6]}}", "{b: log(v), a: sum(b * sqrt(w))}", "w"),
    ],
)
def test_where_the_reference_has_no_value_nothing_is_sampled(symbols, steps, positive):
    reference = sampled(symbols, steps, "a")
    assert np.all(values_of(reference, positive) > 0)
    assert np.all(np.isfinite(values_of(reference, "a")))


def test_one_symbol_lies_on_both_sides_though_others_must_be_positive():
    reference = sampled("{v: {shape: [8]}, z: {}}", "{b: sum(log(v)), a: b * relu(z)}", "a")
    assert np.ptp(np.sign(values_of(reference, "z"))) == 2


def test_two_symbols_may_have_to_lie_on_the_same_side():
    reference = sampled("{x: {}, y: {}}", "{a: log(x * y)}", "a")
    x, y = values_of(reference, "x"), values_of(reference, "y")
    assert np.all(x * y > 0)
    assert np.ptp(np.sign(x)) == 2


def test_a_point_of_a_domain_without_a_value_is_drawn_again():
    reference = sampled("{z: {domain: [-1, 1]}}", "{a: sqrt(z)}", "a")
    assert np.all(values_of(reference, "z") > 0)


def test_points_of_domains_are_those_drawn_first():
    reference = sampled("{z: {domain: [-1, 1]}}", "{a: exp(z)}", "a")
    first = sample_worlds({"z": symbol(domain=[-1, 1])})
    assert values_of(reference, "z").tolist() == [float(world["z"]) for world in first]


def test_a_reference_without_a_value_anywhere_is_an_error_at_its_definition():
    with pytest.raises(InputError, match=r"a is not a finite number.*give these a `domain`"):
        sampled("{z: {}}", "{a: log(-z * z)}", "a")


def test_points_are_the_same_whenever_an_assignment_is_read():
    symbols, steps = "{z: {}, v: {shape: [3]}}", "{a: sum(log(v)) * z}"
    one, two = (values_of(sampled(symbols, steps, "a"), "v") for _ in range(2))
    np.testing.assert_array_equal(one, two)
