"""What the parts of the class page print: who needs a person, the answers, the mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from checker.classroom.alarms import Alarm, by_change
from checker.classroom.groups import AnswerGroups, Group
from checker.classroom.mistakes import ClassMistake, MistakePlace
from checker.edits.registry import in_general
from checker.report import Verdict
from checker.reports import wording
from checker.reports.charts import verdicts_svg
from checker.reports.layout import answer_anchor
from checker.reports.mathml import formula
from checker.reports.overview import Overview, QuestionColumn
from checker.reports.templating import escaped

_CLUSTER = 3
"""So many students with one answer that nothing explains are pointed at."""

_LINKED = 4096
"""The links to the pages of so many students are kept; each stands in many places."""

_MAPPED = 15
"""So many mistakes the map has; all of them stand below it."""

_SHADES = 4
_SHOWN = 90
"""So much of a written answer a table shows."""


class Students:
    """Links to students' pages by their position in the run."""

    def __init__(self, names: Sequence[str], links: Sequence[str], whole: Overview) -> None:
        self._names = names
        self._links = links
        places = {column.id: place for place, column in enumerate(whole.columns, start=1)}
        self._anchors = {
            (answer.question, answer.answer): answer_anchor(
                answer.question, places[answer.question], answer.number
            )
            for answer in whole.answers
        }
        self._in_order = list(self._anchors.values())
        self._around_anchor = lru_cache(maxsize=_LINKED)(self._made)

    def at(self, position: int, anchor: str = "") -> Markup:
        """Return the link to a submission's page, at one of its answers."""
        before, after = self._around_anchor(position)
        return Markup(f"{before}#{escaped(anchor)}{after}" if before and anchor else before + after)

    def _made(self, position: int) -> tuple[str, str]:
        """Return a link before and after the place in the page; a mere name stands after it."""
        name = f"<bdi>{escaped(self._names[position])}</bdi>"
        href = self._links[position]
        if not href:
            return "", name
        return f'<a href="{escaped(href.partition("#")[0])}', f'">{name}</a>'

    def in_answer(self, students: Sequence[int], answer: AnswerGroups | Alarm) -> Links:
        """Return links to one answer in the pages of several students."""
        anchor = self._anchors[answer.question, answer.answer]
        return Links(lambda: (self.at(position, anchor) for position in students))

    def in_place(self, place: MistakePlace) -> Links:
        """Return links to where a mistake first shows."""
        return Links(
            lambda: (
                self.at(position, self._in_order[number])
                for position, number in zip(place.students, place.answers, strict=True)
            )
        )


@dataclass(frozen=True, slots=True)
class Links:
    """Links to the pages of several students; a large class has too many to keep them made."""

    each: Callable[[], Iterator[Markup]]

    def __iter__(self) -> Iterator[Markup]:
        """Yield what stands between the first and the last, piece by piece."""
        between = Markup()
        for link in self.each():
            yield between + link
            between = Markup(", ")


@dataclass(frozen=True, slots=True)
class AlarmBox:
    """An alarm with those that the same change would settle."""

    alarm: Alarm
    title: str
    change: str
    right: Markup
    used: Markup
    students: Links
    others: tuple[Alarm, ...]


def alarm_boxes(alarms: Sequence[Alarm], students: Students) -> Iterator[AlarmBox]:
    """Yield the boxes at the top of the page."""
    for first, *others in by_change(alarms):
        yield AlarmBox(
            first,
            wording.alarm_title(first),
            wording.alarm_change(first),
            formula(first.right) if first.right else Markup(),
            formula(first.used) if first.used else Markup(),
            students.in_answer(first.group.students, first),
            tuple(others),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One distinct answer, as a table prints it; ``alone``: no known mistake gives it."""

    count: int
    text: str
    whole: str
    word: wording.Word
    told: str
    alone: bool
    students: Links


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with the distinct ones of the class; ``singles`` are those of one student each."""

    groups: AnswerGroups
    anchor: str
    bar: Markup
    mean: str
    rows: tuple[Row, ...]
    singles: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question over the class."""

    column: QuestionColumn
    bar: Markup
    mean: str
    answers: tuple[Answer, ...]


def questions(whole: Overview, students: Students) -> list[Question]:
    """Return all questions with their answers."""
    found = []
    for place, column in enumerate(whole.columns, start=1):
        mine = [answer for answer in whole.answers if answer.question == column.id]
        counts: dict[Verdict, int] = {}
        for answer in mine:
            for verdict, count in answer.verdicts.items():
                counts[verdict] = counts.get(verdict, 0) + count
        waits = any(answer.waits for answer in mine)
        mean = wording.mean_of(column.mean, column.max_points, waits=waits)
        found.append(
            Question(
                column,
                verdicts_svg(counts, f"Verdicts on the answers of {column.id}"),
                mean,
                tuple(
                    _answer(answer, f"answer-{place}-{number}", students, whole.key)
                    for number, answer in enumerate(mine, start=1)
                ),
            )
        )
    return found


def _answer(
    answer: AnswerGroups,
    anchor: str,
    students: Students,
    key: Mapping[tuple[str, str], str],
) -> Answer:
    right = key.get((answer.question, answer.answer), "")
    rows = [_row(answer, group, students, right) for group in answer.groups]
    return Answer(
        answer,
        anchor,
        verdicts_svg(answer.verdicts, f"Verdicts on {answer.answer}"),
        wording.mean_of(
            answer.points / answer.marked if answer.marked else None,
            answer.max_points,
            waits=answer.waits,
        ),
        tuple(row for row in rows if row.count > 1),
        tuple(row for row in rows if row.count == 1),
    )


def _row(answer: AnswerGroups, group: Group, students: Students, right: str) -> Row:
    is_right = group.verdict == "correct"
    text = right if is_right and right else group.text
    wrong = group.verdict in {"mistake", "partial", "wrong"}
    told = " ".join(mistake.message for mistake in group.mistakes)
    return Row(
        len(group.students),
        text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…",
        text if len(text) > _SHOWN else "",
        wording.VERDICTS[group.verdict],
        told,
        wrong and not group.mistakes,
        students.in_answer(() if is_right else group.students, answer),
    )


def clusters(found: Sequence[Question], alarms: Sequence[Alarm]) -> Iterator[tuple[Answer, Row]]:
    """Yield the answers that several students share and no known mistake gives."""
    alarmed = {(alarm.question, alarm.answer, len(alarm.group.students)) for alarm in alarms}
    for question in found:
        for answer in question.answers:
            for row in answer.rows:
                at = (answer.groups.question, answer.groups.answer, row.count)
                if row.alone and row.count >= _CLUSTER and at not in alarmed:
                    yield answer, row


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a mistake."""

    where: str
    message: str
    students: Links


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake over the class; ``cells`` is its row in the map, with shades from 0 to 4."""

    id: str
    anchor: str
    says: str
    count: int
    places: tuple[Place, ...]
    cells: tuple[tuple[int, int], ...]


def mistakes(whole: Overview, students: Students) -> list[Mistake]:
    """Return all mistakes, those that most made first."""
    most = max((max(m.by_question.values()) for m in whole.mistakes), default=1)
    return [
        Mistake(
            mistake.id,
            f"mistake-{n}",
            in_general(mistake.id) or mistake.message,
            mistake.students,
            tuple(
                Place(place.where, place.message, students.in_place(place))
                for place in mistake.places
            ),
            _cells(mistake, whole, most),
        )
        for n, mistake in enumerate(whole.mistakes, start=1)
    ]


def _cells(mistake: ClassMistake, whole: Overview, most: int) -> tuple[tuple[int, int], ...]:
    counts = (mistake.by_question.get(column.id, 0) for column in whole.columns)
    return tuple((count, -(-_SHADES * count // most)) for count in counts)


def mapped(found: Sequence[Mistake]) -> Sequence[Mistake]:
    """Return the mistakes that the map shows."""
    return found[:_MAPPED]
