"""A CSV file of which single cells are replaced, and every other byte stays as it was.

The csv module reads values but forgets how they were written. So cells are kept with their places
in the text, and writing puts new texts at those places. What comes out is read again with the csv
module, and must be the old table with the new cells.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from submissions_schema.problems import InputError, Place, Problem

MAX_BYTES = 64 << 20
_DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=([,;\t|])(?:\r\n|\r|\n)")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_NUMBER = re.compile(r"[-+]?\d+(?:([.,])(\d+))?")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECIMALS = 2
"""Points are written with so many decimals, or with as many as the column has."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's value, and the part of the file's text in which it is written."""

    value: str
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: its text, and its cells by rows. ``lines`` are the rows' 1-based lines."""

    name: str
    text: str
    encoding: str
    bom: bytes
    delimiter: str
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[int, ...]

    def value(self, row: int, column: int) -> str:
        """Return a cell's value without blanks around it; empty where the row is too short."""
        cells = self.rows[row]
        return cells[column].value.strip() if column < len(cells) else ""

    def header(self) -> list[str]:
        """Return the values of the first row."""
        return [cell.value for cell in self.rows[0]]

    def place(self, row: int) -> Place:
        """Return the place of a row, for a message."""
        return Place(self.name, self.lines[row])

    def error(self, message: str, row: int | None = None, **more: str | None) -> InputError:
        """Return the error that says what is wrong in a row, or in the file."""
        place = Place(self.name) if row is None else self.place(row)
        return InputError([Problem(message, place, more.get("expected"), more.get("got"))])

    def with_cells(self, new: Mapping[tuple[int, int], str]) -> bytes:
        """Return the file's bytes with some cells, by row and column, replaced.

        A cell that was quoted is quoted again. Raises :class:`InputError` for a row too short.
        """
        parts: list[str] = []
        done = 0
        for (row, column), value in sorted(new.items()):
            if column >= len(self.rows[row]):
                raise self.error(
                    "the row is too short",
                    row,
                    expected=f"{len(self.rows[0])} cells",
                    got=str(len(self.rows[row])),
                )
            cell = self.rows[row][column]
            parts += [self.text[done : cell.start], self._written(value, quoted=cell.quoted)]
            done = cell.end
        text = "".join([*parts, self.text[done:]])
        self._check(text, new)
        return self.bom + text.encode(self.encoding)

    def _written(self, value: str, *, quoted: bool) -> str:
        if quoted or any(c in value for c in (self.delimiter, '"', "\r", "\n")):
            return '"' + value.replace('"', '""') + '"'
        return value

    def _check(self, text: str, new: Mapping[tuple[int, int], str]) -> None:
        """Read the text that comes out with the csv module; only the new cells may differ."""
        expected = [
            [new.get((r, c), cell.value) for c, cell in enumerate(row)]
            for r, row in enumerate(self.rows)
        ]
        if _csv_rows(text, self.delimiter) != expected:
            raise AssertionError("filling in changed other cells")


def read_table(data: bytes, name: str) -> Table:
    """Read a CSV file, of any delimiter and line ends. Raises :class:`InputError`."""
    if len(data) > MAX_BYTES:
        problem = Problem("the file is too large", Place(name), f"at most {MAX_BYTES} bytes")
        raise InputError([problem])
    bom, encoding, text = _decoded(data, name)
    first = _SEP_LINE.match(text)
    tried = first[1] if first else _DELIMITERS
    tables = [
        table
        for delimiter in tried
        if (table := _parsed(text, delimiter, name, encoding, bom)) is not None
    ]
    if not tables:
        message = "the file can't be read as a table of at least two columns"
        raise InputError([Problem(message, Place(name), "a CSV file")])
    return max(tables, key=_regularity)


def _decoded(data: bytes, name: str) -> tuple[bytes, str, str]:
    bom, encoding = next((pair for pair in _BOMS if data.startswith(pair[0])), (b"", "utf-8"))
    body = data[len(bom) :]
    for codec in (encoding, *(() if bom else ("cp1252",))):
        try:
            text = body.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.encode(codec) == body:
            return bom, codec, text
    problem = Problem("the file is not text", Place(name), "a CSV file, saved as UTF-8")
    raise InputError([problem])


def _parsed(text: str, delimiter: str, name: str, encoding: str, bom: bytes) -> Table | None:
    start = found.end() if (found := _SEP_LINE.match(text)) else 0
    rows: list[tuple[Cell, ...]] = []
    lines: list[int] = []
    line = 1 + (start > 0)
    for row, end in _rows(text, delimiter, start):
        rows.append(row)
        lines.append(line)
        line += len(_LINE_BREAK.findall(text, start, end))
        start = end
    table = Table(name, text, encoding, bom, delimiter, tuple(rows), tuple(lines))
    values = [[cell.value for cell in row] for row in rows]
    try:
        agrees = values == _csv_rows(text, delimiter)
    except csv.Error:
        return None
    return table if agrees and rows and len(rows[0]) > 1 else None


def _csv_rows(text: str, delimiter: str) -> list[list[str]]:
    found = _SEP_LINE.match(text)
    stream = io.StringIO(text[found.end() :] if found else text, newline="")
    return list(csv.reader(stream, delimiter=delimiter))


def _regularity(table: Table) -> tuple[float, int]:
    """How much a delimiter looks right: rows as long as the header, then a long header."""
    width = len(table.rows[0])
    full = [row for row in table.rows if row]
    return sum(len(row) == width for row in full) / len(full), width


def _rows(text: str, delimiter: str, start: int) -> Iterator[tuple[tuple[Cell, ...], int]]:
    """Yield each row's cells, and where the next row begins."""
    ends = re.compile(f"[{re.escape(delimiter)}\r\n]")
    cells: list[Cell] = []
    at = start
    while at < len(text):
        cell = _cell(text, at, ends)
        at = cell.end
        sign = text[at : at + 1]
        if sign == delimiter:
            cells.append(cell)
            at += 1
            if at < len(text):
                continue
            cells.append(Cell("", at, at, quoted=False))
        elif cells or cell.end > cell.start:
            cells.append(cell)
        if sign and sign != delimiter:
            at += 2 if text.startswith("\r\n", at) else 1
        yield tuple(cells), at
        cells = []


def _cell(text: str, start: int, ends: re.Pattern[str]) -> Cell:
    if text[start : start + 1] != '"':
        end = found.start() if (found := ends.search(text, start)) else len(text)
        return Cell(text[start:end], start, end, quoted=False)
    at = start + 1
    while True:
        at = text.find('"', at)
        if at < 0:
            return Cell(text[start + 1 :].replace('""', '"'), start, len(text), quoted=True)
        if text[at + 1 : at + 2] != '"':
            break
        at += 2
    end = found.start() if (found := ends.search(text, at + 1)) else len(text)
    value = text[start + 1 : at].replace('""', '"') + text[at + 1 : end]
    return Cell(value, start, end, quoted=True)


# --- numbers ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a column writes numbers: its decimal sign, and how many decimals it has at least."""

    sign: str = "."
    decimals: int = 0

    def text(self, value: float) -> str:
        """Return a number as the column would write it."""
        places = max(DECIMALS, self.decimals)
        rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        whole, _, rest = f"{rounded:f}".partition(".")
        rest = rest.rstrip("0").ljust(self.decimals, "0")
        whole = "0" if whole == "-0" and not rest.strip("0") else whole
        return f"{whole}{self.sign}{rest}" if rest else whole


def number_style(table: Table, columns: Sequence[int]) -> NumberStyle:
    """Return how the first of the columns that holds numbers writes them.

    Where none of them has a decimal, the rest of the file shows which sign is used.
    """
    for column in columns:
        found = [
            match
            for row in range(1, len(table.rows))
            if (match := _NUMBER.fullmatch(table.value(row, column))) and _plain(match)
        ]
        if not found:
            continue
        signs = Counter(match[1] for match in found if match[1])
        decimals = {len(match[2] or "") for match in found}
        if signs:
            return NumberStyle(signs.most_common(1)[0][0], min(decimals))
        return NumberStyle(_usual_sign(table))
    return NumberStyle(_usual_sign(table))


def number_in(text: str) -> float | None:
    """Return the number that a cell holds, with either decimal sign; ``None`` for anything else."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _plain(match: re.Match[str]) -> bool:
    """Whether a comma is a decimal sign for sure; ``1,234`` may be a thousand and more."""
    return not (match[1] == "," and len(match[2]) == 3)


def _usual_sign(table: Table) -> str:
    signs: Counter[str] = Counter()
    for row in table.rows[1:]:
        for cell in row:
            match = _NUMBER.fullmatch(cell.value.strip())
            if match and match[1] and _plain(match):
                signs[match[1]] += 1
    if signs:
        return signs.most_common(1)[0][0]
    return "," if table.delimiter == ";" else "."
