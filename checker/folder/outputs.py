"""The outputs of a run: written aside as they come, and put in place together.

Where the system can exchange two folders in one step, the old outputs are there until the new ones
are. Elsewhere (another file system, a folder that somebody works in) each is put in place at once,
one after the other. What a killed run left behind is cleared by the next.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from errno import EISDIR, ENOTDIR
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from checker.files import ASIDE, Content, put_all_in_place
from checker.folder.finding import FEEDBACK, OUTPUTS
from checker.folder.run import GradedClass
from checker.marking.marks import QUEUE
from checker.marking.queue import UngradedFile
from checker.report import SubmissionReport
from checker.reports.answers_csv import answers_head
from checker.reports.gradebook_csv import gradebook_head, gradebook_row
from checker.reports.index_html import index_chunks
from checker.reports.overview import Overview
from checker.reports.results_json import results_head, results_part, results_tail
from checker.texts import Texts, repeated
from submissions_schema.submission import safe_file_stem

_PAGES = (".html", ".md")


def feedback_stems(students: Sequence[str]) -> Sequence[str]:
    """Return a file name without extension for each student's file, in order; no two alike."""
    several = repeated(students)
    count: Counter[str] = Counter()

    def stem(student: str) -> str:
        base = safe_file_stem(student)  # No other student has it, nor a name that begins so with =.
        if hash(student) not in several:
            return base
        count[student] += 1
        return base if count[student] == 1 else f"{base}={count[student]}"

    return Texts(map(stem, students))


class Outputs:
    """The outputs of a run on their way to a folder; used as a context manager.

    ``aside`` is for what is written while grading, on the same file system. Raises OSError.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._target = Path(os.path.realpath(out))
        self._lock: BinaryIO | None = None
        self.written = False

    def __enter__(self) -> Outputs:
        _refuse_others(self._target)
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self.aside = self._made()
        self._fresh = self.aside / "new"
        self._fresh.mkdir()
        (self._fresh / FEEDBACK).mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock is not None:
            self._lock.close()
        shutil.rmtree(self.aside, ignore_errors=True)

    def _made(self) -> Path:
        """Return a new folder beside the outputs, or in them where there can be none beside."""
        beside = f"{ASIDE}{self._target.name}-"
        _clear(self._target.parent, beside)
        if self._target.is_dir():
            _clear(self._target, ASIDE)
        try:
            made = Path(tempfile.mkdtemp(prefix=beside, dir=self._target.parent))
            if self._target.exists() and made.stat().st_dev != self._target.stat().st_dev:
                made.rmdir()
                raise OSError
        except OSError:
            self._target.mkdir(exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=ASIDE, dir=self._target))
        self._lock = _locked(made)
        return made

    def commit(
        self,
        graded: GradedClass,
        whole: Overview,
        queue: UngradedFile,
        more: Mapping[Path, Content],
    ) -> Path:
        """Put the outputs in place, and return the page to open.

        ``whole`` is the overview of the run, and ``queue`` is ``ungraded.yaml``, which is only
        written if a person has to mark any answer. ``more`` are further files; those
        beside the outputs come into place with them.
        """
        stems = feedback_stems(graded.students)
        folder = str(self._fresh / FEEDBACK)
        for position, stem in enumerate(stems):
            for page, ending in zip(graded.pages(position), _PAGES, strict=True):
                os.rename(page, f"{folder}/{stem}{ending}")  # noqa: PTH104
        self._write("answers.csv", chain((answers_head().encode(),), graded.answers()))
        links = (f"{FEEDBACK}/{stem}.html" for stem in stems)
        passing = self._passing(graded, whole, queue)
        self._write("index.html", map(str.encode, index_chunks(graded.run, whole, links, passing)))
        beside = {path: data for path, data in more.items() if self._is_beside(path)}
        for path, data in beside.items():
            self._write(path.name, (data,) if isinstance(data, bytes) else data)
        if not self._exchange_all():
            self._move_each()
        put_all_in_place({path: data for path, data in more.items() if path not in beside})
        self.written = True
        return self.out / "index.html"

    def _passing(
        self, graded: GradedClass, whole: Overview, queue: UngradedFile
    ) -> Iterator[SubmissionReport]:
        """Yield the submissions, and write each to all tables, so that it is read only once."""
        run, questions = graded.run, [column.id for column in whole.columns]
        with (
            (self._fresh / "results.json").open("wb") as results,
            (self._fresh / "gradebook.csv").open("wb") as gradebook,
            (self.aside / QUEUE).open("wb") as ungraded,
        ):
            results.write(results_head(run, whole))
            gradebook.write(gradebook_head(questions).encode())
            both = zip(run.submissions, graded.fragments(), strict=True)
            for position, (submission, part) in enumerate(both):
                results.write(results_part(part, submission.notes, first=position == 0))
                gradebook.write(gradebook_row(submission, questions).encode())
                ungraded.write(queue.of(submission).encode())
                yield submission
            results.writelines(results_tail(run, whole))
            ungraded.write(queue.rest().encode())
            any_ungraded = ungraded.tell() > 0
        if any_ungraded:
            (self.aside / QUEUE).rename(self._fresh / QUEUE)

    def _write(self, name: str, chunks: Iterable[bytes]) -> None:
        with (self._fresh / name).open("wb") as stream:
            stream.writelines(chunks)

    def _is_beside(self, path: Path) -> bool:
        return os.path.realpath(path.parent) == str(self._target) and not path.is_dir()

    def _exchange_all(self) -> bool:
        """Put the new folder in place of the old one in one step; say whether that was possible."""
        old, new = self._target, self._fresh
        if self.aside.parent == old or old in (Path.cwd(), *Path.cwd().parents):
            return False
        if not old.exists():
            new.rename(old)
            return True
        try:
            shutil.copymode(old, new)
            _keep_others(old, new, lambda name: name in (*OUTPUTS, FEEDBACK))
            if (old / FEEDBACK).exists():
                _keep_others(old / FEEDBACK, new / FEEDBACK, _is_page)
        except OSError:
            return False
        return exchange(old, new)

    def _move_each(self) -> None:
        feedback, fresh = self._target / FEEDBACK, self._fresh / FEEDBACK
        self._target.mkdir(exist_ok=True)
        if feedback.exists():
            for kept in feedback.iterdir():
                if not _is_page(kept.name) and not (fresh / kept.name).exists():
                    kept.rename(fresh / kept.name)
            feedback.rename(self.aside / "old")
        gone = [name for name in OUTPUTS if not (self._fresh / name).exists()]
        for path in sorted(self._fresh.iterdir()):
            path.replace(self._target / path.name)
        for name in gone:
            (self._target / name).unlink(missing_ok=True)


def _refuse_others(out: Path) -> None:
    """Refuse a folder in which something else has the name of an output."""
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(ENOTDIR, "a file stands where this folder belongs", str(out))
    for name in OUTPUTS:
        if (out / name).is_dir():
            raise IsADirectoryError(
                EISDIR, "a folder stands where this file belongs", str(out / name)
            )
    feedback = out / FEEDBACK
    if feedback.exists() and not feedback.is_dir():
        raise NotADirectoryError(ENOTDIR, "a file stands where this folder belongs", str(feedback))


def _is_page(name: str) -> bool:
    return name.endswith(_PAGES)


def _keep_others(old: Path, new: Path, ours: Callable[[str], bool]) -> None:
    """Link what isn't ours into the new folder as well. Raises OSError where that can't be."""
    with os.scandir(old) as entries:
        for entry in entries:
            target = new / entry.name
            if not ours(entry.name) and not target.exists():
                os.link(entry.path, target, follow_symlinks=False)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return whether the system could."""
    try:
        system: Any = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            done = int(system.renamex_np(os.fsencode(one), os.fsencode(other), 2))
        else:
            here = -100  # Paths are absolute, or from the working directory.
            done = int(system.renameat2(here, os.fsencode(one), here, os.fsencode(other), 2))
    except (AttributeError, OSError, TypeError):
        return False
    return done == 0


def _locked(folder: Path) -> BinaryIO | None:
    """Lock a folder for as long as this process lives, where the system has such locks."""
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:
        return None
    stream = (folder / "lock").open("wb")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stream.close()
        raise
    return stream


def _clear(folder: Path, prefix: str) -> None:
    """Delete what runs left behind that were killed; a run that is under way holds its lock."""
    for left in folder.glob(f"{prefix}*"):
        try:
            if left.is_dir():
                lock = _locked(left)
                shutil.rmtree(left, ignore_errors=True)
                if lock is not None:
                    lock.close()
            elif prefix == ASIDE:
                left.unlink(missing_ok=True)
        except OSError:
            continue
