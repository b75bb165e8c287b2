"""Small assignments to grade with, and a bench that grades what a test writes.

A bench is made once for each assignment: making all edits is what costs time.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from checker.edits.edit import Edit, merged
from checker.grading import Grader
from checker.report import AnswerReport, SubmissionReport
from reference_solutions.assignment import build_assignment, load_assignment
from reference_solutions.graph import round_significant, rounded_node
from reference_solutions.shipped import find_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.submission import parse_submission
from tests.checker.handmade_run import golden, rnn_run, with_text  # noqa: F401 - fixtures

CASES = Path(__file__).parents[1] / "cases"

FEEDFORWARD = """
assignment: feedforward
title: One hidden layer, sigmoid, squared error written by formulas
given:
  W: [[0.2, -0.4, 0.7], [0.5, 0.9, -0.3]]
  v: [0.6, -1.1]
  x: [1.3, -0.8, 0.5]
  b: [0.1, -0.25]
  a: 0.35
  y: 0.9
steps:
  z: W @ x + b
  h: sigmoid(z)
  yhat: sigmoid(v @ h + a)
  E: 0.5 * (yhat - y) * (yhat - y)
questions:
  q1: {title: Forward, points: 4, answers: {z: z, h: h, yhat: yhat, E: E}}
  q2: {title: Backward, points: 3, answers: {dv: "grad(E, v)", dW: "grad(E, W)", db: "grad(E, b)"}}
"""

TWO_LAYER = """
assignment: two-layer
title: Two layers, relu and softmax
given:
  W1: [[0.5, -1.2, 0.3], [0.8, 0.4, -0.6], [-0.7, 1.1, 0.9], [0.25, -0.35, 1.4]]
  b1: [0.1, -0.2, 0.3, 0.05]
  W2: [[0.6, -0.4, 1.2, 0.35], [-0.9, 0.7, 0.15, -0.55], [0.45, 1.3, -0.8, 0.65]]
  b2: [0.2, -0.1, 0.15]
  x: [1.5, -0.7, 2.1]
  y: 2
steps:
  a: relu(W1 @ x + b1)
  o: W2 @ a + b2
  p: softmax(o)
  l: cross_entropy(y, p)
questions:
  q1: {title: Forward, points: 4, answers: {a: a, o: o, p: p, l: l}}
  q2:
    title: Backward
    points: 4
    answers: {do: "grad(l, o)", dW2: "grad(l, W2)", dW1: "grad(l, W1)", db1: "grad(l, b1)"}
"""

ATTENTION = """
assignment: attention
title: Attention written out
given:
  Q: [[1.2, -0.4, 0.7], [0.3, 0.9, -1.1]]
  K: [[0.8, 0.1, -0.6], [-0.5, 1.4, 0.2], [0.9, -0.7, 1.3]]
  V: [[1.5, -0.3], [0.4, 2.2], [-1.2, 0.6]]
  d: 3
steps:
  S: Q @ K.T / sqrt(d)
  A: softmax(S)
  O: A @ V
questions:
  q1: {title: Scores, points: 2, answers: {S: S}}
  q2: {title: Weights, points: 2, answers: {A: A}}
  q3: {title: Output, points: 2, answers: {O: O}}
"""

GATED = """
assignment: gated
title: A gated cell
index: {t: 1..3}
given:
  Wf: [[0.4, -0.7], [0.9, 0.2]]
  Wi: [[-0.5, 0.6], [0.3, 1.1]]
  Wg: [[1.2, 0.35], [-0.8, 0.55]]
  Uf: [[0.15, 0.45], [-0.65, 0.25]]
  Ui: [[0.7, -0.3], [0.5, 0.95]]
  Ug: [[-0.2, 0.85], [0.6, -0.4]]
  bf: [0.1, -0.3]
  x: [[1.1, -0.6], [0.4, 0.8], [-0.9, 1.3]]
  c[0]: [0.2, -0.1]
  h[0]: [0.3, 0.5]
steps:
  f[t]: sigmoid(Wf @ x[t-1] + Uf @ h[t-1] + bf)
  i[t]: sigmoid(Wi @ x[t-1] + Ui @ h[t-1])
  g[t]: tanh(Wg @ x[t-1] + Ug @ h[t-1])
  c[t]: f[t] * c[t-1] + i[t] * g[t]
  h[t]: i[t] * tanh(c[t])
questions:
  q1: {title: Gates, points: 3, answers: {f1: "f[1]", i1: "i[1]", g1: "g[1]"}}
  q2: {title: Cells, points: 3, answers: {c1: "c[1]", c2: "c[2]", c3: "c[3]"}}
  q3: {title: States, points: 3, answers: {h1: "h[1]", h2: "h[2]", h3: "h[3]"}}
"""

SMALL = {
    "feedforward": FEEDFORWARD,
    "two-layer": TWO_LAYER,
    "attention": ATTENTION,
    "gated": GATED,
}


class Bench:
    """One assignment with its grader, and ways to hand in.

    Arrays of answers are lists in the order of the assignment's numeric answers.
    """

    def __init__(self, source: str) -> None:
        if source in SMALL:
            loaded = parse_assignment_file(SMALL[source], f"{source}.yaml")
            self.assignment = build_assignment(loaded)
        elif "\n" in source:
            self.assignment = build_assignment(parse_assignment_file(source, "assignment.yaml"))
        else:
            self.assignment = load_assignment(find_assignment(source))
        self.grader = Grader(self.assignment)
        self.graph = self.assignment.reference.graph
        self.targets = self.assignment.reference.targets
        self.nodes = [target.node for target in self.targets]
        self.names = [target.answer for target in self.targets]

    @property
    def edits(self) -> Sequence[Edit]:
        """All edits that diagnosis knows of."""
        return self.grader.key.diagnoser.library.edits

    @property
    def visible(self) -> Sequence[Edit]:
        """The edits that change any entry of an answer."""
        return [self.edits[row] for row in self.grader.key.diagnoser.library.visible]

    def rounding(self, digits: int) -> np.ndarray:
        """What rounding to so many digits on the way can do to each entry of all answers."""
        return self.grader.key.diagnoser.tolerances.of_right(digits)

    def freedom(self, answer: str) -> int:
        """How many entries of an answer can differ independently of the others."""
        return self.grader.key.diagnoser.tolerances.freedom[self.names.index(answer)]

    def span(self, answer: int) -> slice:
        """Where the entries of an answer stand among those of all."""
        return self.grader.key.layout.span(answer)

    # --- what a student may have computed ---

    def right(self) -> list[np.ndarray]:
        return [np.asarray(self.graph.value(node)) for node in self.nodes]

    def values(self, edits: Sequence[Edit] = ()) -> list[np.ndarray | None]:
        """All answers with some mistakes made; None where an answer has no number."""
        found = self.graph.edited(merged(edits)).evaluate(self.nodes)
        return [
            value
            if value is not None and value.shape == right.shape and np.isfinite(value).all()
            else None
            for value, right in zip((found[n] for n in self.nodes), self.right(), strict=True)
        ]

    def rounded(self, digits: int, edits: Sequence[Edit] = ()) -> list[np.ndarray]:
        """All answers with every intermediate value rounded to significant digits."""
        replacements = dict(merged(edits))
        for number, node in enumerate(self.graph.nodes):
            if self.graph.families[node.key[0]].rule is not None:
                replacements[number] = rounded_node(replacements.get(number, node), digits)
        found = self.graph.edited(replacements).evaluate(self.nodes)
        return [round_significant(found[node], digits) for node in self.nodes]

    # --- handing in ---

    def answers(
        self, values: Sequence[np.ndarray | None] | Mapping[str, object], digits: int = 12
    ) -> str:
        """The `answers:` block of a submission. Entries may be texts already."""
        if not isinstance(values, Mapping):
            values = dict(zip(self.names, values, strict=True))
        blocks: dict[str, dict[str, str]] = {}
        for target in self.targets:
            value = values.get(target.answer)
            if value is not None:
                text = value if isinstance(value, str) else nested(np.asarray(value), digits)
                blocks.setdefault(target.question, {})[target.answer] = text
        lines = []
        for question, block in blocks.items():
            lines.append(f"  {question}:")
            lines += [f"    {json.dumps(name)}: {text}" for name, text in block.items()]
        return "\n".join(lines) or "  {}"

    def grade(self, answers: str) -> SubmissionReport:
        """Grade what stands under `answers:`, indented by two blanks."""
        text = f"assignment: {self.assignment.id}\nstudent: someone\nanswers:\n{answers}\n"
        return self.grader.grade(parse_submission(text, "someone.yaml"), "someone.yaml")

    def hand_in(
        self, values: Sequence[np.ndarray | None] | Mapping[str, object], digits: int = 12
    ) -> SubmissionReport:
        return self.grade(self.answers(values, digits))


def nested(value: np.ndarray, digits: int) -> str:
    """An array as YAML, with so many significant digits."""
    if value.ndim:
        return f"[{', '.join(nested(item, digits) for item in value)}]"
    number = float(value)
    if number == 0:
        return f"{0:.{digits}f}"
    return f"{Decimal(f'{number:.{digits - 1}e}'):f}"


@cache
def _bench(source: str) -> Bench:
    return Bench(source)


@pytest.fixture(scope="session")
def bench() -> Callable[[str], Bench]:
    """The bench of a shipped assignment, of a small one by name, or of an assignment's text."""
    return _bench


@pytest.fixture(scope="session")
def fit() -> Bench:
    return _bench("fit3181-a2")


@pytest.fixture(scope="session")
def by_answer() -> Callable[[SubmissionReport], dict[str, AnswerReport]]:
    """A report's answers by their id."""
    return lambda report: {answer.answer: answer for answer in report.answers}


@pytest.fixture(scope="session")
def verdicts() -> Callable[[SubmissionReport], dict[str, str]]:
    return lambda report: {answer.answer: answer.verdict for answer in report.answers}


@pytest.fixture(scope="session")
def named() -> Callable[[SubmissionReport], dict[str, tuple[str, ...]]]:
    """The ids of the mistakes named at each answer that has any."""
    return lambda report: {
        answer.answer: tuple(mistake.id for mistake in answer.mistakes)
        for answer in report.answers
        if answer.mistakes
    }


@pytest.fixture(scope="session")
def cases() -> Path:
    return CASES
