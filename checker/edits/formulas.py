"""The formula that an edit changes: as the sheet means it, and with the mistake in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checker.edits.edit import Edit
from checker.edits.rewriting import Change, Computed, Miscopied, Read, Remade, copied, flattened
from checker.edits.workshop import Workshop
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import (
    Array,
    Constant,
    Every,
    Family,
    Gather,
    Input,
    Ref,
    Rule,
)
from reference_solutions.language.latex_names import name_latex, quantity_latex
from reference_solutions.language.notation import Notation

_READ_BINDS = 11
"""How tightly LaTeX that stands for itself is taken to bind: more than a sum does."""
_WRITTEN_OUT = 6
"""How many steps are written out in a formula, one by one."""
_SHOWN = 6
"""How many given numbers are shown at once."""


def formulas(workshop: Workshop, edit: Edit, target: int | None = None) -> tuple[str, str]:
    """LaTeX of the formula as the sheet means it, and with the mistake in it.

    Of a mistake made in several formulas it is the one that ``target`` is computed with: its
    own, or else the first.
    """
    if edit.members and target is not None:
        edit = _member(workshop, edit, target)
    family = workshop.graph.families[edit.family]
    owner = workshop.graph.families.get(family.owner, family)
    if owner.rule is None or owner.kind == "given":
        return _given(workshop, edit)
    wrong = {
        name: _reading(workshop, workshop.graph.families[name], change)
        for name, change in edit.changes.items()
    }
    right = workshop.notation.equation(owner.name)
    notation = Notation(workshop.graph.families, wrong, workshop.is_scalar)
    used = notation.equation(owner.name)
    return (right, used) if right != used else ("", "")


def _member(workshop: Workshop, edit: Edit, target: int) -> Edit:
    own = workshop.graph.nodes[target].key[0]
    used = [
        member for member in edit.members if workshop.graph.depends(target, member.replacements)
    ]
    for member in used:
        if workshop.graph.families[member.family].owner == own:
            return member
    return used[0] if used else edit


def _given(workshop: Workshop, edit: Edit) -> tuple[str, str]:
    """Return given numbers as the sheet has them, and as they were taken."""
    right, wrong = [], []
    for name, change in edit.changes.items():
        if isinstance(change, Miscopied) and change.source is not None:
            right.append(name_latex(name))
            wrong.append(name_latex(workshop.graph.nodes[change.source].key[0]))
        elif isinstance(change, Miscopied):
            number = next(n for n in edit.replacements if workshop.graph.nodes[n].key[0] == name)
            value = workshop.graph.value(number)
            assert value is not None
            at = workshop.graph.nodes[number].key[1]
            taken = change.change(value)
            for entry in _entries_to_show(value, taken, change.entry):
                left = quantity_latex(name, (*at, *(entry or ())))
                right.append(f"{left} = {_array_latex(value, entry)}")
                wrong.append(f"{left} = {_array_latex(taken, entry)}")
    if len(right) > _WRITTEN_OUT:
        right, wrong = ([*shown[:_WRITTEN_OUT], r"\ldots"] for shown in (right, wrong))
    return (r",\; ".join(right), r",\; ".join(wrong)) if right != wrong else ("", "")


def _written_out(workshop: Workshop, family: Family, rule: Rule) -> Rule:
    """Return a rule with the instances written out that it keeps of many, if they are few."""
    inputs: list[Input] = []
    for item in rule.inputs:
        kept: list[Input] = [item]
        if isinstance(item, Every | Gather) and item.keep != "all":
            nodes = (workshop.graph.resolve(copied(item), family, i) for i in family.instances)
            taken = next((node.inputs for node in nodes if node is not None), ())
            keys = [workshop.graph.nodes[number].key for number in taken]
            if 0 < len(keys) <= _WRITTEN_OUT:
                kept = [Ref(name, tuple(Index(None, i) for i in at)) for name, at in keys]
        inputs.extend(kept)
    return replace(rule, inputs=tuple(inputs))


def _reading(workshop: Workshop, family: Family, change: Change) -> tuple[str, int]:
    """Return how a family reads with a change, as LaTeX, and how tightly it binds."""
    if isinstance(change, Read) or (isinstance(change, Remade) and change.latex):
        return change.latex, _READ_BINDS
    if isinstance(change, Computed):
        other = workshop.graph.families[change.name]
        own = [workshop.seen(family).get(name, Index(name)) for name in family.variables]
        assert other.rule is not None
        return workshop.notation.rule(other.rule, dict(zip(other.variables, own, strict=True)))
    assert not isinstance(change, Miscopied)
    if isinstance(change, Remade):
        assert family.rule is not None
        return workshop.notation.rule(family.rule, workshop.seen(family))
    if isinstance(change, Rule):
        return workshop.notation.rule(_written_out(workshop, family, change), workshop.seen(family))
    parts: dict[str, Family] = {}
    rule = flattened(change, family, parts)

    def is_scalar(name: str) -> bool:
        inner = parts[name].rule if name in parts else None
        if inner is None:
            return workshop.is_scalar(name)
        return all(
            isinstance(item, Constant) or (not isinstance(item, Every) and is_scalar(item.family))
            for item in inner.inputs
        )

    notation = Notation({**workshop.graph.families, **parts}, is_scalar=is_scalar)
    return notation.rule(rule, workshop.seen(family))


def _entries_to_show(
    value: Array, taken: Array, entry: tuple[int, ...] | None
) -> list[tuple[int, ...] | None]:
    """Return the entries that differ, or None for a whole array that tells as much by itself."""
    if entry is not None or _array_latex(value, None) != _array_latex(taken, None):
        return [entry]
    differing = np.argwhere(value != taken)[: _WRITTEN_OUT + 1]
    return [tuple(map(int, at)) for at in differing]


def _array_latex(value: Array, entry: tuple[int, ...] | None) -> str:
    """Return one entry of an array, or all of a short one, as LaTeX."""
    if entry is not None:
        return f"{float(value[entry]):g}"
    if value.ndim > 1 or value.size > _SHOWN:
        (first, *others) = np.unique(value)
        return r"\ldots" if others else rf"({first:g}, \ldots)"
    numbers = ", ".join(f"{number:g}" for number in value.ravel())
    return f"({numbers})" if value.ndim else numbers
