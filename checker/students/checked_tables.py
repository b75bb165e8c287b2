"""The result of a check in memory as a table: in text, and in HTML for a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from checker.report import AnswerReport, RunReport
from checker.reports import layout, wording
from checker.reports.clean import one_line
from checker.reports.templating import escaped

_WIDTH = 100
_SHOWN_WRONG = 6


def _heading(run: RunReport) -> str:
    (submission,) = run.submissions
    points = f"{wording.points_of(submission.score, submission.max_score)} points"
    pending = wording.pending_sentence(submission.pending, submission.max_score)
    return f"{points} so far, {pending}" if pending else points


def _why(answer: AnswerReport) -> list[str]:
    """Return what is said of an answer, in short lines; nothing where it is plainly right."""
    lines = []
    if answer.message not in ("", "Right.", "No answer was given.") and not answer.mistakes:
        lines.append(answer.message)
    for mistake in answer.mistakes:
        where = f", at {mistake.where}" if mistake.where else ""
        lines.append(f"{wording.CERTAINTIES[mistake.certainty]}{where}: {mistake.message}")
        lines += [f"{wording.CANNOT_TELL} {other}" for other in mistake.alternatives]
    wrong = layout.wrong_entries(answer)
    each = layout.shared_off(answer)
    if each:
        lines.append(f"{wording.EACH_WRONG}: {each}.")
    else:
        for entry in wrong[:_SHOWN_WRONG]:
            index = layout.index_text(entry.index)
            parts = [f"{index} {_short(entry.text)}".strip(), entry.off]
            lines.append(f"{': '.join(part for part in parts if part)}.")
        if len(wrong) > _SHOWN_WRONG:
            lines.append(f"And {len(wrong) - _SHOWN_WRONG} more wrong entries.")
    if answer.expected is not None:
        lines.append(f"{wording.RIGHT_VALUE}: {answer.expected}")
    return lines


def _short(text: str) -> str:
    try:
        return f"{float(text):.6g}"
    except ValueError:
        return text


def _rows(run: RunReport) -> Iterator[tuple[str, str, str, str, list[str]]]:
    (submission,) = run.submissions
    for question in submission.questions:
        for at, answer in enumerate(question.answers):
            word = wording.VERDICTS[answer.verdict]
            points = wording.points_of(answer.points, answer.max_points)
            verdict = f"{word.glyph} {word.label}"
            yield "" if at else question.id, answer.answer, verdict, points, _why(answer)


def text_table(run: RunReport) -> str:
    """Return the table in text: a row an answer, and below it why."""
    rows = list(_rows(run))
    head = ("", "Answer", "Verdict", "Points")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(4)]

    def line(cells: tuple[str, ...]) -> str:
        first = [f"{cell:<{width}}" for cell, width in zip(cells[:3], widths[:3], strict=True)]
        return "  ".join([*first, f"{cells[3]:>{widths[3]}}"]).rstrip()

    lines = [one_line(f"{run.title}: {_heading(run)}"), "", line(head), line(("",) * 4)]
    lines[-1] = "-" * len(lines[-2])
    indent = " " * (widths[0] + 4)
    for row in rows:
        lines.append(one_line(line(row[:4])))
        for text in row[4]:
            lines += textwrap.wrap(
                one_line(text), _WIDTH, initial_indent=indent, subsequent_indent=indent
            )
    lines += [f"Remark: {one_line(problem)}" for problem in run.submissions[0].problems]
    return "\n".join(lines)


_COLOURS: dict[wording.Tone, str] = {
    "good": "#1a7f37",
    "warn": "#9a6700",
    "bad": "#cf222e",
    "calm": "#0969da",
    "mute": "#6e7781",
}


def html_table(run: RunReport) -> str:
    """Return the table in HTML, with its styles in it: a notebook has none of ours."""
    (submission,) = run.submissions
    cell = '<td style="text-align:left;vertical-align:top">'
    body = []
    answers = iter(submission.answers)
    for question, id, verdict, points, why in _rows(run):
        colour = _COLOURS[wording.VERDICTS[next(answers).verdict].tone]
        said = "<br>".join(map(escaped, why))
        body.append(
            f"<tr>{cell}{escaped(question)}</td>{cell}<code>{escaped(id)}</code></td>"
            f'{cell}<span style="color:{colour};white-space:nowrap">{escaped(verdict)}</span></td>'
            f'{cell}<span style="white-space:nowrap">{escaped(points)}</span></td>'
            f"{cell}{said}</td></tr>"
        )
    names = ("Question", "Answer", "Verdict", "Points", "Why")
    head = "".join(f'<th scope="col" style="text-align:left">{name}</th>' for name in names)
    remarks = "".join(f"<p>{escaped(problem)}</p>" for problem in submission.problems)
    return (
        f"<p><strong>{escaped(run.title)}</strong>: {escaped(_heading(run))}</p>{remarks}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )
