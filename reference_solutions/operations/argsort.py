"""The positions that put the entries in order, counted from 0. Of equals the first comes first."""

from __future__ import annotations

from reference_solutions.operations.operation import (
    NEVER_NEGATIVE,
    Example,
    Mistake,
    Operation,
    Values,
)
from reference_solutions.operations.parameter import AXIS, FLAG
from reference_solutions.operations.sort import order


def _argsort(x: Values, axis: int | None = -1, descending: bool = False) -> Values:
    return order(x, axis, descending) * 1.0


def _ranks(x: Values, axis: int | None = -1, descending: bool = False) -> Values:
    return order(order(x, axis, descending), axis) * 1.0


OPERATION = Operation(
    name="argsort",
    subject="sums and statistics",
    compute=_argsort,
    doc=(
        "The 0-based positions of the entries in order, along the last axis, `axis=`, or all in "
        "a row (`axis=None`); "
        "`descending=True`: of the largest first."
    ),
    latex=r"\operatorname{{argsort}}({0})",
    derivatives=(None,),
    params={"axis": AXIS, "descending": FLAG},
    copies=True,
    value_range=NEVER_NEGATIVE,
    examples=(
        Example(([30.0, 10.0, 20.0],), [1.0, 2.0, 0.0]),
        Example(([30.0, 10.0, 20.0],), [0.0, 2.0, 1.0], {"descending": True}),
    ),
    mistakes=(
        Mistake(
            id="positions-counted-from-one",
            says="You counted from 1; positions are counted from 0 here.",
            forward=lambda x, axis=-1, descending=False: _argsort(x, axis, descending) + 1,
            commonness="very_common",
            used=r"\operatorname{{argsort}}({0}) + 1",
            example=Example(([30.0, 10.0, 20.0],), [2.0, 3.0, 1.0]),
        ),
        Mistake(
            id="ranks-for-positions",
            says=(
                "These are the ranks of the entries; the positions at which the first, the second "
                "and so on stand are meant."
            ),
            forward=_ranks,
            commonness="common",
            example=Example(([30.0, 10.0, 20.0],), [2.0, 0.0, 1.0]),
        ),
        Mistake(
            id="positions-the-other-way",
            says="The order is turned round: look whether the smallest or the largest comes first.",
            forward=lambda x, axis=-1, descending=False: _argsort(x, axis, not descending),
            example=Example(([30.0, 10.0, 20.0],), [0.0, 2.0, 1.0]),
        ),
    ),
)
