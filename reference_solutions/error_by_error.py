"""Every definition of a sheet that can't be used, found one after the other.

Building stops at the first error. It is left out, with all that depends on it, and what is left is
built again: so an author sees all errors at once, and none that only comes of another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reference_solutions.definition_text import DefinitionError, UndefinedError, key_parts
from reference_solutions.graph import Array

_MOST = 20
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Definitions:
    """The texts of a sheet: given arrays, steps, and answers by question and name."""

    given: Mapping[str, Array]
    steps: Mapping[str, str]
    answers: Mapping[tuple[str, str], str]


def errors_of(
    first: DefinitionError,
    definitions: Definitions,
    build: Callable[[Definitions], object],
    *,
    sampled: bool,
) -> list[DefinitionError]:
    """Return an error that ``build`` raised, and those that it raises for what is left.

    ``sampled`` says that there are symbols: that a definition has no value is then found out only
    after many tries, and not looked for any further.
    """
    errors = [first]
    rest = definitions
    while len(errors) < _MOST:
        if sampled and isinstance(errors[-1], UndefinedError):
            break
        fewer = _without(rest, errors[-1].definition)
        if fewer is None:
            break
        rest = fewer
        try:
            build(rest)
        except DefinitionError as error:
            errors.append(error)
        else:
            break
    return errors


def _without(definitions: Definitions, definition: tuple[str, ...]) -> Definitions | None:
    """Return what is left without a definition and all that needs it; None if that is unclear."""
    section, *rest = definition
    if section == "questions" and len(rest) == 2:
        answers = {w: t for w, t in definitions.answers.items() if w != (rest[0], rest[1])}
        return replace(definitions, answers=answers)
    if section not in ("steps", "given") or len(rest) != 1:
        return None
    failed = {key_parts(rest[0])[0]}
    while True:
        more = {
            key_parts(key)[0]
            for key, text in definitions.steps.items()
            if key_parts(key)[0] not in failed and failed & {*_NAME.findall(text)}
        }
        if not more:
            break
        failed |= more
    return Definitions(
        {k: v for k, v in definitions.given.items() if key_parts(k)[0] not in failed},
        {k: t for k, t in definitions.steps.items() if key_parts(k)[0] not in failed},
        {w: t for w, t in definitions.answers.items() if not failed & {*_NAME.findall(t)}},
    )
