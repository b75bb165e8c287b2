"""What is right by rounding on the way, and what only looks so."""

import pytest

NEAR = """
assignment: near
title: Small differences, which rounding on the way moves by some per cent
matching: %s
given: {x: [5.1856, 5.1845], y: [5.1851, 5.1838]}
steps: {p: 2 * x, s: p - 10, q: 2 * y, r: q - 10}
questions:
  one: {points: 1, answers: {s: s}}
  two: {points: 1, answers: {r: r}}
"""
WRITTEN = "{policy: written}"

NAMES = """
assignment: names
title: Formulas of two symbols
symbols: {x: {domain: [1, 2]}, w: {domain: [0.5, 2]}}
steps: {y: w * x, z: "x * tanh(w * x)"}
questions: {q: {points: 2, answers: {z: {kind: formula, value: z}}}}
"""

NEARLY_ONE = """
assignment: nearly-one
title: Entropy of nearly even shares, beside a zero
given: {n: [9, 8], k: %s, x: [0.61, 0.27]}
steps:
  u: n / sum(n)
  H: -sum(u * log2(u)) * k
  e: exp(x)
questions:
  q: {points: 2, answers: {H: H, e: e}}
"""


def test_one_number_everywhere_is_not_right_by_rounding_unless_it_stands_in_one_place(
    bench, verdicts
):
    made = bench(NEAR % WRITTEN)
    alone = verdicts(made.grade("  one: [0.370, 0.370]"))
    assert alone["s"] == "correct"
    both = verdicts(made.grade("  one: [0.370, 0.370]\n  two: [0.370, 0.370]"))
    assert "correct" not in {both["s"], both["r"]}


@pytest.mark.parametrize(
    ("written", "right"),
    [("[0.369, 0.371]", True), ("[0.3690, 0.3710]", True), ("[0.36901, 0.37101]", False)],
)
def test_who_shows_more_digits_rounds_to_these(bench, verdicts, written, right):
    found = verdicts(bench(NEAR % WRITTEN).grade(f"  one: {written}"))
    assert (found["s"] == "correct") is right


@pytest.mark.parametrize(
    "policy",
    [
        "{policy: absolute, tolerance: 0.0001}",
        "{policy: relative, tolerance: 0.0001}",
        "{policy: decimal_places, digits: 4}",
        "{policy: significant_figures, digits: 4}",
    ],
)
def test_where_the_teacher_sets_a_tolerance_nothing_is_granted_for_rounding(
    bench, verdicts, policy
):
    assert verdicts(bench(NEAR % policy).grade("  one: [0.369, 0.371]"))["s"] != "correct"


@pytest.mark.parametrize(
    ("factors", "written", "right"),
    [
        ([1, 0], "[1.00, 0]", True),
        ([1, 0], "[1.0, 0]", False),
        ([1, 0], "[1, 0]", False),
        ([1, 0], '["2/2", 0]', False),
        ([1, 1.001], "[1.00, 1.00]", True),
        ([1, 1.001], "[1.00, 1]", False),
    ],
)
def test_a_number_that_anybody_writes_may_be_rounded_if_it_is_written_in_full(
    bench, verdicts, factors, written, right
):
    made = bench(NEARLY_ONE % factors)
    found = verdicts(made.grade(f"  q: {{H: {written}, e: [1.84, 1.31]}}"))
    assert (found["H"] == "correct") is right


@pytest.mark.parametrize(
    ("formula", "points"),
    [
        ("x", 0),
        ("-x", 0),
        ("1 * x", 0),
        ("x + x - x", 0),
        ("x ** 3 / x ** 2", 0),
        ("x * tanh(x)", 1),
    ],
)
def test_a_bare_name_for_a_formula_is_no_work_though_a_mistake_leads_to_it(
    bench, by_answer, formula, points
):
    assert by_answer(bench(NAMES).grade(f"  q: {{z: {formula}}}"))["z"].points == points
