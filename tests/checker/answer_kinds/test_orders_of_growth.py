"""Orders of growth: the same whatever the factors, and refused where there is none."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.answer_kinds.reading.growth import same_order
from checker.answer_kinds.reading.orders import read_order
from reference_solutions.expressions.tree import Expression
from submissions_schema.yaml_reader import parse_document
from tests.checker.answer_kinds.formula_sheet import SYMBOLS


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
