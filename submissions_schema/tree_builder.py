"""Builds the tree of a document from the events of the YAML parser, with an explicit stack.

Composing or loading would recurse on nested brackets, expand aliases, and lose the digits that were
written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

import yaml

from submissions_schema.document import PLAIN_STYLES, Mark, Node, Tree
from submissions_schema.file_text import UNPRINTABLE, character, refuse_directive
from submissions_schema.problems import InputError, Place, Problem, shown
from submissions_schema.yaml_syntax import explain_syntax_error

_Event: TypeAlias = Any  # the C parser's events carry marks that the stubs don't know
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULLS = frozenset(("", "~", "null"))
_NO_SPACE_AFTER_COLON = re.compile(r"([A-Za-z_][\w.\-]*):[\[{]")
_NO_SPACE_IN_KEY = re.compile(r"([A-Za-z_][\w.\-]*):\S")


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


class _Frame:
    """A mapping or a list that is being built."""

    __slots__ = ("awaits_value", "data", "key", "node")

    def __init__(self, data: dict[str, Tree] | list[Tree], node: Node) -> None:
        self.data = data
        self.node = node
        self.awaits_value = False
        self.key: str | None = None  # None where the value is dropped for its bad key


class Builder:
    """Turns the events of one document into a tree."""

    def __init__(self, text: str, name: str, limits: Limits) -> None:
        self.text = text
        self.name = name
        self.limits = limits
        self.problems: list[Problem] = []
        self.stack: list[_Frame] = []
        self.tree: Tree = None
        self.root: Node | None = None
        self.anchors: dict[str, tuple[Tree, Node]] = {}

    def build(self) -> tuple[Tree, Node]:
        """Return the tree and where its values stand. Raises :class:`InputError`."""
        try:
            loader = _LOADER(self.text)
            try:
                self._consume(loader.get_event)
            finally:
                loader.dispose()
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

    def _consume(self, next_event: Callable[[], _Event | None]) -> None:
        nodes = 0
        documents = 0
        most = self.limits.nodes
        while (event := next_event()) is not None:
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
                refuse_directive(self.text, self.name, event.end_mark.index)
            if nodes > most:
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
            found = UNPRINTABLE.search(text)
            if found is not None:
                self._report(
                    "the text holds an escaped control character",
                    event.start_mark,
                    expected="printable text",
                    got=character(found[0]),
                )
        plain = style in PLAIN_STYLES
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
        node = Node(event.start_mark, style)
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
            value, node = self.anchors.get(event.anchor, (None, Node(event.start_mark)))
            # What is still open would hold itself.
            is_open = any(value is frame.data for frame in self.stack)
            self._attach(None if is_open else value, node)
            return
        # The alias is reported already; a text keeps an otherwise empty file from being so too.
        self._attach("", Node(event.start_mark, None))

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
        node = Node(mark)
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

    def _attach(self, value: Tree, node: Node) -> None:
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
