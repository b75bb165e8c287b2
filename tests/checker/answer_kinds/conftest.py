"""Reports on single formulas."""

import json

import pytest

from tests.checker.answer_kinds.formula_sheet import SHEET


@pytest.fixture(scope="module")
def judge(bench, by_answer):
    """The report on one formula, and the seconds it took."""

    def judge(formula: str, answer: str = "square"):
        text = f"  q: {{{answer}: {json.dumps(formula, ensure_ascii=False)}}}"
        return by_answer(bench(SHEET).grade(text))[answer]

    return judge
