"""Gradients through sums, means and products of those terms for which a condition holds."""

import numpy as np
import pytest

from tests.reference_solutions.numerical import assert_gradients_agree, value

GIVEN = {"w": [0.5, -0.7], "A": [[1, 2, 3], [4, 5, 6], [7, 8, 2]], "x": [0.4, -1.1, 0.8]}
SPANS = {"i": (0, 2), "j": (0, 2), "k": (0, 2)}


@pytest.mark.parametrize(
    "condition", ["j != i", "j <= i", "j > 0", "j != 1", "j < i or j == 2", "j + i != 2"]
)
@pytest.mark.parametrize("reduction", ["sum", "mean", "prod"])
def test_each_term_receives_its_own_share(reduction, condition):
    steps = {
        "a[i, j]": "w[0] * A[i, j] + w[1] * x[i]",
        "n[i]": f"{reduction}(tanh(a[i, j]) * x[j], {condition})",
        "L": "sum(n ** 2 + n)",
    }
    assert_gradients_agree(GIVEN, steps, "L", ["w", "x"], **SPANS)


def test_terms_that_are_vectors():
    steps = {
        "v[i]": "x[i] * w",
        "n[i]": "sum(A[i, j] * v[j], j != i)",
        "m[i]": "mean(v[j], j <= i)",
        "L": "sum(sum(tanh(n[i]) * m[i]), i)",
    }
    assert_gradients_agree(GIVEN, steps, "L", ["w", "x", "A"], **SPANS)


def test_terms_over_two_indices():
    steps = {
        "a[i, j]": "tanh(w[0] * A[i, j])",
        "s": "sum(a[i, j] * x[i], i, j, i < j)",
        "p[k]": "sum(a[i, j] * x[k], i, j, i != j, j != k)",
        "L": "s ** 2 + sum(p ** 2)",
    }
    assert_gradients_agree(GIVEN, steps, "L", ["w", "x"], **SPANS)


def test_a_gradient_of_each_number_of_a_family():
    steps = {
        "u[k]": "u[k-1] - 0.1 * grad(L[k], u[k-1])",
        "n[k, i]": "sum(tanh(u[k-1] * A[i, j]), j <= i)",
        "L[k]": "mean(n[k, i] ** 2, i)",
    }
    given = {**GIVEN, "u[-1]": 0.3}
    found = value(given, steps, "u[2]", **SPANS)
    a, u = np.array(GIVEN["A"], dtype=float), 0.3

    def loss(at):
        return np.mean([np.tanh(at * a[i, : i + 1]).sum() ** 2 for i in range(3)])

    for _ in range(3):
        u -= 0.1 * (loss(u + 1e-6) - loss(u - 1e-6)) / 2e-6
    assert found == pytest.approx(u, abs=1e-7)
