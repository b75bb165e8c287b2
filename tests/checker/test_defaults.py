"""``checker.toml`` beside the assignments: what it says for whom, and what is wrong with one."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import checker
from checker.cli import app
from checker.defaults import Defaults, defaults_beside
from submissions_schema.problems import InputError
from tests.checker.tiny import TINY

WRONG = "assignment: tiny\nstudent: bob\nanswers: {q1: 8.31, q2: 0.143}\n"
NOT_TOLD = "whether it is right is not told yet"
ALL = ("out", "formats", "hints")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder with an assignment, and work beside it to grade from."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CHECKER_ASSIGNMENT"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "course"
    work = tmp_path / "work"
    (work / "homework").mkdir(parents=True)
    folder.mkdir()
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (work / "homework" / "bob.yaml").write_text(WRONG, encoding="utf-8")
    monkeypatch.chdir(work)
    return folder


def defaults(course, text):
    (course / "checker.toml").write_text(text, encoding="utf-8")


def run(command, *options):
    called = {"grade": "homework", "check": "homework/bob.yaml", "ci": "homework/bob.yaml"}
    arguments = [command, called[command], "-a", "../course/tiny.yaml", *options]
    return CliRunner().invoke(app, arguments)


def test_grade_writes_where_the_defaults_say(course, tmp_path):
    defaults(course, 'out = "marked"\n')
    result = run("grade", "--jobs", "1")
    assert result.exit_code == 1
    assert "Open marked/index.html" in result.stdout
    assert (tmp_path / "work" / "marked" / "gradebook.csv").is_file()
    assert not (tmp_path / "work" / "report").exists()


def test_an_option_that_is_typed_wins(course, tmp_path):
    defaults(course, 'out = "marked"\nformats = ["junit"]\nhints = "none"\n')
    run("grade", "--jobs", "1", "--out", "typed")
    result = run("ci", "--format", "html", "--out", "typed", "--hints", "sizes")
    assert "s  Wrong" in result.stdout
    assert (tmp_path / "work" / "typed" / "index.html").is_file()
    assert (tmp_path / "work" / "typed" / "feedback" / "bob.html").is_file()
    assert not list((tmp_path / "work").rglob("junit.xml"))
    assert not (tmp_path / "work" / "marked").exists()


def test_ci_writes_what_the_defaults_say_where_they_say(course, tmp_path):
    defaults(course, 'out = "marked"\nformats = ["junit", "html"]\n')
    result = run("ci")
    assert result.exit_code == 0
    assert "Wrote marked/junit.xml" in result.stdout
    assert (tmp_path / "work" / "marked" / "feedback" / "bob.html").is_file()


def test_what_a_place_reads_by_itself_lies_where_it_looks(course, tmp_path, monkeypatch):
    monkeypatch.setenv("GITLAB_CI", "true")
    defaults(course, 'out = "marked"\n')
    assert run("ci").exit_code == 0
    assert (tmp_path / "work" / "junit.xml").is_file()


@pytest.mark.parametrize("command", ["check", "ci"])
def test_hints_are_those_of_the_assignment_or_else_of_the_defaults(course, command):
    assert NOT_TOLD not in run(command).stdout
    defaults(course, 'hints = "none"\n')
    assert NOT_TOLD in run(command).stdout
    assert NOT_TOLD not in run(command, "--hints", "answers").stdout
    sheet = TINY + "feedback: {hints: answers}\n"
    (course / "tiny.yaml").write_text(sheet, encoding="utf-8")
    assert NOT_TOLD not in run(command).stdout


def test_values_in_memory_are_told_of_as_the_defaults_say(course):
    defaults(course, 'hints = "none"\n')
    assert NOT_TOLD in str(checker.check(course / "tiny.yaml", {"s": 8}))
    assert checker.load_assignment(course / "tiny.yaml").hints == "none"


def test_grade_tells_everything_whatever_the_hints(course, tmp_path):
    defaults(course, 'hints = "none"\n')
    run("grade", "--jobs", "1")
    results = json.loads((tmp_path / "work" / "report" / "results.json").read_text("utf-8"))
    assert results["submissions"][0]["score"] == 2


def test_a_file_in_the_students_folder_says_nothing(course, tmp_path):
    (tmp_path / "work" / "checker.toml").write_text('hints = "sizes"\nout = "evil"\n', "utf-8")
    (tmp_path / "work" / "homework" / "checker.toml").write_text("nonsense", "utf-8")
    assert run("ci").exit_code == 0
    run("grade", "--jobs", "1")
    assert not (tmp_path / "work" / "evil").exists()


BROKEN = {
    'oud = "x"\n': ["1:1: there is no default `oud`; did you mean `out`?"],
    "\n\n  reveal = true": ["3:3: `reveal` has no default; --reveal is typed whenever it is meant"],
    "[grade]\nout = 'x'": ["1:2: there is no default `grade`"],
    'x = """\nout = 3\n"""\nout = 3': [
        "1:1: there is no default `x`",
        "4:1: `out` can't be used: expected a folder, got `3`",
    ],
    'formats = "junit"': ["1:1: `formats` can't be used: expected a list of formats, got `junit`"],
    "formats = [true]": ["expected a list of formats, got a list with `true`"],
    "formats = []": ["expected a list of formats, got an empty list"],
    "hints = 'some'\nout = ''": [
        "1:1: `hints` can't be used: expected `none` or `answers` or `entries` or `sizes`, got "
        "`some`",
        "2:1: `out` can't be used: expected a folder, got an empty text",
    ],
    "out = {a = 1}": ["expected a folder, got a table"],
    "out = 'a'\nout = 'b'": ["the TOML can't be read here (Cannot overwrite a value)"],
    "formats = [\n'junit'\n": ["2: the TOML can't be read here (Unclosed array)"],
    "out = ": ["the TOML can't be read here (Invalid value)"],
    b"out = '\xff'": ["the file is not UTF-8 text"],
}


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text)[:30])
def test_what_is_wrong_with_the_file_is_said_with_its_place_by_every_command(course, text):
    data = text if isinstance(text, bytes) else text.encode()
    (course / "checker.toml").write_bytes(data)
    for command in ("grade", "check", "ci"):
        result = run(command)
        assert result.exit_code == 2
        lines = result.stderr.splitlines()
        assert len(lines) == len(BROKEN[text])
        for line, said in zip(lines, BROKEN[text], strict=True):
            assert line.startswith("checker: ../course/checker.toml")
            assert said in line


def test_a_format_that_there_is_not_is_said_with_its_place(course):
    defaults(course, 'formats = [\n  "junit",\n  "htlm",\n]\n')
    result = run("ci")
    assert result.exit_code == 2
    assert "checker.toml:3:3: there is no format `htlm`; did you mean `html`?" in result.stderr


@pytest.mark.parametrize("command", ["check", "ci"])
def test_a_level_of_hints_that_there_is_not_is_refused(course, command):
    result = run(command, "--hints", "all")
    assert result.exit_code == 2
    assert "no level of hints `all`; expected none, answers, entries, sizes" in result.stderr


def test_the_autograder_takes_the_defaults_along(course, tmp_path):
    defaults(course, 'hints = "none"\n')
    out = tmp_path / "a.zip"
    CliRunner().invoke(app, ["gradescope", str(course / "tiny.yaml"), "--out", str(out)])
    assert ZipFile(out).read("checker.toml") == b'hints = "none"\n'


def test_the_example_of_the_documentation_says_all_that_can_be_said(course):
    docs = Path(__file__).resolve().parents[2] / "docs"
    page = (docs / "comparing-and-marking.md").read_text("utf-8")
    example = re.search(r"```toml\n(out = .*?)```", page, re.DOTALL)[1]
    defaults(course, example)
    found = defaults_beside(course / "tiny.yaml")
    assert found.out == Path("graded")
    assert [name for name, _ in found.formats] == ["junit", "html"]
    assert found.hints == "entries"


VALUES = st.one_of(
    st.booleans(), st.integers(-5, 5), st.text("abc\"'\n=[] ", max_size=6), st.lists(st.text("ab"))
)
KEYS = st.sampled_from([*ALL, "reveal", "jobs"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS, VALUES))
def test_whatever_it_says_it_is_taken_or_every_problem_has_the_line_of_its_key(
    tmp_path_factory, said
):
    folder = tmp_path_factory.mktemp("course")
    lines = [f"{key} = {json.dumps(value)}" for key, value in said.items()]
    (folder / "checker.toml").write_text("\n".join(lines), encoding="utf-8")
    found, problems = Defaults(), ()
    try:
        found = defaults_beside(folder / "a.yaml")
    except InputError as error:
        problems = error.problems
    for problem in problems:
        key = [*said][problem.place.line - 1]
        assert f"`{key}`" in problem.message
    assert len({problem.place for problem in problems}) == len(problems)
    if not problems:
        assert set(said) <= set(ALL)
        assert (found == Defaults()) == (not said)
