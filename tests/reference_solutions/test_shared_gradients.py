"""A gradient for each value of an index by what they all share: ``grad(l[n], W)``."""

from __future__ import annotations

import numpy as np
import pytest

from reference_solutions.definition_text import DefinitionError
from tests.reference_solutions.numerical import assert_gradients_agree, values

GIVEN = {
    "W": [[1.0, 2.0], [0.5, -1.0]],
    "b": [0.1, -0.3],
    "x": [[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]],
    "y": [0.0, 1.0, 1.0],
}
STEPS = {
    "p[n]": "softmax(W @ x[n] + b)",
    "l[n]": "cross_entropy(y[n], p[n])",
    "g[n]": "grad(l[n], W)",
    "c[n]": "grad(l[n], b) * 2",
    "L": "mean(l)",
}


def test_each_number_has_its_own_gradient_as_if_it_were_taken_alone():
    alone = {name: text for name, text in STEPS.items() if "grad" not in text}
    for n in range(3):
        (expected,) = values(GIVEN, alone, [f"grad(l[{n}], W)"], n=(0, 2))
        found, again = values(GIVEN, STEPS, [f"g[{n}]", f"grad(l[{n}], W)"], n=(0, 2))
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        np.testing.assert_allclose(again, expected, rtol=1e-12)


def test_the_mean_of_the_gradients_is_the_gradient_of_the_mean():
    mean, whole = values(GIVEN, STEPS | {"m": "mean(g)"}, ["m", "grad(L, W)"], n=(0, 2))
    np.testing.assert_allclose(mean, whole, rtol=1e-12)


def test_what_is_made_of_such_gradients_is_differentiated_in_turn():
    steps = STEPS | {"q": "sum(sum(g) ** 2)", "s": "sum(c[n][0], n)"}
    assert_gradients_agree(GIVEN, steps, "s", ["b"], n=(0, 2))


@pytest.mark.parametrize("loss", ["sum((W.T @ x[n]) ** 2)", "sum(exp(W / 9)[1] * x[n]) * y[n]"])
def test_a_part_of_a_formula_that_has_no_index_is_each_numbers_own(loss):
    steps = {"l[n]": loss, "g[n]": "grad(l[n], W)"}
    for n in range(3):
        (expected,) = values(GIVEN, {"l[n]": loss}, [f"grad(l[{n}], W)"], n=(0, 2))
        (found,) = values(GIVEN, steps, [f"g[{n}]"], n=(0, 2))
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_shared_array_may_be_taken_by_its_parts():
    steps = {"l[n]": "(W[0] @ x[n]) ** 2 + W[1, 0]", "g[n]": "grad(l[n], W)"}
    (found,) = values(GIVEN, steps, ["g[1]"], n=(0, 2))
    np.testing.assert_allclose(found, [[66.0, 88.0], [1.0, 0.0]])


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (
            {
                "h[n]": "tanh(W @ x[n]) + h[n-1]",
                "h[-1]": "b",
                "l[n]": "sum(h[n])",
                "g[n]": "grad(l[n], W)",
            },
            "through more than its own index: take one at a time, as in `grad(l[0], W)`",
        ),
        (
            {
                "h[n]": "W @ h[n-1] + x[n]",
                "h[-1]": "b",
                "l[n]": "sum(h[n])",
                "g[n]": "grad(l[n], W)",
            },
            "through more than its own index",
        ),
        (
            {"V": "W @ W", "l[n]": "sum(V @ x[n])", "g[n]": "grad(l[n], W)"},
            "through more than its own index",
        ),
        (STEPS | {"n2[n]": "sum(g[n] ** 2)", "k[n]": "grad(n2[n], W)"}, "gradient of a gradient"),
        ({"l[n]": "sum(x[n])", "g[n]": "grad(l[n], W)"}, "by a quantity with the same index"),
    ],
)
def test_what_is_no_gradient_of_each_alone_is_refused_with_what_to_write(steps, words):
    with pytest.raises(DefinitionError) as caught:
        values(GIVEN, steps, ["g[0]"], n=(0, 2))
    assert words in str(caught.value)
