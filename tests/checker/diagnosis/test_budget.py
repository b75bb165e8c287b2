"""Work on one submission is counted and ends; what was left untried is said."""

import numpy as np
import pytest

from checker.diagnosis.budget import CALLS, CALLS_EACH, Budget


def nothing_right(made, seed):
    generator = np.random.default_rng(seed)
    return [value * generator.uniform(0.3, 2.5, value.shape) for value in made.right()]


def test_what_was_not_tried_is_said_and_is_the_same_whatever_was_graded_before(fit):
    submissions = [nothing_right(fit, seed) for seed in (1, 2)]
    first = [fit.hand_in(values, 4).notes for values in submissions]
    assert all("more mistakes not tried" in note for notes in first for note in notes)
    assert any(first)
    fresh = type(fit)("fit3181-a2")
    assert [fresh.hand_in(values, 4).notes for values in reversed(submissions)] == first[::-1]


@pytest.mark.parametrize("name", ["l_1", "dL_dU"])
def test_one_wrong_answer_is_searched_to_the_end(fit, name):
    values = {n: v * 1.37 if n == name else v for n, v in zip(fit.names, fit.right(), strict=True)}
    report = fit.hand_in(values, 4)
    assert report.notes == ()


def test_the_first_hypotheses_are_tried_as_far_as_half_of_what_is_left_goes():
    half = CALLS // 2
    budget = Budget(0, 0)
    assert budget.afford([half - 100, 100, 1, 1]) == 2
    assert budget.untried == 2
    assert budget.afford([half // 2 + 1]) == budget.afford([]) == 0
    assert budget.untried == 3
    assert budget.spend(half // 2)
    assert not budget.spend(half // 2)
    assert budget.untried == 4
    assert Budget(0, 0).afford([1, CALLS, 1]) == 1
    assert Budget(10, 20).spend(int(CALLS + CALLS_EACH * 10 * 20) // 2)
