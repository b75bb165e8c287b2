"""What an editor shows a student: the real yaml-language-server and ajv read our schemas.

``EDITOR_NODE_MODULES`` names the folder ``node_modules`` in which npm has installed the two.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from checker.students.handout import make_handout
from checker.students.schema import schema_for
from checker.students.template import template_text
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file

MODULES = os.environ.get("EDITOR_NODE_MODULES", "")
pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and MODULES and Path(MODULES, "yaml-language-server").is_dir()),
    reason="node, yaml-language-server and ajv are not installed",
)

TINY = b"""
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: x / s, m: "[[x[0], x[1]], [x[1], x[2]]]"}
questions:
  sum: {title: Sum, points: 2, answers: {s: s}}
  several: {points: 3, answers: {r: r, s: s, m: m}}
  count: {points: 1, answers: {n: {kind: integer, value: "3"}}}
  choice: {points: 1, answers: {c: {kind: choice, options: {a: A, b: B}, correct: [a]}}}
  why: {points: 1, answers: {text: {kind: text}}}
"""
HEAD = "assignment: tiny\nstudent: ada\nanswers:\n"


def editor(handout, *texts):
    """What the editor says of each text, which may be a pair of a text and where to complete."""
    asked = [
        {"text": text, "data": yaml.safe_load(text), "complete": None}
        if isinstance(text, str)
        else {"text": text[0], "complete": text[1]}
        for text in texts
    ]
    done = subprocess.run(
        ["node", Path(__file__).with_name("editor.cjs")],
        input=json.dumps({"schema": schema_for(handout), "texts": asked}, default=str),
        env={**os.environ, "EDITOR_NODE_MODULES": str(Path(MODULES).resolve())},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def handout():
    return make_handout(build_assignment(parse_assignment_file(TINY, "tiny.yaml")))


def test_the_schemas_compile_in_strict_mode_and_all_agree_on_the_real_submissions(
    shipped, handout_of, cases
):
    texts = [path.read_text(encoding="utf-8") for path in (cases / shipped).glob("*.yaml")]
    assert texts
    for told in editor(handout_of(shipped), *texts):
        assert told["valid"]
        assert told["underlined"] == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("sum: 0,5", "expected a number, in digits or as arithmetic, with a decimal point"),
        ("sum: {s: 50 %}", "expected a number, in digits or as arithmetic"),
        ("sum: true", "expected a number"),
        ("sum: [1, 2]", "Expected 1 or fewer"),
        ("several: {r: [1, five, 2]}", "expected a number, in digits or as arithmetic"),
        ("several: {r: 3}", "expected 3 numbers, as a list in brackets"),
        ("several: {m: [[1, 2], [3, 4 %]]}", "expected a number, in digits"),
        ("several: {m: [1, 2]}", "expected 2 x 2 numbers, row by row"),
        ("several: 3", "expected a mapping of answers: r, s, m"),
        ("count: 2.5", "expected a whole number"),
        ("choice: z", "Valid values"),
    ],
)
def test_a_bad_answer_is_underlined_with_a_sentence_and_not_a_pattern(handout, answer, message):
    (told,) = editor(handout, f"{HEAD}  {answer}\n")
    assert told["valid"] is False
    (underlined,) = told["underlined"]
    assert underlined["line"] == 4
    assert message in underlined["message"]
    assert "(?" not in underlined["message"]


def test_the_place_for_the_students_id_is_explained(handout):
    told, signed = editor(handout, template_text(handout), template_text(handout, student="ada"))
    (underlined,) = told["underlined"]
    assert underlined["message"].startswith("write your own id in place of `your-student-id`")
    assert signed["underlined"] == []


def test_completion_inserts_a_key_and_a_place_to_write_at_not_a_list(handout):
    questions = (f"{HEAD}  \n", {"line": 3, "character": 2})
    answers = (f"{HEAD}  several:\n    \n", {"line": 4, "character": 4})
    first, second = editor(handout, questions, answers)
    assert {"label": "sum", "text": "sum: "} in first["offered"]
    assert {item["text"] for item in second["offered"]} == {"r: ", "s: ", "m: "}
