"""A step that is a gradient is that gradient, for all that is computed from it."""

from __future__ import annotations

import numpy as np
import pytest

from reference_solutions.reference import build_reference

GIVEN = {"w": np.array([1.0, -2.0]), "A": np.array([[3.0, 1.0], [0.5, 2.0]])}
STEPS = {"z": "A @ w", "p": "tanh(z)", "L": "sum(p ** 3)"}


def built(steps, asked, given=GIVEN, ranges=None):
    return build_reference(
        ranges or {}, [given], steps, {("q", name): text for name, text in asked.items()}
    )


def test_a_wrong_named_gradient_is_followed_through_by_later_ones():
    named = {**STEPS, "dp": "grad(L, p)"}
    graph = built(named, {"dw": "grad(L, w)", "dp": "dp"}).graph
    dw = graph.ids["grad(L, w)", ()]
    own = {graph.ids["dp", ()]: np.array([1.0, 2.0])}
    found = graph.edited({}).evaluate([dw], own)[dw]
    p = np.tanh(GIVEN["A"] @ GIVEN["w"])
    assert np.allclose(found, GIVEN["A"].T @ (np.array([1.0, 2.0]) * (1 - p**2)))


def test_naming_gradients_makes_no_further_quantity():
    asked = {"dw": "grad(L, w)", "dp": "grad(L, p)"}
    named = built({**STEPS, "dp": "grad(L, p)"}, asked).graph
    assert len(named.nodes) == len(built(STEPS, asked).graph.nodes)


def test_the_derivative_of_what_is_made_of_a_named_gradient():
    steps = {**STEPS, "g": "grad(L, w)", "n": "sum(g ** 2)"}
    found = built(steps, {"h": "grad(n, w)"})
    value = found.graph.value(found.targets[0].node)

    def size(w):
        p = np.tanh(GIVEN["A"] @ w)
        return np.sum((GIVEN["A"].T @ (3 * p**2 * (1 - p**2))) ** 2)

    step = 1e-6
    moved = [(size(GIVEN["w"] + d) - size(GIVEN["w"] - d)) / (2 * step) for d in step * np.eye(2)]
    assert value == pytest.approx(np.array(moved), rel=1e-5)


def test_a_named_gradient_that_nothing_reaches_is_zero():
    steps = {
        "h[t]": "tanh(h[t-1] + x[t])",
        "L": "h[1] ** 2",
        "g[t]": "grad(L, h[t])",
        "s": "sum(g)",
    }
    given = {"x": np.array([1.0, 2.0, 3.0]), "h[-1]": np.array(0.0)}
    found = built(steps, {"s": "s", "g": "g"}, given, {"t": range(3)})
    s, g = (found.graph.value(target.node) for target in found.targets)
    assert g.shape == (3,)
    assert g[2] == 0
    assert s == pytest.approx(g.sum())
