"""Numbers of one's own: given values drawn from a secret seed and a student's id.

Draws come from HMAC-SHA256 (RFC 2104) with the seed as its key, counted through: the same on every
machine and with every version of any library, and without the seed nobody can tell them, however
many students compare theirs.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from reference_solutions.definition_text import functions
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Expression, Name
from reference_solutions.graph import Array, Graph
from reference_solutions.language.evaluation import evaluate
from reference_solutions.language.formula import parse_formula
from reference_solutions.reference import Reference
from submissions_schema.draws import Draw
from submissions_schema.yaml_reader import Tree

MOST_TRIES = 1_000
"""How often numbers are drawn anew until they are as is required."""

_SCHEME = b"checker draws 1"
_WORD = 8


class Stream:
    """Random whole numbers, told by a key and words alone."""

    def __init__(self, seed: bytes, *words: str) -> None:
        text = b"\0".join((_SCHEME, *(word.encode() for word in words)))
        self._keyed = hmac.new(seed, text, "sha256")
        self._count = 0
        self._left = b""

    def below(self, count: int) -> int:
        """Return a number from 0 to ``count`` - 1, each as likely as the others."""
        bound = (1 << 8 * _WORD) // count * count
        while (drawn := self._word()) >= bound:
            pass
        return drawn % count

    def _word(self) -> int:
        if not self._left:
            block = self._keyed.copy()
            block.update(b"\0" + self._count.to_bytes(8, "big"))
            self._left = block.digest()
            self._count += 1
        word, self._left = self._left[:_WORD], self._left[_WORD:]
        return int.from_bytes(word, "big")


def plain_id(student: str) -> str:
    """Return a student's id as draws know it, however its letters are typed."""
    return unicodedata.normalize("NFC", student.strip()).casefold()


def drawn_value(draw: Draw, stream: Stream) -> Tree:
    """Return numbers as texts: one, or nested lists in the shape that is drawn."""
    values = draw.values
    shape = draw.shape
    if draw.draw == "permutation":
        shape = (len(values),)
    count = prod(shape)
    if draw.draw == "permutation" or draw.distinct:
        # The first steps of a shuffle (Fisher, Yates).
        for at in range(count):
            other = at + stream.below(len(values) - at)
            values[at], values[other] = values[other], values[at]
        flat = values[:count]
    else:
        flat = [values[stream.below(len(values))] for _ in range(count)]
    return _nested(flat, shape)


def _nested(flat: Sequence[str], shape: Sequence[int]) -> Tree:
    if not shape:
        return flat[0]
    size = len(flat) // shape[0]
    return [_nested(flat[at * size : (at + 1) * size], shape[1:]) for at in range(shape[0])]


def tries(
    given: Mapping[str, Tree | Draw], assignment: str, seed: bytes, student: str
) -> Iterator[dict[str, Tree]]:
    """Yield given values for one student, again and again: the first that will do are theirs."""
    for count in range(MOST_TRIES):
        yield {
            name: drawn_value(value, Stream(seed, assignment, plain_id(student), name, str(count)))
            if isinstance(value, Draw)
            else value
            for name, value in given.items()
        }


# --- conditions ---------------------------------------------------------------------------------

_CONSTANTS = {"e": np.e, "pi": np.pi}
_COMPARED = re.compile(r"<=|>=|!=|==|<|>|\u2264|\u2265|\u2260")
_HOLDS = {
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
    "!=": np.not_equal,
    "==": np.equal,
    "\u2264": np.less_equal,
    "\u2265": np.greater_equal,
    "\u2260": np.not_equal,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of two formulas that holds of all entries, in every world."""

    left: Expression
    sign: str
    right: Expression

    def names(self) -> Iterator[Name]:
        """Yield the names in it."""
        for side in (self.left, self.right):
            yield from (node for node in side.walk() if isinstance(node, Name))

    def holds(self, quantities: Callable[[Name], Array | None]) -> bool:
        """Whether it holds for all entries of some values. Raises :class:`FormulaError`."""
        left, right = evaluate(self.left, quantities), evaluate(self.right, quantities)
        return bool(np.all(_HOLDS[self.sign](left, right)))


def parse_condition(text: str, ranges: Collection[str]) -> Condition:
    """Read ``max(abs(h)) < 0.99``. Raises :class:`FormulaError`."""
    found = list(_COMPARED.finditer(text))
    if len(found) != 1:
        raise FormulaError("expected one comparison, such as `max(abs(h)) < 0.99`")
    (sign,) = found
    left = _side(text[: sign.start()], ranges, 0)
    return Condition(left, sign[0], _side(text[sign.end() :], ranges, sign.end()))


def which_hold(
    conditions: Sequence[Condition],
    reference: Reference,
    sets: Sequence[Sequence[Mapping[str, Array]]],
) -> list[bool]:
    """Say for which given numbers all conditions hold; each set has all worlds.

    Only what the conditions name is evaluated. Raises :class:`FormulaError`, and
    :class:`DefinitionError` for what is no given quantity.
    """
    if not conditions:
        return [True] * len(sets)
    graph = reference.graph
    places = {name: _nodes(name, graph) for condition in conditions for name in condition.names()}
    worlds = [reference.keyed(world) for one in sets for world in one]
    wanted = {node for nodes in places.values() for node in nodes}
    values = graph.values_with_given(worlds, wanted)

    def holds(condition: Condition, row: int) -> bool:
        return condition.holds(
            lambda name: _value(name, graph, [values[node][row] for node in places[name]])
        )

    count = len(sets[0])
    return [
        all(
            holds(condition, row)
            for row in range(at * count, (at + 1) * count)
            for condition in conditions
        )
        for at in range(len(sets))
    ]


def _nodes(name: Name, graph: Graph) -> list[int]:
    """Return the nodes that a name stands for: one, or all instances of an indexed quantity."""
    family = graph.families.get(name.name)
    if family is None or family.kind not in ("given", "step"):
        if name.name in _CONSTANTS and not name.index:
            return []
        raise FormulaError(f"unknown quantity `{name.name}`", name.start)
    if any(part.variable is not None for part in name.index):
        raise FormulaError(f"write a number as the index of `{name.name}`", name.start)
    index = tuple(part.offset for part in name.index[: len(family.variables)])
    nodes = [
        graph.ids[family.name, at]
        for at in (*family.extra, *family.instances)
        if at[: len(index)] == index and (family.name, at) in graph.ids
    ]
    if not nodes:
        raise FormulaError(f"there is no such `{name.name}`", name.start)
    return nodes


def _value(name: Name, graph: Graph, values: Sequence[Array]) -> Array:
    if not values:
        return np.asarray(_CONSTANTS[name.name])
    depth = len(graph.families[name.name].variables)
    index = tuple(part.offset for part in name.index)
    try:
        return np.asarray(values[0][index[depth:]]) if len(index) >= depth else np.stack(values)
    except (IndexError, ValueError):
        raise FormulaError(f"`{name.name}` has no such entry", name.start) from None


def _side(text: str, ranges: Collection[str], start: int) -> Expression:
    try:
        return parse_formula(text, functions(), ranges)
    except FormulaError as error:
        raise FormulaError(error.message, start + error.offset) from None
