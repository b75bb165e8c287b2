"""The paths of the backward pass: one left out, or taken from a neighbouring step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.prices import UNUSUAL
from checker.edits.rewriting import put
from checker.edits.source import Source, made
from checker.edits.structural.references import NEIGHBOURING_STEP
from checker.edits.workshop import Site, Workshop
from checker.kinds import LAYER, SEQUENCE, Example, Kind
from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Gather, Rule
from reference_solutions.language.plain_words import quantity_of

PATH_LEFT_OUT = Kind(
    "path-left-out",
    6.0,
    "A quantity that is used in several places collects a gradient from each; one of these paths "
    "is missing, for example the one through time.",
    {
        "": "{where} lacks {path}.",
        "only": "In {where} only {path} is counted; what comes back on other ways is missing.",
    },
    examples=(
        Example(
            given=LAYER,
            steps={"h": "W @ x", "o": "tanh(h) + h * b", "L": "sum(o ** 2)"},
            asked={"dh": "grad(L, h)"},
            written={"dh": "2 * o * (1 - tanh(h) ** 2)"},
            where="dL/dh",
        ),
    ),
)
GRADIENT_CARRIED_FORWARD = Kind(
    "gradient-carried-forward",
    7.0,
    "Backpropagation through time hands the gradient from step t+1 back to step t; here it was "
    "handed the other way.",
    {
        "": "The gradient was carried forward in time: {where} took {taken}, but backpropagation "
        "hands it back the other way, from {meant}."
    },
    examples=(
        Example(
            given=SEQUENCE,
            index={"t": "1..3"},
            steps={"h[t]": "W @ h[t-1] + x[t]", "l[t]": "h[t] @ h[t]", "L": "sum(l)"},
            asked={"dh_1": "grad(L, h[1])", "dh_2": "grad(L, h[2])", "dh_3": "grad(L, h[3])"},
            instead={"g[0]": "0 * h[0]", "g[t]": "2 * h[t] + W.T @ g[t-1]"},
            written={"dh_1": "g[1]", "dh_2": "g[2]", "dh_3": "g[3]"},
            where="dL/dh[t]",
        ),
    ),
)


def _paths(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    for j, item in enumerate(rule.inputs):
        if isinstance(item, Gather):
            yield from _left_out(workshop, site, rule, j, item)
            yield from _moved(workshop, site, rule, j, item)


def _left_out(workshop: Workshop, site: Site, rule: Rule, j: int, item: Gather) -> Iterator[Edit]:
    path = workshop.words(site, item)
    if len(rule.inputs) > 1:
        rest = replace(rule, inputs=rule.inputs[:j] + rule.inputs[j + 1 :])
        yield from made(workshop, site, PATH_LEFT_OUT, rest, path=path)
    if len(rule.inputs) > 2:
        only = replace(rule, inputs=(item,))
        yield from made(workshop, site, PATH_LEFT_OUT, only, "only", path=path, more_bits=UNUSUAL)


def _moved(workshop: Workshop, site: Site, rule: Rule, j: int, item: Gather) -> Iterator[Edit]:
    meant = workshop.words(site, item)
    for axis, index in enumerate(item.pattern):
        if index.variable is None:
            continue
        for offset in {-index.offset, 0, index.offset + 1, index.offset - 1} - {index.offset}:
            at = Index(index.variable, offset, index.scale)
            moved = replace(item, pattern=(*item.pattern[:axis], at, *item.pattern[axis + 1 :]))
            taken = workshop.words(site, moved)
            changed = put(rule, j, moved)
            if offset == -index.offset:
                yield from made(
                    workshop,
                    site,
                    GRADIENT_CARRIED_FORWARD,
                    changed,
                    taken=taken,
                    meant=quantity_of(meant)[1],
                )
                continue
            yield from made(
                workshop,
                site,
                NEIGHBOURING_STEP,
                changed,
                "same words" if taken == meant else "gathered",
                taken=taken,
                meant=meant,
                more_bits=UNUSUAL,
            )


SOURCE = Source((PATH_LEFT_OUT, GRADIENT_CARRIED_FORWARD), every_rule=_paths)
