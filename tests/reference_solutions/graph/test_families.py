"""What a family says of itself: nobody has to read it off a name."""

from __future__ import annotations

import pytest

from reference_solutions.expressions.tree import Index
from tests.reference_solutions.numerical import reference


@pytest.fixture(scope="module")
def families():
    built = reference(
        {"w": [0.5, 0.25], "x": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]},
        {
            "h[i, j]": "tanh(w[0] * h[i-1, j] + w[1] * h[i, j-1] + x[i, j])",
            "h[-1, j]": "0.5 * w[0]",
            "h[i, -1]": "0.25",
            "a[i]": "sum(h[i]) * 0.5 ** i",
            "L": "mean(a)",
        },
        ["L", "grad(L, w)", "grad(a[0] * 2, x)", "h[1, 1] / 2"],
        i=(0, 2),
        j=(0, 1),
    )
    return built.graph.families


def test_a_starting_value_says_of_what_and_where_it_stands(families):
    starts = [family for family in families.values() if family.is_start]
    assert [(start.start_of, start.start) for start in starts] == [
        ("h", (Index(None, -1), Index("j"))),
        ("h", (Index("i"), Index(None, -1))),
    ]


def test_an_index_that_is_used_as_a_number_says_so(families):
    assert [family.name for family in families.values() if family.is_index] == ["i"]


def test_an_answers_own_formula_knows_the_answer_and_has_no_name_on_the_sheet(families):
    answers = [family for family in families.values() if family.is_answer]
    assert [family.answer for family in answers] == ["2", "3"]
    assert not any(family.is_named for family in answers)


def test_the_formula_that_a_gradient_is_taken_of_has_no_name_on_the_sheet(families):
    losses = [family for family in families.values() if family.is_loss]
    assert len(losses) == 1
    assert not losses[0].is_named


def test_rows_say_what_they_are_the_rows_of(families):
    assert {family.rows_of for family in families.values()} >= {"h"}


def test_a_wrong_derivative_says_what_it_would_stand_in_for(families):
    variants = [f for f in families.values() if f.kind == "variant" and not f.path_of]
    assert variants
    for variant in variants:
        assert families[variant.variant_of].kind == "path"
        assert variant.name in families[variant.variant_of].variants.values()


def test_a_part_of_a_path_says_which(families):
    parts = [family for family in families.values() if family.path_of]
    assert {families[part.path_of].kind for part in parts} == {"path", "variant"}
    for part in parts:
        assert part.owner == families[part.path_of].owner


def test_what_belongs_to_the_formula_of_a_start_or_an_answer_is_neither(families):
    parts = [family for family in families.values() if family.kind == "part"]
    assert parts
    assert not any(part.is_start or part.is_answer or part.is_index for part in parts)
