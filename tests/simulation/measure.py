"""How well the checker judges a simulated cohort: ``python -m tests.simulation.measure --help``.

Every submission is graded as a student's would be, and every judgement is held against the truth of
what was planted. A mistake counts as named if the report says its id; an id whose edit predicts the
same numbers, within the written digits, is as good an explanation and is counted as equivalent.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice

from reference_solutions.assignment import Assignment, load_assignment
from reference_solutions.shipped import find_assignment, shipped_assignments

from .attack import FULL, PARTS, QUICK, TRIALS, Part, attack
from .attack import details as attack_details
from .attack import head_of_rows as head_of_attacks
from .attack import row as attack_row
from .examiner import BEST, Examiner, Result
from .figures import Figures, Share, measure
from .simulator import Simulator

_SHOWN = ("named", "equivalent", "tie", "near", "wrong", "none", "faint", "accepted", "hidden")


def short_table(figures: Figures) -> Iterator[str]:
    """The table for the page of measurements, as Markdown."""
    yield "| What | Measured |"
    yield "|---|---|"
    three = figures.right_from_three
    yield f"| Right answers worked with 3 digits or more, judged right | {three} |"
    yield (
        f"| Right answers beside or after a wrong one, judged right | {figures.right_elsewhere} |"
    )
    yield f"| Single mistakes from the catalogue, named | {figures.recall('catalogue')} |"
    yield f"| Single structural mistakes, named | {figures.recall('structural')} |"
    yield f"| A mistake in one answer only, named | {figures.recall('one answer only')} |"
    yield f"| Two mistakes together, at least one named | {figures.recall('two mistakes')} |"
    yield f"| Slips of the pen, named | {figures.recall('slip')} |"
    if "formula slip" in figures.outcomes:
        yield f"| Slips in formulas, named | {figures.recall('formula slip')} |"
    yield f"| Random wrong answers accused of a named mistake | {figures.accused} |"
    yield (
        "| Answers with nothing wrong in them, accused of a mistake that isn't theirs | "
        f"{figures.followers_accused} |"
    )
    for state, share in sorted(figures.accepted_beyond.items()):
        yield f"| Wrong answers accepted ({state}) | {share} |"


_ROW = (
    "Assignment",
    "Submissions",
    "Right answers judged right",
    "Single catalogue mistakes named, of those that change a written digit",
    "… of those that the digits are enough to tell",
    "Single slips in formulas named",
    "Named as another mistake",
    "Random wrong answers accused",
)


def head_of_rows() -> Iterator[str]:
    """The head of a table with one row for each assignment, as Markdown."""
    yield f"| {' | '.join(_ROW)} |"
    yield f"|{'---|' * len(_ROW)}"


def row(assignment: Assignment, figures: Figures) -> str:
    """One assignment's row."""
    told = figures.told.get("catalogue", Share())
    cells = (
        f"`{assignment.id}`",
        figures.submissions,
        figures.all_right,
        figures.recall("catalogue"),
        told,
        figures.recall("formula slip"),
        figures.misnamed("catalogue", "formula slip"),
        figures.accused,
    )
    return f"| {' | '.join(map(str, cells))} |"


def head_of_missed() -> Iterator[str]:
    """The head of the table of the mistakes that were missed, as Markdown."""
    yield "| Assignment | Missed mistake | Named, where digits change | Can the numbers show it? |"
    yield "|---|---|---|---|"


def missed_rows(assignment: Assignment, figures: Figures) -> Iterator[str]:
    """A row for each mistake of the catalogue that was not always named."""
    for (scenario, name), counts in sorted(figures.by_id.items()):
        shown = Share(
            counts["named"] + counts["equivalent"] + counts["tie"],
            counts.total() - counts["hidden"],
        )
        if scenario != "catalogue" or shown.hits == shown.of:
            continue
        faint, plain = counts["faint"], shown.of - shown.hits - counts["faint"]
        answer = "yes" if not faint else "no" if not plain else f"in {plain} of {plain + faint}"
        yield f"| `{assignment.id}` | `{name}` | {shown.hits} of {shown.of} | {answer} |"


def details(figures: Figures) -> Iterator[str]:
    """Everything else that was counted, as Markdown."""
    yield ""
    yield "Right work, by how it was rounded:"
    yield ""
    yield "| Rounding | judged right | imprecise |"
    yield "|---|---|---|"
    for label, share in sorted(figures.right.items()):
        yield f"| {label} | {share} | {figures.imprecise[label]} |"
    yield ""
    yield "Wrong answers that rounding to the granted digits explains as well, judged right:"
    yield ""
    for state, share in sorted(figures.accepted_within.items()):
        yield f"- {state}: {share}"
    yield ""
    yield "What became of planted mistakes, by submission:"
    yield ""
    yield f"| Planted | {' | '.join(_SHOWN)} |"
    yield f"|---|{'---|' * len(_SHOWN)}"
    for scenario, counts in figures.outcomes.items():
        yield f"| {scenario} | {' | '.join(str(counts[key]) for key in _SHOWN)} |"
    yield ""
    yield "And by answer that shows it:"
    yield ""
    yield f"| Planted | {' | '.join(BEST)} |"
    yield f"|---|{'---|' * len(BEST)}"
    for scenario, namings in figures.namings.items():
        yield f"| {scenario} | {' | '.join(str(namings[key]) for key in BEST)} |"
    yield ""
    yield f"Random wrong answers were accused of: {dict(figures.accused_of.most_common())}"
    yield ""
    yield "Mistakes by recall, the weakest first (those that are always found are left out):"
    yield ""
    yield f"| Mistake | planted as | recall | {' | '.join(_SHOWN)} |"
    yield f"|---|---|---|{'---|' * len(_SHOWN)}"
    rows = []
    for (scenario, name), counts in figures.by_id.items():
        shown = counts.total() - counts["hidden"]
        good = counts["named"] + counts["equivalent"] + counts["tie"]
        if good < shown:
            cells = " | ".join(str(counts[key]) for key in _SHOWN)
            rows.append((good / shown, f"| {name} | {scenario} | {good}/{shown} | {cells} |"))
    for _, row in sorted(rows):
        yield row


def complaints(result: Result) -> Iterator[str]:
    """What is wrong with how a submission was judged, in a word or two each."""
    if result.outcome in ("near", "none", "wrong", "accepted"):
        yield f"planted mistake: {result.outcome}"
    scenario, style = result.simulated.scenario, result.simulated.style
    for judged in result.judged:
        state, verdict = judged.truth.state, judged.report.verdict
        if state in ("right", "rounded", "follows"):
            if judged.report.mistakes and judged.naming == "wrong":
                yield f"{judged.truth.answer} accused, is {state}"
            elif not judged.accepted and style.digits_kept >= 3 and verdict != "mistake":
                yield f"{judged.truth.answer} not accepted, is {state} ({scenario})"
        elif judged.plain and verdict in ("correct", "imprecise"):
            yield f"{judged.truth.answer} accepted, is {state}"
        elif state == "noise" and judged.plain and judged.report.mistakes:
            yield f"{judged.truth.answer} accused, is noise"


def missed(results: Sequence[Result], most: int) -> Iterator[str]:
    """Some submissions that were not judged as they should be, in full, to reproduce."""
    for result in islice((r for r in results if any(complaints(r))), most):
        yield from _told(result)


def _told(result: Result) -> Iterator[str]:
    simulated = result.simulated
    about = f"{simulated.scenario}: {simulated.detail or 'nothing planted'}"
    yield f"### {'; '.join(complaints(result))} — {about} — {simulated.style.label}"
    yield ""
    yield "```yaml"
    yield simulated.text.rstrip()
    yield "```"
    for judged in result.judged:
        said = [f"{m.id} in {m.where}" for m in judged.report.mistakes]
        truth = judged.truth
        plain = "" if judged.plain else " (not plain)"
        yield (
            f"- {truth.answer}: is {truth.state} {list(truth.ids)}{plain},"
            f" judged {judged.report.verdict} {said} → {judged.naming}"
        )
    yield ""


def _attack(names: Sequence[str], parts: Sequence[Part], options: argparse.Namespace) -> None:
    """Attack the assignments and print what it came to."""
    rows = []
    for name in names:
        found = attack(
            load_assignment(find_assignment(name)),
            QUICK if options.quick else FULL,
            parts,
            options.seed,
        )
        rows.append(attack_row(found))
        if not options.markdown:
            sys.stdout.write("\n".join([*attack_details(found, options.examples), ""]) + "\n")
            sys.stdout.flush()
        sys.stderr.write(f"{name}: {found.gradings} gradings in {found.seconds:.1f} s\n")
    sys.stdout.write("\n".join([*head_of_attacks(), *rows, ""]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment", nargs="?", default="fit3181-a2", help="an id or a file")
    parser.add_argument("--all", action="store_true", help="all assignments of the package")
    parser.add_argument("--submissions", type=int, default=2000, help="for each assignment")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", action="store_true", help="only the table for the docs")
    parser.add_argument("--missed", type=int, default=0, help="show so many misjudged ones in full")
    parser.add_argument("--trials", action="store_true", help="the trial assignments as well")
    parser.add_argument(
        "--attack",
        nargs="*",
        choices=PARTS,
        help="be the attacker, in these ways or all",
    )
    parser.add_argument("--quick", action="store_true", help="try little of each attack")
    parser.add_argument("--examples", type=int, default=0, help="show so many attacks in full")
    options = parser.parse_args()
    names = list(shipped_assignments()) if options.all else [options.assignment]
    if options.trials:
        shipped = names if options.all else []
        names = [*shipped, *map(str, sorted(TRIALS.glob("*/assignment.yaml")))]
    if options.attack is not None:
        _attack(names, options.attack or PARTS, options)
        return
    rows = []
    missing: list[str] = []
    for name in names:
        assignment = load_assignment(find_assignment(name))
        examiner = Examiner(assignment)
        simulator = Simulator(examiner.cohort, options.seed)
        submissions = list(simulator.submissions(options.submissions))
        start = time.perf_counter()
        figures, results = measure(examiner, submissions)
        seconds = time.perf_counter() - start
        rows.append(row(assignment, figures))
        missing.extend(missed_rows(assignment, figures))
        lines = [] if options.all and options.markdown else list(short_table(figures))
        if not options.markdown:
            lines.extend(details(figures))
        if lines:
            lines.append("")
        said = (
            f"{figures.submissions} simulated submissions to `{assignment.id}`, seed "
            f"{options.seed}, graded in {seconds:.1f} s; {len(figures.crashes)} crashes."
        )
        if lines or figures.crashes:
            lines.append(said)
        else:
            sys.stderr.write(said + "\n")
        for crash in figures.crashes[:3]:
            lines += ["", crash.simulated.text, crash.error]
        lines.extend(["", *missed(results, options.missed)] if options.missed else [])
        if lines:
            sys.stdout.write("\n".join([*lines, ""]) + "\n")
    if options.all:
        sys.stdout.write("\n".join([*head_of_rows(), *rows, ""]) + "\n")
        sys.stdout.write("\n".join([*head_of_missed(), *missing]) + "\n")


if __name__ == "__main__":
    main()
