"""A worked solution as JSON, for other programs; numbers have all their digits."""

from __future__ import annotations

import json
from typing import Any

from checker.authoring.key.solution import Quantity, RightAnswer, Solution
from reference_solutions.graph import Array

VERSION = 1


def solution_json(found: Solution) -> str:
    """Return a worked solution as JSON; ``null`` is a value that varies with the symbols."""
    data = {
        "format": "homework-checker/key",
        "version": VERSION,
        "assignment": found.assignment,
        "title": found.title,
        "numbers_of": found.whose or None,
        "content_hash": found.content_hash,
        "quantities": [_quantity(quantity) for quantity in found.quantities],
        "answers": [_answer(answer) for answer in found.answers],
    }
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {
        "name": quantity.name,
        "kind": quantity.kind,
        "formula": quantity.formula or None,
        "latex": quantity.latex,
        "says": quantity.says or None,
        "instances": [
            {"name": one.name, "shape": list(one.shape), "value": _numbers(one.value)}
            for one in quantity.instances
        ],
    }


def _answer(answer: RightAnswer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "answer": answer.answer,
        "kind": answer.kind,
        "points": answer.points,
        "asks": answer.asks or None,
        "value": _numbers(answer.value),
        "latex": answer.latex or None,
        "text": answer.text or None,
    }


def _numbers(value: Array | None) -> object:
    return None if value is None else (value + 0.0).tolist()
