"""Texts, for a person to judge; what can be checked of one is checked."""

from __future__ import annotations

from checker.answer_kinds.kind import Reading, Revealed, Settled, SettledKind
from checker.answer_kinds.reading.texts import read_text
from checker.answer_kinds.reading.written import Unreadable
from checker.words import plural
from reference_solutions.graph import Graph
from reference_solutions.language.notation import Notation
from submissions_schema.assignment_file import TextAnswer


class _Text(SettledKind[TextAnswer, str]):
    spec = TextAnswer

    def read(self, reading: Reading[TextAnswer]) -> str | Unreadable:
        return read_text(reading.tree, reading.document, reading.path)

    def judge(self, written: str, reading: Reading[TextAnswer]) -> Settled:
        """Count its words; the rest is for a person."""
        spec = reading.spec
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
