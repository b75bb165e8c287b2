"""Slips in a formula: the change that undoes them is found, whatever the formula is about."""

import numpy as np
import pytest

from checker.diagnosis.formula_slips import (
    description_bits,
    find_formula_slips,
    leaves_beside,
)
from checker.edits.slip_kinds import IN_FORMULAS
from reference_solutions.expressions.tree import Name
from reference_solutions.language.evaluation import evaluate
from reference_solutions.language.formula import parse_formula
from reference_solutions.operations import callable_operations

FUNCTIONS = list(callable_operations())


def _read(text):
    return parse_formula(text, FUNCTIONS, {})


def _worlds(count=6):
    random = np.random.default_rng(7)
    worlds = []
    for _ in range(count):
        values = {name: random.uniform(0.2, 1.8) for name in "abcpq"}
        values |= {"v": random.uniform(0.2, 1.8, 3), "x": random.uniform(0.2, 1.8, 3)}
        values |= {"M": random.uniform(-1, 1, (3, 3))}
        worlds.append(values)
    return worlds


WORLDS = _worlds()


def _value(formula, world, known):
    def quantity(name: Name):
        if name.name in known:
            return known[name.name]
        value = WORLDS[world].get(name.name)
        if value is None:
            return None
        index = tuple(part.offset for part in name.index)
        inside = all(0 <= i < n for i, n in zip(index, np.shape(value), strict=False))
        return np.asarray(value[index] if index else value) if inside else None

    return evaluate(formula, quantity)


def names_in(text):
    return {(node.name, node.index) for node in _read(text).walk() if isinstance(node, Name)}


def slips(written, right):
    formula = _read(written)
    expected = [_value(_read(right), world, {}) for world in range(len(WORLDS))]
    names = {name: (0, np.ndim(WORLDS[0][name])) for name in WORLDS[0]}
    return list(find_formula_slips(formula, _value, leaves_beside(formula, names), expected))


PLANTED = [
    ("a*(b - c)*p", "a*(c - b)*p", "sign-turned"),
    ("a*b + c", "a*b - c", "sign-turned"),
    ("a*b*c + p", "a*b + p", "factor-left-out"),
    ("a*(1 - b)*c", "a*c", "factor-left-out"),
    ("a*(1 - tanh(b)**2)*c", "a*(1 - tanh(b))*c", "power-left-out"),
    ("a*b/c + p*q", "a*b + p*q", "factor-left-out"),
    ("a*b*p + q", "a*b*c*p + q", "factor-too-many"),
    ("a*b + q*p", "a*b/c + q*p", "factor-too-many"),
    ("a*b + c*p + q", "a*b + c*p", "term-left-out"),
    ("a*b + c*p", "a*b + c*p - q", "term-too-many"),
    ("a*b*(c + p)", "a*q*(c + p)", "other-quantity"),
    ("v[1]*a + b*c", "v[2]*a + b*c", "neighbouring-step"),
    ("v[0]*a*b + v[1]*a*b", "v[0]*a*b", "step-left-out"),
    ("a*b*(1 - c)", "a*b*c", "complement-confused"),
    ("a*b**2 + c*p", "a*b + c*p", "power-left-out"),
    ("a*b + c*p", "a*b**2 + c*p", "power-too-many"),
    ("a*tanh(b + c)*p", "a*(b + c)*p", "function-left-out"),
    ("a*(b + c)*p", "a*tanh(b + c)*p", "function-too-many"),
    ("a*tanh(b + c)*p", "a*sigmoid(b + c)*p", "other-function"),
    ("a*b/c + p*q", "a*b*c + p*q", "other-operation"),
    ("2*a*b + c*p", "3*a*b + c*p", "other-number"),
    ("-(a*(1 - b) + c*(1 - p))", "-(1 - b + c*(1 - p))", "factor-left-out"),
    ("a - p*(q*b + (1 - q)*c)", "a - p*q*b + (1 - q)*c", "parentheses-left-out"),
    ("(a + b)/c + p", "a + b/c + p", "parentheses-left-out"),
    ("(a + b)*q + p", "a + b*q + p", "parentheses-left-out"),
    ("q*a + (1 - q)*b", "q*b + (1 - q)*a", "quantities-exchanged"),
    ("a*b*v[0]", "a*b*v[0]*c*(1 - c)", "two-factors-too-many"),
    ("p*q**2 + c", "p*q**2 + 1", "other-quantity"),
    ("sum(v**2 + x)/2", "(v**2 + x)/2", "function-left-out"),
    ("v**2 + x", "sum(v**2 + x)", "function-too-many"),
    ("sum(v*x)", "mean(v*x)", "other-operation"),
    ("M @ v + x", "M.T @ v + x", "transposed"),
    ("M.T @ v + x", "M @ v + x", "transposed"),
    ("outer(v, x) @ v", "outer(x, v) @ v", "operands-swapped"),
    ("M @ x + v*a", "M @ x - v*a", "sign-turned"),
]


@pytest.mark.parametrize(("right", "written", "kind"), PLANTED)
def test_a_slip_is_found(right, written, kind):
    found = slips(written, right)
    assert kind in [slip.id for slip in found]
    assert all(slip.message.count("`") % 2 == 0 for slip in found)


def test_every_kind_of_slip_is_planted_here():
    assert set(IN_FORMULAS) <= {kind for _, _, kind in PLANTED}


@pytest.mark.parametrize(("right", "written", "kind"), PLANTED)
def test_what_was_written_is_quoted_and_not_what_belongs_there(right, written, kind):
    leaves = names_in(written)
    quoted = [part for slip in slips(written, right) for part in slip.message.split("`")[1::2]]
    assert quoted or kind == "complement-confused"
    for part in quoted:
        assert names_in(part) <= leaves


@pytest.mark.parametrize("written", ["a*b*c*p + q", "tanh(a)*b/p", "v[0]*v[1] - c", "a + 1/b"])
def test_a_formula_without_reason_has_no_slip(written):
    assert slips(written, "p*(1 - p)*q*sigmoid(a + b*c)") == []


def test_a_long_formula_tells_more_than_a_short_one():
    short, long = _read("a*b"), _read("a*b*(1 - c)*p + q")
    assert description_bits(short, 8) < description_bits(long, 8)
    assert description_bits(short, 8) < description_bits(short, 80)


def test_leaves_are_taken_at_the_indices_that_the_formula_uses():
    formula = _read("h[1]*w + h[2]")
    leaves = leaves_beside(formula, {"h": (1, 1), "g": (1, 1), "w": (0, 0), "x": (0, 1)})
    texts = {(leaf.name, tuple(part.offset for part in leaf.index)) for leaf in leaves}
    assert texts == {
        ("h", (1,)), ("h", (2,)), ("g", (1,)), ("g", (2,)), ("w", ()),
        ("x", ()), ("x", (1,)), ("x", (2,)),
    }  # fmt: skip
