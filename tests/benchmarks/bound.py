"""Is the work on one submission bounded? ``python -m tests.benchmarks.bound [SHEET ...]``.

No submission should cost more than 100 times ``yaml.safe_load`` of its file for every 100 nodes of
the sheet's graph. Simulated submissions of every scenario, to sheets from small to large, are
graded one by one in this process; the CPU that each takes is held against that bound, and the
slowest of every sheet is shown. What is made once for all submissions (the key, its edits) is timed
apart. Leaves with 1 if a submission exceeds the bound.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from checker.cli import COLLECTED
from checker.grading import Grader
from reference_solutions.assignment import Assignment, load_assignment
from reference_solutions.shipped import find_assignment
from submissions_schema.submission import parse_submission
from tests.benchmarks.sheets import SHEETS, sheet
from tests.simulation.cohort import SCENARIOS, Cohort, Scenario, Simulated
from tests.simulation.simulator import Simulator

TIMES_SAFE_LOAD = 100
NODES = 100
_LEAST_TIMED = 0.02
"""Seconds of CPU that a reading is repeated for: one alone is too short for the clock."""


@dataclass(frozen=True, slots=True)
class Timed:
    """How many seconds of CPU one submission took, and reading its YAML plainly."""

    simulated: Simulated
    graded: float
    read: float
    untried: bool
    nodes: int

    @property
    def share(self) -> float:
        """The share of the bound that was used; above 1 it was exceeded."""
        return self.graded / (TIMES_SAFE_LOAD * self.read * self.nodes / NODES)


@dataclass(frozen=True, slots=True)
class Measured:
    """One sheet: how long its key took to make, and every submission."""

    name: str
    nodes: int
    edits: int
    made: float
    submissions: tuple[Timed, ...]

    @property
    def slowest(self) -> Timed:
        """The submission that used most of the bound."""
        return max(self.submissions, key=lambda timed: timed.share)


def safe_load_seconds(text: str) -> float:
    """How many seconds of CPU ``yaml.safe_load`` of a text takes."""
    start, times = time.process_time(), 0
    while (spent := time.process_time() - start) < _LEAST_TIMED:
        yaml.safe_load(text)
        times += 1
    return spent / times


def drawn(cohort: Cohort, seed: int, each: int) -> Iterator[Simulated]:
    """Yield so many submissions of each scenario that the sheet allows."""
    simulator = Simulator(cohort, seed)
    scenarios: tuple[Scenario, ...] = tuple(
        name for name in SCENARIOS if name != "formula slip" or cohort.formulas
    )
    for scenario in scenarios:
        for _ in range(each):
            yield simulator.submission(scenario)


def measured(assignment: Assignment, seed: int, each: int) -> Measured:
    """Grade simulated submissions to a sheet, one by one."""
    grader = Grader(assignment)
    start = time.process_time()
    edits = len(grader.key.diagnoser.library.edits)
    made = time.process_time() - start
    nodes = len(assignment.reference.graph.nodes)
    timed = []
    for simulated in drawn(Cohort(assignment), seed, each):
        start = time.process_time()
        report = grader.grade(parse_submission(simulated.text, simulated.name), simulated.name)
        spent = time.process_time() - start
        untried = any("not tried" in note for note in report.notes)
        timed.append(Timed(simulated, spent, safe_load_seconds(simulated.text), untried, nodes))
    return Measured(assignment.id, nodes, edits, made, tuple(timed))


HEAD = (
    "| sheet | nodes | edits | made once | `safe_load` | mean | slowest | share | which one |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def row(of: Measured) -> str:
    """One line of the table."""
    slowest = of.slowest
    mean = sum(timed.graded for timed in of.submissions) / len(of.submissions)
    detail = f"{slowest.simulated.scenario} {slowest.simulated.detail}".strip()
    cut = " (search cut short)" if slowest.untried else ""
    return (
        f"| {of.name} | {of.nodes} | {of.edits} | {of.made:.2f} s | {1e3 * slowest.read:.1f} ms "
        f"| {1e3 * mean:.0f} ms | {1e3 * slowest.graded:.0f} ms | {slowest.share:.0%} "
        f"| {detail}{cut} |"
    )


def _assignment(name: str) -> Assignment:
    if name.startswith(("lstm-", "train-")) and not Path(name).exists():
        return sheet(name)
    return load_assignment(find_assignment(name))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "sheets",
        nargs="*",
        default=list(SHEETS),
        help="lstm-UNITSxSTEPS, train-STEPS, an assignment's id or a file",
    )
    parser.add_argument("--each", type=int, default=1, help="submissions of each scenario")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    gc.set_threshold(*COLLECTED)  # As in a run of the command line.
    sys.stdout.write(f"{HEAD}\n")
    exceeded = 0
    for name in options.sheets:
        found = measured(_assignment(name), options.seed, options.each)
        exceeded += sum(timed.share > 1 for timed in found.submissions)
        sys.stdout.write(f"{row(found)}\n")
        sys.stdout.flush()
    sys.stdout.write(f"\n{exceeded} submissions exceed the bound.\n")
    return 1 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
