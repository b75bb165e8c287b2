"""A teacher's defaults: the file ``checker.toml`` beside the assignments.

A key stands for the option of the same name, as if it had been typed; one that is typed wins.
``hints`` gives way to an assignment that says ``feedback`` itself. The file is looked for beside
the assignment alone, because a student's repository may have one too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from submissions_schema.problems import InputError, Place, Problem, shown

if TYPE_CHECKING:
    from submissions_schema.assignment_file import AssignmentFile
    from submissions_schema.grading_settings import Hints

NAME = "checker.toml"

_KEYS = ("out", "formats", "hints")
_LARGEST = 1 << 16
_STATEMENT = re.compile(r"""[ \t]*(?:\[+[ \t]*)?(["']?)(?P<key>[^\s"'.=\]]+)\1[ \t]*[=.\]]""")
_STOPPED = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end .*)\)")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What options are where they are left out; ``None`` and nothing where the file is silent.

    ``out`` is where ``grade`` writes, and ``ci`` what it was asked to write. ``formats`` are what
    ``ci`` writes, each with its place in the file. ``hints`` is how much is told before the marks.
    """

    out: Path | None = None
    formats: tuple[tuple[str, Place], ...] = ()
    hints: Hints | None = None


def defaults_beside(assignment: Path) -> Defaults:
    """Return the defaults for an assignment's file; those of a folder without a file are empty.

    Raises :class:`InputError` with everything that is wrong with the file, and where.
    """
    path = assignment.parent / NAME
    return _read(path) if path.is_file() else Defaults()


def hints_for(assignment: Path, file: AssignmentFile) -> Hints:
    """Return how much is told before the marks: as the assignment says, or the defaults, or ours.

    Raises :class:`InputError` as :func:`defaults_beside` does.
    """
    said = defaults_beside(assignment).hints
    return file.hints if file.feedback is not None or said is None else said


def _read(path: Path) -> Defaults:
    from submissions_schema.yaml_reader import Limits, read_bytes  # noqa: PLC0415

    data = read_bytes(path, limits=Limits(bytes=_LARGEST))
    try:
        source = data.decode("utf-8")
        values = tomllib.loads(source)
    except UnicodeDecodeError:
        raise InputError([Problem("the file is not UTF-8 text", Place(str(path)))]) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError([_syntax_problem(str(error), source, path)]) from None
    return _File(path, source).defaults(values)


def _syntax_problem(said: str, source: str, path: Path) -> Problem:
    found = _STOPPED.fullmatch(said)
    what = found["what"] if found else said
    place = Place(str(path), source.rstrip().count("\n") + 1)
    if found and found["line"]:
        place = Place(str(path), int(found["line"]), int(found["column"]))
    return Problem(f"the TOML can't be read here ({what})", place)


class _File:
    """The file, in which every problem has its place."""

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.source = source

    def defaults(self, values: dict[str, Any]) -> Defaults:
        """Return what the file says. Raises :class:`InputError` with every problem."""
        problems = [*self._unknown(values), *self._unfit(values)]
        if problems:
            raise InputError(sorted(problems, key=_in_the_file))
        out = values.get("out")
        formats = tuple((name, self._place("formats", name)) for name in values.get("formats", ()))
        return Defaults(Path(out) if out else None, formats, values.get("hints"))

    def _unknown(self, values: Iterable[str]) -> Iterator[Problem]:
        from submissions_schema.validation import did_you_mean  # noqa: PLC0415

        for key in values:
            if key == "reveal":
                message = "`reveal` has no default; --reveal is typed whenever it is meant"
                yield Problem(message, self._place(key))
            elif key not in _KEYS:
                message = f"there is no default `{key}`{did_you_mean(key, _KEYS)}"
                yield Problem(message, self._place(key), " or ".join(f"`{k}`" for k in _KEYS))

    def _unfit(self, values: dict[str, Any]) -> Iterator[Problem]:
        from submissions_schema.grading_settings import Hints  # noqa: PLC0415

        levels = get_args(Hints)
        fits = {
            "out": ("a folder", _is_text),
            "formats": ("a list of formats", _are_texts),
            "hints": (" or ".join(f"`{level}`" for level in levels), lambda value: value in levels),
        }
        for key, (expected, fit) in fits.items():
            if key in values and not fit(values[key]):
                problem = f"`{key}` can't be used"
                yield Problem(problem, self._place(key), expected, _described(values[key]))

    def _place(self, key: str, item: str = "") -> Place:
        """Return where a key stands, or a text in its value.

        What looks like a key is one if all that stands before it is complete by itself.
        """
        lines = self.source.splitlines(keepends=True)
        for number, line in enumerate(lines):
            found = _STATEMENT.match(line)
            if found and found["key"] == key and _is_complete("".join(lines[:number])):
                rest = "".join(lines[number:])
                quoted = re.search(f"""(["']){re.escape(item)}\\1""", rest) if item else None
                index = quoted.start() if quoted else found.start("key") - len(found[1])
                before = rest[:index]
                column = index - (before.rfind("\n") + 1)
                return Place(str(self.path), number + 1 + before.count("\n"), column + 1)
        return Place(str(self.path))


def _in_the_file(problem: Problem) -> tuple[int, int]:
    return problem.place.line or 0, problem.place.column or 0


def _is_complete(source: str) -> bool:
    try:
        tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _described(value: object) -> str:
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        unfit = [item for item in value if not _is_text(item)]
        return f"a list with {_described(unfit[0])}" if unfit else "an empty list"
    if isinstance(value, str) and not value.strip():
        return "an empty text"
    return shown(str(value))
