"""All checks of one sheet, without what its author knows of and has a reason for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from checker.authoring.lint.check import Finding, Remark
from checker.authoring.lint.checks import checks
from checker.authoring.lint.sheet import LintedSheet
from submissions_schema.problems import InputError, Problem
from submissions_schema.validation import did_you_mean

NEEDLESS = "needless-ignore"
"""The id of the remark on a remark that is ignored and isn't made."""

_SETTINGS = ("lint", "ignore")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many common mistakes there are, how many show, and how many look like no other."""

    common: int
    shown: int
    told_apart: int

    @property
    def share(self) -> float:
        """The share of common mistakes that the asked digits show and tell apart."""
        return self.told_apart / self.common if self.common else 1.0


@dataclass(frozen=True, slots=True)
class LintReport:
    """What there is to say of a sheet: findings, worst first, and what was ignored."""

    assignment: str
    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    coverage: Coverage


def lint(sheet: LintedSheet, ignore: Collection[str] = ()) -> LintReport:
    """Run all checks. Raises :class:`InputError` for the id of a check that there isn't."""
    reasons = _reasons(sheet)
    reasons.update(dict.fromkeys(ignore, "on the command line"))
    found = [
        Finding(check.id, remark) for check in checks().values() for remark in check.remarks(sheet)
    ]
    kept: list[Finding] = []
    ignored: list[Finding] = []
    for finding in found:
        reason = reasons.get(finding.id, reasons.get(finding.check))
        if reason is None:
            kept.append(finding)
        else:
            ignored.append(Finding(finding.check, finding.remark, reason))
    kept += _needless(sheet, {name for one in found for name in (one.id, one.check)})
    kept.sort(key=lambda one: (-one.remark.weight, one.remark.place.line or 0))
    mistakes = sheet.mistakes
    coverage = Coverage(mistakes.count, *mistakes.told_apart(mistakes.now))
    return LintReport(sheet.assignment.id, tuple(kept), tuple(ignored), coverage)


def unknown_check(id: str) -> str:
    """Return what to say of an id of no check; empty if there is such a check."""
    check = id.partition("/")[0]
    if check in checks():
        return ""
    return f"there is no check `{check}`{did_you_mean(check, checks())}"


def _reasons(sheet: LintedSheet) -> dict[str, str]:
    settings = sheet.file.lint
    reasons: Mapping[str, str] = settings.ignore if settings is not None else {}
    problems = [
        Problem(message, sheet.key_place((*_SETTINGS, id)))
        for id in reasons
        if (message := unknown_check(id))
    ]
    if problems:
        raise InputError(problems)
    return dict(reasons)


def _needless(sheet: LintedSheet, made: Collection[str]) -> Iterator[Finding]:
    settings = sheet.file.lint
    for id in settings.ignore if settings is not None else ():
        if id not in made:
            message = f"`{id}` is ignored, but there is nothing to ignore"
            place = sheet.key_place((*_SETTINGS, id))
            yield Finding(NEEDLESS, Remark(id, message, place, 0.1))
