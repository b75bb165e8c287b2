"""What an operation says of itself is all that structural edits know of it."""

import pytest

from checker.edits import structural
from checker.edits.workshop import Workshop
from reference_solutions.assignment import build_assignment
from reference_solutions.operations import operations
from reference_solutions.operations.reduction import Reduction
from submissions_schema.assignment_file import parse_assignment_file

SHEET = """
assignment: plain
title: Operations that nothing is said of
given: {W: [[0.5, -1.2, 0.9], [0.8, 0.4, 0.1]], x: [1.3, 0.7]}
steps:
  s: median(W, axis=1)
  e: x * sqrt(s ** 2 + x)
questions:
  q: {points: 1, answers: {s: s, e: e}}
"""


def edits():
    assignment = build_assignment(parse_assignment_file(SHEET, "plain.yaml"))
    return list(structural.structural_edits(Workshop(assignment.reference)))


@pytest.fixture
def declared():
    """The ids and sentences of the edits that a sheet has only if an operation says more of itself.

    Operations are frozen, and one is the same object wherever it stands.
    """
    before = []

    def more(name, **known):
        operation = operations()[name]
        messages = {edit.message for edit in edits()}
        for field, value in known.items():
            before.append((operation, field, getattr(operation, field)))
            object.__setattr__(operation, field, value)
        return {(edit.id, edit.message) for edit in edits() if edit.message not in messages}

    yield more
    for operation, field, value in before:
        object.__setattr__(operation, field, value)


def test_what_makes_one_number_of_many_is_taken_for_what_it_says_and_over_the_other_axis(declared):
    assert declared("median", reduction=Reduction("the middle one", instead=("max",))) == {
        ("other-reduction", "`s` takes the middle one; you took the largest entry."),
        ("reduced-over-other-axis", "In `s` the middle one was taken over the other axis."),
        (
            "reduced-over-other-axis",
            "In `s` the middle one was taken over the whole matrix and not over one axis.",
        ),
    }


def test_what_averages_may_be_divided_by_too_much(declared):
    found = declared("median", reduction=Reduction("a mean", adds_up=True, averages=True))
    assert "divided-by-too-many" in {id for id, _ in found}


def test_what_people_forget_is_left_out(declared):
    found = declared("sqrt", invites=("function-not-applied",))
    assert {id for id, _ in found} == {"function-not-applied"}


def test_what_people_call_a_function_stands_in_the_sentence(declared):
    found = declared("sqrt", called="radical")
    assert ("brackets-misplaced", "`x` belongs inside of the radical in `e`.") in found


@pytest.mark.parametrize("operation", operations().values(), ids=lambda one: one.name)
def test_what_an_operation_names_there_is(operation):
    assert {*operation.invites} <= {*structural.kinds()}
    named = {operation.inverse} - {""}
    if operation.reduction is not None:
        named |= {*operation.reduction.instead}
    assert named <= {*operations()}
    if operation.inverse:
        assert operations()[operation.inverse].inverse == operation.name
    if operation.minus_logarithm:
        assert len(operation.fused) == 1
