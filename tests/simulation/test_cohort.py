"""The checker judges simulated students as it should, within honest margins."""

from __future__ import annotations

import numpy as np
import pytest

from checker.edits.edit import Edit
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment

from .cohort import Cohort, Odd, Scenario, Style
from .examiner import Examiner, Result
from .figures import Figures, measure
from .simulator import Simulator

FULL = Style(written=10)
FIVE = Style(digits=5)


@pytest.fixture(scope="module")
def examiner() -> Examiner:
    return Examiner(load_assignment(find_assignment("fit3181-a2")))


def _measured(
    examiner: Examiner, scenario: Scenario, count: int, seed: int = 11
) -> tuple[Figures, list[Result]]:
    simulator = Simulator(examiner.cohort, seed)
    submissions = simulator.submissions(count, {scenario: 1.0}, careful=True)
    figures, results = measure(examiner, submissions)
    assert not figures.crashes, figures.crashes[0].simulated.text + figures.crashes[0].error
    assert figures.submissions == count
    return figures, results


def test_the_same_seed_gives_the_same_submissions(examiner: Examiner) -> None:
    cohorts = (examiner.cohort, Cohort(examiner.cohort.assignment))
    first, again = (
        [made.text for made in Simulator(cohort, 5).submissions(40, prose=True)]
        for cohort in cohorts
    )
    assert first == again
    assert len(set(first)) > 30


def test_right_work_is_judged_right(examiner: Examiner) -> None:
    figures, _ = _measured(examiner, "right", 100)
    assert figures.right_from_three.of > 600
    assert figures.right_from_three.value >= 0.999


def test_single_mistakes_are_named(examiner: Examiner) -> None:
    figures, _ = _measured(examiner, "catalogue", 50)
    assert figures.recall("catalogue").value >= 0.9
    assert figures.followers_accused.value <= 0.01


def test_structural_mistakes_are_named(examiner: Examiner) -> None:
    figures, _ = _measured(examiner, "structural", 30)
    assert figures.recall("structural").value >= 0.9


def test_no_wrong_answer_is_accepted_and_few_are_accused(examiner: Examiner) -> None:
    figures, _ = _measured(examiner, "noise", 40)
    assert figures.accepted_beyond["noise"].hits == 0
    # 1 % is the aim; of 40 answers one more may be bad luck.
    assert figures.accused.hits <= 2


def _everywhere(examiner: Examiner) -> list[Edit]:
    """Each mistake of the catalogue at each quantity, made wherever it can be made."""
    return [edit for edit in examiner.cohort.catalogue if edit.index is None]


UNSEEN = {
    (
        "softmax-e-truncated",
        "yhat[t]",
    ): "2.71 for e moves every answer by less than rounding to the "
    "three digits that the sheet allows on the way; only many written digits could tell",
}
"""Mistakes that the numbers of this assignment can't show although they change them, and why."""


@pytest.mark.parametrize("style", [FIVE, FULL], ids=["five digits", "full precision"])
def test_every_mistake_of_the_catalogue_is_named_where_the_numbers_show_it(
    examiner: Examiner, style: Style
) -> None:
    simulator = Simulator(examiner.cohort, 1)
    unnamed = {}
    for edit in _everywhere(examiner):
        result = examiner.grade(simulator.planted("catalogue", (edit,), style, whole=True))
        if result.outcome not in ("named", "equivalent", "tie"):
            unnamed[edit.id, edit.where] = result.outcome
    # One-hots could be had without work, so nobody is accused of an argmax.
    assert unnamed.pop(("argmax-for-softmax", "yhat[t]"), "none") == "none"
    assert unnamed == dict.fromkeys(UNSEEN, "hidden")


def test_a_right_answer_moved_beyond_its_tolerance_is_never_correct(examiner: Examiner) -> None:
    cohort = examiner.cohort
    simulator = Simulator(cohort, 1)
    right = cohort.draft(cohort.worked((), FULL), FULL)
    for at, value in enumerate(cohort.right):
        scale = float(np.max(np.abs(value)))
        for sign in (-1.0, 1.0):
            moved = value + sign * (3 * examiner.rounding[at] + 0.03 * scale)
            draft = right | cohort.draft([moved if i == at else None for i in range(at + 1)], FULL)
            odd = {at: Odd("noise", value=moved)}
            result = examiner.grade(simulator.finished(FULL, draft, odd))
            judged = result.judged[at]
            assert judged.plain
            assert judged.report.verdict not in ("correct", "imprecise", "follow_through")
