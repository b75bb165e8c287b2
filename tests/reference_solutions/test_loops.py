"""Derivatives of a number for each value of an index: training written as a recursion."""

from __future__ import annotations

import re

import numpy as np
import pytest

from reference_solutions.definition_text import DefinitionError
from reference_solutions.language.notation import Notation
from reference_solutions.reference import build_reference

A = np.array([[3.0, 1.0], [0.5, 2.0]])
B = np.array([1.0, -1.0])
QUADRATIC = {
    "r[k]": "A @ w[k-1] - b",
    "L[k]": "sum(r[k] ** 2) / 2",
}
GIVEN = {"A": A, "b": B, "w[0]": np.array([1.0, -2.0]), "eta": np.array(0.1)}


def built(steps, asked, ranges=None, given=None):
    return build_reference(
        ranges or {"k": range(1, 6)},
        [GIVEN if given is None else given],
        steps,
        {("q", name): formula for name, formula in asked.items()},
    )


def values(reference):
    return {t.answer: reference.graph.value(t.node) for t in reference.targets}


def test_steps_of_gradient_descent_are_a_recursion():
    steps = {**QUADRATIC, "w[k]": "w[k-1] - eta * grad(L[k], w[k-1])"}
    found = values(built(steps, {"w": "w[5]", "g": "grad(L[3], w[2])", "r": "grad(L[3], r[3])"}))
    w = np.array([1.0, -2.0])
    gradients = []
    for _ in range(5):
        gradients.append(A.T @ (A @ w - B))
        w = w - 0.1 * gradients[-1]
    assert np.allclose(found["w"], w)
    assert np.allclose(found["g"], gradients[2])
    before = np.linalg.solve(A.T, gradients[2])
    assert np.allclose(found["r"], before)


def test_a_family_of_derivatives_is_made_once_for_all_steps():
    steps = {**QUADRATIC, "w[k]": "w[k-1] - eta * grad(L[k], w[k-1])"}
    few = built(steps, {"w": "w[5]"})
    many = built(steps, {"w": "w[60]"}, {"k": range(1, 61)})
    assert len(few.graph.families) == len(many.graph.families)


def test_several_quantities_are_trained_together_and_derivatives_go_through_momentum():
    steps = {
        "z[k]": "A @ w[k-1] + c[k-1]",
        "L[k]": "mean((tanh(z[k]) - b) ** 2)",
        "m[k]": "0.9 * m[k-1] + grad(L[k], w[k-1])",
        "w[k]": "w[k-1] - eta * m[k]",
        "c[k]": "c[k-1] - eta * grad(L[k], c[k-1])",
    }
    start = {**GIVEN, "m[0]": np.zeros(2), "c[0]": np.zeros(2)}
    found = values(built(steps, {"w": "w[5]", "c": "c[5]"}, given=start))
    w, c, m = GIVEN["w[0]"], np.zeros(2), np.zeros(2)
    for _ in range(5):
        out = np.tanh(A @ w + c)
        delta = (out - B) * (1 - out**2)
        m = 0.9 * m + A.T @ delta
        w, c = w - 0.1 * m, c - 0.1 * delta
    assert np.allclose(found["w"], w)
    assert np.allclose(found["c"], c)


def test_what_is_taken_through_an_earlier_quantity_counts():
    w = GIVEN["w[0]"]
    steps = {
        "u[k]": "2 * w[k]",
        "L[k]": "sum(w[k-1] ** 2) + sum(u[k-1])",
        "g[k]": "grad(L[k], w[k-1])",
        "w[k]": "w[k-1] - eta",
    }
    found = values(built(steps, {"g": "g[2]"}, given={**GIVEN, "u[0]": 2 * w}))
    assert np.allclose(found["g"], 2 * (w - 0.1) + 2)
    steps = {
        "L[k]": "sum(w[k-1] ** 2) + sum(u[k]) + sum(v[k])",
        "u[k]": "2 * w[k-1]",
        "v[k]": "w[k-1] * stop",
        "w[k]": "w[k-1] - eta * grad(L[k], w[k-1])",
    }
    found = values(built(steps, {"w": "w[1]"}, given={**GIVEN, "stop": np.array(3.0)}))
    assert np.allclose(found["w"], w - 0.1 * (2 * w + 5))


def test_a_loop_over_time_stands_inside_of_a_loop_of_training():
    steps = {
        "h[k, t]": "tanh(v[k-1] * h[k, t-1] + x[t])",
        "h[k, -1]": "0",
        "L[k]": "sum(h[k, t] ** 2, t)",
        "v[k]": "v[k-1] - eta * grad(L[k], v[k-1])",
    }
    x = np.array([0.5, -1.0, 2.0])
    given = {"x": x, "v[0]": np.array(0.3), "eta": np.array(0.1)}
    found = values(built(steps, {"v": "v[4]"}, {"k": range(1, 5), "t": range(3)}, given=given))

    def loss(v):
        h, total = 0.0, 0.0
        for one in x:
            h = np.tanh(v * h + one)
            total += h**2
        return total

    v = 0.3
    for _ in range(4):
        v -= 0.1 * (loss(v + 1e-6) - loss(v - 1e-6)) / 2e-6
    assert found["v"] == pytest.approx(v, abs=1e-6)


def test_examples_and_epochs_are_two_indices_of_one_loop():
    steps = {
        "w[e, -1]": "w[e-1, 2]",
        "w[0, 2]": "1",
        "l[e, i]": "(w[e, i-1] * x[i] - y[i]) ** 2",
        "w[e, i]": "w[e, i-1] - eta * grad(l[e, i], w[e, i-1])",
    }
    x, y = np.array([1.0, 2.0, -1.0]), np.array([2.0, 3.0, 0.0])
    found = values(
        built(
            steps,
            {"w": "w[2, 2]"},
            {"e": range(1, 3), "i": range(3)},
            given={"x": x, "y": y, "eta": np.array(0.1)},
        )
    )
    w = 1.0
    for _ in range(2):
        for one, want in zip(x, y, strict=True):
            w -= 0.1 * 2 * (w * one - want) * one
    assert found["w"] == pytest.approx(w)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ({**QUADRATIC, "w[k]": "w[k-1] - grad(L[k], eta)"}, "by a quantity with the same index"),
        (
            {
                **QUADRATIC,
                "n[k]": "sum(grad(L[k], w[k-1]) ** 2)",
                "w[k]": "w[k-1] - eta * grad(n[k], w[k-1])",
            },
            "the gradient of a gradient is not taken for all values",
        ),
        ({"L[k]": "sum(b)", "w[k]": "w[k-1] - grad(L[k], w[k-1])"}, "does not depend on"),
        (
            {"L[k]": "sum(w[k] ** 2)", "w[k]": "w[k-1] - grad(L[k], w[k-1])"},
            "a quantity depends on itself",
        ),
        ({**QUADRATIC, "w[k]": "w[k-1] - grad(r[k], w[k-1])"}, "takes the derivative of a number"),
    ],
)
def test_what_no_loop_can_do_is_said(steps, words):
    with pytest.raises(DefinitionError, match=re.escape(words)):
        built(steps, {"w": "w[5]"})


def test_a_derivative_in_a_loop_is_written_with_the_step_that_it_belongs_to():
    steps = {**QUADRATIC, "w[k]": "w[k-1] - eta * grad(L[k], w[k-1])"}
    graph = built(steps, {"g": "grad(L[3], w[2])"}).graph
    name = next(n for n, f in graph.families.items() if f.kind == "adjoint" and f.of == "w")
    notation = Notation(graph.families)
    assert graph.show((name, (2,))) == "grad(L[3], w[2])"
    assert notation.words(name, (2,)) == "dL[3]/dw[2]"
    assert notation.words(name) == "dL[k+1]/dw[k]"
    assert r"\partial L_{3}" in notation.equation(name, (2,))
    assert r"\partial L_{k}" in notation.equation("w")
