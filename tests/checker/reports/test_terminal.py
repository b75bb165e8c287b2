import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from checker.reports.terminal import submission_text, summary_text

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    ("place", "name"),
    list(enumerate(["full.txt", "right.txt", "large.txt", "hostile.txt", "unreadable.txt"])),
)
def test_submission_text(rnn_run, golden, place, name):
    golden(name, submission_text(rnn_run, rnn_run.submissions[place], width=80, colour=False))


def test_submission_in_colour(rnn_run, golden):
    golden("full.ansi", submission_text(rnn_run, rnn_run.submissions[0], width=80, colour=True))


def test_summary_text(rnn_run, golden):
    golden("summary.txt", summary_text(rnn_run, width=80, colour=False))


def test_summary_in_colour(rnn_run, golden):
    golden("summary.ansi", summary_text(rnn_run, width=80, colour=True))


def test_colour_changes_nothing_but_colour(rnn_run):
    for submission in rnn_run.submissions:
        coloured = submission_text(rnn_run, submission, width=70, colour=True)
        bare = ESCAPE.sub("", coloured)
        plain = submission_text(rnn_run, submission, width=70, colour=False)
        assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_the_environment_changes_nothing(rnn_run, monkeypatch):
    before = summary_text(rnn_run, width=80, colour=True)
    for name, value in {"NO_COLOR": "1", "COLUMNS": "30", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert summary_text(rnn_run, width=80, colour=True) == before


@settings(deadline=None)
@given(st.text(), st.integers(1, 100))
def test_any_text_reaches_no_terminal_control(with_text, text, width):
    run = with_text(text)
    for out in (
        *(submission_text(run, s, width=width, colour=False) for s in run.submissions),
        summary_text(run, width=width, colour=False),
    ):
        assert not CONTROL.search(out)
        out.encode()


@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_lines_keep_to_the_width(rnn_run, width):
    pages = [submission_text(rnn_run, s, width=width, colour=False) for s in rnn_run.submissions]
    for page in [*pages, summary_text(rnn_run, width=width, colour=False)]:
        assert max(map(cell_len, page.splitlines())) <= width


def test_the_answers_escape_sequences_are_shown(rnn_run):
    out = submission_text(rnn_run, rnn_run.submissions[3], width=80, colour=True)
    assert not CONTROL.search(ESCAPE.sub("", out))
    assert "␛[31mred" in out
    assert "[bold]rich[/bold]" in out


def test_what_concerns_all_of_a_large_class_is_in_view_at_the_end(rnn_run):
    unreadable = rnn_run.submissions[4]
    class_of_120 = (unreadable, *(rnn_run.submissions[0] for _ in range(119)))
    lines = summary_text(
        replace(rnn_run, submissions=class_of_120), width=80, colour=False
    ).splitlines()
    screen = "\n".join(lines[-24:])
    assert "and 80 more submissions" in lines
    assert "120 submissions" in screen
    assert "folder/broken.yaml:4:1" in screen
    assert "The mistakes most made" in screen
