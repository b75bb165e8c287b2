"""The gradient that follows from a wrong formula: what the sheet with this formula derives."""

import numpy as np
import pytest

SHEET = """
assignment: following
title: What follows from a wrong formula
index: {{t: 1..2}}
given:
  W: [[0.5, -1.2], [0.8, 0.4]]
  V: [[0.3, 0.9], [-0.7, 0.2]]
  "h[0]": [0.4, -0.6]
  x: [[0.1, 0.2], [1.3, -0.7], [-0.35, 0.6]]
  b: [0.2, -0.45]
  lam: 0.3
  y: 1
steps:
  h[t]: {h}
  o: {o}
  p: {p}
  L: {loss}
questions:
  q:
    points: 4
    answers: {{L: L, dW: "grad(L, W)", db: "grad(L, b)", dV: "grad(L, V)", dx: "grad(L, x[1])"}}
"""
RIGHT = {
    "h": "tanh(W @ h[t-1] + b * x[t])",
    "o": "V @ h[2] + h[1]",
    "p": "softmax(o)",
    "loss": "cross_entropy(y, p) + lam / 2 * sum(W ** 2) + sum(V * V)",
}
WRONG = [
    ("operation-exchanged", "h", "tanh(W @ h[t-1] + (b + x[t]))"),
    ("operation-exchanged", "o", "V @ h[2] * h[1]"),
    ("factor-left-out", "loss", "cross_entropy(y, p) + lam * sum(W ** 2) + sum(V * V)"),
    ("neighbouring-step", "o", "V @ h[1] + h[1]"),
    ("other-quantity", "o", "W @ h[2] + h[1]"),
    ("absolute-for-square", "loss", "cross_entropy(y, p) + lam / 2 * sum(abs(W)) + sum(V * V)"),
    ("softmax-applied-twice", "p", "softmax(softmax(o))"),
    ("relu-for-tanh", "h", "relu(W @ h[t-1] + b * x[t])"),
    ("sign-turned", "loss", "cross_entropy(y, p) - lam / 2 * sum(W ** 2) + sum(V * V)"),
]


@pytest.mark.parametrize(("id", "step", "formula"), WRONG)
def test_an_edit_predicts_what_the_sheet_with_its_formula_derives(bench, id, step, formula):
    right = bench(SHEET.format(**RIGHT))
    wrong = bench(SHEET.format(**{**RIGHT, step: formula}))
    expected = wrong.right()
    found = [right.values((edit,)) for edit in right.edits if edit.id == id]
    assert any(
        all(np.allclose(a, b, rtol=1e-8, atol=1e-10) for a, b in zip(values, expected, strict=True))
        for values in found
        if all(value is not None for value in values)
    )
