"""Formula answers: read safely, judged by their values."""

import numpy as np
import pytest

from checker.answer_kinds.reading.quantities import expand_sums
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.language.formula import parse_formula
from reference_solutions.operations import callable_operations
from tests.checker.answer_kinds.formula_sheet import FIRST, SHEET


@pytest.mark.parametrize(
    "formula",
    [
        "w * x**2",
        "x*w*x",
        "w*x**2 + x - x",
        "w / x**-2",
        "w * abs(x)**2",
        "w * exp(2 * log(abs(x)))",
        "w * e**(2*log(abs(x)))",
        "w\u00b7x\u00d7x",
        "w\u00b7x\u00b2",
        "w \u2299 x \u2299 x",
        "w\u00f7x\u207b\u00b2",
        "\u2212w * x * \u2212x",
        "w*x**2 * (D / D)",
        "w * x ** 2.0",
        "0.5*w*x**2 + w*x**2/2",
        "w * (sin(pi*x)**2 + cos(pi*x)**2) * x**2",
        "  w * x**2\n",
        "u[0]/s[0] * x**2",
        "w * z[0]**2 / v[0]**2",
        "[w, x] @ [x**2, 0]",
    ],
)
def test_every_equivalent_writing_is_right(judge, formula):
    report = judge(formula)
    assert report.verdict == "correct", report.message
    assert report.points == report.max_points
    assert report.message == "Right."


@pytest.mark.parametrize("formula", ["w * x", "w + x**2", "w * x**2 + 0.0001", "D", "z[0]"])
def test_another_function_is_not_right(judge, formula):
    assert judge(formula).verdict in ("wrong", "mistake")


def test_a_constant_where_a_formula_is_asked_is_told_so(judge):
    for constant in ("2", "pi", "1/3", "e**2"):
        report = judge(constant)
        assert report.verdict == "wrong"
        assert "the same value whatever its symbols are" in report.message


def test_a_formula_of_a_vector_is_a_vector(judge):
    assert judge("s * w", "vector").verdict == "correct"
    assert judge("[s[0]*w, w*s[1]]", "vector").verdict == "correct"
    assert judge("[w*s[1], w*s[0]]", "vector").verdict not in ("correct", "invalid")


def test_a_formula_of_the_wrong_shape_says_what_was_expected(judge):
    report = judge("s * w * x**2 + 3 * s**5")
    assert report.verdict == "invalid"
    assert "expected a single number, got 2 numbers" in report.message
    report = judge("w", "vector")
    assert report.verdict == "invalid"
    assert "expected 2 numbers, got a single number" in report.message


def test_a_size_in_whole_numbers_is_compared_as_such(judge):
    assert judge("D**2 + D", "size").verdict == "correct"
    assert judge("D * floor(D + 1.5)", "size").verdict == "correct"
    assert judge("D**2", "size").verdict != "correct"


def test_a_formula_is_no_list_and_no_mapping(bench, by_answer):
    for tree in ("[w, x]", "{w: x}"):
        report = by_answer(bench(SHEET).grade(f"  q: {{square: {tree}}}"))["square"]
        assert report.verdict == "invalid"
        assert "expected a formula" in report.message


@pytest.mark.parametrize(
    "formula",
    [
        "sum(z[t], t)",
        "sum(v[t] * x, t)",
        "x * sum(v[t], t)",
        "z[0] + z[1] + z[2]",
        "3 * mean(z[t], t)",
        "sum(v[2-t], t) * x",
        "sum(sum(z[t], t), t) / 3",
        "sum([z[0], z[1], z[2]])",
    ],
)
def test_a_sum_runs_over_the_index_that_it_names(judge, formula):
    report = judge(formula, "total")
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    "formula", ["sum(z[t-2], t)", "sum(z[t], s)", "sum(z[t], x)", "sum(z[t])", "z[t]", "z[3]", "z"]
)
def test_a_sum_that_cannot_be_written_out_is_refused(judge, formula):
    assert judge(formula, "total").verdict == "invalid"


@pytest.mark.parametrize("formula", ["sum(z)", "x * sum(v)", "sum(v * x)", "3 * mean(z)"])
def test_a_quantity_with_an_index_can_be_taken_whole(judge, formula):
    assert judge(formula, "total").verdict == "correct"


@pytest.mark.parametrize(
    ("formula", "at", "hint"),
    [
        ("z", 0, "`z` runs over `t`: write one of them, as in `z[0]`, or `sum(z[t], t)`"),
        ("w + v", 4, "`v[0]`, or `sum(v[t], t)`"),
        ("sum(z[t])", 4, "`sum(z[t], t)`"),
        ("z[t]", 0, "`sum(z[t], t)`"),
        ("z[3]", 0, "the index of `z` runs from 0 to 2"),
        ("y[2]", 0, "`y` is a single number: write `y` without an index"),
        ("w[t] * x", 0, "`w` is a single number"),
        ("s[2]", 0, "the index runs from 0 to 1"),
        ("w * t", 4, "`t` is an index"),
        ("x_t", 0, "did you mean `x`?"),
    ],
)
def test_an_index_that_is_missing_or_too_much_is_told(judge, formula, at, hint):
    report = judge(formula, "total")
    assert report.verdict == "invalid"
    assert hint in report.message
    assert f"(line 4, column {FIRST - 1 + at})" in report.message


@pytest.mark.parametrize("formula", ["g[1]", "sum(g) - g[0] - g[2]", "sum(g[t], t) - g[0] - g[2]"])
def test_what_is_asked_for_is_not_to_be_had_from_all_of_its_kind(judge, formula):
    report = judge(formula, "adjoint")
    assert report.verdict == "invalid"
    assert "asked for" in report.message


@pytest.mark.parametrize("formula", ["sum(h)", "w * sum(x[t], t)", "h[0] + h[1] + h[2]"])
def test_a_sum_of_vectors_over_their_index_is_a_vector_as_in_the_sheet(bench, by_answer, formula):
    sheet = """
assignment: vectors
title: Vectors
index: {t: 0..2}
symbols: {x: {shape: [3, 2]}, w: {}}
steps: {"h[t]": "w * x[t]"}
questions: {q: {points: 1, answers: {total: {kind: formula, value: "sum(h[t], t)"}}}}
"""
    graded = by_answer(bench(sheet).grade(f"  q: {{total: '{formula}'}}"))["total"]
    assert graded.verdict == "correct"


def test_a_sum_that_names_no_index_is_pointed_at():
    ranges = {"t": range(3)}
    expression = parse_formula("1 + sum(a[t], b)", list(callable_operations()), ranges)
    with pytest.raises(FormulaError, match="the index to run over") as caught:
        expand_sums(expression, ranges)
    assert caught.value.offset == 4


@pytest.mark.parametrize("formula", ["w * exp(log(x))**2", "w * sqrt(x)**4"])
def test_a_formula_undefined_where_the_right_one_has_a_value_is_wrong_and_says_so(judge, formula):
    report = judge(formula)
    assert report.verdict == "wrong"
    assert "not defined everywhere where the right one is" in report.message


@pytest.mark.parametrize("formula", ["1/0", "x/0", "w/(x - x)", "log(-w)", "sqrt(-w)", "0/0*x"])
def test_a_formula_undefined_at_all_points_is_invalid_and_says_so(judge, formula):
    report = judge(formula)
    assert report.verdict == "invalid"
    assert "not defined for any of the sampled inputs" in report.message
    assert "division by zero" in report.message


def test_a_wrong_formula_that_is_defined_somewhere_is_wrong(judge):
    assert judge("w * log(x)").verdict in ("wrong", "mistake")


def test_a_wrong_formula_is_never_called_right(judge):
    for formula in ("w * log(x)", "ln(x)", "x**0.5", "w * x * 1e308 * 10"):
        assert not judge(formula).message.startswith("Right")


def test_the_verdict_does_not_hang_on_luck(bench, by_answer):
    """Two runs, and a sheet with one more symbol, judge alike."""
    more = SHEET.replace("symbols:\n", "symbols:\n  another: {domain: [3, 4]}\n")
    for formula in ("w * x**2", "w * x", "w * log(x)", "w * exp(log(x))**2"):
        text = f"  q: {{square: {formula}}}"
        found = {by_answer(bench(sheet).grade(text))["square"].verdict for sheet in (SHEET, more)}
        assert len(found) == 1


def test_the_points_lie_within_the_declared_domains(bench):
    graph = bench(SHEET).graph
    assert graph.worlds >= 5
    sizes = set()
    for world in range(graph.worlds):
        x, w, d = (float(graph.value(graph.ids[name, ()], world)) for name in ("x", "w", "D"))
        assert -1 < x < 1
        assert 0.5 < w < 2
        assert d == np.round(d) >= 1
        sizes.add(d)
    assert len(sizes) > 1


BY_HAND = """
assignment: by-hand
title: By hand
symbols: {theta: {domain: [0.5, 2]}, y_hat: {}, y: {}}
questions: {q: {points: 1, answers: {a: {kind: formula, value: "theta**2 * (y_hat - y)"}}}}
"""


@pytest.mark.parametrize(
    "formula",
    ["\u03b8^2 (\u0177 \u2212 y)", r"\theta^{2}(\hat{y} - y)", "\u03b8\u00b2 (y_hat - y)"],
)
def test_what_is_written_by_hand_is_read_and_shown_as_read(bench, by_answer, formula):
    found = by_answer(bench(BY_HAND).grade(f"  q: {{a: '{formula}'}}"))["a"]
    assert found.verdict == "correct"
    assert "read as `theta**2*(y_hat - y)`" in " ".join(found.remark.replace(" *", "*").split())


@pytest.mark.parametrize(
    ("formula", "meant"),
    [
        ("w*\u0445**2", "w*x**2"),
        ("w*|x|^2", "w*abs(x)**2"),
        ("w*x^{2}", "w*x**2"),
        ("w x**2", "w*x**2"),
        ("w*(x)(x)", "w*(x)*(x)"),
        ("w*(\u221ax)^4", "w*(sqrt(x))**4"),
    ],
)
def test_what_means_one_thing_is_judged_as_it_is_read(judge, formula, meant):
    report = judge(formula)
    assert report.verdict == "correct" or "\u221a" in formula
    assert f"It was read as `{meant}`." in report.remark.replace(" *", "*")


def test_what_may_mean_two_things_is_still_refused_with_its_hint(bench, by_answer):
    found = by_answer(bench(BY_HAND).grade("  q: {a: 'theta(y)'}"))["a"]
    assert found.verdict == "invalid"
    assert "unknown function `theta`" in found.message.casefold()
    power = by_answer(bench(BY_HAND).grade("  q: {a: 'tanh^2 y'}"))["a"]
    assert "write `tanh(…)**2`" in power.message
