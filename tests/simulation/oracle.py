"""The oracle game: who may hand in at will asks the checker for the numbers instead of computing.

The player reads what ``checker ci`` prints by default, and nothing else of the report. Boxes of
which none depends on another are played at once, entry by entry: by words of direction and size
where they are said, by which entries are marked right, by verdicts, points and named slips
otherwise, and at last by trying one number after the other. A single number that was handed in
itself and called right was tried out: that is counted apart from what was told.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from checker.ci.run import log_text
from checker.hints import told as told_at
from checker.matching import half_unit_at
from checker.report import RunReport, SubmissionReport
from checker.reports.wording import EACH_WRONG, NO_NUMBER, VERDICTS
from submissions_schema.grading_settings import Hints

from .adversary import Adversary
from .sheet import Fill, Sheet

_ANSWER = re.compile(r"^  \S \S+  (?P<label>[^/]*?)  (?P<points>[^ /]+) / [\d.]+$")
_ENTRY = re.compile(r"^    ✗ (?:\[(?P<index>[\d, ]+)\] )?(?P<text>\S+)  (?P<off>\S.*)$")
_MARKED = re.compile(r"(\S+) ([✓✗])")
_IN_ENTRY = re.compile(r"(?:in entry|at) \[([\d, ]+)\]")
_SIZES = {"less than 2 %": (1.0, 1.02), "less than 10 %": (1.02, 1.1), "less than 50 %": (1.1, 1.5),
          "several times": (1.5, 10.0), "more than 10 times": (10.0, math.inf)}  # fmt: skip

_PATIENCE = 5
"""How often nothing may be said of a number before the player gives up asking for its size."""


FOLLOWS = VERDICTS["follow_through"].label
TRIED = "tried out"


@dataclass(frozen=True, slots=True)
class Told:
    """What a student is told of one answer."""

    label: str
    points: float
    offs: dict[tuple[int, ...], str]
    each: str
    marks: tuple[bool, ...]
    said: str


def told(run: RunReport) -> list[Told]:
    """What ``checker ci`` prints of each answer, in the assignment's order."""
    answers: list[list[str]] = []
    for line in log_text(run, width=100_000).splitlines():
        if _ANSWER.match(line):
            answers.append([line])
        elif answers and line.startswith("    "):
            answers[-1].append(line)
    return [_told(lines) for lines in answers]


def _told(lines: list[str]) -> Told:
    head = _ANSWER.match(lines[0])
    assert head is not None
    offs: dict[tuple[int, ...], str] = {}
    each = ""
    marks: list[bool] = []
    for line in lines[1:]:
        entry = _ENTRY.match(line)
        if entry is not None:
            index = tuple(int(part) for part in (entry["index"] or "").split(",") if part)
            offs[index] = entry["off"]
        elif line.strip().startswith(EACH_WRONG):
            each = line.strip().removeprefix(EACH_WRONG).removeprefix(":").strip()
        elif re.fullmatch(r"(\s+\S+ [✓✗])+", line):
            marks += [mark == "✓" for _, mark in _MARKED.findall(line)]
    points = float(head["points"]) if head["points"] != NO_NUMBER else 0.0
    return Told(head["label"], points, offs, each, tuple(marks), "\n".join(lines[1:]))


@dataclass(slots=True)
class _Number:
    """What the player knows of one number: its sign, and bounds of its size."""

    sign: int = 0
    low: float = 1e-7
    high: float = 1e7
    known: float | None = None
    how: str = ""
    after: int = 0
    last: float = 0.0
    digits: int = 4
    queue: Iterator[float] = field(default_factory=lambda: iter(()))
    near: list[float] = field(default_factory=list)
    silent: int = 0
    deaf: bool = False
    led: bool = False
    """Whether anything was told of it but that a guess is not right."""

    def guess(self) -> float:
        """The next number to hand in."""
        if self.known is not None:
            return self.known
        if self.near:
            self.last = self.near.pop(0)
        elif self.deaf:
            self.last = next(self.queue, 0.0)
        else:
            # Where nothing was said of the last guess, a neighbour of it may get an answer.
            middle = math.sqrt(self.low * self.high) * 1.07**self.silent
            self.last = float(f"{(self.sign or 1) * middle:.{self.digits - 1}e}")
        return self.last

    def hear(self, off: str, turn: int) -> None:
        """Take in how far off the last guess was."""
        if not off:
            self.silent += 1
            self.deaf = self.silent > _PATIENCE
            return
        self.led = True
        self.silent = 0
        if off == "the other sign is right":
            self.sign = -1 if self.last > 0 else 1
            return
        size = abs(self.last)
        self.sign = self.sign or (1 if self.last > 0 else -1)
        words = next((words for words in _SIZES if off.startswith(words)), None)
        low, high = _SIZES[words] if words else (1.0, math.inf)
        if off.endswith("too large"):
            self.high = min(self.high, size / low)
            self.low = max(self.low, size / high)
        elif off.endswith("too small"):
            self.low = max(self.low, size * low)
            self.high = min(self.high, size * high)
        else:
            self.deaf = True
        if self.high < self.low * 1.002 and self.sign:
            middle = math.sqrt(self.low * self.high)
            self.settle(self.sign * middle, "too large, too small", turn)

    def settle(self, value: float, how: str, turn: int) -> None:
        """Hold a value for known."""
        self.known, self.how, self.after = value, how, turn


@dataclass(frozen=True, slots=True)
class Game:
    """How the game ended: the numbers of three digits and more, those known, and how and when.

    ``known`` leaves out the numbers that were ``tried`` out: handed in one after the other.
    """

    numbers: int
    known: int
    tried: int
    hand_ins: int
    ways: dict[str, int]
    """How many became known by each kind of thing that was told."""
    last: int
    """After how many hand-ins the last one was known."""


def play(
    sheet: Sheet,
    adversary: Adversary,
    hand_ins: int,
    *,
    trying: bool = True,
    hints: Hints | None = None,
) -> Game:
    """Play; ``trying`` goes on with one number after the other where nothing else helps.

    ``hints`` are those of the assignment if they are left out.
    """
    level = sheet.assignment.file.hints if hints is None else hints
    numbers = {i: [_Number() for _ in range(sheet.boxes[i].size)] for i in sheet.numeric}
    for i, held in numbers.items():
        whole = sheet.boxes[i].kind == "integer"
        for number in held:
            number.queue = _whole() if whole else _candidates()
            number.digits = 8 if whole else 4
    turn = 0
    while turn < hand_ins and (chosen := _apart(sheet, numbers, trying=trying)):
        turn += 1
        filled = {}
        for i in chosen:
            whole = sheet.boxes[i].kind == "integer"
            texts = tuple(_text(number.guess(), number, whole) for number in numbers[i])
            filled[i] = Fill(texts, sheet.boxes[i].shape)
        run = _run(sheet, told_at(adversary.grade(filled), level))
        heard = told(run)
        places = {(a.question, a.answer): k for k, a in enumerate(run.submissions[0].answers)}
        for i in chosen:
            asked = sheet.boxes[i].asked
            _hear(sheet, i, numbers[i], heard[places[asked.question, asked.answer]], turn)
    return _count(sheet, numbers, turn)


def _apart(sheet: Sheet, numbers: dict[int, list[_Number]], *, trying: bool) -> list[int]:
    """Boxes with something still to find out, of which none depends on another."""
    chosen: list[int] = []
    for i, held in numbers.items():
        still = [n for n in held if n.known is None and (trying or not n.deaf)]
        if still and not any(i in sheet.downstream(j, [i]) for j in chosen):
            chosen.append(i)
    return chosen


def _run(sheet: Sheet, report: SubmissionReport) -> RunReport:
    assignment = sheet.assignment
    return RunReport(
        assignment.id, assignment.file.title, assignment.content_hash, False, (report,)
    )


def _text(value: float, number: _Number, whole: bool) -> str:
    if whole:
        return f"{value:.0f}"
    digits = 6 if number.known is not None else number.digits
    text = f"{value:.{digits - 1}e}" if not number.deaf else f"{value:.6g}"
    return f"{float(text):.10g}" if number.deaf and number.known is None else text


def _hear(sheet: Sheet, i: int, held: list[_Number], answer: Told, turn: int) -> None:
    whole = answer.label in ("Right", FOLLOWS)
    places = [
        tuple(int(part) for part in place.split(",")) for place in _IN_ENTRY.findall(answer.said)
    ]
    for k, index in enumerate(np.ndindex(*sheet.boxes[i].shape)):
        number = held[k]
        if number.known is not None:
            continue
        marked = answer.marks[k] if k < len(answer.marks) else whole
        precise = len(f"{abs(number.last):.10g}".replace(".", "").strip("0")) >= 3
        is_right = answer.label == "Right" or (marked and answer.label != FOLLOWS)
        if is_right and (precise or not number.deaf):
            out = len(held) == 1 and not number.led
            number.settle(number.last, TRIED if out else "marked right", turn)
            continue
        if answer.label == "Right, too few digits" and number.deaf and not number.near:
            unit = 10.0 ** (math.floor(math.log10(abs(number.last) or 1.0)) - 2)
            number.near = [number.last + step * unit for step in range(-5, 6)]
            number.led = True
            continue
        said_here = index in places or len(held) == 1
        if "(sign-slip)" in answer.said and said_here:
            number.near.append(-number.last)
        if "(decimal-point-slip)" in answer.said and said_here:
            number.near += [number.last * 10.0**step for step in (-1, 1, -2, 2)]
        number.led |= bool(number.near)
        number.hear(answer.offs.get(index, answer.each), turn)


def _candidates() -> Iterator[float]:
    """Numbers of two digits, then of three, the usual sizes first."""
    for digits in (2, 3):
        for decade in (-1, 0, -2):
            for mantissa in range(10 ** (digits - 1), 10**digits):
                for sign in (1, -1):
                    yield sign * mantissa * 10.0 ** (decade - digits + 1)


def _whole() -> Iterator[float]:
    yield from map(float, range(1, 100_000))


def _count(sheet: Sheet, numbers: dict[int, list[_Number]], turn: int) -> Game:
    total, known, last = 0, 0, 0
    ways: Counter[str] = Counter()
    for i, held in numbers.items():
        right = sheet.boxes[i].right
        assert right is not None
        unit = half_unit_at(right, 3)
        two = half_unit_at(right, 2) * 2
        for k, number in enumerate(held):
            value = float(right[k])
            steps = value / two[k] if two[k] else 0.0
            if abs(steps - round(steps)) < 1e-6:
                continue  # two digits say it all
            total += 1
            if number.known is None:
                continue
            off = abs(number.known - value)
            marked = number.how in ("marked right", TRIED)
            if off <= 2.5 * unit[k] or (marked and off <= 0.1 * abs(value)):
                known += number.how != TRIED
                ways[number.how] += 1
                last = max(last, number.after)
    return Game(total, known, ways[TRIED], turn, dict(ways), last)
