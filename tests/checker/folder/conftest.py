"""A tiny sheet, and what grades it wherever there is room."""

import os
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import pytest

from tests.checker.tiny import WITH_TEXT

ANSWERS = "assignment: tiny\nstudent: {student}\nanswers: {{q1: {number}, q2: 0.143, q3: So.}}\n"


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "tiny.assignment"
    path.write_text(WITH_TEXT, encoding="utf-8")
    return path


@pytest.fixture
def decisions(tmp_path, sheet):
    """Decisions that stand beside the sheet, on values, students and a file."""
    path = tmp_path / "tiny.decisions.yaml"
    path.write_text(
        "decisions:\n"
        "  - {answer: q1.s, accept: 8, points: 50%, say: Counted once more., by: mk}\n"
        "  - {answer: q2.r, student: s04, points: 1}\n"
        "  - {answer: q2.r, students: [s04, s05], points: 0.5}\n"
        "  - {file: sub/again.yaml, student: s77}\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def folder(tmp_path):
    """Thirty submissions, a broken one, and two of one student."""
    path = tmp_path / "in"
    (path / "sub").mkdir(parents=True)
    for n in range(30):
        text = ANSWERS.format(student=f"s{n:02}", number=7 if n % 3 else 8)
        (path / f"s{n:02}.yaml").write_text(text, encoding="utf-8")
    (path / "broken.yaml").write_text("[", encoding="utf-8")
    (path / "sub" / "again.yaml").write_text(ANSWERS.format(student="s01", number=7), "utf-8")
    return path


@pytest.fixture
def written():
    def read(out: Path) -> dict[str, bytes]:
        files = (path for path in out.rglob("*") if path.is_file())
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}

    return read


class Deadly(Executor):
    """Does at once what is submitted; a batch that holds a deadly file breaks it, as a pool is."""

    def __init__(self, deadly):
        self.deadly = deadly
        self.batches = []

    def submit(self, fn, job, files):
        names = [file.name for file in files]
        self.batches.append(names)
        future = Future()
        if any(self.deadly(name, self.batches) for name in names):
            future.set_exception(BrokenExecutor("a process died"))
        else:
            future.set_result(fn(job, files))
        return future


@pytest.fixture
def deadly():
    return Deadly


@pytest.fixture
def no_home(monkeypatch, tmp_path):
    """Nothing is written into the home of who runs the tests."""
    monkeypatch.setenv("DASK_TEMPORARY_DIRECTORY", str(tmp_path / "dask"))
    return os.environ
