"""Reads YAML that a stranger sent: text leaves, places, limits, errors a student understands."""

from __future__ import annotations

import hashlib
from pathlib import Path

from submissions_schema.document import Document, TextStyle, Tree, TreePath
from submissions_schema.file_text import (
    decode,
    encoding_by_mark,
    place_at,
    refuse_directive,
    refuse_other_files,
    refuse_unprintable,
)
from submissions_schema.printed_arrays import with_commas
from submissions_schema.problems import InputError, Place, Problem, shown
from submissions_schema.regular_file import open_regular
from submissions_schema.tree_builder import DEFAULT, Builder, Limits

__all__ = [
    "DEFAULT",
    "Document",
    "Limits",
    "TextStyle",
    "Tree",
    "TreePath",
    "hash_of",
    "parse_document",
    "read_bytes",
    "read_document",
    "shown",
]

_AT_ONCE = 1 << 14
"""Bytes that are read first: to make room for as many as are allowed costs more than most files."""


def read_document(path: Path, *, limits: Limits = DEFAULT, name: str | None = None) -> Document:
    """Read a YAML file. ``name`` is what places call it, by default its path."""
    return parse_document(read_bytes(path, limits=limits, name=name), name or str(path), limits)


def read_bytes(path: Path, *, limits: Limits = DEFAULT, name: str | None = None) -> bytes:
    """Return the bytes of a regular file, one more than the limit at most."""
    name = name or str(path)
    try:
        with open_regular(path, name) as stream:
            data = stream.read(min(_AT_ONCE, limits.bytes + 1))
            return (
                data + stream.read(limits.bytes + 1 - len(data)) if len(data) == _AT_ONCE else data
            )
    except OSError as error:
        problem = Problem(f"the file can't be read: {error.strerror or error}", Place(name))
        raise InputError([problem]) from None


def hash_of(data: bytes) -> str:
    """Return ``sha256:…`` of a file's bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def parse_document(data: bytes | str, name: str, limits: Limits = DEFAULT) -> Document:
    """Build a document from the bytes, or the text, of a YAML file; ``name`` is for its places."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    refuse_other_files(raw, name)
    if len(raw) > limits.bytes:
        raise InputError(
            [
                Problem(
                    "the file is too large",
                    Place(name),
                    expected=f"at most {limits.bytes} bytes",
                    got="more",
                )
            ]
        )
    text = data if isinstance(data, str) else decode(raw, name)
    text = text.removeprefix("\ufeff")
    refuse_unprintable(text, name)
    refuse_directive(text, name)
    remarks: tuple[Problem, ...] = ()
    try:
        tree, root = Builder(text, name, limits).build()
    except InputError as error:
        pasted, at = with_commas(text)
        if at is None:
            raise
        try:
            tree, root = Builder(pasted, name, limits).build()
        except InputError:
            raise error from None
        message = "an array is pasted as it was printed; YAML has commas between its rows"
        remarks = (Problem(message, place_at(text, at, name)),)
    content_hash = hash_of(raw)
    encoding = None if isinstance(data, str) else encoding_by_mark(raw)
    if encoding is not None:
        message = f"the file is saved as {encoding.upper()}, and was read so; UTF-8 is usual"
        remarks = (Problem(message, Place(name, 1, 1)), *remarks)
    return Document(name, tree, text, content_hash, root, remarks)
