"""All sentences that a report says of mistakes, as one table: by id, and by the form they take.

A kind of mistake declares its sentences where it is declared; here they come together, with what
is said of an operation's mistake where it is made in a gradient. Parts in braces are filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.edits.slip_kinds import IN_A_FORMULA, IN_NUMBERS
from checker.edits.structural import kinds
from reference_solutions.operations import catalogue

IN_GRADIENT: Mapping[str, Mapping[str, str]] = {
    "quotient-inverted": {
        "": "In {where} {first} and {second} are exchanged: {first} is divided by {second}.",
        "of 1": "In {where} you multiplied by {second}; what comes back through a division by "
        "{second} is divided by it as well.",
    },
    "multiplied-instead-of-divided": {
        "": "In {where} you multiplied by {second}; what comes back through a division by "
        "{second} is divided by it as well.",
    },
    "outer-operands-exchanged": {
        "": "In {where} the outer product of {first} and {second} is transposed: its rows go with "
        "{first}, its columns with {second}.",
    },
    "matrix-transposed": {
        "": "In {where} the product is with {first}, and you used it transposed: what comes back "
        "through a product with a matrix is multiplied by the transpose of that matrix.",
    },
    "second-matrix-transposed": {
        "": "In {where} {second} was transposed before {first} was multiplied by it.",
    },
    "elementwise-for-matrix-product": {
        "": "In {where} you multiplied {first} and {second} entry by entry; what comes back "
        "through a matrix product is a matrix product.",
    },
    "multiplied-by-exponent": {
        "": "In {where} you multiplied {first} by {second}; it is raised to the power {second}.",
    },
}
"""What is said of an operation's mistake in the derived backward pass, in place of its own words.

``first`` and ``second`` are the operands there; the form ``of 1`` is said where the first is 1.
"""

MADE_AGAIN = "{said} You did the same in {places}."
"""What is said of a mistake that was made in several formulas."""


def in_gradient(
    id: str, says: str, where: str, operands: Sequence[str], *, of_one: bool = False
) -> str:
    """Return what is said of an operation's mistake in a gradient; ``says`` are its own words.

    ``operands`` are what stands there; ``of_one``: the first is 1.
    """
    forms = IN_GRADIENT.get(id)
    if forms is None or len(operands) != 2:
        return says
    template = forms.get("of 1", forms[""]) if of_one else forms[""]
    said = template.format(where=where, first=operands[0], second=operands[1])
    return said[:1].upper() + said[1:]


def made_again(said: str, places: Sequence[str]) -> str:
    """Return what is said of a mistake that was made in other places too."""
    return MADE_AGAIN.format(said=said, places=", ".join(places))


def table() -> dict[str, dict[str, str]]:
    """Return all sentences by id and form; an operation's mistake has its own words as one."""
    found: dict[str, dict[str, str]] = {}
    for id, (_, mistake) in catalogue().items():
        found[id] = {"": mistake.says}
    for kind in (*kinds().values(), *IN_NUMBERS.values()):
        found.setdefault(kind.id, {}).update(kind.sentences)
    for id, forms in IN_GRADIENT.items():
        found[id].update({f"in a gradient {form}".strip(): said for form, said in forms.items()})
    for id, forms in IN_A_FORMULA.items():
        own = found.setdefault(id, {})
        own.update({f"in a formula {form}".strip(): said for form, said in forms.items()})
    return found
