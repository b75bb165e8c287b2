import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.reports.plain import clipped, log_safe

FILLERS = "\u115f\u1160\u3164\uffa0"


def seen(text):
    """What a comparison without regard to unseen characters goes by; .NET compares so."""
    return "".join(
        char for char in text if unicodedata.category(char)[0] not in "CM" and char not in FILLERS
    )


def is_command(line):
    """Whether GitHub's runner may take a line of a log for a command, new form or old."""
    line = seen(line).strip()
    return (line.startswith("::") and "::" in line[2:]) or "##[" in line


COMMAND_SIGNS = st.text(
    st.sampled_from(":#[] \t\n\r\x1b\x85\u2028\u2060\u00ad\u200b\u0301\u3164aerror=,%|"),
    max_size=30,
)


@settings(deadline=None)
@given(COMMAND_SIGNS | st.text())
def test_no_line_of_a_log_is_a_command_whatever_a_student_wrote(text):
    printed = log_safe(text)
    # .NET ends lines at these; the printed text has none but the line feed.
    assert not any(char in printed for char in "\r\x0b\x0c\x85\u2028\u2029")
    assert not [line for line in printed.split("\n") if is_command(line)]


@pytest.mark.parametrize(
    "line",
    [
        "::error::no",
        "  ::add-mask::1",
        "\u2060::stop-commands::x",
        ":\u00ad:error::no",
        "text ##[error]no",
        "#\u2060#[add-path]/evil",
        "##vso[task.setvariable variable=x]y",
        "##teamcity[buildStop]",
    ],
)
def test_commands_of_runners_are_parted_by_something_that_is_seen(line):
    printed = log_safe(line)
    assert not is_command(printed)
    assert "##" not in seen(printed)


def test_ordinary_lines_are_left_alone():
    text = "q1: 0.31 # a comment\n  ✗ [0, 1] -0.67\nstd::vector\n\nC#\n"
    assert log_safe(text) == text


def test_clipped_text_is_as_long_as_it_may_be():
    assert clipped("abcdef", 6) == "abcdef"
    assert clipped("abcdef", 4) == "abc…"
