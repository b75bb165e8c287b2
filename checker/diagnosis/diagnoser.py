"""Diagnosis: which small edit of the reference reproduces the numbers that a student wrote.

One search over all edits explains all of a submission's answers together. It is greedy in bits:
the explanation with the largest evidence beyond its price is accepted first, then the search goes
on for what is still unexplained, now also on top of the mistakes already accepted, and from the
student's own earlier values. What no explanation pays for stays unexplained: to accuse a student
wrongly is worse than to abstain. Diagnosis knows nothing of points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from checker.answer_kinds.reading.written import WrittenArray
from checker.diagnosis.evidence import ACCEPT, EXACT, LIKELY, TIE, agreement_bits, entry_bits
from checker.diagnosis.slips import Slip, find_slips
from checker.diagnosis.tolerance import Sensitivity, intermediates, sampled_tolerance
from checker.edits.catalogue import BITS, catalogue_edits
from checker.edits.edit import Edit, Workshop
from checker.edits.structural import SIGN_TURNED, structural_edits
from checker.matching import FLOAT_NOISE, coarsest, formula_noise, noise
from reference_solutions.graph import Array, EditedGraph, Every, Graph, Node, Settled
from reference_solutions.graph.many import evaluate_many
from reference_solutions.reference import Reference

CONTRADICTION = 5.0
"""What it costs that an explanation predicts a wrong value where a right one was written."""

_ROUGH = 0.02
"""Relative difference up to which a prediction is looked at more closely."""

_STANDS_OUT = 4.0
"""How many times what rounding explains an entry must be off to be a slip and not rounded."""

_FIRST_LOOK = 10.0
"""How far off the estimate of what rounding explains may be before it is not worth sampling."""

_FINER = 1
"""How many digits more than elsewhere are granted within an operation where a mistake is sought."""

_AT_ONCE = 1_000
"""How many edits are evaluated together: what bounds the memory that it takes."""

_PAIRED = 100
"""How many edits are tried in pairs for one answer."""

_TOLD_BETTER = 10.0
"""Bits by which a slip in a formula must be ahead of an edit of the reference that fits as well."""

_AGAIN = 2.5
"""What it costs that a mistake, accepted already, was made in another place too."""

_KEPT = 200
"""How many sets of predictions beside held nodes are kept for the next submission."""

_PAIR_BITS = 7.5
"""The most that an edit may cost to be tried together with another from the start."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An accepted mistake: the edit (or slip), how sure, and what can't be told from it."""

    id: str
    where: str
    message: str
    likely: bool
    edit: Edit | None
    alternatives: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for the same mistake made again."""
        return self.edit.key if self.edit is not None else (self.id, self.where)


@dataclass(slots=True)
class Work:
    """One submission's numbers, laid out as the library lays out predictions.

    ``written`` and ``half_units`` run over all entries of all numeric answers (NaN where nothing
    usable was written). ``right`` are the answers that are right, ``followed`` those that follow
    from the student's own values; ``rounded`` those that are right
    only if rounding on the way is granted, with what that is worth in bits; ``open`` those to
    explain. ``puts`` are the student's own values by node, a mapping for each world of sampled
    symbols; ``coarse`` marks the nodes that were written with too few digits, ``impossible`` those
    with values that no inputs give; ``own`` is what follows from them. ``held`` are the nodes that
    a formula takes by name: no mistake can have been made in them. ``look_for_slips`` finds the
    slips in what was written, for each formula, and ``says`` is how many bits that is worth at
    most.
    """

    written: Array
    half_units: Array
    texts: Sequence[Sequence[str]]
    right: set[int] = field(default_factory=set)
    followed: set[int] = field(default_factory=set)
    rounded: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    puts: Sequence[Mapping[int, Array]] = ({},)
    put_units: Mapping[int, Array] = field(default_factory=dict)
    own: Array | None = None
    depends: set[int] = field(default_factory=set)
    coarse: int = 0
    impossible: int = 0
    held: Mapping[int, frozenset[int]] = field(default_factory=dict)
    look_for_slips: Mapping[int, Callable[[], Sequence[Slip]]] = field(default_factory=dict)
    says: Mapping[int, float] = field(default_factory=dict)
    bounds: _Bounds | None = None
    roundings: dict[tuple[int, int, int], Array] = field(default_factory=dict)
    slips: dict[int, Slip | None] = field(default_factory=dict)
    settled: Sequence[Settled] | None = None
    local: dict[tuple[int, ...], Predictions] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Predictions:
    """What edits predict for every entry; NaN where an edit can't be computed.

    Worlds of sampled symbols beyond the first are filled in where they are needed; ``complete`` are
    the rows where they have been.
    """

    edits: Sequence[tuple[Edit, ...]]
    bits: Array
    values: Array
    targets: tuple[int, ...]
    settled: Sequence[Settled] | None = None
    complete: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The tolerances of a submission's entries, and the most that each answer is worth in bits."""

    strict: Array
    loose: Array
    most: Array


@dataclass(frozen=True, slots=True)
class _Candidate:
    edits: tuple[Edit, ...]
    new: Edit
    net: float
    explained: Mapping[int, float]


class Diagnoser:
    """Explains submissions to one assignment; keeps what it computed for the next one."""

    def __init__(
        self, reference: Reference, working_digits: int = 3, symbolic: frozenset[int] = frozenset()
    ) -> None:
        """Make all edits and their predictions.

        ``working_digits`` is how coarsely a student may round on the way; ``symbolic`` are the
        answers given by a formula, which is compared in every world of sampled symbols.
        """
        self.reference = reference
        self.graph = reference.graph
        self.working_digits = working_digits
        self.symbolic = symbolic
        self.targets = [target.node for target in reference.targets]
        self.values = [self._right_values(i) for i in range(len(self.targets))]
        self.shapes = [np.asarray(self.graph.value(node)).shape for node in self.targets]
        sizes = [value.size for value in self.values]
        self.starts = np.cumsum([0, *sizes])
        self.right = np.concatenate(self.values) if self.values else np.zeros(0)
        self.members = [members_of(self.graph, node) for node in self.targets]
        self.answers_at: dict[int, list[tuple[int, int]]] = {}
        for answer, nodes in enumerate(self.members):
            for place, node in enumerate(nodes):
                self.answers_at.setdefault(node, []).append((answer, place))
        self.later = np.zeros(self.right.size, dtype=bool)
        for answer in symbolic:
            span = self.span(answer)
            self.later[span.start + (span.stop - span.start) // self.graph.worlds : span.stop] = (
                True
            )
        self.scales = [float(np.max(np.abs(value))) if value.size else 0.0 for value in self.values]
        self.noise = np.concatenate(
            [
                formula_noise(value) if i in symbolic else np.full(value.size, noise(value))
                for i, value in enumerate(self.values)
            ]
            or [np.zeros(0)]
        )
        self.numeric = [i for i in range(len(self.targets)) if i not in symbolic]
        self.sensitivity = Sensitivity(self.graph, [self.targets[i] for i in self.numeric])
        self.columns: dict[int, slice] = {}
        at = 0
        for answer in self.numeric:
            self.columns[answer] = slice(at, at + self.values[answer].size)
            at += self.values[answer].size
        self._rounding: dict[tuple[int, int], Array] = {}
        self.workshop = Workshop(reference)
        self.edits = [*catalogue_edits(self.workshop), *structural_edits(self.workshop)]
        self._rows = {id(edit): row for row, edit in enumerate(self.edits)}
        self._rows_alike: dict[tuple[str, ...], list[int]] = {}
        for row, edit in enumerate(self.edits):
            self._rows_alike.setdefault(edit.key, []).append(row)
        self._graphs = [self.graph.edited(edit.replacements) for edit in self.edits]
        self.masks = [self._mask(edit) for edit in self.edits]
        self._misshapen: dict[int, list[tuple[Edit, Array]]] = {}
        self.affects = np.array(
            [[bool(mask & self.graph.ancestors[t]) for t in self.targets] for mask in self.masks],
            dtype=np.float64,
        ).reshape(len(self.masks), len(self.targets))
        self.library = self._predict([(edit,) for edit in self.edits], self.targets)
        with np.errstate(invalid="ignore"):
            same = (np.abs(self.library.values - self.right) <= self.noise) | self.later
            visible = ~same.all(axis=1)
        self.visible = np.flatnonzero(visible & np.isfinite(self.library.values).any(axis=1))
        self._on_top: dict[tuple[int, int], Array] = {}
        self._pairs: dict[tuple[int, frozenset[int]], Predictions] = {}
        self._edit_rounding: dict[tuple[int, ...], Array] = {}
        self._held: dict[tuple[object, ...], Predictions] = {}
        self._nodes = intermediates(self.graph, [self.targets[i] for i in self.numeric])

    # --- layout -------------------------------------------------------------------------------

    @staticmethod
    def _flat(value: Array | None) -> Array:
        assert value is not None
        return np.atleast_1d(value).ravel().astype(np.float64)

    def _right_values(self, answer: int) -> Array:
        """Return the right value of an answer, in every world in which it is compared."""
        node = self.targets[answer]
        return np.concatenate([self._flat(self.graph.value(node, w)) for w in self.worlds(answer)])

    def worlds(self, answer: int) -> range:
        """Return the worlds in which an answer is compared: a number has one, a formula all."""
        return range(self.graph.worlds if answer in self.symbolic else 1)

    def span(self, answer: int) -> slice:
        """Return the entries of one answer."""
        return slice(int(self.starts[answer]), int(self.starts[answer + 1]))

    def rounding(self, digits: int, within: int | None = None) -> Array:
        """Return what rounding to so many digits on the way can do to each right entry.

        ``within`` is to how many digits one rounds within an operation, if that differs.
        """
        key = (digits, within or digits)
        if key not in self._rounding:
            found = np.zeros(self.right.size)
            tolerances = self.sensitivity.tolerance(*key)
            for answer, columns in self.columns.items():
                found[self.span(answer)] = tolerances[columns]
            self._rounding[key] = found
        return self._rounding[key]

    def _mask(self, edit: Edit) -> int:
        mask = 0
        for node in edit.replacements:
            mask |= 1 << node
        return mask

    def _predict(
        self,
        edits: Sequence[tuple[Edit, ...]],
        targets: Sequence[int],
        settled: Sequence[Settled] | None = None,
    ) -> Predictions:
        """Return what edits predict in the first world; only what agrees needs the others."""
        values = np.full((len(edits), self.right.size), np.nan)
        nodes = self.nodes_of(targets)
        under = self.graph.settled() if settled is None else settled[0]
        for start in range(0, len(edits), _AT_ONCE):
            groups = edits[start : start + _AT_ONCE]
            rows = values[start : start + _AT_ONCE]
            graphs = [self._edited(group) for group in groups]
            many = evaluate_many(self.graph, graphs, nodes, under)
            for node in nodes:
                found, known = many.values.get(node), under.own(node)
                if known is not None:
                    found = known[None] if found is None else found
                    for place in self._places(node, known.size, 0):
                        rows[:, place] = found.reshape(len(found), -1)
            for row in many.alone:
                rows[row] = np.nan
                self._fill(rows[row], groups[row], targets, 0, settled)
        bits = np.array([group[-1].bits for group in edits])
        return Predictions(edits, bits, values, tuple(targets), settled)

    def _fill(
        self,
        row: Array,
        group: tuple[Edit, ...],
        targets: Sequence[int],
        world: int,
        settled: Sequence[Settled] | None,
    ) -> None:
        """Put what ``group`` predicts in one world into a row."""
        under = None if settled is None else settled[world]
        nodes = self.nodes_of(targets)
        found = self._edited(group).evaluate(nodes, world=world, settled=under)
        for node, value in found.items():
            if value is None:
                continue
            for place in self._places(node, value.size, world):
                row[place] = value.ravel()
            if len(group) == 1 and settled is None and world == 0:
                for answer, _ in self.answers_at[node]:
                    if value.size != self._size(answer):
                        self._misshapen.setdefault(answer, []).append((group[0], value))

    def _edited(self, group: tuple[Edit, ...]) -> EditedGraph:
        """Return the graph with some edits made."""
        if len(group) == 1:
            return self._graphs[self._row(group[0])]
        return self.graph.edited(merged(group))

    def _size(self, answer: int) -> int:
        """How many entries one instance of an answer has, in one world."""
        span = self.span(answer)
        parts = len(self.worlds(answer)) * len(self.members[answer])
        return int(span.stop - span.start) // parts

    def _places(self, node: int, size: int, world: int) -> Iterator[slice]:
        """Where the entries of a node stand, if there are as many as there should be."""
        for answer, place in self.answers_at[node]:
            if size == self._size(answer) and world in self.worlds(answer):
                start = self.span(answer).start + (world * len(self.members[answer]) + place) * size
                yield slice(start, start + size)

    def nodes_of(self, targets: Iterable[int]) -> list[int]:
        """Return the nodes to evaluate for some targets: one each, or all instances of a family."""
        wanted = set(targets)
        return [
            node
            for target, nodes in zip(self.targets, self.members, strict=True)
            if target in wanted
            for node in nodes
        ]

    def explain_shapes(self, written: Mapping[int, WrittenArray]) -> dict[int, Finding]:
        """Return the mistakes that give numbers of a wrong shape, for each answer that one does.

        As with all mistakes, the one that explains most answers together is accepted first.
        """
        worth: dict[int, dict[int, float]] = {}
        edits: dict[int, Edit] = {}
        for answer, numbers in written.items():
            for edit, value in self._misshapen.get(answer, ()):
                bits = _shape_bits(numbers, value)
                if bits:
                    edits[id(edit)] = edit
                    worth.setdefault(id(edit), {})[answer] = bits
        found: dict[int, Finding] = {}
        while worth:
            best = max(worth, key=lambda key: sum(worth[key].values()) - edits[key].bits)
            net = sum(worth[best].values()) - edits[best].bits
            if net < ACCEPT:
                break
            edit = edits[best]
            finding = Finding(edit.id, edit.where, edit.message, net >= LIKELY, edit)
            explained = set(worth[best])
            found.update(dict.fromkeys(explained, finding))
            worth = {
                key: left
                for key, answers in worth.items()
                if (left := {a: bits for a, bits in answers.items() if a not in explained})
            }
        return found

    def _complete(self, predictions: Predictions, row: int) -> Array:
        """Return a row of predictions with all worlds filled in."""
        values: Array = predictions.values[row]
        if row not in predictions.complete and self.later.any():
            symbolic = {self.targets[i] for i in self.symbolic}
            nodes = [node for node in predictions.targets if node in symbolic]
            for world in range(1, self.graph.worlds):
                self._fill(values, predictions.edits[row], nodes, world, predictions.settled)
        predictions.complete.add(row)
        return values

    # --- the search ---------------------------------------------------------------------------

    def explain(self, work: Work) -> dict[int, list[Finding]]:
        """Return findings for each answer that one or more mistakes explain.

        ``work.open`` and ``work.rounded`` are the answers that may be explained.
        """
        found: dict[int, list[Finding]] = {}
        if not work.open and not work.rounded:
            return found
        accepted: list[Edit] = []
        findings: dict[int, Finding] = {}
        open_answers = set(work.open)
        rounded = set(work.rounded)
        while open_answers or rounded:
            candidates = self._candidates(work, open_answers, rounded, accepted)
            slips = self._slip_candidates(work, open_answers, rounded)
            best = candidates[0] if candidates else None
            slip = max(slips, key=lambda item: item[1].bits, default=None)
            if (
                slip is not None
                and slip[1].bits >= ACCEPT
                and (best is None or slip[1].bits > best.net + self._told_better(slip[0], best))
            ):
                answer, what = slip
                where = self.reference.targets[answer].answer
                found[answer] = [Finding(what.id, where, what.message, what.bits >= LIKELY, None)]
                open_answers.discard(answer)
                rounded.discard(answer)
                continue
            if best is None or best.net < ACCEPT:
                if not (
                    open_answers
                    and self._search_pairs(work, open_answers, accepted, findings, found)
                ):
                    break
                open_answers -= set(found)
                continue
            self._accept(best, candidates, accepted, findings, found)
            open_answers -= set(best.explained)
            rounded -= set(best.explained)
        return found

    def _told_better(self, answer: int, best: _Candidate) -> float:
        """Return the bits by which a slip must be ahead of an edit that explains it as well.

        An edit of the reference says what a formula should have; a slip in what was written only
        where it is wrong.
        """
        told = answer in self.symbolic or best.net >= LIKELY
        return _TOLD_BETTER if told and answer in best.explained else 0.0

    def _accept(
        self,
        best: _Candidate,
        candidates: Sequence[_Candidate],
        accepted: list[Edit],
        findings: dict[int, Finding],
        found: dict[int, list[Finding]],
    ) -> None:
        ties = [
            other
            for other in candidates[1:]
            if best.net - other.net < TIE
            and other.new.key != best.new.key
            and set(other.explained) == set(best.explained)
            and not self._same_in_other_words(best.new, other.new)
        ]
        for edit in best.edits:
            if id(edit) not in findings:
                accepted.append(edit)
                told, others = self._told(edit, [tie.new for tie in ties], best.explained)
                findings[id(edit)] = Finding(
                    told.id,
                    told.where,
                    told.message,
                    best.net >= LIKELY and not others,
                    told,
                    tuple(dict.fromkeys(other.message for other in others))[:3],
                )
        for answer in best.explained:
            found[answer] = [findings[id(edit)] for edit in best.edits]

    def _same_in_other_words(self, edit: Edit, other: Edit) -> bool:
        """Whether two kinds of edits of one formula give the same numbers everywhere."""
        if edit.where != other.where or edit.id == other.id:
            return False
        here = ~self.later
        one, two = (self.library.values[self._row(e)][here] for e in (edit, other))
        with np.errstate(invalid="ignore"):
            close = np.abs(one - two) <= self.noise[here] + FLOAT_NOISE * np.abs(one)
        return bool((close | (np.isnan(one) & np.isnan(two))).all())

    def _told(
        self, edit: Edit, ties: Sequence[Edit], explained: Iterable[int]
    ) -> tuple[Edit, list[Edit]]:
        """Return the edit to tell of, and those that can't be told from it.

        Where along a product a sign was turned can't be seen, and need not be said: it is told
        once, of what was asked for if it can be.
        """
        turned = [tie for tie in ties if tie.id == SIGN_TURNED]
        others = [tie for tie in ties if tie.id != SIGN_TURNED]
        if edit.id != SIGN_TURNED:
            return edit, others + turned[:1]
        asked = {self.graph.nodes[self.targets[answer]].key[0] for answer in explained}
        return next((one for one in (edit, *turned) if one.family in asked), edit), others

    def _candidates(
        self, work: Work, open_answers: set[int], rounded: set[int], accepted: Sequence[Edit]
    ) -> list[_Candidate]:
        """Everything that explains some open answer, best first.

        What is known beforehand is tried first; the student's own values only where that leaves
        doubt.
        """
        free = open_answers - work.held.keys()
        known = self._again(accepted)
        found = list(self._score(work, known, self.visible, free, rounded, self.right, ()))
        for answer in sorted(open_answers & work.held.keys()):
            for under in ((), *((edit,) for edit in accepted)):
                local = self._beside_held(answer, work.held[answer], under)
                rows = np.arange(len(local.edits))
                base = self._alone(local, under) if under else self.right
                found.extend(self._score(work, local, rows, {answer}, set(), base, under))
        certain = max((c.net for c in found), default=0.0) >= LIKELY
        for edit in () if certain else accepted:
            touched = {i for i in free if self.affects[self._row(edit), i]}
            if not touched:
                continue
            top = self._over(work, edit, touched)
            base = self._complete(self.library, self._row(edit))
            rows = np.arange(len(top.edits))
            found.extend(self._score(work, top, rows, touched, set(), base, (edit,)))
        from_own = free & work.depends
        if from_own and max((c.net for c in found), default=0.0) < LIKELY:
            assert work.own is not None
            for under in ((), *((edit,) for edit in accepted)):
                local = self._own_predictions(work, under)
                rows = np.arange(len(local.edits))
                found.extend(self._score(work, local, rows, from_own, set(), work.own, under))
        return sorted(found, key=lambda c: (-c.net, c.new.bits, len(c.edits)))

    def _again(self, accepted: Sequence[Edit]) -> Predictions:
        """Return the library, where a mistake that is accepted already costs its place only."""
        if not accepted:
            return self.library
        bits = self.library.bits.copy()
        rows = [row for edit in accepted for row in self._rows_alike[edit.key]]
        bits[rows] = np.minimum(bits[rows], _AGAIN)
        return replace(self.library, bits=bits)

    def _row(self, edit: Edit) -> int:
        return self._rows[id(edit)]

    def _over(self, work: Work, edit: Edit, open_answers: set[int]) -> Predictions:
        """Every edit made on top of an accepted one, as far as open answers depend on it."""
        alone = self.library.values[self._row(edit)]
        values = np.tile(alone, (len(self.visible), 1))
        groups = [(edit, self.edits[i]) for i in self.visible]
        targets = []
        for answer in sorted(open_answers):
            if self._bounds(work).most[answer] < min(BITS.values()) + ACCEPT:
                continue
            target = self.targets[answer]
            targets.append(target)
            key = (id(edit), answer)
            if key not in self._on_top:
                needed = self.graph.ancestors[target]
                rows = [row for row, i in enumerate(self.visible) if self.masks[i] & needed]
                made = self._predict([groups[row] for row in rows], [target])
                part = values[:, self.span(answer)].copy()
                part[rows] = made.values[:, self.span(answer)]
                self._on_top[key] = part
            values[:, self.span(answer)] = self._on_top[key]
        bits = np.array([self.edits[i].bits for i in self.visible])
        return Predictions(groups, bits, values, tuple(targets))

    def _beside_held(
        self, answer: int, held: frozenset[int], under: tuple[Edit, ...]
    ) -> Predictions:
        """Edits of what a formula leaves to be written out when it takes some nodes by name."""
        key = (answer, held, *map(id, under))
        if key not in self._held:
            if len(self._held) >= _KEPT:
                self._held.clear()
            nodes = [self.targets[answer]]
            region = self._region(nodes, set(held))
            # Of a mistake that goes with another one, both must have had a place to be made in.
            needed = self.graph.ancestors[nodes[0]]
            places = range(len(self.graph.nodes))
            beyond = self._families_of(n for n in places if needed >> n & 1)
            beyond -= self._families_of(n for n in places if region >> n & 1 and n not in held)
            groups = [
                (*under, self.edits[i])
                for i in self.visible
                if self.masks[i] & region
                and not beyond & self._families_of(self.edits[i].replacements)
                and not (under and self.edits[i] is under[0])
            ]
            settled = [self.graph.settle_right(held, world) for world in self.worlds(answer)]
            self._held[key] = self._predict(groups, nodes, settled)
        return self._held[key]

    def _families_of(self, nodes: Iterable[int]) -> set[str]:
        return {self.graph.nodes[node].key[0] for node in nodes}

    def _alone(self, local: Predictions, under: tuple[Edit, ...]) -> Array:
        """Return what an accepted edit predicts by itself, beside the same held nodes."""
        row = np.full(self.right.size, np.nan)
        for world in range(self.graph.worlds):
            self._fill(row, under, local.targets, world, local.settled)
        return row

    def _own_predictions(self, work: Work, under: tuple[Edit, ...]) -> Predictions:
        """Edits between the student's own values and the answers that depend on them."""
        key = tuple(map(id, under))
        if key not in work.local:
            nodes = [self.targets[i] for i in sorted((work.open | work.rounded) & work.depends)]
            region = self._region(self.nodes_of(nodes), set(work.puts[0]))
            if work.settled is None:
                work.settled = [
                    self.graph.settle(puts, world) for world, puts in enumerate(work.puts)
                ]
            dependent = sorted((work.open | work.rounded) & work.depends)
            reach = self.affects[:, dependent] @ self._bounds(work).most[dependent]
            groups = [
                (*under, self.edits[i])
                for i in self.visible
                if self.masks[i] & region
                and reach[i] - self.edits[i].bits >= ACCEPT
                and not (under and self.edits[i] is under[0])
            ]
            work.local[key] = self._predict(groups, nodes, work.settled)
        return work.local[key]

    def _region(self, targets: Iterable[int], puts: set[int]) -> int:
        """Return the nodes that answers are computed from when the put values cut the graph off."""
        region = 0
        pending = list(targets)
        first = set(pending)
        while pending:
            node = pending.pop()
            if region >> node & 1:
                continue
            region |= 1 << node
            if node in puts and node not in first:
                continue
            pending.extend(self.graph.nodes[node].inputs)
        return region

    def _score(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
        self,
        work: Work,
        predictions: Predictions,
        rows: NDArray[np.intp],
        open_answers: set[int],
        rounded: set[int],
        otherwise: Array,
        under: tuple[Edit, ...],
    ) -> Iterable[_Candidate]:
        """Explanations among ``rows`` that are worth more than they cost.

        The bits that an answer is worth at most are known beforehand, so rows are looked at in the
        order of what they can reach, and only as long as they can come near the best.
        """
        wanted = sorted(open_answers | rounded)
        if not wanted or not len(rows):
            return
        bounds = self._bounds(work)
        values = predictions.values[rows]
        with np.errstate(invalid="ignore"):
            near = (np.abs(values - work.written) <= bounds.loose) | self.later
        matched = np.logical_and.reduceat(near, self.starts[:-1], axis=1)[:, wanted]
        reach = matched @ bounds.most[wanted] - predictions.bits[rows] - len(under)
        hits = np.flatnonzero(reach >= ACCEPT)
        hits = hits[np.argsort(-reach[hits], kind="stable")]
        matched[hits] &= self._telling(work, values[hits], otherwise, open_answers, rounded)[
            :, wanted
        ]
        reach = matched @ bounds.most[wanted] - predictions.bits[rows] - len(under)
        best = ACCEPT
        for local in hits:
            if reach[local] < best - TIE:
                continue
            row = int(rows[local])
            group = predictions.edits[row]
            full = self._complete(predictions, row)
            explained: dict[int, float] = {}
            spare = float(reach[local]) - (best - TIE)
            for at in np.flatnonzero(matched[local]):
                answer = wanted[at]
                needed = float(bounds.most[answer]) - spare
                bits = self._answer_bits(
                    work, answer, full, otherwise, group, answer in rounded, needed
                )
                if bits > 0:
                    explained[answer] = bits
            if not explained:
                continue
            net = sum(explained.values()) - float(predictions.bits[row]) - len(under)
            if net < best - TIE:
                continue
            net -= CONTRADICTION * self._contradictions(work, full, bounds.loose)
            if work.followed and net >= ACCEPT:
                net -= CONTRADICTION * self._own_contradictions(work, group, bounds.loose)
            if net > 0:
                best = max(best, net)
                yield _Candidate(group, group[-1], net, explained)

    def _telling(
        self,
        work: Work,
        values: Array,
        otherwise: Array,
        open_answers: set[int],
        rounded: set[int],
    ) -> NDArray[np.bool_]:
        """Which answers may be evidence for rows of predictions; of most rows, none is.

        This leaves out what :meth:`_answer_bits` would find to be worth nothing: a prediction of
        what would stand there anyway, for an answer that is right if rounding is granted one that
        needs rounding itself, and a formula's value that is not met exactly.
        """
        strict = self._bounds(work).strict
        found = np.zeros((len(values), len(self.targets)), dtype=bool)
        for answer in open_answers:
            span = self.span(answer)
            if answer in self.symbolic:
                span = slice(span.start, span.start + self._size(answer))
                off = np.abs(values[:, span] - work.written[span])
                found[:, answer] = (off <= strict[span]).all(axis=1)
            else:
                least = np.minimum(np.minimum(strict[span], EXACT), coarsest(otherwise[span]))
                same = np.abs(values[:, span] - otherwise[span]) <= least
                found[:, answer] = ~same.all(axis=1)
        for answer in rounded:
            span = self.span(answer)
            met = np.maximum(strict[span], FLOAT_NOISE * np.abs(values[:, span]))
            exact = np.abs(values[:, span] - work.written[span]) <= met
            moved = np.abs(values[:, span] - self.right[span]) > met
            found[:, answer] = exact.all(axis=1) & moved.any(axis=1)
        return found

    def _bounds(self, work: Work) -> _Bounds:
        """Return what is the same for all explanations of one submission."""
        if work.bounds is None:
            strict = work.half_units * (1 + 1e-9) + self.noise
            loose = (
                work.half_units
                + self.noise
                + 3.0 * self.rounding(self.working_digits)
                + _ROUGH * np.abs(work.written)
            )
            scales = np.repeat(self.scales, np.diff(self.starts))
            # A whole number that is met exactly is worth more than its half unit says.
            bits = entry_bits(work.written, scales, np.minimum(strict, EXACT)) + 0.2
            most = np.add.reduceat(bits, self.starts[:-1])
            for answer, worth in work.says.items():
                most[answer] = min(most[answer], worth)
            work.bounds = _Bounds(strict, loose, most)
        return work.bounds

    def _answer_bits(  # noqa: PLR0913, PLR0917 - one argument for each thing it needs to know
        self,
        work: Work,
        answer: int,
        values: Array,
        otherwise: Array,
        group: tuple[Edit, ...],
        right_if_rounded: bool,
        needed: float,
    ) -> float:
        """Return the evidence that one answer gives for an explanation; 0 where it doesn't agree.

        Evidence below ``needed`` could not matter, so it need not be found out.
        """
        span = self.span(answer)
        written, predicted = work.written[span], values[span]
        strict = self._bounds(work).strict[span]
        if answer not in self.symbolic:
            strict = np.maximum(strict, FLOAT_NOISE * np.abs(predicted))
        difference = np.abs(written - predicted)
        scale = max(self.scales[answer], float(np.max(np.abs(predicted))))
        if right_if_rounded:
            if not (difference <= strict).all():
                return 0.0
            granted = strict + self._tightest_rounding(work, answer)
            gain = entry_bits(written, scale, strict) - entry_bits(written, scale, granted)
            return float(gain[np.abs(predicted - self.right[span]) > strict].sum())
        tolerances = strict
        if not (difference <= strict).all():
            # Whatever rounding explains, the tolerance must reach as far as the difference.
            least = np.maximum(strict, difference)
            most = agreement_bits(written, predicted, otherwise[span], scale, least)
            if most <= 0.0 or most < needed:
                return 0.0
            factor = min(max(scale / max(self.scales[answer], 1e-12), 0.3), 10.0)
            missing = difference - strict
            rounding = self._rounding_under(work, answer, group, otherwise, missing, factor)
            tolerances = strict + rounding
            if not (difference <= tolerances).all():
                return 0.0
        bits = agreement_bits(written, predicted, otherwise[span], scale, tolerances)
        return min(bits, work.says.get(answer, bits))

    def _tightest_rounding(self, work: Work, answer: int) -> Array:
        """Return the finest rounding on the way that makes an answer right."""
        span = self.span(answer)
        difference = np.abs(work.written[span] - self.right[span])
        strict = self._bounds(work).strict[span]
        for digits in range(9, self.working_digits, -1):
            rounding = self.rounding(digits)[span]
            if (difference <= strict + rounding).all():
                return rounding
        return self.rounding(self.working_digits)[span]

    def _stands_out(self, work: Work, answer: int) -> bool:
        """Whether one entry is off by more than the rounding that all others show."""
        span = self.span(answer)
        difference = np.abs(work.written[span] - self.right[span])
        strict = self._bounds(work).strict[span]
        worst = int(np.argmax(difference / strict))
        others = np.arange(difference.size) != worst
        for digits in range(9, self.working_digits - 1, -1):
            rounding = self.rounding(digits)[span]
            if (difference <= strict + rounding)[others].all():
                explained = 2.0 * strict[worst] + rounding[worst]
                return bool(difference[worst] > _STANDS_OUT * explained)
        return False

    def _rounding_under(  # noqa: PLR0913, PLR0917 - what is compared, and under which edit
        self,
        work: Work,
        answer: int,
        group: tuple[Edit, ...],
        otherwise: Array,
        missing: Array,
        factor: float,
    ) -> Array:
        """Return what rounding on the way can do to an answer under an edit.

        ``missing`` is what it would have to explain. Only where a first look, by the derivatives of
        the right solution times ``factor``, leaves doubt is the edited graph itself sampled.
        """
        if answer in self.symbolic:
            return np.zeros(self.values[answer].size)
        own = otherwise is work.own
        key = (*map(id, group), answer)
        digits, within = self.working_digits, self.working_digits + _FINER
        first = factor * (
            self.own_rounding(work, answer, digits, within)
            if own
            else self.rounding(digits, within)[self.span(answer)]
        )
        far = _FIRST_LOOK * first + _ROUGH * np.abs(work.written[self.span(answer)])
        if (missing <= first).all() or (missing > far).any():
            return first
        # Only now: what an earlier submission had sampled must not change what is said of this one.
        if not own and key in self._edit_rounding:
            return self._edit_rounding[key]
        graph = self.graph.edited(merged(group))
        if own:
            return self.sampled_own_rounding(work, answer, digits, graph, within)
        node = self.targets[answer]
        wanted = self.graph.ancestors[node]
        nodes = [n for n in self._nodes if wanted >> n & 1]
        result = sampled_tolerance(graph, [node], digits, {}, {}, nodes, within=within)[0]
        self._edit_rounding[key] = result
        return result

    def own_rounding(
        self, work: Work, answer: int, digits: int, within: int | None = None
    ) -> Array:
        """Estimate what rounding between the student's own values and an answer can do to it."""
        key = (answer, digits, within or digits)
        if key not in work.roundings:
            region = self._region(self.members[answer], set(work.puts[0]))
            columns = self.columns[answer]
            work.roundings[key] = self.sensitivity.local(
                columns, region, digits, work.put_units, within
            )
        return work.roundings[key]

    def sampled_own_rounding(
        self,
        work: Work,
        answer: int,
        digits: int,
        graph: EditedGraph,
        within: int | None = None,
    ) -> Array:
        """Find out the same by sampling, under an edit."""
        members = self.members[answer]
        region = self._region(members, set(work.puts[0]))
        nodes = [n for n in self._nodes if region >> n & 1]
        parts = sampled_tolerance(
            graph, members, digits, work.puts[0], work.put_units, nodes, within=within
        )
        return np.concatenate(parts)

    def _own_contradictions(self, work: Work, group: tuple[Edit, ...], loose: Array) -> int:
        """How many answers that follow from the student's own values it would have changed."""
        row = np.full(self.right.size, np.nan)
        targets = [self.targets[i] for i in work.followed]
        if work.settled is None:
            work.settled = [self.graph.settle(puts, world) for world, puts in enumerate(work.puts)]
        self._fill(row, group, targets, 0, work.settled)
        count = 0
        for answer in work.followed:
            span = self.span(answer)
            known = np.isfinite(row[span])
            differs = np.abs(row[span] - work.written[span]) > loose[span]
            count += bool((known & differs).any())
        return count

    def _contradictions(self, work: Work, values: Array, loose: Array) -> int:
        """How many right answers an explanation would have made wrong."""
        count = 0
        for answer in work.right:
            span = self.span(answer)
            part = values[span]
            if not np.isfinite(part).all():
                continue
            if (np.abs(part - work.written[span]) > loose[span]).any():
                count += 1
        return count

    # --- two mistakes at once -----------------------------------------------------------------

    def _search_pairs(
        self,
        work: Work,
        open_answers: set[int],
        accepted: list[Edit],
        findings: dict[int, Finding],
        found: dict[int, list[Finding]],
    ) -> bool:
        """Two mistakes at once, where none explains an answer by itself."""
        cheapest = 2 * min(BITS.values()) + ACCEPT + 2.0
        for answer in sorted(open_answers):
            if self._bounds(work).most[answer] < cheapest:
                continue
            pairs = self._pair_library(answer, work.held.get(answer, frozenset()))
            rows = np.arange(len(pairs.edits))
            candidates = sorted(
                self._score(work, pairs, rows, {answer}, set(), self.right, ()),
                key=lambda c: (-c.net, c.new.bits),
            )
            if candidates and candidates[0].net >= ACCEPT + 2.0:
                self._accept(candidates[0], candidates, accepted, findings, found)
                return True
        return False

    def _pair_library(self, answer: int, held: frozenset[int]) -> Predictions:
        """Pairs of the cheaper edits that one answer depends on."""
        key = (answer, held)
        if key not in self._pairs:
            if len(self._pairs) >= _KEPT:
                self._pairs.clear()
            alone = self._beside_held(answer, held, ()) if held else self.library
            needed = self._region([self.targets[answer]], set(held))
            rows = range(len(alone.edits)) if held else self.visible.tolist()
            chosen = self._distinct(
                alone,
                [
                    int(row)
                    for row in rows
                    if (edit := alone.edits[row][0]).index is None
                    and edit.bits <= _PAIR_BITS
                    and self.masks[self._row(edit)] & needed
                ],
            )
            groups = [
                (a, b)
                for a, b in combinations(chosen, 2)
                if not set(a.replacements) & set(b.replacements)
            ]
            made = self._predict(groups, [self.targets[answer]], alone.settled)
            bits = np.array([a.bits + b.bits for a, b in groups])
            self._pairs[key] = replace(made, bits=bits)
        return self._pairs[key]

    def _distinct(self, alone: Predictions, rows: Sequence[int]) -> list[Edit]:
        """Return the cheapest of edits that predict the same."""
        seen: dict[bytes, Edit] = {}
        for row in sorted(rows, key=lambda row: alone.bits[row]):
            # Later worlds are filled in where some submission needed them.
            values = np.nan_to_num(alone.values[row][~self.later], nan=math.pi)
            with np.errstate(over="ignore"):
                seen.setdefault(np.round(values, 9).tobytes(), alone.edits[row][0])
        return list(seen.values())[:_PAIRED]

    # --- slips --------------------------------------------------------------------------------

    def _slip_candidates(
        self, work: Work, open_answers: set[int], rounded: set[int]
    ) -> list[tuple[int, Slip]]:
        """Return the best slip of each answer that is still to be explained."""
        found = []
        for answer in sorted(open_answers | rounded):
            if answer not in work.slips:
                if answer in self.symbolic:
                    look = work.look_for_slips.get(answer, list)
                    work.slips[answer] = next(iter(look()), None)
                else:
                    work.slips[answer] = self._best_slip(work, answer, answer in rounded)
            slip = work.slips[answer]
            if slip is not None:
                found.append((answer, slip))
        return found

    def _best_slip(self, work: Work, answer: int, right_if_rounded: bool) -> Slip | None:
        span = self.span(answer)
        written = work.written[span]
        tolerances = self._bounds(work).strict[span]
        shape = self.shapes[answer]
        others = [
            (self.reference.targets[i].answer, self.values[i])
            for i in self.numeric
            if i != answer and self.shapes[i] == shape and shape
        ]
        expectations = [self.right[span]]
        if work.own is not None and answer in work.depends:
            expectations.append(work.own[span])
        rounding = np.zeros(written.size)
        if not right_if_rounded:
            rounding = self.rounding(self.working_digits)[span]
        slips = [
            slip
            for expected in expectations
            for slip in find_slips(
                work.texts[answer], written, expected, tolerances, rounding, shape, others
            )
        ]
        if not slips:
            return None
        best = max(slips, key=lambda slip: slip.bits)
        if right_if_rounded:
            # That all entries but the slipped one agree to the last digit is improbable if there
            # was rounding on the way; that none needs a slip is what rounding has to offer.
            if not self._stands_out(work, answer):
                return None
            tight = entry_bits(written, self.scales[answer], tolerances)
            granted = tolerances + self._tightest_rounding(work, answer)
            wide = entry_bits(written, self.scales[answer], granted)
            agreeing = np.abs(written - self.right[span]) <= tolerances
            gain = float(tight[agreeing].sum()) - float(wide.sum())
            best = Slip(best.id, best.message, best.bits + gain)
        return best


def _shape_bits(written: WrittenArray, value: Array) -> float:
    """Return what it is worth that numbers of a wrong shape are what a mistake gives; 0 if not."""
    if value.shape != written.shape:
        return 0.0
    flat = value.ravel()
    tolerances = written.half_units * (1 + 1e-9) + noise(flat)
    if not (np.abs(flat - written.values) <= tolerances).all():
        return 0.0
    # Nothing but a mistake gives another shape, so every entry tells something.
    nothing = np.full_like(flat, np.inf)
    scale = float(np.max(np.abs(flat))) if flat.size else 0.0
    return agreement_bits(written.values, flat, nothing, scale, tolerances)


def members_of(graph: Graph, node: int) -> tuple[int, ...]:
    """Return the instances that a node stacks, where it is a whole family; else the node.

    An answer that gives a whole family is judged instance by instance, each from the student's own
    earlier ones.
    """
    inner = node
    while True:
        rule = graph.families[graph.nodes[inner].key[0]].rule
        if rule is None:
            return (node,)
        if rule.operation.name == "identity" and len(graph.nodes[inner].inputs) == 1:
            inner = graph.nodes[inner].inputs[0]
            continue
        whole = rule.operation.name == "stack" and any(isinstance(i, Every) for i in rule.inputs)
        return graph.nodes[inner].inputs if whole else (node,)


def merged(edits: Sequence[Edit]) -> dict[int, Node]:
    """Return the replacements of several edits; the later one holds where both have a node."""
    result: dict[int, Node] = {}
    for edit in edits:
        result.update(edit.replacements)
    return result
