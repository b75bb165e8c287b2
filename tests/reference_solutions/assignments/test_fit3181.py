"""The shipped assignment on recurrent networks, against numbers worked out elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment
from tests.reference_solutions.numerical import array, assert_gradients_agree, values

GIVEN = {
    "W": [[1, 0, -1], [2, 1, 0], [-1, 2, 1]],
    "U": [[1, 2, 3], [-1, 0, 1], [2, -1, 0]],
    "V": [[2, -1, 0], [1, 1, -1], [-1, 2, 1]],
    "b": [0, 1, -1],
    "c": [1, 1, 0],
    "h[-1]": [0, 0, 0],
    "x": [[1, -1, 0], [-1, 1, 0], [1, 1, 0]],
    "y": [2, 1, 2],
}
STEPS = {
    "h[t]": "tanh(W @ h[t-1] + U @ x[t] + b)",
    "yhat[t]": "softmax(V @ h[t] + c)",
    "l[t]": "cross_entropy(y[t], yhat[t])",
    "L": "mean(l)",
}
WEIGHTS = ["W", "U", "V", "b", "c"]


@pytest.fixture(scope="module")
def answers():
    assignment = load_assignment(find_assignment("fit3181-a2"))
    graph = assignment.reference.graph
    return {t.answer: graph.value(t.node) for t in assignment.reference.targets}


def test_the_loss_is_the_known_one(answers):
    assert answers["L"] == pytest.approx(2.0143771, abs=5e-8)


def test_the_gradient_of_the_second_hidden_state_is_the_known_one(answers):
    np.testing.assert_allclose(answers["dL_dh1"], [-0.918855, -1.047325, -0.116135], atol=1e-6)


def test_the_gradient_of_the_output_weights_is_the_known_one(answers):
    np.testing.assert_allclose(answers["dL_dV"][0], [0.277279, -0.198394, 0.160215], atol=1e-6)


def test_the_gradient_of_the_input_weights_is_the_known_one(answers):
    np.testing.assert_allclose(answers["dL_dU"][0], [-0.314509, 0.323944, 0], atol=1e-6)


def test_all_gradients_agree_with_central_differences():
    assert_gradients_agree(GIVEN, STEPS, "L", WEIGHTS, t=(0, 2))


def test_a_gradient_asked_for_in_between_changes_no_other():
    wanted = [f"grad(L, {name})" for name in WEIGHTS]
    alone = values(GIVEN, STEPS, wanted, t=(0, 2))
    beside = values(GIVEN, STEPS, [*wanted, "grad(L, yhat[1])"], t=(0, 2))
    for one, other in zip(alone, beside[:-1], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def test_all_gradients_agree_with_jax():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def loss(weights):
        h, total = jnp.zeros(3), 0.0
        for x, y in zip(GIVEN["x"], GIVEN["y"], strict=True):
            h = jnp.tanh(weights["W"] @ h + weights["U"] @ jnp.array(x) + weights["b"])
            total -= jax.nn.log_softmax(weights["V"] @ h + weights["c"])[y]
        return total / 3

    expected = jax.grad(loss)({name: jnp.array(array(GIVEN[name])) for name in WEIGHTS})
    found = values(GIVEN, STEPS, [f"grad(L, {name})" for name in WEIGHTS], t=(0, 2))
    for name, gradient in zip(WEIGHTS, found, strict=True):
        np.testing.assert_allclose(gradient, expected[name], atol=1e-10)
