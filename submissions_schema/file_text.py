"""The text of a file: its encoding, and what it may not hold, refused before it is parsed."""

from __future__ import annotations

import codecs
import re
import unicodedata

from submissions_schema.problems import InputError, Place, Problem

UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)
_DIRECTIVE = re.compile(r"(?:\A|(?<=[\r\n]))%")
_BEFORE_DOCUMENT = re.compile(r"(?:\.\.\.)?[ \t]*(?:#.*)?")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", b"word/", "a Word file"),
    (b"PK\x03\x04", b"xl/", "an Excel file"),
    (b"PK\x03\x04", b"application/vnd.oasis.opendocument", "an OpenDocument file"),
    (b"PK\x03\x04", b"", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", b"", "an old Word or Excel file"),
    (b"%PDF-", b"", "a PDF file"),
    (b"{\\rtf", b"", "a rich text file"),
    (b"\x89PNG", b"", "an image"),
    (b"\xff\xd8\xff", b"", "an image"),
)
"""How files of other programs begin, what is somewhere in them, and what they are."""


def refuse_other_files(raw: bytes, name: str) -> None:
    """Refuse a document of another program that was given the name of a YAML file."""
    for start, inside, what in _OTHER_FILES:
        if raw.startswith(start) and inside in raw:
            message = f"this is {what}, whatever its name says"
            expected = "a text file with the answers as YAML, saved by a text editor"
            raise InputError([Problem(message, Place(name), expected=expected)])


def decode(raw: bytes, name: str) -> str:
    """Return the text of a file's bytes. Raises :class:`InputError` where they are no UTF text."""
    if (encoding := encoding_by_mark(raw)) is not None:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            raise _not_utf_8(name) from None
    zeros = (raw[:64:2].count(0), raw[1:64:2].count(0))
    if len(raw) >= 4 and max(zeros) * 4 > len(raw[:64]):
        raise _not_utf_8(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        raise InputError(
            [
                Problem(
                    "the file is not UTF-8 text; save it again with the encoding UTF-8",
                    place_at(before, len(before), name),
                    expected="UTF-8",
                    got=f"the byte 0x{raw[error.start]:02X} at byte {error.start + 1}",
                )
            ]
        ) from None


def encoding_by_mark(raw: bytes) -> str | None:
    """Return the encoding that a file's byte order mark says it has, other than UTF-8."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return encoding
    return None


def _not_utf_8(name: str) -> InputError:
    message = "the file is saved as UTF-16; save it again with the encoding UTF-8"
    return InputError([Problem(message, Place(name, 1, 1), expected="UTF-8", got="UTF-16")])


def place_at(text: str, index: int, name: str) -> Place:
    """Return the place of the character at an index of a text."""
    start = 0
    line = 1
    for line_break in _LINE_BREAK.finditer(text, 0, index):
        line += 1
        start = line_break.end()
    return Place(name, line, index - start + 1)


def character(char: str) -> str:
    """Say which character it is: its number, and its name where it has one."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}" + (f" ({name.lower()})" if name else "")


def refuse_unprintable(text: str, name: str) -> None:
    """Refuse a text with control characters. Raises :class:`InputError`."""
    found = UNPRINTABLE.search(text)
    if found is not None:
        raise InputError(
            [
                Problem(
                    "the file holds a control character; delete it and type the line again",
                    place_at(text, found.start(), name),
                    expected="printable text",
                    got=character(found[0]),
                )
            ]
        )


def refuse_directive(text: str, name: str, start: int = 0) -> None:
    """Refuse a directive (``%TAG …``) before a document. Raises :class:`InputError`."""
    # libyaml compares every %TAG with all earlier ones, so none may reach it.
    first = text.find("%", start)  # few files have any, and that is found out much sooner
    found = _DIRECTIVE.search(text, first) if first >= 0 else None
    if found is None:
        return
    before = text[start : found.start()]
    if all(_BEFORE_DOCUMENT.fullmatch(line) for line in _LINE_BREAK.split(before)):
        message = "a line that begins with % is a YAML directive, which isn't allowed here"
        raise InputError([Problem(message, place_at(text, found.start(), name))])
