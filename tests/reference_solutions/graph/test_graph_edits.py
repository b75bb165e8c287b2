"""Edits of a graph: what they change, and what they leave alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reference_solutions.graph import Graph, Node, constant_node, round_significant, rounded_node
from tests.reference_solutions.numerical import reference

GIVEN = {
    "W": [[0.5, -0.3], [0.2, 0.8]],
    "V": [[1.0, 0.5], [-0.5, 0.25]],
    "x": [[1.0, -1.0], [0.5, 2.0], [0.0, 1.0]],
    "y": [0, 1, 1],
    "h[-1]": [0.1, -0.2],
}
STEPS = {
    "h[t]": "tanh(W @ h[t-1] + x[t])",
    "p[t]": "softmax(V @ h[t])",
    "l[t]": "cross_entropy(y[t], p[t])",
    "L": "mean(l)",
}
ANSWERS = ["h[0]", "h[1]", "h[2]", "L", "grad(L, W)", "grad(L, h[0])", "grad(L, V)"]


@pytest.fixture(scope="module")
def built():
    return reference(GIVEN, STEPS, ANSWERS, t=(0, 2))


def everything(graph):
    return {n: graph.value(n) for n in range(len(graph.nodes))}


def same(found, expected):
    assert found.keys() == expected.keys()
    for node, value in found.items():
        np.testing.assert_array_equal(value, expected[node])


NODES = len(reference(GIVEN, STEPS, ANSWERS, t=(0, 2)).graph.nodes)


@settings(deadline=None)
@drawn(nodes=st.sets(st.integers(0, NODES - 1), min_size=1, max_size=6))
def test_replacing_nodes_by_their_own_values_changes_nothing(built, nodes):
    graph = built.graph
    edited = graph.edited({n: constant_node(graph.value(n), graph.nodes[n].key) for n in nodes})
    same(edited.evaluate(range(NODES)), everything(graph))


@settings(deadline=None)
@drawn(nodes=st.sets(st.integers(0, NODES - 1), min_size=1, max_size=6))
def test_putting_the_references_own_values_changes_nothing(built, nodes):
    graph = built.graph
    puts = {n: graph.value(n) for n in nodes}
    same(graph.edited({}).evaluate(range(NODES), puts), everything(graph))


@settings(deadline=None)
@drawn(node=st.integers(0, NODES - 1), by=st.sampled_from([0.0, 0.5, 3.0]))
def test_an_edit_recomputes_all_that_is_downstream_and_nothing_else(built, node, by):
    graph = built.graph
    before = everything(graph)
    put = graph.value(node) * 0.5 + by
    edited = graph.edited({node: constant_node(put, graph.nodes[node].key)})
    found = edited.evaluate(range(NODES))
    expected = recomputed(graph, {node: put})
    for other, value in found.items():
        assert (value is None) == (expected[other] is None)
        if value is not None:
            np.testing.assert_allclose(value, expected[other], rtol=1e-12, atol=1e-12)
        if not graph.descendants[node] >> other & 1:
            np.testing.assert_array_equal(value, before[other])
    same(everything(graph), before)


def recomputed(graph, put):
    """All values from the beginning, in the simplest way."""
    values = {}
    for number, node in enumerate(graph.nodes):
        if number in put:
            values[number] = put[number]
        elif node.inputs or (node.key[0] in graph.families and graph.families[node.key[0]].rule):
            values[number] = computed_or_none(node, [values[i] for i in node.inputs])
        else:
            values[number] = graph.value(number)
    return values


def computed_or_none(node, arguments):
    if any(argument is None for argument in arguments):
        return None
    try:
        return np.asarray(node.compute(*arguments), float)
    except ValueError:
        return None


def test_a_value_that_is_put_is_seen_by_its_consumers_and_not_by_itself(built):
    graph = built.graph
    first, second = graph.find("h", 0), graph.find("h", 1)
    put = np.array([0.9, 0.1])
    found = graph.edited({}).evaluate([first, second], {first: put})
    np.testing.assert_array_equal(found[first], graph.value(first))
    np.testing.assert_allclose(
        found[second], np.tanh(np.array(GIVEN["W"]) @ put + np.array(GIVEN["x"][1]))
    )


def test_a_put_reaches_through_an_edit_further_down(built):
    graph = built.graph
    first, loss = graph.find("h", 0), graph.find("L")
    doubled = Node(lambda *args: 2 * np.mean(args), graph.nodes[loss].inputs, ("L", ()))
    put = {first: np.array([0.9, 0.1])}
    plain = graph.edited({}).evaluate([loss], put)[loss]
    losses = graph.edited({loss: doubled}).evaluate([loss], put)[loss]
    assert losses == pytest.approx(2 * plain)


def test_an_edit_that_makes_a_cycle_gives_none(built):
    graph = built.graph
    first, last = graph.find("h", 0), graph.find("h", 2)
    looped = Node(np.tanh, (last,), ("h", (0,)))
    found = graph.edited({first: looped}).evaluate([last, graph.find("L"), graph.find("W")])
    assert found[last] is None
    assert found[graph.find("L")] is None


def test_an_edit_may_take_what_comes_later_if_that_makes_no_cycle(built):
    graph = built.graph
    early, late = graph.find("p", 0), graph.find("p", 2)
    swapped = Node(lambda value: value, (late,), ("p", (0,)))
    found = graph.edited({early: swapped}).evaluate([early, graph.find("l", 0)])
    np.testing.assert_array_equal(found[early], graph.value(late))
    assert found[graph.find("l", 0)] == pytest.approx(-np.log(graph.value(late)[0]))


def test_a_cycle_is_broken_by_a_value_that_is_put(built):
    graph = built.graph
    first, last = graph.find("h", 0), graph.find("h", 2)
    looped = Node(np.tanh, (last,), ("h", (0,)))
    put = {graph.find("h", 1): np.array([0.3, 0.4])}
    found = graph.edited({first: looped}).evaluate([last], put)
    assert found[last] is not None


def test_an_edit_that_cannot_be_computed_gives_none(built):
    graph = built.graph
    node = graph.find("h", 0)
    wrong = constant_node(np.zeros(5), ("h", (0,)))
    found = graph.edited({node: wrong}).evaluate([graph.find("L"), node])
    assert found[graph.find("L")] is None
    np.testing.assert_array_equal(found[node], np.zeros(5))


def test_a_later_edit_of_the_same_node_holds(built):
    graph = built.graph
    node = graph.find("h", 0)
    one = graph.edited({node: constant_node(np.ones(2), ("h", (0,)))})
    two = one.edited(graph.edited({node: constant_node(np.full(2, 2.0), ("h", (0,)))}))
    np.testing.assert_array_equal(two.evaluate([node])[node], [2, 2])
    np.testing.assert_array_equal(one.evaluate([node])[node], [1, 1])


def test_a_rounded_node_has_the_rounded_value(built):
    graph = built.graph
    node = graph.find("h", 1)
    found = graph.edited({node: rounded_node(graph.nodes[node], 2)}).evaluate([node])[node]
    np.testing.assert_allclose(found, round_significant(graph.value(node), 2))


@drawn(st.floats(-1e300, 1e300), st.integers(1, 15))
def test_rounding_to_significant_digits_is_what_printing_does(number, digits):
    found = float(round_significant(np.asarray([number]), digits)[0])
    expected = float(f"{number:.{digits - 1}e}")
    assert found == pytest.approx(expected, rel=1.1 * 10.0 ** (1 - digits), abs=5e-308)


def test_the_numbers_that_a_graph_is_given_stay_the_callers():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    graph = reference({"x": x}, {"h[t]": "x[t] * 2"}, ["h[0]"], t=(0, 1)).graph
    assert isinstance(graph, Graph)
    x[:] = 0
    np.testing.assert_array_equal(graph.value(graph.find("x", 0)), [1, 2])
