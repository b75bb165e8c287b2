"""What these tests share: small graphs, rules computed by hand, and central differences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reference_solutions.expressions.tree import Apply, Expression, Number, apply
from reference_solutions.graph import Ref
from reference_solutions.graph.leaf import Leaf
from reference_solutions.operations import operations
from reference_solutions.reference import Reference, build_reference


def array(value):
    return np.asarray(value, dtype=np.float64)


def reference(given, steps, answers=(), **ranges) -> Reference:
    """The reference of forward steps; ``answers`` are formulas, their text is their name."""
    wanted = {("q", str(i)): text for i, text in enumerate(answers)}
    spans = {name: range(first, last + 1) for name, (first, last) in ranges.items()}
    worlds = [{name: array(value) for name, value in given.items()}]
    return build_reference(spans, worlds, steps, wanted)


def values(given, steps, answers, **ranges):
    """The values of the formulas ``answers``."""
    built = reference(given, steps, answers, **ranges)
    return [built.graph.value(target.node) for target in built.targets]


def value(given, steps, answer, **ranges):
    return values(given, steps, [answer], **ranges)[0]


def central_differences(given, name, compute, step=1e-5):
    """The derivative of the number ``compute(given)`` by each entry of ``given[name]``."""
    start = array(given[name])
    found = np.zeros_like(start)
    for entry in np.ndindex(start.shape):
        sides = []
        for sign in (1, -1):
            moved = start.copy()
            moved[entry] += sign * step
            sides.append(float(compute({**given, name: moved})))
        found[entry] = (sides[0] - sides[1]) / (2 * step)
    return found


def assert_gradients_agree(given, steps, root, names, **ranges):
    """Every ``grad(root, name)`` agrees with central differences."""
    derived = values(given, steps, [f"grad({root}, {name})" for name in names], **ranges)
    for name, gradient in zip(names, derived, strict=True):

        def compute(changed):
            return value(changed, steps, root, **ranges)

        expected = central_differences(given, name, compute)
        scale = max(1.0, float(np.abs(expected).max()))
        assert gradient.shape == expected.shape
        np.testing.assert_allclose(
            gradient, expected, atol=2e-6 * scale, err_msg=f"{root} by {name}"
        )


def handed_back(  # noqa: PLR0913, PLR0917 - one argument for each part of an example
    rule, operation, args, gradient, position, params
):
    """What a derivative rule hands back to one operand, computed; None if it doesn't apply."""
    known = {"g": array(gradient), "out": array(operation.compute(*args, **params))}
    known |= {f"a{i}": array(arg) for i, arg in enumerate(args)}
    leaves = {n: Leaf(v.shape, (v,), Ref(n)) for n, v in known.items()}
    operands = [leaves[f"a{i}"] for i in range(len(args))]
    expression = rule(leaves["g"], leaves["out"], *operands, **params)
    if expression is None:
        return None
    target = known[f"a{position}"].shape
    if operation.broadcasts and target != known["out"].shape:
        expression = apply("sum_to", expression, shape=target)
    return computed(expression, known)


def computed(expression: Expression, known: Mapping[str, np.ndarray]):
    if isinstance(expression, Number):
        return array(expression.value)
    if isinstance(expression, Leaf):
        return known[expression.input.family]
    assert isinstance(expression, Apply)
    arguments = [computed(arg, known) for arg in expression.args]
    return array(operations()[expression.operation].compute(*arguments, **expression.params))
