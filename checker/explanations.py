"""What ``checker explain`` says of a mistake: its page, made from where it is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.answer_kinds.reading.written import text_of
from checker.edits.slip_kinds import IN_FORMULAS, IN_NUMBERS
from checker.edits.structural import kinds
from checker.kinds import Example as SheetExample
from reference_solutions.operations import catalogue
from reference_solutions.operations.operation import Example, Mistake, Operation
from submissions_schema.declared_mistakes import DeclaredMistake

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
    for kind in kinds().values():
        yield f"{kind.id:<42} {kind.says}"
    for slip in (*IN_NUMBERS.values(), *IN_FORMULAS.values()):
        yield f"{slip.id:<42} {slip.says}"


def known_of_sheet(mistakes: Mapping[str, DeclaredMistake]) -> Iterator[str]:
    """One line for every mistake that a sheet declares."""
    for id, mistake in mistakes.items():
        yield f"{id:<42} {mistake.says}"


def of_sheet(id: str, mistake: DeclaredMistake) -> str:
    """Return the page of a mistake that a sheet declares."""
    what = (
        f"`{mistake.at}` computed as `{mistake.used}`"
        if mistake.at is not None
        else f"`{text_of(mistake.value)}` for `{mistake.answer}`"
    )
    lines = [id, "", mistake.says, "", f"Declared:   {what}"]
    lines.append(f"How often:  {_COMMON[mistake.commonness]}")
    return "\n".join(lines)


def explanation(id: str) -> str | None:
    """Return the page of a mistake, or None where there is none of that id."""
    if id in catalogue():
        return _declared(*catalogue()[id])
    if id in kinds():
        kind = kinds()[id]
        return (
            f"{id}\n\n{kind.says}\n\nFound in any formula: the checker makes this change in each "
            "place of the reference solution, in the steps\nof the sheet and in the derived "
            "backward pass, and compares what comes out with what was written.\n\n"
            f"{_in_a_sheet(kind.examples[0])}"
        )
    if id in IN_NUMBERS:
        return (
            f"{id}\n\n{IN_NUMBERS[id].says}\n\nA slip of writing down, found by looking at the "
            f"numbers alone."
        )
    if id in IN_FORMULAS:
        return (
            f"{id}\n\n{IN_FORMULAS[id].says}\n\nA slip in a formula: undone in what was "
            "written, it gives the right values at every\nsampled point."
        )
    return None


def _in_a_sheet(example: SheetExample) -> str:
    meant = {**example.given, **example.steps, **{k: example.asked[k] for k in example.written}}
    made = {**example.instead, **example.written}
    lines = [f"{name}: {meant[name]}    taken as    {made[name]}" for name in meant if name in made]
    lines += [f"where {name}: {made[name]}" for name in made if name not in meant]
    return "\n".join(f"{'Example:' if i == 0 else '':<11} {x}" for i, x in enumerate(lines))


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
