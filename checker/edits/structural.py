"""Structural edits: what mutation testing would change in any graph, with generated feedback.

No question and no operation needs to know of them: they act on sums, products, references and
given numbers wherever these stand, in the steps of the sheet and in the derived backward pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from checker.edits import rearranged
from checker.edits.edit import BACK, Edit, Site, Workshop, as_code, price_of_choice
from checker.kinds import Kind
from reference_solutions.graph import (
    Array,
    Constant,
    Every,
    Gather,
    Input,
    Node,
    Ref,
    Rule,
    Selection,
    constant_node,
)
from reference_solutions.language.expression import Index, signs_of
from reference_solutions.operations import operations

SIGN_TURNED = "sign-turned"

KINDS = {
    kind.id: kind
    for kind in (
        Kind(
            "term-left-out",
            6.5,
            "One term of a sum is missing, for example the bias or the recurrent term W @ h[t-1].",
        ),
        Kind(SIGN_TURNED, 7.0, "A term, or a whole quantity, has the opposite sign."),
        Kind(
            "factor-left-out",
            7.0,
            "One factor of a product, or the denominator of a quotient, is missing.",
        ),
        Kind(
            "transposed",
            7.0,
            "A matrix was used without the transpose that the formula has, or with one that it "
            "has not.",
        ),
        Kind(
            "operands-swapped",
            7.5,
            "The two operands of a product or an outer product are exchanged.",
        ),
        Kind(
            "neighbouring-step",
            8.0,
            "A quantity was taken at the index before or after the one meant: h[t] for h[t-1], "
            "x[t-1] for x[t].",
        ),
        Kind(
            "gradient-carried-forward",
            7.0,
            "Backpropagation through time hands the gradient from step t+1 back to step t; here "
            "it was handed the other way.",
        ),
        Kind(
            "path-left-out",
            6.0,
            "A quantity that is used in several places collects a gradient from each; one of "
            "these paths is missing, for example the one through time.",
        ),
        Kind(
            "only-one-step-counted",
            7.0,
            "A sum over the steps has the contribution of one step only.",
        ),
        Kind("step-left-out", 7.5, "A sum over the steps lacks the first or the last one."),
        Kind(
            "other-quantity",
            8.0,
            "Another quantity of the same shape stands where the formula has this one: W for U, "
            "b for c.",
        ),
        Kind("read-backwards", 7.0, "A sequence was read from its end to its beginning."),
        Kind(
            "given-miscopied",
            7.0,
            "A given number was copied wrong: its sign, a zero, or the number next to it.",
        ),
        Kind(
            "starting-value-changed", 6.0, "The starting value is not the one that the sheet gives."
        ),
        *rearranged.KINDS,
    )
}

_HABIT = 1.5
"""What it costs, beyond making it once, that a mistake is made in every formula of a form."""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_PRODUCT = 20
"""How tightly what a minus can stand before binds at least."""


def structural_edits(workshop: Workshop) -> Iterator[Edit]:
    """All structural edits of one reference."""
    habits: dict[tuple[object, ...], list[Edit]] = {}
    for edit in _all(workshop):
        if edit.habit:
            habits.setdefault(edit.habit, []).append(edit)
        yield edit
    for edits in habits.values():
        if len({edit.where for edit in edits}) > 1:
            yield _habit(edits)
    yield from rearranged.rearranging_edits(workshop)


def _habit(edits: list[Edit]) -> Edit:
    """Return the mistake that is made in every formula of one form."""
    first = edits[0]
    merged = {number: node for edit in edits for number, node in edit.replacements.items()}
    others = ", ".join(dict.fromkeys(f"`{e.where}`" for e in edits if e.where != first.where))
    message = f"{first.message} You did the same in {others}."
    bits = max(edit.bits for edit in edits) + _HABIT
    return replace(
        first, message=message, says=message, replacements=merged, bits=bits, members=tuple(edits)
    )


def _all(workshop: Workshop) -> Iterator[Edit]:
    for site in workshop.sites:
        rule = site.family.rule
        if rule is None:
            continue
        yield from _sums(workshop, site, rule)
        yield from _products(workshop, site, rule)
        yield from _matrices(workshop, site, rule)
        yield from _whole(workshop, site, rule)
        yield from _references(workshop, site, rule)
        yield from _gathers(workshop, site, rule)
    yield from _given_numbers(workshop)


Change: TypeAlias = "Callable[[Workshop, Site], dict[int, Node]]"
"""What a path back has instead, node by node, when the formula that it comes from is wrong."""


def _nothing(workshop: Workshop, path: Site) -> dict[int, Node]:
    """Hand nothing back: the formula no longer has the operand."""
    if path.family.kind != "path":
        return {}
    return {
        number: constant_node(np.zeros_like(value), workshop.graph.nodes[number].key)
        for number in path.nodes.values()
        if (value := workshop.graph.value(number)) is not None
    }


def _turned(workshop: Workshop, path: Site) -> dict[int, Node]:
    """Hand back the opposite."""
    if path.family.kind != "path":
        return {}
    nodes = ((number, workshop.graph.nodes[number]) for number in path.nodes.values())
    return {
        number: replace(node, compute=_negative_of(node.compute), many=None)
        for number, node in nodes
    }


def _without(item: Input, operation: str, instead: Constant | None = None) -> Change:
    """Hand back without the factor, or the divisor, ``item``, or with another ``instead``."""

    def change(workshop: Workshop, path: Site) -> dict[int, Node]:
        rule = path.family.rule
        if rule is None or rule.operation.name != operation or item not in rule.inputs[1:]:
            return {}
        at = rule.inputs[1:].index(item) + 1
        rest = rule.inputs[:at] + rule.inputs[at + 1 :]
        new = replace(rule, inputs=rest) if instead is None else _put(rule, at, instead)
        if len(new.inputs) == 1:
            new = Rule(operations()["identity"], rest)
        nodes = ((n, workshop.node(path.family, new, index)) for index, n in path.nodes.items())
        return {number: node for number, node in nodes if node is not None}

    return change


def _make(  # noqa: PLR0913, PLR0917 - one argument for each field of the edits
    workshop: Workshop,
    site: Site,
    id: str,
    message: str,
    rule: Rule,
    more_bits: float = 0.0,
    *,
    habit: tuple[object, ...] = (),
    back: Mapping[int, Change] | None = None,
) -> list[Edit]:
    """Make an edit; with ``back`` also the one whose gradient follows from the wrong formula.

    ``back`` says for the operands concerned what a path back to them has in place of its own node.
    """
    if site.family.kind not in ("step", "part") and id not in (
        "only-one-step-counted",
        "step-left-out",
    ):
        habit = ()
    made = workshop.edits(site, id, message, KINDS[id].bits + more_bits, rule, habit=habit)
    if made and back:
        carried = dict(made[0].replacements)
        for position, change in back.items():
            for path in workshop.handed_back(site.family.name, position):
                carried.update(change(workshop, path))
        if len(carried) > len(made[0].replacements):
            made.append(replace(made[0], replacements=carried, bits=made[0].bits + 0.5))
    return made


def _operand(workshop: Workshop, site: Site, item: Input) -> str:
    """Return an operand as the formula that ``site`` stands in has it, as code."""
    return as_code(workshop.notation.operand_words(item, workshop.seen(site.family)))


def _where(workshop: Workshop, site: Site) -> str:
    """Return the quantity in whose formula ``site`` stands, or the answer if it has its own."""
    owner = workshop.graph.families.get(site.family.owner, site.family)
    return f"{'the answer ' if owner.is_answer else ''}`{workshop.notation.where(site.family)}`"


def _sums(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    if rule.operation.name != "add":
        return
    signs = signs_of(rule.params)
    where = _where(workshop, site)
    for j, item in enumerate(rule.inputs):
        term = _operand(workshop, site, item)
        if len(rule.inputs) > 1:
            rest = rule.inputs[:j] + rule.inputs[j + 1 :]
            kept = signs[:j] + signs[j + 1 :]
            yield from _make(
                workshop,
                site,
                "term-left-out",
                f"The term {term} is missing in {where}.",
                replace(rule, inputs=rest, params={"signs": kept}),
                habit=_form(workshop, item, ("add", len(signs), signs, j)),
                back={j: _nothing},
            )
        turned = (*signs[:j], -signs[j], *signs[j + 1 :])
        yield from _make(
            workshop,
            site,
            "sign-turned",
            f"The term {term} has the wrong sign in {where}.",
            replace(rule, params={"signs": turned}),
            habit=_form(workshop, item, ("add", len(signs), signs, j)),
            back={j: _turned},
        )


def _form(workshop: Workshop, item: Input, form: tuple[object, ...]) -> tuple[object, ...]:
    """Return what two places have in common where one and the same habit makes a mistake.

    ``form`` is what the formula is like; a given number is itself, of others the kind counts.
    """
    if not isinstance(item, Ref):
        return form
    family = workshop.graph.families[item.family]
    if family.kind == "given" and workshop.shape(item.family) == ():
        return (*form, item.family)
    return (*form, family.kind)


def _kind(workshop: Workshop, item: Input) -> str:
    return workshop.graph.families[item.family].kind if isinstance(item, Ref) else ""


def _products(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    where = _where(workshop, site)
    if rule.operation.name == "multiply":
        for j, item in enumerate(rule.inputs):
            rest = rule.inputs[:j] + rule.inputs[j + 1 :]
            new = replace(rule, inputs=rest)
            left_out, instead = item, None
            if isinstance(item, Constant) and item.value < 0 and item.value != -1:
                # Whoever forgets the 1/2 of -1/2 keeps the sign.
                left_out, instead = Constant(-item.value), Constant(-1.0)
                new = _put(rule, j, instead)
            elif len(rest) == 1:
                new = Rule(operations()["identity"], rest)
            yield from _make(
                workshop,
                site,
                "factor-left-out",
                f"The factor {_operand(workshop, site, left_out)} is missing in {where}.",
                new,
                habit=_form(workshop, item, ("multiply", len(rule.inputs), j)),
                back={
                    i: _nothing if i == j else _without(item, "multiply", instead)
                    for i in range(len(rule.inputs))
                },
            )
    if rule.operation.name == "divide":
        yield from _make(
            workshop,
            site,
            "factor-left-out",
            f"The division by {_operand(workshop, site, rule.inputs[1])} is missing in {where}.",
            Rule(operations()["identity"], rule.inputs[:1]),
            habit=_form(workshop, rule.inputs[1], ("divide", _kind(workshop, rule.inputs[0]))),
            back={0: _without(rule.inputs[1], "divide"), 1: _nothing},
        )
        if not isinstance(rule.inputs[0], Constant):
            yield from _make(
                workshop,
                site,
                "factor-left-out",
                f"The factor {_operand(workshop, site, rule.inputs[0])} is missing in {where}.",
                replace(rule, inputs=(Constant(1.0), rule.inputs[1])),
                2.0,
            )
    if rule.operation.name == "power":
        yield from _make(
            workshop,
            site,
            "factor-left-out",
            f"The exponent {_operand(workshop, site, rule.inputs[1])} is missing in {where}.",
            Rule(operations()["identity"], rule.inputs[:1]),
        )


def _matrices(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    where = _where(workshop, site)
    if rule.operation.name == "transpose":
        matrix = _operand(workshop, site, rule.inputs[0])
        yield from _make(
            workshop,
            site,
            "transposed",
            f"{matrix} was used without its transpose in {where}.",
            Rule(operations()["identity"], rule.inputs),
        )
    if rule.operation.name == "matmul":
        for kept, left_out in (rule.inputs, rule.inputs[::-1]):
            if isinstance(kept, Ref) and workshop.shape(kept.family) == workshop.shape(
                site.family.name
            ):
                yield from _make(
                    workshop,
                    site,
                    "factor-left-out",
                    f"The product with {_operand(workshop, site, left_out)} is missing in {where}.",
                    Rule(operations()["identity"], (kept,)),
                    1.0,
                )
    if rule.operation.name in ("matmul", "outer", "concat") and len(rule.inputs) == 2:
        a, b = rule.inputs
        both = f"{_operand(workshop, site, a)} and {_operand(workshop, site, b)}"
        yield from _make(
            workshop,
            site,
            "operands-swapped",
            f"{both} are exchanged in {where}.",
            replace(rule, inputs=(b, a)),
        )


def _whole(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    """Turn the sign of a whole quantity, of its gradient, or of what one path hands back."""
    if site.family.kind not in ("step", "adjoint", "path") or rule.operation.name == "identity":
        return
    negated = replace(
        rule, operation=rule.operation.computing(_negative_of(rule.operation.compute))
    )
    where = _where(workshop, site)
    text, binds = workshop.notation.rule(rule)
    message = f"{_capital(where)} has the opposite sign."
    if site.family.kind == "path":
        back = workshop.notation.words(site.family.name, list(_variables(workshop, site)))
        message = f"In {where}, {as_code(back)} has the opposite sign."
    made = workshop.edits(
        site,
        "sign-turned",
        message,
        KINDS["sign-turned"].bits,
        negated,
        used=f"-{text}" if binds >= _PRODUCT else rf"-\left({text}\right)",
    )
    yield from made
    if made and site.family.kind == "step":
        carried = dict(made[0].replacements)
        for position in range(len(rule.inputs)):
            for path in workshop.handed_back(site.family.name, position):
                carried.update(_turned(workshop, path))
        if len(carried) > len(made[0].replacements):
            yield replace(made[0], replacements=carried, bits=made[0].bits + 0.5)


def _variables(workshop: Workshop, site: Site) -> Iterator[Index]:
    """Yield the variables of a site as the formula that it stands in has them."""
    seen = workshop.seen(site.family)
    for variable in site.family.variables:
        yield seen.get(variable, Index(variable))


def _negative_of(compute: Callable[..., Array]) -> Callable[..., Array]:
    def negative(*args: Array, **params: object) -> Array:
        return -compute(*args, **params)

    return negative


# --- references -------------------------------------------------------------------------------


def _references(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    for j, item in enumerate(rule.inputs):
        if isinstance(item, Every):
            yield from _selections(workshop, site, rule, j, item)
        if isinstance(item, Ref):
            yield from _shifted(workshop, site, rule, j, item)
            yield from _others(workshop, site, rule, j, item)


def _put(rule: Rule, position: int, item: Input) -> Rule:
    return replace(rule, inputs=(*rule.inputs[:position], item, *rule.inputs[position + 1 :]))


def _shifted(workshop: Workshop, site: Site, rule: Rule, j: int, item: Ref) -> Iterator[Edit]:
    source = workshop.graph.families[item.family]
    backwards_too = source.variables != (source.name,)
    if source.kind in ("part", "backward", "path") and source.variables == site.family.variables:
        # A part of the same formula has its own references; shifting them says it more exactly.
        return
    where = _where(workshop, site)
    meant = _operand(workshop, site, item)
    for axis, index in enumerate(item.index):
        if index.variable is None and source.kind not in ("step", "given"):
            continue
        for by in (-1, 1):
            moved = replace(
                item, index=(*item.index[:axis], index.shifted(by), *item.index[axis + 1 :])
            )
            yield from _make(
                workshop,
                site,
                "neighbouring-step",
                f"{_operand(workshop, site, moved)} was taken in {where} where {meant} is meant.",
                _put(rule, j, moved),
                habit=(item, axis, by),
            )
        if index.variable is None or not backwards_too:
            continue
        if source.kind in ("given", "step") and index.offset == 0 and index.scale == 1:
            span = workshop.reference.ranges.get(index.variable)
            if span is not None and len(span) > 1:
                backwards = Index(index.variable, span[0] + span[-1], -1)
                moved = replace(
                    item, index=(*item.index[:axis], backwards, *item.index[axis + 1 :])
                )
                yield from workshop.edits(
                    site,
                    "read-backwards",
                    f"The sequence `{item.family}` was read from its end to its beginning in "
                    f"{where}.",
                    KINDS["read-backwards"].bits,
                    _put(rule, j, moved),
                    places=False,
                )


def _others(workshop: Workshop, site: Site, rule: Rule, j: int, item: Ref) -> Iterator[Edit]:
    """Other quantities of the sheet that have the same shape and index."""
    families = workshop.graph.families
    source = families[item.family]
    if source.kind not in ("given", "step"):
        return
    shape = workshop.shape(item.family)
    found: list[Ref] = []
    for other in families.values():
        if other.is_index or source.is_index:
            continue
        if other.name == item.family or other.is_answer or other.is_start:
            continue
        argument = other.kind == "part" and _is_argument(workshop, other.name, item.family)
        if other.kind not in ("given", "step") and not argument:
            continue
        if len(other.variables) == len(source.variables) and workshop.shape(other.name) == shape:
            found.append(Ref(other.name, item.index))
    where = _where(workshop, site)
    meant = _operand(workshop, site, item)
    for other_item in found:
        shown = _operand(workshop, site, other_item)
        if families[other_item.family].kind == "part":
            shown = f"The argument of {meant}, before its function was applied,"
        yield from _make(
            workshop,
            site,
            "other-quantity",
            f"{shown} was used in {where} where {meant} is meant.",
            _put(rule, j, other_item),
            price_of_choice(found),
            habit=(item, other_item),
        )


def _is_argument(workshop: Workshop, part: str, step: str) -> bool:
    rule = workshop.graph.families[step].rule
    return (
        rule is not None and len(rule.inputs) == 1 and getattr(rule.inputs[0], "family", "") == part
    )


_KEEPING: tuple[tuple[Selection, str, str], ...] = (
    ("last", "only-one-step-counted", "Only the last step counts in {where}: add up all of them."),
    (
        "first",
        "only-one-step-counted",
        "Only the first step counts in {where}: add up all of them.",
    ),
    ("all but first", "step-left-out", "The first step is missing in {where}."),
    ("all but last", "step-left-out", "The last step is missing in {where}."),
)


def _selections(
    workshop: Workshop, site: Site, rule: Rule, j: int, item: Every | Gather
) -> Iterator[Edit]:
    if len(workshop.graph.families[item.family].instances) < 2:
        return
    where = _where(workshop, site)
    for keep, id, message in _KEEPING:
        yield from _make(
            workshop,
            site,
            id,
            message.format(where=where),
            _put(rule, j, replace(item, keep=keep)),
            habit=(keep, site.family.root),
        )


def _gathers(workshop: Workshop, site: Site, rule: Rule) -> Iterator[Edit]:
    gathers = [(j, item) for j, item in enumerate(rule.inputs) if isinstance(item, Gather)]
    where = _where(workshop, site)
    for j, item in gathers:
        path = _operand(workshop, site, item)
        if len(rule.inputs) > 1:
            yield from _make(
                workshop,
                site,
                "path-left-out",
                f"{_capital(where)} lacks {path}.",
                replace(rule, inputs=rule.inputs[:j] + rule.inputs[j + 1 :]),
            )
        if len(rule.inputs) > 2:
            yield from _make(
                workshop,
                site,
                "path-left-out",
                f"In {where} there is only the part that is {path}; the others are missing.",
                replace(rule, inputs=(item,)),
                1.0,
            )
        shared = workshop.graph.families[item.family].variables
        if not any(part.variable in shared for part in item.pattern):
            yield from _selections(workshop, site, rule, j, item)
        for axis, index in enumerate(item.pattern):
            if index.variable is None:
                continue
            for offset in {-index.offset, 0, index.offset + 1, index.offset - 1} - {index.offset}:
                moved = replace(
                    item,
                    pattern=(
                        *item.pattern[:axis],
                        Index(index.variable, offset, index.scale),
                        *item.pattern[axis + 1 :],
                    ),
                )
                wrong = _operand(workshop, site, moved)
                if offset == -index.offset:
                    yield from _make(
                        workshop,
                        site,
                        "gradient-carried-forward",
                        f"The gradient was carried forward in time: {where} took {wrong}, but "
                        f"backpropagation hands it back the other way, from "
                        f"{path.removeprefix(BACK)}.",
                        _put(rule, j, moved),
                    )
                else:
                    yield from _make(
                        workshop,
                        site,
                        "neighbouring-step",
                        f"{_capital(where)} took {wrong} where {path} is meant."
                        if wrong != path
                        else f"{_capital(where)} took {path} at a neighbouring index.",
                        _put(rule, j, moved),
                        1.0,
                    )


# --- given numbers ----------------------------------------------------------------------------


def _given_numbers(workshop: Workshop) -> Iterator[Edit]:
    slips: list[tuple[str, str, str, int, Array]] = []
    for site in workshop.sites:
        if site.family.kind != "given" or site.family.rule is not None:
            continue
        if site.family.is_index:
            continue  # an index as a number was not copied from anywhere
        for index, number in site.nodes.items():
            value = workshop.graph.value(number)
            if value is None or _varies(workshop, number, value):
                continue
            name = workshop.graph.show((site.family.name, index))
            if site.family.is_start and not index:
                yield from _starting_value(workshop, name, number, value)
            slips.extend(
                (site.family.name, f"{name}{entry}", message, number, changed)
                for entry, message, changed in _slips(name, value)
            )
    bits = KINDS["given-miscopied"].bits + 0.5 * math.log2(max(len(slips), 1))
    for family, where, message, number, changed in slips:
        key = workshop.graph.nodes[number].key
        yield Edit(
            "given-miscopied", where, message, bits, {number: constant_node(changed, key)}, family
        )


def _varies(workshop: Workshop, number: int, value: Array) -> bool:
    """Whether a given quantity is a symbol: nobody copies a sampled value wrong."""
    others = (workshop.graph.value(number, world) for world in range(1, workshop.graph.worlds))
    return any(other is None or not np.array_equal(other, value) for other in others)


def _starting_value(workshop: Workshop, name: str, number: int, value: Array) -> Iterator[Edit]:
    key = workshop.graph.nodes[number].key
    family = key[0]
    for fill, words in ((0.0, "zero"), (1.0, "one")):
        changed = np.full_like(value, fill)
        if not np.array_equal(changed, value):
            yield Edit(
                "starting-value-changed",
                name,
                f"You started from {words} in every entry; the sheet gives another `{name}`.",
                KINDS["starting-value-changed"].bits,
                {number: constant_node(changed, key)},
                family,
            )


def _slips(name: str, value: Array) -> Iterator[tuple[str, str, Array]]:
    """Wrong copies of one entry: its sign, zero, and the entries next to it."""
    for entry in np.ndindex(value.shape):
        right = float(value[entry])
        wrong: dict[float, str] = {}
        if right != 0:
            wrong[-right] = "with the opposite sign"
            wrong[0.0] = "as 0"
        else:
            wrong[1.0] = "as 1"
        for axis in range(value.ndim):
            for step in (-1, 1):
                near = list(entry)
                near[axis] += step
                if 0 <= near[axis] < value.shape[axis]:
                    wrong.setdefault(
                        float(value[tuple(near)]), f"as its neighbour `{value[tuple(near)]:g}`"
                    )
        shown = f"[{', '.join(map(str, entry))}]" if entry else ""
        for number, words in wrong.items():
            if number == right:
                continue
            changed = value.copy()
            changed[entry] = number
            yield (
                shown,
                f"Your numbers fit if the given entry `{name}{shown} = {right:g}` was read "
                f"{words}: check how you copied it.",
                changed,
            )
