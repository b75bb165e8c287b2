"""LSTM and GRU cells stated as formulas agree, forward and backward, with independent code.

The sheet states one step; its gradients are derived. The other side is numpy with the backward pass
written out by hand, and JAX where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from tests.reference_solutions.numerical import central_differences, values

STEPS, D, H = 4, 3, 5
SPAN = {"t": (0, STEPS - 1)}
CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


@dataclass(frozen=True)
class Cell:
    """A cell: its gates, its step as formulas, and the same by hand.

    ``by_hand`` takes the given numbers and returns the states and the gradients of the loss, which
    is the sum over all steps of r[t] @ h[t] (and of s @ c at the end, where there is a c).
    """

    gates: str
    steps: dict[str, str]
    by_hand: Callable[[dict[str, np.ndarray]], tuple[dict[str, np.ndarray], dict[str, np.ndarray]]]
    has_cell: bool = False
    outer_bias: bool = False

    @property
    def parameters(self) -> list[str]:
        names = [f"{kind}{gate}" for gate in self.gates for kind in "WUb"]
        return [*names, "a"] if self.outer_bias else names

    @property
    def leaves(self) -> list[str]:
        """All that a gradient is taken by."""
        return [*self.parameters, "x", "h[-1]", *(["c[-1]"] if self.has_cell else [])]


def drawn(cell: Cell, seed: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    shapes = {"x": (STEPS, D), "r": (STEPS, H), "h[-1]": (H,)}
    if cell.has_cell:
        shapes |= {"c[-1]": (H,), "s": (H,)}
    for name in cell.parameters:
        shapes[name] = {"W": (H, D), "U": (H, H)}.get(name[0], (H,))
    return {name: random.normal(size=shape) for name, shape in shapes.items()}


# --- by hand ------------------------------------------------------------------------------------


def nothing_yet(given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"d{name}": np.zeros_like(value) for name, value in given.items()}


def back_through_gate(  # noqa: PLR0913, PLR0917 - a gate has so many parts
    given, found, gate, d_pre, x, h
):
    """Add what a gate's pre-activation hands to its parameters; return what it hands to x and h."""
    found[f"dW{gate}"] += np.outer(d_pre, x)
    found[f"dU{gate}"] += np.outer(d_pre, h)
    found[f"db{gate}"] += d_pre
    return given[f"W{gate}"].T @ d_pre, given[f"U{gate}"].T @ d_pre


def lstm_by_hand(given):
    h, c = given["h[-1]"], given["c[-1]"]
    kept = []
    for t in range(STEPS):
        x = given["x"][t]
        pre = {k: given[f"W{k}"] @ x + given[f"U{k}"] @ h + given[f"b{k}"] for k in "ifog"}
        i, f, o = (sigmoid(pre[k]) for k in "ifo")
        g = np.tanh(pre["g"])
        kept.append((h, c, i, f, o, g))
        c = f * c + i * g
        h = o * np.tanh(c)
    cells = [*(k[1] for k in kept[1:]), c]
    states = {"h": np.array([*(k[0] for k in kept[1:]), h]), "c": np.array(cells)}
    found = nothing_yet(given)
    dh, dc = np.zeros(H), given["s"].copy()
    dhs, dcs = np.zeros((STEPS, H)), np.zeros((STEPS, H))
    for t in reversed(range(STEPS)):
        before, c_before, i, f, o, g = kept[t]
        squashed = np.tanh(cells[t])
        dh = dh + given["r"][t]
        dc = dc + dh * o * (1 - squashed**2)
        dhs[t], dcs[t] = dh, dc
        pre = {
            "i": dc * g * i * (1 - i),
            "f": dc * c_before * f * (1 - f),
            "o": dh * squashed * o * (1 - o),
            "g": dc * i * (1 - g**2),
        }
        dh = np.zeros(H)
        for gate, d_pre in pre.items():
            dx, more = back_through_gate(given, found, gate, d_pre, given["x"][t], before)
            found["dx"][t] += dx
            dh += more
        dc = dc * f
    found |= {"dh[-1]": dh, "dc[-1]": dc, "dh": dhs, "dc": dcs}
    return states, found


def gru_by_hand(given, *, reset_first: bool):
    """The gated unit of Cho et al. (reset before the product), or that of cuDNN (after it)."""
    h = given["h[-1]"]
    kept, after = [], []
    for t in range(STEPS):
        x = given["x"][t]
        z, r = (sigmoid(given[f"W{k}"] @ x + given[f"U{k}"] @ h + given[f"b{k}"]) for k in "zk")
        if reset_first:
            inner = r * h
            n = np.tanh(given["Wn"] @ x + given["Un"] @ inner + given["bn"])
        else:
            inner = given["Un"] @ h + given["a"]
            n = np.tanh(given["Wn"] @ x + given["bn"] + r * inner)
        kept.append((h, z, r, n, inner))
        h = (1 - z) * n + z * h
        after.append(h)
    found = nothing_yet(given)
    dh = np.zeros(H)
    dhs = np.zeros((STEPS, H))
    for t in reversed(range(STEPS)):
        before, z, r, n, inner = kept[t]
        x = given["x"][t]
        dh = dh + given["r"][t]
        dhs[t] = dh
        d_n = dh * (1 - z) * (1 - n**2)
        found["dWn"] += np.outer(d_n, x)
        found["dbn"] += d_n
        found["dx"][t] += given["Wn"].T @ d_n
        if reset_first:
            found["dUn"] += np.outer(d_n, inner)
            d_inner = given["Un"].T @ d_n
            d_r, back = d_inner * before, d_inner * r
        else:
            d_inner = d_n * r
            found["dUn"] += np.outer(d_inner, before)
            found["da"] += d_inner
            d_r, back = d_n * inner, given["Un"].T @ d_inner
        pre = {"z": dh * (before - n) * z * (1 - z), "k": d_r * r * (1 - r)}
        dh = dh * z + back
        for gate, d_pre in pre.items():
            dx, more = back_through_gate(given, found, gate, d_pre, x, before)
            found["dx"][t] += dx
            dh = dh + more
    found |= {"dh[-1]": dh, "dh": dhs}
    return {"h": np.array(after)}, found


# --- as formulas --------------------------------------------------------------------------------

LSTM = Cell(
    gates="ifog",
    steps={
        "i[t]": "sigmoid(Wi @ x[t] + Ui @ h[t-1] + bi)",
        "f[t]": "sigmoid(Wf @ x[t] + Uf @ h[t-1] + bf)",
        "o[t]": "sigmoid(Wo @ x[t] + Uo @ h[t-1] + bo)",
        "g[t]": "tanh(Wg @ x[t] + Ug @ h[t-1] + bg)",
        "c[t]": "f[t] * c[t-1] + i[t] * g[t]",
        "h[t]": "o[t] * tanh(c[t])",
        "L": f"sum(r[t] @ h[t], t) + s @ c[{STEPS - 1}]",
    },
    by_hand=lstm_by_hand,
    has_cell=True,
)
GRU = Cell(
    gates="zkn",
    steps={
        "z[t]": "sigmoid(Wz @ x[t] + Uz @ h[t-1] + bz)",
        "k[t]": "sigmoid(Wk @ x[t] + Uk @ h[t-1] + bk)",
        "n[t]": "tanh(Wn @ x[t] + Un @ (k[t] * h[t-1]) + bn)",
        "h[t]": "(1 - z[t]) * n[t] + z[t] * h[t-1]",
        "L": "sum(r[t] @ h[t], t)",
    },
    by_hand=lambda given: gru_by_hand(given, reset_first=True),
)
CUDNN_GRU = Cell(
    gates="zkn",
    steps=GRU.steps | {"n[t]": "tanh(Wn @ x[t] + bn + k[t] * (Un @ h[t-1] + a))"},
    by_hand=lambda given: gru_by_hand(given, reset_first=False),
    outer_bias=True,
)
CELLS = {"lstm": LSTM, "gru": GRU, "cudnn-gru": CUDNN_GRU}


def loss(cell: Cell, given, states):
    total = np.sum(given["r"] * states["h"])
    return total + given["s"] @ states["c"][-1] if cell.has_cell else total


@pytest.fixture(params=CELLS)
def cell(request) -> Cell:
    return CELLS[request.param]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_states_and_loss_agree_with_numpy(cell, seed):
    given = drawn(cell, seed)
    states, _ = cell.by_hand(given)
    wanted = ["L", *states]
    found = values(given, cell.steps, wanted, **SPAN)
    for name, value in zip(wanted, found, strict=True):
        expected = loss(cell, given, states) if name == "L" else states[name]
        np.testing.assert_allclose(value, expected, **CLOSE, err_msg=name)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_gradients_by_all_weights_inputs_and_states_agree_with_the_backward_pass_by_hand(
    cell, seed
):
    given = drawn(cell, seed)
    _, expected = cell.by_hand(given)
    leaves = [*cell.leaves, "h", *(["c"] if cell.has_cell else [])]
    found = values(given, cell.steps, [f"grad(L, {leaf})" for leaf in leaves], **SPAN)
    for leaf, gradient in zip(leaves, found, strict=True):
        assert np.abs(gradient).max() > 1e-6, leaf
        np.testing.assert_allclose(gradient, expected[f"d{leaf}"], **CLOSE, err_msg=leaf)


def test_the_backward_pass_by_hand_agrees_with_central_differences(cell):
    """So that the two sides can't be wrong alike."""
    given = drawn(cell, 4)
    _, expected = cell.by_hand(given)
    for leaf in cell.leaves:
        found = central_differences(
            given, leaf, lambda changed: loss(cell, changed, cell.by_hand(changed)[0])
        )
        np.testing.assert_allclose(expected[f"d{leaf}"], found, rtol=1e-6, atol=1e-7, err_msg=leaf)


def test_the_gradient_by_each_state_is_that_of_its_own_step(cell):
    given = drawn(cell, 5)
    _, expected = cell.by_hand(given)
    found = values(given, cell.steps, [f"grad(L, h[{t}])" for t in range(STEPS)], **SPAN)
    for t, gradient in enumerate(found):
        np.testing.assert_allclose(gradient, expected["dh"][t], **CLOSE)


# --- against JAX --------------------------------------------------------------------------------


def lstm_in_jax(jnp, jax, given):
    h, c, total = given["h[-1]"], given["c[-1]"], 0.0
    for x, r in zip(given["x"], given["r"], strict=True):
        i, f, o, g = (given[f"W{k}"] @ x + given[f"U{k}"] @ h + given[f"b{k}"] for k in "ifog")
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        total = total + r @ h
    return total + given["s"] @ c


def gru_in_jax(jnp, jax, given):
    h, total = given["h[-1]"], 0.0
    for x, r in zip(given["x"], given["r"], strict=True):
        z, k = (given[f"W{j}"] @ x + given[f"U{j}"] @ h + given[f"b{j}"] for j in "zk")
        z, k = jax.nn.sigmoid(z), jax.nn.sigmoid(k)
        if "a" in given:
            n = jnp.tanh(given["Wn"] @ x + given["bn"] + k * (given["Un"] @ h + given["a"]))
        else:
            n = jnp.tanh(given["Wn"] @ x + given["Un"] @ (k * h) + given["bn"])
        h = (1 - z) * n + z * h
        total = total + r @ h
    return total


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("seed", [1, 2])
def test_loss_and_gradients_agree_with_jax(cell, seed):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    run = lstm_in_jax if cell.has_cell else gru_in_jax
    given = drawn(cell, seed)
    total, expected = jax.value_and_grad(lambda g: run(jax.numpy, jax, g))(given)
    wanted = ["L", *(f"grad(L, {leaf})" for leaf in cell.leaves)]
    found = values(given, cell.steps, wanted, **SPAN)
    np.testing.assert_allclose(found[0], total, **CLOSE)
    for leaf, gradient in zip(cell.leaves, found[1:], strict=True):
        np.testing.assert_allclose(gradient, np.asarray(expected[leaf]), **CLOSE, err_msg=leaf)
