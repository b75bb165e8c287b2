"""What mistakes cost: every id has one price, and the list of them changes only on purpose."""

from pathlib import Path

import pytest

from checker.diagnosis.evidence import ACCEPT
from checker.edits.prices import price_of_choice, price_of_entry, price_of_place
from checker.edits.registry import price_in_formula, price_list
from checker.edits.slip_kinds import IN_FORMULAS
from checker.edits.structural import kinds

GOLDEN = Path(__file__).with_name("prices.txt")


def test_the_price_list_is_as_it_was():
    listed = "".join(f"{id:<44}{bits:>5.1f}\n" for id, bits in sorted(price_list().items()))
    assert listed == GOLDEN.read_text(encoding="utf-8")


def test_prices_in_formulas_are_as_they_were():
    listed = {id: price_in_formula(id) for id in (*IN_FORMULAS, *kinds()) if has_price(id)}
    assert listed == {
        "factor-too-many": 4.0,
        "two-factors-too-many": 5.0,
        "term-too-many": 4.0,
        "power-left-out": 4.0,
        "power-too-many": 4.0,
        "complement-confused": 4.0,
        "function-left-out": 4.5,
        "function-too-many": 4.5,
        "other-function": 4.5,
        "other-operation": 5.0,
        "parentheses-left-out": 4.0,
        "quantities-exchanged": 5.0,
        "other-number": 5.0,
        "sign-turned": 3.0,
        "factor-left-out": 4.0,
        "term-left-out": 4.0,
        "other-quantity": 4.0,
        "neighbouring-step": 4.0,
        "step-left-out": 4.0,
        "operands-swapped": 4.0,
        "transposed": 4.0,
    }


def has_price(id: str) -> bool:
    return id in IN_FORMULAS or kinds()[id].in_formula is not None


def test_what_is_no_slip_in_a_formula_has_no_price_there():
    with pytest.raises(KeyError):
        price_in_formula("given-miscopied")


def test_structural_mistakes_cost_more_than_what_is_needed_to_name_one():
    assert all(kind.bits > ACCEPT for kind in kinds().values())


@pytest.mark.parametrize(("options", "bits"), [(0, 0), (1, 0), (2, 1), (8, 3)])
def test_a_choice_costs_a_bit_for_each_halving(options, bits):
    assert price_of_choice(options) == bits
    assert price_of_choice(range(options)) == bits
    assert price_of_place(options) == bits + 2.5
    assert price_of_entry(options) == bits / 2
