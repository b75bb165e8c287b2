"""Updates: a part of what is learned left as it was, the old value for the new and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import Nested, Read, Remade, copied, put
from checker.edits.source import Source, is_forward, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import Example, Kind
from reference_solutions.expressions.tree import Index, signs_of
from reference_solutions.graph import Array, Every, Family, Graph, Input, Node, Ref, Rule
from reference_solutions.language.notation import Notation
from reference_solutions.operations import operations
from reference_solutions.operations.operation import Operation

_STEP = {"w": [0.3, -0.2], "g": [0.45, 0.9], "eta": 0.5, "X": [[0.5, 1.2], [2, -0.4]]}

NOT_UPDATED = Kind(
    "partly-not-updated",
    7.0,
    "An entry, a row or a column of what is updated kept its old value.",
    {
        "whole": "{where} is what it was before: it was not updated.",
        "part": "In {where} {part} is what it was before: update all of it.",
        "rest": "In {where} only {part} was updated: update all of it.",
    },
    examples=(
        Example(
            given=_STEP,
            steps={"w_new": "w - eta * g", "u": "X @ w_new"},
            asked={"w_new": "w_new", "u": "u"},
            instead={"w_new": "[w[0], w[1] - eta * g[1]]"},
            where="w_new",
        ),
        Example(
            given={"mu": [1.2, 4.6], "x": [0.5, 2.6, 3.9], "r": [[0.7, 0.2, 0.1], [0.3, 0.8, 0.9]]},
            index={"k": "0..1"},
            steps={
                "d[k]": "x - mu[k]",
                "mu_new[k]": "x @ r[k] / sum(r[k])",
                "v[k]": "(x - mu_new[k]) ** 2 @ r[k]",
            },
            asked={"d_0": "d[0]", "m_0": "mu_new[0]", "m_1": "mu_new[1]", "v_1": "v[1]"},
            written={"m_1": "mu[1]", "v_1": "(x - mu[1]) ** 2 @ r[1]"},
            where="mu_new[1]",
        ),
    ),
)
UPDATED_FOR_OLD = Kind(
    "updated-for-old",
    7.0,
    "The value after an update was used where the one before it is meant: all gradients of a step "
    "are taken at the old parameters.",
    {"": "{where} was computed with the updated {new}, and not with the old {old}."},
    examples=(
        Example(
            given={**_STEP, "b": 0.1, "y": [0.4, -1.3]},
            steps={
                "p": "tanh(X @ w + b)",
                "w_new": "w - eta * X.T @ (p - y)",
                "d": "(p - y) ** 2",
            },
            asked={"p": "p", "w_new": "w_new", "d": "d"},
            written={"d": "(tanh(X @ w_new + b) - y) ** 2"},
            where="d",
        ),
    ),
)
OLD_FOR_UPDATED = Kind(
    "old-for-updated",
    6.0,
    "The value before an update was used where the one after it is meant.",
    {"": "{where} was computed with the old {old}, and not with the updated {new}."},
    examples=(
        Example(
            given=_STEP,
            steps={"w_new": "w - eta * g", "u": "X @ w_new"},
            asked={"w_new": "w_new", "u": "u"},
            instead={"u": "X @ w"},
            where="u",
        ),
    ),
)
_MOST_ROWS = 12
_MOST_REMADE = 60
"""How many answers are computed anew with an updated value, at most, for one sheet."""
_LONGEST = 40
"""How many quantities may lie between a value and what is computed anew from it."""
_LATER = re.compile(r"new|next|after|later|updated|prime|\d+", re.IGNORECASE)
"""What is added to the name of a quantity for its value after an update."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Entries, rows or columns of an array, and what they are called."""

    form: str
    words: str
    axis: int
    kept: tuple[int, ...]

    def mixed(self, new: Array, old: Array) -> Array:
        """Return the new numbers with the old ones in this part."""
        found = np.array(np.broadcast_to(new, np.shape(old)), dtype=np.float64)
        at = (slice(None),) * self.axis + (list(self.kept),)
        found[at] = old[at]
        return found


def _updates(workshop: Workshop) -> Iterator[Edit]:
    pairs: list[tuple[Site, Ref]] = []
    for site in workshop.sites:
        rule = site.family.rule
        if site.family.kind != "step" or site.family.is_answer or rule is None:
            continue
        for old in _before(workshop, site.family, rule):
            yield from _kept(workshop, site, rule, old)
            if isinstance(old, Ref):
                pairs.append((site, old))
    for new, old in pairs:
        yield from _old_taken(workshop, new, old)
    yield from _updated_taken(workshop, pairs)


def _old_taken(workshop: Workshop, new: Site, old: Ref) -> Iterator[Edit]:
    """Take what a quantity was before the update where a formula has what it is after it."""
    for site in workshop.sites:
        rule = site.family.rule
        if rule is None or not is_forward(site):
            continue
        for j, item in enumerate(rule.inputs):
            if isinstance(item, Ref) and item.family == new.family.name != site.family.root:
                before = _at_index_of(item, new.family, old)
                yield from made(
                    workshop,
                    site,
                    OLD_FOR_UPDATED,
                    put(rule, j, before),
                    new=workshop.words(site, item),
                    old=workshop.words(site, before),
                    habit=(item,),
                )


def _at_index_of(item: Ref, family: Family, old: Ref) -> Ref:
    """Return the reference ``old``, made by a formula of ``family``, where ``item`` takes it."""
    at = dict(zip(family.variables, item.index, strict=True))
    index = tuple(
        part if part.variable is None else at[part.variable].shifted(part.offset)
        for part in old.index
    )
    return Ref(old.family, index)


def _updated_taken(workshop: Workshop, pairs: list[tuple[Site, Ref]]) -> Iterator[Edit]:
    """Compute an answer anew with the updated value, where the sheet has the old one."""
    graph = workshop.graph
    remade: list[tuple[str, int, int, Remade]] = []
    for site, old in pairs:
        for index, new in site.nodes.items():
            bindings = site.family.bindings(index)
            before = graph.ids.get((old.family, tuple(part.at(bindings) for part in old.index)))
            for target in workshop.reference.targets if before is not None else ():
                if before in {None, target.node} or graph.depends(new, target.node):
                    continue
                if graph.depends(target.node, new) or not graph.depends(target.node, before):
                    continue
                node = _recomputed(graph, target.node, before, new)
                if node is not None:
                    key = graph.nodes[target.node].key
                    latex = _with_updated(workshop, graph.families[key[0]], old, site.family)
                    made_anew = Remade({key[1]: node}, latex)
                    words = graph.show(graph.nodes[before].key)
                    remade.append((words, new, target.node, made_anew))
    for words, new, number, change in remade[:_MOST_REMADE]:
        family, index = graph.nodes[number].key
        site = Site(graph.families[family], {index: number})
        yield from workshop.edits(
            site,
            UPDATED_FOR_OLD.id,
            UPDATED_FOR_OLD.sentence(
                where=f"`{workshop.notation.where(site.family, index)}`",
                new=f"`{graph.show(graph.nodes[new].key)}`",
                old=f"`{words}`",
            ),
            UPDATED_FOR_OLD.bits + price_of_choice(remade),
            change,
            apart=(graph.show(graph.nodes[new].key), f"{index}"),
            where=workshop.notation.where(site.family, index),
        )


def _with_updated(workshop: Workshop, family: Family, old: Ref, new: Family) -> str:
    """Return a formula with a quantity after its update in the place of the one before it."""
    updated = Ref(new.name, tuple(map(Index, new.variables)))
    changed: dict[str, Family] = {}
    for name, part in workshop.graph.families.items():
        if part.owner == family.owner and part.rule is not None and old in part.rule.inputs:
            inputs = tuple(updated if item == old else item for item in part.rule.inputs)
            changed[name] = replace(part, rule=replace(part.rule, inputs=inputs))
    rule = changed.get(family.name, family).rule
    if rule is None:
        return ""
    notation = Notation({**workshop.graph.families, **changed}, is_scalar=workshop.is_scalar)
    latex, _ = notation.rule(rule, workshop.seen(family))
    if changed:
        return latex
    # It stands in what the formula is computed from.
    taken, meant = (notation.input(item)[0] for item in (updated, old))
    return rf"{latex}\;\text{{with }} {taken} \text{{ for }} {meant}"


def _recomputed(graph: Graph, target: int, old: int, new: int) -> Node | None:
    """Return a node that computes ``target`` with another quantity in place of ``old``."""
    between = sorted(n for n in graph.region([target], [old]) if graph.depends(n, old) and n != old)
    if len(between) > _LONGEST:
        return None
    outside = dict.fromkeys(i for n in between for i in graph.nodes[n].inputs if i not in between)
    taken = tuple(new if number == old else number for number in outside)

    def compute(*values: Array) -> Array:
        known = dict(zip(outside, values, strict=True))
        for number in between:
            node = graph.nodes[number]
            known[number] = np.asarray(node.compute(*(known[i] for i in node.inputs)))
        return known[target]

    return Node(compute, taken, graph.nodes[target].key)


def _before(workshop: Workshop, family: Family, rule: Rule) -> Iterator[Input]:
    """Yield what a quantity was before: what it is a change of, or the given it is named after."""
    shape = workshop.shape(family.name)
    if rule.operation.form == "sum":
        signs = signs_of(rule.params)
        for item, sign in zip(rule.inputs, signs, strict=True):
            if sign == 1 and isinstance(item, Ref) and workshop.shape(item.family) == shape:
                source = workshop.graph.families[item.family]
                if item.family == family.name or _is_named_after(family.name, source.name):
                    yield item
                    return
    for source in workshop.graph.families.values():
        if source.kind != "given" or not _is_named_after(family.name, source.name):
            continue
        own = workshop.shape(source.name)
        if source.variables == family.variables and own == shape:
            yield Ref(source.name, tuple(Index(variable) for variable in source.variables))
            continue
        stacked = None if own is None else (len(source.instances), *own)
        if not family.variables and len(source.variables) == 1 and shape == stacked:
            yield Every(source.name)


def _is_named_after(name: str, other: str) -> bool:
    """Whether a name is another with a word for later added: ``w_new``, ``new_w``, ``w1``."""
    words = re.findall(r"[A-Za-z]+|\d+", name)
    others = re.findall(r"[A-Za-z]+|\d+", other)
    left = [word for word in words if word not in others]
    return len(left) == 1 and words != left and _LATER.fullmatch(left[0]) is not None


def _kept(workshop: Workshop, site: Site, rule: Rule, old: Input) -> Iterator[Edit]:
    before = Rule(operations()["stack"], (old,)) if isinstance(old, Every) else copied(old)
    shape = workshop.shape(site.family.name) or ()
    parts = list(_parts(shape))
    if rule.operation.form != "sum":
        yield from made(workshop, site, NOT_UPDATED, before, "whole")
    seen = workshop.seen(site.family)
    after, was = (workshop.notation.rule(one, seen)[0] for one in (rule, before))
    for part in parts:
        mixed = Nested(_operation(part), (rule, before))
        kept, others = (was, after) if part.form == "part" else (after, was)
        cases = rf"{kept} & \text{{{part.words}}} \\ {others} & \text{{otherwise}}"
        yield from made(
            workshop,
            site,
            NOT_UPDATED,
            Read(mixed, rf"\begin{{cases}} {cases} \end{{cases}}"),
            part.form,
            part=part.words,
            more_bits=price_of_choice(parts),
        )


def _operation(part: _Part) -> Operation:
    plain = operations()["identity"]
    return replace(
        plain.computing(part.mixed), arity=(2, 2), many=partial(_each, part), derivatives=()
    )


def _each(part: _Part, new: Array, old: Array) -> Array:
    return replace(part, axis=part.axis + 1).mixed(*np.broadcast_arrays(new, old))


def _parts(shape: tuple[int, ...]) -> Iterator[_Part]:
    """Yield single entries, rows or columns, and all but one of them."""
    names = ("row", "column") if len(shape) == 2 else ("entry",)
    for axis, name in zip(range(len(shape)), names, strict=False):
        size = shape[axis]
        if not 1 < size <= _MOST_ROWS:
            continue
        for at in range(size):
            yield _Part("part", f"{name} {at}", axis, (at,))
            if size > 2:
                rest = tuple(i for i in range(size) if i != at)
                yield _Part("rest", f"{name} {at}", axis, rest)


SOURCE = Source((NOT_UPDATED, UPDATED_FOR_OLD, OLD_FOR_UPDATED), once=_updates, rearranges=True)
