"""The outputs of a run come into place together, whatever ends it, and beside what isn't theirs."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.folder import outputs

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def grade(folder, sheet, tmp_path):
    def run(*options, source=folder, out=tmp_path / "out"):
        command = ["grade", str(source), "-a", str(sheet), "-o", str(out), *map(str, options)]
        return CliRunner().invoke(cli.app, command)

    return run


def whole(out):
    """Whether everything in a folder of outputs is of one run; of which students."""
    found = json.loads((out / "results.json").read_text("utf-8"))["submissions"]
    book = (out / "gradebook.csv").read_text("utf-8").splitlines()
    pages = {path.name for path in (out / "feedback").iterdir()}
    index = (out / "index.html").read_text("utf-8")
    assert len(book) == len(found) + 1
    assert len(pages) == 2 * len(found)
    assert all(f'href="feedback/{page}"' in index for page in pages if page.endswith(".html"))
    return len(found)


@pytest.mark.parametrize("possible", [True, False])
def test_what_is_not_ours_stays_and_old_reports_go(grade, folder, tmp_path, monkeypatch, possible):
    if not possible:
        monkeypatch.setattr(outputs, "exchange", lambda *_: False)
    assert grade().exit_code == 2
    out = tmp_path / "out"
    (out / "mine.txt").write_text("mine")
    (out / "feedback" / "photo.png").write_text("mine")
    (folder / "s03.yaml").unlink()
    assert grade().exit_code == 2
    assert (out / "mine.txt").read_text() == (out / "feedback" / "photo.png").read_text() == "mine"
    assert not (out / "feedback" / "s03.html").exists()
    (out / "feedback" / "photo.png").unlink()
    assert whole(out) == 31
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out", "tiny.assignment"]


def test_a_folder_that_somebody_works_in_stays_the_same_folder(grade, tmp_path, monkeypatch):
    out = tmp_path / "out"
    (out / "own").mkdir(parents=True)
    monkeypatch.chdir(out)
    node = out.stat().st_ino
    grade()
    assert out.stat().st_ino == node
    assert (out / "own").is_dir()
    assert whole(out) == 32
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("name", ["report", "."])
def test_outputs_within_the_input_are_no_submissions(grade, folder, name):
    out = folder / name
    grade(out=out)
    first = (out / "results.json").read_bytes()
    assert (out / "ungraded.yaml").exists()
    grade(out=out)
    assert (out / "results.json").read_bytes() == first


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_killed_at_any_moment_the_outputs_are_the_old_or_the_new(grade, folder, sheet, tmp_path):
    out = tmp_path / "out"
    grade()
    (folder / "s03.yaml").unlink()
    command = [sys.executable, "-m", "checker", "grade", folder, "-a", sheet, "-o", out]
    for turn in range(4):
        process = subprocess.Popen(
            [*command, "--jobs", "1"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and not list(tmp_path.glob(".writing-*/pages")):
            time.sleep(0.01)
        time.sleep(0.04 * turn)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert whole(out) in (31, 32)
    grade()
    assert whole(out) == 31
    assert not list(tmp_path.glob(".writing-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="such files can't be made there")
def test_what_is_no_regular_file_is_reported_and_the_others_are_graded(grade, folder, tmp_path):
    (folder / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "stdin.yaml").symlink_to("/dev/stdin")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    assert grade().exit_code == 2
    found = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["submissions"]
    status = {s["file"]: (s["status"], *s["problems"]) for s in found}
    assert len(status) == 36
    assert sum(one[0] == "unreadable" for one in status.values()) == 5
    assert "symbolic links" in status["loop.yaml"][1]
    assert "a named pipe" in status["pipe.yaml"][1]
    assert "leads out of the folder" in status["stdin.yaml"][1]


def test_the_many_files_of_one_student_are_counted_not_listed(grade, folder, tmp_path):
    for n in range(40):
        text = (folder / "s00.yaml").read_text("utf-8")
        (folder / f"t{n:02}.yaml").write_text(text, "utf-8")
    grade()
    note = "41 submissions are from `s00`: s00.yaml, t00.yaml, t01.yaml, t02.yaml, t03.yaml, "
    note += "t04.yaml, t05.yaml, t06.yaml, t07.yaml, t08.yaml, … and 31 more"
    found = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["submissions"]
    assert [s["notes"] for s in found if s["student"] == "s00"] == [[note]] * 41
    assert whole(tmp_path / "out") == 72
