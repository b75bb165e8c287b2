"""The same reference with other given numbers is what building it with these would give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reference_solutions.definition_text import DefinitionError
from tests.reference_solutions.numerical import array, reference

GIVEN = {
    "W": [[0.5, -0.3], [0.2, 0.8]],
    "V": [[1.0, 0.5], [-0.5, 0.25]],
    "x": [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    "y": [0, 1, 1],
    "h[-1]": [0.1, -0.2],
    "s[1]": 0.5,
    "s[2]": 0.25,
}
STEPS = {
    "h[t]": "tanh(W @ h[t-1] + x[t] * 0.9 ** t)",
    "p[t]": "softmax(V @ h[t])",
    "l[t]": "cross_entropy(y[t], p[t])",
    "m": "mean(x, axis=0) * s[1] * s[2]",
    "L": "mean(l) + sum(m)",
}
ANSWERS = ["h[2]", "L", "grad(L, W)", "grad(L, x)", "grad(L, h[-1])", "h[1] / 2"]


def built(given):
    return reference(given, STEPS, ANSWERS, t=(0, 2))


@pytest.fixture(scope="module")
def original():
    return built(GIVEN)


def drawn_for(seed):
    generator = np.random.default_rng(seed)
    numbers = {name: generator.normal(size=np.shape(value)) for name, value in GIVEN.items()}
    return numbers | {"y": generator.integers(0, 2, 3).astype(float)}


def same(one, other):
    assert one.graph.ids == other.graph.ids
    for node in range(len(one.graph.nodes)):
        for world in range(one.graph.worlds):
            values = one.graph.value(node, world), other.graph.value(node, world)
            if None in [type(v) if v is None else 0 for v in values]:
                assert values[0] is values[1]
            else:
                np.testing.assert_allclose(*values, rtol=1e-12, atol=1e-13)


@settings(deadline=None, max_examples=20)
@drawn(seeds=st.lists(st.integers(0, 1000), min_size=1, max_size=5))
def test_every_student_gets_the_values_of_a_reference_of_their_own(original, seeds):
    found = original.each_with_given([[drawn_for(seed)] for seed in seeds])
    for reference_of_one, seed in zip(found, seeds, strict=True):
        same(reference_of_one, built(drawn_for(seed)))


def test_the_structure_is_shared_and_the_original_keeps_its_values(original):
    before = [original.graph.value(target.node) for target in original.targets]
    (other,) = original.each_with_given([[drawn_for(1)]])
    assert other.graph.nodes is original.graph.nodes
    assert other.graph.families is original.graph.families
    for target, value in zip(original.targets, before, strict=True):
        np.testing.assert_array_equal(original.graph.value(target.node), value)


def test_an_edit_is_made_on_the_numbers_of_each(original):
    (other,) = original.each_with_given([[drawn_for(2)]])
    node = other.targets[1].node
    twice = other.graph.nodes[node]
    edited = other.graph.edited({node: twice}).evaluate([node])
    np.testing.assert_array_equal(edited[node], other.graph.value(node))
    moved = {other.graph.find("h", 0): array([0.5, 0.5])}
    assert edited[node] != other.graph.edited({}).evaluate([node], moved)[node]


def test_a_reference_may_have_several_worlds_for_each(original):
    (other,) = original.each_with_given([[drawn_for(3), drawn_for(4)]])
    assert other.graph.worlds == 2
    node = other.targets[1].node
    for world, seed in enumerate((3, 4)):
        alone = built(drawn_for(seed))
        np.testing.assert_allclose(
            other.graph.value(node, world), alone.graph.value(node), rtol=1e-12
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W": np.eye(3)}, r"`W` of shape \(2, 2\), got \(3, 3\)"),
        ({"x": np.ones((2, 2))}, r"a value of `x\[2\]`, got none"),
        ({"x": np.ones((4, 2))}, "expected 3 values of `x`, got 4"),
        ({"z": 1.0}, "`z` is no given quantity"),
        ({"y": [0, 1, 5]}, "has no finite value"),
        ({"W": [[np.inf, 0], [0, 1]]}, "has no finite value"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(original, change, message):
    with pytest.raises(DefinitionError, match=message):
        original.each_with_given([[drawn_for(1)], [drawn_for(1) | change]])


def test_a_number_that_is_left_out_is_missed(original):
    world = drawn_for(1)
    del world["h[-1]"]
    with pytest.raises(DefinitionError, match=r"a value of `h\[-1\]`, got none"):
        original.each_with_given([[world]])
