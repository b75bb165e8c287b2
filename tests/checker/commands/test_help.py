"""What commands say of themselves, of mistakes and of assignments."""

import sys

import pytest
from typer.testing import CliRunner

from checker import cli
from tests.checker.commands.calls import CASES, checker, results


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
