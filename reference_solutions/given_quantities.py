"""The given quantities of a reference: arrays, starting values, and axes that run over an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from reference_solutions.definition_text import DefinitionError, Step, counted, read_key
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Expression, Name
from reference_solutions.graph import (
    Array,
    Key,
)
from reference_solutions.language.formula import names_in


def split_given(
    ranges: Mapping[str, range], given: Sequence[Mapping[str, Array]]
) -> tuple[list[dict[str, Array]], list[dict[Key, Array]]]:
    """Return the given arrays, and the values of single instances (``h[-1]``), for each world.

    Raises :class:`DefinitionError`.
    """
    arrays: list[dict[str, Array]] = []
    starts: list[dict[Key, Array]] = []
    for world in given or [{}]:
        arrays.append({})
        starts.append({})
        for key, array in world.items():
            try:
                name, index = read_key(key, ranges)
            except FormulaError as error:
                raise DefinitionError(error.message, ("given", key), error.offset, True) from None
            if index and all(part.variable is not None for part in index):
                raise DefinitionError(
                    "a given quantity is written without its index (`x`, not `x[t]`): "
                    "its first axis runs over the index",
                    ("given", key),
                    in_key=True,
                )
            try:
                value = np.asarray(array, dtype=np.float64)
            except (TypeError, ValueError):
                raise DefinitionError(
                    "expected a number or nested lists of numbers of one shape", ("given", key)
                ) from None
            if not index and name not in arrays[-1]:
                arrays[-1][name] = value
                continue
            # `h[e, -1]` is one value for every e.
            spans = [[p.offset] if p.variable is None else ranges[p.variable] for p in index]
            for at in product(*spans):
                if not index or (name, at) in starts[-1]:
                    raise DefinitionError(f"`{key}` is given twice", ("given", key), in_key=True)
                starts[-1][name, at] = value
        for first, other in ((arrays[0], arrays[-1]), (starts[0], starts[-1])):
            if {k: v.shape for k, v in first.items()} != {k: v.shape for k, v in other.items()}:
                raise DefinitionError("every world needs the same given quantities", ("given",))
    return arrays, starts


def axes_that_run(
    arrays: Mapping[str, Array],
    starts: Mapping[Key, Array],
    expressions: Sequence[Expression],
) -> dict[str, tuple[str, ...]]:
    """How many leading axes of each given array run over an index somewhere, and their names.

    An axis is called by the first index that it is read with, which is how it is shown later.
    """
    found: dict[str, dict[int, str]] = {}
    for name, index in starts:
        if name in arrays:
            found[name] = dict.fromkeys(range(len(index)), "")
    for expression in expressions:
        for node in expression.walk():
            if isinstance(node, Name) and node.name in arrays:
                axes = found.setdefault(node.name, {})
                for position, part in enumerate(node.index[: arrays[node.name].ndim]):
                    if part.variable is not None:
                        for axis in range(position + 1):
                            axes.setdefault(axis, "")
                        if not axes[position] and part.variable not in axes.values():
                            axes[position] = part.variable
    named = {}
    for name, axes in found.items():
        free = (letter for letter in "ijklmnpqrs" if letter not in axes.values())
        count = min(len(axes), arrays[name].ndim, 8)
        named[name] = tuple(axes[axis] or next(free) for axis in range(count))
    return named


def given_one_by_one(
    arrays: Mapping[str, Array],
    starts: Sequence[dict[Key, Array]],
    steps: Sequence[Step],
    expressions: Sequence[Expression],
) -> dict[str, tuple[str, ...]]:
    """Which quantities are given value by value (`x[1]`, `x[2]`), and the names of their indices.

    What is a step or a whole array has starting values instead; so has, it seems, what nobody uses.
    Raises :class:`DefinitionError`.
    """
    known = {step.name for step in steps} | set(arrays)
    used = {name for expression in expressions for name in names_in(expression)}
    found: dict[str, tuple[str, ...]] = {}
    shapes: dict[str, tuple[int, ...]] = {}
    for (name, index), array in starts[0].items():
        if name in known or name not in used:
            continue
        key = f"{name}{list(index)}"
        if found.setdefault(name, ("",) * len(index)) != ("",) * len(index):
            raise DefinitionError(
                f"`{name}` is given with {counted(len(found[name]), 'index', 'indices')} before",
                ("given", key),
                in_key=True,
            )
        if shapes.setdefault(name, array.shape) != array.shape:
            raise DefinitionError(
                f"the values of `{name}` have one shape: expected {shapes[name]}, "
                f"got {array.shape}",
                ("given", key),
            )
    for name, unnamed in found.items():
        names = list(unnamed)
        for expression in expressions:
            for node in expression.walk():
                if isinstance(node, Name) and node.name == name:
                    for axis, part in enumerate(node.index[: len(names)]):
                        if not names[axis] and part.variable not in (None, *names):
                            names[axis] = part.variable or ""
        free = (letter for letter in "ijklmnpqrs" if letter not in names)
        found[name] = tuple(variable or next(free) for variable in names)
    return found
