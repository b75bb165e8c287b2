"""The students of a gradebook, and which submission is whose.

A platform's own number in a download's file name is the best witness, then the student's id, then
the name. What fits two students is nobody's: to give a grade to the wrong one is worse than to ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.lms.downloads import Kind, Origin, Origins, Submitter
from checker.lms.people import folded, name_tokens, names_agree, nearest
from checker.report import RunReport, SubmissionReport

_COMPARED = 40_000
"""Up to so many pairs are compared for suggestions; it is slow, and beyond that all is amiss."""


@dataclass(frozen=True, slots=True)
class Student:
    """A student in a gradebook: the row, the platform's number, ids of any kind, and the name."""

    row: int
    user: str = ""
    ids: tuple[str, ...] = ()
    name: str = ""
    group: str = ""

    def __str__(self) -> str:
        known = next((id for id in (*self.ids, self.user) if id), "")
        return f"{self.name} ({known})" if self.name and known else self.name or known


@dataclass(frozen=True, slots=True)
class Matching:
    """Who is who: submissions by row, and a remark for each that could not be told."""

    submissions: Mapping[int, SubmissionReport]
    remarks: tuple[str, ...]
    absent: tuple[Student, ...]
    """Students without a submission, where no remark names them."""


def match(
    run: RunReport,
    students: Sequence[Student],
    kind: Kind,
    submitters: Mapping[str, Sequence[Submitter]] | None = None,
) -> Matching:
    """Find each submission's row; ``kind`` is the platform that the gradebook is from."""
    known = Origins((submission.file for submission in run.submissions), submitters)
    index = _Index(students)
    claims: defaultdict[int, list[SubmissionReport]] = defaultdict(list)
    strays: list[tuple[SubmissionReport, str]] = []
    doubted: set[int] = set()
    for submission in (replace(one, questions=()) for one in run.submissions):
        rows, doubt = index.rows_of(submission, known[submission.file], kind)
        if doubt:
            doubted.update(rows)
        else:
            for row in rows:
                claims[row].append(submission)
        if doubt or not rows:
            strays.append((submission, doubt))
    found: dict[int, SubmissionReport] = {}
    remarks: list[str] = []
    by_row = {student.row: student for student in students}
    for row, claimants in claims.items():
        if len({(s.status, s.score, s.pending) for s in claimants}) == 1:
            found[row] = claimants[0]
        else:
            files = ", ".join(submission.file for submission in claimants)
            remarks.append(f"{by_row[row]} has several submissions, none is filled in: {files}")
    free = [student for student in students if student.row not in claims]
    few = len(strays) * len(free) <= _COMPARED
    remarks += [_stray(submission, doubt, free if few else ()) for submission, doubt in strays]
    absent = []
    for student in free:
        near = nearest(
            [student.name, *student.ids],
            [(t, str_of(s)) for s, _ in strays if few for t in (s.student, s.name) if t],
        )
        if student.row in doubted:
            continue
        if near:
            remarks.append(f"{student} has no submission; is it {_or(near)}?")
        else:
            absent.append(student)
    return Matching(found, tuple(remarks), tuple(absent))


def str_of(submission: SubmissionReport) -> str:
    """Return a submission as messages name it."""
    who = f"{submission.name} ({submission.student})" if submission.name else submission.student
    return f"{who}, {submission.file}" if who else submission.file


def _stray(submission: SubmissionReport, doubt: str, free: Sequence[Student]) -> str:
    if doubt:
        return f"{str_of(submission)}: {doubt}"
    near = nearest(
        [submission.student, submission.name],
        [(text, str(s)) for s in free for text in (s.name, s.user, *s.ids) if text],
    )
    hint = f"; is it {_or(near)}?" if near else ""
    return f"{str_of(submission)}: not in the gradebook{hint}"


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)


class _Index:
    """The rows of a gradebook by what may name a student."""

    def __init__(self, students: Sequence[Student]) -> None:
        self.students = {student.row: student for student in students}
        self.users = _by(students, lambda s: (s.user,))
        self.ids = _by(students, lambda s: (*s.ids, s.user))
        self.locals = _by(students, lambda s: (id.partition("@")[0] for id in s.ids))
        self.names = _by(students, lambda s: (" ".join(name_tokens(s.name)),))
        self.groups = _by(students, lambda s: (s.group,))

    def rows_of(
        self, submission: SubmissionReport, origin: Origin, kind: Kind
    ) -> tuple[tuple[int, ...], str]:
        """Return a submission's rows (a group has several).

        With a reason not to fill them in, they are those that may be meant.
        """
        own = self._own(submission)
        if origin.kind == kind and (found := self._by_platform(submission, origin, own)):
            return found
        group = tuple(
            dict.fromkeys(
                row for s in origin.submitters if len(rows := self._of(s)) == 1 for row in rows
            )
        )
        if own and self._says_another(submission, origin, own, group):
            said = _or(str(self.students[row]) for row in own)
            where = "its name" if origin.kind in ("folder", "file") else "the download's name"
            who = f"the file says {said}" + (f" and {submission.name}" * bool(submission.name))
            why = f"{where} says {origin}, {who}; not filled in"
            return tuple(dict.fromkeys((*own, *group))), why
        if len(own) == 1 and len(origin.submitters) <= 1:
            return own, ""
        if group and len(own) <= 1:
            return tuple(dict.fromkeys((*own, *group))), ""
        if len(own) > 1:
            fits = _or(str(self.students[row]) for row in own)
            return own, f"it may be {fits}; not filled in"
        rows, doubt = self._by_name(submission.name, *origin.names, submission.student)
        if rows and not doubt and self._says_another(submission, origin, rows, group):
            doubt = f"the file says {submission.name}, its name {origin}; not filled in"
        return rows, doubt

    def _says_another(
        self,
        submission: SubmissionReport,
        origin: Origin,
        own: tuple[int, ...],
        group: tuple[int, ...],
    ) -> bool:
        """Whether someone else is named than the rows that the file's own id names.

        A platform says who handed in. A plain file may be called as another student is, and the
        name that it states may not be the one that belongs to the id.
        """
        known = [self.students[row].name for row in own]
        if origin.kind in ("folder", "file"):
            named = self._named(origin.part)
            names: tuple[str, ...] = (submission.name,) if submission.name else ()
        else:
            named, names = group, origin.names
        if set(own) & set(named):
            return False
        agree = [names_agree(one, other) for one in names for other in known]
        if named and origin.kind in ("folder", "file"):
            return True
        return True not in agree and (bool(named) or False in agree)

    def _named(self, part: str) -> tuple[int, ...]:
        """Return the rows that a file's or a folder's own name may mean: an id or a whole name."""
        return self._of(Submitter(id=part)) or self.names.get(" ".join(name_tokens(part)), ())

    def _by_platform(
        self, submission: SubmissionReport, origin: Origin, own: tuple[int, ...]
    ) -> tuple[tuple[int, ...], str] | None:
        """Return what the platform's own number tells, if it is known."""
        team = self.groups.get(folded(origin.name), ()) if origin.name else ()
        user = self.users.get(folded(origin.user), ())
        if len(user) != 1:
            return (team, "") if team else None
        student = self.students[user[0]]
        by_number = submission.student == origin.user or submission.status == "unreadable"
        if own and user[0] not in own and not by_number:
            said = _or(str(self.students[row]) for row in own)
            why = f"the download's name says {student}, the file says {said}; not filled in"
            return (*user, *own), why
        if (
            (by_number or not own)
            and origin.kind == "moodle"
            and names_agree(origin.name, student.name) is False
        ):
            # The number of a group may be a student's too.
            if team:
                return team, ""
            why = f"{origin.user} is {student} in the gradebook; not filled in"
            return user, f"the download's name says {origin}, but {why}"
        return user, ""

    def _own(self, submission: SubmissionReport) -> tuple[int, ...]:
        """Return the rows that the student's own id names."""
        return self._of(Submitter(id=submission.student))

    def _of(self, submitter: Submitter) -> tuple[int, ...]:
        for id in filter(None, (submitter.id, submitter.email)):
            for table in (self.ids, self.locals):
                rows = table.get(folded(id)) or table.get(folded(id.partition("@")[0]), ())
                if rows:
                    return rows
        return ()

    def _by_name(self, *names: str) -> tuple[tuple[int, ...], str]:
        for name in names:
            rows = self.names.get(" ".join(name_tokens(name)), ()) if name else ()
            if len(rows) == 1:
                return rows, ""
            if rows:
                fits = _or(str(self.students[row]) for row in rows)
                return rows, f"several have this name, {fits}; not filled in"
        return (), ""


def _by(
    students: Sequence[Student], keys: Callable[[Student], Iterable[str]]
) -> dict[str, tuple[int, ...]]:
    found: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for student in students:
        for key in _folded_keys(keys(student)):
            found[key][student.row] = None
    return {key: tuple(rows) for key, rows in found.items()}


def _folded_keys(keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        if form := folded(key):
            yield form
