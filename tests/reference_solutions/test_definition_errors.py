"""What is wrong with a definition is said with its place; nothing else ever escapes."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reference_solutions.assignment import load_assignment
from reference_solutions.definition_text import DefinitionError
from reference_solutions.reference import build_reference
from submissions_schema.problems import InputError
from tests.reference_solutions.numerical import array, reference

GIVEN = {"W": [[1, 0], [0, 1]], "U": [[1, 2, 3]], "x": [[1, 2], [3, 4], [5, 6]], "h[-1]": [0, 0]}
STEPS = {"h[t]": "tanh(W @ h[t-1] + x[t])", "l[t]": "sum(h[t])", "L": "mean(l)"}


def error_of(given, steps, answers=(), **ranges):
    with pytest.raises(DefinitionError) as caught:
        reference(given, steps, answers, **(ranges or {"t": (0, 2)}))
    return caught.value


def changed(**steps):
    return {
        **STEPS,
        **{"h[t]" if k == "h" else "l[t]" if k == "l" else k: v for k, v in steps.items()},
    }


@pytest.mark.parametrize(
    ("steps", "words", "definition", "offset"),
    [
        (changed(h="tanh(W @ h[t-1] + z)"), "unknown quantity `z` requested by `h[t]`", "h[t]", 18),
        (changed(L="mean(lo)"), "did you mean `l`?", "L", 5),
        (changed(L="mean(l) + t"), "`t` is an index", "L", 10),
        (changed(h="tanh(W @ h[t] + x[t])"), "depends on itself: h[0] needs h[0]", "h[t]", 9),
        (changed(h="tanh(l[t] + x[t])"), "depends on itself", "h[t]", 5),
        (changed(h="tanh(W @ h[t-1] + U)"), "the shapes (2,) and (1, 3) don't fit", "h[t]", 5),
        (changed(h="tanh(U @ h[t-1] + x[t])"), "can't multiply shapes (1, 3) and (2,)", "h[t]", 5),
        (changed(h="tanh(W @ h[t-2] + x[t])"), "h[0] needs h[-2], which has no value", "h[t]", 9),
        (changed(l="sum(x[t+1])"), "`x` is given from x[0] to x[2]", "l[t]", 4),
        (changed(L="sum(h[t])"), "`t` is no index of `L`", "L", 4),
        (changed(L="sum(l, t)"), "write the index, as in `sum(l[t], t)`", "L", 7),
        (changed(L="sum(l[t], b)"), "the index to run over", "L", 10),
        (
            changed(L="tanh(l[0], l[1])"),
            "`tanh` takes 1 operand, got 2: it is called as `tanh(x)`",
            "L",
            0,
        ),
        (changed(L="sum(x, axs=0)"), "`sum` has no argument `axs`", "L", 0),
        (changed(L="sum(x, axis=7)"), "can't be computed", "L", 0),
        (changed(L="l[0] + h[1][5]"), "index 5 is outside", "L", 7),
        (changed(L="log(l[0] - l[0]) * 0"), "is not a finite number", "L", 0),
        (changed(G="grad(h, W)"), "derivative of one number", "G", 5),
        (changed(G="grad(h[1], W)"), "h[1] has shape (2,)", "G", 0),
        (changed(G="grad(L, U)"), "L does not depend on `U`", "G", 8),
        (changed(G="grad(L, h[9])"), "`h` has no index [9]", "G", 8),
        (changed(G="grad(l[9], W)"), "`l` has no index [9]", "G", 5),
        (changed(G="grad(L, z)"), "unknown quantity `z` requested by `G`", "G", 8),
        (changed(G="grad(L)"), "`grad` takes a loss and a quantity", "G", 0),
        (changed(G="grad(L, W + 1)"), "by a quantity such as", "G", 8),
        (changed(G="grad(sum(l[t]), W)"), "`t` is no index", "G", 9),
        (changed(L="mean(l"), "is opened and not closed", "L", 4),
    ],
)
def test_a_formula_that_means_nothing_is_refused_at_its_character(steps, words, definition, offset):
    error = error_of(GIVEN, steps)
    assert words in error.message
    assert error.definition == ("steps", definition)
    assert error.offset == offset
    assert not error.in_key


@pytest.mark.parametrize(
    ("given", "steps", "words", "definition"),
    [
        ({"tanh": 1}, {}, "`tanh` is a function", ("given", "tanh")),
        ({"t": 1}, {}, "`t` is an index", ("given", "t")),
        ({"grad": 1}, {}, "`grad` is a function", ("given", "grad")),
        ({"x[t]": [1]}, {}, "written without its index", ("given", "x[t]")),
        ({"2x": [1]}, {}, "expected a name", ("given", "2x")),
        ({"z[-1]": [1]}, {}, "there is no step `z[…]`", ("given", "z[-1]")),
        ({"h[-1, 0]": [1]}, {}, "expected 1 index, got 2", ("given", "h[-1, 0]")),
        ({}, {"W": "1"}, "`W` is defined twice", ("steps", "W")),
        ({}, {"h": "1"}, "`h` is defined twice", ("steps", "h")),
        ({}, {"h[-1]": "W"}, "`h[-1]` is defined twice", ("steps", "h[-1]")),
        ({}, {"k[t,t]": "1"}, "has the same index twice", ("steps", "k[t,t]")),
        ({}, {"k[s]": "1"}, "`s` is no index", ("steps", "k[s]")),
        ({}, {"k[t+1]": "1"}, "`t+1` is no index", ("steps", "k[t+1]")),
        ({}, {"sum": "1"}, "`sum` is a function", ("steps", "sum")),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_at_its_key(given, steps, words, definition):
    error = error_of({**GIVEN, **given}, {**STEPS, **steps})
    assert words in error.message
    assert error.definition == definition
    assert error.in_key


def test_ragged_given_numbers_are_refused():
    with pytest.raises(DefinitionError, match="nested lists of numbers of one shape"):
        build_reference({}, [{"x": [[1, 2], [3]]}], {"L": "sum(x)"}, {})


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("h[3]", "`h` has no index [3]; it runs from h[0] to h[2]"),
        ("h[t]", "give `t` a number"),
        ("sum(-1[t])", "the index `t` has no value here"),
        ("(l[0] + 1)[t]", "the index `t` has no value here"),
        ("sum(2[t], t)", "a single number has no index"),
        ("q", "unknown quantity `q` requested by `0`"),
        ("grad(l[0], h[2])", "always zero"),
        ("sum(h[0]) +", "ends too early"),
        ("W @ U", "can't multiply shapes (2, 2) and (1, 3)"),
        ("grad(L, h[7])", "`h` has no index [7]"),
    ],
)
def test_an_answer_that_asks_for_nothing_is_refused(answer, words):
    error = error_of(GIVEN, STEPS, [answer])
    assert words in error.message
    assert error.definition == ("questions", "q", "0")


def test_an_index_that_does_not_begin_at_zero_is_explained():
    error = error_of({"x": GIVEN["x"]}, {"s[t]": "sum(x[t])"}, t=(1, 3))
    assert "s[3] needs x[3]" in error.message
    assert "`x` is given from x[0] to x[2] (given lists are counted from 0)" in error.message
    assert error.offset == 4


def test_an_index_of_absurd_size_is_refused():
    with pytest.raises(DefinitionError, match="runs over"):
        build_reference({"t": range(10**9)}, [{}], {"h[t]": "1"}, {})
    with pytest.raises(DefinitionError, match="more than"):
        build_reference({"t": range(10**4), "s": range(10**4)}, [{}], {"h[t,s]": "1"}, {})


def test_worlds_that_differ_in_their_quantities_are_refused():
    with pytest.raises(DefinitionError, match="every world"):
        build_reference({}, [{"a": array(1)}, {"b": array(1)}], {"L": "a"}, {})


# --- in a file --------------------------------------------------------------------------------

FILE = """\
assignment: demo
title: Demo
index: {t: 0..1}
given:
  x: [1, 2]
  w: [3, 1/]
steps:
  h[t]: x[t] * w[0] + 1
questions:
  q1: {title: One, points: 1, answers: {a: "h[0]"}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "column"),
    [
        ("1/]", "1/]", 6, 12),
        ("1/]\nsteps:\n  h[t]: x[t] *", "1]\nsteps:\n  h[t]: x[t] * zz *", 8, 16),
        ("1/]\nsteps:\n  h[t]: x[t] *", "1]\nsteps:\n  h[t]: x[t] ^", 8, 14),
        ("1/]\nsteps:\n  h[t]:", "1]\nsteps:\n  h[u]:", 8, 3),
        ("1/]", "1]", None, None),
    ],
)
def test_a_broken_assignment_names_the_line_and_column(tmp_path, old, new, line, column):
    path = tmp_path / "a.yaml"
    path.write_text(FILE.replace(old, new))
    if line is None:
        assert load_assignment(path, name="a.yaml").id == "demo"
        return
    with pytest.raises(InputError) as caught:
        load_assignment(path, name="a.yaml")
    assert str(caught.value.problems[0]).startswith(f"a.yaml:{line}:{column}: ")


def test_a_broken_answer_names_the_line_and_column(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(FILE.replace("1/]", "1]").replace('"h[0]"', '"h[0] + k"'))
    with pytest.raises(InputError) as caught:
        load_assignment(path, name="a.yaml")
    column = FILE.splitlines()[-1].index('"h[0]"') + 1 + len('"h[0] + ')
    assert str(caught.value.problems[0]).startswith(f"a.yaml:10:{column}: unknown quantity `k`")


# --- nothing but a DefinitionError ------------------------------------------------------------

# fmt: off
PIECES = st.sampled_from(
    [
        "W", "U", "x", "h", "l", "L", "t", "t-1", "t+1", "-1", "0", "1", "2", "9", "h[t]",
        "h[t-1]", "x[t]", "l[0]", "h[-1]", "x[0,t]", "W.T", "(", ")", "[", "]", ",", "+", "-",
        "*", "/", "@", "**", ".", "'", '"', "=", "axis=0", "axis=-3", "axis=None", "keepdims=1",
        "size=3", "index=(0,)", "tanh(", "sum(", "mean(", "softmax(", "cross_entropy(", "grad(",
        "grad(L,", "concat(", "outer(", "log(", "one_hot(", "zeros(", "pad(", "section(", "abs(",
    ]
)
# fmt: on
FORMULAS = st.lists(PIECES, min_size=1, max_size=12).map("".join)
MUTATED = st.builds(
    lambda text, at, piece, cut: text[: at % len(text)] + piece + text[at % len(text) + cut :],
    st.sampled_from([*STEPS.values(), "grad(L, W)", "W - 0.1*grad(L, W)", "sum(l[t] * x[t], t)"]),
    st.integers(0, 60),
    PIECES,
    st.integers(0, 4),
)


@settings(max_examples=400, deadline=None)
@drawn(st.one_of(FORMULAS, MUTATED), st.sampled_from(["h[t]", "l[t]", "L", "G", "k[t]", "x[-1]"]))
def test_no_formula_makes_anything_but_a_definition_error(formula, key):
    given = {name: array(value) for name, value in GIVEN.items()}
    error = refusal_of([given], {**STEPS, key: formula}, {("q", "a"): "L"})
    if error is not None:
        assert not re.search(r"#|via | seed|axis\d", error.message), error.message
        assert 0 <= error.offset <= len(formula) + 40


def refusal_of(given, steps, answers):
    """The DefinitionError, or None where every answer has a value."""
    try:
        built = build_reference({"t": range(3)}, given, steps, answers)
    except DefinitionError as error:
        return error
    assert all(np.all(np.isfinite(built.graph.value(t.node))) for t in built.targets)
    return None


@settings(max_examples=200, deadline=None)
@drawn(st.one_of(FORMULAS, MUTATED))
def test_no_answer_makes_anything_but_a_definition_error(formula):
    given = {name: array(value) for name, value in GIVEN.items()}
    error = refusal_of([given], STEPS, {("q", "a"): formula})
    assert error is None or error.message


@settings(max_examples=200, deadline=None)
@drawn(st.text(max_size=12), st.text(max_size=12))
def test_no_key_makes_anything_but_a_definition_error(given_key, step_key):
    error = refusal_of([{given_key: array(1)}], {step_key: "1"}, {})
    assert error is None or error.message
