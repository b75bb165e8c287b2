"""Reads YAML that a stranger sent: text leaves, places, limits, and errors a student understands.

The tree is built from the parser's event stream with an explicit stack. Composing or loading would
recurse on nested brackets, expand aliases, and lose the digits that were written.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn, Protocol, TypeAlias

import yaml

from submissions_schema.problems import InputError, Place, Problem
from submissions_schema.regular_file import open_regular
from submissions_schema.yaml_syntax import explain_syntax_error, printed_line

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | None"
TreePath: TypeAlias = tuple[str | int, ...]
TextStyle: TypeAlias = Literal["plain", "quoted", "block"]

_Event: TypeAlias = Any  # the C parser's events carry marks that the stubs don't know
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)
_DIRECTIVE = re.compile(r"(?:\A|(?<=[\r\n]))%")
_BEFORE_DOCUMENT = re.compile(r"(?:\.\.\.)?[ \t]*(?:#.*)?")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[ \t\r\n]+")
_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
_NULLS = frozenset(("", "~", "null"))
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PLAIN_STYLES = frozenset((None, ""))
_NO_SPACE_AFTER_COLON = re.compile(r"([A-Za-z_][\w.\-]*):[\[{]")
_NO_SPACE_IN_KEY = re.compile(r"([A-Za-z_][\w.\-]*):\S")
_SHOWN_LENGTH = 60


class Mark(Protocol):
    """Where the parser is; all three are 0-based."""

    line: int
    column: int
    index: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. ``problems`` bounds how many problems are listed.

    ``references`` takes anchors, aliases and tags as programs write them; people who write them
    mean something else.
    """

    bytes: int = 1 << 20
    depth: int = 20
    nodes: int = 100_000
    scalar_length: int = 1 << 16
    problems: int = 100
    references: bool = False


DEFAULT = Limits()


class _Node:
    """Where a value stands; the children mirror the tree."""

    __slots__ = ("children", "keys", "mark", "style")

    def __init__(self, mark: Mark, style: str | None = None) -> None:
        self.mark = mark
        self.style = style
        self.children: dict[str, _Node] | list[_Node] | None = None
        self.keys: dict[str, Mark] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: the plain tree of its values, and where each of them stands."""

    name: str
    data: Tree
    source: str = field(repr=False)
    content_hash: str
    _root: _Node = field(repr=False, compare=False)
    remarks: tuple[Problem, ...] = ()
    """What was unusual about the file, and was read all the same."""

    def place(self, path: TreePath = ()) -> Place:
        """Return the place of the value at a path, or of the longest part that exists."""
        return self._place_of(self._find(path)[0].mark)

    def key_place(self, path: TreePath) -> Place:
        """Return the place of the key that ends a path, or of the value where there is none."""
        if path:
            parent, known = self._find(path[:-1])
            key = path[-1]
            if known and parent.keys is not None and isinstance(key, str) and key in parent.keys:
                return self._place_of(parent.keys[key])
        return self.place(path)

    def adjoin(self, first: TreePath, second: TreePath) -> bool:
        """Whether nothing but one comma stands between two texts, both written without quotes.

        The second may be a key with nothing behind it.
        """
        texts = [self._find(path)[0] for path in (first, second)]
        if not all(node.style in _PLAIN_STYLES and node.children is None for node in texts):
            return False
        key = (self._find(second[:-1])[0].keys or {}).get(str(second[-1]))
        begin, end = texts[0].mark.index, (key or texts[1].mark).index
        between = self.source[begin:end]
        return between.endswith(",") and between.count(",") == 1 and not between[:-1].endswith(" ")

    def style(self, path: TreePath) -> TextStyle | None:
        """Return how the text at a path was written; ``None`` for a mapping, a list or no value."""
        node, known = self._find(path)
        if not known or node.children is not None:
            return None
        if node.style in _PLAIN_STYLES:
            return "plain"
        return "block" if node.style in ("|", ">") else "quoted"

    def text_offset_place(self, path: TreePath, offset: int) -> Place:
        """Return the place of the character at a 0-based offset in the text at a path."""
        style = self.style(path)
        start = self._find(path)[0].mark
        if style is None or offset < 0:
            return self._place_of(start)
        if style == "block":
            return self._block_offset_place(path, offset, start)
        return self._flow_offset_place(offset, start, quoted=style == "quoted")

    def _place_of(self, mark: Mark) -> Place:
        return Place(self.name, mark.line + 1, mark.column + 1)

    def _find(self, path: TreePath) -> tuple[_Node, bool]:
        """Return the node at the longest known part of a path, and whether that is all of it."""
        node = self._root
        for part in path:
            children = node.children
            if isinstance(children, dict):
                child = children.get(part) if isinstance(part, str) else None
            elif isinstance(children, list) and isinstance(part, int):
                child = children[part] if -len(children) <= part < len(children) else None
            else:
                child = None
            if child is None:
                return node, False
            node = child
        return node, True

    def _flow_offset_place(self, offset: int, start: Mark, *, quoted: bool) -> Place:
        source = self.source
        index = start.index
        quote = source[index] if quoted else ""
        index += len(quote)
        seen = 0
        while seen < offset and index < len(source):
            char = source[index]
            blanks = _BLANKS.match(source, index)
            if blanks is not None:
                breaks = len(_LINE_BREAK.findall(blanks[0]))
                if breaks:
                    # A single line break is read as a blank, n of them as n - 1 line breaks.
                    seen += max(1, breaks - 1)
                    index = blanks.end()
                else:
                    index = min(blanks.end(), index + offset - seen)
                    seen = min(offset, seen + blanks.end() - blanks.start())
                continue
            if quote == '"' and char == "\\":
                index += _ESCAPE_LENGTHS.get(source[index + 1 : index + 2], 2)
            else:
                index += 2 if char == "'" == quote else 1
            seen += 1
        ends = [found.end() for found in _LINE_BREAK.finditer(source, start.index, index)]
        if ends:
            return Place(self.name, start.line + 1 + len(ends), index - ends[-1] + 1)
        return Place(self.name, start.line + 1, start.column + 1 + index - start.index)

    def _block_offset_place(self, path: TreePath, offset: int, start: Mark) -> Place:
        value: Any = self.data
        for part in path:
            value = value[part]
        text: str = value
        position = 0
        for number, line in enumerate(_lines_after(self.source, start.index), start.line + 2):
            content = line.strip(" \t")
            if not content:
                continue
            found = text.find(content, position)
            if found < 0:
                break
            position = found + len(content)
            if offset <= position:
                indent = len(line) - len(line.lstrip(" \t"))
                return Place(self.name, number, indent + max(0, offset - found) + 1)
        return self._place_of(start)


def _lines_after(source: str, index: int) -> Iterator[str]:
    """Yield the lines behind the one that holds the character at an index."""
    line_break = _LINE_BREAK.search(source, index)
    while line_break is not None:
        start = line_break.end()
        line_break = _LINE_BREAK.search(source, start)
        yield source[start : line_break.start() if line_break is not None else len(source)]


def read_document(path: Path, *, limits: Limits = DEFAULT, name: str | None = None) -> Document:
    """Read a YAML file. ``name`` is what places call it, by default its path."""
    return parse_document(read_bytes(path, limits=limits, name=name), name or str(path), limits)


def read_bytes(path: Path, *, limits: Limits = DEFAULT, name: str | None = None) -> bytes:
    """Return the bytes of a regular file, one more than the limit at most."""
    name = name or str(path)
    try:
        with open_regular(path, name) as stream:
            return stream.read(limits.bytes + 1)
    except OSError as error:
        problem = Problem(f"the file can't be read: {error.strerror or error}", Place(name))
        raise InputError([problem]) from None


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


def parse_document(data: bytes | str, name: str, limits: Limits = DEFAULT) -> Document:
    """Build a document from the bytes, or the text, of a YAML file; ``name`` is for its places."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    _refuse_other_files(raw, name)
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
    text = data if isinstance(data, str) else _decode(raw, name)
    text = text.removeprefix("\ufeff")
    _refuse_unprintable(text, name)
    _refuse_directive(text, name)
    tree, root = _Builder(text, name, limits).build()
    content_hash = "sha256:" + hashlib.sha256(raw).hexdigest()
    encoding = None if isinstance(data, str) else _encoding_by_mark(raw)
    remarks: tuple[Problem, ...] = ()
    if encoding is not None:
        message = f"the file is saved as {encoding.upper()}, and was read so; UTF-8 is usual"
        remarks = (Problem(message, Place(name, 1, 1)),)
    return Document(name, tree, text, content_hash, root, remarks)


def _refuse_other_files(raw: bytes, name: str) -> None:
    """Refuse a document of another program that was given the name of a YAML file."""
    for start, inside, what in _OTHER_FILES:
        if raw.startswith(start) and inside in raw:
            message = f"this is {what}, whatever its name says"
            expected = "a text file with the answers as YAML, saved by a text editor"
            raise InputError([Problem(message, Place(name), expected=expected)])


def _decode(raw: bytes, name: str) -> str:
    if (encoding := _encoding_by_mark(raw)) is not None:
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


def _encoding_by_mark(raw: bytes) -> str | None:
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


def shown(text: str) -> str:
    """Write a text as a message shows it: on one line, shortened, between back quotes."""
    line = " ".join(text[: 4 * _SHOWN_LENGTH].split())
    if len(line) > _SHOWN_LENGTH or len(text) > 4 * _SHOWN_LENGTH:
        line = line[: _SHOWN_LENGTH - 1] + "…"
    return f"`{line}`"


def _character(char: str) -> str:
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}" + (f" ({name.lower()})" if name else "")


def _refuse_unprintable(text: str, name: str) -> None:
    found = _UNPRINTABLE.search(text)
    if found is not None:
        raise InputError(
            [
                Problem(
                    "the file holds a control character; delete it and type the line again",
                    place_at(text, found.start(), name),
                    expected="printable text",
                    got=_character(found[0]),
                )
            ]
        )


def _refuse_directive(text: str, name: str, start: int = 0) -> None:
    # libyaml compares every %TAG with all earlier ones, so none may reach it.
    found = _DIRECTIVE.search(text, start)
    if found is None:
        return
    before = text[start : found.start()]
    if all(_BEFORE_DOCUMENT.fullmatch(line) for line in _LINE_BREAK.split(before)):
        message = "a line that begins with % is a YAML directive, which isn't allowed here"
        raise InputError([Problem(message, place_at(text, found.start(), name))])


class _Frame:
    """A mapping or a list that is being built."""

    __slots__ = ("awaits_value", "data", "key", "node")

    def __init__(self, data: dict[str, Tree] | list[Tree], node: _Node) -> None:
        self.data = data
        self.node = node
        self.awaits_value = False
        self.key: str | None = None  # None where the value is dropped for its bad key


class _Builder:
    """Turns the events of one document into a tree."""

    def __init__(self, text: str, name: str, limits: Limits) -> None:
        self.text = text
        self.name = name
        self.limits = limits
        self.problems: list[Problem] = []
        self.stack: list[_Frame] = []
        self.tree: Tree = None
        self.root: _Node | None = None
        self.anchors: dict[str, tuple[Tree, _Node]] = {}

    def build(self) -> tuple[Tree, _Node]:
        try:
            self._consume(yaml.parse(self.text, Loader=_LOADER))
        except yaml.YAMLError as error:
            problem = explain_syntax_error(error, self.text, self.name)
            line = problem.place.line
            # What was found on this line already is what made the parser stop.
            if any(known.place.line == line for known in self.problems):
                raise InputError(self.problems) from None
            self._stop(problem)
        except UnicodeError:  # pragma: no cover - a lone surrogate is refused before
            self._stop(Problem("the file is not Unicode text", Place(self.name, 1, 1)))
        if self.root is None or self.tree is None:
            self._stop(Problem("the file is empty", Place(self.name, 1, 1), expected="a mapping"))
        if self.problems:
            raise InputError(self.problems)
        return self.tree, self.root

    def _consume(self, events: Iterator[_Event]) -> None:
        nodes = 0
        documents = 0
        for event in events:
            kind = event.__class__
            if kind is yaml.ScalarEvent:
                nodes += 1
                self._scalar(event)
            elif kind is yaml.SequenceStartEvent:
                nodes += 1
                self._open(event, [])
            elif kind is yaml.MappingStartEvent:
                nodes += 1
                self._open(event, {})
            elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                self.stack.pop()
            elif kind is yaml.AliasEvent:
                nodes += 1
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    message = "a second document begins here (`---`); a file holds only one"
                    self._stop(self._problem(message, event.start_mark))
            elif kind is yaml.DocumentEndEvent:
                _refuse_directive(self.text, self.name, event.end_mark.index)
            if nodes > self.limits.nodes:
                self._stop(
                    self._problem(
                        "the file holds too many values",
                        event.start_mark,
                        expected=f"at most {self.limits.nodes}",
                        got="more",
                    )
                )

    def _problem(
        self, message: str, mark: Mark, *, expected: str | None = None, got: str | None = None
    ) -> Problem:
        return Problem(message, Place(self.name, mark.line + 1, mark.column + 1), expected, got)

    def _report(
        self, message: str, mark: Mark, *, expected: str | None = None, got: str | None = None
    ) -> None:
        if len(self.problems) >= self.limits.problems:
            self._stop(
                self._problem("there are more problems from here on, which aren't listed", mark)
            )
        self.problems.append(self._problem(message, mark, expected=expected, got=got))

    def _stop(self, problem: Problem) -> NoReturn:
        raise InputError([*self.problems, problem]) from None

    def _properties(self, event: _Event) -> None:
        if self.limits.references:
            return
        if event.anchor is not None:
            self._report(
                f"`&{shown(event.anchor)[1:]} is a YAML anchor, which isn't allowed here; "
                "put a text that begins with & in quotes",
                event.start_mark,
            )
        if event.tag is not None:
            self._report(
                f"{shown(_written_tag(event.tag))} is a YAML tag, which isn't allowed here; "
                "put a text that begins with ! in quotes",
                event.start_mark,
            )

    def _scalar(self, event: _Event) -> None:
        text: str = event.value
        style = event.style
        if event.anchor is not None or event.tag is not None:
            self._properties(event)
        if len(text) > self.limits.scalar_length:
            self._report(
                "the text is too long",
                event.start_mark,
                expected=f"at most {self.limits.scalar_length} characters",
                got=f"{len(text)} characters",
            )
            text = text[: self.limits.scalar_length]
        if style == '"' and not text.isprintable():
            found = _UNPRINTABLE.search(text)
            if found is not None:
                self._report(
                    "the text holds an escaped control character",
                    event.start_mark,
                    expected="printable text",
                    got=_character(found[0]),
                )
        plain = style in _PLAIN_STYLES
        frame = self.stack[-1] if self.stack else None
        if frame is not None and not frame.awaits_value and frame.data.__class__ is dict:
            self._key(frame, text, event.start_mark, plain=plain)
            return
        if plain and ":" in text:
            found = _NO_SPACE_AFTER_COLON.match(text)
            if found is not None:
                index = event.start_mark.index
                written = self.text[index : index + len(text)].splitlines()[0]
                self._report(
                    f"a space is missing after the colon of `{found[1]}:`",
                    event.start_mark,
                    expected=f"{shown(f'{found[1]}: {written[len(found[1]) + 1 :]}')}"
                    " (or quotes around it, if it is meant as text)",
                    got=shown(written),
                )
        value = None if plain and text in _NULLS else text
        if value is None and frame is not None and frame.key is not None and ":" in frame.key:
            self._check_flow_key(frame)
        node = _Node(event.start_mark, style)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, node)
        self._attach(value, node)

    def _check_flow_key(self, frame: _Frame) -> None:
        """Report ``{h_0:0.5}``, which YAML reads as the key ``h_0:0.5`` without a value."""
        key = frame.key
        found = _NO_SPACE_IN_KEY.match(key) if key is not None else None
        if key is None or found is None or frame.node.keys is None:
            return
        mark = frame.node.keys[key]
        if self.text[mark.index : mark.index + 1] not in ("'", '"'):
            self._report(
                f"a space is missing after the colon of `{found[1]}:`",
                mark,
                expected=shown(f"{found[1]}: {key[len(found[1]) + 1 :]}"),
                got=shown(key),
            )

    def _key(self, frame: _Frame, text: str, mark: Mark, *, plain: bool) -> None:
        frame.awaits_value = True
        frame.key = None
        keys = frame.node.keys
        if keys is None:  # pragma: no cover - every mapping has its keys
            return
        if plain and text == "<<":
            message = "`<<` is a YAML merge key, which isn't allowed here; write the keys out"
            self._report(message, mark)
        elif plain and not text:
            self._report("there is no name before the colon", mark, expected="a key")
        elif text in keys:
            first = keys[text]
            self._report(
                f"the key {shown(text)} appears on line {first.line + 1} "
                f"and again on line {mark.line + 1}",
                mark,
                expected="each key once",
            )
        else:
            keys[text] = mark
            frame.key = text

    def _alias(self, event: _Event) -> None:
        if not self.limits.references:
            self._report(
                f"`*{shown(event.anchor)[1:]} is a YAML alias, which isn't allowed here; "
                "put a text that begins with * in quotes",
                event.start_mark,
            )
        frame = self.stack[-1] if self.stack else None
        if frame is not None and not frame.awaits_value and frame.data.__class__ is dict:
            frame.awaits_value = True
            frame.key = None
            return
        if self.limits.references:
            if event.anchor not in self.anchors:
                self._report(f"nothing is called {shown(event.anchor)}", event.start_mark)
            value, node = self.anchors.get(event.anchor, (None, _Node(event.start_mark)))
            # What is still open would hold itself.
            is_open = any(value is frame.data for frame in self.stack)
            self._attach(None if is_open else value, node)
            return
        # The alias is reported already; a text keeps an otherwise empty file from being so too.
        self._attach("", _Node(event.start_mark, None))

    def _open(self, event: _Event, data: dict[str, Tree] | list[Tree]) -> None:
        if event.anchor is not None or event.tag is not None:
            self._properties(event)
        mark = event.start_mark
        if len(self.stack) >= self.limits.depth:
            self._stop(
                self._problem(
                    "the values are nested too deeply",
                    mark,
                    expected=f"at most {self.limits.depth} levels",
                    got="more",
                )
            )
        node = _Node(mark)
        if data.__class__ is dict:
            node.children = {}
            node.keys = {}
        else:
            node.children = []
        frame = self.stack[-1] if self.stack else None
        if frame is not None and not frame.awaits_value and frame.data.__class__ is dict:
            kind = "a mapping" if data.__class__ is dict else "a list"
            self._report("a key must be plain text", mark, expected="a name", got=kind)
            frame.awaits_value = True
            frame.key = None
        else:
            self._attach(data, node)
        if event.anchor is not None:
            self.anchors[event.anchor] = (data, node)
        self.stack.append(_Frame(data, node))

    def _attach(self, value: Tree, node: _Node) -> None:
        if not self.stack:
            if self.root is None:
                self.tree = value
                self.root = node
            return
        frame = self.stack[-1]
        data = frame.data
        children = frame.node.children
        if isinstance(data, list):
            data.append(value)
            if isinstance(children, list):
                children.append(node)
            return
        frame.awaits_value = False
        if frame.key is not None and isinstance(children, dict):
            data[frame.key] = value
            children[frame.key] = node


def _written_tag(tag: str) -> str:
    standard = "tag:yaml.org,2002:"
    return "!!" + tag.removeprefix(standard) if tag.startswith(standard) else tag


def line_of(document: Document, line: int) -> str:
    """Return a line (1-based) of a document as it was written, for showing an error in it."""
    return printed_line(document.source, line - 1)
