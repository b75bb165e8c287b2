"""Every kind of answer is complete, and a new one is one module."""

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from jsonschema.exceptions import best_match

import checker.answer_kinds as kinds_package
from checker.answer_kinds import answer_kinds, kind_of, kind_of_form
from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.kind import ComputedKind
from submissions_schema.answers import AnswerSpec, TextAnswer
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.by_kind import kind_name, kinds_below
from submissions_schema.problems import InputError

MADE_UP = Path(__file__).parent / "made_up"

SHEET = """
assignment: statements
title: Statements
given: {a: [1, 2]}
questions:
  q:
    points: 4
    answers:
      sum: {value: sum(a), points: 1}
      first: {kind: yes_no, holds: true, prompt: The sum is odd., points: 1}
      second: {kind: yes_no, holds: false, prompt: The sum is even., points: 1}
      third: {kind: yes_no, holds: true, points: 1}
"""


@pytest.mark.parametrize("spec", list(kinds_below(AnswerSpec)), ids=kind_name)
def test_what_an_assignment_may_ask_has_a_kind_that_is_whole(spec):
    kind = answer_kinds()[spec]
    assert not inspect.isabstract(type(kind))
    assert kind_name(kind.form) == kind_name(spec)
    assert issubclass(kind.form, AnswerForm)
    assert isinstance(kind, ComputedKind) == spec.computed
    assert spec.computed or not spec.symbolic


def test_kinds_are_told_apart_by_specification_and_by_form():
    kinds = list(answer_kinds().values())
    assert len({kind.form for kind in kinds}) == len({kind.spec for kind in kinds}) == len(kinds)
    text = TextAnswer(kind="text")
    assert kind_of(text) is kind_of_form(kind_of(text).form(kind="text"))


def test_nothing_but_its_own_module_asks_which_kind_an_answer_has():
    package = Path(kinds_package.__file__).parent
    specs = list(kinds_below(AnswerSpec))
    models, names = ("|".join(map(of, specs)) for of in (lambda spec: spec.__name__, kind_name))
    by_name = rf"\.kind\s*(?:==|!=|in)\s*[(\[{{]?\s*[\"'](?:{names})\b"
    asks = re.compile(rf"isinstance\([^()]*\b(?:{models})\b|{by_name}")
    for file in package.parent.rglob("*.py"):
        if file.parent != package:
            assert not asks.search(file.read_text(encoding="utf-8")), file


WITH_A_NEW_KIND = """
import json, sys
import checker.answer_kinds as kinds
kinds.__path__.append(sys.argv[1])
kinds.answer_kinds.cache_clear()
kinds.answer_kinds()
from checker.cli import app
from typer.testing import CliRunner
results = [CliRunner().invoke(app, command) for command in json.loads(sys.argv[2])]
print(json.dumps([[result.exit_code, result.output] for result in results]))
"""


def run_with_a_new_kind(*commands):
    """Run commands in a process in which the made-up kind lies beside the others."""
    words = json.dumps([[str(word) for word in command] for command in commands])
    command = [sys.executable, "-W", "error", "-c", WITH_A_NEW_KIND, str(MADE_UP), words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_new_kind_works_from_the_template_to_the_report(tmp_path):
    sheet, handout = tmp_path / "sheet.yaml", tmp_path / "statements.handout.yaml"
    sheet.write_text(SHEET)
    answers = {"q": {"sum": 3, "first": "yes", "second": "yes", "third": "perhaps"}}
    data = {"assignment": "statements", "student": {"id": "s1"}, "answers": answers}
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    file = folder / "s1.yaml"
    file.write_text(json.dumps(data))

    made, template, schema, validated, graded = run_with_a_new_kind(
        ("handout", sheet, "--out", handout),
        ("template", handout, "--student", "s1"),
        ("schema", handout),
        ("validate", file, "--assignment", handout),
        ("grade", folder, "--assignment", sheet, "--out", out, "--reveal", "--jobs", 1),
    )

    assert made == [0, ""]
    assert template[0] == 0
    assert "# A statement holds, yes, or does not, no." in template[1]
    assert "first:  # yes or no" in template[1]

    errors = jsonschema.Draft202012Validator(json.loads(schema[1])).iter_errors(data)
    error = best_match(errors)
    assert list(error.absolute_path) == ["answers", "q", "third"]

    assert validated[0] == 2
    assert "error: this is neither yes nor no" in validated[1]

    assert graded[0] == 1, graded[1]  # not all is right
    (student,) = json.loads((out / "results.json").read_text())["submissions"]
    by_id = {answer["answer"]: answer for answer in student["answers"]}
    verdicts = [by_id[id]["verdict"] for id in ("sum", "first", "second", "third")]
    assert verdicts == ["correct", "correct", "wrong", "invalid"]
    assert (by_id["second"]["points"], by_id["second"]["expected"]) == (0, "no")


def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(InputError) as caught:
        parse_assignment_file(SHEET, "sheet.yaml")
    problem = caught.value.problems[0]
    assert "`number`" in (problem.expected or "")
    assert "yes_no" in (problem.got or "")
