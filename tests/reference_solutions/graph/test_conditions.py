"""What runs over an index under a condition: as many terms as hold, no terms, and derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from reference_solutions.assignment import load_assignment
from submissions_schema.problems import InputError
from tests.reference_solutions.numerical import assert_gradients_agree, value, values

A = {"a": [0.3, -1.2, 2.0, 0.7]}
K = A | {"K": [[0.5, 1.0, -1.0, 2.0], [3.0, -0.5, 0.25, 1.5], [1.0, 2.0, 3.0, 4.0], [-1.0] * 4]}
RUNS = {"i": (0, 3), "j": (0, 3), "k": (0, 3)}


@pytest.mark.parametrize(
    "term",
    [
        "sum(a[j], j != i)",
        "sum(a[j] * K[i, j], j <= i)",
        "sum(a[j] * a[i], j < i)",
        "mean(a[j] ** 2, j != i)",
        "mean(a[j], j >= i)",
        "prod(a[i] - a[j], j != i)",
        "prod(a[j], j > i)",
        "max(a[j] * K[i, j], j <= i)",
        "min(a[j] + K[i, j], j)",
        "norm(a[j], j != i)",
        "std(a[j], j >= 0)",
        "median(a[j], j != i)",
        "sum(a[j] * K[j, k], j, k, j != i and k < i)",
        "sum(exp(a[i] - a[j]), j != i) / (1 + sum(a[j] ** 2, j < i))",
    ],
)
def test_gradients_through_terms_that_hold_agree_with_central_differences(term):
    assert_gradients_agree(
        K,
        {"g[i]": term, "L": "sum(g[i] ** 2, i) + g[2]"},
        "L",
        ["a", "K"][: 1 + ("K" in term)],
        **RUNS,
    )


def test_entries_of_vectors_may_be_summed_under_a_condition():
    x = {"x": [[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]]}
    steps = {"g[i]": "x[i] + sum(x[j] * j, j != i)", "L": "sum(sum(g) ** 2)"}
    assert_gradients_agree(x, steps, "L", ["x"], i=(0, 2), j=(0, 2))


def test_a_sum_of_no_terms_is_zero_and_a_product_of_none_is_one():
    steps = {"s[i]": "sum(a[j], j < i)", "p[i]": "prod(a[j], j < i)"}
    sums, products = values(A, steps, ["s", "p"], i=(0, 3), j=(0, 3))
    np.testing.assert_allclose(sums, [0, 0.3, -0.9, 1.1])
    np.testing.assert_allclose(products, [1, 0.3, -0.36, -0.72])


def test_the_largest_of_some_terms_is_found_for_each_value_of_the_other_index():
    steps = {"d[i]": "max(K[i, j] * a[j], j)"}
    expected = np.max(np.array(K["K"]) * np.array(A["a"]), axis=1)
    np.testing.assert_allclose(value(K, steps, "d", i=(0, 3), j=(0, 3)), expected)


def test_a_quantity_named_whole_has_its_largest_entry_among_all():
    steps = {"h[i]": "K[i] * a[i]"}
    assert value(K, steps, "max(h)", i=(0, 3)) == pytest.approx(8.0)


def test_what_has_no_value_of_nothing_says_where_there_are_no_terms(tmp_path):
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(
        "assignment: s\ntitle: T\nindex: {i: 0..2, j: 0..2}\ngiven: {a: [1, 2, 3]}\n"
        'steps: {"m[i]": "mean(a[j], j < i)"}\n'
        'questions: {q: {points: 1, answers: {m: "m[2]"}}}\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_assignment(sheet)
    assert [problem.message for problem in caught.value.problems] == [
        "`mean` has no terms for i = 0"
    ]
