"""Work in a notebook, for a person to judge: the answer says where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from checker.answer_kinds.forms.editor import Schema, any_type
from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.forms.names import NamedQuantity
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.kind import Revealed, Settled, SettledKind
from checker.answer_kinds.reading.texts import read_text
from checker.answer_kinds.reading.written import Unreadable
from reference_solutions.graph import Graph
from reference_solutions.language.notation import Notation
from submissions_schema.answers import NotebookAnswer


class NotebookForm(AnswerForm):
    """The form of work in a notebook."""

    kind: Literal["notebook"]


class _Notebook(SettledKind[NotebookAnswer, NotebookForm, str]):
    spec = NotebookAnswer
    form = NotebookForm

    def words(self, form: NotebookForm, names: Mapping[str, NamedQuantity]) -> str:
        return "where the notebook is"

    def schema(self, form: NotebookForm) -> Schema:
        return any_type("string", "number", "boolean", "null")

    def read(self, reading: Reading[NotebookAnswer | NotebookForm]) -> str | Unreadable:
        return read_text(reading.tree, reading.document, reading.path)

    def judge(self, written: str, reading: Reading[NotebookAnswer]) -> Settled:
        return Settled("ungraded", "Your teacher marks this answer.", written=written)

    def reveal(
        self, spec: NotebookAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        return Revealed(None)


KIND = _Notebook()
