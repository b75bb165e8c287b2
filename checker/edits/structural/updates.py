"""Updates: a part of what is learned left as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from checker.edits.edit import Edit
from checker.edits.prices import price_of_choice
from checker.edits.rewriting import Nested, copied
from checker.edits.source import Source, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import Example, Kind
from reference_solutions.graph import Array, Every, Family, Input, Ref, Rule
from reference_solutions.language.expression import Index, signs_of
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
            asked={"d_0": "d[0]", "m_0": "mu_new[0]", "v_0": "v[0]", "v_1": "v[1]"},
            written={"v_1": "(x - mu[1]) ** 2 @ r[1]"},
            where="mu_new[1]",
        ),
    ),
)
_MOST_ROWS = 12
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
    for site in workshop.sites:
        rule = site.family.rule
        if site.family.kind != "step" or site.family.is_answer or rule is None:
            continue
        for old in _before(workshop, site.family, rule):
            yield from _kept(workshop, site, rule, old)


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
    for part in parts:
        mixing = _operation(part)
        yield from made(
            workshop,
            site,
            NOT_UPDATED,
            Nested(mixing, (rule, before)),
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


SOURCE = Source((NOT_UPDATED,), once=_updates, rearranges=True)
