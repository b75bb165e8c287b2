"""The submissions of a class on disk, so that memory doesn't grow with the class."""

from __future__ import annotations

import pickle
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias, overload

import numpy as np

from checker.folder.batches import Graded, Pages
from checker.folder.notes import ClassNotes, class_notes
from checker.folder.pickling import pickled
from checker.lms.downloads import Identified, Kind
from checker.report import SubmissionReport
from checker.reports.results_json import Fragment
from checker.texts import Texts, repeated

_BETWEEN = b"\0"
"""What stands between the parts of a fragment: no JSON has it."""

Alike: TypeAlias = Callable[[Iterable[str]], Callable[[SubmissionReport], str]]


class Spool:
    """Parts of a file, each at a position; they may come in any order."""

    def __init__(self, path: Path, count: int) -> None:
        self._stream = path.open("w+b")
        self._starts = array("Q", bytes(8 * count))
        self._sizes = array("I", bytes(4 * count))
        self._end = 0
        self._at_end = True

    def __len__(self) -> int:
        return len(self._starts)

    def put(self, position: int, part: bytes) -> None:
        """Keep a part, behind all others."""
        if not self._at_end:
            self._stream.seek(self._end)
            self._at_end = True
        self._starts[position], self._sizes[position] = self._end, len(part)
        self._end += self._stream.write(part)

    def __getitem__(self, position: int) -> bytes:
        self._at_end = False
        self._stream.seek(self._starts[position])
        return self._stream.read(self._sizes[position])

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()


class Kept(Sequence[SubmissionReport]):
    """The reports of a class, with the notes that only the class gives them, read when needed."""

    def __init__(self, spool: Spool, notes: ClassNotes) -> None:
        self._spool = spool
        self._notes = notes

    def __len__(self) -> int:
        return len(self._spool)

    @overload
    def __getitem__(self, index: int) -> SubmissionReport: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SubmissionReport]: ...
    def __getitem__(self, index: int | slice) -> SubmissionReport | Sequence[SubmissionReport]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return self._notes.added_to(pickle.loads(self._spool[range(len(self))[index]]))


class Store:
    """What comes of the files of a class, written to a folder as it comes."""

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir(exist_ok=True)
        self._pages = folder / "pages"
        self._pages.mkdir()
        self._reports = Spool(folder / "reports", count)
        self._fragments = Spool(folder / "results", count)
        self._answers = Spool(folder / "answers", count)
        self._agreed: Counter[tuple[Kind, bool | None]] = Counter()
        self._came, self._whose = array("I"), Texts()

    def add(self, graded: Graded) -> None:
        """Keep what came of one file. Raises OSError."""
        self._reports.put(graded.position, graded.identified)
        self._agreed[graded.kind, graded.agreed] += 1
        self._came.append(graded.position)
        self._whose.append(graded.student)
        if graded.pages is not None:
            self._write(graded.position, graded.pages)

    def _write(self, position: int, pages: Pages) -> None:
        self._fragments.put(position, _BETWEEN.join((pages.results.before, pages.results.after)))
        self._answers.put(position, pages.answers)
        for path, data in zip(self.pages(position), (pages.html, pages.markdown), strict=True):
            with path.open("wb") as stream:
                stream.write(data)

    def pages(self, position: int) -> tuple[Path, Path]:
        """Return where a submission's page lies, and the same in Markdown."""
        return self._pages / f"{position}.html", self._pages / f"{position}.md"

    def students(self) -> Sequence[str]:
        """Return whose each submission is, once all of them are there."""
        return Texts(self._whose[n] for n in np.argsort(self._came).tolist())

    def submissions(self, alike: Alike | None = None) -> Kept:
        """Return the reports, once all of them are there.

        ``alike`` returns, for the students of a class, what is said of a report like another's.
        """
        notes = class_notes(self._found(), self._agreed, repeated(self._whose))
        if alike is not None:
            notes = replace(notes, alike=alike(filter(None, self.students())))
        return Kept(self._reports, notes)

    def _found(self) -> Iterator[Identified]:
        return map(pickle.loads, self._reports)

    def fragments(self) -> Iterator[Fragment]:
        """Yield the parts of ``results.json``, in order."""
        return (Fragment(*part.split(_BETWEEN)) for part in self._fragments)

    def answers(self) -> Iterator[bytes]:
        """Yield the lines of ``answers.csv``, in order."""
        return iter(self._answers)

    def rewrite(self, change: Callable[[SubmissionReport], tuple[SubmissionReport, Pages]]) -> None:
        """Put changed reports in place of those that are there, and their pages with them."""
        for position in range(len(self._reports)):
            found: Identified = pickle.loads(self._reports[position])
            report, pages = change(found.report)
            self._reports.put(position, pickled(replace(found, report=report)))
            self._write(position, pages)

    def close(self) -> None:
        """Let go of the files."""
        self._reports.close()
        self._fragments.close()
        self._answers.close()
