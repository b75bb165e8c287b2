"""What rounding on the way can do: how far it reaches, and where it has nothing to say."""

import numpy as np
import pytest

from checker.diagnosis.budget import Budget
from checker.diagnosis.case import Case
from checker.diagnosis.own_values import OwnValues
from checker.diagnosis.rounding import Rounding
from checker.diagnosis.sensitivity import (
    Sensitivity,
    error_within,
    intermediates,
    sampled_tolerance,
)

DEPENDENT = """
assignment: dependent
title: Entries that depend on each other
given: {A: [[1.5, -2.5, 0.5], [0.5, 3.5, 1.1]], x: [0.9, -1.2, 0.4], c: [0.3, 0.8]}
steps:
  u: A @ x
  p: softmax(A @ x + c)
  q: softmax(tanh(A))
  r: outer(tanh(u), tanh(x))
  s: sum(tanh(x))
  k: tanh(A)
questions:
  a: {points: 6, answers: {u: u, p: p, q: q, r: r, s: s, k: k}}
"""

DIFFERENCE = """
assignment: difference
title: A small difference of large numbers
given: {a: 5.02, b: 5}
steps: {p: 2 * a, q: 2 * b, d: p - q}
questions: {q: {points: 1, answers: {d: d}}}
"""

EXACT = """
assignment: exact
title: Values that few digits write exactly
given: {a: %s, b: 3, c: 1.1}
steps: {s: a * b, t: s * s + c, u: s * t}
questions: {q: {points: 2, answers: {t: t, u: u}}}
"""


@pytest.mark.parametrize(
    ("answer", "entries"), [("u", 2), ("p", 1), ("q", 4), ("r", 4), ("s", 1), ("k", 6)]
)
def test_only_so_many_entries_are_free_as_the_others_leave_open(bench, answer, entries):
    """Of a distribution one follows from the others, of a product of two vectors most do."""
    assert bench(DEPENDENT).freedom(answer) == entries


def test_a_unit_that_relu_shuts_off_is_not_free(bench):
    assert bench("two-layer").freedom("a") == 3


@pytest.mark.parametrize(("written", "right"), [("0.0407", True), ("0.0410", False)])
def test_rounding_explains_a_share_of_an_answer_at_most(bench, verdicts, written, right):
    """Rounded to 10.0 and 10.0 the two are equal, and any difference could be had."""
    found = verdicts(bench(DIFFERENCE).grade(f"  q: {{d: {written}}}"))
    assert (found["d"] == "correct") is right


def test_what_few_digits_write_exactly_is_not_rounded(bench):
    exact, rounded = bench(EXACT % 0.5), bench(EXACT % 0.5377)
    assert (exact.rounding(3) == 0).all()
    assert (exact.rounding(2)[exact.span(1)] > 0).all()
    assert (rounded.rounding(3) > 0).all()


def test_ten_times_finer_rounding_within_an_operation_does_a_tenth(fit):
    node = fit.graph.find("yhat", 1)
    coarse, fine = (error_within(fit.graph, node, digits) for digits in (4, 5))
    assert (fine > 0).all()
    assert coarse == pytest.approx(10 * fine, rel=0.2)


def test_an_estimate_from_own_values_is_near_what_sampling_finds(fit):
    """The derivatives are those of the right solution, so it is a first look and no more."""
    source, targets = fit.graph.find("h", 1), fit.nodes
    right = np.asarray(fit.graph.value(source))
    half_units, nodes = {source: np.full(right.shape, 5e-3)}, intermediates(fit.graph, targets)
    region = fit.graph.region(targets, [source])
    sampled = sampled_tolerance(
        fit.graph.edited({}), targets, 9, {source: right}, half_units, sorted(region & {*nodes})
    )
    sensitivity = Sensitivity(fit.graph, targets)
    columns = slice(0, fit.grader.key.layout.right.size)
    estimated = sensitivity.local(columns, region | {source}, 9, half_units)
    reached = np.concatenate(sampled) > 1e-5
    assert reached.any()
    ratio = np.concatenate(sampled)[reached] / estimated[reached]
    assert ((ratio > 0.3) & (ratio < 3)).all()


SMALL = """
assignment: small
title: Small differences, which rounding before them moves as much as itself
given: {x: [5.18563, 5.18452, 5.18491]}
steps: {p: 2 * x, s: p - 10}
questions: {q: {points: 1, answers: {s: s}}}
"""


@pytest.mark.parametrize(
    ("off", "stands_out"),
    [
        # Beside exact ones it takes four times what two digits in the last place make.
        ([0, 1.3e-5, 0], True),
        ([0, 7e-6, 0], False),
        # What rounding to five digits does to all, half a thousandth, may be four times as much.
        ([0, 0.0021, 0.0004], True),
        ([0, 0.0019, 0.0004], False),
        ([-0.0004, 0.0015, 0], False),
        # To three digits, which is as coarse as is granted.
        ([0.04, -0.03, 0.25], True),
        ([0.04, -0.03, 0.15], False),
        ([0.3, -0.3, 2], False),
    ],
)
def test_an_entry_stands_out_from_the_rounding_that_all_others_show(bench, off, stands_out):
    made = bench(SMALL)
    key = made.grader.key
    written = key.layout.right + np.array(off)
    case = Case(written, np.full(written.shape, 1e-6), [[]], OwnValues())
    rounding = Rounding(key.layout, key.diagnoser.tolerances, case, Budget(0, 0))
    assert rounding.stands_out(0) is stands_out


FAMILY = """
assignment: family
title: The spread of losses, step by step and as one array
index: {t: 0..3}
given: {x: [0.37, 1.46, -0.81, 0.58]}
steps: {"l[t]": "exp(x[t])", L: exp(x), s: std(l), S: std(L)}
questions: {q: {points: 2, answers: {s: s, S: S}}}
"""


def test_rounding_does_no_more_to_a_spread_over_steps_than_to_that_of_an_array(bench):
    of_steps, of_array = bench(FAMILY).rounding(3)
    assert 0 < of_steps <= of_array < 0.05
