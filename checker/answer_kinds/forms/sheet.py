"""What an answer is read against: the sheet, what is asked for, and where the answer stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.forms.names import NamedQuantity
from checker.answer_kinds.reading.meant import Wanted
from reference_solutions.graph import Graph
from submissions_schema.answers import AnswerSpec
from submissions_schema.yaml_reader import Document, Tree, TreePath

AsksT_co = TypeVar("AsksT_co", bound=AnswerSpec | AnswerForm, covariant=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What may be named in an answer: quantities, what their indices run over, and symbols.

    Without the key, ``graphs`` hold made-up values in several ways, else one holds the right ones;
    ``names`` are the names of a handout.
    """

    graphs: Sequence[Graph]
    ranges: Mapping[str, range]
    symbols: Collection[str]
    names: Mapping[str, NamedQuantity] = field(default_factory=dict)
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class Reading(Generic[AsksT_co]):
    """One answer as it stands in a document, and what it is read against.

    ``asks`` says what is asked for: to grade, what the assignment says of it, else its form.
    ``shape`` is the shape of a computed value and ``node`` the node of the graph that is asked for;
    ``question`` is what the sheet says above the answer.
    """

    asks: AsksT_co
    tree: Tree
    path: TreePath
    document: Document
    sheet: Sheet
    shape: tuple[int, ...] = ()
    node: int | None = None
    question: str = ""

    def wanted(self, *, whole: bool = False) -> Wanted:
        """Return what is known of the numbers that are asked for."""
        words = f"{self.question} {self.asks.title} {self.asks.prompt}"
        return Wanted(whole, words, {*self.sheet.graphs[0].families, *self.sheet.symbols})
