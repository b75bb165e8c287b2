"""The checks of lint: their examples are their tests."""

import pytest

from checker.authoring.lint.checks import checks
from checker.authoring.lint.run import lint
from checker.authoring.lint.sheet import LintedSheet
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file

HEAD = "assignment: sheet\ntitle: A sheet\n"
EXAMPLES = [
    pytest.param(check, example, id=f"{check.id}-{number}")
    for check in checks().values()
    for number, example in enumerate(check.examples)
]
FINE = [
    pytest.param(check, text, id=f"{check.id}-{number}")
    for check in checks().values()
    for number, text in enumerate(check.fine)
]


def sheet_of(text):
    loaded = parse_assignment_file(HEAD + text, "sheet.yaml")
    return LintedSheet(loaded, build_assignment(loaded))


@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_a_check_says_of_its_example_what_is_weak_and_where(check, example):
    line = next(
        number
        for number, text in enumerate((HEAD + example.sheet).splitlines(), 1)
        if example.at in text
    )
    found = [one.remark for one in lint(sheet_of(example.sheet)).findings if one.check == check.id]
    said = [f"{remark.place}: {remark.message} | {remark.hint}" for remark in found]
    assert any(
        remark.place.line == line
        and remark.place.column
        and all(word in f"{remark.message} {remark.hint}" for word in example.words)
        for remark in found
    ), said


@pytest.mark.parametrize(("check", "text"), FINE)
def test_a_check_says_nothing_of_a_sheet_that_is_fine(check, text):
    found = [one.remark.message for one in lint(sheet_of(text)).findings if one.check == check.id]
    assert found == []


@pytest.mark.parametrize("check", checks().values(), ids=lambda check: check.id)
def test_a_check_has_an_id_words_and_both_kinds_of_examples(check):
    assert check.id.replace("-", "").isalpha()
    assert check.says.endswith(".")
    assert check.examples
    assert check.fine
