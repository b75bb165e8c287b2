"""Each operation's examples, and those of its mistakes, are its tests."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import numpy as np
import pytest
from latex2mathml.converter import convert

from reference_solutions.expressions.printing import Binds, Operand
from reference_solutions.language.latex import applied_latex
from reference_solutions.operations import callable_operations, catalogue, operations
from tests.reference_solutions.numerical import array, handed_back

ALL = operations()
EXAMPLES = [(op, example) for op in ALL.values() for example in op.examples]
MISTAKES = [(op, mistake) for op in ALL.values() for mistake in op.mistakes]
FORWARD = [(op, m) for op, m in MISTAKES if m.forward and m.example.gradient is None]
BACKWARD = [
    (op, m) for op, m in MISTAKES if m.example.gradient is not None and (m.backward or m.fused)
]


def named(pairs):
    return [
        pytest.param(op, thing, id=getattr(thing, "id", f"{op.name}-{i}"))
        for i, (op, thing) in enumerate(pairs)
    ]


def operands(example):
    return [array(arg) for arg in example.args]


def softmax_inverse(p):
    return np.log(p)


def wrong_gradient(operation, mistake):
    example = mistake.example
    rules = mistake.backward or {example.position: next(iter(mistake.fused.values()))}
    rule = rules[example.position]
    args = operands(example)
    return handed_back(rule, operation, args, example.gradient, example.position, example.params)


def right_gradient(operation, mistake):
    example = mistake.example
    rule = operation.derivative(example.position)
    if not mistake.backward:
        rule = operation.fused[next(iter(mistake.fused))]
    args = operands(example)
    return handed_back(rule, operation, args, example.gradient, example.position, example.params)


@pytest.mark.parametrize(("operation", "example"), named(EXAMPLES))
def test_an_operation_computes_the_result_of_its_example(operation, example):
    result = array(operation.compute(*operands(example), **example.params))
    np.testing.assert_allclose(result, array(example.result), rtol=1e-6, atol=1e-12)
    assert result.shape == array(example.result).shape


@pytest.mark.parametrize(("operation", "mistake"), named(FORWARD))
def test_a_wrong_variant_computes_the_result_of_its_example(operation, mistake):
    example = mistake.example
    result = array(mistake.forward(*operands(example), **example.params))
    np.testing.assert_allclose(result, array(example.result), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("operation", "mistake"), named(FORWARD))
def test_a_wrong_variant_differs_from_the_right_value_in_its_example(operation, mistake):
    right = array(operation.compute(*operands(mistake.example), **mistake.example.params))
    wrong = array(mistake.example.result)
    assert right.shape != wrong.shape or not np.allclose(right, wrong, rtol=1e-4)


@pytest.mark.parametrize(("operation", "mistake"), named(BACKWARD))
def test_a_wrong_derivative_hands_back_the_result_of_its_example(operation, mistake):
    result = wrong_gradient(operation, mistake)
    np.testing.assert_allclose(result, array(mistake.example.result), rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize(("operation", "mistake"), named(BACKWARD))
def test_a_wrong_derivative_differs_from_the_right_one_in_its_example(operation, mistake):
    right = right_gradient(operation, mistake)
    wrong = wrong_gradient(operation, mistake)
    assert right.shape != wrong.shape or not np.allclose(right, wrong, rtol=1e-4)


@pytest.mark.parametrize("operation", ALL.values(), ids=list(ALL))
def test_an_operation_is_complete(operation):
    module = import_module(f"reference_solutions.operations.{operation.name}")
    assert inspect.getdoc(module)
    assert operation.doc.strip().endswith(".")
    assert operation.examples
    smallest, largest = operation.arity
    assert all(smallest <= len(example.args) <= largest for example in operation.examples)
    assert all(set(example.params) <= set(operation.params) for example in operation.examples)


@pytest.mark.parametrize(("operation", "mistake"), named(MISTAKES))
def test_a_mistake_is_complete(operation, mistake):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", mistake.id)
    assert mistake.says.strip() == mistake.says
    assert mistake.says[-1] in ".?!"
    assert mistake.says[0].isupper() or not mistake.says[0].isalpha() or " " in mistake.says
    assert mistake.forward or mistake.backward or mistake.fused
    assert mistake.source
    if mistake.example.gradient is None:
        assert mistake.forward


def test_the_ids_of_mistakes_are_unique_over_all_operations():
    ids = [mistake.id for _, mistake in MISTAKES]
    assert len(ids) == len(set(ids))
    assert set(catalogue()) == set(ids)


def test_public_operations_can_be_called_by_name_and_alias():
    known = callable_operations()
    for operation in ALL.values():
        for name in (operation.name, *operation.aliases):
            assert (known.get(name) is operation) == operation.public


@pytest.mark.parametrize("operation", ALL.values(), ids=list(ALL))
def test_the_latex_of_an_operation_can_be_shown(operation):
    example = operation.examples[0]
    shown = [f"h_{{t-{i}}}" for i in range(1, max(operation.arity[0], len(example.args)) + 1)]
    operands = [Operand(text, Binds.ATOM) for text in shown]
    assert convert(applied_latex(operation.name, operands, example.params)[0])
    if operation.latex_over_index:
        assert convert(operation.latex_over_index(operands[0][:2], ["t", "s"])[0])
    for mistake in operation.mistakes:
        if mistake.used:
            assert convert(mistake.used.format(*shown)), mistake.id


LOOSE = Operand("a+b", Binds.SUM)


@pytest.mark.parametrize(
    ("name", "params", "latex"),
    [
        ("add", {"signs": (1, -1)}, r"a+b-\left(a+b\right)"),
        ("multiply", {}, r"\left(a+b\right) \odot \left(a+b\right)"),
        ("matmul", {}, r"\left(a+b\right)\,\left(a+b\right)"),
        ("divide", {}, r"\frac{a+b}{a+b}"),
        ("power", {}, r"\left(a+b\right)^{a+b}"),
        ("outer", {}, r"\left(a+b\right)\,\left(a+b\right)^{\top}"),
        ("stack", {}, r"\begin{bmatrix} a+b \\ a+b \end{bmatrix}"),
        ("concat", {}, "[a+b; a+b]"),
    ],
)
def test_an_operand_that_binds_loosely_stands_in_parentheses(name, params, latex):
    assert applied_latex(name, [LOOSE, LOOSE], params)[0] == latex


BY_HAND = [(op, example) for op, example in EXAMPLES if op.by_hand]


@pytest.mark.parametrize(("operation", "example"), named(BY_HAND))
def test_the_steps_by_hand_come_to_the_same_if_nothing_is_rounded(operation, example):
    by_hand = operation.by_hand(lambda values: values, *operands(example), **example.params)
    np.testing.assert_allclose(by_hand, array(example.result), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(
    ("operation", "mistake"), named((op, m) for op, m in FORWARD if m.hidden is not None)
)
def test_a_mistake_gives_the_right_value_where_it_says_so(operation, mistake):
    hidden = operands(mistake.hidden)
    right = operation.compute(*hidden, **mistake.hidden.params)
    np.testing.assert_allclose(mistake.forward(*hidden, **mistake.hidden.params), right)
