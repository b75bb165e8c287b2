"""Numbers of one's own in grading: as if the sheet had been written with them."""

import json
import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from checker import cli
from checker.grading import Grader, IndividualGrader
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.submission import parse_submission
from tests.simulation.cohort import Cohort
from tests.simulation.simulator import THOUSAND, Simulator

SEED = b"0123456789abcdef"
OWN = """
assignment: own
title: Numbers of one's own
index: {t: 0..1}
given:
  W: {draw: integers, from: -2..2, shape: [3, 3]}
  U: {draw: decimals, from: -1..1, places: 1, shape: [3, 3], without: [0]}
  b: {draw: permutation, of: [0, 1, -1]}
  h[-1]: [0, 0.5, 0]
  x: {draw: choices, of: [-1, 0.5, 1], shape: [2, 3]}
  y: {draw: integers, from: 0..2, shape: [2]}
require: [max(abs(h)) < 0.995]
steps:
  h[t]: tanh(W @ h[t-1] + U @ x[t] + b)
  p[t]: softmax(h[t])
  l[t]: cross_entropy(y[t], p[t])
  L: mean(l)
questions:
  q1: {title: States, points: 3, answers: {h_0: "h[0]", h_1: "h[1]", p: "p[1]"}}
  q2: {title: Loss, points: 3, answers: {L: L}}
  q3: {title: Gradient, points: 3, answers: {dU: "grad(L, U)"}}
"""


def build(text):
    return build_assignment(parse_assignment_file(text, "own.yaml"))


def written_out(own):
    """The same sheet with a student's numbers written into it."""
    lines = [f"  {name}: {tree}" for name, tree in own.file.given.items()]
    text = re.sub(r"given:\n(  .*\n)+", "given:\n" + "\n".join(lines) + "\n", OWN)
    return build(re.sub(r"require:.*\n", "", text).replace("'", ""))


def submissions(own, count, seed):
    for one in Simulator(Cohort(own), seed).submissions(count, THOUSAND, careful=True, prose=True):
        yield one.text


def by(student, text):
    return re.sub(r"(?m)^student:.*(\n  .*)*", f"student: {student}", text, count=1)


@pytest.fixture(scope="module")
def individual():
    return IndividualGrader(build(OWN), SEED)


@pytest.mark.parametrize("student", ["ada", "bob"])
def test_what_is_said_is_what_a_sheet_with_these_numbers_says(individual, student):
    own = individual.assignment.of_student(student, SEED)
    plain = Grader(written_out(own))
    said = set()
    for text in submissions(own, 8, seed=sum(map(ord, student))):
        loaded = parse_submission(by(student, text), "a.yaml")
        mine, theirs = (grader.grade(loaded, "a.yaml") for grader in (individual, plain))
        for one, other in zip(mine.questions, theirs.questions, strict=True):
            for answer, same in zip(one.answers, other.answers, strict=True):
                # Rounding is sampled around the same values, so numbers agree to their noise.
                assert replace(answer, numbers=None) == replace(same, numbers=None)
                said |= {mistake.id for mistake in answer.mistakes}
        assert mine.score == theirs.score
    assert said


def test_a_number_of_ones_own_copied_wrong_is_named_with_ones_own_numbers(individual):
    own = individual.assignment.of_student("ada", SEED)
    right = own.file.given["U"][0][0]
    wrong = right[1:] if right.startswith("-") else f"-{right}"
    tree = [list(row) for row in own.file.given["U"]]
    tree[0][0] = wrong
    mistaken = written_out(
        replace(own, file=own.file.model_copy(update={"given": {**own.file.given, "U": tree}}))
    )
    values = {
        asked.answer: mistaken.reference.graph.value(asked.target.node).round(5).tolist()
        for asked in mistaken.asked
    }
    text = (
        "assignment: own\nstudent: ada\nanswers:\n"
        f"  q1: {{h_0: {values['h_0']}, h_1: {values['h_1']}, p: {values['p']}}}\n"
        f"  q2: {{L: {values['L']}}}\n  q3: {{dU: {values['dU']}}}\n"
    )
    report = individual.grade(parse_submission(text, "a.yaml"), "a.yaml")
    mistake = report.questions[0].answers[0].mistakes[0]
    assert mistake.id == "given-miscopied"
    assert f"`U[0, 0] = {float(right):g}`" in mistake.message


def test_without_a_seed_nothing_is_graded():
    with pytest.raises(InputError, match="the seed is missing"):
        IndividualGrader(build(OWN), None)


@pytest.fixture
def course(tmp_path):
    """An assignment, its seed, and right submissions of three students."""
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "own.seed").write_bytes(SEED)
    folder = tmp_path / "submissions"
    folder.mkdir()
    assignment = build(OWN)
    for student in ("ada", "bob", "cyd"):
        own = assignment.of_student(student, SEED)
        values = {
            asked.answer: own.reference.graph.value(asked.target.node).round(5).tolist()
            for asked in own.asked
        }
        text = (
            f"assignment: own\nstudent: {student}\nanswers:\n"
            f"  q1: {{h_0: {values['h_0']}, h_1: {values['h_1']}, p: {values['p']}}}\n"
            f"  q2: {{L: {values['L']}}}\n  q3: {{dU: {values['dU']}}}\n"
        )
        (folder / f"{student}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def results(folder):
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return {one["student"]: one for one in found["submissions"]}


def test_grade_takes_each_students_own_numbers(course):
    out = course / "out"
    done = run("grade", course / "submissions", "-a", course / "own.yaml", "--out", out)
    assert done.exit_code == 0, done.output
    assert {name: one["score"] for name, one in results(out).items()} == dict.fromkeys(
        ("ada", "bob", "cyd"), 9.0
    )
    everything = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert SEED not in everything


def test_who_hands_in_a_neighbours_answers_is_said_to_the_teacher(course):
    out = course / "out"
    path = course / "submissions" / "bob.yaml"
    theirs = (course / "submissions" / "ada.yaml").read_text(encoding="utf-8")
    path.write_text(theirs.replace("student: ada", "student: bob"), encoding="utf-8")
    done = run("grade", course / "submissions", "-a", course / "own.yaml", "--out", out)
    said = "bob.yaml: 5 answers of `bob` are right for the numbers of `ada`, not for their own"
    assert said in done.stderr
    assert "q1 h_0, q1 h_1, q1 p, q2 L, q3 dU" in done.stderr
    assert "right for the numbers" in (out / "index.html").read_text(encoding="utf-8")
    students = [path.read_text(encoding="utf-8") for path in (out / "feedback").glob("*.html")]
    assert len(students) == 3
    assert not any("right for the numbers" in page for page in students)


def test_nobody_is_said_to_have_a_neighbours_answers_who_has_not(course):
    """Wrong answers of one's own agree with nobody's, and a number or two agree by chance."""
    own = build(OWN).of_student("bob", SEED)
    path = course / "submissions" / "bob.yaml"
    for seed in range(3):
        for text in submissions(own, 4, seed):
            path.write_text(by("bob", text), encoding="utf-8")
            done = run(
                "grade", course / "submissions", "-a", course / "own.yaml", "--out", course / "o"
            )
            assert "right for the numbers" not in done.stderr


def test_check_and_ci_take_each_students_own_numbers(course):
    for command in (["check"], ["ci", "--fail-under", "100"]):
        path = course / "submissions" / "bob.yaml"
        done = run(*command, path, "-a", course / "own.yaml")
        assert done.exit_code == 0, done.output
        theirs = path.read_text(encoding="utf-8").replace("student: bob", "student: ada")
        (course / "other.yaml").write_text(theirs, encoding="utf-8")
        assert run(*command, course / "other.yaml", "-a", course / "own.yaml").exit_code == 1


def test_without_the_seed_a_command_says_how_to_make_one(course):
    (course / "own.seed").unlink()
    for command in (
        ["grade", course / "submissions", "--out", course / "out", "-a", course / "own.yaml"],
        ["check", course / "submissions" / "ada.yaml", "-a", course / "own.yaml"],
        ["sheet", course / "own.yaml", "--student", "ada"],
    ):
        done = run(*command)
        assert done.exit_code == 2
        assert "the secret seed is missing" in done.stderr
        assert "own.seed beside it" in done.stderr


def test_a_sheet_and_a_form_are_written_for_each_student(course):
    (course / "class.csv").write_text("Name;ID\nAda L.;ada\nBob;bob\n", encoding="utf-8")
    out = course / "sheets"
    done = run("sheet", course / "own.yaml", "--students", course / "class.csv", "--out", out)
    assert done.exit_code == 0, done.output
    assert {path.name for path in out.iterdir()} == {
        "ada.sheet.html", "ada.form.html", "bob.sheet.html", "bob.form.html",
    }  # fmt: skip
    assert "for <b>ada</b>" in (out / "ada.sheet.html").read_text(encoding="utf-8")
    assert 'value="bob" readonly' in (out / "bob.form.html").read_text(encoding="utf-8")
    given = [
        re.search(r'<div class="data">.*?</section>', path.read_text(encoding="utf-8"), re.DOTALL)[
            0
        ]
        for path in sorted(out.glob("*.sheet.html"))
    ]
    assert given[0] != given[1]
    assert not any(SEED in path.read_bytes() for path in out.iterdir())
    alone = run("sheet", course / "own.yaml", "--student", "ada").output
    assert alone == (out / "ada.sheet.html").read_text(encoding="utf-8")
    done = run("sheet", course / "own.yaml")
    assert done.exit_code == 2
    assert "each student has a sheet of their own" in done.stderr


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("id\nada\nada\n", "class.csv:3: the student `ada` is listed twice, first in line 2"),
        ("name,id\nAda,\n", "class.csv:2: this line has no usable id"),
        ("id\n", "there are no students in the list"),
    ],
)
def test_a_list_of_students_that_can_not_be_used_says_why(course, listed, said):
    (course / "class.csv").write_text(listed, encoding="utf-8")
    done = run(
        "sheet", course / "own.yaml", "--students", course / "class.csv", "--out", course / "s"
    )
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (course / "s").exists()
