"""The command line: its exit codes, what it prints where, and what it writes."""

import csv
import json
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from checker import cli
from checker.grading import Grader
from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment

CASES = Path(__file__).resolve().parent.parent / "cases" / "fit3181-a2"
STUDENT_A = (CASES / "student-a.yaml").read_text(encoding="utf-8")
STUDENT_B = (CASES / "student-b.yaml").read_text(encoding="utf-8")

TINY = """\
assignment: tiny
title: A tiny sheet
given: {x: [1, 2, 4]}
steps: {s: sum(x), r: 1 / s}
questions:
  q1: {title: Sum, points: 2, answers: {s: s}}
  q2: {title: Inverse, points: 3, answers: {r: r}}
"""
RIGHT = "assignment: tiny\nstudent: {student}\nanswers: {{q1: 7, q2: 0.143}}\n"
WRONG = "assignment: tiny\nstudent: {student}\nanswers: {{q1: 7, q2: 0.5555}}\n"

runner = CliRunner()


def checker(*arguments):
    """Run a command; give back what came out, without an exception that got away."""
    result = runner.invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def checker_process(*arguments, cwd, **environment):
    return subprocess.run(
        [sys.executable, "-m", "checker", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def tiny(tmp_path):
    """The path of a small assignment."""
    path = tmp_path / "tiny.assignment"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    """An empty folder for submissions."""
    path = tmp_path / "submissions"
    path.mkdir()
    return path


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def results(out):
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def submission(out, file):
    (found,) = (s for s in results(out)["submissions"] if s["file"] == file)
    return found


def gradebook(out):
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


def written(out):
    """The bytes of all outputs, by their paths."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


# --- exit codes -------------------------------------------------------------------------------


def test_all_right_leaves_with_0(tiny, folder, out):
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    result = checker("check", file, "--assignment", tiny)
    assert result.exit_code == 0
    assert "5 / 5" in result.stdout
    assert result.stderr == ""

    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == f"Open {out}/index.html to read the reports."
    assert submission(out, "a.yaml")["status"] == "graded"


def test_an_answer_for_a_person_is_not_a_wrong_one(tmp_path, folder, out):
    sheet = TINY.replace("{r: r}", "{r: {kind: text}}")
    path = put(tmp_path, "tiny.assignment", sheet)
    put(folder, "a.yaml", "assignment: tiny\nstudent: a\nanswers: {q1: 7, q2: Because.}\n")
    result = checker("grade", folder, "--assignment", path, "--out", out)
    assert result.exit_code == 0
    assert submission(out, "a.yaml")["status"] == "needs_review"
    assert submission(out, "a.yaml")["pending"] == 3


@pytest.mark.parametrize(
    "answers",
    ["{q1: 7, q2: 0.5555}", "{q1: 7}", "{q1: 7, q2: [1, 2]}", "{q1: 7, q2: 0.1}"],
    ids=["wrong", "missing", "wrong shape", "too coarse"],
)
def test_some_wrong_leaves_with_1(tiny, folder, out, answers):
    file = put(folder, "a.yaml", f"assignment: tiny\nstudent: a\nanswers: {answers}\n")
    assert checker("check", file, "--assignment", tiny).exit_code == 1
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 1


def test_the_shipped_assignments_reference_is_right(folder, out):
    assignment = load_assignment(find_assignment("fit3181-a2"))
    lines = ["assignment: fit3181-a2", "student: reference", "answers:", "  q1: One.", "  q2: Two."]
    for question, asked in assignment.by_question.items():
        if any(item.target is None for item in asked):
            continue
        lines.append(f"  {question}:")
        for item in asked:
            value = assignment.reference.graph.value(item.target.node)
            lines.append(f"    {item.answer}: {np.round(value, 8).tolist()}")
    put(folder, "reference.yaml", "\n".join(lines))
    result = checker("grade", folder, "--out", out)
    assert result.exit_code == 0
    assert submission(out, "reference.yaml")["score"] == 19


# --- files that can't be read -----------------------------------------------------------------

UNREADABLE = {
    "brackets.yaml": (b"[" * 50_000, "nested too deeply"),
    "twice.yaml": (
        b"assignment: tiny\nanswers: {}\nassignment: tiny\n",
        "line 1 and again on line 3",
    ),
    "empty.yaml": (b"", "empty"),
    "bytes.yaml": (b"assignment: \xff\xfe\n", "UTF-8"),
    "list.yaml": (b"- 1\n", "mapping"),
    "alias.yaml": (b"a: &x 1\nb: *x\n", "anchor"),
    "tab.yaml": (b"assignment: tiny\nanswers:\n\tq1: 7\n", "tab"),
    "key.yaml": (b"assignment: tiny\nstudnet: a\nanswers: {}\n", "did you mean `student`?"),
    "other.yaml": (b"assignment: other\nstudent: a\nanswers: {}\n", "another assignment"),
}


@pytest.fixture
def with_unreadable(tiny, folder, out):
    """A folder with one good submission and every kind of bad one, graded."""
    put(folder, "good.yaml", RIGHT.format(student="good"))
    for name, (content, _) in UNREADABLE.items():
        put(folder, name, content)
    return checker("grade", folder, "--assignment", tiny, "--out", out)


def test_unreadable_files_leave_with_2_and_the_others_are_graded(with_unreadable, out):
    assert with_unreadable.exit_code == 2
    assert submission(out, "good.yaml")["score"] == 5
    assert "Traceback" not in with_unreadable.output


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_in_every_output_with_its_reason(with_unreadable, out, name):
    reason = UNREADABLE[name][1]
    found = submission(out, name)
    assert found["status"] == "unreadable"
    assert found["score"] is None  # never a silent zero
    assert any(reason in problem for problem in found["problems"])

    row = gradebook(out)[name]
    assert row["status"] == "unreadable"
    assert row["score"] == ""
    assert reason in row["remarks"]

    index = (out / "index.html").read_text(encoding="utf-8")
    stem = name.removesuffix(".yaml")
    assert stem in index
    assert re.sub("`.*", "", reason) in index
    assert f"{name}:" in with_unreadable.stderr
    feedback = (out / "feedback" / f"{stem}.html").read_text(encoding="utf-8")
    assert re.sub("`.*", "", reason) in feedback


@pytest.mark.parametrize("name", UNREADABLE)
def test_check_refuses_an_unreadable_file(tiny, folder, name):
    content, reason = UNREADABLE[name]
    result = checker("check", put(folder, name, content), "--assignment", tiny)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert reason in result.stderr
    assert all(line.startswith("checker: ") for line in result.stderr.splitlines())


def test_a_duplicate_key_names_both_lines(tiny, folder):
    text = "assignment: tiny\nstudent: a\nanswers:\n  q1: 7\n  q2: 1\n  q1: 8\n"
    result = checker("check", put(folder, "a.yaml", text), "--assignment", tiny)
    assert result.exit_code == 2
    assert "a.yaml:6:3: the key `q1` appears on line 4 and again on line 6" in result.stderr


# --- calls that can't be used -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["grade", "nowhere"], "nowhere: expected a folder or a zip archive, got nothing there"),
        (["grade", "."], "there is no *.yaml or *.yml file below it"),
        (["grade", "file.txt"], "expected a folder or a zip archive, got a file"),
        (["check", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["check", "."], "expected a file, got a folder"),
        (["check", "file.txt", "--assignment", "fit3181-a3"], "did you mean `fit3181-a2`?"),
        (["grade", ".", "--assignment", "nowhere.yaml"], "*.yaml"),
        (["grade", ".", "--asignment", "x"], "No such option"),
        (["grade", ".", "--jobs", "-1"], "--jobs"),
        (["grade", ".", "--jobs", "many"], "--jobs"),
        (["grade"], "Missing argument"),
        (["grad"], "No such command"),
        (["explain", "cross-entropy-log-bas-10"], "`cross-entropy-log-base-10`"),
    ],
)
def test_a_call_that_cannot_be_used_leaves_with_2_and_says_why(
    tmp_path, monkeypatch, arguments, says
):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "file.txt", "assignment: fit3181-a2\nstudent: a\nanswers: {}\n")
    result = checker(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert not (tmp_path / "report").exists()


def test_an_assignment_that_is_not_shipped_is_named_with_its_place(folder):
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    for arguments in (["check", file], ["grade", folder]):
        result = checker(*arguments)
        assert result.exit_code == 2
        assert ":1:13: there is no assignment `tiny`" in result.stderr
        assert "--assignment" in result.stderr


def test_several_assignments_in_a_folder_need_a_choice(tiny, folder, out):
    put(folder, "a.yaml", RIGHT.format(student="a"))
    put(folder, "b.yaml", STUDENT_B)
    result = checker("grade", folder, "--out", out)
    assert result.exit_code == 2
    assert "`fit3181-a2` (1)" in result.stderr
    assert "`tiny` (1)" in result.stderr
    assert not out.exists()

    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 2
    assert submission(out, "a.yaml")["score"] == 5
    assert submission(out, "b.yaml")["status"] == "unreadable"


def test_a_folder_in_which_no_file_can_be_read_needs_the_assignment(folder, out):
    put(folder, "a.yaml", "[")
    result = checker("grade", folder, "--out", out)
    assert result.exit_code == 2
    assert "--assignment" in result.stderr


BROKEN_ASSIGNMENTS = {
    "unknown quantity": ("1 / s", "1 / z", "unknown quantity `z`"),
    "unknown function": ("sum(x)", "summ(x)", "did you mean `sum`?"),
    "circle": ("s: sum(x)", "s: sum(x) + r", "depends on itself"),
    "shapes": ("1 / s", '"x @ [1, 2]"', "shape"),
    "shapes of a sum": ("1 / s", '"x + [1, 2]"', "shape"),
    "index": ("1 / s", '"x[3]"', "index 3 is outside"),
    "class": ("1 / s", '"cross_entropy(3, [0.5, 0.2, 0.3])"', "3"),
    "points": ("points: 2", "points: many", "expected a number"),
    "key": ("title: Sum", "titel: Sum", "did you mean `title`?"),
}


@pytest.mark.parametrize("name", BROKEN_ASSIGNMENTS)
def test_a_broken_assignment_says_what_and_where(tmp_path, folder, name):
    old, new, says = BROKEN_ASSIGNMENTS[name]
    path = put(tmp_path, "sheet.yaml", TINY.replace(old, new))
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    result = checker("check", file, "--assignment", path)
    assert result.exit_code == 2
    assert says in result.stderr
    assert re.search(r"sheet\.yaml:\d+:\d+: ", result.stderr)


# --- our own fault ----------------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch):
    """A grader that fails on the student ``unlucky``."""
    grade = Grader.grade

    def fail(self, loaded, name):
        if loaded.submission.student.id == "unlucky":
            raise RuntimeError("a cog is broken")
        return grade(self, loaded, name)

    monkeypatch.setattr(Grader, "grade", fail)


@pytest.mark.usefixtures("failing")
def test_an_internal_error_leaves_with_3_and_the_others_are_graded(tiny, folder, out):
    put(folder, "a.yaml", RIGHT.format(student="a"))
    put(folder, "b.yaml", RIGHT.format(student="unlucky"))
    put(folder, "c.yaml", WRONG.format(student="c"))
    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 3
    assert "Traceback" not in result.output
    assert "b.yaml" in result.stderr
    assert "our fault" in result.stderr
    assert "a cog is broken" in result.stderr
    assert submission(out, "a.yaml")["score"] == 5
    assert submission(out, "c.yaml")["score"] is not None
    unlucky = submission(out, "b.yaml")
    assert (unlucky["status"], unlucky["score"]) == ("unreadable", None)
    assert "not the student's fault" in unlucky["problems"][0]
    assert "a cog is broken" not in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("failing")
def test_an_internal_error_of_check_leaves_with_3(tiny, folder, monkeypatch):
    file = put(folder, "b.yaml", RIGHT.format(student="unlucky"))
    result = checker("check", file, "--assignment", tiny)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("CHECKER_DEBUG", "1")
    assert "Traceback" in checker("check", file, "--assignment", tiny).stderr


def test_an_error_before_grading_shows_no_traceback(tiny, folder, monkeypatch, capsys):
    def fail(*_, **__):
        raise RuntimeError("a cog is broken")

    monkeypatch.setattr("checker.folder.engine.Grader.__init__", fail)
    file = put(folder, "a.yaml", RIGHT.format(student="a"))
    monkeypatch.setattr(sys, "argv", ["checker", "check", str(file), "--assignment", str(tiny)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Traceback" not in shown.err
    assert "a cog is broken" in shown.err


# --- finding submissions ----------------------------------------------------------------------


def test_nested_folders_and_both_endings_are_read_and_hidden_files_are_not(tiny, folder, out):
    for name in ("b/deep/er/x.yaml", "a.yml", "C.YAML", "b.yaml"):
        put(folder, name, RIGHT.format(student=re.sub(r"\W", "-", name)))
    for name in (".hidden.yaml", ".git/x.yaml", "notes.txt", "yaml", "x.yaml.orig"):
        put(folder, name, "[")
    put(folder, "folder.yaml/inside.txt", "[")
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 0
    files = [s["file"] for s in results(out)["submissions"]]
    assert files == ["C.YAML", "a.yml", "b/deep/er/x.yaml", "b.yaml"] or files == sorted(
        ["a.yml", "C.YAML", "b.yaml", "b/deep/er/x.yaml"]
    )


@pytest.mark.parametrize(
    "change",
    [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.replace(b"\n", b"\r\n")],
    ids=["byte order mark", "CRLF"],
)
def test_what_an_editor_adds_changes_nothing(folder, out, tmp_path, change):
    def without_the_files_hash(folder):
        hashed = change(STUDENT_B.encode()) if folder == again else STUDENT_B.encode()
        digest = sha256(hashed).hexdigest().encode()
        found = written(folder)
        assert digest in found["results.json"]
        return {name: data.replace(digest, b"") for name, data in found.items()}

    put(folder, "student-b.yaml", STUDENT_B)
    checker("grade", folder, "--out", out)
    put(folder, "student-b.yaml", change(STUDENT_B.encode()))
    again = tmp_path / "again"
    assert checker("grade", folder, "--out", again).exit_code == 1
    assert without_the_files_hash(again) == without_the_files_hash(out)


def test_a_named_pipe_is_refused_and_not_waited_for(tiny, folder, out):
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(folder / "pipe.yaml")
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 2
    assert submission(out, "pipe.yaml")["status"] == "unreadable"


def test_a_student_in_two_files_keeps_both_reports_and_is_remarked_on(tiny, folder, out):
    put(folder, "first.yaml", RIGHT.format(student="same"))
    put(folder, "second.yaml", WRONG.format(student="same"))
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 1
    for file, other in (("first.yaml", "second.yaml"), ("second.yaml", "first.yaml")):
        assert any(other in note for note in submission(out, file)["notes"])
        assert other in gradebook(out)[file]["remarks"]
    reports = [path.name for path in (out / "feedback").glob("*.html")]
    assert len(reports) == 2
    index = (out / "index.html").read_text(encoding="utf-8")
    assert all(f"feedback/{name}" in index.replace("%3D", "=") for name in reports)


# --- what strangers send ----------------------------------------------------------------------

HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "con",
    "a/b",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(1)",
    "a`b**c**",
    "[link](javascript:alert(1))",
    "::error::x",
    "x" * 100,
    "Ünïcödé",
]


def test_a_students_id_never_becomes_a_path_markup_or_a_formula(tiny, folder, out, tmp_path):
    for number, student in enumerate(HOSTILE):
        quoted = json.dumps(student)
        put(folder, f"{number:02}.yaml", RIGHT.format(student=quoted))
    before = {path for path in tmp_path.rglob("*") if not path.is_relative_to(out)}
    assert checker("grade", folder, "--assignment", tiny, "--out", out).exit_code == 0
    assert {path for path in tmp_path.rglob("*") if not path.is_relative_to(out)} == before

    assert [s["student"] for s in results(out)["submissions"]] == HOSTILE
    reports = list((out / "feedback").iterdir())
    assert len(reports) == 2 * len(HOSTILE)
    assert all(re.fullmatch(r"[a-z0-9_][a-z0-9._=-]*\.(html|md)", path.name) for path in reports)
    assert {path.name for path in out.iterdir()} == {
        "answers.csv", "feedback", "gradebook.csv", "index.html", "results.json",
    }  # fmt: skip
    for path in (out / "feedback").glob("*.html"):
        assert "<script" not in path.read_text(encoding="utf-8").lower()
    page = (out / "index.html").read_text(encoding="utf-8").lower()
    assert page.count("<script") == 1
    assert "script-src 'sha256-" in page
    for row in gradebook(out).values():
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell


@pytest.mark.parametrize("key", ['student: "a\\e[31m"', 'student: "a\\u202eb"'])
def test_characters_that_cannot_be_seen_are_refused(tiny, folder, key):
    file = put(folder, "a.yaml", f"assignment: tiny\n{key}\nanswers: {{}}\n")
    result = checker("check", file, "--assignment", tiny)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="such names can't be made there")
def test_a_files_name_can_forge_no_line_and_no_colour(tiny, folder, out):
    put(folder, "a\n::error::forged\x1b[31m.yaml", "[")
    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert not any(line.startswith("::") for line in result.output.splitlines())
    result = checker("check", folder / "a\n::error::forged\x1b[31m.yaml", "--assignment", tiny)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert not any(line.startswith("::") for line in result.output.splitlines())


def test_a_link_out_of_the_folder_shows_nothing_of_what_it_leads_to(tiny, folder, out, tmp_path):
    secret = put(tmp_path, "secret.txt", "the-secret-word\n")
    (folder / "a.yaml").symlink_to(secret)
    result = checker("grade", folder, "--assignment", tiny, "--out", out)
    assert result.exit_code == 2
    assert "the-secret-word" not in result.output
    assert not any(b"the-secret-word" in content for content in written(out).values())


# --- outputs ----------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        checker("grade", CASES, "--out", tmp_path / name)
    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_the_number_of_processes_changes_no_byte(folder, tmp_path):
    for number in range(4):
        put(folder, f"a{number}.yaml", STUDENT_A.replace("student-a", f"a{number}"))
        put(folder, f"b{number}.yaml", STUDENT_B.replace("student-b", f"b{number}"))
    put(folder, "broken.yaml", "[")
    for jobs in ("1", "2"):
        done = checker_process("grade", folder, "--jobs", jobs, "--out", jobs, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
    assert written(tmp_path / "1") == written(tmp_path / "2")


def test_results_go_to_stdout_messages_to_stderr_and_a_log_has_no_progress_bar(folder, tmp_path):
    put(folder, "student-a.yaml", STUDENT_A)
    put(folder, "broken.yaml", "[")
    done = checker_process("grade", folder, "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "student-a" in done.stdout
    assert done.stdout.splitlines()[-1] == "Open out/index.html to read the reports."
    assert all(line.startswith("checker: broken.yaml:") for line in done.stderr.splitlines())
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals there")
def test_a_terminal_has_a_progress_bar_and_stdout_does_not(folder, tmp_path):
    put(folder, "student-a.yaml", STUDENT_A)
    master, slave = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "checker", "grade", str(folder), "--out", str(tmp_path / "out")],
        env={**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
        encoding="utf-8",
        check=False,
    )
    os.close(slave)
    shown = os.read(master, 1 << 16).decode()
    os.close(master)
    assert done.returncode == 1
    assert "grading" in shown
    assert "\x1b" not in done.stdout


def test_a_file_in_place_of_the_output_folder_is_left_alone(folder, tmp_path):
    put(folder, "student-b.yaml", STUDENT_B)
    taken = put(tmp_path, "taken", "precious")
    for target in (taken, taken / "below"):
        result = checker("grade", folder, "--out", target)
        assert result.exit_code == 2
        assert "can't write the reports: a file stands where this folder belongs" in result.stderr
        assert "Open " not in result.stdout
    assert taken.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "a2.yaml", "--assignment", "a2.yaml"], "a2.yaml:5:1: this is an assignment"),
        (
            ["check", "mine.yaml", "--assignment", "mine.yaml"],
            "mine.yaml:3:1: this is a submission",
        ),
        (["key", "."], "expected a file, or one of"),
        (["key", "."], "got a folder"),
        (["sheet", "a2.yaml", "--students", "all.csv", "--out", "all.csv"], "all.csv: can't write"),
        (["gradescope", "a2.yaml", "--out", "all.csv/x.zip"], "a file stands where this folder"),
        (["check", "no.yaml"], "no.yaml: no submission says which assignment it answers"),
    ],
)
def test_a_file_in_place_of_another_is_called_what_it_is(
    tiny, tmp_path, monkeypatch, arguments, says
):
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "a2.yaml", tiny.read_text(encoding="utf-8"))
    put(tmp_path, "mine.yaml", "assignment: tiny\nstudent: {id: a}\nanswers: {}\n")
    put(tmp_path, "all.csv", "id,name\na,A\n")
    put(tmp_path, "no.yaml", "just words\n")
    result = checker(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk is full here")
def test_an_output_that_cannot_be_written_is_not_our_fault():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "checker", "assignments"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("checker: the output: can't be written: ")
    assert "fault" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the output")
def test_a_closed_output_is_no_error():
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m checker assignments >&- 2>&-"], check=False
    )
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_an_output_folder_that_cannot_be_written_is_refused(folder, tmp_path):
    put(folder, "student-b.yaml", STUDENT_B)
    (tmp_path / "loop").symlink_to("loop")
    result = checker("grade", folder, "--out", tmp_path / "loop" / "out")
    assert result.exit_code == 2
    assert "can't write the reports: " in result.stderr
    assert "Open " not in result.stdout


# --- the right values -------------------------------------------------------------------------


def right_values():
    """Every number of the reference's answers that says something, as it could be printed."""
    assignment = load_assignment(find_assignment("fit3181-a2"))
    for asked in assignment.asked:
        if asked.target is None:
            continue
        for value in np.ravel(assignment.reference.graph.value(asked.target.node)):
            printed = set()
            for digits in range(3, 16):
                printed |= {f"{abs(value):.{digits}g}", f"{abs(value):.{digits}f}"}
                printed.add(f"{abs(value):.{digits}e}")
            # What has less than three significant digits stands in any text.
            yield {text for text in printed if len(re.sub(r"^0+|\.|e.*", "", text).strip("0")) >= 3}


def leaks(text, own):
    """The right values that stand in ``text``, apart from those that the student wrote."""
    numbers = set(re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", text))
    mine = set(re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", own))
    return {number for printed in right_values() for number in printed & numbers} - mine


@pytest.mark.parametrize("name", ["student-a", "student-b"])
def test_without_reveal_no_output_holds_a_right_value(name, folder, out):
    own = (CASES / f"{name}.yaml").read_text(encoding="utf-8")
    file = put(folder, f"{name}.yaml", own)
    assert "2.0144" in {text for printed in right_values() for text in printed}
    assert leaks(checker("check", file).output, own) == set()
    assert leaks(checker("grade", folder, "--out", out).output, own) == set()
    for path, content in written(out).items():
        if path != "index.html":  # the teacher's page compares what was written with the key
            assert leaks(content.decode(), own) == set(), path


def test_with_reveal_the_reports_hold_the_right_values(folder, out):
    file = put(folder, "student-a.yaml", STUDENT_A)
    assert "2.01438" in checker("check", file, "--reveal").stdout
    checker("grade", folder, "--out", out, "--reveal")
    for name in ("results.json", "feedback/student-a.html", "feedback/student-a.md"):
        assert "2.01438" in (out / name).read_text(encoding="utf-8"), name


# --- explain, assignments, help ---------------------------------------------------------------


def test_explain_lists_every_mistake_and_explains_each():
    listed = checker("explain")
    assert listed.exit_code == 0
    ids = [line.split()[0] for line in listed.stdout.splitlines()]
    assert "cross-entropy-log-base-10" in ids
    assert len(ids) == len(set(ids))
    for id_ in ids:
        page = checker("explain", id_)
        assert page.exit_code == 0
        assert page.stdout.splitlines()[0] == id_
        assert len(page.stdout.splitlines()) > 2


def test_what_a_report_names_can_be_explained(out):
    checker("grade", CASES, "--out", out)
    named = {
        mistake["id"]
        for found in results(out)["submissions"]
        for answer in found["answers"]
        for mistake in answer["mistakes"]
    }
    assert {"cross-entropy-log-base-10", "mean-factor-dropped-in-gradient"} <= named
    for id_ in named:
        assert checker("explain", id_).exit_code == 0


def test_assignments_are_listed_with_their_points():
    result = checker("assignments")
    assert result.exit_code == 0
    (line,) = (row for row in result.stdout.splitlines() if row.startswith("fit3181-a2 "))
    assert "25 points" in line
    assert "8 questions" in line


@pytest.mark.parametrize("command", ["grade", "check", "explain", "assignments"])
def test_help_says_what_a_command_does(command):
    result = checker(command, "--help")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "Usage: " in result.stdout


def test_without_a_command_the_help_is_shown():
    assert "Commands:" in checker().output


# --- what all commands have -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [str(c.name or c.callback.__name__) for c in cli.app.registered_commands]
)
def test_the_help_of_a_command_shows_examples_that_can_be_called(name):
    from checker.commands.command import EXAMPLES  # noqa: PLC0415

    result = CliRunner().invoke(cli.app, [name, "-h"])
    assert result.exit_code == 0
    assert "<list" not in result.output
    for example in EXAMPLES[name]:
        assert f"  {example}\n" in result.output
        _, called, *words = example.split()
        assert called == name
        assert all(word in result.output for word in words if word.startswith("-"))


def test_a_call_that_ran_no_command_never_looks_like_a_success(monkeypatch, capsys):
    # Some versions of typer and click print the version, whatever the call, and leave with 0.
    monkeypatch.setattr(cli, "app", lambda: sys.exit(0))
    monkeypatch.setattr(sys, "argv", ["checker", "grade", "submissions"])
    monkeypatch.setattr("checker.commands.command._ran", [])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 3
    assert "no command was run" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["checker", "--help"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0


def test_explain_takes_how_some_mistakes_begin():
    result = CliRunner().invoke(cli.app, ["explain", "cross-entropy-log"])
    assert result.exit_code == 0
    ids = [line.split()[0] for line in result.output.splitlines()]
    assert len(ids) > 1
    assert all(id.startswith("cross-entropy-log") for id in ids)
    one = CliRunner().invoke(cli.app, ["explain", "gradient-carried-forw"])
    assert one.output.startswith("gradient-carried-forward\n\n")
