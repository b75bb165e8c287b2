"""Texts, as they stand or as the one entry of a mapping."""

from __future__ import annotations

from checker.answer_kinds.reading.written import Unreadable, what_it_is
from submissions_schema.problems import Problem
from submissions_schema.yaml_reader import Document, Tree, TreePath


def read_text(tree: Tree, document: Document, path: TreePath) -> str | Unreadable:
    """Read a text for a person; it may stand under any one key of its own."""
    if isinstance(tree, dict) and len(tree) == 1:
        tree = next(iter(tree.values()))
    if isinstance(tree, str):
        return tree
    problem = Problem("a text is asked for", document.place(path), "text", what_it_is(tree))
    return Unreadable((problem,), placed=False)
