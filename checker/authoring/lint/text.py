"""What lint says, as text."""

from __future__ import annotations

from collections.abc import Iterator

from checker.authoring.lint.better_numbers import Proposal
from checker.authoring.lint.checks import checks
from checker.authoring.lint.run import Coverage, LintReport
from checker.words import plural, sentence
from submissions_schema.yaml_reader import Tree


def lint_text(report: LintReport) -> str:
    """Return the findings, worst first, and the figure that sums the sheet up."""
    return "\n".join([*_lines(report), ""])


def _lines(report: LintReport) -> Iterator[str]:
    for finding in report.findings:
        remark = finding.remark
        yield f"{remark.place}: {finding.check}: {sentence(remark.message)}"
        if remark.hint:
            yield f"    {sentence(remark.hint)}"
    ignored = f", {len(report.ignored)} ignored" if report.ignored else ""
    count = plural(len(report.findings), "remark") if report.findings else "nothing to remark"
    yield f"{report.assignment}: {count}{ignored}. {coverage_words(report.coverage)}"


def coverage_words(coverage: Coverage) -> str:
    """Return the figure that sums a sheet up, in words."""
    if not coverage.common:
        return "No common mistake can be made on it that the checker knows."
    return (
        f"Of {plural(coverage.common, 'common mistake')} the asked digits show {coverage.shown} "
        f"and tell {coverage.told_apart} from every other ({coverage.share:.0%})."
    )


def proposal_text(proposal: Proposal | None) -> str:
    """Return given numbers to paste into the file."""
    if proposal is None:
        return "No number near the given ones makes more mistakes visible.\n"
    lines = [
        f"# With {' and '.join(proposal.changes)}:",
        f"# {coverage_words(proposal.after)}",
        "given:",
        *(f"  {name}: {_flow(now)}  # was {_flow(was)}" for name, was, now in proposal.given),
    ]
    return "\n".join([*lines, ""])


def _flow(tree: Tree) -> str:
    return f"[{', '.join(map(_flow, tree))}]" if isinstance(tree, list) else str(tree)


def checks_text() -> str:
    """Return all checks, each with what it looks for."""
    return "".join(f"{check.id}\n    {check.says}\n" for check in checks().values())
