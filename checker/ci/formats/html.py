"""The report of each student as a page, beside the others in ``feedback/``."""

from __future__ import annotations

from collections.abc import Mapping

from checker.ci.format import Format, Job


def _pages(job: Job) -> Mapping[str, str]:
    from checker.folder.outputs import feedback_stems  # noqa: PLC0415
    from checker.reports.html import submission_html  # noqa: PLC0415

    stems = feedback_stems([submission.student for submission in job.run.submissions])
    return {
        f"feedback/{stem}.html": submission_html(job.run, submission)
        for submission, stem in zip(job.run.submissions, stems, strict=True)
    }


FORMAT = Format("students, in a browser", files=_pages, needs_points=True)
