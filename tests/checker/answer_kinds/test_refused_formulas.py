"""Formulas that are refused with a hint at the character, and cost next to nothing."""

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.answer_kinds.reading.formulas import read_formula
from checker.answer_kinds.reading.growth import same_order
from checker.answer_kinds.reading.orders import read_order
from checker.answer_kinds.reading.written import Unreadable
from reference_solutions.language.formula import MAX_LENGTH
from reference_solutions.language.translation import MAX_DEPTH
from submissions_schema.yaml_reader import parse_document
from tests.checker.answer_kinds.formula_sheet import FIRST, SHEET, SYMBOLS, made


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
