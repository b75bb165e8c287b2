"""The operands of derivative rules: quantities of a graph as leaves of an expression."""

from __future__ import annotations

from dataclasses import dataclass

from reference_solutions.graph.family import Input
from reference_solutions.operations.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Leaf(Quantity):
    """An operand in a derivative rule: the quantity of a graph that it stands for."""

    input: Input
