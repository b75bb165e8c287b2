"""Trial assignments with work by hand in plain numpy, right and with single mistakes.

A sheet is a folder of ``tests/cases/trials`` with an ``assignment.yaml`` and a ``by_hand.py``,
which knows nothing of the checker:

- ``work(g, r, made)`` computes all answers, by their names in the sheet, from the given numbers
  ``g.x``. It rounds by ``r`` what one writes down on the way, and does wrong what ``made("name")``
  says.
- ``MISTAKES`` has a row for each of these names: the quantity in which the mistake is made and the
  ids that name it, ``("w|b", "sign-turned")``. Without an id, any that points at the quantity does.
- ``COPIED`` has given numbers as somebody copied them wrong: ``("x", [1, 2])``, and after them ids
  that say the same in other words.

``gaps.yaml`` records what the checker does not name today, by sheet, mistake and digits. Run this
module to print all that it says, ``--write`` to record the gaps anew.
"""

from __future__ import annotations

import argparse
import json
import re
import runpy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from checker.grading import Grader
from checker.report import MistakeReport, SubmissionReport
from reference_solutions.assignment import load_assignment
from submissions_schema.answers import ChoiceAnswer
from submissions_schema.submission import parse_submission

TRIALS = Path(__file__).parents[2] / "cases" / "trials"
GAPS = TRIALS / "gaps.yaml"
FULL = 12
DIGITS = (3, 4, FULL)
"""How many digits are kept at every step; with FULL nothing is rounded but what is written."""
EXPLAINED = {"correct", "follow_through", "mistake"}
MISCOPIED = (
    "given-miscopied",
    "given-digits-miscopied",
    "given-entries-exchanged",
    "starting-value-changed",
)


@dataclass(frozen=True)
class Outcome:
    """What is said of a submission with one mistake.

    ``named``: the mistake and nothing else, and it explains all that is wrong. ``in part``: it and
    nothing else, but not all is explained. ``misnamed``: something that was not done, perhaps
    beside it. ``unnamed``: nothing.
    """

    status: str
    said: tuple[MistakeReport, ...]
    verdicts: Mapping[str, str]


class _Given(dict[str, np.ndarray]):
    __getattr__ = dict.__getitem__


class Sheet:
    """An assignment, and the work by hand on it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.file = TRIALS / name / "assignment.yaml"
        self.given = yaml.safe_load(self.file.read_text(encoding="utf-8"))["given"]
        by_hand = runpy.run_path(str(TRIALS / name / "by_hand.py"))
        self.work: Callable[..., dict[str, Any]] = by_hand["work"]
        self.mistakes: dict[str, tuple[str, ...]] = dict(by_hand["MISTAKES"])
        self.copied: dict[str, tuple[Any, ...]] = by_hand.get("COPIED", {})
        for mistake, (of, _, *also) in self.copied.items():
            place = "" if also else rf"^{re.escape(of)}(\[|$)"
            self.mistakes[mistake] = (place, *MISCOPIED, *also)

    @cached_property
    def grader(self) -> Grader:
        return Grader(load_assignment(self.file))

    def answers(self, digits: int = 17, mistake: str = "") -> dict[str, Any]:
        """All answers by name, with every step rounded, perhaps with one mistake in the work."""
        given = dict(self.given)
        if mistake in self.copied:
            name, wrong, *_ = self.copied[mistake]
            assert name in given
            given[name] = wrong
        numbers = {key: np.array(value, dtype=float) for key, value in given.items()}
        asked: set[str] = set()

        def made(name: str) -> bool:
            asked.add(name)
            return name == mistake

        with np.errstate(all="raise"):
            found = self.work(_Given(numbers), partial(rounded, digits=digits), made)
        assert asked <= set(self.mistakes)
        assert not mistake or mistake in asked | set(self.copied), mistake
        return found

    def submission(self, answers: Mapping[str, Any], digits: int) -> str:
        """The text of a submission."""
        lines = [f"assignment: {self.grader.assignment.id}", "student: {id: one}", "answers:"]
        for question, asked in self.grader.assignment.by_question.items():
            lines.append(f"  {question}:")
            for item in asked:
                exact = isinstance(item.spec, ChoiceAnswer) or item.spec.kind == "integer"
                text = written(answers[item.answer], None if exact else digits)
                lines.append(f"    {item.answer}: {text}")
        return "\n".join(lines) + "\n"

    def report(self, digits: int, mistake: str = "") -> SubmissionReport:
        """What the checker says of this work."""
        text = self.submission(self.answers(digits, mistake), digits)
        return self.grader.grade(parse_submission(text, name="one.yaml"), "one.yaml")

    def outcome(self, digits: int, mistake: str) -> Outcome:
        """What the checker makes of a mistake."""
        report = self.report(digits, mistake)
        verdicts = {answer.answer: answer.verdict for answer in report.answers}
        said = {m.message: m for answer in report.answers for m in answer.mistakes}
        place, *ids = self.mistakes[mistake]
        fits = [
            re.search(place, m.where) is not None and (not ids or m.id in ids)
            for m in said.values()
        ]
        if not all(fits):
            status = "misnamed"
        elif not fits:
            status = "unnamed"
        else:
            status = "named" if set(verdicts.values()) <= EXPLAINED else "in part"
        return Outcome(status, tuple(said.values()), verdicts)


def rounded(value: Any, digits: int) -> Any:
    """To so many significant digits, entry by entry."""
    array = np.asarray(value, dtype=float)
    if digits >= FULL:
        return array
    entries = [float(f"{entry:.{digits - 1}e}") for entry in array.ravel()]
    return np.array(entries).reshape(array.shape)


def written(value: Any, digits: int | None) -> str:
    """A value as it stands in a file: exact, or with so many significant digits."""
    if isinstance(value, str):
        return json.dumps(value)
    array = np.asarray(value)
    if array.ndim:
        return f"[{', '.join(written(entry, digits) for entry in array)}]"
    number = float(array)
    if digits is None or number == round(number):
        return f"{number:.10g}"
    return f"{Decimal(f'{number:.{digits - 1}e}'):f}"


def sheets() -> list[str]:
    """The names of all sheets of this form."""
    return sorted(path.parent.name for path in TRIALS.glob("*/by_hand.py"))


@cache
def gaps() -> dict[str, dict[str, dict[int, str]]]:
    """What is known not to be named: sheet, mistake, digits, and what happens instead."""
    return yaml.safe_load(GAPS.read_text(encoding="utf-8")) or {}


STATUSES = ("named", "in part", "misnamed", "unnamed")


class Findings:
    """What the checker says of all mistakes of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.found = {m: {d: sheet.outcome(d, m) for d in DIGITS} for m in sheet.mistakes}

    def row(self) -> str:
        """How often which status comes out."""
        met = [outcome.status for row in self.found.values() for outcome in row.values()]
        counts = " | ".join(str(met.count(status)) for status in STATUSES)
        return f"| {self.sheet.name} | {len(self.found)} | {len(met)} | {counts} |"

    def gaps(self) -> dict[str, dict[int, str]]:
        """What ``gaps.yaml`` records of the sheet."""
        rows = {
            mistake: {d: outcome.status for d, outcome in row.items() if outcome.status != "named"}
            for mistake, row in self.found.items()
        }
        return {mistake: row for mistake, row in rows.items() if row}

    def details(self) -> Iterator[str]:
        """In Markdown, what is said where a mistake is not named, and which answers stay open."""
        for digits in DIGITS:
            verdicts = {a.answer: a.verdict for a in self.sheet.report(digits).answers}
            if set(verdicts.values()) != {"correct"}:
                yield f"- **right work**, {digits} digits: {verdicts}"
        for mistake, row in self.found.items():
            told: dict[str, list[str]] = {}
            for digits, outcome in row.items():
                if outcome.status != "named":
                    told.setdefault(_told(outcome), []).append(str(digits))
            for text, at in told.items():
                yield f"- `{mistake}` ({', '.join(at)} digits): {text}"


def _told(outcome: Outcome) -> str:
    left = [a for a, verdict in outcome.verdicts.items() if verdict not in EXPLAINED]
    lines = [f"**{outcome.status}**" + (f"; not explained: {', '.join(left)}" if left else "")]
    for m in outcome.said:
        lines.append(f"  - {m.certainty} `{m.id}` at `{m.where}`: {m.message}")
        lines += [f"    - or: {alternative}" for alternative in m.alternatives]
    return "\n".join(lines)


def main() -> None:
    """Print what the checker says of every sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sheets", nargs="*")
    parser.add_argument("--write", action="store_true", help="record the gaps in gaps.yaml")
    options = parser.parse_args()
    found = [Findings(Sheet(name)) for name in options.sheets or sheets()]
    print(f"| sheet | mistakes | tried | {' | '.join(STATUSES)} |\n|---|---|---|---|---|---|---|")
    print("\n".join(findings.row() for findings in found))
    for findings in found:
        print(f"\n## {findings.sheet.name}\n")
        print("\n".join(findings.details()))
    if options.write:
        record({**gaps(), **{findings.sheet.name: findings.gaps() for findings in found}})


def record(recorded: Mapping[str, Mapping[str, Mapping[int, str]]]) -> None:
    """Write ``gaps.yaml``: a line for each mistake."""
    lines = [
        "# What the checker does not name today, written by tests/checker/cases/worked_sheets.py."
    ]
    for name, rows in sorted(recorded.items()):
        lines += [f"{name}:"] if rows else []
        for mistake, row in rows.items():
            statuses = ", ".join(f"{digits}: {status}" for digits, status in row.items())
            lines.append(f"  {mistake}: {{{statuses}}}")
    GAPS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
