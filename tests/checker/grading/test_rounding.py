"""Rounding on the way: never called wrong, and never a cover for a mistake."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from checker.diagnosis.sensitivity import Sensitivity, intermediates, sampled_tolerance
from reference_solutions.graph import round_significant

ASSIGNMENTS = ["fit3181-a2", "feedforward", "two-layer", "attention", "gated"]
RIGHT = {"correct"}


def judged(bench, source, digits, verdicts):
    made = bench(source)
    found = verdicts(made.hand_in(made.rounded(digits), digits))
    return {name: found[name] for name in made.names}


@pytest.mark.parametrize("digits", [3, 4, 5, 6, 8])
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_work_with_three_digits_or_more_is_right(bench, assignment, digits, verdicts):
    found = judged(bench, assignment, digits, verdicts)
    assert set(found.values()) == RIGHT, found


# --- random assignments ---------------------------------------------------------------------------

number = st.integers(-30, 30).map(lambda n: n / 10)
vector = st.lists(number, min_size=3, max_size=3)
matrix = st.lists(vector, min_size=3, max_size=3)
FORMULAS = (
    "tanh(A @ {p} + b)",
    "sigmoid({p})",
    "softmax(A @ {p})",
    "A @ {p} + b",
    "{p} * {q}",
    "{p} + {q}",
    "tanh({p} - b)",
    "exp(-{p} * {p})",
    "relu({p} + b)",
)


@st.composite
def assignments(draw):
    """Three to six steps over a matrix and two vectors, and the gradient of their sum."""
    steps, names = [], ["x"]
    for at in range(draw(st.integers(2, 5))):
        formula = draw(st.sampled_from(FORMULAS))
        p, q = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        steps.append(f"  s{at}: {formula.format(p=p, q=q)}")
        names.append(f"s{at}")
    answers = ", ".join(f"{name}: {name}" for name in (*names[1:], "L"))
    return f"""
assignment: random
title: Random
given: {{A: {draw(matrix)}, x: {draw(vector)}, b: {draw(vector)}}}
steps:
{chr(10).join(steps)}
  L: sum({names[-1]})
questions:
  q: {{points: 1, answers: {{{answers}}}}}
"""


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # an example says enough; shrinking takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(assignments(), st.integers(3, 6))
def test_any_work_with_three_digits_or_more_is_right(fit, verdicts, named, assignment, digits):
    made = type(fit)(assignment)
    values = made.right()
    assume(all(np.abs(value).max() < 1e4 for value in values))
    assume(not any(_cancels(made, digits)))
    report = made.hand_in(made.rounded(digits), digits)
    found, named_ = verdicts(report), named(report)
    assert not named_
    assert set(found.values()) <= RIGHT, found


def _cancels(made, digits):
    """Whether rounding errors are as large as what they are errors of."""
    for right, rounded in zip(made.right(), made.rounded(digits), strict=True):
        far = np.abs(right - rounded)
        yield bool((far > 0.05 * np.abs(right)).any())


# --- no cover for mistakes --------------------------------------------------------------------

BLATANT = {
    "fit3181-a2": [
        "cross-entropy-log-base-10",
        "tanh-left-out",
        "sigmoid-for-tanh",
        "matrix-transposed",
        "sum-for-mean",
        "term-left-out",
    ],
    "feedforward": ["sigmoid-left-out", "tanh-for-sigmoid", "sigmoid-derivative-forgotten"],
    "two-layer": ["relu-left-out", "cross-entropy-log-base-10"],
    "attention": ["factor-left-out"],
    "gated": ["sigmoid-left-out", "tanh-left-out", "term-left-out"],
}


@pytest.mark.parametrize("digits", [3, 5])
@pytest.mark.parametrize(
    ("assignment", "id"), [(name, id) for name, ids in BLATANT.items() for id in ids]
)
def test_no_known_mistake_is_let_through_as_rounding(bench, assignment, id, digits, verdicts):
    made = bench(assignment)
    edits = [e for e in made.edits if e.id == id and e.index is None]
    assert edits
    right = made.right()
    for edit in edits:
        values = made.values((edit,))
        found = verdicts(made.hand_in(made.rounded(digits, (edit,)), digits))
        for name, value, meant in zip(made.names, values, right, strict=True):
            if value is not None and (np.abs(value - meant) > 0.05 * np.abs(meant).max()).any():
                assert found[name] != "correct", (edit.where, name)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_tolerance_of_three_digits_is_a_few_per_cent_at_most(bench, assignment):
    made = bench(assignment)
    for at, value in enumerate(made.right()):
        allowed = made.rounding(3)[made.span(at)]
        assert np.isfinite(allowed).all()
        assert allowed.max() <= 0.05 * np.abs(value).max()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_more_digits_leave_less_to_rounding(bench, assignment):
    made = bench(assignment)
    coarse, fine = made.rounding(3), made.rounding(5)
    assert (fine <= coarse).all()
    assert (made.rounding(15) < 1e-9).all()


def test_a_square_of_a_negative_number_has_a_tolerance(bench):
    made = bench("""
assignment: square
title: Square
given: {a: 0.6, y: 0.9, x: 1.5}
steps:
  s: tanh(a * x)
  E: (s - y)**2
questions:
  q: {points: 1, answers: {E: E, da: "grad(E, a)"}}
""")
    assert np.isfinite(made.rounding(3)).all()


def test_what_has_been_copied_has_no_digits_of_its_own(fit):
    names = {
        fit.graph.families[fit.graph.nodes[node].key[0]].rule.operation.name
        for node in intermediates(fit.graph, fit.nodes)
    }
    assert not names & {"identity", "transpose", "negate", "one_hot"}
    assert {"tanh", "softmax", "matmul", "cross_entropy", "mean"} <= names


def test_sampled_and_derived_tolerances_agree_roughly(fit):
    derived = Sensitivity(fit.graph, fit.nodes).tolerance(3)
    nodes = intermediates(fit.graph, fit.nodes)
    sampled = np.concatenate(sampled_tolerance(fit.graph.edited({}), fit.nodes, 3, {}, {}, nodes))
    moved = derived > 1e-6
    ratio = sampled[moved] / derived[moved]
    assert ((ratio > 0.3) & (ratio < 3)).all()


def test_the_same_input_gives_the_same_tolerance(fit):
    nodes = intermediates(fit.graph, fit.nodes)
    made = [
        np.concatenate(sampled_tolerance(fit.graph.edited({}), fit.nodes, 3, {}, {}, nodes))
        for _ in range(2)
    ]
    assert np.array_equal(*made)


def test_a_teacher_may_forbid_rounding_on_the_way(bench, verdicts):
    text = """
assignment: strict
title: No rounding
matching: {working_digits: %s}
given: {A: [[1.3, -0.7], [0.4, 2.1]], x: [1.11, 0.9]}
steps:
  s: A @ x
  u: exp(tanh(s / 5))
  L: sum(u * s * s * u)
questions:
  q: {points: 1, answers: {s: s, u: u, L: L}}
"""
    kind, strict = bench(text % 3), bench(text % "null")
    values = kind.rounded(3)
    right = [round_significant(value, 3) for value in kind.right()]
    assert not all(np.array_equal(a, b) for a, b in zip(values, right, strict=True))
    assert set(verdicts(kind.hand_in(values, 3)).values()) == {"correct"}
    assert set(verdicts(strict.hand_in(right, 3)).values()) == {"correct"}
    last = {"L": values[-1]}
    assert verdicts(kind.hand_in(last, 3))["L"] == "correct"
    assert verdicts(strict.hand_in(last, 3))["L"] == "wrong"


def test_a_zero_lost_at_the_end_of_a_rounded_value_is_right(bench, verdicts):
    """0.580, worked with three digits for 0.57925, and written 0.58."""
    made = bench("""
assignment: lost-zero
title: A lost zero
given: {a: [-1.44283203, 2.15816394, -1.29458224]}
steps: {s: 1 * a, L: sum(s)}
questions:
  q: {points: 1, answers: {s: s, L: L}}
""")
    kept = made.grade("  q: {s: [-1.44, 2.16, -1.30], L: -0.580}")
    assert verdicts(kept)["L"] == "correct"
    lost = made.grade("  q: {s: [-1.44, 2.16, -1.3], L: -0.58}")
    assert verdicts(lost)["L"] == "correct"


def test_the_root_of_two_may_be_rounded_like_any_value(bench, verdicts):
    made = bench(
        """
assignment: roots
title: A root
given: {a: [1.3, 2.7], b: [0.4, 1.9]}
steps: {s: a @ b / sqrt(2), t: a / sqrt(2)}
questions: {q: {points: 1, answers: {s: s, t: t}}}
"""
    )
    by_hand = [np.array(5.65 / 1.41), np.array([1.3, 2.7]) / 1.41]
    assert set(verdicts(made.hand_in(by_hand, 3)).values()) == {"correct"}


def test_a_constant_that_the_sheet_has_as_a_step_may_be_rounded_too(bench, verdicts):
    made = bench(
        """
assignment: constant
title: A root as a step
given: {a: [1.3, 2.7]}
steps: {s: sqrt(2), t: a / s}
questions: {q: {points: 1, answers: {t: t}}}
"""
    )
    assert set(verdicts(made.hand_in([np.array([1.3, 2.7]) / 1.41], 3)).values()) == {"correct"}
