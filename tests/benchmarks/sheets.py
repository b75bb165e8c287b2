"""Sheets of any size, to time grading with: unrolled LSTMs, and loops of gradient descent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import yaml

from reference_solutions.assignment import Assignment, build_assignment
from submissions_schema.assignment_file import parse_assignment_file

SHEETS = ("lstm-2x2", "lstm-4x4", "lstm-2x8", "lstm-6x6", "lstm-8x8", "train-10", "train-100")
"""The sheets that the bound is checked on; any other of these two forms will do as well."""

_FEATURES, _CLASSES, _EXAMPLES = 2, 3, 4


def sheet(name: str) -> Assignment:
    """Make a sheet: ``lstm-UNITSxSTEPS`` or ``train-STEPS``. Raises ValueError for another name."""
    if found := re.fullmatch(r"lstm-(\d+)x(\d+)", name):
        text = _lstm(name, int(found[1]), int(found[2]))
    elif found := re.fullmatch(r"train-(\d+)", name):
        text = _training(name, int(found[1]))
    else:
        raise ValueError(f"there is no sheet `{name}`; expected lstm-UNITSxSTEPS or train-STEPS")
    return build_assignment(parse_assignment_file(text.encode(), name))


def _drawn(seed: Sequence[int]) -> Callable[..., list[object]]:
    generator = np.random.default_rng(list(seed))
    return lambda *shape: np.round(generator.uniform(-1, 1, shape), 2).tolist()


def _lstm(name: str, units: int, steps: int) -> str:
    drawn = _drawn((units, steps))
    given: dict[str, object] = {}
    for gate in "fiog":
        given |= {
            f"W{gate}": drawn(units, _FEATURES),
            f"U{gate}": drawn(units, units),
            f"b{gate}": drawn(units),
        }
    given |= {"x": drawn(steps, _FEATURES), "V": drawn(_CLASSES, units), "a": drawn(_CLASSES)}
    given |= {"y": [t % _CLASSES for t in range(steps)]}
    given |= {"h[-1]": [0.0] * units, "c[-1]": [0.0] * units}
    formulas = {
        f"{gate}[t]": f"{function}(W{gate} @ x[t] + U{gate} @ h[t-1] + b{gate})"
        for gate, function in {"f": "sigmoid", "i": "sigmoid", "o": "sigmoid", "g": "tanh"}.items()
    }
    formulas |= {
        "c[t]": "f[t] * c[t-1] + i[t] * g[t]",
        "h[t]": "o[t] * tanh(c[t])",
        "p[t]": "softmax(V @ h[t] + a)",
        "l[t]": "cross_entropy(y[t], p[t])",
        "L": "mean(l)",
    }
    states = {f"{name}_{t}": f"{name}[{t}]" for t in range(steps) for name in "hc"}
    losses = {f"l_{t}": f"l[{t}]" for t in range(steps)} | {"L": "L"}
    gradients = {f"d{of}": f"grad(L, {of})" for of in ("V", "Wf", "Ui", "bo")}
    return _text(name, {"t": f"0..{steps - 1}"}, given, formulas, [states, losses, gradients])


def _training(name: str, steps: int) -> str:
    drawn = _drawn((steps,))
    given = {"X": drawn(_EXAMPLES, _FEATURES), "y": drawn(_EXAMPLES), "eta": 0.3}
    given |= {"w[0]": [0.5, -0.25]}
    formulas = {
        "e[k]": "X @ w[k-1] - y",
        "L[k]": "mean(e[k] ** 2)",
        "g[k]": f"X.T @ e[k] * 2 / {_EXAMPLES}",
        "w[k]": "w[k-1] - eta * g[k]",
    }
    asked = sorted({*range(1, min(3, steps) + 1), max(1, steps // 2), steps})
    answers = {f"{name}_{k}": f"{name}[{k}]" for k in asked for name in "wL"}
    return _text(name, {"k": f"1..{steps}"}, given, formulas, [answers])


def _text(
    name: str,
    index: dict[str, str],
    given: dict[str, object],
    steps: dict[str, str],
    questions: Sequence[dict[str, str]],
) -> str:
    return yaml.safe_dump(
        {
            "assignment": name,
            "title": name,
            "index": index,
            "given": given,
            "steps": steps,
            "questions": {
                f"q{n}": {"points": 4, "answers": answers} for n, answers in enumerate(questions, 1)
            },
        },
        sort_keys=False,
    )
