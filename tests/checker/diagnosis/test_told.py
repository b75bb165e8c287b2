"""What is told of submissions: mistakes, how sure they are, and what can't be told from them.

The submissions stand in ``told.yaml`` as they were written, each with what is told of it. Their
sheets are shipped ones, those of the bench, or stand there too.
``python -m tests.checker.diagnosis.test_told`` writes anew what is told.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

TOLD = Path(__file__).with_name("told.yaml")
FILE = yaml.safe_load(TOLD.read_text(encoding="utf-8"))
SHEETS, CASES = FILE["sheets"], FILE["cases"]


def told(made: Any, answers: dict[str, str]) -> dict[str, str]:
    """What is told of each answer that was given, in short."""
    report = made.hand_in(answers)
    return {
        answer.answer: " ".join([answer.verdict, *_right(answer), *map(_mistake, answer.mistakes)])
        for answer in report.answers
        if answer.answer in answers
    }


def _right(answer: Any) -> list[str]:
    right = sum(entry.right is True for entry in answer.entries)
    return [f"{right} of {len(answer.entries)}"] if answer.verdict == "partial" else []


def _mistake(mistake: Any) -> str:
    others = "".join(f" or {other}" for other in mistake.alternative_ids)
    again = "" if mistake.charged else ", not charged"
    return f"{mistake.certainty} {mistake.id} at {mistake.where}{others}{again}"


def sheet(case: dict[str, Any]) -> str:
    return SHEETS.get(case["sheet"], case["sheet"])


def test_every_submission_is_there_once():
    names = {case["case"] for case in CASES}
    written = {(case["sheet"], *case["answers"].items()) for case in CASES}
    assert len(names) == len(written) == len(CASES) > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_what_is_told_of_a_submission(bench, case):
    assert told(bench(sheet(case)), case["answers"]) == case["told"]


@pytest.mark.parametrize(
    ("r", "said"),
    [("0.2294", "`p`. You did the same in `q`."), ("0.6814", "`p`. You did the same in `q`, `r`.")],
)
def test_a_mistake_made_in_several_formulas_names_those_that_show_it(bench, r, said):
    report = bench(SHEETS["habits"]).hand_in({"p": "2.583", "q": "-0.3657", "r": r})
    messages = {mistake.message for answer in report.answers for mistake in answer.mistakes}
    assert messages == {f"The term `b[0]` is missing in {said}"}


class _Text(str):
    """A text of several lines."""


yaml.SafeDumper.add_representer(
    _Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
)


def write(sheets: dict[str, str], cases: list[dict[str, Any]]) -> None:
    """Write the file, with what is told now."""
    from tests.checker.conftest import Bench  # noqa: PLC0415 - the bench of the fixtures

    made = {name: Bench(sheets.get(name, name)) for name in {case["sheet"] for case in cases}}
    whole = {
        "sheets": {name: _Text(text.strip() + "\n") for name, text in sheets.items()},
        "cases": [{**case, "told": told(made[case["sheet"]], case["answers"])} for case in cases],
    }
    text = yaml.safe_dump(whole, sort_keys=False, width=96, allow_unicode=True)
    TOLD.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(SHEETS, CASES)
