"""The examples that kinds of structural mistakes carry: in each, the mistake is named."""

import pytest

from checker.edits.structural import kinds

EXAMPLES = [
    pytest.param(kind.id, example, id=f"{kind.id}-{number}")
    for kind in kinds().values()
    for number, example in enumerate(kind.examples)
]
DIGITS = 6


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.id)
def test_every_structural_kind_has_an_example(kind):
    assert kind.examples


@pytest.mark.parametrize(("id", "example"), EXAMPLES)
def test_the_mistake_of_an_example_is_named_at_its_place(bench, id, example):
    wrong = bench(example.sheet({**example.asked, **example.written}, example.instead))
    report = bench(example.sheet(example.asked)).hand_in(wrong.right(), DIGITS)
    named = {(found.id, found.where) for answer in report.answers for found in answer.mistakes}
    assert named == {(id, example.where)}


@pytest.mark.parametrize(("id", "example"), EXAMPLES)
def test_nothing_is_named_where_an_example_is_done_right(bench, id, example):
    right = bench(example.sheet(example.asked))
    assert {answer.verdict for answer in right.hand_in(right.right(), DIGITS).answers} == {
        "correct"
    }
