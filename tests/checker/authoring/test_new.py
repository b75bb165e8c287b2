"""``checker new``: every model is clean, teaches by comments, and its own example is right."""

import pytest
import yaml
from typer.testing import CliRunner

from checker import cli
from checker.api import grade, load_assignment
from checker.authoring.starting import models

NAMED = {"mlp", "rnn", "lstm", "attention", "cnn", "optimiser", "formulas", "choices", "empty"}


def checker(*arguments):
    return CliRunner().invoke(cli.app, [*map(str, arguments)])


@pytest.fixture(scope="module", params=sorted(NAMED))
def made(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "submissions").mkdir()
    example = folder / "submissions" / "example.yaml"
    done = checker("new", request.param, "--out", folder / "a7.yaml", "--example", example)
    assert done.exit_code == 0
    assert done.output == ""
    return folder


def test_the_models_are_listed_with_what_they_are_about():
    assert set(models()) == NAMED
    done = checker("new")
    assert done.exit_code == 0
    assert all(f"{name:<12} {said}" in done.stdout for name, said in models().items())


def test_a_new_sheet_passes_lint(made):
    done = checker("lint", made / "a7.yaml")
    assert done.exit_code == 0, done.stdout


def test_a_new_sheet_grades_its_example_to_full_points(made):
    sheet = load_assignment(made / "a7.yaml")
    report = grade(sheet, (made / "submissions" / "example.yaml").read_bytes()).report
    assert report.problems == ()
    assert {answer.verdict for answer in report.answers} <= {"correct", "ungraded"}
    assert report.score + report.pending == report.max_score == sheet.points


def test_a_new_sheet_has_the_file_s_name_for_its_id_and_comments_that_teach(made):
    text = (made / "a7.yaml").read_text()
    assert yaml.safe_load(text)["assignment"] == "a7"
    assert yaml.safe_load((made / "submissions" / "example.yaml").read_text())["assignment"] == "a7"
    assert sum("#" in line for line in text.splitlines()) >= 2


def test_a_sheet_can_be_named_and_is_printed_without_a_file():
    done = checker("new", "mlp", "--id", "hw-1", "--title", 'Homework: "one" # two')
    assert done.exit_code == 0
    data = yaml.safe_load(done.stdout)
    assert (data["assignment"], data["title"]) == ("hw-1", 'Homework: "one" # two')


def test_no_file_is_written_over_unless_it_is_said(tmp_path):
    path = tmp_path / "a1.yaml"
    path.write_text("mine")
    refused = checker("new", "rnn", "--out", path)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert path.read_text() == "mine"
    assert checker("new", "rnn", "--out", path, "--force").exit_code == 0
    assert "tanh" in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("new", "rn"), "did you mean `rnn`?"),
        (("new", "rnn", "--id", "My Sheet"), "can't be an assignment's id"),
        (("new", "rnn", "--out", "no-folder/a.yaml"), "no such folder"),
    ],
)
def test_what_cannot_be_made_is_refused(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = checker(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr
