"""Structural edits that rearrange a formula: exchanged, moved, or put in the wrong brackets.

Each changes several places at once in a way that one slip of the mind does: the two gates of a
cell exchanged, a factor on the wrong side of a matrix, a constant outside of its root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from checker.edits.edit import Edit, Site, Workshop, as_code, price_of_choice
from checker.kinds import Kind
from reference_solutions.graph import Array, Constant, Input, Node, Ref, Rule, constant_node
from reference_solutions.language.expression import signs_of

KINDS = (
    Kind(
        "exchanged",
        7.0,
        "Two quantities or factors are exchanged: the forget for the input gate, z for 1 - z, "
        "gamma for beta.",
    ),
    Kind(
        "moved-through-product",
        7.0,
        "A factor stands on the wrong side of a matrix product: r * (U @ h) for U @ (r * h), or "
        "the other way round.",
    ),
    Kind(
        "brackets-misplaced",
        7.5,
        "An operation reaches over a part of a sum only, or over too much of it: sqrt(v) + eps "
        "for sqrt(v + eps), a * b + c for a * (b + c).",
    ),
    Kind(
        "factor-two",
        8.0,
        "A term is twice or half of what it should be, for example the derivative of a square.",
    ),
    Kind(
        "complement-weighted",
        8.0,
        "The second term of a running average was weighted by 1 - a where the formula adds it "
        "whole.",
    ),
)
_PRICES = {kind.id: kind.bits for kind in KINDS}
_MOST_PAIRS = 40
_BRACKETED = ("sqrt", "log", "exp", "abs")


def rearranging_edits(workshop: Workshop) -> Iterator[Edit]:
    """All edits that rearrange a formula of one reference."""
    sites = {site.family.name: site for site in workshop.sites}
    for site in workshop.sites:
        rule = site.family.rule
        if rule is None or site.family.kind not in ("step", "part"):
            continue
        yield from _factors_exchanged(workshop, sites, site, rule)
        yield from _moved(workshop, sites, site, rule)
        yield from _brackets(workshop, sites, site, rule)
        yield from _terms_scaled(workshop, sites, site, rule)
    for site in workshop.sites:
        if site.family.kind == "step" and site.family.rule is not None:
            yield from _exchanged_within(workshop, site)
    yield from _definitions_exchanged(workshop)
    yield from _givens_exchanged(workshop)
    yield from _gradients_scaled(workshop)


def _part(sites: dict[str, Site], item: Input, operation: str) -> tuple[Site, Rule] | None:
    """Return the part of a formula that an operand is, if it is made by ``operation``."""
    site = sites.get(item.family) if isinstance(item, Ref) else None
    if site is None or site.family.kind != "part" or site.family.rule is None:
        return None
    rule = site.family.rule
    return (site, rule) if rule.operation.name == operation else None


def _nodes(workshop: Workshop, site: Site, rule: Rule) -> dict[int, Node]:
    made = {}
    for index, number in site.nodes.items():
        node = workshop.node(site.family, rule, index)
        if node is not None:
            made[number] = node
    return made


def _edit(  # noqa: PLR0913, PLR0917 - the fields of an edit
    id: str,
    where: str,
    message: str,
    more_bits: float,
    replacements: dict[int, Node],
    family: str,
) -> Iterator[Edit]:
    if replacements:
        bits = _PRICES[id] + more_bits
        yield Edit(id, where, message, bits, replacements, family, says=message)


def _words(workshop: Workshop, item: Input) -> str:
    return as_code(workshop.notation.operand_words(item))


# --- exchanged --------------------------------------------------------------------------------


def _factors_exchanged(
    workshop: Workshop, sites: dict[str, Site], site: Site, rule: Rule
) -> Iterator[Edit]:
    """Exchange a factor of one term of a sum with one of another: i c + f g for f c + i g."""
    if rule.operation.name != "add":
        return
    products = [p for item in rule.inputs if (p := _part(sites, item, "multiply")) is not None]
    where = workshop.notation.where(site.family)
    for (one, first), (other, second) in combinations(products, 2):
        if len(first.inputs) != 2 or len(second.inputs) != 2:
            continue
        a, b = first.inputs
        for c, d in (second.inputs, second.inputs[::-1]):
            changed = {
                **_nodes(workshop, one, replace(first, inputs=(c, b))),
                **_nodes(workshop, other, replace(second, inputs=(a, d))),
            }
            message = (
                f"In `{where}`, {_words(workshop, a)} and {_words(workshop, c)} are exchanged: "
                f"{_words(workshop, a)} goes with {_words(workshop, b)}, and "
                f"{_words(workshop, c)} with {_words(workshop, d)}."
            )
            yield from _edit("exchanged", where, message, 0.0, changed, site.family.name)
            back = {
                **_substituted(workshop, one.family.name, 0, b, d),
                **_substituted(workshop, one.family.name, 1, a, c),
                **_substituted(workshop, other.family.name, second.inputs.index(c), d, b),
                **_substituted(workshop, other.family.name, second.inputs.index(d), c, a),
            }
            if back and changed:
                both = {**changed, **back}
                yield from _edit("exchanged", where, message, 0.5, both, site.family.name)


def _substituted(
    workshop: Workshop, via: str, position: int, item: Input, other: Input
) -> dict[int, Node]:
    """Put ``other`` for ``item`` in what a product hands back to one of its factors."""
    made: dict[int, Node] = {}
    for site in workshop.handed_back(via, position):
        rule = site.family.rule
        if rule is not None and item in rule.inputs:
            inputs = tuple(other if taken == item else taken for taken in rule.inputs)
            made.update(_nodes(workshop, site, replace(rule, inputs=inputs)))
    return made


def _exchanged_within(workshop: Workshop, step: Site) -> Iterator[Edit]:
    """Exchange two quantities of the same shape wherever one formula has them."""
    tree = [s for s in workshop.sites if s.family.owner == step.family.name and s.family.rule]
    tree = [s for s in tree if s.family.kind in ("step", "part")]
    found: dict[Ref, tuple[int, ...] | None] = {}
    for site in tree:
        for item in site.family.rule.inputs if site.family.rule else ():
            if isinstance(item, Ref):
                family = workshop.graph.families[item.family]
                if family.kind in ("given", "step") and family.variables != (family.name,):
                    found[item] = workshop.shape(item.family)
    pairs = [(a, b) for a, b in combinations(found, 2) if found[a] == found[b] is not None]
    where = workshop.notation.where(step.family)
    seen: set[bytes] = set()
    for a, b in pairs[:_MOST_PAIRS]:
        changed: dict[int, Node] = {}
        for site in tree:
            rule = site.family.rule
            if rule is not None and (a in rule.inputs or b in rule.inputs):
                inputs = tuple(b if i == a else a if i == b else i for i in rule.inputs)
                changed.update(_nodes(workshop, site, replace(rule, inputs=inputs)))
        if not changed:
            continue
        made = workshop.graph.edited(changed).evaluate(step.nodes.values())
        values = [np.nan if v is None else np.round(v, 9) for v in made.values()]
        print_of = b"".join(np.asarray(v).tobytes() for v in values)
        if print_of in seen:
            continue
        seen.add(print_of)
        message = f"{_words(workshop, a)} and {_words(workshop, b)} are exchanged in `{where}`."
        more = price_of_choice(pairs)
        yield from _edit("exchanged", where, message, more, changed, step.family.name)


def _definitions_exchanged(workshop: Workshop) -> Iterator[Edit]:
    """Exchange two quantities that are defined alike, such as two gates of a cell."""
    steps = [
        site
        for site in workshop.sites
        if site.family.kind == "step" and site.family.rule and not site.family.is_answer
    ]
    pairs = [
        (a, b)
        for a, b in combinations(steps, 2)
        if _operation(a) == _operation(b) != "identity"
        and a.nodes.keys() == b.nodes.keys()
        and workshop.shape(a.family.name) == workshop.shape(b.family.name)
    ]
    for a, b in pairs[:_MOST_PAIRS]:
        changed = {}
        for index, number in a.nodes.items():
            mine, others = workshop.graph.nodes[number], workshop.graph.nodes[b.nodes[index]]
            changed[number] = replace(others, key=mine.key)
            changed[b.nodes[index]] = replace(mine, key=others.key)
        where = workshop.notation.where(a.family)
        message = (
            f"`{where}` and `{workshop.notation.where(b.family)}` are exchanged: each was computed "
            "with the weights of the other."
        )
        yield from _edit(
            "exchanged", where, message, price_of_choice(pairs), changed, a.family.name
        )


def _operation(site: Site) -> str:
    return "" if site.family.rule is None else site.family.rule.operation.name


def _givens_exchanged(workshop: Workshop) -> Iterator[Edit]:
    """Exchange two given quantities of the same shape everywhere."""
    given = [
        (site, number, value)
        for site in workshop.sites
        if site.family.kind == "given" and site.family.rule is None and not site.family.variables
        for number in site.nodes.values()
        if (value := workshop.graph.value(number)) is not None
        and workshop.is_constant(number)
        and "[" not in site.family.name
    ]
    pairs = [(a, b) for a, b in combinations(given, 2) if a[2].shape == b[2].shape]
    for (one, first, x), (other, second, y) in pairs[: 2 * _MOST_PAIRS]:
        changed = {
            first: constant_node(y, workshop.graph.nodes[first].key),
            second: constant_node(x, workshop.graph.nodes[second].key),
        }
        names = one.family.name, other.family.name
        message = f"{names[0]} and {names[1]} are exchanged: each was used for the other."
        yield from _edit(
            "exchanged", names[0], message, 1.0 + price_of_choice(pairs), changed, names[0]
        )


# --- moved ------------------------------------------------------------------------------------


def _computed_by(rule: Rule, compute: Callable[..., Array], inputs: Sequence[Input]) -> Rule:
    operation = replace(rule.operation.computing(compute), mistakes=())
    return Rule(operation, tuple(inputs))


def _moved(workshop: Workshop, sites: dict[str, Site], site: Site, rule: Rule) -> Iterator[Edit]:
    """Put a factor on the other side of a matrix product."""
    where = workshop.notation.where(site.family)

    def moved(
        factor: Input, compute: Callable[..., Array], inputs: Sequence[Input], to: str
    ) -> Iterator[Edit]:
        message = (
            f"The factor {_words(workshop, factor)} is in the wrong place in `{where}`: you took "
            f"it {to} the matrix product."
        )
        changed = _nodes(workshop, site, _computed_by(rule, compute, inputs))
        yield from _edit("moved-through-product", where, message, 0.0, changed, site.family.name)

    if rule.operation.name == "matmul":
        product = _part(sites, rule.inputs[1], "multiply")
        if product is not None and len(product[1].inputs) == 2:
            for factor, rest in (product[1].inputs, product[1].inputs[::-1]):
                yield from moved(
                    factor, lambda m, f, x: f * (m @ x), (rule.inputs[0], factor, rest), "after"
                )
    if rule.operation.name == "multiply" and len(rule.inputs) == 2:
        for factor, other in (rule.inputs, rule.inputs[::-1]):
            inner = _part(sites, other, "matmul")
            if inner is not None:
                yield from moved(
                    factor, lambda f, m, x: m @ (f * x), (factor, *inner[1].inputs), "into"
                )
            total = _part(sites, other, "add")
            if total is None or len(total[1].inputs) != 2:
                continue
            inner = _part(sites, total[1].inputs[0], "matmul")
            if inner is not None and total[1].params["signs"] == (1, 1):
                yield from moved(
                    factor,
                    lambda f, m, x, b: m @ (f * x) + b,
                    (factor, *inner[1].inputs, total[1].inputs[1]),
                    "into",
                )


def _brackets(workshop: Workshop, sites: dict[str, Site], site: Site, rule: Rule) -> Iterator[Edit]:
    """Let an operation reach over one term of a sum, or over a term beside it."""
    where = workshop.notation.where(site.family)
    name = rule.operation.name

    def bracketed(
        message: str, compute: Callable[..., Array], inputs: Sequence[Input]
    ) -> Iterator[Edit]:
        changed = _nodes(workshop, site, _computed_by(rule, compute, inputs))
        yield from _edit("brackets-misplaced", where, message, 0.0, changed, site.family.name)

    if name in _BRACKETED:
        total = _part(sites, rule.inputs[0], "add")
        if total is not None and len(total[1].inputs) == 2:
            a, b = total[1].inputs
            one, other = signs_of(total[1].params)
            function = rule.operation.compute
            message = f"{_words(workshop, b)} belongs inside of the {_called(name)} in `{where}`."
            yield from bracketed(message, lambda x, y: function(one * x) + other * y, (a, b))
    if name == "add":
        signs = list(signs_of(rule.params))
        for j, item in enumerate(rule.inputs):
            for called in _BRACKETED:
                inner = _part(sites, item, called)
                others = [i for i in range(len(rule.inputs)) if i != j]
                if inner is None or len(others) != 1 or signs[j] < 0:
                    continue
                function, sign = inner[1].operation.compute, signs[others[0]]
                beside = rule.inputs[others[0]]
                if not _is_number(workshop, beside):
                    continue
                message = (
                    f"{_words(workshop, beside)} belongs outside of the {_called(called)} in "
                    f"`{where}`."
                )
                yield from bracketed(message, _inside(function, sign), (inner[1].inputs[0], beside))
    if name in ("multiply", "divide") and len(rule.inputs) == 2:
        places = (0, 1) if name == "multiply" else (0,)
        for place in places:
            total = _part(sites, rule.inputs[place], "add")
            if total is None:
                continue
            kept = rule.inputs[1 - place]
            for reached in (0, len(total[1].inputs) - 1):
                message = (
                    f"Brackets are missing in `{where}`: {_words(workshop, kept)} "
                    f"{'multiplies' if name == 'multiply' else 'divides'} the whole sum, and not "
                    f"{_words(workshop, total[1].inputs[reached])} alone."
                )
                compute = _reaching(rule.operation.compute, signs_of(total[1].params), reached)
                yield from bracketed(message, compute, (kept, *total[1].inputs))


def _called(name: str) -> str:
    return {"sqrt": "root", "log": "logarithm", "exp": "exponential"}.get(name, "absolute value")


def _inside(function: Callable[..., Array], sign: int) -> Callable[..., Array]:
    return lambda x, y: function(x + sign * y)


def _reaching(
    operation: Callable[..., Array], signs: Sequence[int], reached: int
) -> Callable[..., Array]:
    def compute(kept: Array, *terms: Array) -> Array:
        total: Array = operation(signs[reached] * terms[reached], kept)
        for at, term in enumerate(terms):
            if at != reached:
                total = total + signs[at] * term
        return total

    return compute


def _is_number(workshop: Workshop, item: Input) -> bool:
    if isinstance(item, Constant):
        return True
    if not isinstance(item, Ref):
        return False
    return (
        workshop.graph.families[item.family].kind == "given" and workshop.shape(item.family) == ()
    )


# --- scaled -----------------------------------------------------------------------------------


def _terms_scaled(
    workshop: Workshop, sites: dict[str, Site], site: Site, rule: Rule
) -> Iterator[Edit]:
    if rule.operation.name != "add" or len(rule.inputs) < 2:
        return
    where = workshop.notation.where(site.family)
    signs = signs_of(rule.params)
    for j, item in enumerate(rule.inputs):
        product = _part(sites, item, "multiply")
        if product is None or not any(_is_number(workshop, i) for i in product[1].inputs):
            continue
        for factor, words in ((2.0, "twice"), (0.5, "half of")):
            weights = [factor * s if at == j else float(s) for at, s in enumerate(signs)]
            message = (
                f"The term {_words(workshop, item)} in `{where}` is {words} what it should be."
            )
            changed = _nodes(workshop, site, _computed_by(rule, _weighted(weights), rule.inputs))
            yield from _edit("factor-two", where, message, 0.0, changed, site.family.name)
        if len(rule.inputs) == 2 and len(product[1].inputs) == 2:
            number = next(i for i in product[1].inputs if _is_number(workshop, i))
            message = (
                f"In `{where}` the term {_words(workshop, rule.inputs[1 - j])} is added whole; you "
                f"weighted it by 1 - {_words(workshop, number)}."
            )
            compute = _complement(signs[j], signs[1 - j])
            changed = _nodes(
                workshop, site, _computed_by(rule, compute, (item, rule.inputs[1 - j], number))
            )
            yield from _edit("complement-weighted", where, message, 0.0, changed, site.family.name)


def _weighted(weights: Sequence[float]) -> Callable[..., Array]:
    def compute(*terms: Array) -> Array:
        total = weights[0] * terms[0]
        for weight, term in zip(weights[1:], terms[1:], strict=True):
            total = total + weight * term
        return np.asarray(total)

    return compute


def _complement(one: int, other: int) -> Callable[..., Array]:
    return lambda x, y, a: one * x + other * (1 - a) * y


def _gradients_scaled(workshop: Workshop) -> Iterator[Edit]:
    """Take twice or half of a gradient that is asked for."""
    asked = {target.node for target in workshop.reference.targets}
    for site in workshop.sites:
        if site.family.kind != "adjoint" or site.family.rule is None:
            continue
        where = workshop.notation.where(site.family)
        for factor, words in ((2.0, "twice"), (0.5, "half of")):
            changed = {
                number: replace(node, compute=_times(factor, node.compute), many=None)
                for number in site.nodes.values()
                if number in asked
                for node in (workshop.graph.nodes[number],)
            }
            message = f"`{where}` is {words} what it should be: a factor 2 is wrong."
            yield from _edit("factor-two", where, message, 0.0, changed, site.family.name)


def _times(factor: float, compute: Callable[..., Array]) -> Callable[..., Array]:
    def scaled(*args: Array) -> Array:
        return np.asarray(factor * compute(*args))

    return scaled
