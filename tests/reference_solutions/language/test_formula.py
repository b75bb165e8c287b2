"""The formula language: what it reads, and how it refuses everything else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Index, Name, Number
from reference_solutions.language.evaluation import evaluate_arithmetic, evaluate_number
from reference_solutions.language.formula import parse_formula, parse_written
from reference_solutions.language.implicit_products import with_products
from reference_solutions.language.source_text import source_text
from reference_solutions.language.written_formula import written_formula
from reference_solutions.operations import callable_operations

FUNCTIONS = [*callable_operations(), "grad"]


def parse(text):
    return parse_formula(text, FUNCTIONS, ["t", "s"])


def refused(text):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("2h", 1, "write `*`"),
        ("1 + 2(a)", 4, "a product needs `*`"),
        ("2 (a) + 3 b", 1, "write `*`"),
        ("(a)(b)", 0, "for a product write `a*(…)`"),
        ("(a + 1)(b)", 0, "a product needs `*`"),
        ("(a) b", 3, "write `*`"),
        ("h[t] x", 4, "write `*`"),
        ("W h", 2, "an operator is missing"),
        ("a + x^2", 5, "write `**`"),
        ("\u03b1 ^ 2", 2, "write `**`"),
        ("L = a", 2, "leave out what stands left of `=`"),
        ("a == b", 0, "can't be compared"),
        ("a < b", 0, "can't be compared"),
        ("1_000", 0, "write `1000`"),
        ("a + 0x1F", 4, "write `31`"),
        ("0o17", 0, "write `15`"),
        ("0b11", 0, "write `3`"),
        ("012", 0, "write `12`"),
        ("3j", 0, "no imaginary unit"),
        ("b'a'", 0, "expected a number"),
        ("'a'", 0, "expected a number"),
        ("True", 0, "expected a number, got `True`"),
        ("a + None", 4, "expected a number, got `None`"),
        ("...", 0, "expected a number"),
        ("1e999", 0, "too large"),
        ("9" * 400, 0, "too large"),
        ("a + lambda: 1", 4, "can't be a name"),
        ("(lambda: 1)", 1, "not part of the formula language"),
        ("a.real", 0, "only `.T`"),
        ("a.__class__", 0, "only `.T`"),
        ("a + [i for i in b]", 4, "not part of the formula language"),
        ("f'{a}'", 0, "not part of the formula language"),
        ("(a := 1)", 1, "not part of the formula language"),
        ("a if b else c", 0, "not part of the formula language"),
        ("{1: 2}", 0, "not part of the formula language"),
        ("sum(*a)", 4, "not part of the formula language"),
        ("sum(**a)", 6, "can't stand here"),
        ("sum(a, axis=b)", 12, "a named argument is a constant"),
        ("not a", 4, "stand between comparisons"),
        ("~a", 0, "not part of the formula language"),
        ("a // b", 0, "not part of the formula language"),
        ("a % b", 0, "not part of the formula language"),
        ("a and b", 0, "can't be compared"),
        ("(a and b) * 2", 1, "stand between comparisons"),
        ("tahn(a)", 0, "did you mean `tanh`?"),
        ("w(a)", 0, "for a product write"),
        ("__import__('os')", 0, "unknown function"),
        ("h[2*t]", 2, "a subscript is an index"),
        ("h[t:y]", 4, "a range has numbers or indices as its ends"),
        ("h[1:2:0]", 6, "the step of a range"),
        ("h[t, y[0]]", 2, "a subscript is an index"),
        ("()", 0, "an empty list"),
        ("", 0, "empty"),
        ("a +", 3, "ends too early"),
        ("a # b", 2, "`#` is not part"),
        ("a; b", 1, "`;` is not part"),
        ("a\\b", 1, "is not part"),
        ("a\0", 1, "U+0000"),
        ("(a", 0, "bracket"),
        ("  a + ?", 6, "unexpected `?`"),
    ],
)
def test_what_is_no_formula_is_refused_at_its_character(text, offset, words):
    error = refused(text)
    assert words in error.message
    assert error.offset == offset


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "[" * 1000,
        "-" * 1900 + "1",
        "2**" * 600 + "2",
        "a" + ".T" * 900,
        "a" + "[0]" * 600,
        "a" + "/a" * 200,
        "sum(" * 300 + "a" + ")" * 300,
        "not " * 480 + "a",
        "lambda:" * 280 + "a",
        "1" * 10**6,
        "1+" * 10**6 + "1",
        "a if b else " * 150 + "c",
    ],
    ids=lambda text: f"{text[:12]}…{len(text)}",
)
def test_a_formula_of_absurd_size_is_refused_at_once(text):
    begun = time.perf_counter()
    refused(text)
    assert time.perf_counter() - begun < 1.0


def test_a_long_sum_is_no_deep_one():
    assert evaluate_number(" + ".join(["1"] * 200)) == 200


def test_a_tower_of_powers_costs_nothing():
    with pytest.raises(FormulaError, match="finite"):
        evaluate_number("9**9**9**9")


@pytest.mark.parametrize(
    "text",
    [
        "sum(zeros(10000, 10000))",
        "sum(outer(zeros(10000), zeros(10000)))",
        "sum(column(zeros(10000)) + zeros(10000))",
        "sum(zeros(10000, 1) @ zeros(1, 10000))",
        "sum(one_hot(1, size=1000000000))",
        "sum(pad([1], before=1000000000))",
        "sum(zeros(1e300))",
        "sum(zeros(log(0)))",
        "sum([1], axis=1000000000000000000000000000000)",
        "sum([1], axis='a')",
        "softmax(1)",
        "section([1], start='a', length=2)",
        "section([1], start=0.5, length=1)",
    ],
)
def test_arithmetic_that_would_take_all_memory_is_refused(text):
    with pytest.raises(FormulaError):
        evaluate_number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-log(0.5)", 0.6931471805599453),
        ("1/3", 1 / 3),
        ("2**-1", 0.5),
        ("-2**2", -4),
        ("--2", 2),
        ("+3 - -2", 5),
        ("\u22122 \u00d7 3", -6),
        ("2\u00b73", 6),
        ("1e-3", 0.001),
        (".5 + 5.", 5.5),
        ("1\n+ 2", 3),
        ("1\u00a0+\u20092", 3),
        ("pi - e", 0.423310825130748),
        ("[1, 2, 4][1]", 2),
        ("2**3**2", 512),
        ("8/2/2", 2),
        ("1 - 2 - 3", -4),
    ],
)
def test_arithmetic_has_the_value_that_people_expect(text, value):
    assert evaluate_number(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("conv_parameters(5, 5, 3, 8)", "conv_parameters"),
        ("max_pool2d([[1, 2], [3, 4]], 2)[0, 0]", "max_pool2d"),
        ("2 * sigmoid(3)", "sigmoid"),
        ("log(sum([1, 2]))", "sum"),
        ("[1, 2, 4][1] + 0", "arithmetic"),
        ("1 @ 2", "arithmetic"),
    ],
)
def test_what_would_do_the_work_is_no_arithmetic(text, named):
    with pytest.raises(FormulaError, match=named):
        evaluate_arithmetic(text)


@pytest.mark.parametrize(
    "name", ["exp", "log", "ln", "log2", "log10", "sqrt", "tanh", "abs", "sin"]
)
def test_elementary_functions_are_arithmetic(name):
    assert evaluate_arithmetic(f"2 * {name}(0.5) ** 2") == evaluate_number(f"2 * {name}(0.5)**2")


def test_offsets_count_characters_and_not_bytes():
    assert refused("\u00fc\u00e4\u0177 + 1_0").offset == 6
    assert parse("\u03b1 * \u03b2 + gamma").args[1].start == 8


def test_names_are_read_in_one_normal_form():
    assert parse("y\u0302") == parse("\u0177") == Name("\u0177")


def test_subscripts_are_indices_and_entries():
    assert parse("h[t-1]") == Name("h", (Index("t", -1),))
    assert parse("h[2-t, -1]") == Name("h", (Index("t", 2, -1), Index(None, -1)))
    assert parse("h[t][0]") == Name("h", (Index("t"), Index(None, 0)))
    assert parse("p[t][y[t]]").operation == "pick"


def test_sums_and_products_are_flat():
    assert len(parse("a - b + c").args) == 3
    assert parse("a - (b + c)").params["signs"] == (1, -1)
    assert len(parse("a * b * c").args) == 3


@settings(max_examples=500)
@drawn(st.text(max_size=60))
def test_no_text_makes_anything_but_a_formula_error(text):
    error = refusal_of(parse, text)
    if error is not None:
        assert 0 <= error.offset <= len(text)
        assert error.message


def refusal_of(read, text):
    """The FormulaError, or None where the text is read."""
    try:
        read(text)
    except FormulaError as error:
        return error
    return None


@settings(max_examples=500)
@drawn(st.text(alphabet="aht01 .,+-*/@()[]='\"^_{}:\n#", max_size=25))
def test_nothing_written_in_the_alphabet_of_formulas_makes_another_error(text):
    error = refusal_of(evaluate_number, text)
    assert error is None or error.message


def expressions():
    leaves = st.one_of(
        st.sampled_from([Name("a"), Name("h", (Index("t", -1),)), Name("b", (Index(None, 2),))]),
        st.integers(0, 9).map(lambda n: Number(float(n), str(n))),
    )
    binary = st.sampled_from(
        ["__add__", "__sub__", "__mul__", "__truediv__", "__pow__", "__matmul__"]
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(binary, inner, inner).map(lambda t: getattr(t[1], t[0])(t[2])),
            inner.filter(lambda e: not isinstance(e, Number)).map(lambda e: -e),
            inner.map(lambda e: e.T),
            inner.map(lambda e: Apply("sum", (e,), {"axis": 0})),
            st.tuples(inner, inner).map(lambda t: Apply("stack", t)),
        ),
        max_leaves=12,
    )


@settings(max_examples=400)
@drawn(expressions())
def test_an_expression_that_is_written_out_is_read_again_as_the_same(expression):
    assert parse(source_text(expression)) == expression


# --- whatever is written ----------------------------------------------------------------------


BLACKBOARD = (
    "aht01 .,+-*/@()[]{}='\"^_|!:;$%\\\n"
    "\u00d7\u00b7\u00f7\u2212\u00b2\u207b\u03c3\u03b8\u0177\u2299\u03a3\u2202\u221a\u1d40\u2081\u00bd\u2032"
)


@settings(max_examples=500)
@drawn(
    st.lists(
        st.one_of(
            st.text(alphabet=BLACKBOARD, max_size=4),
            st.sampled_from(
                [*FUNCTIONS[:20], "\\frac{", "\\sigma", "np.", "^T", "_{", "**2(", "lambda", "if"]
            ),
        ),
        max_size=12,
    ).map("".join)
)
def test_no_text_from_a_blackboard_makes_anything_but_a_formula_error(text):
    error = refusal_of(parse, text)
    if error is not None:
        assert 0 <= error.offset <= len(text)
        assert error.message


@settings(max_examples=300)
@drawn(st.text(alphabet=BLACKBOARD + "logn", max_size=25))
def test_no_product_without_its_sign_makes_anything_but_a_formula_error(text):
    def read(text):
        written = with_products(written_formula(text), {"a", "h", "n"}, FUNCTIONS, ("O",))
        return parse_written(written, FUNCTIONS)

    error = refusal_of(read, text)
    if error is not None:
        assert 0 <= error.offset <= len(text)


@settings(max_examples=300)
@drawn(expressions())
def test_a_formula_with_all_its_signs_is_the_same_on_a_blackboard(expression):
    text = source_text(expression)
    if "[" not in text:
        written = with_products(written_formula(text), {"a", "h", "b"}, FUNCTIONS)
        assert parse_written(written, FUNCTIONS) == parse_formula(text, FUNCTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "sum(zeros(3000) @ zeros(3000))",
        "sum(outer(zeros(3000), zeros(3000)))",
        "sum(diag(zeros(9999)))",
        "sum(zeros(10**8))",
        "sum(conv2d(zeros(3, 3), zeros(100, 100), padding=1000))",
        "sum(avg_pool2d(zeros(100, 100), size=90, padding=1000))",
        "sum(one_hot(zeros(1000), size=1000))",
        "sum(zeros(100, 100)" + " @ zeros(100, 100)" * 40 + ")",
        "sum(" + "inverse(" * 35 + "zeros(100, 100)" + ")" * 35 + ")",
        "sum(zeros(99, 99)" + "+ zeros(99, 99)" * 90 + ")",
        "(" * 1000 + "1" + ")" * 1000,
        "1\0" * 500,
        "1 + " * 250_000 + "1",
        "9**" * 300 + "9",
        "2**" * 30 + "9",
        "1" + ".T" * 100,
        "exp(" * 30 + "9" + ")" * 30,
        "+".join(["1.5"] * 130),
    ],
    ids=lambda text: f"{text[:30]}\u2026{len(text)}",
)
def test_arithmetic_costs_next_to_nothing(text):
    refusal_of(evaluate_number, "sum(zeros(2))")
    begun = time.perf_counter()
    refusal_of(evaluate_number, text)
    assert time.perf_counter() - begun < 1
