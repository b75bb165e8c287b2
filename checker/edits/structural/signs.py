"""Signs: of a term, of a whole quantity, of its gradient, of what one path hands back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.edits.edit import Edit
from checker.edits.rewriting import nested
from checker.edits.source import Source, form_of, is_forward, made
from checker.edits.workshop import Site, Workshop, as_code
from checker.kinds import LAYER, Example, Kind
from reference_solutions.expressions.tree import Index, signs_of
from reference_solutions.graph import Rule

SIGN_TURNED = Kind(
    "sign-turned",
    7.0,
    "A term, or a whole quantity, has the opposite sign.",
    {
        "": "The term {term} has the wrong sign in {where}.",
        "whole": "{where} has the opposite sign.",
        "path": "In {where}, {path} has the opposite sign.",
    },
    in_formula=3.0,
    examples=(
        Example(
            given=LAYER,
            steps={"z": "W @ x + b"},
            asked={"z": "z"},
            instead={"z": "W @ x - b"},
            where="z",
        ),
        Example(
            given=LAYER,
            steps={"z": "W @ x", "a": "exp(z) + z"},
            asked={"a": "a"},
            instead={"z": "-(W @ x)"},
            where="z",
        ),
        Example(
            given=LAYER,
            steps={"h": "W @ x", "L": "sum(h * h) / 2 + sum(tanh(h))"},
            asked={"dh": "grad(L, h)"},
            written={"dh": "h - (1 - tanh(h) ** 2)"},
            where="dL/d(tanh(h))",
        ),
    ),
)


def _of_terms(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    signs = signs_of(rule.params)
    for j, item in enumerate(rule.inputs):
        yield from made(
            workshop,
            site,
            SIGN_TURNED,
            replace(rule, params={"signs": (*signs[:j], -signs[j], *signs[j + 1 :])}),
            term=workshop.words(site, item),
            habit=form_of(workshop, item, ("add", len(signs), signs, j))
            if is_forward(site)
            else (),
        )


def _of_the_whole(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    kind = site.family.kind
    if kind not in ("step", "adjoint", "path") or rule.operation.form == "copy":
        return
    changed = nested("negate", rule)
    if kind == "path":
        seen = workshop.seen(site.family)
        at = [seen.get(variable, Index(variable)) for variable in site.family.variables]
        path = as_code(workshop.notation.words(site.family.name, at))
        yield from made(workshop, site, SIGN_TURNED, changed, "path", path=path)
        return
    of = workshop.graph.families.get(site.family.of)
    learned = kind == "adjoint" and of is not None and of.kind == "given"
    yield from made(
        workshop,
        site,
        SIGN_TURNED,
        changed,
        "whole",
        habit=("gradient", site.family.root) if learned else (),
    )


SOURCE = Source((SIGN_TURNED,), {"sum": _of_terms}, every_rule=_of_the_whole)
