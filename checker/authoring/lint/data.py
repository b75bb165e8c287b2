"""What lint says, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from checker.authoring.lint.better_numbers import Proposal
from checker.authoring.lint.check import Finding
from checker.authoring.lint.run import Coverage, LintReport

VERSION = 1


def lint_json(reports: Sequence[tuple[LintReport, Proposal | None]]) -> str:
    """Return reports as JSON, with better numbers where these were asked for and found."""
    data = {
        "format": "homework-checker/lint",
        "version": VERSION,
        "sheets": [_sheet(report, proposal) for report, proposal in reports],
    }
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _sheet(report: LintReport, proposal: Proposal | None) -> dict[str, Any]:
    return {
        "assignment": report.assignment,
        "coverage": _coverage(report.coverage),
        "findings": [_finding(one) for one in report.findings],
        "ignored": [_finding(one) for one in report.ignored],
        "better_numbers": None if proposal is None else _proposal(proposal),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "common_mistakes": coverage.common,
        "shown": coverage.shown,
        "told_apart": coverage.told_apart,
        "share": round(coverage.share, 4),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    remark = finding.remark
    return {
        "id": finding.id,
        "check": finding.check,
        "message": remark.message,
        "hint": remark.hint or None,
        "file": remark.place.file,
        "line": remark.place.line,
        "column": remark.place.column,
        "weight": round(remark.weight, 4),
        "reason": finding.reason,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "given": {name: now for name, _, now in proposal.given},
        "changes": list(proposal.changes),
        "coverage": _coverage(proposal.after),
    }
