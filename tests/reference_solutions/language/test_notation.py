"""What people read: no internal name, every index, and LaTeX that can be shown."""

from __future__ import annotations

import re

import numpy as np
import pytest
from latex2mathml.converter import convert

from reference_solutions.assignment import load_assignment
from reference_solutions.graph import Gather
from reference_solutions.language.latex_names import name_latex, quantity_latex
from reference_solutions.language.notation import Notation
from reference_solutions.shipped import shipped_assignments
from tests.reference_solutions.numerical import reference

RNN = (
    {
        "W": [[1, 0], [2, 1]],
        "x": [[1, -1], [0, 1], [1, 1]],
        "V": [[1, 2], [0, 1]],
        "b": [0, 1],
        "y": [1, 0, 1],
        "h[-1]": [0, 0],
    },
    {
        "h[t]": "tanh(W @ h[t-1] + x[t] + b)",
        "yhat[t]": "softmax(V @ h[t])",
        "l[t]": "cross_entropy(y[t], yhat[t])",
        "L": "mean(l)",
    },
    ["grad(L, W)", "grad(L, h[1])", "grad(L, V)", "h[1] / 2 + 1"],
    {"t": (0, 2)},
)
ATTENTION = (
    {"q": np.eye(3, 2), "k": np.ones((4, 2)), "v": np.eye(4, 2)},
    {
        "e[t, s]": "exp(q[t] @ k[s] / sqrt(2))",
        "a[t, s]": "e[t, s] / sum(e[t, r], r)",
        "c[t]": "sum(a[t, s] * v[s], s)",
        "d[t]": "a[t] @ v",
        "m": "mean(v) + sum(c[t] @ d[t], t)",
        "L": "sum(c[t] @ q[t] * m, t)",
    },
    ["grad(L, q)", "grad(L, a[1])", "grad(sum(c[0]) * m, v)", "sum(a[t, s], t, s)"],
    {"t": (0, 2), "s": (0, 3), "r": (0, 3)},
)
GRID = (
    {"w": [0.5, 0.25], "x": np.ones((3, 2))},
    {
        "h[i, j]": "tanh(w[0] * h[i-1, j] + w[1] * h[i, j-1] + x[i, j])",
        "h[-1, j]": "0.5 * w[0]",
        "h[i, -1]": "0.25",
        "L": "sum(h)",
    },
    ["grad(L, w)", "grad(L, h[0, 1])", "grad(L, x)"],
    {"i": (0, 2), "j": (0, 1)},
)
GATES = (
    {
        "W_f": [[1, 0], [2, 1]],
        "b1": [1e-7, -2],
        "x": [[1, 2], [3, 4], [5, 6]],
        "alpha": 0.1,
        "h[3]": [0.5, 0.5],
        "c[-1]": [0, 0],
    },
    {
        "h[t]": "sigmoid(W_f.T @ h[t+1] + x[t] * -2)",
        "c[t]": "(1 - h[t]) * c[t-1]**2 - relu(x[t] - b1) / (h[t] + 2)",
        "z": "concat(c[2], [sum(h[0]), -h[1][0]])",
        "o[t]": "outer(h[t], c[t]).T @ (h[t] - (c[2] - h[0]))",
        "L": "-mean(o[t] @ c[t], t) + z[1]**2 + abs(z[0]) - log_softmax(z)[2]",
        "G": "grad(L, W_f)",
        "W_new": "W_f - alpha * G",
        "N": "sum(W_new**2)",
    },
    ["grad(N, W_f)", "grad(L, h)", "W_new", "grad(L, c[1])", "grad(l_0, b1)"],
    {"t": (0, 2)},
)
GATES[1]["l_0"] = "sum(c[0] * h[2])"
CASES = {"rnn": RNN, "attention": ATTENTION, "grid": GRID, "gates": GATES}
INTERNAL = re.compile(r"#|\bvia\b|\bseed\b|axis\d|~|…|\\ldots|loss \d|rows\d|grad\(")


@pytest.fixture(params=[*CASES, *shipped_assignments()])
def graph(request):
    if request.param in CASES:
        given, steps, answers, ranges = CASES[request.param]
        return reference(given, steps, answers, **ranges).graph
    return load_assignment(shipped_assignments()[request.param]).reference.graph


def test_no_internal_name_is_ever_in_words(graph):
    notation = Notation(graph.families)
    for family in graph.families.values():
        texts = [notation.words(family.name), notation.where(family)]
        for index in family.instances[:2]:
            texts += [notation.words(family.name, index), notation.where(family, index)]
        for item in family.rule.inputs if family.rule else ():
            texts.append(notation.operand_words(item))
            if isinstance(item, Gather):
                moved = [part.shifted(1) for part in item.pattern]
                texts.append(notation.operand_words(Gather(item.family, tuple(moved))))
        for text in texts:
            assert text
            assert not INTERNAL.search(text), (family.name, text)


def test_every_equation_can_be_shown_and_has_no_internal_name(graph):
    notation = Notation(graph.families)
    for family in graph.families.values():
        shown = [notation.equation(family.name)]
        shown += [notation.equation(family.name, index) for index in family.instances[:2]]
        if family.rule is not None:
            shown.append(notation.rule(family.rule)[0])
            shown += [notation.input(item)[0] for item in family.rule.inputs]
        for latex in shown:
            assert convert(latex), (family.name, latex)
            assert not INTERNAL.search(latex), (family.name, latex)


@pytest.fixture(scope="module")
def rnn():
    given, steps, answers, ranges = RNN
    return reference(given, steps, answers, **ranges).graph


def words(graph, name, index=None):
    return Notation(graph.families).words(name, index)


def adjoint_of_argument(graph, step):
    return f"grad(L, {graph.families[step].rule.inputs[0].family})"


def test_the_adjoint_of_a_part_is_called_by_its_function(rnn):
    name = adjoint_of_argument(rnn, "h")
    assert words(rnn, name) == "the error at the pre-activation of h[t]"
    assert words(rnn, name, (1,)) == "the error at the pre-activation of h[1]"


def test_the_adjoint_of_a_term_is_that_of_the_sum_it_stands_in(rnn):
    argument = rnn.families["h"].rule.inputs[0].family
    term = rnn.families[argument].rule.inputs[0].family
    assert words(rnn, f"grad(L, {term})") == "the error at the pre-activation of h[t]"


def test_what_comes_back_through_time_shows_its_step(rnn):
    notation = Notation(rnn.families)
    gathered = {notation.operand_words(item) for item in rnn.families["grad(L, h)"].rule.inputs}
    assert gathered == {"what comes back through h[t+1]", "what comes back through yhat[t]"}


def test_what_comes_back_to_a_shared_weight_names_its_step(rnn):
    notation = Notation(rnn.families)
    item = rnn.families["grad(L, W)"].rule.inputs[0]
    path = rnn.families[item.family]
    assert notation.operand_words(item) == "what comes back through h[t]"
    assert notation.where(path) == "dL/dW"
    assert notation.where(path, (2,)) == "dL/dW (the part from h[2])"


def test_a_path_is_placed_at_the_step_that_it_ends_at(rnn):
    notation = Notation(rnn.families)
    path = next(
        rnn.families[item.family]
        for item in rnn.families["grad(L, h)"].rule.inputs
        if item.pattern[0].offset == -1
    )
    assert notation.where(path, (2,)) == "dL/dh[1]"


def test_an_operand_is_called_as_the_formula_writes_it(rnn):
    notation = Notation(rnn.families)
    argument = rnn.families["h"].rule.inputs[0]
    terms = rnn.families[argument.family].rule.inputs
    assert [notation.operand_words(term) for term in terms] == ["W @ h[t-1]", "x[t]", "b"]
    assert words(rnn, terms[0].family, (2,)) == "W @ h[1]"


def test_a_class_index_is_shown_as_one_hot_without_its_size(rnn):
    texts = {words(rnn, name) for name in rnn.families if "grad(L, yhat#1" in name}
    assert "one_hot(y[t])" in texts
    assert "yhat[t] - one_hot(y[t])" in texts


def test_the_recurrence_of_the_backward_pass_reads_as_in_the_lecture(rnn):
    notation = Notation(rnn.families)
    assert notation.equation("grad(L, h)") == (
        r"\frac{\partial L}{\partial h_{t}} = "
        r"V^{\top}\,\delta^{\hat{y}}_{t}+W^{\top}\,\delta^{h}_{t+1}"
    )
    assert notation.equation("grad(L, W)") == (
        r"\frac{\partial L}{\partial W} = \sum_{t} \delta^{h}_{t}\,{h_{t-1}}^{\top}"
    )
    assert notation.equation("h", (1,)) == r"h_{1} = \tanh(W\,h_{0}+x_{1}+b)"


def test_a_gradient_at_the_last_step_has_nothing_coming_back_through_time(rnn):
    notation = Notation(rnn.families)
    assert notation.equation("grad(L, h)", (2,)) == (
        r"\frac{\partial L}{\partial h_{2}} = V^{\top}\,\delta^{\hat{y}}_{2}"
    )


def test_a_mean_over_an_index_shows_what_it_runs_over(rnn):
    assert Notation(rnn.families).equation("L") == r"L = \operatorname{mean}_{t}(l_{t})"


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("yhat", r"\hat{y}"),
        ("alpha", r"\alpha"),
        ("W_f", "W_{f}"),
        ("h1", "h_{1}"),
        ("loss", r"\mathrm{loss}"),
        ("_x_", "x"),
        ("w_ix_2", "w_{ix, 2}"),
    ],
)
def test_a_name_is_written_as_in_a_paper(name, latex):
    assert name_latex(name) == latex
    assert convert(latex)


def test_a_quantity_with_a_subscript_of_its_own_keeps_one_base_for_its_index():
    assert quantity_latex("W_f", (1,)) == "{W_{f}}_{1}"
