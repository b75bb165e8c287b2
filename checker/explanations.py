"""What ``checker explain`` says of a mistake: its page, made from where it is declared."""

from __future__ import annotations

from collections.abc import Iterator

from checker.diagnosis.formula_slips import KINDS as FORMULA_SLIPS
from checker.diagnosis.slips import KINDS as SLIPS
from checker.edits import structural
from reference_solutions.operations import catalogue
from reference_solutions.operations.operation import Example, Mistake, Operation

_COMMON = {
    "very_common": "very common",
    "common": "common",
    "occasional": "now and then",
    "rare": "rare",
}


def known_mistakes() -> Iterator[str]:
    """One line for every mistake that can be named: its id and what it is."""
    for id, (_, mistake) in sorted(catalogue().items()):
        yield f"{id:<42} {mistake.says}"
    for kind in structural.kinds().values():
        yield f"{kind.id:<42} {kind.says}"
    for slip in (*SLIPS.values(), *FORMULA_SLIPS.values()):
        yield f"{slip.id:<42} {slip.says}"


def explanation(id: str) -> str | None:
    """Return the page of a mistake, or None where there is none of that id."""
    if id in catalogue():
        return _declared(*catalogue()[id])
    if id in structural.kinds():
        kind = structural.kinds()[id]
        return (
            f"{id}\n\n{kind.says}\n\nFound in any formula: the checker makes this change in each "
            "place of the reference solution, in the steps\nof the sheet and in the derived "
            "backward pass, and compares what comes out with what was written."
        )
    if id in SLIPS:
        return (
            f"{id}\n\n{SLIPS[id].says}\n\nA slip of writing down, found by looking at the "
            f"numbers alone."
        )
    if id in FORMULA_SLIPS:
        return (
            f"{id}\n\n{FORMULA_SLIPS[id].says}\n\nA slip in a formula: undone in what was "
            "written, it gives the right values at every\nsampled point."
        )
    return None


def _declared(operation: Operation, mistake: Mistake) -> str:
    lines = [mistake.id, "", mistake.says, ""]
    lines.append(f"Where:      {operation.name} - {operation.doc}")
    lines.append(f"How often:  {_COMMON[mistake.commonness]} ({mistake.source})")
    lines.append(f"Example:    {_example(operation, mistake.example)}")
    return "\n".join(lines)


def _example(operation: Operation, example: Example) -> str:
    operands = ", ".join(str(arg) for arg in example.args)
    named = "".join(f", {name}={value}" for name, value in example.params.items())
    call = f"{operation.name}({operands}{named})"
    if example.gradient is not None:
        return (
            f"with {call} and dL/d(result) = {example.gradient}, "
            f"operand {example.position} receives {example.result}"
        )
    return f"{call} gives {example.result} with this mistake"
