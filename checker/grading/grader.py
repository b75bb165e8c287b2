"""Grading one submission, and a folder of them: from files to reports.

First every answer is compared with the reference. Then what is not right is compared with what
follows from the student's own earlier values, and what is left goes to diagnosis. The better of the
two counts, never both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from checker.answer_kinds import computed_kind_of, kind_of
from checker.answer_kinds.kind import Reading, Settled, Sheet
from checker.answer_kinds.reading.quantities import known_names, named_nodes
from checker.answer_kinds.reading.written import (
    PLACEHOLDERS,
    Unreadable,
    WrittenArray,
    is_missing,
    text_of,
)
from checker.diagnosis.diagnoser import Diagnoser, Finding, Work
from checker.diagnosis.evidence import ACCEPT, LIKELY
from checker.diagnosis.formula_slips import description_bits, slips_in
from checker.diagnosis.slips import Slip
from checker.grading.locating import locate
from checker.grading.plausibility import impossible, invariant_broken, trivial
from checker.matching import agrees, noise, too_few_digits
from checker.policy import Outcome, mark
from checker.report import (
    AnswerReport,
    EntryReport,
    MistakeReport,
    QuestionReport,
    SubmissionReport,
    Verdict,
)
from checker.words import sentence
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array
from reference_solutions.language.expression import Expression, Name
from reference_solutions.language.notation import Notation
from submissions_schema.problems import InputError, Problem
from submissions_schema.submission import LoadedSubmission, Student, load_submission
from submissions_schema.yaml_reader import Document, Tree, TreePath

_LEAST_SAID = 18.0
"""Bits that any formula is worth: enough for the one mistake that is nearest to it, not for two."""

_REMEMBERED = 5_000
"""How many of the formulas and orders of growth that were written are kept, read and compared."""


@dataclass(slots=True)
class _Numbers:
    """One numeric answer while it is being judged."""

    position: int
    written: WrittenArray
    expected: Array
    verdict: Verdict | None = None
    note: str = ""
    findings: list[Finding] = field(default_factory=list)
    right: NDArray[np.bool_] | None = None
    from_own: bool = False
    right_if_rounded: bool = False
    precise: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of one answer before points."""

    asked: Asked
    path: TreePath | None
    verdict: Verdict
    message: str
    written: str = ""
    numbers: _Numbers | None = None
    share: float = 0.0
    findings: tuple[Finding, ...] = ()
    misshapen: WrittenArray | None = None


class Grader:
    """Grades submissions to one assignment."""

    def __init__(self, assignment: Assignment, *, reveal: bool = False) -> None:
        """``reveal`` puts the right values into the reports."""
        self.assignment = assignment
        self.reveal = reveal
        self.reference = assignment.reference
        self.graph = assignment.reference.graph
        self.targets = [target.node for target in self.reference.targets]
        asked = {(item.question, item.answer): item for item in assignment.asked}
        self._asked_at = [
            asked[target.question, target.answer] for target in self.reference.targets
        ]
        self.symbolic = frozenset(
            i for i in range(len(self.targets)) if self._asked(i).spec.symbolic
        )
        self._kinds = [computed_kind_of(asked.spec) for asked in self._asked_at]
        self.expected = [self._flat(i) for i in range(len(self.targets))]
        self.position = {
            (target.question, target.answer): i for i, target in enumerate(self.reference.targets)
        }
        self.placeholders = PLACEHOLDERS | {
            text.strip().casefold() for text in assignment.file.placeholders
        }
        notation = Notation(self.graph.families)
        # A name says what is asked for; any other expression would say how it is computed.
        self.latex = [
            notation.latex(target.expression)
            if reveal or isinstance(target.expression, Name)
            else ""
            for target in self.reference.targets
        ]
        self._formulas: dict[tuple[int, int], tuple[str, str]] = {}
        self._names = len(known_names(self.graph))
        self._sheet = Sheet(self.graph, self.reference.ranges, assignment.file.symbols)
        self._read_before: dict[tuple[str, str, str], WrittenArray | Settled] = {}

    def _flat(self, position: int) -> Array:
        worlds = range(self.graph.worlds if position in self.symbolic else 1)
        values = [self.graph.value(self.targets[position], world) for world in worlds]
        return np.concatenate(
            [np.atleast_1d(value).ravel() for value in values if value is not None]
        )

    @cached_property
    def diagnoser(self) -> Diagnoser:
        """All edits and their predictions; made when the first answer is not plainly right."""
        digits = [a.matching.working_digits for a in self.assignment.asked if a.target is not None]
        coarsest = min((d for d in digits if d is not None), default=3)
        return Diagnoser(self.reference, coarsest, self.symbolic)

    # --- files --------------------------------------------------------------------------------

    def grade_file(
        self, path: Path, name: str, student: Student | None = None, note: str = ""
    ) -> SubmissionReport:
        """Grade a file. One that can't be read becomes a report that says why.

        ``student`` is who handed it in, if it doesn't say, and ``note`` what to tell the teacher
        then.
        """
        try:
            loaded = load_submission(path, name=name, student=student)
            self._check_assignment(loaded)
        except InputError as error:
            return unreadable(name, error, self.assignment)
        report = self.grade(loaded, name)
        return report if loaded.says_student else replace(report, notes=(*report.notes, note))

    def _check_assignment(self, loaded: LoadedSubmission) -> None:
        said = loaded.submission.assignment
        if said != self.assignment.id:
            place = loaded.document.place(("assignment",))
            raise InputError(
                [
                    Problem(
                        "this submission answers another assignment",
                        place,
                        f"`{self.assignment.id}`",
                        f"`{said}`",
                    )
                ]
            )

    def grade(self, loaded: LoadedSubmission, name: str) -> SubmissionReport:
        """Grade a submission that was read."""
        with np.errstate(all="ignore"):
            return self._grade(loaded, name)

    def _grade(self, loaded: LoadedSubmission, name: str) -> SubmissionReport:
        document = loaded.document
        known = {
            question: [asked.answer for asked in answers]
            for question, answers in self.assignment.by_question.items()
        }
        trees, problems = locate(document, loaded.submission.answers, known)
        read = [self._read(asked, trees, document) for asked in self.assignment.asked]
        found = self._explain_shapes(read)
        numbers = [item.numbers for item in found if item.numbers is not None]
        self._judge(numbers)
        return self._report(loaded, name, found, [str(problem) for problem in problems])

    # --- finding and reading the answers ------------------------------------------------------

    def _read(
        self,
        asked: Asked,
        trees: Mapping[tuple[str, str], tuple[Tree, TreePath]],
        document: Document,
    ) -> _Found:
        tree, path = trees.get((asked.question, asked.answer), (None, None))
        if path is None or is_missing(tree, self.placeholders):
            return _Found(asked, path, "missing", "No answer was given.", text_of(tree))
        read = self._taken(asked, tree, path, document)
        if isinstance(read, Settled):
            written = text_of(tree) if read.written is None else read.written
            return _Found(asked, path, read.verdict, read.message, written, share=read.share)
        position = self.position.get((asked.question, asked.answer), -1)
        if isinstance(read, WrittenArray):
            numbers = _Numbers(position, read, self.expected[position])
            return _Found(asked, path, "wrong", "", text_of(tree), numbers)
        slip = self._misfit(position, read.formula) if read.formula is not None else None
        if slip is not None:
            message = f"{slip.message} {sentence(read.message)}"
            return _Found(asked, path, "mistake", message, text_of(tree), findings=(slip,))
        message = sentence(read.message)
        return _Found(asked, path, "invalid", message, text_of(tree), misshapen=read.numbers)

    def _taken(
        self, asked: Asked, tree: Tree, path: TreePath, document: Document
    ) -> WrittenArray | Settled | Unreadable:
        """Read an answer; many students write the same, so what is costly to read is kept."""
        kind = kind_of(asked.spec)
        key = asked.question, asked.answer, text_of(tree)
        remembered = kind.remembered and isinstance(tree, str)
        if remembered and key in self._read_before:
            return self._read_before[key]
        node, shape = None, ()
        if asked.target is not None:
            node = asked.target.node
            value = self.graph.value(node)
            assert value is not None
            shape = value.shape
        read = kind.take(Reading(asked.spec, tree, path, document, self._sheet, shape, node))
        if isinstance(read, Unreadable):
            return read
        # What can't be read says where it stands, so it is not kept.
        if remembered and len(self._read_before) < _REMEMBERED:
            self._read_before[key] = read
        return read

    def _misfit(self, position: int, formula: Expression) -> Finding | None:
        """Return the slip without which a formula whose shapes don't fit would be right."""
        slip = next(iter(self._formula_slips(position, formula)), None)
        if slip is None or slip.bits < ACCEPT:
            return None
        where = self.reference.targets[position].answer
        return Finding(slip.id, where, slip.message, slip.bits >= LIKELY, None)

    def _explain_shapes(self, found: Sequence[_Found]) -> list[_Found]:
        """Name the mistakes that give numbers of a wrong shape."""
        misshapen = {
            self.position[item.asked.question, item.asked.answer]: item.misshapen
            for item in found
            if item.misshapen is not None
        }
        findings = self.diagnoser.explain_shapes(misshapen) if misshapen else {}
        return [
            replace(
                item,
                verdict="mistake",
                message=f"{finding.message} {item.message}",
                findings=(finding,),
            )
            if item.misshapen is not None
            and (finding := findings.get(self.position[item.asked.question, item.asked.answer]))
            else item
            for item in found
        ]

    # --- judging ------------------------------------------------------------------------------

    def _judge(self, numbers: Sequence[_Numbers]) -> None:
        asked = {item.position: self._asked(item.position) for item in numbers}
        rounded: list[_Numbers] = []
        open_items: list[_Numbers] = []
        for item in numbers:
            self._compare(item, asked[item.position])
            if item.verdict is None:
                open_items.append(item)
        if not open_items:
            return
        for item in open_items:
            if self._right_if_rounded(item, asked[item.position]):
                item.right_if_rounded = True
                rounded.append(item)
        still_open = [item for item in open_items if item not in rounded]
        work = self._follow_through(numbers, open_items, rounded, asked)
        work.followed = {item.position for item in open_items if item.verdict == "follow_through"}
        rounded = [item for item in rounded if item.verdict is None]
        still_open = [item for item in still_open if item.verdict is None]
        if not rounded and not still_open:
            return
        work.open = {item.position for item in still_open}
        work.rounded = {item.position for item in rounded}
        found = self.diagnoser.explain(work)
        for item in (*rounded, *still_open):
            item.findings = found.get(item.position, [])
            if item.findings:
                item.verdict = "mistake"
                self._entries(item, work)
            elif item in rounded:
                item.verdict = "correct"
                item.note = "Right: the difference is what rounding on the way explains."
                self._precise_enough(
                    item, asked[item.position], self._rounding(item, asked[item.position])
                )
            else:
                self._entries(item, work)
                assert item.right is not None
                whole = self._kinds[item.position].whole
                item.verdict = "partial" if _share(item) > 0 and not whole else "wrong"

    def _asked(self, position: int) -> Asked:
        return self._asked_at[position]

    def _compare(self, item: _Numbers, asked: Asked) -> None:
        """Judge an answer that is right as it is written."""
        kind = self._kinds[item.position]
        found = kind.agrees(item.written, item.expected, asked.matching)
        if found.mask.all():
            item.verdict = "correct"
            item.note = found.note
            item.right = found.mask
            self._precise_enough(item, asked, np.zeros_like(item.expected))

    def _precise_enough(self, item: _Numbers, asked: Asked, rounding: Array) -> None:
        written = item.written
        if not self._kinds[item.position].rounds:
            return
        few = too_few_digits(
            written.values, item.expected, written.half_units, rounding, asked.matching
        )
        if few.any() and not rounding.any():
            # What rounding on the way explains is no lack of digits; it is found out only here.
            granted = self._rounding(item, asked)
            few = too_few_digits(
                written.values, item.expected, written.half_units, granted, asked.matching
            )
        if few.any():
            item.verdict = "imprecise"
            item.precise = ~few
            least = asked.matching.min_significant_figures
            item.note = f"Right as far as it goes; write at least {least} significant digits."

    def _rounding(self, item: _Numbers, asked: Asked) -> Array:
        digits = asked.matching.working_digits
        rounds = self._kinds[item.position].rounds
        if digits is None or asked.matching.policy != "written" or not rounds:
            return np.zeros_like(item.expected)
        return self.diagnoser.rounding(digits)[self.diagnoser.span(item.position)]

    def _right_if_rounded(self, item: _Numbers, asked: Asked) -> bool:
        rounding = self._rounding(item, asked)
        if not rounding.any():
            return False
        kind = self._kinds[item.position]
        allowed = kind.tolerances(item.expected, item.written.half_units, asked.matching) + rounding
        return bool(agrees(item.written.values, item.expected, allowed).all())

    def _follow_through(  # noqa: PLR0912 - one loop over all that may be carried
        self,
        numbers: Sequence[_Numbers],
        open_items: Sequence[_Numbers],
        rounded: Sequence[_Numbers],
        asked: Mapping[int, Asked],
    ) -> Work:
        """Compare what is open with what follows from the student's own values."""
        diagnoser = self.diagnoser
        written = np.full(diagnoser.right.size, np.nan)
        units = np.zeros(diagnoser.right.size)
        texts: list[Sequence[str]] = [()] * len(self.targets)
        puts: list[dict[int, Array]] = [{} for _ in range(self.graph.worlds)]
        seen: list[dict[int, Array]] = [{} for _ in range(self.graph.worlds)]
        put_units: dict[int, Array] = {}
        wrong_nodes = 0
        coarse = 0
        for item in numbers:
            span = diagnoser.span(item.position)
            written[span] = item.written.values
            units[span] = item.written.half_units
            texts[item.position] = item.written.texts
            node = self.targets[item.position]
            shape = self._by_member(item)
            worlds = len(diagnoser.worlds(item.position))
            values = item.written.values.reshape((worlds, *shape))
            if any(trivial(values[w], self.graph.value(node, w)) for w in range(worlds)):
                continue
            # What can't be is not carried forward for credit, but it may explain what came after.
            possible = not impossible(self.graph, node, values)
            members = diagnoser.members[item.position]
            units_of = (
                item.written.half_units.reshape(shape)
                if item.position not in diagnoser.symbolic
                else None
            )
            for place, member in enumerate(members):
                at: int | tuple[()] = () if members == (node,) else place
                for w in range(self.graph.worlds):
                    seen[w][member] = values[min(w, worlds - 1)][at]
                    if possible:
                        puts[w][member] = seen[w][member]
                if units_of is not None:
                    put_units[member] = units_of[at]
            if item.verdict == "imprecise":
                coarse |= sum(1 << member for member in members)
            if possible and item.verdict is None and item not in rounded:
                for member in members:
                    wrong_nodes |= 1 << member
        work = Work(written, units, texts, puts=puts, put_units=put_units)
        work.held = {
            item.position: held
            for item in numbers
            if item.written.formula is not None
            and (held := named_nodes(item.written.formula, self.graph, self.reference.ranges))
        }
        work.look_for_slips = {
            item.position: partial(self._formula_slips, item.position, item.written.formula)
            for item in open_items
            if item.written.formula is not None
        }
        work.says = {
            item.position: self._said(item.position, item.written.formula)
            for item in open_items
            if item.written.formula is not None
        }
        work.right = {
            item.position
            for item in numbers
            if item.verdict in ("correct", "imprecise") or item in rounded
        }
        work.coarse = coarse
        work.own = self._own_values(puts)
        for item in open_items:
            self._follows(item, asked[item.position], item in rounded, work, wrong_nodes)
        if len(seen[0]) > len(puts[0]):
            work.impossible = sum(1 << node for node in seen[0] if node not in puts[0])
            work.puts = seen
            work.own = self._own_values(seen)
        for item in open_items:
            ancestors = self.graph.ancestors[self.targets[item.position]]
            own_nodes = diagnoser.members[item.position]
            if any(ancestors >> put & 1 for put in seen[0] if put not in own_nodes):
                work.depends.add(item.position)
        return work

    def _by_member(self, item: _Numbers) -> tuple[int, ...]:
        """Return the shape of an answer, in which a whole family has a row for each instance."""
        members = self.diagnoser.members[item.position]
        if members == (self.targets[item.position],):
            return item.written.shape
        value = self.graph.value(members[0])
        assert value is not None
        return (len(members), *value.shape)

    def _said(self, position: int, formula: Expression) -> float:
        """Return the bits that a formula is worth at most."""
        may_use = self._kinds[position].may_use(self._asked(position).spec)
        names = self._names if may_use is None else len(may_use)
        return max(_LEAST_SAID, description_bits(formula, names))

    def _formula_slips(self, position: int, formula: Expression) -> list[Slip]:
        return slips_in(
            formula,
            self.graph,
            self.reference.ranges,
            self.targets[position],
            self._kinds[position].may_use(self._asked(position).spec),
        )

    def _own_values(self, puts: Sequence[Mapping[int, Array]]) -> Array:
        """Return what follows at every answer from the values that were put."""
        diagnoser = self.diagnoser
        flat = np.full(diagnoser.right.size, np.nan)
        for world, put in enumerate(puts):
            nodes = diagnoser.nodes_of(self.targets)
            own = self.graph.edited({}).evaluate(nodes, put, world)
            for node, value in own.items():
                for i, place in diagnoser.answers_at[node]:
                    if value is not None and world in diagnoser.worlds(i):
                        first = world * len(diagnoser.members[i]) + place
                        start = diagnoser.span(i).start + first * value.size
                        flat[start : start + value.size] = value.ravel()
        return flat

    def _follows(
        self, item: _Numbers, asked: Asked, is_rounded: bool, work: Work, wrong_nodes: int
    ) -> None:
        assert work.own is not None
        span = self.diagnoser.span(item.position)
        own = work.own[span]
        if not np.isfinite(own).all():
            return
        node = self.targets[item.position]
        members = self.diagnoser.members[item.position]
        carried = self.graph.ancestors[node] & wrong_nodes
        if len(members) == 1:
            carried &= ~(1 << members[0])
        values = item.written.values
        kind = self._kinds[item.position]
        allowed = kind.tolerances(own, item.written.half_units, asked.matching)
        close = bool(agrees(values, own, allowed).all())
        digits = asked.matching.working_digits
        rounding = self._rounding(item, asked)
        granted = digits is not None and kind.rounds and asked.matching.policy == "written"
        doubtful = carried or self.graph.ancestors[node] & work.coarse
        if not close and granted and doubtful and not is_rounded:
            assert digits is not None
            rough = allowed + 3 * rounding + 0.05 * np.abs(own)
            if agrees(values, own, rough).all():
                rounding = self.diagnoser.own_rounding(work, item.position, digits)
                if not agrees(values, own, allowed + rounding).all():
                    plain = self.graph.edited({})
                    rounding = self.diagnoser.sampled_own_rounding(
                        work, item.position, digits, plain
                    )
                close = bool(agrees(values, own, allowed + rounding).all())
        if not close:
            return
        item.right = np.ones(values.shape, dtype=bool)
        if carried and not is_rounded:
            item.verdict = "follow_through"
            names = [
                self.reference.targets[i].answer
                for i, others in enumerate(self.diagnoser.members)
                if i != item.position and any(carried >> other & 1 for other in others)
            ]
            item.note = f"Right from your own earlier values ({', '.join(names)})."
            units = item.written.half_units
            item.precise = agrees(
                values, item.expected, kind.tolerances(item.expected, units, asked.matching)
            )
            if too_few_digits(values, own, units, rounding, asked.matching).any():
                item.verdict = "imprecise"
                item.note = "Right from your own earlier values, but with too few digits."
        else:
            item.verdict = "correct"
            item.note = "Right: it follows from your rounded earlier values."
            self._precise_enough(item, asked, np.abs(own - item.expected) + rounding)

    def _entries(self, item: _Numbers, work: Work) -> None:
        """Which entries are right, from the reference or from the student's own values."""
        asked = self._asked(item.position)
        kind = self._kinds[item.position]
        allowed = kind.tolerances(item.expected, item.written.half_units, asked.matching)
        if not item.right_if_rounded:
            allowed = allowed + self._rounding(item, asked)
        if not kind.by_entry:
            item.right = np.zeros(item.expected.shape, dtype=bool)
            return
        item.right = agrees(item.written.values, item.expected, allowed) & ~too_few_digits(
            item.written.values,
            item.expected,
            item.written.half_units,
            self._rounding(item, asked),
            asked.matching,
        )
        assert work.own is not None
        own = work.own[self.diagnoser.span(item.position)]
        if item.position in work.depends and np.isfinite(own).all():
            from_own = agrees(item.written.values, own, allowed)
            if self.graph.ancestors[self.targets[item.position]] & work.impossible:
                if from_own.all():
                    item.note = (
                        "This follows from your own earlier values, but not all of these can be "
                        "right, whatever the inputs, so nothing is carried forward from them."
                    )
            elif from_own.sum() > item.right.sum():
                item.right = from_own
                item.from_own = True

    # --- reporting ----------------------------------------------------------------------------

    def _report(
        self, loaded: LoadedSubmission, name: str, found: Sequence[_Found], remarks: Sequence[str]
    ) -> SubmissionReport:
        outcomes = []
        for item in found:
            numbers = item.numbers
            verdict = item.verdict if numbers is None else (numbers.verdict or "wrong")
            findings = numbers.findings if numbers is not None else item.findings
            keys = tuple(finding.key for finding in findings)
            outcomes.append(
                Outcome(
                    verdict,
                    item.asked.points,
                    self.assignment.marking(item.asked.question),
                    item.share
                    if numbers is None or self._kinds[numbers.position].whole
                    else _share(numbers),
                    keys,
                )
            )
        marks = mark(outcomes)
        answers: dict[str, list[AnswerReport]] = {}
        earned: dict[str, list[float]] = {}
        for item, outcome, given in zip(found, outcomes, marks, strict=True):
            earned.setdefault(item.asked.question, []).append(given.points or 0.0)
            answers.setdefault(item.asked.question, []).append(
                self._answer(
                    item,
                    outcome.verdict,
                    given.points,
                    given.reason,
                    given.charged,
                    loaded.document,
                )
            )
        questions = tuple(
            _question(id, self.assignment.file.questions[id].title, tuple(parts), earned[id])
            for id, parts in answers.items()
        )
        pending = sum(question.pending for question in questions)
        ungraded = any(a.verdict == "ungraded" for q in questions for a in q.answers)
        student = loaded.submission.student
        return SubmissionReport(
            student.id,
            student.name,
            name,
            "needs_review" if pending or ungraded else "graded",
            round(sum(map(sum, earned.values())), 6),
            self.assignment.file.total_points,
            pending,
            tuple(remarks),
            questions,
        )

    def _answer(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
        self,
        item: _Found,
        verdict: Verdict,
        points: float | None,
        reason: str,
        charged: Sequence[bool],
        document: Document,
    ) -> AnswerReport:
        place = document.place(item.path) if item.path is not None else None
        numbers = item.numbers
        message = item.message
        entries: tuple[EntryReport, ...] = ()
        mistakes: tuple[MistakeReport, ...] = ()
        asked_latex, expected, expected_latex = "", None, ""
        if item.asked.target is not None:
            position = self.position[item.asked.question, item.asked.answer]
            asked_latex = self.latex[position]
        if self.reveal:
            expected, expected_latex = self._expected(item.asked)
        if numbers is not None:
            message = self._message(numbers, verdict)
            kind = self._kinds[numbers.position]
            if kind.by_entry:
                entries = tuple(_entries(numbers, verdict, kind.off))
        findings = item.findings if numbers is None else numbers.findings
        mistakes = tuple(self._mistakes(findings, charged, item.asked))
        return AnswerReport(
            item.asked.question,
            item.asked.answer,
            verdict,
            None if points is None else round(points, 6),
            round(item.asked.points, 6),
            message,
            reason,
            asked_latex,
            numbers.written.shape if entries and numbers is not None else (),
            entries,
            item.written,
            mistakes,
            expected,
            place.line if place else None,
            place.column if place else None,
            expected_latex,
        )

    def _expected(self, asked: Asked) -> tuple[str | None, str]:
        """Return what is right as text, and a formula as LaTeX too."""
        node = None if asked.target is None else asked.target.node
        notation = self.diagnoser.workshop.notation
        found = kind_of(asked.spec).reveal(asked.spec, node, self.graph, notation)
        return found.text, found.latex

    def _message(self, numbers: _Numbers, verdict: Verdict) -> str:
        if numbers.note:
            return numbers.note
        if verdict == "correct":
            return "Right."
        if verdict == "mistake":
            return " ".join(finding.message for finding in numbers.findings)
        kind = self._kinds[numbers.position]
        text = kind.unexplained(numbers.written, numbers.expected)
        if not kind.by_entry:
            return text
        values = numbers.written.values.reshape(numbers.written.shape)
        broken = invariant_broken(self.graph, self.targets[numbers.position], values)
        if verdict == "partial":
            assert numbers.right is not None
            right, total = int(numbers.right.sum()), numbers.right.size
            own = " (from your own earlier values)" if numbers.from_own else ""
            text = f"{right} of {total} entries are right{own}; no known mistake explains the rest."
        return f"{text} {broken}" if broken else text

    def _mistakes(
        self, findings: Sequence[Finding], charged: Sequence[bool], asked: Asked
    ) -> Iterator[MistakeReport]:
        formulas = self.reveal or not asked.spec.symbolic
        for finding, pays in zip(findings, charged, strict=True):
            right, used = "", ""
            if finding.edit is not None and formulas:
                position = self.position[asked.question, asked.answer]
                key = id(finding.edit), position if finding.edit.members else -1
                if key not in self._formulas:
                    target = self.targets[position]
                    self._formulas[key] = self.diagnoser.workshop.formulas(finding.edit, target)
                right, used = self._formulas[key]
            yield MistakeReport(
                finding.id,
                finding.where,
                "likely" if finding.likely else "possible",
                finding.message,
                right,
                used,
                pays,
                finding.alternatives,
            )


def unreadable(name: str, error: InputError, assignment: Assignment) -> SubmissionReport:
    """Return the report of a file that can't be read: no points yet, and every reason."""
    problems = tuple(str(problem) for problem in error.problems)
    return SubmissionReport(
        Path(name).stem, "", name, "unreadable", None, assignment.file.total_points, 0.0, problems
    )


# --- small parts ------------------------------------------------------------------------------


def _share(item: _Numbers) -> float:
    """Return the share of entries that are right; a zero where zero belongs shows nothing."""
    if item.right is None:
        return 0.0
    right = item.right if item.precise is None else item.precise
    telling = (np.abs(item.expected) > noise(item.expected)) | ~right
    return float((right & telling).sum() / max(int(telling.sum()), 1))


def _entries(
    item: _Numbers, verdict: Verdict, off_by: Callable[[float, float], str]
) -> Iterator[EntryReport]:
    shape = item.written.shape
    expected = np.where(np.abs(item.expected) > noise(item.expected), item.expected, 0.0)
    for i, text in enumerate(item.written.texts):
        index = tuple(int(k) for k in np.unravel_index(i, shape)) if shape else ()
        right: bool | None = True
        off = ""
        if verdict not in ("correct", "follow_through", "imprecise"):
            right = bool(item.right[i]) if item.right is not None else None
            if right is False:
                off = off_by(float(item.written.values[i]), float(expected[i]))
        yield EntryReport(index, text.strip(), right, off)


def _question(
    id: str, title: str, answers: tuple[AnswerReport, ...], earned: Sequence[float]
) -> QuestionReport:
    return QuestionReport(
        id,
        title,
        round(sum(earned), 6),
        round(sum(a.max_points for a in answers), 5),
        round(sum(a.max_points for a in answers if a.points is None), 5),
        answers,
    )
