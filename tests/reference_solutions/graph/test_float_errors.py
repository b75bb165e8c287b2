"""What the rounding of floats can do to a value: enough for single precision, nothing for jumps."""

from dataclasses import replace

import numpy as np
import pytest

from reference_solutions.assignment import build_assignment, load_assignment
from reference_solutions.graph.float_errors import float_errors
from reference_solutions.shipped import shipped_assignments
from submissions_schema.assignment_file import parse_assignment_file

SHEET = """
assignment: one
title: One
given: {{x: {x}}}
steps: {steps}
questions: {{q: {{points: 1, answers: {{a: a}}}}}}
"""


def errors(x: str, steps: str):
    text = SHEET.format(x=x, steps=steps)
    reference = build_assignment(parse_assignment_file(text, "sheet.yaml")).reference
    return float_errors(reference.graph, [reference.targets[0].node])[0]


@pytest.mark.parametrize("name", ["fit3181-a2", "hw2-cnn-lstm"])
def test_work_in_single_precision_stays_within_its_errors(name):
    reference = load_assignment(shipped_assignments()[name]).reference
    graph = reference.graph

    def single(node):
        return lambda *args: node.compute(*args).astype(np.float32).astype(np.float64)

    changed = {
        number: replace(node, compute=single(node), many=None)
        for number, node in enumerate(graph.nodes)
        if node.inputs
    }
    nodes = [target.node for target in reference.targets]
    found = graph.edited(changed).evaluate(nodes)
    for node, allowed in zip(nodes, float_errors(graph, nodes), strict=True):
        off = np.abs(np.ravel(found[node]) - np.ravel(graph.value(node)))
        assert np.all(off <= allowed.single)


def test_what_cancels_to_zero_may_be_off_by_what_it_was_computed_from():
    assert errors("[0.1, 0.2, -0.3]", "{a: sum(x)}").double[0] > 2.3e-16
    assert errors("[0.1, 0.2, -0.3]", "{a: sum(x)}").single[0] < 1e-6


def test_a_tiny_number_is_no_zero():
    assert errors("6.6e-34", "{a: x * 2}").double[0] < 1e-47


def test_whole_numbers_are_exact_but_for_their_own_writing():
    assert errors("[1000, -999]", "{a: sum(x)}").single[0] < 1e-6


def test_a_jump_is_no_rounding():
    """At 0.1 + 0.2 - 0.3, relu's derivative is 0 or 1 by chance."""
    steps = "{z: 'x[0] + x[1] - x[2]', r: 'relu(z) * x[1]', a: 'grad(r, z)'}"
    assert errors("[0.1, 0.2, 0.3]", steps).double[0] < 1e-12
