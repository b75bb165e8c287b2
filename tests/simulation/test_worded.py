"""Formulas, orders and choices: other writings are right, slips and nonsense are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment, shipped_assignments

from .cohort import Cohort, Style
from .examiner import Examiner
from .figures import measure
from .simulator import Simulator
from .worded import nonsense, rewritten

WITH_WORDS = ["hw2-cnn-lstm", "hw3-lstm-mdrnn", "hw5-rnn-attention"]


@pytest.fixture(scope="module", params=WITH_WORDS)
def examiner(request: pytest.FixtureRequest) -> Examiner:
    return Examiner(load_assignment(find_assignment(request.param)))


def test_every_formula_that_a_real_submission_got_right_is_simulated(examiner: Examiner) -> None:
    asked = examiner.cohort.assignment.asked
    kinds = {"formula", "order", "choice"}
    wanted = {(a.question, a.answer) for a in asked if a.spec.kind in kinds}
    found = {(w.asked.question, w.asked.answer) for w in examiner.cohort.worded}
    # The last gradient of hw5 and the determinant of hw3 are wrong in the submissions that we have.
    assert wanted - found <= {("q2", "d"), ("3b", "determinant")}
    assert all(worded.slips for worded in examiner.cohort.worded)


def test_a_formula_written_otherwise_means_the_same(examiner: Examiner) -> None:
    random = np.random.default_rng(2)
    for worded in examiner.cohort.worded:
        if worded.names:
            texts = {rewritten(worded.right, random) for _ in range(12)}
            assert len(texts) > 1
            assert not any(worded.differs(text) for text in texts)


def test_slips_and_nonsense_mean_something_else(examiner: Examiner) -> None:
    random = np.random.default_rng(2)
    for worded in examiner.cohort.worded:
        if worded.names:
            assert all(worded.differs(slip.text) for slip in worded.slips)
            assert all(worded.differs(nonsense(worded, random)) for _ in range(5))


def test_the_same_seed_gives_the_same_submissions(examiner: Examiner) -> None:
    again = Cohort(examiner.cohort.assignment)
    first, second = (
        [made.text for made in Simulator(cohort, 5).submissions(30)]
        for cohort in (examiner.cohort, again)
    )
    assert first == second
    assert len(set(first)) > 20


def test_right_work_is_judged_right_however_it_is_written(examiner: Examiner) -> None:
    made = Simulator(examiner.cohort, 3).submissions(25, {"right": 1.0}, careful=True)
    figures, _ = measure(examiner, made)
    assert not figures.crashes
    assert figures.right_from_three.of > 100
    assert figures.right_from_three.hits == figures.right_from_three.of


def test_no_nonsense_is_accepted_and_little_is_accused(examiner: Examiner) -> None:
    made = Simulator(examiner.cohort, 3).submissions(60, {"noise": 1.0}, careful=True)
    figures, _ = measure(examiner, made)
    assert not figures.crashes
    assert figures.accepted_beyond["noise"].of > 40
    assert figures.accepted_beyond["noise"].hits == 0
    assert figures.accused.value <= 0.1


def test_no_slip_in_a_formula_is_accepted_nor_held_against_another_answer(
    examiner: Examiner,
) -> None:
    made = Simulator(examiner.cohort, 3).submissions(40, {"formula slip": 1.0}, careful=True)
    figures, _ = measure(examiner, made)
    assert not figures.crashes
    outcomes = figures.outcomes["formula slip"]
    assert outcomes.total() == 40
    assert outcomes["accepted"] == outcomes["hidden"] == 0
    assert figures.followers_accused.hits == 0


@pytest.mark.parametrize(
    ("name", "share"), [("hw2-cnn-lstm", 0.9), ("hw3-lstm-mdrnn", 0.5), ("hw5-rnn-attention", 0.25)]
)
def test_slips_in_formulas_are_named(name: str, share: float) -> None:
    examiner = Examiner(load_assignment(find_assignment(name)))
    made = Simulator(examiner.cohort, 1).submissions(60, {"formula slip": 1.0}, careful=True)
    figures, _ = measure(examiner, made)
    assert figures.recall("formula slip").value >= share


@pytest.mark.parametrize(("name", "share"), [("hw2-cnn-lstm", 0.8), ("hw5-rnn-attention", 0.7)])
def test_mistakes_of_the_catalogue_are_named_where_the_digits_can_tell_them(
    name: str, share: float
) -> None:
    """On hw5 some come to a given vector, which anybody could have copied: nobody is accused."""
    examiner = Examiner(load_assignment(find_assignment(name)))
    made = Simulator(examiner.cohort, 1).submissions(60, {"catalogue": 1.0}, careful=True)
    figures, results = measure(examiner, made)
    assert figures.misnamed("catalogue").hits == 0
    assert figures.told["catalogue"].value >= share
    faint = [result for result in results if result.outcome == "faint"]
    assert not any(result.telling for result in faint)


def test_whole_numbers_are_counted_and_not_rounded() -> None:
    cohort = Cohort(load_assignment(find_assignment("hw2-cnn-lstm")))
    draft = cohort.draft(cohort.worked((), Style(digits=2)), Style(digits=2))
    places = {asked.answer: i for i, asked in enumerate(cohort.asked) if asked.question == "1A"}
    assert draft[places["i"]] == ("608",)
    assert draft[places["ii"]] == ("28", "28", "8")


def test_the_command_measures_every_assignment_and_lists_the_missed_mistakes() -> None:
    options = ("--all", "--markdown", "--submissions", "12")
    run = subprocess.run(
        [sys.executable, "-m", "tests.simulation.measure", *options],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    measured, missed = (table.splitlines() for table in run.stdout.strip().split("\n\n"))
    assert measured[0].startswith("| Assignment | Submissions |")
    assert [line.split("`")[1] for line in measured[2:]] == sorted(shipped_assignments())
    assert missed[0].endswith("| Can the numbers show it? |")
    for lines in (measured, missed):
        assert {line.count("|") for line in lines} == {lines[0].count("|")}
    assert "; 0 crashes." in run.stderr
