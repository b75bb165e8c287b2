"""A student's numbers in HTML: tables with the wrong entries marked."""

from __future__ import annotations

from collections.abc import Sequence

from checker.report import AnswerReport, EntryReport
from checker.reports import layout, wording
from checker.reports.clean import is_number
from checker.reports.templating import escaped

_SHOWN_WRONG = 200
_LONG_NUMBER = 24
_SIGNS = {
    right: f'<i aria-hidden="true">{sign}</i>'
    for right, sign in ((True, "✓"), (False, "✗"), (None, ""))
}
_HIDDEN = {True: "", False: '<span class="hidden">wrong: </span>', None: ""}
_CLASSES = {True: "ok", False: "no", None: "na"}
_TITLES = {True: "right", False: "wrong", None: "not marked"}


def numbers_html(answer: AnswerReport) -> str:
    """Return the student's numbers as tables with the wrong entries marked."""
    if not answer.entries:
        return ""
    if not layout.fits(answer):
        return _large(answer)
    if not answer.shape:
        return f'<p class="scalar">{_value(answer.entries[0])}</p>'
    marked = any(entry.right is False for entry in answer.entries)
    each = layout.shared_off(answer)
    vector = len(answer.shape) == 1 and not layout.in_a_row(answer)
    tables = []
    for part in layout.slices(answer):
        caption = f"<caption>{part.label}</caption>" if part.label else ""
        rows = "".join([_row(row, marked, vector, not each) for row in part.rows])
        tables.append(
            f'<table class="array{" vector" if vector else ""}"'
            f' aria-label="numbers, {layout.shape_text(answer.shape)}">{caption}{rows}</table>'
        )
    note = f'<p class="each">{wording.EACH_WRONG}: {escaped(each)}</p>' if each else ""
    return f'<div class="arrays">{"".join(tables)}</div>{note}'


def _shown(entry: EntryReport) -> str:
    right = entry.right
    return f"{_HIDDEN[right]}{_text(entry.text)}{_SIGNS[right]}"


def _text(text: str) -> str:
    return text if is_number(text) else escaped(text)


def _title(entry: EntryReport) -> str:
    said = f"{layout.index_text(entry.index)} {_TITLES[entry.right]}".strip()
    return f"{said}: {escaped(entry.off)}" if entry.off else said


def _value(entry: EntryReport) -> str:
    off = f' <small class="off">{escaped(entry.off)}</small>' if entry.off else ""
    return (
        f'<span class="n {_CLASSES[entry.right]}" title="{_title(entry)}">'
        f"{_shown(entry)}</span>{off}"
    )


def _plain(text: str) -> str:
    start = '<td class="long">' if len(text) > _LONG_NUMBER else "<td>"
    return f"{start}{_text(text)}</td>"


def _row(row: Sequence[EntryReport], marked: bool, vector: bool, with_off: bool) -> str:
    if not marked:
        return f"<tr>{''.join([_plain(entry.text) for entry in row])}</tr>"
    cells = []
    for entry in row:
        off = escaped(entry.off) if with_off and entry.off else ""
        inside, beside = (
            ("", f'<td class="off">{off}</td>')
            if vector
            else (f"<small>{off}</small>" if off else "", "")
        )
        long = " long" if len(entry.text) > _LONG_NUMBER else ""
        cells.append(
            f'<td class="{_CLASSES[entry.right]}{long}" title="{_title(entry)}">'
            f"{_shown(entry)}{inside}</td>{beside}"
        )
    return f"<tr>{''.join(cells)}</tr>"


def _large(answer: AnswerReport) -> str:
    wrong = layout.wrong_entries(answer)
    count = f'<p class="count">{layout.wrong_count(answer, len(wrong))}</p>'
    if not wrong:
        return count
    rows = "".join(
        f"<tr><td>{layout.index_text(entry.index)}</td><td>{_value(entry)}</td></tr>"
        for entry in wrong[:_SHOWN_WRONG]
    )
    more = len(wrong) - _SHOWN_WRONG
    rest = f'<p class="count">and {more} more wrong entries.</p>' if more > 0 else ""
    return (
        f'{count}<div class="scroll" tabindex="0" role="region" aria-label="wrong entries">'
        '<table class="list"><thead><tr><th scope="col">entry</th>'
        '<th scope="col">you wrote</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{rest}"
    )
