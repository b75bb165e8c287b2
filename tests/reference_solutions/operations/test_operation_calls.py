"""Whatever operands and constants an operation is given, it computes or says why it doesn't."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.graph import REFUSALS
from reference_solutions.language.evaluation import evaluate_number
from reference_solutions.operations import operations
from reference_solutions.operations.operation import UNBOUNDED

ALL = operations()
ODD = [0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 1e308, np.inf, -np.inf, np.nan]
OPERANDS = arrays(
    np.float64, array_shapes(min_dims=0, max_dims=4, max_side=4), elements=st.sampled_from(ODD)
)
WHOLE = st.integers(-3, 5)
CONSTANTS = st.one_of(
    st.none(),
    st.booleans(),
    WHOLE,
    st.sampled_from([1.5, -2.0, 0.0, np.inf]),
    st.sampled_from(["hwc", "chw", "x", ""]),
    st.lists(WHOLE, max_size=3).map(tuple),
)


@st.composite
def calls(draw, operation):
    """An example with something odd in it, or nothing but odd operands."""
    example = draw(st.sampled_from(operation.examples))
    fewest, most = operation.arity
    most = min(most, max(fewest, len(example.args)) + 2)
    args = [np.asarray(arg, dtype=np.float64) for arg in example.args]
    if draw(st.booleans()):
        args[draw(st.integers(0, len(args) - 1))] = draw(OPERANDS)
    else:
        args = draw(st.lists(OPERANDS, min_size=fewest, max_size=most))
    params = dict(example.params)
    if operation.params:
        params |= draw(st.dictionaries(st.sampled_from(sorted(operation.params)), CONSTANTS))
    return args, params


@pytest.mark.parametrize("operation", ALL.values(), ids=list(ALL))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@drawn(data=st.data())
def test_an_operation_computes_or_refuses_and_so_do_its_mistakes(operation, data):
    args, params = data.draw(calls(operation))
    try:
        operation.check_call(len(args), params)
    except ValueError:
        return
    ways = [(operation.compute, args)]
    ways += [(mistake.forward, args) for mistake in operation.mistakes if mistake.forward]
    if operation.by_hand:
        ways.append((operation.by_hand, [np.array, *args]))
    if operation.for_many:
        ways.append((operation.for_many, [np.stack([arg, arg]) for arg in args]))
    with np.errstate(all="ignore"):
        for compute, operands in ways:
            try:
                compute(*operands, **params)
            except REFUSALS:
                continue


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (
            'softmax([1, 2], axis="x")',
            "`axis` of `softmax(z, axis=…)` is a whole number, a list of them or `None`, got `'x'`",
        ),
        (
            "argmax([[1, 2]], axis=(0, 1))",
            "`axis` of `argmax(x, axis=…)` is a whole number, or `None` for all entries in a row, "
            "got `(0, 1)`: there is no order along several axes; `reshape` makes them one",
        ),
        ('max_pool1d([[1, 2]], 2, layout="hwc")', "`layout` is 'lc' or 'cl', got 'hwc'"),
        ("max_pool1d([1, 2], [2, 2])", "`size` is a whole number from 1 on, got (2, 2)"),
        ("one_hot(1, size=None)", "`size` of `one_hot(y, size=…, shift=…)` is a whole number, got"),
        ("one_hot(1)", "`one_hot(y, size=…, shift=…)` needs `size`, a whole number"),
        ("softmax([1, 2], dims=0)", "has no argument `dims`: it is called as `softmax(z, axis=…)`"),
        ("tanh(1, dim=0)", "`tanh` has no argument `dim`: it takes none"),
        ("split_heads([[1, 2]], heads=2.0)", "`heads` of `split_heads(x, heads=…)` is a whole"),
        ("sum([1, 2], keepdims=2)", "is `True` or `False`, got `2`"),
        ("conv_output_size(5, 3, 1, stride=1)", "is given twice: by its position and by name"),
        (
            "conv_output_shape(5, 3, 1, layout=3)",
            "conv_output_shape(shape, kernel, filters, window, …",
        ),
        ("zeros([1, 2])", "`zeros` takes one number for each axis"),
    ],
)
def test_a_call_that_does_not_fit_is_said_in_a_sentence(formula, words):
    with pytest.raises(FormulaError, match=re.escape(words)):
        evaluate_number(formula)


RANGED = [operation for operation in ALL.values() if operation.value_range != UNBOUNDED]
COUNTS = re.compile("_parameters|_output_")


@pytest.mark.parametrize("operation", RANGED, ids=lambda operation: operation.name)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@drawn(data=st.data())
def test_no_value_lies_outside_of_the_declared_range(operation, data):
    example = data.draw(st.sampled_from(operation.examples))
    args = [np.asarray(arg, dtype=np.float64) for arg in example.args]
    if not COUNTS.search(operation.name) and operation.arity == (1, 1):
        args = [data.draw(OPERANDS)]
    with np.errstate(all="ignore"):
        try:
            value = np.asarray(operation.compute(*args, **example.params))
        except REFUSALS:
            return
    low, high = operation.value_range
    known = value[~np.isnan(value)]
    assert np.all(known >= low - 1e-12)
    assert np.all(known <= high + 1e-12)
    if operation.adds_up_to_one and not np.isnan(value).any():
        assert np.allclose(value.sum(axis=example.params.get("axis", -1)), 1.0)


def test_every_declared_constant_is_one_that_the_operation_takes():
    for operation in ALL.values():
        for example in (*operation.examples, *(m.example for m in operation.mistakes)):
            operation.check_call(len(example.args), example.params)
