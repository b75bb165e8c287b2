"""Gradients of a small network as formulas of matrices, where slips change shapes too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

MLP = """
assignment: mlp
title: A network with one hidden layer
symbols:
  x: {shape: [2]}
  W1: {shape: [3, 2], domain: [-1, 1]}
  W2: {shape: [2, 3], domain: [-1, 1]}
  b2: {shape: [2], domain: [-1, 1]}
  y: {shape: [2]}
  lam: {domain: [0.01, 0.1]}
steps:
  a: W1 @ x
  h: tanh(a)
  p: W2 @ h + b2
  L: sum((p - y)**2) / 2 + lam * sum(W2**2) / 2
questions:
  q:
    title: Gradients
    points: 4
    answers:
      dp: {kind: formula, value: "grad(L, p)"}
      dW2: {kind: formula, value: "grad(L, W2)"}
      dh: {kind: formula, value: "grad(L, h)"}
      dW1: {kind: formula, value: "grad(L, W1)"}
"""


@pytest.fixture(scope="module")
def answer(bench):
    made = bench(MLP)

    def answer(name: str, formula: str):
        report = made.grade(f'  q: {{{name}: "{formula}"}}')
        return next(a for a in report.answers if a.answer == name)

    return answer


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("dp", "p - y"),
        ("dW2", "outer(p - y, h) + lam*W2"),
        ("dh", "W2.T @ (p - y)"),
        ("dh", "(p - y) @ W2"),
        ("dW1", "outer((W2.T @ (p - y)) * (1 - h**2), x)"),
        ("dW1", "outer((W2.T @ (W2 @ tanh(a) + b2 - y)) * (1 - h) * (1 + h), x)"),
    ],
)
def test_any_right_writing_is_right(answer, name, formula):
    assert answer(name, formula).verdict == "correct"


@pytest.mark.parametrize(
    ("name", "formula", "mistake"),
    [
        ("dp", "y - p", "sign-turned"),
        ("dp", "2*(p - y)", "factor-left-out"),
        ("dp", "(p - y)**2", "power-rule-exponent-kept"),
        ("dW2", "outer(p - y, h)", "path-left-out"),
        ("dW1", "outer(W2.T @ (p - y), x)", "tanh-derivative-forgotten"),
        ("dW1", "outer((W2.T @ (p - y)) * h * (1 - h), x)", "sigmoid-derivative-for-tanh"),
        ("dW1", "outer((W2.T @ (p - y + lam)) * (1 - h**2), x)", "term-too-many"),
    ],
)
def test_a_slip_is_named(answer, name, formula, mistake):
    assert [m.id for m in answer(name, formula).mistakes] == [mistake]


@pytest.mark.parametrize(
    ("name", "formula", "mistake"),
    [
        ("dW2", "outer(h, p - y) + lam*W2", "operands-swapped"),
        ("dW2", "(p - y) @ h + lam*W2", "other-operation"),
        ("dW2", "outer(p - y, x) + lam*W2", "other-quantity"),
        ("dh", "W2 @ (p - y)", "operands-swapped"),
        ("dW1", "outer((W2 @ (p - y)) * (1 - h**2), x)", "operands-swapped"),
        ("dW1", "outer((W2.T @ (p - y)) * (1 - h**2), h)", "other-quantity"),
    ],
)
def test_a_slip_that_spoils_the_shapes_is_named_too(answer, name, formula, mistake):
    found = answer(name, formula)
    assert found.verdict == "mistake"
    assert [m.id for m in found.mistakes] == [mistake]
    assert "shape" in found.message


@pytest.mark.parametrize("formula", ["outer(x, x)", "W1 @ W2 @ W1 @ x", "h + x", "sum(h) * lam"])
def test_a_formula_of_another_shape_without_reason_is_invalid(answer, formula):
    assert answer("dW2", formula).verdict == "invalid"


LEAVES = st.sampled_from(["x", "y", "h", "p", "W1", "W2", "lam", "x[0]", "W2[1]", "2", "1e300"])
CALLS = st.sampled_from(
    ["tanh", "log", "sum", "mean", "outer", "softmax", "transpose", "max", "norm", "inverse"]
)
FORMULAS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from("+-*/@"), part),
        st.builds("{}({})".format, CALLS, part),
        st.builds("{}({}, {})".format, CALLS, part, part),
        st.builds("({}).T".format, part),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(["dp", "dW2", "dh", "dW1"]), formula=FORMULAS)
def test_any_formula_is_judged(answer, name, formula):
    assert answer(name, formula).verdict in ("correct", "mistake", "wrong", "invalid")
