"""Many edits evaluated at once agree with each evaluated by itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from checker.edits.catalogue import catalogue_edits
from checker.edits.edit import Edit
from checker.edits.structural import structural_edits
from checker.edits.workshop import Workshop
from reference_solutions.assignment import load_assignment
from reference_solutions.graph import Array, EditedGraph, Graph, Settled
from reference_solutions.graph.many import evaluate_many, evaluate_moved
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Mistake, Operation
from reference_solutions.shipped import shipped_assignments


def _edits(name: str) -> tuple[Graph, list[int], list[Edit]]:
    reference = load_assignment(shipped_assignments()[name]).reference
    workshop = Workshop(reference)
    targets = [target.node for target in reference.targets]
    return reference.graph, targets, [*catalogue_edits(workshop), *structural_edits(workshop)]


def _same(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.shape == other.shape and np.allclose(one, other, 1e-9, 1e-12, equal_nan=True)


def _check(
    edits: list[EditedGraph],
    targets: list[int],
    settled: Settled,
    at_least: float,
    under: EditedGraph | None = None,
) -> None:
    under = under or edits[0].base.edited({})
    before = under.settle(settled)
    many = evaluate_many(under, edits, targets, before)
    assert len(many.alone) <= (1 - at_least) * len(edits)
    for row, edit in enumerate(edits):
        if row in many.alone:
            continue
        made = under.edited(edit)
        found: Mapping[int, Array | None] = made.evaluate(targets, settled=settled)
        for target, value in found.items():
            together = many.values[target][row] if target in many.values else before.own(target)
            if value is None:
                assert together is None or np.isnan(together).all()
            else:
                assert _same(together, value)


@pytest.mark.parametrize("name", sorted(shipped_assignments()))
def test_edits_of_the_shipped_assignments(name: str) -> None:
    graph, targets, edits = _edits(name)
    edited = [graph.edited(edit.replacements) for edit in edits]
    _check(edited, targets, graph.settled(), 0.6)


def test_edits_on_top_of_values_that_were_put() -> None:
    graph, targets, edits = _edits("fit3181-a2")
    edited = [graph.edited(edit.replacements) for edit in edits]
    puts = {}
    for target in targets[::2]:
        value = graph.value(target)
        assert value is not None
        puts[target] = 1.1 * value + 0.01
    _check(edited, targets, graph.settle(puts), 0.85)


@pytest.mark.parametrize("which", ["h[t]", "yhat[t]", "dL/dh[t]"])
def test_edits_on_top_of_another_one_and_of_values_that_were_put(which: str) -> None:
    graph, targets, edits = _edits("fit3181-a2")
    edited = [graph.edited(edit.replacements) for edit in edits]
    under = next(
        one
        for edit, one in zip(edits, edited, strict=True)
        if which in edit.where and one.touched.bit_count() > 3
    )
    value = graph.value(targets[1])
    assert value is not None
    _check(edited, targets, graph.settled(), 0.6, under)
    _check(edited, targets, graph.settle({targets[1]: 1.1 * value + 0.01}), 0.6, under)


def test_edits_that_share_an_order_of_their_own_are_evaluated_together() -> None:
    graph, targets, edits = _edits("fit3181-a2")
    edited = [graph.edited(edit.replacements) for edit in edits]
    out_of_order = next(edit for edit in edited if edit.against)
    first = set(out_of_order.replacements)
    others = [e for e in edited if not e.against and not first & set(e.replacements)]
    pairs = [out_of_order.edited(other) for other in others]
    _check(pairs, targets, graph.settled(), 0.5)


def test_values_that_are_moved() -> None:
    graph, targets, edits = _edits("fit3181-a2")
    start = targets[0]
    value = graph.value(start)
    assert value is not None
    shifted = graph.nodes[targets[-1]].inputs[0]
    wrong = graph.value(shifted)
    assert wrong is not None
    steps = (0.0, 0.1, -0.2)
    puts = {start: np.stack([value + step for step in steps])}
    shifts = {shifted: np.stack([wrong * step for step in steps])}
    for edit in edits[::40]:
        edited = graph.edited(edit.replacements)
        found = evaluate_moved(edited, targets, len(steps), puts, shifts)
        for row in range(len(steps)):
            alone = edited.evaluate(
                targets, {start: puts[start][row]}, shifts={shifted: shifts[shifted][row]}
            )
            for target in targets:
                value = alone[target]
                if value is None:
                    assert np.isnan(found[target][row]).all()
                else:
                    assert _same(found[target][row], value)


def test_moves_of_another_shape_are_left_to_the_evaluation_of_one() -> None:
    graph, targets, _ = _edits("fit3181-a2")
    node = graph.nodes[targets[1]].inputs[0]
    found = evaluate_moved(graph.edited({}), targets, 3, {}, {node: np.full(3, 0.1)})
    for target in targets:
        assert all(_same(value, graph.value(target)) for value in found[target])


@pytest.mark.parametrize(
    "operation", [one for one in operations().values() if one.for_many], ids=lambda one: one.name
)
def test_an_operation_computes_many_values_as_it_computes_one(operation: Operation) -> None:
    assert operation.for_many is not None
    for example in operation.examples:
        if example.gradient is not None:
            continue
        args = [np.asarray(arg, dtype=np.float64) for arg in example.args]
        one = np.asarray(operation.compute(*args, **example.params))
        try:
            many = operation.for_many(
                *(np.stack([arg, arg]) for arg in args[:1]),
                *(arg[None] for arg in args[1:]),
                **example.params,
            )
        except ValueError:
            continue
        assert many.shape == (2, *one.shape)
        assert np.allclose(many, one, equal_nan=True)


@pytest.mark.parametrize(
    ("operation", "mistake"),
    [
        (one, mistake)
        for one in operations().values()
        if one.elementwise
        for mistake in one.mistakes
        if mistake.forward is not None
    ],
    ids=lambda one: one.name if isinstance(one, Operation) else one.id,
)
def test_a_mistake_of_an_elementwise_operation_is_elementwise(
    operation: Operation, mistake: Mistake
) -> None:
    assert mistake.forward is not None
    wrong = operation.computing(mistake.forward)
    assert wrong.for_many is not None
    sets = [np.array([0.3, -1.2, 2.5]), np.array([-0.7, 0.4, 1.1]), np.array([1.5, 0.2, -0.1])]
    operands = [[one * (1 + place) for one in sets] for place in range(operation.arity[0])]
    with np.errstate(all="ignore"):
        many = wrong.for_many(*(np.stack(one) for one in operands))
        for row in range(len(sets)):
            assert _same(many[row], mistake.forward(*(one[row] for one in operands)))
