"""Divisors: by one less or one more than the number meant, or by further numbers as well."""

from __future__ import annotations

from collections.abc import Iterator

from checker.edits.edit import Edit
from checker.edits.prices import UNUSUAL, price_of_choice
from checker.edits.rewriting import nested
from checker.edits.source import Source, is_forward, made
from checker.edits.workshop import Site, Workshop
from checker.kinds import Example, Kind
from reference_solutions.graph import Constant, Input, Ref, Rule

ONE_LESS = Kind(
    "divided-by-other-count",
    6.0,
    "The divisor is one less or one more than the number meant: n - 1 for n, 3 terms for 4.",
    {"": "In {where} you divided by {divisor} {change}."},
    examples=(
        Example(
            given={"X": [[0.5, 1.2], [2, -0.4], [-1.1, 0.9]], "d": [0.3, -0.8, 0.45]},
            steps={"g": "X.T @ d / 3"},
            asked={"g": "g"},
            instead={"g": "X.T @ d / 2"},
            where="g",
        ),
        Example(
            given={"X": [[0.5, 1.2], [2, -0.4], [-1.1, 0.9]], "r": [0.3, 0.8, 0.45]},
            steps={"n": "sum(r)", "m": "r @ X / n"},
            asked={"n": "n", "m": "m"},
            instead={"m": "r @ X / (n - 1)"},
            where="m",
        ),
    ),
)
TOO_MANY = Kind(
    "divided-by-too-many",
    6.5,
    "A mean was divided by more than the number of terms: by all entries of a matrix, or by the "
    "examples times the classes; or a sum over a matrix by the number of its rows.",
    {
        "": "In {where} you divided by a further factor {count}: divide by the number of terms "
        "only, not by the entries of each.",
        "sum": "In {where} you divided by {count}; the formula has the sum, not a mean.",
    },
    examples=(
        Example(
            given={"P": [[0.4, 0.6], [0.75, 0.25], [0.45, 0.55]], "y": [0, 1, 1]},
            steps={"L": "mean(cross_entropy(y, P))", "u": "L * P"},
            asked={"L": "L", "u": "u"},
            instead={"L": "mean(cross_entropy(y, P)) / 2"},
            where="L",
        ),
        Example(
            given={"X": [[0.5, 1.2], [2, -0.4], [-1.1, 0.9]], "d": [0.3, -0.8, 0.45]},
            steps={"g": "X.T @ d / 3"},
            asked={"g": "g"},
            instead={"g": "X.T @ d / 6"},
            where="g",
        ),
        Example(
            given={"X": [[0.5, 1.2], [2, -0.4], [-1.1, 0.9]], "d": [0.3, -0.8, 0.45]},
            steps={"E": "sum(X ** 2)", "u": "E * d"},
            asked={"E": "E", "u": "u"},
            instead={"E": "sum(X ** 2) / 3"},
            where="E",
        ),
    ),
)


def _quotients(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if not is_forward(site):
        return
    above, below = rule.inputs
    count = _number(workshop, below)
    if count is None and isinstance(below, Constant):
        return
    if count is not None and (count < 2 or not count.is_integer()):
        return
    for by, words in ((-1.0, "less one"), (1.0, "and one more")):
        if count is None and by > 0:
            continue
        left = (count or 0.0) + by
        if left == 1.0:
            continue
        yield from made(
            workshop,
            site,
            ONE_LESS,
            nested("divide", above, nested("add", below, Constant(by), signs=(1, 1))),
            divisor=workshop.words(site, below),
            change=words,
            more_bits=0.0 if by < 0 and count is not None else UNUSUAL,
            habit=(below, by),
        )
    if count is not None:
        yield from _times(workshop, site, rule, rule.inputs[0], int(count))


def _number(workshop: Workshop, item: Input) -> float | None:
    """Return the value of a number in a formula, or of a given one."""
    if isinstance(item, Constant):
        return item.value
    if not isinstance(item, Ref):
        return None
    number = workshop.graph.ids.get((item.family, ()))
    value = None if number is None else workshop.graph.value(number)
    given = workshop.graph.families[item.family].kind == "given"
    return float(value) if given and value is not None and value.shape == () else None


def _means(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if not is_forward(site) or not rule.inputs or not isinstance(rule.inputs[0], Ref):
        return
    item = rule.inputs[0]
    shape = workshop.shape(item.family) or ()
    reduction = rule.operation.reduction
    if reduction is None or not reduction.adds_up:
        return
    if reduction.averages:
        yield from _times(workshop, site, rule, item, shape[0] if shape else 0)
    elif len(shape) == 2 and "axis" not in rule.params:
        for size in dict.fromkeys(size for size in shape if size > 1):
            yield from made(
                workshop,
                site,
                TOO_MANY,
                nested("divide", rule, Constant(float(size))),
                "sum",
                count=f"{size}",
                more_bits=price_of_choice(2),
                habit=("sum",),
            )


def _times(workshop: Workshop, site: Site, rule: Rule, item: Input, count: int) -> Iterator[Edit]:
    """Divide by a further size of what is averaged, or of what that is computed from."""
    sizes = [size for size in _sizes(workshop, item, 2) if size > 1]
    others = list(dict.fromkeys(size for size in sizes if size != count or sizes.count(size) > 1))
    for size in others:
        yield from made(
            workshop,
            site,
            TOO_MANY,
            nested("divide", rule, Constant(float(size))),
            count=f"{size}",
            more_bits=price_of_choice(others),
            habit=(rule.operation.name, size),
        )


def _sizes(workshop: Workshop, item: Input, steps: int) -> Iterator[int]:
    """Yield the sizes of an operand's axes, and of what it is computed from."""
    if not isinstance(item, Ref):
        return
    yield from workshop.shape(item.family) or ()
    rule = workshop.graph.families[item.family].rule
    if steps and rule is not None:
        for operand in rule.inputs:
            yield from _sizes(workshop, operand, steps - 1)


SOURCE = Source((ONE_LESS, TOO_MANY), {"quotient": _quotients}, every_rule=_means, rearranges=True)
