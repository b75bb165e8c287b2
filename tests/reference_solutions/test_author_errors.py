"""What authors get wrong, one sheet each, and what they are told.

``python tests/reference_solutions/test_author_errors.py`` writes the messages anew.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from reference_solutions.assignment import load_assignment
from reference_solutions.graph.node import REFUSALS, refusal
from reference_solutions.operations import callable_operations
from submissions_schema.problems import InputError

CASES = sorted((Path(__file__).parents[1] / "cases" / "author_errors").glob("*.yaml"))
NOT_OURS = re.compile(
    r"ufunc|out of bounds for|could not|cannot reshape|matmul:|NoneType|positional|Traceback"
    r"|unsupported operand|object of type|setting an array|must be broadcastable|einsum|<class",
)
"""How Python and numpy speak."""


def messages(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_assignment(path, name=path.name)
    return "".join(f"{problem}\n" for problem in caught.value.problems)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_author_is_told_what_is_wrong_and_where(path):
    said = messages(path)
    assert said == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert not NOT_OURS.search(said)
    assert all(re.match(rf"{path.name}:\d+:\d+: ", line) for line in said.splitlines())


def test_there_are_cases_enough():
    assert len(CASES) >= 30


SHAPES = [(), (3,), (2, 2), (2, 3), (2, 1, 3, 3)]


@pytest.mark.parametrize("name", callable_operations())
def test_an_operation_refuses_operands_in_our_words(name):
    operation = callable_operations()[name]
    axes = [{}]
    if "axis" in operation.params:
        axes += [{"axis": v} for v in (2, -3, (0, 2, 3)) if operation.params["axis"].takes(v)]
    fewest, most = operation.arity
    for count in range(max(fewest, 1), min(most, 3) + 1):
        for shapes in itertools.product(SHAPES, repeat=count):
            for params in axes:
                operands = [np.arange(np.prod(s, dtype=int)).reshape(s) + 0.5 for s in shapes]
                try:
                    operation.check_call(count, params)
                    with np.errstate(all="ignore"):
                        operation.compute(*operands, **params)
                except REFUSALS as error:
                    said = refusal(error, operands)
                    assert said
                    assert not NOT_OURS.search(said), (shapes, params, said)


def sheet(steps: str, given: str = "W: [[1, 2], [0, 1]], x: [1, 3], b: [1, 2]") -> str:
    lines = "".join(f"  {line}\n" for line in steps.strip().splitlines())
    return (
        f"assignment: sheet\ntitle: A sheet\nindex: {{t: 0..1}}\ngiven: {{{given}}}\n"
        f"steps:\n{lines}questions: {{q: {{points: 1, answers: {{z: z}}}}}}\n"
    )


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("z: x @ W @ b.T + grad(s, w)\ns: sum(x)", "did you mean `W`?"),
        ("z: dz_dx\ny: sum(x)", "the derivative is written `grad(z, x)`"),
        ("z: dy/dx\ny: sum(x)", "the derivative is written `grad(y, x)`"),
        ("z: dy/dh_1\ny: sum(h[1])\nh[t]: x[t] * x", "`grad(y, h[1])`"),
        ("z: dx * 2", "a gradient is written `grad(…, x)`"),
        ("z: qqq * 2", "there are `W`, `x`, `b`"),
        ("z: x * W + [1, 2, 3]", "the matrix product is `x @ W`"),
        ('z: "[1, 2, 3] @ W"', "can't multiply shapes (3,) and (2, 2)"),
        ("z: sqrt(x - 2)", "`sqrt` gives no number at [0], where `x - 2` is -1"),
        ("z: 1 / (x - 1)", "`/` gives infinity at [0], where `x - 1` is 0"),
        ("z: log(W)", "`log` gives minus infinity at [1, 0], where `W` is 0"),
        ("y: log(x - 1)\nz: y + 1", "y is not a finite number"),
        ("z: sum(W, axis=2)", "there is no axis 2 in an array of shape (2, 2)"),
        ("z: sum(x, axis=1)", "its only axis is 0"),
    ],
)
def test_a_message_says_what_is_likely_meant(steps, words, tmp_path):
    path = tmp_path / "sheet.yaml"
    path.write_text(sheet(steps))
    assert words in messages(path)


def test_an_error_that_comes_of_another_is_not_told(tmp_path):
    path = tmp_path / "sheet.yaml"
    path.write_text(sheet("y: wrong(x)\nz: y + q\nv: z @ y\nu: 1 / (b - 1)"))
    said = messages(path).splitlines()
    assert len(said) == 2
    assert "unknown function `wrong`" in said[0]
    assert "u is not a finite number" in said[1]


def test_many_errors_are_told_in_the_order_of_the_file(tmp_path):
    path = tmp_path / "sheet.yaml"
    path.write_text(sheet("\n".join(f"s{n}: nothing{n} + {n}" for n in range(8)) + "\nz: x"))
    lines = messages(path).splitlines()
    assert [int(line.split(":")[1]) for line in lines] == list(range(6, 14))


if __name__ == "__main__":
    for case in CASES:
        case.with_suffix(".txt").write_text(messages(case), encoding="utf-8")
