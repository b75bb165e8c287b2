"""Where edits of one reference are made: its sites, its notation, and the one way to make them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from checker.edits.edit import Edit, with_its_gradient
from checker.edits.following import Following
from checker.edits.prices import price_of_place
from checker.edits.rewriting import (
    Change,
    Computed,
    Miscopied,
    Nested,
    Operand,
    Read,
    Remade,
    composed,
    copied,
    literal,
)
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import (
    Constant,
    Family,
    Graph,
    GraphError,
    Input,
    Key,
    Node,
    Ref,
    Rule,
    constant_node,
)
from reference_solutions.language.notation import Notation
from reference_solutions.language.plain_words import quantity_of
from reference_solutions.reference import Reference

_QUOTED = re.compile("`[^`]+`")
_INDEX = re.compile(
    r"(?<=[\[ ])(?:(?P<from>\d+)-)?(?P<variable>[a-z]\w*)(?P<offset>[+-]\d+)?(?=, |\])"
)


def as_code(words: str) -> str:
    """Return what the notation says of a quantity, with the quantity in it set as code."""
    said, quantity = quantity_of(words)
    return f"{said}`{quantity}`"


@dataclass(frozen=True, slots=True)
class Site:
    """A family that can be edited, with those of its nodes that the answers depend on."""

    family: Family
    nodes: Mapping[tuple[int, ...], int]


Changes: TypeAlias = "Change | Sequence[tuple[Site, Change]]"
"""What stands at one site instead, or at several sites of a formula."""


class Workshop:
    """What making edits of one reference needs: the graph, its sites and its notation."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.graph: Graph = reference.graph
        self.notation = Notation(self.graph.families, is_scalar=self.is_scalar)
        self._scalar: dict[str, bool] = {}
        self._seen: dict[str, Mapping[str, Index]] = {}
        self.needed = self.graph.region(target.node for target in reference.targets)
        self.sites = [site for site in map(self._site, self.graph.families.values()) if site.nodes]
        self.by_name = {site.family.name: site for site in self.sites}
        self._following = Following(self.graph, self.needed, self._within)

    def with_given(self, reference: Reference) -> Workshop:
        """Return the same workshop for the same reference with other given numbers."""
        other = copy(self)
        other.reference = reference
        other.graph = reference.graph
        other._following = Following(other.graph, other.needed, other._within)
        return other

    def is_constant(self, number: int) -> bool:
        """Whether a quantity has one value; a symbol has another in every world."""
        value = self.graph.value(number)
        others = (self.graph.value(number, world) for world in range(1, self.graph.worlds))
        return value is not None and all(o is not None and np.array_equal(o, value) for o in others)

    def _site(self, family: Family) -> Site:
        nodes = {}
        if family.kind != "variant":
            for index in family.instances:
                node = self.graph.ids.get((family.name, index))
                if node is not None and node in self.needed and index not in family.extra:
                    nodes[index] = node
        return Site(family, nodes)

    def shape(self, family: str) -> tuple[int, ...] | None:
        """Return the shape of the first value of a family, or None where it has none."""
        for index in self.graph.families[family].instances:
            node = self.graph.ids.get((family, index))
            if node is not None:
                value = self.graph.value(node)
                return None if value is None else value.shape
        return None

    def is_scalar(self, family: str) -> bool:
        """Whether the values of a family are single numbers."""
        if family not in self._scalar:
            self._scalar[family] = self.shape(family) == ()
        return self._scalar[family]

    def words(self, site: Site, item: Input) -> str:
        """Return an operand as the formula that ``site`` stands in has it, as code."""
        return as_code(self.notation.operand_words(item, self.seen(site.family)))

    def place(self, site: Site) -> str:
        """Return the quantity in whose formula ``site`` stands, or the answer if it has its own."""
        owner = self.graph.families.get(site.family.owner, site.family)
        return (
            f"{'the answer ' if owner.is_answer else ''}{as_code(self.notation.where(site.family))}"
        )

    def seen(self, family: Family) -> Mapping[str, Index]:
        """Return the variables of a family as the formula that it stands in has them."""
        if family.name not in self._seen:
            self._seen[family.name] = self.notation.seen_from_owner(family)
        return self._seen[family.name]

    def node(self, family: Family, change: Change, index: tuple[int, ...]) -> Node | None:
        """Return the node that a change puts at one index; None where it can't be made.

        Where a rule now reaches for something beyond the range, a student does the next best
        thing: a forward quantity stays at the end of its range, a gradient that doesn't exist is 0.
        """
        if isinstance(change, Read):
            change = change.rule
        key = (family.name, index)
        if isinstance(change, Remade | Miscopied | Computed):
            return self._ready(change, key)
        try:
            node = self._resolved(family, change, index)
        except (GraphError, KeyError):
            return None
        if node is None:
            value = self.graph.value(self.graph.ids[key])
            return None if value is None else constant_node(np.zeros_like(value), key)
        return node

    def _ready(self, change: Remade | Miscopied | Computed, key: Key) -> Node | None:
        """Return a node that stands ready, or that other numbers or another family's make."""
        if isinstance(change, Remade):
            return change.nodes.get(key[1])
        if isinstance(change, Miscopied):
            number = self.graph.ids[key] if change.source is None else change.source
            given = self.graph.value(number)
            return None if given is None else constant_node(change.change(given), key)
        source = self.graph.ids.get((change.name, key[1]))
        if source is None or self.graph.value(source) is None:
            return None
        return replace(self.graph.nodes[source], key=key)

    def _resolved(self, family: Family, operand: Operand, index: tuple[int, ...]) -> Node | None:
        """Return the node of an operand at one index; None where no gradient reaches it."""
        if isinstance(operand, Constant):
            return literal(operand.value, (family.name, index))
        if isinstance(operand, Nested):
            parts = [self._resolved(family, inner, index) for inner in operand.operands]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return composed(operand.operation, operand.params, known, (family.name, index))
        rule = operand if isinstance(operand, Rule) else copied(operand)
        inputs = tuple(self._within(item, family, index) for item in rule.inputs)
        return self.graph.resolve(replace(rule, inputs=inputs), family, index)

    def _within(self, item: Input, family: Family, index: tuple[int, ...]) -> Input:
        if not isinstance(item, Ref) or not item.index:
            return item
        source = self.graph.families[item.family]
        bindings = family.bindings(index)
        at = tuple(part.at(bindings) for part in item.index)
        known = [*source.instances, *source.extra]
        if source.kind == "adjoint" or at in known:
            return item
        nearest = min(known, key=lambda i: sum(abs(a - b) for a, b in zip(i, at, strict=True)))
        distance = sum(abs(a - b) for a, b in zip(nearest, at, strict=True))
        if distance > 2:
            return item
        shift = [a - b for a, b in zip(nearest, at, strict=True)]
        return Ref(item.family, tuple(p.shifted(s) for p, s in zip(item.index, shift, strict=True)))

    def edits(  # noqa: PLR0913 - one argument for each field of the edits that are made
        self,
        site: Site,
        id: str,
        message: str,
        bits: float,
        changes: Changes,
        *,
        apart: tuple[str, ...] = (),
        places: bool = True,
        habit: tuple[object, ...] = (),
        derived: bool = True,
        where: str = "",
    ) -> list[Edit]:
        """Make one mistake: everywhere, with the gradient that follows from it, and at each index.

        ``changes`` is what stands at ``site`` instead, or at several sites of its formula. Where it
        is not ``derived``, the gradient is left as it is. Returns nothing where no node can be
        made. ``message`` is said of all places, and in it the index is put for each one. ``where``
        is what is told of, if not the quantity in whose formula ``site`` stands.
        """
        at = changes if isinstance(changes, Sequence) else [(site, changes)]
        replacements: dict[int, Node] = {}
        places_of: dict[tuple[int, ...], dict[int, Node]] = {}
        for changed, change in at:
            for index, number in changed.nodes.items():
                node = self.node(changed.family, change, index)
                if node is not None:
                    replacements[number] = node
                    place = _place(site.family, changed.family, index)
                    places_of.setdefault(place, {})[number] = node
        if not replacements:
            return []
        following = self._follows(at, replacements) if derived else {}
        everywhere = Edit(
            id,
            where or self.notation.where(site.family),
            message,
            bits,
            replacements,
            site.family.name,
            changes={changed.family.name: change for changed, change in at},
            apart=apart,
            habit=(id, *habit) if habit else (),
            following=following,
        )
        made = [everywhere]
        if places and len(places_of) > 1:
            bits += price_of_place(len(places_of))
            made += [self._at_one(everywhere, bits, i, nodes) for i, nodes in places_of.items()]
        made += with_its_gradient(everywhere)[1:]
        return made

    def _follows(
        self, at: Sequence[tuple[Site, Change]], replacements: Mapping[int, Node]
    ) -> dict[int, Node]:
        """Return the nodes of the backward pass that follow from changes of formulas."""
        changes: dict[str, Operand] = {}
        for site, change in at:
            if site.family.kind not in ("step", "part"):
                return {}
            operand = change.rule if isinstance(change, Read) else change
            if isinstance(operand, Computed):
                operand = self.graph.families[operand.name].rule or operand
            if not isinstance(operand, Rule | Nested):
                return {}
            changes[site.family.name] = operand
        return self._following.nodes(changes, replacements)

    def _at_one(
        self, everywhere: Edit, bits: float, index: tuple[int, ...], nodes: Mapping[int, Node]
    ) -> Edit:
        """Return a mistake made at one index only."""
        family = self.graph.families[everywhere.family]
        where = self.notation.where(family, index)
        message = self._at(everywhere.message, family, index)
        return replace(
            everywhere,
            where=where,
            message=message.replace(as_code(everywhere.where), as_code(where)),
            bits=bits,
            replacements=nodes,
            index=index,
            habit=(),
            following={},
        )

    def _at(self, message: str, family: Family, index: tuple[int, ...]) -> str:
        """Return a message with numbers for the index, in what it quotes."""
        values = dict(zip(family.variables, index, strict=False))
        for variable, part in self.seen(family).items():
            if part.variable is not None:
                values[part.variable] = (values[variable] - part.offset) * part.scale
        where = self.notation.where(family)

        def quoted(match: re.Match[str]) -> str:
            return match[0] if match[0] == f"`{where}`" else _INDEX.sub(number, match[0])

        def number(match: re.Match[str]) -> str:
            sign = -1 if match["from"] else 1
            if match["variable"] not in values:
                return match[0]
            start = int(match["from"] or 0) + int(match["offset"] or 0)
            return str(start + sign * values[match["variable"]])

        return _QUOTED.sub(quoted, message)


def _place(site: Family, changed: Family, index: tuple[int, ...]) -> tuple[int, ...]:
    """Return the index of ``site`` that an instance of a part of its formula belongs to."""
    bindings = changed.bindings(index)
    if all(variable in bindings for variable in site.variables):
        return tuple(bindings[variable] for variable in site.variables)
    return index
