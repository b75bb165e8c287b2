"""Sheets of many courses, with right work and work with one mistake that students make there.

What the checker does not name today stands in ``gaps.yaml``; the lists may only change on purpose.
"""

from functools import cache

import numpy as np
import pytest

from tests.checker.cases.worked_sheets import DIGITS, FULL, Sheet, gaps, sheets

sheet = cache(Sheet)


def mistakes():
    return [(name, mistake) for name in sheets() for mistake in sheet(name).mistakes]


@pytest.mark.parametrize("name", sheets())
def test_the_reference_agrees_with_plain_numpy(name):
    answers = sheet(name).answers()
    reference = sheet(name).grader.key.reference
    assert {target.answer for target in reference.targets} <= set(answers)
    for target in reference.targets:
        right = reference.graph.value(target.node)
        assert np.shape(answers[target.answer]) == right.shape
        np.testing.assert_allclose(answers[target.answer], right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("name", sheets())
def test_right_work_is_right_with_any_number_of_digits(name, digits):
    report = sheet(name).report(digits)
    assert {answer.verdict for answer in report.answers} == {"correct"}


@pytest.mark.parametrize("name", sheets())
def test_a_sheet_has_eight_mistakes_and_each_changes_an_answer(name):
    right = sheet(name).submission(sheet(name).answers(), FULL)
    texts = [
        sheet(name).submission(sheet(name).answers(mistake=mistake), FULL)
        for mistake in sheet(name).mistakes
    ]
    assert len(set(texts)) == len(texts) >= 8
    assert right not in texts


@pytest.mark.parametrize(("name", "mistake"), mistakes())
def test_a_mistake_is_named_and_explains_all_that_is_wrong_as_far_as_known(name, mistake):
    known = gaps().get(name, {}).get(mistake, {})
    found = {digits: sheet(name).outcome(digits, mistake) for digits in DIGITS}
    status = {digits: outcome.status for digits, outcome in found.items()}
    said = {d: [(m.id, m.where, m.message) for m in o.said] for d, o in found.items()}
    assert status == {digits: known.get(digits, "named") for digits in DIGITS}, said


def test_gaps_are_recorded_for_mistakes_that_exist():
    assert {(name, mistake) for name, rows in gaps().items() for mistake in rows} <= {*mistakes()}
