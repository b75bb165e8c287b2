"""Texts, for a person to judge; what can be checked of one is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from checker.answer_kinds.forms.editor import Schema, any_type
from checker.answer_kinds.forms.form import AnswerForm, Remark
from checker.answer_kinds.forms.names import NamedQuantity
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.kind import Box, Revealed, Settled, SettledKind
from checker.answer_kinds.reading.texts import read_text
from checker.answer_kinds.reading.written import Unreadable
from checker.words import plural
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Graph
from reference_solutions.language.notation import Notation
from submissions_schema.answers import TextAnswer
from submissions_schema.problems import Problem


class TextForm(AnswerForm):
    """The form of a text: how many words it should have."""

    kind: Literal["text"]
    min_words: Annotated[int | None, Field(ge=0)] = None
    max_words: Annotated[int | None, Field(ge=1)] = None


class _Text(SettledKind[TextAnswer, TextForm, str]):
    spec = TextAnswer
    form = TextForm
    how_to = "A text goes below its key, indented further than the key."
    below_key = True

    def form_of(
        self, asked: Asked, assignment: Assignment, names: Sequence[str]
    ) -> Mapping[str, object]:
        return asked.spec.model_dump(include={"min_words", "max_words"})

    def words(self, form: TextForm, names: Mapping[str, NamedQuantity]) -> str:
        wanted = _words_wanted(form)
        return f"a text; {wanted}" if wanted else "a text"

    def schema(self, form: TextForm) -> Schema:
        return any_type("string", "number", "boolean", "null")

    def box(self, form: TextForm) -> Box:
        limits = {"least": form.min_words, "most": form.max_words}
        return {"box": "text", **{key: value for key, value in limits.items() if value is not None}}

    def inspect(self, reading: Reading[TextForm]) -> Iterator[Remark]:
        read = self.read(reading)
        if isinstance(read, Unreadable):
            yield from super().inspect(reading)
            return
        form, words = reading.asks, len(read.split())
        low, high = form.min_words or 0, form.max_words
        if words < low or (high is not None and words > high):
            message = f"this text is too {'short' if words < low else 'long'}"
            place = reading.document.place(reading.path)
            problem = Problem(message, place, _words_wanted(form), plural(words, "word"))
            yield Remark(problem, "error")

    def read(self, reading: Reading[TextAnswer | TextForm]) -> str | Unreadable:
        return read_text(reading.tree, reading.document, reading.path)

    def judge(self, written: str, reading: Reading[TextAnswer]) -> Settled:
        """Count its words; the rest is for a person."""
        spec = reading.asks
        words = len(written.split())
        said = f"{plural(words, 'word')}."
        if spec.max_words is not None and words > spec.max_words:
            said = f"Too long: {plural(words, 'word')}, at most {spec.max_words} are asked for."
        elif spec.min_words is not None and words < spec.min_words:
            said = f"Too short: {plural(words, 'word')}, at least {spec.min_words} are asked for."
        return Settled("ungraded", f"{said} Your teacher marks this answer.", written=written)

    def reveal(
        self, spec: TextAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        return Revealed(None)


KIND = _Text()


def _words_wanted(form: TextForm) -> str:
    """Return how many words a text should have; nothing where any number will do."""
    low, high = form.min_words or 0, form.max_words
    if high is None:
        return f"at least {plural(low, 'word')}" if low else ""
    return f"{low} to {high} words" if low else f"at most {plural(high, 'word')}"
