"""A kind of answer that only the tests have: a statement is true or it isn't."""

from typing import Literal

from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.kind import Revealed, Settled, SettledKind
from checker.answer_kinds.reading.written import Unreadable, text_of
from submissions_schema.answers import AnswerSpec
from submissions_schema.problems import Problem

WORDS = {"yes": True, "true": True, "no": False, "false": False}


class YesNoAnswer(AnswerSpec):
    kind: Literal["yes_no"]
    holds: bool


class YesNoForm(AnswerForm):
    kind: Literal["yes_no"]


class YesNo(SettledKind[YesNoAnswer, YesNoForm, bool]):
    spec = YesNoAnswer
    form = YesNoForm
    how_to = "A statement holds, yes, or does not, no."

    def words(self, form, names):
        return "yes or no"

    def schema(self, form):
        return {"type": ["string", "boolean", "null"], "enum": [*WORDS, True, False, None]}

    def read(self, reading):
        holds = WORDS.get(text_of(reading.tree).strip().casefold())
        if holds is None:
            place = reading.document.place(reading.path)
            return Unreadable((Problem("this is neither yes nor no", place),))
        return holds

    def judge(self, written, reading):
        if written == reading.asks.holds:
            return Settled("correct", "Right.")
        return Settled("wrong", "It is the other way round.")

    def reveal(self, spec, node, graph, notation):
        return Revealed("yes" if spec.holds else "no")


KIND = YesNo()
