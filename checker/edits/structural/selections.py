"""Sums over the steps, of a formula or of a gradient: one step only, or one too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.rewriting import nested, put
from checker.edits.source import Source, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, SEQUENCE, Example, Kind
from reference_solutions.graph import Every, Gather, Ref, Rule, Selection

ONLY_ONE_STEP_COUNTED = Kind(
    "only-one-step-counted",
    7.0,
    "A sum over the steps has the contribution of one step only.",
    {
        "last": "Only the last step counts in {where}: add up all of them.",
        "first": "Only the first step counts in {where}: add up all of them.",
        "last row": "Only the last row counts in {where}: add up all of them.",
        "first row": "Only the first row counts in {where}: add up all of them.",
    },
    examples=(
        Example(
            given={"W": SEQUENCE["W"], "x": SEQUENCE["x"]},
            index={"t": "1..3"},
            steps={"y[t]": "W @ x[t]", "s": "sum(y[t], t)"},
            asked={"s": "s"},
            instead={"s": "y[3]"},
            where="s",
        ),
        Example(
            given={**LAYER, "X": [[0.5, 1.2], [2, -0.4], [-1.1, 0.9]]},
            steps={"Z": "X @ W + b", "L": "sum(tanh(Z))"},
            asked={"dZ": "grad(L, Z)", "db": "grad(L, b)"},
            written={"db": "1 - tanh(Z[2]) ** 2"},
            where="dL/db",
        ),
    ),
)
STEP_LEFT_OUT = Kind(
    "step-left-out",
    7.5,
    "A sum over the steps lacks the first or the last one.",
    {
        "all but first": "The first step is missing in {where}.",
        "all but last": "The last step is missing in {where}.",
    },
    in_formula=4.0,
    examples=(
        Example(
            given={"W": SEQUENCE["W"], "x": SEQUENCE["x"]},
            index={"t": "1..3"},
            steps={"y[t]": "W @ x[t]", "s": "sum(y[t], t)"},
            asked={"s": "s"},
            instead={"s": "y[2] + y[3]"},
            where="s",
        ),
    ),
)
_KEEPING: tuple[tuple[Selection, Kind], ...] = (
    ("last", ONLY_ONE_STEP_COUNTED),
    ("first", ONLY_ONE_STEP_COUNTED),
    ("all but first", STEP_LEFT_OUT),
    ("all but last", STEP_LEFT_OUT),
)


def _selections(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    yield from _rows(workshop, site, rule)
    families = workshop.graph.families
    for j, item in enumerate(rule.inputs):
        if not isinstance(item, Every | Gather) or len(families[item.family].instances) < 2:
            continue
        if isinstance(item, Gather):
            shared = families[item.family].variables
            if any(part.variable in shared for part in item.pattern):
                continue
        for keep, kind in _KEEPING:
            changed = put(rule, j, replace(item, keep=keep))
            habit = (keep, site.family.root)
            yield from made(workshop, site, kind, changed, keep, habit=habit)


def _rows(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Take one row of a gradient that is the sum of all rows, such as a bias's."""
    item = rule.inputs[0] if rule.inputs else None
    reduction = rule.operation.reduction
    if reduction is None or "shape" not in rule.params or not isinstance(item, Ref):
        return
    shape, summed = workshop.shape(item.family), workshop.shape(site.family.name)
    if not shape or shape[0] < 2 or shape[1:] != summed:
        return
    for form, at in (("last row", shape[0] - 1), ("first row", 0)):
        change = nested("item", item, index=(at,))
        yield from made(workshop, site, ONLY_ONE_STEP_COUNTED, change, form, places=False)


SOURCE = Source((ONLY_ONE_STEP_COUNTED, STEP_LEFT_OUT), every_rule=_selections)
