"""The reference graph: families, nodes, values, edits, and its derived backward pass."""

from reference_solutions.arrays import Array
from reference_solutions.graph.assembly import MAX_GRAPH_NODES
from reference_solutions.graph.edited import EditedGraph
from reference_solutions.graph.family import (
    Constant,
    Every,
    Family,
    Gather,
    GraphError,
    Input,
    Key,
    Kind,
    Ref,
    Rule,
    Selection,
    instances_of,
)
from reference_solutions.graph.graph import Graph
from reference_solutions.graph.linked import LinkedNodes, Settled
from reference_solutions.graph.node import (
    REFUSALS,
    Compute,
    Node,
    constant_node,
    refusal,
    round_significant,
    rounded_node,
)

__all__ = [
    "MAX_GRAPH_NODES",
    "REFUSALS",
    "Array",
    "Compute",
    "Constant",
    "EditedGraph",
    "Every",
    "Family",
    "Gather",
    "Graph",
    "GraphError",
    "Input",
    "Key",
    "Kind",
    "LinkedNodes",
    "Node",
    "Ref",
    "Rule",
    "Selection",
    "Settled",
    "constant_node",
    "instances_of",
    "refusal",
    "round_significant",
    "rounded_node",
]
