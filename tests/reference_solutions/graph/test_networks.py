"""Networks of every form that the formula language allows: gradients equal central differences."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import assume, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from reference_solutions.definition_text import DefinitionError
from reference_solutions.reference import build_reference
from tests.reference_solutions.numerical import (
    array,
    assert_gradients_agree,
    central_differences,
    reference,
    value,
    values,
)

RNG = np.random.default_rng(7)


def some(*shape):
    return np.round(RNG.normal(size=shape), 2)


D = 2
GIVEN = {
    "W": some(D, D),
    "U": some(D, D),
    "b": some(D),
    "x": some(4, D),
    "s": some(4),
    "h[-1]": some(D),
    "h[-2]": some(D),
    "g[4]": some(D),
}

# The pieces that random networks are made of; each may refer to what stands before it.
STATES = st.sampled_from(
    [
        "tanh(W @ h[t-1] + U @ x[t] + b)",
        "tanh(W @ h[t-1] + U @ h[t-2] + x[t])",
        "sigmoid(W @ (h[t-1] * h[t-2]) - x[t])",
        "h[t-1] + s[t] * tanh(W @ x[t])",
        "tanh(W @ h[t-1] * (U @ x[0]))",
        "tanh(W @ h[t-1] + mean(x, axis=0) - sum(b))",
    ]
)
BACKWARDS = st.sampled_from(
    ["tanh(W @ g[t+1] + U @ x[t])", "tanh(g[t+1] + U @ h[t])", "W.T @ g[t+1] * h[2]"]
)
OUTPUTS = st.sampled_from(
    [
        "softmax(U @ h[t] + g[t])",
        "softmax(W @ h[t] + h[2])",
        "softmax(concat(h[t], g[t]))",
        "softmax(outer(h[t], g[t]) @ b)",
        "softmax([h[t] @ g[t], sum(h[t]), b[0]])",
        "softmax(sum(g[r] * s[r], r) + h[t])",
    ]
)
LOSSES = st.sampled_from(
    [
        "mean(l)",
        "sum(l)",
        "sum(l[t], t)",
        "mean(l[t] * s[t], t)",
        "l[0] + l[3] * l[1]",
        "sum(s[t] * sum(l[r] * h[t] @ h[r], r), t)",
        "mean(h[t] @ g[r] * l[t], t, r)",
        "sum(l)**2 / 7 - log(sum(exp(h[1])))",
    ]
)


@settings(max_examples=60, deadline=None)
@drawn(STATES, BACKWARDS, OUTPUTS, LOSSES, st.integers(0, 1))
def test_the_gradients_of_a_random_network_equal_central_differences(h, g, p, loss, target):
    steps = {
        "h[t]": h,
        "g[t]": g,
        "p[t]": p,
        "l[t]": f"cross_entropy({target}, p[t])",
        "L": loss,
    }
    names = ["W", "U", "b", "s", "x", "h[-1]", "g[4]"]
    graph = reference(GIVEN, steps, ["L"], t=(0, 3), r=(0, 3)).graph
    used = [name for name in names if graph.ancestors[graph.find("L")] >> _some(graph, name) & 1]
    assume(used)
    assert_gradients_agree(GIVEN, steps, "L", used, t=(0, 3), r=(0, 3))


def _some(graph, name):
    return next(i for i, node in enumerate(graph.nodes) if node.key[0] == name)


def test_a_grid_with_two_indices_is_differentiated():
    given = {"w": some(2), "x": some(3, 2)}
    steps = {
        "h[i,j]": "tanh(w[0] * h[i-1, j] + w[1] * h[i, j-1] + x[i, j])",
        "h[-1,j]": "0.5 * w[0]",
        "h[i,-1]": "0.25",
        "L": "sum(h) + h[2,1] * h[0,0]",
    }
    assert_gradients_agree(given, steps, "L", ["w", "x"], i=(0, 2), j=(0, 1))


def test_sums_and_means_run_over_several_indices():
    given = {"a": some(2, 3), "b": some(3)}
    steps = {
        "c[t]": "sum(a[t, s] * b[s], s)",
        "m[t]": "mean(a[t, s]**2, s)",
        "L": "mean(a[t, s] * c[t], t, s) + sum(c[t] * m[t], t) + sum(a) + mean(a)",
    }
    spans = {"t": (0, 1), "s": (0, 2)}
    a, b = given["a"], given["b"]
    c, m = a @ b, (a**2).mean(axis=1)
    expected = (a * c[:, None]).mean() + (c * m).sum() + a.sum() + a.mean()
    assert value(given, steps, "L", **spans) == pytest.approx(expected)
    assert_gradients_agree(given, steps, "L", ["a", "b"], **spans)


def test_attention_can_be_written_out():
    given = {"q": some(3, 2), "k": some(4, 2), "v": some(4, 2)}
    steps = {
        "e[t, s]": "exp(q[t] @ k[s] / sqrt(2))",
        "a[t, s]": "e[t, s] / sum(e[t, r], r)",
        "c[t]": "sum(a[t, s] * v[s], s)",
        "d[t]": "a[t] @ v",
        "L": "sum(c[t] @ q[t], t)",
    }
    spans = {"t": (0, 2), "s": (0, 3), "r": (0, 3)}
    scores = given["q"] @ given["k"].T / np.sqrt(2)
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    found = values(given, steps, ["c", "d", "a[1]", "a[1, 2]"], **spans)
    np.testing.assert_allclose(found[0], weights @ given["v"])
    np.testing.assert_allclose(found[1], weights @ given["v"])
    np.testing.assert_allclose(found[2], weights[1])
    np.testing.assert_allclose(found[3], weights[1, 2])
    assert_gradients_agree(given, steps, "L", ["q", "k", "v"], **spans)
    steps["L"] = "sum(d[t] @ q[t], t)"
    assert_gradients_agree(given, steps, "L", ["q", "k", "v"], **spans)


def test_a_sum_binds_its_index_even_where_the_quantity_has_it_too():
    given = {"a": [1, 2, 4]}
    steps = {"c[t]": "a[t] * sum(a[t], t)"}
    np.testing.assert_allclose(value(given, steps, "c", t=(0, 2)), [7, 14, 28])


def test_a_given_array_is_one_array_when_it_is_taken_whole():
    given = {"x": [[1, 2], [3, 5]], "M": [[1, 1], [0, 2]]}
    steps = {"h[t]": "x[t] * 2", "m": "mean(x)", "p": "M @ x"}
    assert value(given, steps, "m", t=(0, 1)) == pytest.approx(11 / 4)
    np.testing.assert_allclose(value(given, steps, "p", t=(0, 1)), [[4, 7], [6, 10]])
    steps["L"] = "m * sum(h[t] @ p[0], t)"
    assert_gradients_agree(given, steps, "L", ["x", "M"], t=(0, 1))


def test_a_given_array_with_two_indices_can_be_taken_by_rows():
    given = {"a": some(2, 3), "w": some(3)}
    steps = {"c[t]": "a[t] @ w + a[t, 0]", "d[t, s]": "a[t, s] * c[t]", "L": "sum(d)"}
    spans = {"t": (0, 1), "s": (0, 2)}
    np.testing.assert_allclose(
        value(given, steps, "c", **spans), given["a"] @ given["w"] + given["a"][:, 0]
    )
    assert_gradients_agree(given, steps, "L", ["a", "w"], **spans)


def test_a_starting_value_within_the_range_stands_for_the_formula_there():
    given = {"h[0]": [0.5, -1.0], "W": some(2, 2)}
    steps = {"h[t]": "tanh(W @ h[t-1])", "l[t]": "sum(h[t])", "L": "mean(l) + sum(mean(h))"}
    found = value(given, steps, "h", t=(0, 2))
    second = np.tanh(array(given["W"]) @ found[0])
    np.testing.assert_allclose(found[0], [0.5, -1.0])
    np.testing.assert_allclose(found[1], second)
    assert_gradients_agree(given, steps, "L", ["W", "h[0]"], t=(0, 2))
    np.testing.assert_allclose(
        value(given, steps, "grad(L, h[0])", t=(0, 2)),
        value(given, {**steps}, "grad(L, h)", t=(0, 2))[0],
    )


def test_starting_values_may_be_steps_and_given_arrays_may_have_them_too():
    given = {"x": [1.0, 2.0, 3.0], "x[-1]": 10.0, "w": 2.0}
    steps = {"h[-1]": "w**2", "h[t]": "w * h[t-1] + x[t-1] * x[t]", "L": "h[2]"}
    assert value(given, steps, "h[0]", t=(0, 2)) == pytest.approx(18)
    assert_gradients_agree(given, steps, "L", ["w", "x", "x[-1]"], t=(0, 2))


def test_the_root_of_a_gradient_may_be_an_entry_or_a_formula():
    given = {"V": some(2, 2), "x": some(2, 2)}
    steps = {"p[t]": "softmax(V @ x[t])", "l[t]": "cross_entropy(1, p[t])"}
    for root in ("l[0]", "l[0] + l[1]", "l[0] / l[1]", "p[0][1]", "sum(p[t][0], t)"):
        assert_gradients_agree(given, steps, root, ["V", "x"], t=(0, 1))


def test_a_gradient_may_be_taken_of_a_gradient():
    given = {"W": some(2, 2), "x": some(3, 2), "h[-1]": [0.3, -0.2]}
    steps = {
        "h[t]": "tanh(W @ h[t-1] + x[t])",
        "L": "sum(h[t] @ h[t], t)",
        "G": "grad(L, W)",
        "N": "sum(G**2) + sum(grad(L, h[1]))",
    }
    assert_gradients_agree(given, steps, "N", ["W", "x", "h[-1]"], t=(0, 2))
    inline = value(given, steps, "grad(sum(grad(L, W)**2), x)", t=(0, 2))
    steps["M"] = "sum(G**2)"
    np.testing.assert_allclose(inline, value(given, steps, "grad(M, x)", t=(0, 2)))


def test_a_step_of_gradient_descent_can_be_followed_by_another():
    given = {"W": some(2, 2), "x": some(2), "y": 1}
    steps = {
        "L_new": "cross_entropy(y, softmax(W_new @ x))",
        "W_new": "W - 0.1 * grad(L, W)",
        "W_newer": "W_new - 0.1 * grad(L_new, W_new)",
        "L": "cross_entropy(y, softmax(W @ x))",
        "L_newer": "cross_entropy(y, softmax(W_newer @ x))",
    }
    losses = values(given, steps, ["L", "L_new", "L_newer"])
    assert losses[0] > losses[1] > losses[2]
    assert_gradients_agree(given, steps, "L_newer", ["W", "x"])


def test_a_gradient_that_needs_itself_is_a_cycle():
    steps = {"W": "V - grad(L, W)", "L": "sum(W**2)"}
    with pytest.raises(DefinitionError, match="depends on itself"):
        reference({"V": [1.0]}, steps)


def test_a_gradient_of_an_indexed_quantity_has_a_value_for_each_index_in_range():
    given = {"w": 2.0, "h[-1]": 1.0}
    steps = {"h[t]": "w * h[t-1]", "L": "h[1]", "D[t]": "grad(L, h[t]) + 1"}
    np.testing.assert_allclose(value(given, steps, "grad(L, h)", t=(0, 2)), [2, 1, 0])
    np.testing.assert_allclose(value(given, steps, "D", t=(0, 2)), [3, 2, 1])


def test_a_distribution_as_target_is_differentiated_too():
    given = {"z": some(3), "k": some(3)}
    steps = {"y": "softmax(k)", "L": "cross_entropy(y, softmax(z))"}
    assert_gradients_agree(given, steps, "L", ["z", "k"])


def test_several_worlds_are_evaluated_side_by_side():
    worlds = [{"a": array(v), "x": array([v, 2.0])} for v in (1.0, 3.0)]
    built = build_reference({}, worlds, {"L": "sum(a * x)"}, {("q", "a"): "grad(L, a)"})
    graph, node = built.graph, built.targets[0].node
    assert [float(graph.value(node, world)) for world in range(2)] == [3.0, 5.0]


def test_central_differences_find_a_known_derivative():
    found = central_differences({"x": [3.0]}, "x", lambda given: given["x"][0] ** 2)
    assert found == pytest.approx([6.0])


# --- sequences given value by value, and indices as numbers ---------------------------------------


def test_a_sequence_may_be_given_value_by_value_from_any_index_on():
    given = {"W": [[1, 2], [0, 1]], "x[1]": [1, 0], "x[2]": [0, 3], "h[0]": [0, 0]}
    steps = {"h[t]": "tanh(W @ h[t-1] + x[t])", "L": "sum(h[2]) + sum(x[1] * x[2])"}
    first = np.tanh([1.0, 0.0])
    np.testing.assert_allclose(value(given, steps, "h[2]", t=(1, 2)), np.tanh([first[0], 3.0]))
    assert_gradients_agree(given, steps, "L", ["W"], t=(1, 2))
    by_x = value(given, steps, "grad(L, x[1])", t=(1, 2))
    slopes = 1 - np.tanh([first[0], 3.0]) ** 2
    assert by_x[1] == pytest.approx(3.0 + 2 * slopes[0] + slopes[1])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x[1]": [1, 0], "x[2]": [0, 3, 1]}, "the values of `x` have one shape"),
        ({"x[1]": [1, 0], "x[2, 1]": [0, 3]}, "`x` is given with 1 index before"),
        ({"x[1]": [1, 0]}, "`x` is given from x[1] to x[1]"),
        ({"x[1]": [1, 0], "z[1]": [0, 3], "x[2]": [1, 1]}, "there is no step `z"),
    ],
)
def test_a_sequence_that_does_not_fit_together_is_refused(given, words):
    with pytest.raises(DefinitionError, match=re.escape(words)):
        reference(given, {"h[t]": "tanh(x[t])"}, ["h[2]"], t=(1, 2))


def test_an_index_that_stands_alone_is_a_number():
    given, steps = {"w": 3}, {"a[t]": "w / (1 - 0.5 ** t)", "L": "sum(a[t] * t, t)"}
    found = values(given, steps, ["a[2]", "L", "grad(L, w)"], t=(1, 2))
    assert [float(number) for number in found] == pytest.approx([4.0, 14.0, 2.0 + 8 / 3])
