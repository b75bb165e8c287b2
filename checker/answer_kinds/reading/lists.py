"""Numbers in lists: as YAML has them, and inside of texts such as ``(28, 28, 8)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from submissions_schema.yaml_reader import Tree, TreePath


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of one entry; ``offset`` is where it begins in the text at its path."""

    text: str
    path: TreePath
    offset: int = 0


Nested: TypeAlias = "Entry | list[Nested] | dict[str, Tree] | None"


def nested_entries(tree: Tree, path: TreePath, shape: tuple[int, ...], depth: int = 0) -> Nested:
    """Return the entries of an answer, with texts that are lists taken apart.

    An entry is never taken apart where a single number is asked for: ``(1, 5)`` may be one.
    """
    if isinstance(tree, str):
        found = _list_in(tree, path, shape[depth:]) if depth < len(shape) else None
        return Entry(tree, path) if found is None else found
    if not isinstance(tree, list):
        return tree
    if len(tree) == 1 and isinstance(tree[0], str) and depth == len(shape) - 1:
        # [1. 2. 3.], as numpy prints it, is a list of one text.
        found = _numbers_apart(tree[0], (*path, 0), 0)
        if found is not None and len(found) == shape[-1]:
            return found
    joined = _joined(tree)
    return [nested_entries(item, (*path, at), shape, depth + 1) for at, item in joined]


def _joined(items: list[Tree]) -> list[tuple[int, Tree]]:
    """Put together what YAML cuts at a comma inside round brackets: ``[(1, 2), max(3, 4)]``."""
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
    if plain[:1] in ("(", "[") and _closes_at(plain) == len(plain) - 1:
        parts = _at_commas(plain[1:-1], start + 1)
        if len(parts) > 1 and not parts[-1][0].strip():
            parts.pop()  # (3,) is how Python writes a list of one
        elif len(parts) == 1 and (plain[0] == "(" or not parts[0][0].strip()):
            apart = _numbers_apart(plain[1:-1], path, start + 1)
            return apart if len(shape) == 1 else None
        found: list[Nested] = []
        for part, at in parts:
            inner = _list_in(part, path, shape[1:]) if len(shape) > 1 else None
            if inner is not None:
                found.append([_moved(one, at) for one in inner])
            else:
                found.append(Entry(part.strip(), path, at + len(part) - len(part.lstrip())))
        return found
    return _numbers_apart(text, path, 0) if len(shape) == 1 and shape[0] > 1 else None


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


_NUMBER = r"[+\-\u2212]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
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
