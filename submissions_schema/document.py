"""A file that was read: the plain tree of its values, and where in the file each of them stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from submissions_schema.problems import Place, Problem

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | None"
TreePath: TypeAlias = tuple[str | int, ...]
TextStyle: TypeAlias = Literal["plain", "quoted", "block"]

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[ \t\r\n]+")
_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}
PLAIN_STYLES = frozenset((None, ""))
"""How the parser calls the style of a text without quotes."""


class Mark(Protocol):
    """Where the parser is; all three are 0-based."""

    line: int
    column: int
    index: int


class Node:
    """Where a value stands; the children mirror the tree."""

    __slots__ = ("children", "keys", "mark", "style")

    def __init__(self, mark: Mark, style: str | None = None) -> None:
        self.mark = mark
        self.style = style
        self.children: dict[str, Node] | list[Node] | None = None
        self.keys: dict[str, Mark] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was read: the plain tree of its values, and where each of them stands."""

    name: str
    data: Tree
    source: str = field(repr=False)
    content_hash: str
    _root: Node = field(repr=False, compare=False)
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
        if not all(node.style in PLAIN_STYLES and node.children is None for node in texts):
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
        if node.style in PLAIN_STYLES:
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

    def _find(self, path: TreePath) -> tuple[Node, bool]:
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
