"""Every derivative rule of every operation against central differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reference_solutions.expressions.tree import Name, apply
from reference_solutions.graph import Family, Ref, Rule
from reference_solutions.graph.differentiation import Differentiator
from reference_solutions.graph.frames import Frame, Root
from reference_solutions.graph.lowering import Builder
from reference_solutions.operations import operations
from tests.reference_solutions.numerical import array, central_differences, handed_back

ALL = operations()
DIFFERENTIABLE = [
    (op, i, position)
    for op in ALL.values()
    for i, example in enumerate(op.examples)
    for position in range(len(example.args))
    if op.derivative(position) is not None
]
# Operands that must stay what they are: classes, positions and sizes are no real numbers.
WHOLE = {
    "pick": {1},
    "one_hot": {0},
    "zeros": {0, 1, 2, 3},
    "where": {0},
    "masked_softmax": {1},
}
POSITIVE = {"log", "log2", "log10", "sqrt", "power", "divide", "cross_entropy"}
POSITIVE |= {"entropy", "kl_divergence", "normal_density"}
PROBABILITIES = {"binary_cross_entropy", "asin", "acos", "tan"}


def is_whole(operation, position, operand):
    return position in WHOLE.get(operation.name, ()) or (
        operation.name == "cross_entropy" and position == 0 and operand.ndim == 0
    )


def drawn_operands(data, operation, example):
    """Operands of the example's shapes, off the kinks and ties of piecewise functions."""
    shapes = [array(arg).shape for arg in example.args]
    count = sum(int(np.prod(shape)) for shape in shapes)
    low, high = (5, 95) if operation.name in PROBABILITIES else (20, 190 + count)
    sizes = data.draw(st.lists(st.integers(low, high), min_size=count, max_size=count, unique=True))
    entries = array(sizes) / 100
    if operation.name not in POSITIVE | PROBABILITIES:
        signs = st.lists(st.sampled_from([-1, 1]), min_size=count, max_size=count)
        entries = entries * array(data.draw(signs))
    found = []
    for position, arg in enumerate(example.args):
        operand = array(arg)
        drawn_now, entries = entries[: operand.size], entries[operand.size :]
        whole = is_whole(operation, position, operand)
        found.append(operand if whole else drawn_now.reshape(operand.shape))
    return found


def derived(operation, args, weights, position, params):
    """The gradient of sum(op(...) * weights), by building and differentiating a graph."""
    given = {f"a{i}": arg for i, arg in enumerate(args)} | {"weights": weights}
    builder = Builder({}, [given], {}, [{}])
    inputs = tuple(Ref(f"a{i}") for i in range(len(args)))
    builder.add(Family("out", "step", rule=Rule(operation, inputs, params), owner="out"))
    weighted = Name("out") * Name("weights")
    builder.define(Family("L", "step"), apply("sum", weighted))
    differentiator = Differentiator(builder, Root("L"))
    differentiator.run()
    graph = builder.graph()
    return graph.value(graph.find(differentiator.name(Frame(f"a{position}"))))


def expected(operation, args, weights, position, params):
    """Central differences, and by how much they may be off."""

    def compute(changed):
        operands = [changed[i] for i in range(len(args))]
        return np.sum(operation.compute(*operands, **params) * weights)

    given = dict(enumerate(args))
    wide, narrow = (central_differences(given, position, compute, step) for step in (2e-5, 1e-5))
    return narrow, 1e-5 * max(1.0, float(np.abs(narrow).max())) + np.abs(wide - narrow)


def agrees(operation, args, weights, position, params):
    found = derived(operation, args, weights, position, params)
    wanted, off = expected(operation, args, weights, position, params)
    return found.shape == wanted.shape and bool((np.abs(found - wanted) <= off).all())


def weights_for(data, operation, args, params):
    out = array(operation.compute(*args, **params))
    entries = st.lists(st.integers(-20, 20), min_size=out.size, max_size=out.size)
    return array(data.draw(entries)).reshape(out.shape) / 10


@pytest.mark.parametrize(
    ("operation", "which", "position"),
    [pytest.param(*case, id=f"{case[0].name}-{case[1]}-{case[2]}") for case in DIFFERENTIABLE],
)
@settings(max_examples=8, deadline=None)
@drawn(data=st.data())
def test_a_derivative_rule_agrees_with_central_differences(operation, which, position, data):
    example = operation.examples[which]
    args = drawn_operands(data, operation, example)
    if is_whole(operation, position, args[position]):
        return
    try:
        weights = weights_for(data, operation, args, example.params)
    except ValueError:
        # The example's operands have a meaning that numbers drawn at random don't have.
        args = [array(arg) for arg in example.args]
        weights = weights_for(data, operation, args, example.params)
    rule_applies = handed_back(
        operation.derivative(position), operation, args, weights, position, example.params
    )
    if rule_applies is None:
        return
    assert agrees(operation, args, weights, position, dict(example.params))


@pytest.mark.parametrize("name", ["tanh", "softmax", "mean", "matmul"])
def test_the_check_fails_for_a_rule_that_is_wrong(name):
    operation = ALL[name]
    example = operation.examples[0]
    args = [array(arg) + 0.3 for arg in example.args]
    weights = np.ones_like(array(operation.compute(*args, **example.params))) * 0.7
    if weights.ndim:
        weights[..., 0] = -1.3
    tripled = replace(
        operation, derivatives=tuple(_tripled(rule) for rule in operation.derivatives)
    )
    for position in range(len(args)):
        assert agrees(operation, args, weights, position, dict(example.params))
        assert not agrees(tripled, args, weights, position, dict(example.params))


def _tripled(rule):
    return lambda *args, **params: 3 * rule(*args, **params)


@pytest.mark.parametrize("name", list(ALL))
def test_a_wrong_derivative_stands_beside_a_right_one(name):
    operation = ALL[name]
    for mistake in operation.mistakes:
        assert all(operation.derivative(position) is not None for position in mistake.backward)
