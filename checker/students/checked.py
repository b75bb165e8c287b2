"""The result of a check in memory: the report answer by answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.report import AnswerReport, RunReport, SubmissionReport
from checker.students.checked_tables import html_table, text_table
from submissions_schema.nearness import nearest


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """The result of a check: a table when it is shown, answer by answer when it is run over."""

    run: RunReport

    @property
    def report(self) -> SubmissionReport:
        """Everything that is told, as the reports of files have it."""
        (submission,) = self.run.submissions
        return submission

    @property
    def score(self) -> float:
        """The points so far."""
        return self.report.score or 0.0

    @property
    def max_score(self) -> float:
        """The points that there are."""
        return self.report.max_score

    @property
    def pending(self) -> float:
        """The points that wait for a person."""
        return self.report.pending

    @property
    def answers(self) -> tuple[AnswerReport, ...]:
        """All answers, in the assignment's order."""
        return self.report.answers

    def __iter__(self) -> Iterator[AnswerReport]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __getitem__(self, answer: str | tuple[str, str]) -> AnswerReport:
        """``result["h_0"]``, or ``result["q3.1", "h_0"]`` where several questions have one."""
        wanted = answer if isinstance(answer, tuple) else (None, answer)
        found = [a for a in self if a.answer == wanted[1] and wanted[0] in (None, a.question)]
        if not found:
            near = nearest(wanted[1], [a.answer for a in self])
            hint = f"; did you mean {near!r}?" if near else ""
            raise KeyError(f"there is no answer {answer!r}{hint}")
        if len(found) > 1:
            questions = ", ".join(repr(a.question) for a in found)
            raise KeyError(f"{answer!r} is an answer of several questions: {questions}")
        return found[0]

    def __repr__(self) -> str:
        return text_table(self.run)

    def __str__(self) -> str:
        return text_table(self.run)

    def _repr_html_(self) -> str:
        """Return a table for a notebook."""
        return html_table(self.run)
