"""The benchmarks measure what they say; how fast that is, no test asserts."""

import time

import pytest

from checker.grading import run
from tests.benchmarks.bound import measured, row
from tests.benchmarks.grade_thousand import write_cohort
from tests.benchmarks.sheets import sheet
from tests.benchmarks.stages import STAGES, Clock, seconds_by_stage, table
from tests.simulation.cohort import SCENARIOS


def busy(seconds):
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass


def test_what_a_stage_calls_in_another_counts_there_alone():
    clock = Clock()
    inner = clock.timed(lambda: busy(0.03), "compare")
    clock.timed(lambda: (busy(0.01), inner()), "read")()
    found = clock.stop()
    assert found["compare"] >= 0.03
    assert 0.01 <= found["read"] < 0.03
    assert found["carry"] == 0


def test_every_stage_of_a_run_is_counted_and_what_was_timed_is_as_it_was(tmp_path):
    compare = run.compare
    (tmp_path / "submissions").mkdir()
    write_cohort(tmp_path / "submissions", "fit3181-a2", 4, seed=1)
    found = seconds_by_stage(tmp_path / "submissions", "fit3181-a2", tmp_path / "out")
    assert tuple(found) == STAGES
    assert all(seconds > 0 for seconds in found.values()), found
    assert (tmp_path / "out" / "index.html").exists()
    assert run.compare is compare
    last = list(table(found, plain=1.0, count=4))[-1]
    assert last.startswith("| whole |")


def test_the_slowest_submission_of_a_sheet_is_held_against_the_bound():
    found = measured(sheet("lstm-1x2"), seed=1, each=1)
    drawn = [timed.simulated.scenario for timed in found.submissions]
    assert drawn == [name for name in SCENARIOS if name != "formula slip"]
    slowest = found.slowest
    assert slowest.share == max(timed.share for timed in found.submissions)
    # 100 times safe_load for every 100 nodes is once for each.
    assert slowest.share == pytest.approx(slowest.graded / (slowest.read * found.nodes))
    assert slowest.simulated.scenario in row(found)


def test_a_sheet_of_another_form_is_refused():
    with pytest.raises(ValueError, match="there is no sheet `gru-2`"):
        sheet("gru-2")
