"""The quantities of a sheet as they are collected, and which of them a name means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from reference_solutions.arrays import Array
from reference_solutions.expressions.constants import CONSTANTS
from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Index, Name, Param
from reference_solutions.graph.family import (
    Constant,
    Every,
    Family,
    Gather,
    Key,
    Ref,
    Rule,
    instances_of,
)
from reference_solutions.graph.graph import Graph
from reference_solutions.operations import operations


class Quantities:
    """Collects families and given numbers; :meth:`graph` makes the graph of what is there."""

    def __init__(
        self,
        ranges: Mapping[str, range],
        given: Sequence[Mapping[str, Array]],
        indexed: Mapping[str, tuple[str, ...]],
        starts: Sequence[Mapping[Key, Array]],
        sequences: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Start from the given numbers.

        ``ranges`` are the index variables; ``given`` the arrays by name, one mapping a world;
        ``indexed`` says which of them have leading axes that run over an index (``x[t]``), and by
        which names; ``starts`` are values of single instances (``h[-1]``), one mapping a world;
        ``sequences`` names the indices of what has no other values than these (``x[1]``, ``x[2]``).
        """
        sequences = sequences or {}
        self.ranges = dict(ranges)
        self.families: dict[str, Family] = {}
        self.given: list[dict[Key, Array]] = [{} for _ in given]
        self.starts: dict[str, dict[tuple[int, ...], Key]] = {}
        self._graph: Graph | None = None
        for world, values in enumerate(starts):
            for (name, index), array in values.items():
                if name in sequences:
                    self.given[world][(name, index)] = np.array(array, dtype=np.float64)
                    continue
                key = (f"{name}{list(index)}", ())
                self.given[world][key] = np.array(array, dtype=np.float64)
                if world == 0:
                    pattern = tuple(Index(None, at) for at in index)
                    self.start(Family(key[0], "given", owner=key[0], start_of=name, start=pattern))
        for world, arrays in enumerate(given):
            for name, array in arrays.items():
                variables = indexed.get(name, ())
                instances = instances_of([range(size) for size in array.shape[: len(variables)]])
                for index in instances:
                    self.given[world][(name, index)] = np.array(array[index], dtype=np.float64)
                if world == 0:
                    self.families[name] = Family(
                        name,
                        "given",
                        variables,
                        instances,
                        extra=self.starts.get(name, {}),
                        owner=name,
                    )

        for name, variables in sequences.items():
            instances = tuple(sorted(index for known, index in self.given[0] if known == name))
            self.families[name] = Family(name, "given", variables, instances, owner=name)

    def start(self, family: Family) -> None:
        """Add a family that stands for the instances of another that its ``start`` leads to.

        Raises :class:`FormulaError` where one of them has a starting value already.
        """
        known = self.starts.setdefault(family.start_of, {})
        for index in family.instances:
            bindings = family.bindings(index)
            at = tuple(part.at(bindings) for part in family.start)
            if at in known:
                raise FormulaError(f"`{family.start_of}{list(at)}` has two starting values")
            known[at] = (family.name, index)
        self.add(family)

    def graph(self) -> Graph:
        """Return the graph of all families so far. Raises :class:`GraphError`."""
        if self._graph is None:
            self._graph = Graph(self.families, self.given)
        return self._graph

    def graph_of(self, families: Collection[str]) -> Graph:
        """Return the graph of some families, which take nothing from the others.

        Raises :class:`GraphError`.
        """
        given = [{key: v for key, v in world.items() if key[0] in families} for world in self.given]
        return Graph({name: self.families[name] for name in families}, given)

    def graph_up_to(self, key: Key) -> Graph:
        """Return the graph of one quantity and all that it is computed from.

        Raises :class:`GraphError`.
        """
        return Graph(self.families, self.given, [key])

    def add(self, family: Family) -> None:
        """Add (or replace) a family."""
        self.families[family.name] = family
        self._graph = None

    def reference(self, name: Name) -> tuple[Ref | Every, tuple[Index, ...]]:
        """Return the quantity that a name means, and the subscripts left over for its entries.

        Raises :class:`FormulaError` for a name that nobody defines.
        """
        if name.name in self.ranges and name.index:
            self.count(name.name)
        family = self.families.get(name.name)
        if family is None:
            raise FormulaError(f"unknown quantity `{name.name}`", name.start, name.name)
        depth = len(family.variables)
        if not name.index and depth:
            return Every(name.name), ()
        if len(name.index) < depth:
            return Ref(self.rows(family, len(name.index)), name.index), ()
        return Ref(name.name, name.index[:depth]), name.index[depth:]

    def constant(self, name: Name) -> Constant | None:
        """Return the number that a name such as `pi` stands for, where the sheet has no such."""
        if name.index or name.name in self.families or name.name in self.ranges:
            return None
        value = CONSTANTS.get(name.name)
        return None if value is None else Constant(value)

    def count(self, variable: str) -> None:
        """Make an index a quantity whose value is the index itself, as in ``beta ** t``."""
        if variable in self.families:
            return
        span = self.ranges[variable]
        # One step further at both ends: that is where a neighbouring step leads.
        instances = tuple((at,) for at in range(span[0] - 1, span[-1] + 2))
        for world in self.given:
            world.update({(variable, at): np.array(float(at[0])) for at in instances})
        self.add(Family(variable, "given", (variable,), instances, owner=variable, is_index=True))

    def rows(self, family: Family, depth: int) -> str:
        """Return the family of ``a[t]`` where ``a`` runs over t and s: stacked over s."""
        name = f"{family.name}#rows{depth}"
        if name not in self.families:
            of = self.families.get(family.of, family) if family.kind == "adjoint" else family
            kept = family.variables[:depth]
            pattern = tuple(Index(variable) for variable in kept)
            self.add(
                Family(
                    name,
                    "part",
                    kept,
                    tuple(dict.fromkeys(index[:depth] for index in of.instances)),
                    Rule(
                        operations()["stack"],
                        (Gather(family.name, pattern),),
                        stacking(of.instances, depth),
                    ),
                    expression=Name(family.name, pattern),
                    owner=family.name,
                    rows_of=family.name,
                )
            )
        return name


def stacking(instances: Sequence[tuple[int, ...]], depth: int) -> dict[str, Param]:
    """Return the sizes of the axes that `stack` makes of values over several indices."""
    if not instances or len(instances[0]) - depth < 2:
        return {}
    counts = tuple(len(set(values)) for values in zip(*instances, strict=True))
    return {"shape": counts[depth:]}
