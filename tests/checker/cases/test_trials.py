"""Assignments of the kinds that courses set, with work by hand that has one mistake in it each.

The numbers were computed apart from the checker, rounded to four digits at every step (three where
the name says so), with the mistake carried through to all later answers.
"""

from pathlib import Path

import pytest

from checker.grading import Grader
from reference_solutions.assignment import load_assignment

TRIALS = Path(__file__).parents[2] / "cases" / "trials"
RIGHT = {"correct"}
EXPLAINED = {"correct", "follow_through", "mistake"}

NAMED = {
    "two-layer-step": {
        "log-base-10": "cross-entropy-log-base-10",
        "losses-summed": "sum-for-mean",
        "relu-mask-forgotten": "relu-derivative-forgotten",
        "updated-weights-in-gradient": "other-quantity",
        "step-uphill": "sign-turned",
        "learning-rate-forgotten": "factor-left-out",
        "bias-gradient-averaged": "shared-gradient-averaged",
        "leaky-relu": "leaky-relu-for-relu",
        "softmax-derivative-twice": "extra-softmax-derivative",
        "softmax-over-columns": "softmax-wrong-axis",
    },
    "lstm-two-steps": {
        "gates-exchanged": "exchanged",
        "gates-exchanged-in-cell": "exchanged",
        "candidate-by-sigmoid": "sigmoid-for-tanh",
        "biases-forgotten": "term-left-out",
        "cell-for-state": "other-quantity",
        "input-gate-forgotten": "factor-left-out",
        "first-state-read-out": "neighbouring-step",
    },
    "gru-back-in-time": {
        "update-gate-complemented": "exchanged",
        "reset-forgotten": "factor-left-out",
        "half-forgotten": "factor-left-out",
        "direct-path-forgotten": "path-left-out",
        "derivative-at-preactivation": "tanh-derivative-at-preactivation",
        "sigmoid-derivative-forgotten": "sigmoid-derivative-forgotten",
        "last-step-only": "only-one-step-counted",
    },
    "normalisation": {
        "gamma-and-beta-exchanged": "exchanged",
        "statistics-held-fixed": "path-left-out",
        "gradients-averaged": "shared-gradient-averaged",
        "layer-norm-over-batch": "layer-norm-over-other-axis",
    },
    "adam-two-steps": {
        "bias-not-corrected": "factor-left-out",
        "eps-inside-root": "brackets-misplaced",
        "averages-not-weighted": "factor-left-out",
        "steps-counted-from-two": "neighbouring-step",
        "decay-rates-exchanged": "exchanged",
        "root-forgotten": "square-root-left-out",
    },
    "momentum-two-steps": {
        "penalty-forgotten": "term-left-out",
        "penalty-gradient-halved": "factor-two",
        "momentum-averaged": "complement-weighted",
        "learning-rate-forgotten": "factor-left-out",
    },
}

# The same slip in two places that have different names: in the batch and in the layer norm.
NAMED_TWICE = {
    ("normalisation", "eps-outside-root"): {"brackets-misplaced", "layer-norm-eps-outside-root"},
    ("normalisation", "root-forgotten"): {
        "square-root-left-out",
        "layer-norm-divided-by-variance",
    },
    ("normalisation", "sample-variance"): {
        "variance-with-other-divisor",
        "layer-norm-divided-by-one-less",
    },
}

# What the wrong formula's own gradient would be is not found for every rearrangement.
NAMED_IN_PART = {
    ("gru-back-in-time", "reset-after-product"): "moved-through-product",
    ("gru-back-in-time", "gates-exchanged"): "exchanged",
}


@pytest.fixture(scope="module")
def graded():
    graders = {}

    def graded(trial, submission):
        if trial not in graders:
            graders[trial] = Grader(load_assignment(TRIALS / trial / "assignment.yaml"))
        name = f"{submission}.yaml"
        return graders[trial].grade_file(TRIALS / trial / "submissions" / name, name)

    return graded


def named(report):
    return {mistake.id for answer in report.answers for mistake in answer.mistakes}


def right_work():
    return sorted(
        (path.parents[1].name, path.stem) for path in TRIALS.glob("*/submissions/right*.yaml")
    )


@pytest.mark.parametrize(("trial", "submission"), right_work())
def test_right_work_by_hand_is_right(graded, trial, submission):
    report = graded(trial, submission)
    assert {answer.verdict for answer in report.answers} == RIGHT


@pytest.mark.parametrize(
    ("trial", "submission", "mistake"),
    [(trial, name, id) for trial, table in NAMED.items() for name, id in table.items()],
)
def test_one_mistake_is_named_once_and_explains_all_that_is_wrong(
    graded, trial, submission, mistake
):
    report = graded(trial, submission)
    assert {answer.verdict for answer in report.answers} <= EXPLAINED
    assert named(report) == {mistake}
    charged = [m for answer in report.answers for m in answer.mistakes if m.charged]
    assert len(charged) == 1


@pytest.mark.parametrize(("trial", "submission"), NAMED_TWICE)
def test_a_mistake_made_in_two_ways_is_named_in_both(graded, trial, submission):
    report = graded(trial, submission)
    assert {answer.verdict for answer in report.answers} <= EXPLAINED
    assert named(report) == NAMED_TWICE[trial, submission]


@pytest.mark.parametrize(("trial", "submission"), NAMED_IN_PART)
def test_a_mistake_is_named_where_it_was_made(graded, trial, submission):
    assert named(graded(trial, submission)) == {NAMED_IN_PART[trial, submission]}


def test_every_submission_has_its_row():
    rows = {(trial, name) for trial, table in NAMED.items() for name in table}
    rows |= {*NAMED_TWICE, *NAMED_IN_PART, *right_work()}
    found = {(path.parents[1].name, path.stem) for path in TRIALS.glob("*/submissions/*.yaml")}
    assert rows == found


def test_what_is_said_of_a_habit_names_only_where_it_was_made(graded):
    report = graded("lstm-two-steps", "biases-forgotten")
    messages = {m.message for answer in report.answers for m in answer.mistakes}
    assert messages == {
        "The term `bi` is missing in `i[t]`. You did the same in `f[t]`, `o[t]`, `g[t]`."
    }
