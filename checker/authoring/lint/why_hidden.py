"""Why a mistake shows in no digit, in words: what coincides in the numbers of the sheet."""

from __future__ import annotations

import numpy as np

from checker.edits.edit import Edit
from reference_solutions.graph import Array, Graph
from reference_solutions.operations import catalogue


def why_hidden(graph: Graph, edit: Edit) -> str:
    """Return why a mistake changes no digit, as words that follow a colon.

    Where it changes nothing at the very place, the mistake's own words say what coincides, or the
    operands that it leaves out or exchanges; elsewhere what it changes is lost on the way.
    """
    nodes = [number for number in edit.replacements if not _is_derived(graph, number)]
    found = graph.edited({n: edit.replacements[n] for n in nodes}).evaluate(nodes)
    for number in nodes:
        right, wrong = graph.value(number), found[number]
        if right is None or wrong is None or right.shape != wrong.shape:
            return ""
        if not np.allclose(right, wrong, rtol=1e-9, atol=1e-12):
            return "what it changes there is lost on the way to the answers"
    declared = catalogue().get(edit.id)
    if declared is not None and declared[1].hidden is not None:
        return declared[1].hidden.words
    facts = dict.fromkeys(_fact(graph, edit, number) for number in nodes)
    return next(iter(facts)) if len(facts) == 1 else ""


def _is_derived(graph: Graph, number: int) -> bool:
    return graph.family(number).kind not in ("step", "part", "given")


def _fact(graph: Graph, edit: Edit, number: int) -> str:
    """Return what makes the operands that are gone, or new, the same as without the mistake."""
    before, after = graph.nodes[number].inputs, edit.replacements[number].inputs
    gone = [n for n in dict.fromkeys(before) if n not in after]
    new = [n for n in dict.fromkeys(after) if n not in before and n < len(graph.nodes)]
    if len(gone) != 1 or len(new) > 1:
        return ""
    value, name = graph.value(gone[0]), _name(graph, gone[0])
    if value is None:
        return ""
    if new:
        other, instead = graph.value(new[0]), _name(graph, new[0])
        same = other is not None and other.shape == value.shape and np.allclose(other, value)
        return f"`{name}` and `{instead}` are the same" if same and name and instead else ""
    return _of_all(f"`{name}`" if name else "what is left out", value)


def _of_all(what: str, value: Array) -> str:
    if not value.any():
        return f"{what} is zero"
    return f"{what} is 1" if (value == 1).all() else ""


def _name(graph: Graph, number: int) -> str:
    family = graph.family(number)
    return graph.show(graph.nodes[number].key) if family.is_named else ""
