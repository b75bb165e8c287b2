"""Numbers in lists: as YAML has them, and inside of texts such as ``(28, 28, 8)``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from checker.answer_kinds.reading.printed import printed_value
from submissions_schema.written_number import ANY_SIGN, UNSIGNED, WITH_COMMA
from submissions_schema.yaml_reader import Document, Tree, TreePath


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of one entry; ``offset`` is where it begins in the text at its path."""

    text: str
    path: TreePath
    offset: int = 0


Nested: TypeAlias = "Entry | list[Nested] | dict[str, Tree] | None"


@dataclass(frozen=True, slots=True)
class ListReader:
    """Takes the trees of one answer apart.

    ``shape`` is what is asked for; ``taken`` gathers the texts that were read as something else.
    """

    shape: tuple[int, ...]
    document: Document
    taken: list[str] = field(default_factory=list)

    def entries(self, tree: Tree, path: TreePath, depth: int = 0) -> Nested:
        """Return the entries of an answer, with texts that are lists taken apart.

        An entry is never taken apart where a single number is asked for: ``(1, 5)`` may be one.
        What a library prints (``array([0.1, 0.2])``) says itself what it is.
        """
        if isinstance(tree, str):
            found = self._in_text(tree, path, depth)
            if found is None:
                return Entry(tree, path)
            self.taken.append(tree.strip())
            return found
        if not isinstance(tree, list):
            return tree
        last = depth == len(self.shape) - 1
        items = self._whole_numbers(tree, path) if last else list(enumerate(tree))
        joined = _joined(tree) if len(items) == len(tree) else items
        at, text = joined[0] if len(joined) == 1 else (0, None)
        if last and isinstance(text, str):
            # [1. 2. 3.], as numpy prints it, is a list of one text.
            alone = _list_in(text, (*path, at), self.shape[depth:])
            if alone is not None and len(alone) == self.shape[-1]:
                self.taken.append(f"[{text.strip()}]")
                return alone
        return [self.entries(item, (*path, at), depth + 1) for at, item in joined]

    def _in_text(self, text: str, path: TreePath, depth: int) -> Nested:
        printed = printed_value(text)
        if printed is not None:
            return _moved(nested_numbers(printed[0], path), printed[1])
        return _list_in(text, path, self.shape[depth:]) if depth < len(self.shape) else None

    def _whole_numbers(self, items: list[Tree], path: TreePath) -> list[tuple[int, Tree]]:
        """Return the items of a list, with numbers that were cut at decimal commas whole."""
        return _with_decimal_commas(items, path, self.shape[-1], self.document)


def _with_decimal_commas(
    items: list[Tree], path: TreePath, length: int, document: Document
) -> list[tuple[int, Tree]]:
    """Put together the numbers of ``[0,5, 0,25]``, which YAML cuts at every comma.

    Only where blanks show which comma parts two numbers, every number has its decimal comma, and
    as many are asked for.
    """
    texts = [item for item in items if isinstance(item, str)]
    whole: list[tuple[int, Tree]] = list(enumerate(items))
    if not length < len(items) == len(texts) <= 2 * length:
        return whole
    groups: list[tuple[int, str]] = []
    for at, text in enumerate(texts):
        if at and document.adjoin((*path, at - 1), (*path, at)):
            groups[-1] = (groups[-1][0], f"{groups[-1][1]},{text}")
        else:
            groups.append((at, text))
    if len(groups) == 1 and length > 1:
        apart = _comma_numbers(groups[0][1], path, length)
        return whole if apart is None else [*groups]
    all_cut = all(_ONE_COMMA.fullmatch(text) for _, text in groups)
    return [*groups] if len(groups) == length > 1 and all_cut else whole


_NUMBER = ANY_SIGN + UNSIGNED
_WITH_COMMA = ANY_SIGN + WITH_COMMA
_ONE_COMMA = re.compile(rf"\s*{_WITH_COMMA}\s*")
_WHOLE = rf"{ANY_SIGN}[0-9]+"
_COMMAS_APART = tuple(
    re.compile(rf"\s*{number}(?:{between}{number})+\s*")
    for number, between in (
        (rf"(?:{_WITH_COMMA}|{_WHOLE})", r"\s*;\s*"),
        (_WITH_COMMA, r"\s*,\s+"),
        (_WITH_COMMA, r"\s+"),
    )
)


def _comma_numbers(text: str, path: TreePath, length: int, start: int = 0) -> list[Nested] | None:
    """Return the numbers of ``0,5; 0,25``, if it is as many as are asked for."""
    if len(text) > _LONGEST_LIST or "," not in text:
        return None
    if not any(pattern.fullmatch(text) for pattern in _COMMAS_APART):
        return None
    found = list(re.finditer(rf"{_WITH_COMMA}|{_WHOLE}", text))
    if len(found) != length:
        return None
    return [Entry(one[0], path, start + one.start()) for one in found]


_TOKEN = re.compile(
    r"\s*(?:(?P<open>[\[(])|(?P<close>[\])])|(?P<comma>,)"
    rf"|(?P<number>{_NUMBER}(?![\w.])))"
)
_DEEPEST = 20


def nested_numbers(text: str, path: TreePath) -> Nested:
    """Return the numbers of ``[[0.1, 0.2], [0.3, 0.4]]``, or with blanks between; None if not so.

    All that stands in one list is parted in one way, by commas or by blanks.
    """
    stack: list[list[Nested]] = [[]]
    parted: list[set[bool]] = [set()]
    comma = False
    at, end = 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None or len(stack) > _DEEPEST:
            return None
        kind, begun = token.lastgroup, token.start(token.lastgroup or 0)
        if kind == "comma":
            if comma or not stack[-1]:
                return None
            comma = True
        elif kind == "close":
            if len(stack) == 1 or not stack[-1] or len(parted[-1]) > 1:
                return None
            stack.pop()
            parted.pop()
            comma = False
        else:
            if stack[-1]:
                if not comma and text[begun - 1] not in " \t\r\n":
                    return None
                parted[-1].add(comma)
            comma = False
            if kind == "open":
                inner: list[Nested] = []
                stack[-1].append(inner)
                stack.append(inner)
                parted.append(set())
            else:
                stack[-1].append(Entry(token["number"], path, begun))
        at = token.end()
    return stack[0][0] if len(stack) == 1 and len(stack[0]) == 1 and not comma else None


def _joined(items: list[Tree]) -> list[tuple[int, Tree]]:
    """Put together what YAML cuts at a comma inside round brackets: ``[(1, 2), max(3, 4)]``."""
    if not any(isinstance(item, str) and ("(" in item or "[" in item) for item in items):
        return list(enumerate(items))
    groups: list[tuple[int, list[Tree]]] = []
    opened = 0
    for at, item in enumerate(items):
        if opened > 0 and isinstance(item, str):
            groups[-1][1].append(item)
        else:
            opened = 0
            groups.append((at, [item]))
        if isinstance(item, str):
            opened += sum(item.count(char) for char in "([") - sum(item.count(c) for c in ")]")
    if opened or len(groups) == len(items):
        return list(enumerate(items))
    return [
        (at, group[0] if len(group) == 1 else ", ".join(str(item) for item in group))
        for at, group in groups
    ]


def _list_in(text: str, path: TreePath, shape: tuple[int, ...]) -> list[Nested] | None:
    """Return the entries of a list in a text, or None where it is something else."""
    start = len(text) - len(text.lstrip())
    plain = text.strip()
    if plain[:1] == "[" and len(plain) <= _LONGEST_LIST:
        numbers = nested_numbers(text, path)
        if isinstance(numbers, list) and (len(shape) > 1 or len(numbers) > 1):
            return numbers
    if plain[:1] in ("(", "[") and _closes_at(plain) == len(plain) - 1:
        if len(shape) == 1:
            commas = _comma_numbers(plain[1:-1], path, shape[0], start + 1)
            if commas is not None:
                return commas
        parts = _at_commas(plain[1:-1], start + 1)
        if len(parts) > 1 and not parts[-1][0].strip():
            parts.pop()  # (3,) is how Python writes a list of one
        elif len(parts) == 1:
            apart = _numbers_apart(plain[1:-1], path, start + 1) if len(shape) == 1 else None
            if apart is not None or plain[0] == "(" or not parts[0][0].strip():
                return apart
        found: list[Nested] = []
        for part, at in parts:
            inner = _list_in(part, path, shape[1:]) if len(shape) > 1 else None
            if inner is not None:
                found.append([_moved(one, at) for one in inner])
            else:
                found.append(Entry(part.strip(), path, at + len(part) - len(part.lstrip())))
        return found
    if len(shape) != 1 or shape[0] < 2:
        return None
    return _numbers_apart(text, path, 0) or _comma_numbers(text, path, shape[0])


def _moved(nested: Nested, by: int) -> Nested:
    if isinstance(nested, Entry):
        return Entry(nested.text, nested.path, nested.offset + by)
    return [_moved(one, by) for one in nested] if isinstance(nested, list) else nested


def _closes_at(text: str) -> int:
    """Return where the bracket that a text begins with is closed, or -1."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth == 0:
            return at
    return -1


def _at_commas(text: str, start: int) -> list[tuple[str, int]]:
    """Cut a text at the commas outside of brackets; each part with its offset."""
    parts: list[tuple[str, int]] = []
    depth = begun = 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append((text[begun:at], start + begun))
            begun = at + 1
    return [*parts, (text[begun:], start + begun)]


_APART = tuple(
    re.compile(rf"\s*{number}(?:{between}{number})+\s*")
    for number, between in (
        (r"[0-9]+", r"\s*(?:[xX\u00d7]|by)\s*"),
        (_NUMBER, r"\s*[,;]\s+"),
        (_NUMBER, r"\s*;\s*"),
        (_NUMBER, r"\s+"),
    )
)
_THREE_WHOLE = re.compile(r"\s*[0-9]+(?:,[0-9]+){2,}\s*")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[ ,][0-9]{3})+")


def _numbers_apart(text: str, path: TreePath, start: int) -> list[Nested] | None:
    """Return the numbers of ``28 x 28 x 8``, ``28, 28, 8``, ``0.1 0.2``; None for another text."""
    if len(text) > _LONGEST_LIST or _THOUSANDS.fullmatch(text.strip()):
        return None
    if not any(pattern.fullmatch(text) for pattern in _APART) and not _THREE_WHOLE.fullmatch(text):
        return None
    found = list(re.finditer(_NUMBER, text))
    if any(re.match(r"0[0-9]", one[0]) for one in found):
        return None
    return [Entry(one[0], path, start + one.start()) for one in found]


_LONGEST_LIST = 10_000

NUMBER_IN_LIST = _TOKEN
"""The parts of a list of plain numbers, for a page that reads in another language."""
