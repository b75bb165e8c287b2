"""What evidence is enough: the same mistakes with more and with fewer digits, and what wins.

The table is a golden file, so that no price, margin or bound of evidence changes unseen:
``python tests/checker/diagnosis/test_margins.py`` writes it anew.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from checker.grading import Grader
from reference_solutions.assignment import find_assignment, load_assignment
from submissions_schema.submission import parse_submission

GOLDEN = Path(__file__).parent / "margins.txt"
Case: TypeAlias = tuple[str, dict[str, Any], tuple[str, ...]]
LOG = ("l_0", "l_1", "l_2")


def _answers(grader: Grader) -> dict[str, np.ndarray]:
    layout = grader.key.layout
    return {
        asked.answer: np.asarray(layout.values[at]).reshape(layout.shapes[at])
        for at, asked in enumerate(grader.key.asked)
        if at not in layout.symbolic
    }


def _pooling(right: dict[str, np.ndarray]):
    ones = {f"image_{i}": np.ones((2, 2)) for i in (1, 2, 3, 4)}
    yield "the largest for the average, ones everywhere", ones, ()
    yield "one such image", {"image_1": ones["image_1"]}, ()
    yield "weights without the biases", {"i": np.asarray(600.0)}, ()


def _attention(right: dict[str, np.ndarray]):
    yield "a key for its value", {"output": np.array([0.0, -2.0, -4.0])}, ()
    yield "zeros", {"output": np.zeros(3)}, ()


def _recurrent(right: dict[str, np.ndarray]):
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
    one_hot = {f"yhat_{t}": np.eye(3)[right[f"yhat_{t}"].argmax()] for t in range(3)}
    yield "the largest probability as 1", one_hot, ()
    yield "last loss for the mean, which it repeats", {"L": right["l_2"]}, LOG
    yield "probabilities of the step before", {"yhat_1": right["yhat_0"]}, ("yhat_0",)
    coarse = {name: np.round(right[name] / np.log(2) * 1.002, 4) for name in LOG}
    yield "base 2, worked coarsely", coarse, ()
    coarse = {"dL_dU": right["dL_dU"] * 3 * 1.004}
    yield "gradient of the sum, worked coarsely", coarse, ("h_0", "h_1")
    yield "a sum too much, and transposed", {"dL_dU": 3 * right["dL_dU"].T}, ("dL_dV",)
    both = {"dL_dV": 3 * right["dL_dV"].T, "dL_dU": 3 * right["dL_dU"].T, "L": 3 * right["L"]}
    yield "the same in two gradients, and in the loss", both, LOG


def _number(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits - 1}e}'):.{12}g}"


def _text(value: np.ndarray, digits: int) -> str:
    if value.ndim == 0 or value.size == 1:
        return _number(float(value.ravel()[0]), digits)
    return f"[{', '.join(_text(np.asarray(part), digits) for part in value)}]"


def table() -> str:
    """Return the table: for each case and number of digits what is named, and how surely."""
    return "".join(
        line
        for sheet, cases in (
            ("fit3181-a2", _recurrent),
            ("hw2-cnn-lstm", _pooling),
            ("hw5-rnn-attention", _attention),
        )
        for line in _lines(sheet, cases)
    )


def _lines(sheet: str, cases: Callable[[dict[str, np.ndarray]], Iterator[Case]]) -> Iterator[str]:
    grader = Grader(load_assignment(find_assignment(sheet)))
    right = _answers(grader)
    for name, wrong, beside in cases(right):
        for digits in (2, 3, 4, 6):
            written = {**{other: right[other] for other in beside}, **wrong}
            blocks: dict[str, list[str]] = {}
            for asked in grader.key.asked:
                if asked.answer in written and f"{asked.answer}:" not in str(blocks):
                    text = _text(written[asked.answer], digits)
                    blocks.setdefault(asked.question, []).append(f"{asked.answer}: {text}")
            body = "\n".join(f"  '{q}': {{{', '.join(parts)}}}" for q, parts in blocks.items())
            source = f"assignment: {sheet}\nstudent: {{id: one}}\nanswers:\n{body}\n"
            report = grader.grade(parse_submission(source, "one.yaml"), "one.yaml")
            said = [
                f"{answer.answer} {answer.verdict}"
                + "".join(f" {m.certainty} {m.id} at {m.where}" for m in answer.mistakes)
                for answer in report.answers
                if answer.answer in wrong
            ]
            yield f"{sheet}, {name}, {digits} digits: {'; '.join(said)}\n"


def test_what_is_named_and_how_surely_is_what_the_table_says():
    assert table() == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(table(), encoding="utf-8")
