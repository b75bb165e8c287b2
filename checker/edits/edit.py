"""One edit: which nodes are replaced, what it is called, what it costs, and how to show it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reference_solutions.graph import (
    Family,
    Graph,
    GraphError,
    Input,
    Node,
    Ref,
    Rule,
    constant_node,
)
from reference_solutions.language.expression import Index
from reference_solutions.language.notation import Notation
from reference_solutions.reference import Reference

PLACE_BITS = 2.5
"""What it costs, beyond choosing the place, that a mistake is made at one index only."""
_QUOTED = re.compile("`[^`]+`")
_INDEX = re.compile(
    r"(?<=[\[ ])(?:(?P<from>\d+)-)?(?P<variable>[a-z]\w*)(?P<offset>[+-]\d+)?(?=, |\])"
)


BACK = "what comes back through "
"""How the notation names a path of the backward pass."""


def as_code(words: str) -> str:
    """Return what the notation says of an operand, with the quantity in it set as code."""
    return f"{BACK}`{words.removeprefix(BACK)}`" if words.startswith(BACK) else f"`{words}`"


@dataclass(frozen=True, slots=True)
class Edit:
    """A small edit of the reference graph.

    ``id`` is the mistake's name, ``where`` the quantity of the sheet in whose formula it is made,
    ``message`` a tutor's sentence. ``bits`` is -log2 of how likely the mistake is beforehand.
    ``replacements`` are the edited nodes. ``family`` and ``rule`` (or ``used``, LaTeX) say how the
    formula reads with the mistake in it; ``index`` is the place, None for everywhere; ``says``
    tells two mistakes of one kind in one formula apart. ``members`` are the edits that this one
    makes together, each in a formula of its own. Edits of one ``habit`` are what somebody who makes
    one of them may well make in every formula.
    """

    id: str
    where: str
    message: str
    bits: float
    replacements: Mapping[int, Node]
    family: str
    rule: Rule | None = None
    used: str = ""
    index: tuple[int, ...] | None = None
    says: str = ""
    members: tuple[Edit, ...] = ()
    habit: tuple[object, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two findings the same mistake: its id and the formula it is made in."""
        return (self.id, self.family, self.says)


@dataclass(frozen=True, slots=True)
class Site:
    """A family that can be edited, with those of its nodes that the answers depend on."""

    family: Family
    nodes: Mapping[tuple[int, ...], int]


class Workshop:
    """What making edits of one reference needs: the graph, its sites and its notation."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.graph: Graph = reference.graph
        self.notation = Notation(self.graph.families, is_scalar=self.is_scalar)
        self._scalar: dict[str, bool] = {}
        self._seen: dict[str, Mapping[str, Index]] = {}
        self.needed = 0
        for target in reference.targets:
            self.needed |= self.graph.ancestors[target.node]
        self.sites = [site for site in map(self._site, self.graph.families.values()) if site.nodes]
        self._paths: dict[tuple[str, int], list[Site]] = {}
        by_path = {
            site.family.name: (site.family.via, site.family.position)
            for site in self.sites
            if site.family.kind == "path"
        }
        for site in self.sites:
            of = by_path.get(site.family.path_of or site.family.name)
            if of is not None:
                self._paths.setdefault(of, []).append(site)

    def handed_back(self, via: str, position: int) -> list[Site]:
        """Return the path back from an operand of ``via``, and the parts of its formula."""
        return self._paths.get((via, position), [])

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
                if node is not None and self.needed >> node & 1 and index not in family.extra:
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

    def seen(self, family: Family) -> Mapping[str, Index]:
        """Return the variables of a family as the formula that it stands in has them."""
        if family.name not in self._seen:
            self._seen[family.name] = self.notation.seen_from_owner(family)
        return self._seen[family.name]

    def node(self, family: Family, rule: Rule, index: tuple[int, ...]) -> Node | None:
        """Return the node of a wrong rule at one index.

        Where the rule now reaches for something beyond the range, a student does the next best
        thing: a forward quantity stays at the end of its range, a gradient that doesn't exist is 0.
        """
        try:
            rule = replace(
                rule, inputs=tuple(self._within(item, family, index) for item in rule.inputs)
            )
            node = self.graph.resolve(rule, family, index)
        except (GraphError, KeyError):
            return None
        if node is None:
            number = self.graph.ids[(family.name, index)]
            value = self.graph.value(number)
            if value is None:
                return None
            return constant_node(np.zeros_like(value), (family.name, index))
        return node

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
        rule: Rule,
        *,
        used: str = "",
        places: bool = True,
        habit: tuple[object, ...] = (),
    ) -> list[Edit]:
        """Put ``rule`` everywhere at ``site``, and at each index alone."""
        replacements = {}
        for index, number in site.nodes.items():
            node = self.node(site.family, rule, index)
            if node is not None:
                replacements[number] = node
        if not replacements:
            return []
        everywhere = Edit(
            id,
            self.notation.where(site.family),
            message,
            bits,
            replacements,
            site.family.name,
            None if used else rule,
            used,
            says=message,
            habit=(id, *habit) if habit else (),
        )
        made = [everywhere]
        if places and len(replacements) > 1:
            extra = PLACE_BITS + math.log2(len(replacements))
            for number, node in replacements.items():
                index = self.graph.nodes[number].key[1]
                where = self.notation.where(site.family, index)
                made.append(
                    replace(
                        everywhere,
                        where=where,
                        message=self._at(message, site.family, index).replace(
                            f"`{everywhere.where}`", f"`{where}`"
                        ),
                        bits=bits + extra,
                        replacements={number: node},
                        index=index,
                        habit=(),
                    )
                )
        return made

    def _member(self, edit: Edit, target: int) -> Edit:
        own = self.graph.nodes[target].key[0]
        used = [
            member
            for member in edit.members
            if any(self.graph.ancestors[target] >> node & 1 for node in member.replacements)
        ]
        for member in used:
            if self.graph.families[member.family].owner == own:
                return member
        return used[0] if used else edit

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

    def formulas(self, edit: Edit, target: int | None = None) -> tuple[str, str]:
        """LaTeX of the formula as the sheet means it, and with the mistake in it.

        Of a mistake made in several formulas it is the one that ``target`` is computed with: its
        own, or else the first.
        """
        if edit.members and target is not None:
            edit = self._member(edit, target)
        family = self.graph.families[edit.family]
        owner = self.graph.families.get(family.owner, family)
        if owner.rule is None or owner.kind == "given":
            return "", ""
        if edit.used:
            wrong = (edit.used, 11)
        elif edit.rule is not None:
            wrong = self.notation.rule(edit.rule, self.seen(family))
        else:
            return "", ""
        right = self.notation.equation(owner.name)
        notation = Notation(self.graph.families, {edit.family: wrong}, self.is_scalar)
        used = notation.equation(owner.name)
        return (right, used) if right != used else ("", "")


def price_of_choice(options: Sequence[object] | int) -> float:
    """Return the bits that one of so many equally likely options costs."""
    count = options if isinstance(options, int) else len(options)
    return math.log2(max(count, 1))


def merged(edits: Sequence[Edit]) -> dict[int, Node]:
    """Return the replacements of several edits; the later one holds where both have a node."""
    found: dict[int, Node] = {}
    for edit in edits:
        found.update(edit.replacements)
    return found
