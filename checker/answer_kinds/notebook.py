"""Work in a notebook, for a person to judge: the answer says where it is."""

from __future__ import annotations

from checker.answer_kinds.kind import Reading, Revealed, Settled, SettledKind
from checker.answer_kinds.reading.texts import read_text
from checker.answer_kinds.reading.written import Unreadable
from reference_solutions.graph import Graph
from reference_solutions.language.notation import Notation
from submissions_schema.assignment_file import NotebookAnswer


class _Notebook(SettledKind[NotebookAnswer, str]):
    spec = NotebookAnswer

    def read(self, reading: Reading[NotebookAnswer]) -> str | Unreadable:
        return read_text(reading.tree, reading.document, reading.path)

    def judge(self, written: str, reading: Reading[NotebookAnswer]) -> Settled:
        return Settled("ungraded", "Your teacher marks this answer.", written=written)

    def reveal(
        self, spec: NotebookAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        return Revealed(None)


KIND = _Notebook()
