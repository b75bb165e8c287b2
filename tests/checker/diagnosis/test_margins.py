"""What evidence is enough: the same mistakes with more and with fewer digits, and what wins.

The table is a golden file. It changes with every price, margin and bound of evidence, so that none of
them changes unseen: ``python tests/checker/diagnosis/test_margins.py`` writes it anew.
"""

from pathlib import Path

import numpy as np

from checker.grading import Grader
from reference_solutions.assignment import find_assignment, load_assignment
from submissions_schema.submission import parse_submission

GOLDEN = Path(__file__).parent / "margins.txt"
SHEET = "fit3181-a2"
LOG = ("l_0", "l_1", "l_2")


def _answers(grader: Grader) -> dict[str, np.ndarray]:
    layout = grader.key.layout
    return {
        asked.answer: np.asarray(layout.values[at]).reshape(layout.shapes[at])
        for at, asked in enumerate(grader.key.asked)
    }


def _cases(right: dict[str, np.ndarray]):
    """Name, wrong answers, and the answers that are written beside them."""
    base_2 = {name: right[name] / np.log(2) for name in LOG}
    total = {"L": sum(right[name] for name in LOG)}
    yield "base 2 in one loss, nothing beside", {"l_0": base_2["l_0"]}, ()
    yield "base 2 in one loss, beside a right one", {"l_0": base_2["l_0"]}, ("l_1",)
    yield "base 2 in one loss, beside two right ones", {"l_0": base_2["l_0"]}, ("l_1", "l_2")
    yield "base 2 in two losses", {name: base_2[name] for name in LOG[:2]}, ()
    yield "base 2 in all losses", base_2, ()
    yield "sum for mean", total, LOG
    yield "sum for mean, nothing beside", total, ()
    yield "last loss for the mean", {"L": right["l_2"]}, ("l_0", "l_1")
    yield "opposite sign of a gradient", {"dL_dh1": -right["dL_dh1"]}, ()
    yield "gradient of the sum", {"dL_dV": 3 * right["dL_dV"]}, ()
    yield "gradient transposed", {"dL_dV": right["dL_dV"].T}, ()
    yield "half of a gradient", {"dL_dU": right["dL_dU"] / 2}, ("dL_dV",)
    yield "one entry with the other sign", {"h_1": right["h_1"] * [1, -1, 1]}, ()
    yield "ten times too large", {"yhat_0": right["yhat_0"] * 10}, ()
    yield "off by seven per cent", {"l_1": right["l_1"] * 1.07}, LOG[:1]
    yield "one number everywhere", {"yhat_1": np.full(3, 0.25)}, ()


def _number(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits - 1}e}'):.{12}g}"


def _text(value: np.ndarray, digits: int) -> str:
    if value.ndim == 0 or value.size == 1:
        return _number(float(value.ravel()[0]), digits)
    return f"[{', '.join(_text(np.asarray(part), digits) for part in value)}]"


def table() -> str:
    """Return the table: for each case and number of digits what is named, and how surely."""
    grader = Grader(load_assignment(find_assignment(SHEET)))
    right = _answers(grader)
    lines = []
    for name, wrong, beside in _cases(right):
        for digits in (2, 3, 4, 6):
            written = {**{other: right[other] for other in beside}, **wrong}
            blocks: dict[str, list[str]] = {}
            for asked in grader.key.asked:
                if asked.answer in written:
                    text = _text(written[asked.answer], digits)
                    blocks.setdefault(asked.question, []).append(f"{asked.answer}: {text}")
            body = "\n".join(f"  {q}: {{{', '.join(parts)}}}" for q, parts in blocks.items())
            source = f"assignment: {SHEET}\nstudent: {{id: one}}\nanswers:\n{body}\n"
            report = grader.grade(parse_submission(source, "one.yaml"), "one.yaml")
            said = [
                f"{answer.answer} {answer.verdict}"
                + "".join(f" {m.certainty} {m.id} at {m.where}" for m in answer.mistakes)
                for answer in report.answers
                if answer.answer in wrong
            ]
            lines.append(f"{name}, {digits} digits: {'; '.join(said)}")
    return "\n".join(lines) + "\n"


def test_what_is_named_and_how_surely_is_what_the_table_says():
    assert table() == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(table(), encoding="utf-8")
