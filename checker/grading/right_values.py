"""The right values of an assignment as texts, for those who may see them."""

from __future__ import annotations

from checker.answer_kinds import kind_of
from reference_solutions.assignment import Assignment
from reference_solutions.language.notation import Notation


def right_values(assignment: Assignment) -> dict[tuple[str, str], str]:
    """Return what is right by question and answer; what a person marks has nothing there."""
    graph = assignment.reference.graph
    notation = Notation(graph.families)
    found = {}
    for asked in assignment.asked:
        node = None if asked.target is None else asked.target.node
        text = kind_of(asked.spec).reveal(asked.spec, node, graph, notation).text
        if text:
            found[asked.question, asked.answer] = text
    return found
