"""The archive of feedback files that Moodle takes: one folder for each participant.

Moodle reads ``Name_12345_assignfeedback_file`` by its underscores, so a name has none.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.lms.downloads import Submitter, origins
from checker.lms.roster import str_of
from checker.report import RunReport
from checker.reports.clean import encodable
from checker.reports.html import submission_html
from submissions_schema.submission import safe_file_stem

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
    participants: Mapping[str, tuple[str, str]] | None = None,
    submitters: Mapping[str, Sequence[Submitter]] | None = None,
) -> FeedbackZip:
    """Return the archive of all students' reports, the same bytes for the same reports.

    Moodle's number of a student is in the name of a bulk download; ``participants`` has the numbers
    and names that a grading worksheet knows, by the file of the submission.
    """
    known = origins([submission.file for submission in run.submissions], submitters)
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
    several = Counter(user for user, _ in who.values())
    taken: set[str] = set()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for submission in run.submissions:
            if submission.file not in who:
                continue
            user, name = who[submission.file]
            page = "feedback.html"
            if several[user] > 1:
                page = f"feedback-{safe_file_stem(submission.file.lower())}.html"
            folder = f"{_plain(name) or 'Participant'}_{user}_assignfeedback_file"
            assert f"{folder}/{page}" not in taken
            taken.add(f"{folder}/{page}")
            info = zipfile.ZipInfo(f"{folder}/{page}", _DATE)
            info.external_attr = _MODE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, encodable(submission_html(run, submission)).encode())
    return FeedbackZip(out.getvalue(), len(several), tuple(remarks))


def _plain(name: str) -> str:
    return " ".join(_NOT_IN_NAME.sub(" ", encodable(name)).split())[:100].strip(" .")
