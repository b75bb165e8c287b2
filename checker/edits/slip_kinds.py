"""Kinds of slips of writing down: what they cost, and their pages.

Diagnosis finds them in what was written; no edit of the reference makes them.
"""

from __future__ import annotations

from collections.abc import Mapping

from checker.kinds import Kind

IN_NUMBERS = {
    kind.id: kind
    for kind in (
        Kind(
            "sign-slip",
            4.5,
            "Right numbers with the wrong sign.",
            {
                "": "The numbers are right, but the sign is wrong.",
                "entry": "The sign is wrong in entry {entry}.",
                "number": "The sign is wrong.",
            },
        ),
        Kind(
            "decimal-point-slip",
            5.0,
            "The decimal point is in the wrong place: a factor of 10, 100 or 1000.",
            {
                "": "The decimal point is in the wrong place.",
                "entry": "The decimal point is in the wrong place in entry {entry}.",
                "number": "The decimal point is in the wrong place.",
            },
        ),
        Kind(
            "percent-for-fraction",
            4.5,
            "Written as percentages; a fraction between 0 and 1 is asked for.",
            {"": "Written as percentages; a fraction between 0 and 1 is asked for."},
        ),
        Kind(
            "digits-swapped",
            5.0,
            "Two neighbouring digits are exchanged.",
            {
                "entry": "Two digits are exchanged in entry {entry}: compare with what you "
                "computed.",
                "number": "Two digits are exchanged: compare with what you computed.",
            },
        ),
        Kind(
            "digit-mistyped",
            6.0,
            "One digit is another one, is missing, or is one too many.",
            {
                "entry": "A digit is wrong in entry {entry}: compare with what you computed.",
                "number": "A digit is wrong: compare with what you computed.",
            },
        ),
        Kind(
            "counted-from-one",
            4.5,
            "Classes, states or places are counted from 1; here the first one is 0.",
            {"": "Classes, states or places are counted from 1; here the first one is 0."},
        ),
        Kind(
            "rows-for-columns",
            5.0,
            "The matrix is written with rows and columns exchanged.",
            {"": "The matrix is written with rows and columns exchanged."},
        ),
        Kind(
            "order-reversed",
            6.0,
            "The entries are in the reverse order.",
            {"": "The entries are in the reverse order."},
        ),
        Kind(
            "order-shifted",
            7.0,
            "The entries are moved round by one place.",
            {"": "The entries are moved round by one place."},
        ),
        Kind(
            "other-answer-copied",
            6.0,
            "These are the numbers of another answer.",
            {"": "These are the numbers of {other}."},
        ),
    )
}
"""Slips in written numbers, by id."""

IN_FORMULAS = {
    kind.id: kind
    for kind in (
        Kind("factor-too-many", 4.0, "A formula has a factor, or a divisor, too many."),
        Kind("two-factors-too-many", 5.0, "A formula has two factors too many."),
        Kind("term-too-many", 4.0, "A formula has a term too many."),
        Kind("power-left-out", 4.0, "A quantity is not squared where it should be."),
        Kind("power-too-many", 4.0, "A quantity is squared where it should not be."),
        Kind("complement-confused", 4.0, "x stands where 1 - x belongs, or the other way round."),
        Kind("function-left-out", 4.5, "A function is missing around a part of a formula."),
        Kind("function-too-many", 4.5, "A function is applied where none belongs."),
        Kind("other-function", 4.5, "Another function is applied than the one that belongs there."),
        Kind("other-operation", 5.0, "Two parts of a formula are combined by another operation."),
        Kind("parentheses-left-out", 4.0, "A factor or divisor belongs to more terms than it has."),
        Kind("quantities-exchanged", 5.0, "Two quantities stand in each other's place."),
        Kind("other-number", 5.0, "A number in a formula is another one."),
    )
}
"""Slips in a formula that a student wrote, by id; others are structural mistakes too."""

IN_A_FORMULA: Mapping[str, Mapping[str, str]] = {
    "complement-confused": {
        "": "{0} stands where 1 minus it belongs.",
    },
    "factor-left-out": {
        "": "A factor is missing beside {0}.",
        "divisor": "A divisor is missing under {0}.",
        "of a pair": "A factor of {1} is missing.",
    },
    "factor-too-many": {
        "divisor": "The divisor {1} does not belong in {0}.",
        "": "The factor {1} does not belong in {0}.",
    },
    "function-left-out": {
        "": "A function is missing around {0}.",
    },
    "function-too-many": {
        "": "{0} should be without the function.",
    },
    "neighbouring-step": {
        "": "{0} is taken at another index than the one that belongs there.",
    },
    "operands-swapped": {
        "": "The operands of {0} are exchanged.",
    },
    "other-function": {
        "": "Another function belongs in {0}.",
    },
    "other-number": {
        "": "The number {0} is not the one that belongs there.",
    },
    "other-operation": {
        "divided": "{0} should not be divided like this.",
        "by a count": "{0} should be divided by a count.",
        "not by a count": "{0} should not be divided by a count.",
        "by its terms": "{0} should be divided by the number of its terms.",
        "not by its terms": "{0} should not be divided by the number of its terms.",
        "multiplied": "In {0} the two parts should be multiplied.",
        "divides": "{1} should divide in {0}.",
        "added": "The two parts of {0} should be added.",
        "product": "{0} should be another kind of product: entry by entry, of matrices, or outer.",
    },
    "other-quantity": {
        "number": "{0} stands where a quantity belongs.",
        "": "{0} stands where another quantity belongs.",
    },
    "parentheses-left-out": {
        "": "{1} belongs to both terms of {2}: parentheses are missing.",
    },
    "power-left-out": {
        "": "{0} should be squared.",
    },
    "power-too-many": {
        "": "{0} should not be a power.",
    },
    "quantities-exchanged": {
        "": "{0} and {1} stand in each other's place.",
    },
    "sign-turned": {
        "": "The sign of {0} is wrong.",
    },
    "step-left-out": {
        "": "The same term of another index is missing beside {0}.",
    },
    "term-left-out": {
        "": "A term is missing beside {0}.",
    },
    "term-too-many": {
        "": "The term {1} does not belong in {0}.",
    },
    "transposed": {
        "": "{0} should be transposed.",
        "too many": "{0} should not be transposed.",
    },
    "two-factors-too-many": {
        "": "The factors {1} and {2} do not belong in {0}.",
    },
}
"""What is said of a slip in a formula, by id and form: {0} is the part with it, others follow."""


def said_of_formula(id: str, form: str, *parts: str) -> str:
    """Return what is said of a slip in a formula; ``parts`` of it as they were written."""
    return IN_A_FORMULA[id][form].format(*(f"`{part}`" for part in parts))
