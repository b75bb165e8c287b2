"""What earns beside how much that is made up: the same work with more and less around it.

The table is a golden file, so that no bound of what shows work changes unseen:
``python tests/checker/grading/test_earning.py`` writes it anew.
"""

import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))

import numpy as np

from tests.checker.conftest import Bench, nested

GOLDEN = Path(__file__).parent / "earning.txt"

CHAIN = """
assignment: chain
title: A chain, and quantities beside it
given:
  A: [[1.5, -2.5, 0.5], [0.5, 3.5, 1.1], [-0.7, 0.4, 2.3]]
  x: [0.93, -1.27, 0.41]
  c: [0.31, 0.87, -1.13]
  n: 36
steps:
  a: tanh(A @ x + c)
  s: sum(a * x)
  e: exp(s) + 0.7
  d: softmax(A @ c)
  l: -log(d[0])
  p: A @ A
  k: conv_output_size(n, 5, 1, 2)
questions:
  one: {points: 3, answers: {a: a, s: s, e: e}}
  two: {points: 4, answers: {d: d, l: l, p: p, k: {kind: integer, value: k}}}
"""
OTHERS = ("d", "l", "p")


def _made_up(right: np.ndarray) -> np.ndarray:
    generator = np.random.default_rng(right.size)
    return np.asarray(right * generator.uniform(1.3, 2.2, right.shape) + 0.181)


def _starts(made: Bench) -> Iterator[tuple[str, dict[str, np.ndarray], tuple[int, ...]]]:
    """What somebody may have worked out: its name, its answers, and with how many digits."""
    right = dict(zip(made.names, made.right(), strict=True))
    x = np.array([0.93, -1.27, 0.41])

    def chain(a: np.ndarray) -> dict[str, np.ndarray]:
        s = np.asarray((a * x).sum())
        return {"a": a, "s": s, "e": np.exp(s) + 0.7}

    own = chain(np.array([0.413, -0.731, 0.277]))
    yield "nothing", {}, (3,)
    yield "what follows from a made-up vector", own, (2, 3, 5)
    yield "one number that follows", {"a": own["a"], "s": own["s"]}, (2, 3, 5)
    yield "what follows from one number everywhere", chain(np.full(3, 0.25)), (3,)
    yield "what follows from a unit vector", chain(np.array([0.0, 1.0, 0.0])), (3,)
    yield "one entry of three", {"a": right["a"] * [1, 1.4, 0.7]}, (2, 3, 5)
    yield "two entries of three", {"a": right["a"] * [1, 1, 0.7]}, (2, 3, 5)
    yield "a right vector", {"a": right["a"]}, (1, 2, 3)
    yield "a right number", {"s": right["s"]}, (1, 2, 3)
    yield "what follows from rounded numbers", chain(np.round(right["a"], 1)), (2,)
    yield "tanh left out, carried on", chain(np.arctanh(right["a"])), (2, 3, 5)
    yield "tanh left out", {"a": np.arctanh(right["a"])}, (2, 3, 5)
    yield "a sign in one number", {"s": -right["s"]}, (3, 5)
    yield "base 10", {"l": right["l"] / np.log(10)}, (2, 3, 5)
    signs = {"a": np.arctanh(right["a"]) * [1, -1, 1]}
    yield "tanh left out, and a sign", signs, (3, 5)
    product = np.array([[1.5, -2.5, 0.5], [0.5, 3.5, 1.1], [-0.7, 0.4, 2.3]]) @ x
    yield "tanh and a term left out", {"a": product}, (3, 5)
    yield (
        "base 10 and tanh left out",
        {"a": np.arctanh(right["a"]), "l": right["l"] / np.log(10)},
        (3, 5),
    )
    for count in (1, 2, 4):
        some = np.where(np.arange(9).reshape(3, 3) < count, 1, 1.37)
        yield f"{count} of nine entries", {"p": right["p"] * some}, (2, 3)
    yield "a whole number without the padding", {"k": right["k"] - 1}, (2,)
    yield "a whole number", {"k": right["k"]}, (2,)
    yield "a whole number one too large", {"k": right["k"] + 1}, (2,)


def table() -> str:
    """Return the table: for each case and number of digits what each answer earns."""
    made = Bench(CHAIN)
    right = dict(zip(made.names, made.right(), strict=True))
    lines = []
    for name, worked, some_digits in _starts(made):
        others = [one for one in OTHERS if one not in worked]
        besides = [(), *((one,) for one in others), tuple(others)]
        besides += [pair for pair in combinations(others, 2) if name == "nothing"]
        for digits in some_digits:
            for beside in besides:
                values = {one: nested(_made_up(right[one]), 3) for one in beside}
                values |= {
                    one: str(int(value)) if one == "k" else nested(np.asarray(value), digits)
                    for one, value in worked.items()
                }
                if not values:
                    continue
                report = made.hand_in(values)
                said = [
                    f"{answer.answer} {answer.verdict} {answer.points:.2f}"
                    + (" without work" if "without doing the work" in answer.reason else "")
                    for answer in report.answers
                    if answer.answer in values
                ]
                around = f", {' '.join(beside)} made up" if beside else ""
                lines.append(f"{name}, {digits} digits{around}: {'; '.join(said)}\n")
    return "".join(lines)


def test_what_is_worked_out_earns_what_the_table_says_beside_what_is_made_up():
    assert table() == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(table(), encoding="utf-8")
