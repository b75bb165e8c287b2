"""Formula answers: read safely, judged by their values, refused with a hint at the character."""

import json
import time
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.answer_kinds.reading.formulas import read_formula
from checker.answer_kinds.reading.growth import same_order
from checker.answer_kinds.reading.orders import read_order
from checker.answer_kinds.reading.quantities import expand_sums
from checker.answer_kinds.reading.written import Unreadable
from reference_solutions.assignment import build_assignment
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Expression
from reference_solutions.language.formula import MAX_LENGTH, parse_formula
from reference_solutions.language.translation import MAX_DEPTH
from reference_solutions.operations import callable_operations
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.yaml_reader import parse_document

SHEET = """
assignment: formulas
title: Formulas
index: {t: 0..2}
symbols:
  x: {domain: [-1, 1]}
  w: {domain: [0.5, 2]}
  v: {shape: [3]}
  s: {shape: [2], domain: [-1, 1]}
  D: {integer: true}
steps:
  y: w * x**2
  "z[t]": v[t] * x
  "g[t]": grad(L, z[t])
  u: s * w
  L: sum(z[t] * z[t], t)
questions:
  q:
    points: 7
    answers:
      square: {kind: formula, value: y}
      total: {kind: formula, value: "sum(z[t], t)"}
      few: {kind: formula, value: w * x, may_use: [w, x]}
      vector: {kind: formula, value: u}
      size: {kind: formula, value: "D * (D + 1)"}
      order: {kind: order, value: "D**2"}
      adjoint: {kind: formula, value: "grad(L, z[1])"}
"""


@pytest.fixture(scope="module")
def judge(bench, by_answer):
    """The report on one formula, and the seconds it took."""

    def judge(formula: str, answer: str = "square"):
        text = f"  q: {{{answer}: {json.dumps(formula, ensure_ascii=False)}}}"
        return by_answer(bench(SHEET).grade(text))[answer]

    return judge


@cache
def made():
    """The graph of the sheet, and its ranges."""
    reference = build_assignment(parse_assignment_file(SHEET, "sheet.yaml")).reference
    return reference.graph, reference.ranges


# The formula begins behind `  q: {square: "` on line 4.
FIRST = len('  q: {square: "') + 1


# --- right, however it is written -------------------------------------------------------------


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


# --- sums over an index -----------------------------------------------------------------------


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


# --- refused, with a hint at the character ----------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "at", "hint"),
    [
        ("w*X**2", 2, "did you mean `x`?"),
        ("wx*x", 0, "for a product write `w*x`"),
        ("\u2202y", 0, "write the derivative itself out"),
        ("w*x'", 3, "write `.T` for a transpose"),
        ("w*x\u2032", 3, "write `.T` for a transpose"),
        ("tanh^2(x)", 0, "write `tanh(\u2026)**2`"),
        ("w*tanh**2(x)", 2, "write `tanh(\u2026)**2`"),
        ("tanh\u00b2(x)", 0, "write `tanh(\u2026)**2`"),
        ("w*exp x y", 2, "write `exp(x)`"),
        ("x.dot(w)", 0, "`A @ B`"),
        ("Tanh(x)", 0, "did you mean `tanh`?"),
        ("lg(x)", 0, "did you mean `log10`?"),
        ("z(0)", 0, "for an index `z[0]`"),
        ("z(t-1)", 0, "for an index `z[t-1]`"),
        ("w*x,", 3, "leave it out"),
        ("w*x.", 3, "leave it out"),
        ("w*x;", 3, "leave it out"),
        ("1,5*x", 0, "write `1.5`"),
        ("w*(x]", 4, "closed by `]`: expected `)`"),
        ("w*x)", 3, "was not opened"),
        ("dy/dw = x**2", 6, "leave out what stands left of `=`"),
        ("y := w*x**2", 2, "leave out what stands left of `:=`"),
        ("9**9**9**9", 3, "too large"),
        ("w*exp(1000)", 2, "too large"),
        ("w*x**2 + log(-w)", 9, "not defined"),
        ("y = w*x**2", 2, "not an equation"),
        ("w*q", 2, "unknown quantity `q`"),
        ("w*xx", 2, "unknown quantity `xx`"),
        ("w*(x", 2, "bracket"),
        ("w*x**", 5, "ends too early"),
        ("w*x # squared", 4, "`#` is not part of the formula language"),
        ("w*012", 2, "write `12`"),
        ("w*1e999", 2, "too large"),
        ("w*softmax(x)", 2, "needs a vector"),
        ("w*relu(x, x)", 2, "`relu` takes"),
        ("w*tanh(x, axis=0)", 2, "no argument `axis`"),
        ("w*z[3]", 2, "there is no `z[3]`"),
        ("w*s[2]", 2, "`s` has shape (2,)"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(judge, formula, at, hint):
    report = judge(formula)
    assert report.verdict == "invalid"
    assert hint.casefold() in report.message.casefold()
    assert f"(line 4, column {FIRST + at})" in report.message


def test_the_place_is_that_in_the_file_in_a_folded_text_too(bench, by_answer):
    text = "  q:\n    square: >-\n      w *\n      x'"
    report = by_answer(bench(SHEET).grade(text))["square"]
    assert report.verdict == "invalid"
    assert "(line 7, column 8)" in report.message


@pytest.mark.parametrize(
    "formula",
    [
        "x.__class__",
        "(1).real",
        "x.T.__init__",
        "__import__('os')",
        "eval('1')",
        "exec('1')",
        "open('/etc/passwd')",
        "lambda: x",
        "[x for x in s]",
        "(x := 2)",
        "x if x else w",
        "x and w",
        "x < w",
        "{x}",
        "f'{x}'",
        "'text'",
        "b'text'",
        "True",
        "1j",
        "yield x",
        "await x",
        "*s",
        "x; w",
        "x\\\n",
        "x//w",
        "x % w",
        "x << 2",
        "~x",
        "not x",
        "x[:]",
        "s[::2]",
        "grad(y, x)",
        "x(2)",
        "sum(**s)",
        "zeros(3)(0)",
        "tanh",
    ],
)
def test_nothing_but_the_formula_language_is_read(judge, formula):
    report = judge(formula)
    assert report.verdict == "invalid"
    assert report.points is None


# --- safe to evaluate -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "formula",
    [
        "9**9**9**9",
        "9**9**9**9 * x",
        "x**9**9**9**9",
        "(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1),
        "-" * 1000 + "x",
        "[" * 500 + "x" + "]" * 500,
        "2**-" * 300 + "x",
        "sin(" * 200 + "x" + ")" * 200,
        "x" + "+x" * MAX_LENGTH,
        "x" * (MAX_LENGTH + 1),
        "9" * 1900,
        "zeros(10**9)",
        "zeros(10**9, 10**9)",
        "one_hot(0, 10**9)",
        "sum(one_hot(1, 10**12))",
        "sum(zeros(100, 100) @ zeros(100, 100) @ zeros(100, 100))",
        "sum(pad(s, 10**9))",
        "sum(outer(outer(zeros(9999), zeros(9999)), zeros(9999)))",
        "sum(outer(zeros(3000), zeros(3000)))",
        "sum(diag(zeros(9999)))",
        "sum(conv2d(zeros(3, 3), zeros(100, 100), padding=1000))",
        "x + sum(zeros(99, 99)" + " @ zeros(99, 99)" * 90 + ")",
        "sum(" * 30 + "z[t]" + ", t)" * 30,
        "sum(sum(sum(sum(sum(" + "+".join(["z[t]*x"] * 60) + ", t), t), t), t), t)",
        "[" + ", ".join(["x"] * 400) + "] @ [" + ", ".join(["x"] * 60) + "]",
        "x" + "\u00b2" * 1500,
        "x * " + "(" * 1000,
    ],
)
def test_a_formula_costs_next_to_nothing(judge, formula):
    judge("w * x")
    start = time.perf_counter()
    report = judge(formula)
    assert time.perf_counter() - start < 1
    assert report.verdict in ("invalid", "wrong")


def test_what_the_answer_may_not_use_is_said_to_be_so(judge):
    report = judge("y / x", "few")
    assert "asked for" not in report.message
    assert "`w`" in report.message
    assert "`x`" in report.message


def test_constants_are_no_symbols_unless_the_sheet_says_so(bench, by_answer):
    sheet = """
assignment: e
title: A symbol called e
symbols: {e: {domain: [1, 2]}, x: {}}
steps: {y: e * x}
questions: {q: {points: 1, answers: {y: {kind: formula, value: y}}}}
"""
    assert by_answer(bench(sheet).grade("  q: {y: x * e}"))["y"].verdict == "correct"


PIECES = """
w x z s v t D y [0] [t] [t-1] ( ) + * / ** @ .T , sum( mean( tanh( log( ,t) 2 0.5 ^ \u00b2 \u03c3 e
softmax( outer( zeros( 9**9**9 lambda [ | =
"""


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*PIECES.split(), " "]),
        max_size=14,
    ).map("".join)
)
def test_no_formula_makes_anything_but_a_value_or_a_reason_with_its_place(text):
    graph, ranges = made()
    document = parse_document(f"q: {json.dumps(text)}\n", "s.yaml")
    for shape in ((), (3,)):
        read = read_formula(text, graph, ranges, shape, document, ("q",))
        if isinstance(read, Unreadable):
            assert read.message
            assert all(problem.place.line == 1 for problem in read.problems)
        else:
            assert read.values.size == graph.worlds * int(np.prod(shape))
    order_read = read_order(text, SYMBOLS, document, ("q",))
    if not isinstance(order_read, Unreadable):
        same_order(order_read, order_read, SYMBOLS)


# --- where a formula is not defined -----------------------------------------------------------


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


# --- orders of growth -------------------------------------------------------------------------

SYMBOLS = dict.fromkeys(("n", "m", "k"))


def order(text: str) -> Expression:
    document = parse_document(f"order: {json.dumps(text)}\n".encode(), "s.yaml")
    read = read_order(text, SYMBOLS, document, ("order",))
    assert isinstance(read, Expression), read
    return read


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("O(n**2)", "n**2"),
        ("3*n**2 + 5*n + 7", "n**2"),
        ("n**2 / 2", "n**2"),
        ("n*(n - 1)/2", "n**2"),
        ("n*(m + n)", "n*m + n**2"),
        ("n*m + n**2 + n", "n*(n + m)"),
        ("maximum(n, m)", "n + m"),
        ("n**2 + m**2", "(n + m)**2"),
        ("sqrt(n**4 + n)", "n**2"),
        ("\u0398(n * log(n))", "n*log2(n)"),
        ("log10(n)", "log(n)"),
        ("1000", "1"),
        ("n**2 * k", "k*n*n"),
        ("O(n^2 k)", "n**2 * k"),
        ("\u0398(n\u00b2k)", "n**2 * k"),
        ("big-O of n^2 k", "n**2 * k"),
        ("T(n) = O(n^2 k).", "n**2 * k"),
        ("O(n^2) * O(k)", "n**2 * k"),
        ("n(n - 1)/2", "n**2"),
        ("2n^2 + 3n + 1", "n**2"),
        ("O(n k (m+k))", "n * k * (m + k)"),
        ("nk[m + k]", "n * k * (m + k)"),
        ("O(nk max(m, k))", "n * k * (m + k)"),
        ("n \\times k \\cdot (m + k)", "n * k * (m + k)"),
        ("$\\mathcal{O}(n^{2} k)$", "n**2 * k"),
        ("n log n", "n * log(n)"),
        ("nlogn", "n * log(n)"),
        ("O(n log_2 n + 100n)", "n * log(n)"),
        ("n lg(n^3)", "n * log(n)"),
        ("n log^2 n", "n * log(n)**2"),
        ("log log n", "log(log(n))"),
        ("log n + 100", "log(n)"),
        ("n*(log(n) + 1000)", "n * log(n)"),
        ("2^n + n^9", "2**n"),
        ("4^(n/2)", "2**n"),
        ("n**60 + n**59", "n**60"),
        ("e^n", "exp(n)"),
    ],
)
def test_an_expression_of_the_same_order_is_of_the_same_order(written, expected):
    assert same_order(order(written), order(expected), SYMBOLS)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("n", "n**2"),
        ("n**2*m**2", "n**2*m*(n + m)"),
        ("n*m", "n*(n + m)"),
        ("n**2", "n*(n + m)"),
        ("n*log(n)", "n"),
        ("n*log(n)", "n**2"),
        ("2**n", "n**2"),
        ("n + m", "n * m"),
        ("n**2.1", "n**2"),
        ("n**2 * k", "n**2"),
        ("0", "n"),
        ("1", "n"),
        ("n - n", "n"),
        ("3^n", "2**n"),
        ("n 2^n", "2**n"),
        ("n**61", "n**60"),
        ("log log n", "log(n)"),
        ("log(n)", "log(n)**2"),
        ("n log n m", "n * log(n) + m"),
        ("sqrt(n)", "log(n)"),
        ("n**2.01", "n**2"),
        ("1/n", "n"),
    ],
)
def test_an_expression_of_another_order_is_of_another_order(written, expected):
    assert not same_order(order(written), order(expected), SYMBOLS)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("n + 1000*m", "n + m"),
        ("2000*n + m", "n + m"),
    ],
)
def test_factors_of_the_terms_make_no_other_order(written, expected):
    assert same_order(order(written), order(expected), SYMBOLS)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=4
    )
)
def test_a_polynomial_is_of_its_own_order_whatever_the_order_of_its_terms(terms):
    def text(factors):
        return " + ".join(f"n**{a} * m**{b} * k**{c}" for a, b, c in factors)

    first, again = order(text(terms)), order(text([*terms[::-1], terms[0]]))
    assert same_order(first, order(text(terms[::-1])), SYMBOLS)
    assert same_order(first, first, SYMBOLS)
    higher = order(f"n * ({text(terms)})")
    assert not same_order(higher, again, SYMBOLS)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("O(N**2)", "unknown quantity `N`"),
        ("O(d**2)", "did you mean `D`?"),
        ("\u03a9(D**2)", "lower bound"),
        ("O(D**2", "bracket"),
        ("x**2 +", "ends too early"),
    ],
)
def test_an_order_that_cannot_be_read_is_invalid_with_a_hint(judge, written, hint):
    report = judge(written, "order")
    assert report.verdict == "invalid"
    assert hint.casefold() in report.message.casefold()


def test_an_expression_of_a_high_order_is_of_its_own_order():
    assert same_order(order("n**3 * m**3 * k**3"), order("k**3 * m**3 * n**3"), SYMBOLS)
    assert same_order(order("n**12"), order("n**12 + n**11"), SYMBOLS)


@pytest.mark.parametrize("written", ["O(mean(D, x))", "O(zeros(10**9))", "O(softmax(D))"])
def test_an_order_that_cannot_be_computed_is_invalid_and_not_wrong(judge, written):
    assert judge(written, "order").verdict == "invalid"


def test_an_order_costs_next_to_nothing(judge):
    start = time.perf_counter()
    assert judge("O(9**9**9**9)", "order").verdict != "correct"
    assert judge("O(D**9**9**9)", "order").verdict != "correct"
    assert time.perf_counter() - start < 2


# --- sampled points ---------------------------------------------------------------------------


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


# --- read as people write by hand ---------------------------------------------------------------

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
