"""The results of an earlier run, read one submission at a time and kept on disk.

``results.json`` of either version will do; version 1 says nothing of files' hashes and decisions.
"""

from __future__ import annotations

import json
import pickle
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from submissions_schema.problems import InputError, Place, Problem

_SCHEMA = re.compile(r"homework-checker/results/v[12]")
_SUBMISSIONS = re.compile(r'(?<!\\)"submissions"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_AT_ONCE = 1 << 20
_TABLE = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE kept (file BLOB UNIQUE, student BLOB, data BLOB, asked INTEGER DEFAULT 0);
CREATE INDEX students ON kept (student);
BEGIN;
"""


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What an answer had: its verdict, its points, and the decisions on it as texts."""

    verdict: str
    points: float | None
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarlierSubmission:
    """What a submission had; ``content_hash`` is empty where it isn't known."""

    student: str
    name: str
    file: str
    score: float | None
    content_hash: str
    answers: Mapping[tuple[str, str], EarlierAnswer]


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What is said of a run as a whole; ``version`` is empty where it isn't known."""

    path: Path
    assignment: str
    content_hash: str
    version: str
    decisions: tuple[str, ...]


def read_run(path: Path) -> EarlierRun:
    """Return what a file of results says of its run. Raises :class:`InputError`."""
    try:
        with path.open(encoding="utf-8") as stream:
            return _run(path, _Parts(stream).head())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unusable(path, error) from None


class Earlier:
    """The submissions of an earlier run; they lie in a file in ``folder`` until they are asked for.

    Raises :class:`InputError` for a file that is none of the checker's results, and OSError.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        kept = folder / "earlier"
        kept.unlink(missing_ok=True)
        self._kept = sqlite3.connect(kept, isolation_level=None)
        try:
            self._kept.executescript(_TABLE)
            with path.open(encoding="utf-8") as stream:
                parts = _Parts(stream)
                self.run = _run(path, parts.head())
                for plain in parts.submissions():
                    self._keep(_submission(plain, self.run.decisions))
            self._kept.execute("COMMIT")
        except sqlite3.Error as error:
            self._kept.close()
            raise OSError(None, str(error), str(kept)) from None
        except (ValueError, KeyError, TypeError, IndexError) as error:
            self._kept.close()
            raise _unusable(path, error) from None

    def _keep(self, submission: EarlierSubmission) -> None:
        data = pickle.dumps(submission, pickle.HIGHEST_PROTOCOL)
        row = (_key(submission.file), _key(submission.student), data)
        self._kept.execute(
            "INSERT OR REPLACE INTO kept (file, student, data) VALUES (?, ?, ?)", row
        )

    def of(self, file: str, student: str) -> EarlierSubmission | None:
        """Return what a file had, or if it wasn't there its student, in whatever file."""
        found = self._found("file = ?", _key(file)) or self._found("student = ?", _key(student))
        if found is not None:
            self._kept.execute("UPDATE kept SET asked = 1 WHERE file = ?", (_key(found.file),))
        return found

    def others(self) -> Iterator[EarlierSubmission]:
        """Yield what nobody asked for, in order."""
        for (data,) in self._kept.execute("SELECT data FROM kept WHERE NOT asked ORDER BY rowid"):
            yield pickle.loads(data)

    def close(self) -> None:
        """Let go of the file."""
        self._kept.close()

    def _found(self, where: str, key: bytes) -> EarlierSubmission | None:
        query = f"SELECT data FROM kept WHERE {where} ORDER BY rowid DESC LIMIT 1"
        row = self._kept.execute(query, (key,)).fetchone()
        return None if row is None else pickle.loads(row[0])


def _key(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class _Parts:
    """The parts of a JSON file of results, of which only one submission is in memory at a time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._decoder = json.JSONDecoder()

    def head(self) -> dict[str, Any]:
        """Return all that comes before the submissions."""
        while (found := _SUBMISSIONS.search(self._text)) is None:
            if not self._more():
                raise ValueError("there are no submissions in it")
        before = self._text[: found.start()].rstrip().removesuffix(",")
        self._at = found.end()
        head = json.loads(before + "}")
        if not isinstance(head, dict) or not _SCHEMA.fullmatch(str(head.get("schema"))):
            raise ValueError("its schema is none of the checker's")
        return head

    def submissions(self) -> Iterator[dict[str, Any]]:
        """Yield the submissions, after the head was read."""
        while True:
            self._at = self._skipped()
            if self._text[self._at : self._at + 1] == "]":
                return
            try:
                plain, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            yield plain
            self._at = end

    def _skipped(self) -> int:
        while True:
            found = _BETWEEN.match(self._text, self._at)
            assert found is not None
            if found.end() < len(self._text) or not self._more():
                return found.end() if found.end() < len(self._text) else len(self._text)

    def _more(self) -> bool:
        # What is too short is read on in steps that grow, so that long submissions cost no more.
        rest = self._text[self._at :]
        read = self._stream.read(max(_AT_ONCE, len(rest)))
        self._text, self._at = rest + read, 0
        return bool(read)


def _run(path: Path, head: Mapping[str, Any]) -> EarlierRun:
    assignment = head["assignment"]
    return EarlierRun(
        path,
        str(assignment["id"]),
        str(assignment["content_hash"]),
        str(head.get("checker_version", "")),
        tuple(str(decision["text"]) for decision in head.get("decisions", ())),
    )


def _submission(plain: Mapping[str, Any], decisions: tuple[str, ...]) -> EarlierSubmission:
    answers = {
        (str(answer["question"]), str(answer["answer"])): EarlierAnswer(
            str(answer["verdict"]),
            answer["points"],
            tuple(decisions[n] for n in answer.get("decided", {}).get("decisions", ())),
        )
        for answer in plain["answers"]
    }
    return EarlierSubmission(
        str(plain["student"]),
        str(plain["name"]),
        str(plain["file"]),
        plain["score"],
        str(plain.get("content_hash", "")),
        answers,
    )


def _unusable(path: Path, error: Exception) -> InputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else None
    message = f"the file can't be read: {reason}" if reason else "this is no usable results.json"
    return InputError([Problem(message, Place(str(path)), "what `checker grade` wrote")])
