"""What may stand in a family instead of its rule: another rule, a nested one, a changed number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from reference_solutions.expressions.tree import Index, Param
from reference_solutions.graph import Array, Constant, Family, Input, Key, Node, Ref, Rule
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Operation


@dataclass(frozen=True, slots=True)
class Nested:
    """An operation on operands that may be operations themselves: a formula written anew."""

    operation: Operation
    operands: tuple[Operand, ...]
    params: Mapping[str, Param] = field(default_factory=dict)


Operand: TypeAlias = "Input | Rule | Nested"


@dataclass(frozen=True, slots=True)
class Read:
    """A rule with LaTeX of its own for what was computed."""

    rule: Rule | Nested
    latex: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What another family, ``name``, computes at the same index."""

    name: str


@dataclass(frozen=True, slots=True)
class Miscopied:
    """Given numbers other than the sheet's: a function of those that are given.

    ``source`` is the node whose given value it takes, if not the edited one's own; ``entry`` the
    one entry that it changes, None for all.
    """

    change: Callable[[Array], Array]
    entry: tuple[int, ...] | None = None
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Remade:
    """Nodes made for the indices one by one, for what no rule says, and how they read as LaTeX.

    Without LaTeX the formula isn't shown.
    """

    nodes: Mapping[tuple[int, ...], Node]
    latex: str = ""


Change: TypeAlias = Rule | Nested | Read | Computed | Miscopied | Remade


def nested(name: str, *operands: Operand, **params: Param) -> Nested:
    """Return the operation ``name`` on ``operands``."""
    return Nested(operations()[name], operands, params)


def copied(item: Input) -> Rule:
    """Return the rule that is one operand alone."""
    return Rule(operations()["identity"], (item,))


def composed(
    operation: Operation, params: Mapping[str, Param], parts: Sequence[Node], key: Key
) -> Node:
    """Return the node of an operation whose operands are computed by ``parts``."""
    ends = list(np.cumsum([0, *(len(part.inputs) for part in parts)]))

    def compute(*args: Array) -> Array:
        taken = zip(parts, ends, ends[1:], strict=False)
        return np.asarray(
            operation.compute(*(part.compute(*args[a:b]) for part, a, b in taken), **params)
        )

    def many(*args: Array) -> Array:
        taken = zip(parts, ends, ends[1:], strict=False)
        values = (part.many(*args[a:b]) for part, a, b in taken if part.many is not None)
        assert operation.for_many is not None
        return np.asarray(operation.for_many(*values, **params))

    inputs = tuple(number for part in parts for number in part.inputs)
    together = operation.for_many is not None and all(part.many is not None for part in parts)
    return Node(compute, inputs, key, many if together else None)


def literal(value: float, key: Key) -> Node:
    """Return the node of a number in a formula."""
    array = np.asarray(value, dtype=np.float64)
    return Node(lambda: array, (), key, lambda: array[None])


def flattened(change: Nested, family: Family, families: dict[str, Family]) -> Rule:
    """Return a nested rule as one of parts of the formula, which are added to ``families``."""
    inputs: list[Input] = []
    for operand in change.operands:
        if isinstance(operand, Rule | Nested):
            rule = flattened(operand, family, families) if isinstance(operand, Nested) else operand
            name = f"{family.name}#new{len(families)}"
            families[name] = Family(
                name, "part", family.variables, family.instances, rule, owner=family.owner
            )
            inputs.append(Ref(name, tuple(Index(variable) for variable in family.variables)))
        else:
            inputs.append(operand)
    return Rule(change.operation, tuple(inputs), change.params)


def leaves(operand: Operand) -> Iterator[Input]:
    """Yield the quantities and numbers that an operand is made of."""
    if isinstance(operand, Nested):
        for inner in operand.operands:
            yield from leaves(inner)
    elif isinstance(operand, Rule):
        yield from operand.inputs
    else:
        yield operand


def put(rule: Rule, position: int, item: Input) -> Rule:
    """Return a rule with another operand in one position."""
    inputs = (*rule.inputs[:position], item, *rule.inputs[position + 1 :])
    return Rule(rule.operation, inputs, rule.params)


def is_signed(item: Operand) -> bool:
    """Whether an operand is a negative number that is more than a sign."""
    return isinstance(item, Constant) and item.value < 0 and item.value != -1
