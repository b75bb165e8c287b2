"""The same bytes come from this process, from a pool and from a cluster; deaths cost one file."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

import checker
from checker import cli
from checker.folder.batches import File, Job, grade_batch
from checker.folder.executors import Workers, cluster, graded_by
from checker.folder.finding import find_submissions
from checker.lms.downloads import Origin

ROOT = Path(__file__).resolve().parents[3]


def grade(folder, sheet, out, *options):
    command = ["grade", str(folder), "-a", str(sheet), "-o", str(out), *options]
    return CliRunner().invoke(cli.app, command)


def grade_process(folder, sheet, out, *options):
    command = [sys.executable, "-m", "checker", "grade", str(folder), "-a", str(sheet)]
    return subprocess.Popen(
        [*command, "-o", str(out), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.usefixtures("decisions")
def test_a_pool_and_a_single_process_write_the_same_bytes(folder, sheet, tmp_path, written):
    assert grade(folder, sheet, tmp_path / "one", "--jobs", "1").exit_code == 2
    process = grade_process(folder, sheet, tmp_path / "two", "--jobs", "2")
    process.communicate()
    assert process.returncode == 2
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert len(written(tmp_path / "one")) == 2 * 32 + 5
    found = json.loads((tmp_path / "one" / "results.json").read_text("utf-8"))
    assert [decision["answers"] for decision in found["decisions"]] == [10, 1, 2, 1]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("no_home", "decisions")
def test_a_cluster_writes_the_same_bytes(folder, sheet, tmp_path, written):
    distributed = pytest.importorskip("distributed")
    assert grade(folder, sheet, tmp_path / "one", "--jobs", "1").exit_code == 2
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        process = grade_process(
            folder, sheet, tmp_path / "two", "--scheduler", cluster.scheduler_address
        )
        _, said = process.communicate()
        assert process.returncode == 2, said
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_a_scheduler_that_is_not_there_is_an_error_in_a_sentence(folder, sheet, tmp_path):
    pytest.importorskip("distributed")
    result = grade(folder, sheet, tmp_path / "out", "--scheduler", "no address")
    assert result.exit_code == 2
    assert "--scheduler" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


# --- deaths -----------------------------------------------------------------------------------


def names_of(sheet, folder, executor):
    """What comes of a folder's files on an executor: their failures by name."""
    loaded = checker.load_assignment(sheet)
    paths = find_submissions(folder)
    results = checker.grade_many(loaded, paths, executor=executor)
    return {Path(r.report.file).name: r for r in results}


def test_a_process_that_dies_costs_its_batch_another_try_file_by_file(folder, sheet, deadly):
    executor = deadly(lambda name, batches: name.endswith("s07.yaml") and len(batches) < 3)
    found = names_of(sheet, folder, executor)
    assert len(found) == 32
    assert not any(result.failure for result in found.values())
    lost = next(batch for batch in executor.batches if any(n.endswith("s07.yaml") for n in batch))
    again = executor.batches[executor.batches.index(lost) + 1 :]
    assert all([name] in again for name in lost)


def test_a_file_that_kills_twice_is_given_up_and_the_others_are_whole(folder, sheet, deadly):
    usual = names_of(sheet, folder, ThreadPoolExecutor(1))
    found = names_of(sheet, folder, deadly(lambda name, _: name.endswith("s07.yaml")))
    killer = found.pop("s07.yaml")
    assert "BrokenExecutor: a process died" in killer.failure
    assert killer.report.status == "unreadable"
    assert "not the student's fault" in killer.report.problems[0]
    usual.pop("s07.yaml")
    assert {n: r.report for n, r in found.items()} == {n: r.report for n, r in usual.items()}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("no_home")
@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_a_cluster_all_of_whose_workers_died_knows_the_assignment_still(folder, sheet):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
        ) as local,
        cluster(Job(sheet.read_bytes(), "tiny"), local.scheduler_address) as workers,
    ):
        before = workers.submit([file(0, folder / "s00.yaml")]).result(timeout=60)
        for nanny in local.workers.values():
            os.kill(nanny.pid, signal.SIGKILL)
        assert workers.submit([file(0, folder / "s00.yaml")]).result(timeout=60) == before


@pytest.mark.skipif(sys.platform == "win32", reason="processes start otherwise there")
def test_a_file_that_kills_its_process_is_reported_with_3(folder, sheet, tmp_path, written):
    program = tmp_path / "killing.py"
    program.write_text(
        "import os, sys\n"
        "from checker.grading import Grader\n"
        "usual = Grader.grade_file\n"
        "def killing(self, path, name, *more):\n"
        "    if name == 's07.yaml':\n"
        "        os._exit(9)\n"
        "    return usual(self, path, name, *more)\n"
        "Grader.grade_file = killing\n"
        "if __name__ == '__main__':\n"
        "    from checker.cli import main\n"
        "    main()\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    command = ["grade", str(folder), "-a", str(sheet), "-o", str(out), "--jobs", "2"]
    done = subprocess.run(
        [sys.executable, str(program), *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "internal error while grading s07.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    found = json.loads((out / "results.json").read_text("utf-8"))["submissions"]
    scores = {s["file"]: s["score"] for s in found}
    assert scores.pop("s07.yaml") is None
    assert scores.pop("broken.yaml") is None
    assert len(scores) == 30
    assert None not in scores.values()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interruption_ends_with_a_sentence_and_nothing_half_written(
    folder, sheet, tmp_path, written, jobs
):
    out = tmp_path / "out"
    grade(folder, sheet, out, "--jobs", "1")
    before = written(out)
    for n in range(400):
        text = (folder / "s00.yaml").read_text("utf-8").replace("s00", f"t{n}")
        (folder / f"t{n}.yaml").write_text(text, "utf-8")
    process = grade_process(folder, sheet, out, "--jobs", jobs)
    while not list(tmp_path.glob(".writing-*/pages/*.html")):
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert said == "checker: stopped; no report was written, and what was there is as it was\n"
    assert written(out) == before
    assert not list(tmp_path.glob(".writing-*"))


# --- how batches are made ---------------------------------------------------------------------


def file(position, path):
    return File(position, path.name, path, Origin("file", path.stem))


def test_no_more_batches_are_handed_out_than_are_graded_soon(folder, sheet, deadly):
    job = Job(sheet.read_bytes(), "tiny")
    executor = deadly(lambda *_: False)
    asked = []

    def files():
        for path in find_submissions(folder):
            asked.append(path)
            yield file(len(asked) - 1, path)

    coming = graded_by(Workers(lambda: executor, job, 1), job, files(), 32)
    first = next(coming)
    assert len(asked) <= 2 * 4
    rest = list(coming)
    assert {first.position, *(graded.position for graded in rest)} == set(range(32))


def test_a_batch_needs_nothing_but_its_bytes(sheet):
    job = Job(sheet.read_bytes(), "tiny")
    text = b"assignment: tiny\nstudent: ada\nanswers: {q1: 7}\n"
    (graded,) = grade_batch(job, [File(0, "ada.yaml", text, Origin("file", "ada"))])
    assert (graded.name, graded.failure) == ("ada.yaml", "")
