"""What an attacker gets out of the checker: bounds as measured, to be lowered as it gets better."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checker.grading import Grader
from checker.report import (
    AnswerReport,
    EntryReport,
    MistakeReport,
    QuestionReport,
    RunReport,
    SubmissionReport,
)
from reference_solutions.assignment import Assignment, load_assignment
from reference_solutions.shipped import find_assignment
from submissions_schema.submission import LoadedSubmission, parse_submission

from .accepted import try_moved
from .adversary import Adversary, Attempt
from .attack import TRIALS, Effort, lazy
from .cohort import Cohort, Style
from .lazy import STRATEGIES
from .oracle import play, told
from .refuted import Refuter
from .sheet import Fill, Sheet
from .simulator import Simulator

WORST = {"fit3181-a2": 0.05, "adam-two-steps": 0.05, "two-layer-step": 0.05, "k-means": 0.05}
"""The share of the points for nothing, of two attempts of each cheap strategy: at most 5 %."""
CHEAP = (
    "constants",
    "two constants",
    "one-hots",
    "uniform",
    "given copied",
    "answers copied",
    "saturated",
    "chained junk",
    "typed operations",
    "coarse",
)


def _assignment(name: str) -> Assignment:
    trial = TRIALS / name / "assignment.yaml"
    return load_assignment(trial if trial.is_file() else find_assignment(name))


def _sheet(name: str) -> Sheet:
    return Sheet(_assignment(name))


@pytest.fixture(scope="module")
def adam() -> Sheet:
    return _sheet("adam-two-steps")


@pytest.mark.parametrize("name", WORST)
def test_who_does_none_of_the_work_earns_no_more_than_measured(name: str) -> None:
    attacker = Adversary(_sheet(name))
    tried = attacker.run({name: STRATEGIES[name] for name in CHEAP}, 2)
    worst = max(scored.share for all_ in tried.values() for scored in all_)
    assert worst <= WORST[name]


def test_a_search_earns_at_least_what_it_starts_from(adam: Sheet) -> None:
    attacker = Adversary(adam)
    found = lazy(attacker, Effort(attempts=1, climbing=5))
    plain = [s.earned for s in found.values() if not s.attempt.honest]
    assert found["search"].earned == max(plain)
    assert attacker.gradings <= len(STRATEGIES) + 5


def test_all_attempts_are_files_that_can_be_read(adam: Sheet) -> None:
    count = 0
    for strategy in STRATEGIES.values():
        for attempt in strategy(adam):
            loaded = parse_submission(adam.text(attempt.filled), "lazy.yaml")
            assert loaded.submission.assignment == adam.assignment.id
            count += 1
    assert count > 300


def test_a_right_value_that_was_guessed_is_left_out_of_the_count(adam: Sheet) -> None:
    right = {i: box.values(box.right) for i, box in enumerate(adam.boxes) if box.right is not None}
    scored = Adversary(adam).score(Attempt("guess", "", right))
    assert scored.earned == 0
    assert scored.total == pytest.approx(0)
    assert scored.report.score == pytest.approx(adam.total)


def test_a_right_entry_is_left_out_but_not_a_number_that_is_only_vague(adam: Sheet) -> None:
    at = next(i for i in adam.numeric if adam.names[i] == ("g", (1,)))
    attacker = Adversary(adam)
    points = adam.boxes[at].asked.points
    lucky = attacker.score(Attempt("guess", "", {at: Fill(("1", "7"), (2,))}))
    vague = attacker.score(Attempt("guess", "", {at: Fill(("0e5", "0e5"), (2,))}))
    assert lucky.total == pytest.approx(adam.total - points / 2)
    assert vague.total == pytest.approx(adam.total)


def test_asking_the_checker_finds_no_number_that_was_not_tried_out(adam: Sheet) -> None:
    game = play(adam, Adversary(adam), 25)
    assert (game.numbers, game.hand_ins) == (10, 25)
    assert game.known == 0


def test_who_says_how_far_off_a_number_is_tells_it(adam: Sheet) -> None:
    game = play(adam, Adversary(adam), 25, trying=False, hints="sizes")
    assert game.known > 0


def test_the_player_reads_what_the_job_prints() -> None:
    entries = (
        EntryReport((0,), "0.50", True),
        EntryReport((1,), "-2", False, "several times too large"),
    )
    other = (EntryReport((), "7", False, "the other sign is right"),)
    vector = AnswerReport("q", "a", "partial", 0.5, 1.0, "One.", shape=(2,), entries=entries)
    scalar = AnswerReport("q", "b", "wrong", 0.0, 1.0, "Not right.", entries=other)
    question = QuestionReport("q", "Numbers", 0.5, 2.0, 0.0, (vector, scalar))
    report = SubmissionReport("s", "", "s.yaml", "graded", 0.5, 2.0, 0.0, (), (question,))
    first, second = told(RunReport("x", "X", "sha256:0", False, (report,)))
    assert (first.label, first.points, first.marks) == ("Partly right", 0.5, (True, False))
    assert first.offs.get((1,), first.each) == "several times too large"
    assert (second.label, second.points) == ("Wrong", 0.0)
    assert second.offs.get((), second.each) == "the other sign is right"


def test_no_more_wrong_numbers_pass_than_measured(adam: Sheet) -> None:
    found = try_moved(adam, Adversary(adam), 60)
    assert found.tried == 60
    assert len(found.passed) <= 8  # the aim is 0


# --- causes ---------------------------------------------------------------------------------------


class _Accuser(Grader):
    """Names one mistake for every answer that is wrong."""

    mistake = MistakeReport("", "", "likely", "")

    def grade(self, loaded: LoadedSubmission, name: str) -> SubmissionReport:
        report = super().grade(loaded, name)
        questions = tuple(
            replace(
                question,
                answers=tuple(
                    replace(answer, mistakes=(self.mistake,))
                    if answer.verdict in ("mistake", "wrong", "partial")
                    else answer
                    for answer in question.answers
                ),
            )
            for question in report.questions
        )
        return replace(report, questions=questions)


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return Cohort(_assignment("fit3181-a2"))


def test_a_cause_stands_where_it_was_planted_and_falls_where_it_was_not(cohort: Cohort) -> None:
    simulator = Simulator(cohort, 1)
    by_id = {(edit.id, edit.where): edit for edit in cohort.catalogue}
    planted = by_id["cross-entropy-log-base-2", "l[t]"]
    other = by_id["cross-entropy-log-base-10", "l[t]"]
    style = Style(written=5)
    submission = simulator.planted("catalogue", (planted,), style, whole=True)
    grader = _Accuser(cohort.assignment)
    refuter = Refuter(cohort, grader)
    for edit, stands in ((planted, True), (other, False)):
        grader.mistake = MistakeReport(edit.id, edit.where, "likely", edit.message)
        causes = refuter.check([submission])
        assert causes.checked >= 4
        assert (not causes.refuted) is stands


def test_a_cause_falls_where_another_answer_of_its_place_is_right(cohort: Cohort) -> None:
    simulator = Simulator(cohort, 1)
    by_id = {(edit.id, edit.where): edit for edit in cohort.catalogue}
    single = by_id["cross-entropy-log-base-2", "l[2]"]
    everywhere = by_id["cross-entropy-log-base-2", "l[t]"]
    submission = simulator.planted("catalogue", (single,), Style(written=5), whole=True)
    grader = _Accuser(cohort.assignment)
    grader.mistake = MistakeReport(everywhere.id, everywhere.where, "likely", everywhere.message)
    causes = Refuter(cohort, grader).check([submission])
    assert "right answer" in causes.reasons


def test_no_more_causes_are_refuted_than_measured(cohort: Cohort) -> None:
    refuter = Refuter(cohort, Grader(cohort.assignment))
    causes = refuter.check(Simulator(cohort, 3).submissions(15))
    assert causes.checked > 5
    assert len(causes.refuted) <= 1  # the aim is 0


def test_trial_assignments_are_where_the_attack_looks_for_them() -> None:
    assert Path(TRIALS, "adam-two-steps", "assignment.yaml").is_file()
