"""Every mistake that a report can name has a page."""

import pytest

from checker.edits import structural
from checker.edits.registry import price_list
from checker.edits.slip_kinds import IN_FORMULAS as FORMULA_SLIPS
from checker.edits.slip_kinds import IN_NUMBERS as SLIPS
from checker.explanations import explanation, known_mistakes
from reference_solutions.operations import catalogue, operations

ASSIGNMENTS = ["fit3181-a2", "feedforward", "two-layer", "attention", "gated"]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_edit_has_a_page(bench, assignment):
    ids = {edit.id for edit in bench(assignment).edits}
    assert {id for id in ids if explanation(id) is None} == set()


@pytest.mark.parametrize("id", sorted(structural.kinds()))
def test_every_kind_of_structural_mistake_has_a_page(id):
    page = explanation(id)
    assert page is not None
    assert page.startswith(f"{id}\n")
    assert structural.kinds()[id].says in page


@pytest.mark.parametrize("kind", [*SLIPS.values(), *FORMULA_SLIPS.values()], ids=lambda k: k.id)
def test_every_slip_has_a_page(kind):
    page = explanation(kind.id)
    assert page is not None
    assert page.startswith(f"{kind.id}\n")
    assert kind.says in page


@pytest.mark.parametrize("id", sorted(catalogue()))
def test_every_mistake_of_an_operation_has_a_page_with_an_example(id):
    page = explanation(id)
    assert page is not None
    assert page.startswith(f"{id}\n")
    for line in ("Where:", "How often:", "Example:"):
        assert line in page


def test_every_declared_mistake_is_in_the_catalogue():
    declared = {m.id for operation in operations().values() for m in operation.mistakes}
    assert declared == set(catalogue())


def test_no_two_sources_share_an_id():
    sources = [set(catalogue()), set(structural.kinds()), set(SLIPS), set(FORMULA_SLIPS)]
    assert sum(map(len, sources)) == len(set.union(*sources)) == len(price_list())


def test_the_list_has_a_line_for_every_page():
    lines = list(known_mistakes())
    ids = [line.split()[0] for line in lines]
    assert set(ids) == set(catalogue()) | set(structural.kinds()) | set(SLIPS) | set(FORMULA_SLIPS)
    assert len(ids) == len(set(ids))
    assert all("\n" not in line for line in lines)


@pytest.mark.parametrize("id", ["", "no-such-mistake", "LOG-BASE-10", "log"])
def test_an_unknown_id_has_no_page(id):
    assert explanation(id) is None
