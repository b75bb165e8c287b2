"""Given numbers near those of a sheet with which more common mistakes are visible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checker.authoring.lint.checks import checks
from checker.authoring.lint.given_entries import GivenEntry
from checker.authoring.lint.run import Coverage
from checker.authoring.lint.sheet import LintedSheet
from checker.authoring.lint.what_would_help import Change
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import LoadedAssignmentFile
from submissions_schema.problems import InputError
from submissions_schema.yaml_reader import Tree

_ROUNDS = 4
"""How many numbers are changed at most."""

_TRIED = 6
"""How many changes are looked at closely for each."""

_OF_NUMBERS = ("saturated", "tie", "near-zero", "lost-digits", "tells-little", "unreachable")
"""The checks that other numbers may make worse."""

_BURDEN = 2.0
"""So many mistakes more have to show for a remark of weight 1."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Given data with some numbers changed, and what that does for the sheet."""

    given: tuple[tuple[str, Tree, Tree], ...]
    changes: tuple[str, ...]
    before: Coverage
    after: Coverage


def better_numbers(sheet: LintedSheet) -> Proposal | None:
    """Return changes of given numbers that make more mistakes visible; None where none do."""
    now, changes = sheet, []
    for _ in range(_ROUNDS):
        better = _best(now)
        if better is None:
            break
        change, now = better
        changes.append(change)
    if not changes:
        return None
    names = dict.fromkeys(change.entry.name for change in changes)
    return Proposal(
        tuple((name, sheet.file.given[name], now.file.given[name]) for name in names),
        tuple(change.shown for change in changes),
        _coverage(sheet),
        _coverage(now),
    )


def _coverage(sheet: LintedSheet) -> Coverage:
    mistakes = sheet.mistakes
    return Coverage(mistakes.count, *mistakes.told_apart(mistakes.now))


def _worth(sheet: LintedSheet) -> float:
    """Return how good the numbers of a sheet are.

    Good are mistakes that show and mistakes told apart; bad is what the checks say of the numbers.
    """
    known, coverage = checks(), _coverage(sheet)
    burden = sum(remark.weight for id in _OF_NUMBERS for remark in known[id].remarks(sheet))
    return coverage.shown + coverage.told_apart - _BURDEN * burden


def _best(sheet: LintedSheet) -> tuple[Change, LintedSheet] | None:
    worth = _worth(sheet)
    found: list[tuple[float, Change, LintedSheet]] = []
    for change in _varied(sheet.help.changes):
        try:
            changed = _changed(sheet, change.entry, change.text)
        except InputError:
            continue
        gain = _worth(changed) - worth
        if gain > 0:
            found.append((gain, change, changed))
    if not found:
        return None
    _, change, changed = max(found, key=lambda one: one[0])
    return change, changed


def _varied(changes: Sequence[Change]) -> Iterator[Change]:
    """Yield the best changes, each number once."""
    seen: set[str] = set()
    for change in changes:
        if len(seen) == _TRIED:
            return
        if change.entry.shown not in seen:
            seen.add(change.entry.shown)
            yield change


def _changed(sheet: LintedSheet, entry: GivenEntry, text: str) -> LintedSheet:
    """Return the sheet with one number changed. Raises :class:`InputError`."""
    tree = _put(sheet.file.given[entry.name], entry.path, text)
    given = {**sheet.file.given, entry.name: tree}
    file = sheet.file.model_copy(update={"given": given})
    loaded = LoadedAssignmentFile(file, sheet.loaded.document)
    return LintedSheet(loaded, build_assignment(loaded))


def _put(tree: Tree, path: tuple[int, ...], text: str) -> Tree:
    if not path:
        return text
    assert isinstance(tree, list)
    return [_put(item, path[1:], text) if at == path[0] else item for at, item in enumerate(tree)]
