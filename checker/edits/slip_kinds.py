"""Kinds of slips of writing down: what they cost, and their pages.

Diagnosis finds them in what was written; no edit of the reference makes them.
"""

from __future__ import annotations

from checker.kinds import Kind

IN_NUMBERS = {
    kind.id: kind
    for kind in (
        Kind("sign-slip", 4.5, "Right numbers with the wrong sign."),
        Kind(
            "decimal-point-slip",
            5.0,
            "The decimal point is in the wrong place: a factor of 10, 100 or 1000.",
        ),
        Kind(
            "percent-for-fraction",
            4.5,
            "Written as percentages; a fraction between 0 and 1 is asked for.",
        ),
        Kind("digits-swapped", 5.0, "Two neighbouring digits are exchanged."),
        Kind("digit-mistyped", 6.0, "One digit is another one, is missing, or is one too many."),
        Kind(
            "counted-from-one",
            4.5,
            "Classes, states or places are counted from 1; here the first one is 0.",
        ),
        Kind("rows-for-columns", 5.0, "The matrix is written with rows and columns exchanged."),
        Kind("order-reversed", 6.0, "The entries are in the reverse order."),
        Kind("order-shifted", 7.0, "The entries are moved round by one place."),
        Kind("other-answer-copied", 6.0, "These are the numbers of another answer."),
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
