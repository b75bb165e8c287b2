"""What evidence is enough: the same mistakes with more and with fewer digits, and what wins.

The table is a golden file, so that no price, margin or bound of evidence changes unseen:
``python tests/checker/diagnosis/test_margins.py`` writes it anew.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from checker.grading import Grader
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment
from submissions_schema.submission import parse_submission

GOLDEN = Path(__file__).parent / "margins.txt"
Case: TypeAlias = tuple[str, dict[str, Any], tuple[str, ...]]
"""What it is called, the wrong answers, and which right ones stand beside them."""
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
    """Mistakes in single formulas, with more and with less beside them."""
    base_2 = {name: right[name] / np.log(2) for name in LOG}
    total = {"L": sum(right[name] for name in LOG)}
    yield "base 2 in one loss, nothing beside", {"l_0": base_2["l_0"]}, ()
    yield "base 2 in one loss, beside a right one", {"l_0": base_2["l_0"]}, ("l_1",)
    yield "base 2 in one loss, beside two right ones", {"l_0": base_2["l_0"]}, ("l_1", "l_2")
    yield "base 2 in two losses", {name: base_2[name] for name in LOG[:2]}, ()
    yield "base 2 in two losses, the third right", {n: base_2[n] for n in LOG[:2]}, LOG[2:]
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


def _own_path(right: dict[str, np.ndarray]):
    """Mistakes in what follows from earlier values that are the student's own."""
    given = load_assignment(find_assignment("fit3181-a2")).file.given
    w, u, b, x = (np.asarray(given[name], dtype=float) for name in ("W", "U", "b", "x"))

    def states(first: np.ndarray) -> dict[str, np.ndarray]:
        found = [first]
        for t in (1, 2):
            found.append(np.tanh(w @ found[-1] + u @ x[t] + b))
        return {f"h_{t}": h for t, h in enumerate(found)}

    yhat = np.array([0.21, 0.47, 0.32])
    yield "base 2 of an own probability", {"yhat_1": yhat, "l_1": -np.log2(yhat[1:2])}, ()
    yield "ln of an own probability", {"yhat_1": yhat, "l_1": -np.log(yhat[1:2])}, ()
    losses = {"l_0": right["l_0"], "l_1": right["l_1"] * 1.31, "l_2": right["l_2"]}
    yield "sum of own losses", {**losses, "L": sum(losses.values())}, ()
    yield "mean of own losses", {**losses, "L": sum(losses.values()) / 3}, ()
    yield "tanh left out of the first state", states(u @ x[0] + b), ()
    yield "bias left out of the first state", states(np.tanh(u @ x[0])), ()
    yield "a first state that nothing explains", states(np.array([0.31, -0.47, 0.62])), ()
    exchanged = {"h_0": right["h_1"], "h_1": right["h_0"]}
    yield "two states exchanged", exchanged, ("h_2",)


def _slips(right: dict[str, np.ndarray]):
    """What was computed right and written down wrong, and what only looks so."""
    h, v = right["h_1"], right["dL_dV"]
    yield "one entry ten times too large", {"h_1": h * [1, 10, 1]}, ()
    yield "one entry ten times too large, worked coarsely", {"h_1": h * [1.004, 10, 0.996]}, ()
    yield "one sign of nine", {"dL_dV": v * np.where(np.arange(9).reshape(3, 3) == 4, -1, 1)}, ()
    yield "all signs", {"dL_dV": -v}, ("L",)
    yield "rows for columns, worked coarsely", {"dL_dV": v.T * 1.003}, ("L",)
    yield "per cent for a fraction", {"yhat_0": right["yhat_0"] * 100}, ()
    yield "backwards", {"yhat_0": right["yhat_0"][::-1]}, ()
    yield "one of three off by a third", {"yhat_0": right["yhat_0"] * [1, 1.33, 1]}, ()
    yield "a loss with the other sign", {"l_1": -right["l_1"]}, ("l_0", "l_2")
    yield "a mean with its decimal point moved", {"L": right["L"] / 10}, LOG
    for name in ("dL_dU", "h_2"):
        for place in (3, 4):
            more = _more(right[name], place)
            yield f"{name} with one more in digit {place} of an entry", {name: more}, ("L",)
            coarse = np.where(more == right[name], right[name] * 1.0005, more)
            yield f"the same of {name}, the others worked coarsely", {name: coarse}, ("L",)


def _more(values: np.ndarray, place: int) -> np.ndarray:
    """The largest entry with one of its digits one too large."""
    largest = np.abs(values) == np.abs(values).max()
    unit = 10.0 ** (np.floor(np.log10(np.abs(values).max())) + 1 - place)
    return np.where(largest, values + np.sign(values) * unit, values)


def _backward(right: dict[str, np.ndarray]):
    """One mistake in several gradients, and several in one."""
    total = {name: 3 * right[name] for name in ("dL_dh1", "dL_dV", "dL_dU")}
    yield "sum for mean in all gradients", total, ("L",)
    yield "sum for mean in two of three", {**total, "dL_dh1": right["dL_dh1"]}, ("L",)
    yield "one gradient that nothing explains", {**total, "dL_dU": right["dL_dU"] * 1.37}, ("L",)
    yield "a sum and a sign", {"dL_dV": -3 * right["dL_dV"]}, ("L",)
    yield "a sum, and a slip in one entry", {"dL_dV": 3 * right["dL_dV"] * SLIP}, ("L",)


SLIP = np.where(np.arange(9).reshape(3, 3) == 4, -1, 1)


def _formulas(right: dict[str, np.ndarray]):
    """Answers that are formulas, wrong by themselves and beside what they name."""
    yield "a factor lost", {"operations": "H * (n_a + 2*D + 4*H)"}, ()
    yield "a product of sizes", {"weights": "H * (D + H)"}, ()
    yield "both", {"weights": "H * (D + H)", "operations": "H * (n_a + 2*D + 3*H - 1)"}, ()
    yield "a step less", {"steps": "2*G"}, ()
    yield "quite another formula", {"steps": "G**3 + 7"}, ()
    yield "a power lost", {"determinant": "beta"}, ()
    c_bar = "c_bar[2]*f[2] + h_bar[1]*o[1]*(1 - tanh(c[1]))"
    yield "a square lost, beside what it names", {"c_bar": c_bar}, ()
    yield "a neighbouring step", {"f_bar": "c_bar[1]*c[1]"}, ()
    both = {"g_bar": "c_bar[1]*f[1]", "o_bar": "-h_bar[1]*tanh(c[1])"}
    yield "another gate, and a sign", both, ()
    yield "all in one formula", {"w_ix_bar": "sum(i_bar[t]*i[t]*(1 - i[t])*h[t], t)"}, ()


def _number(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits - 1}e}'):.{12}g}"


def _text(value: np.ndarray | str, digits: int) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    if value.ndim == 0 or value.size == 1:
        return _number(float(value.ravel()[0]), digits)
    return f"[{', '.join(_text(np.asarray(part), digits) for part in value)}]"


def table() -> str:
    """Return the table: for each case and number of digits what is named, and how surely."""
    return "".join(
        line
        for sheet, cases in (
            ("fit3181-a2", _recurrent),
            ("fit3181-a2", _own_path),
            ("fit3181-a2", _slips),
            ("fit3181-a2", _backward),
            ("hw3-lstm-mdrnn", _formulas),
            ("hw2-cnn-lstm", _pooling),
            ("hw5-rnn-attention", _attention),
        )
        for line in _lines(sheet, cases)
    )


def _lines(sheet: str, cases: Callable[[dict[str, np.ndarray]], Iterator[Case]]) -> Iterator[str]:
    grader = Grader(load_assignment(find_assignment(sheet)))
    right = _answers(grader)
    for name, wrong, beside in cases(right):
        formulas = any(isinstance(value, str) for value in wrong.values())
        for digits in (3,) if formulas else (2, 3, 4, 6):
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
                + "".join(
                    f" {m.certainty} {m.id} at {m.where}"
                    + "".join(f" or {other}" for other in m.alternative_ids)
                    + (" as before" if not m.charged else "")
                    for m in answer.mistakes
                )
                for answer in report.answers
                if answer.answer in wrong
            ]
            yield f"{sheet}, {name}, {digits} digits: {'; '.join(said)}\n"


def test_what_is_named_and_how_surely_is_what_the_table_says():
    assert table() == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(table(), encoding="utf-8")
