"""The archive of feedback files that Moodle takes: one folder for each participant.

Moodle reads ``Name_12345_assignfeedback_file`` by its underscores, so a name has none.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from checker.lms.downloads import Origins, Submitter
from checker.lms.roster import str_of
from checker.report import RunReport
from checker.reports.clean import encodable

_NOT_IN_NAME = re.compile(r'[\x00-\x1f\x7f_/\\:*?"<>|]+')
_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


@dataclass(frozen=True, slots=True)
class FeedbackZip:
    """The archive, how many students it has, and who had to be left out."""

    data: bytes
    students: int
    remarks: tuple[str, ...]


def feedback_zip(
    run: RunReport,
    pages: Iterable[bytes],
    participants: Mapping[str, tuple[str, str]] | None = None,
    submitters: Mapping[str, Sequence[Submitter]] | None = None,
) -> FeedbackZip:
    """Return the archive of all students' ``pages``, in order; the same bytes for the same pages.

    Moodle's number of a student is in the name of a bulk download; ``participants`` has the numbers
    and names that a grading worksheet knows, by the file of the submission.
    """
    known = Origins((submission.file for submission in run.submissions), submitters)
    who: dict[str, tuple[str, str]] = {}
    remarks = []
    for submission in run.submissions:
        origin = known[submission.file]
        found = (participants or {}).get(submission.file)
        if origin.kind == "moodle":
            who[submission.file] = (origin.user, origin.name)
        elif found is not None and found[0]:
            who[submission.file] = found
        else:
            remarks.append(
                f"{str_of(submission)}: no number of a Moodle participant is known; not in the "
                "feedback archive (--gradebook with Moodle's worksheet says the numbers)"
            )
    names = _pages(who)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for submission, page in zip(run.submissions, pages, strict=True):
            if submission.file not in who:
                continue
            user, name = who[submission.file]
            folder = f"{_plain(name) or 'Participant'}_{user}_assignfeedback_file"
            info = zipfile.ZipInfo(f"{folder}/{names[submission.file]}", _DATE)
            info.external_attr = _MODE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, page)
    return FeedbackZip(out.getvalue(), len({user for user, _ in who.values()}), tuple(remarks))


def _pages(who: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return the name of each file's page; where a student has several, by the file's own name."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for file, (user, _) in who.items():
        files[user].append(file)
    pages: dict[str, str] = {}
    for own in files.values():
        stems = {
            file: _plain(PurePosixPath(file.partition("_assignsubmission_")[2] or file).stem)
            for file in own
        }
        taken: set[str] = set()
        for file, stem in stems.items():
            base = page = f"feedback-{stem}" if len(own) > 1 else "feedback"
            number = 2
            while page.casefold() in taken:
                page = f"{base} {number}"
                number += 1
            taken.add(page.casefold())
            pages[file] = f"{page}.html"
    return pages


def _plain(name: str) -> str:
    return " ".join(_NOT_IN_NAME.sub(" ", encodable(name)).split())[:100].strip(" .")
