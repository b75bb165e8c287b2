import re
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.ci.formats.github import annotation_lines, step_outputs, step_summary
from checker.report import AnswerReport

markdown_it = pytest.importorskip("markdown_it")

REGISTERED = {"error", "warning", "notice", "debug", "add-mask", "group", "endgroup", "echo"}


def parsed(line):
    """One line of a log as the runner parses it: command, properties, data; None if no command."""
    line = line.lstrip()
    if not line.startswith("::"):
        return None
    end = line.find("::", 2)
    if end < 0:
        return None
    command, _, rest = line[2:end].partition(" ")
    if command not in REGISTERED:
        return None
    properties = {}
    for pair in filter(None, rest.strip().split(",")):
        name, _, value = pair.partition("=")
        if name and value:
            properties[name.lower()] = unescaped(value, ":", ",")
    return command, properties, unescaped(line[end + 2 :])


def unescaped(text, *more):
    # The runner turns %25 back last, so that an escaped per cent sign stays what it is.
    for sign in ("\r", "\n", *more, "%"):
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text


def commands(text):
    lines = text.splitlines()
    found = [parsed(line) for line in lines]
    assert all(found), "every line is a command"
    return found


def wrong(number, verdict="wrong", points=0.0):
    return AnswerReport("q1", f"a{number}", verdict, points, 1.0, f"Wrong {number}.", line=number)


def with_answers(run, answers):
    submission = run.submissions[0]
    question = replace(submission.questions[0], id="q1", answers=tuple(answers))
    return replace(run, submissions=(replace(submission, questions=(question,), problems=()),))


def test_annotations(rnn_run, golden):
    golden("github.txt", annotation_lines(rnn_run))


def test_annotations_say_where_and_what(rnn_run):
    run = with_answers(rnn_run, [wrong(7), wrong(8, "imprecise", 0.5), wrong(9, "correct", 1.0)])
    error, warning = commands(annotation_lines(run))
    file = run.submissions[0].file
    assert error == (
        "error",
        {"file": file, "line": "7", "title": "q1 a7: Wrong, 0 / 1 points"},
        "Wrong 7.",
    )
    assert warning[0] == "warning"
    assert warning[1]["title"] == "q1 a8: Right, too few digits, 0.5 / 1 points"


@pytest.mark.parametrize(("verdict", "level"), [("wrong", "error"), ("imprecise", "warning")])
@pytest.mark.parametrize("number", [9, 10, 11, 60])
def test_the_worst_nine_and_a_summary_are_shown_because_github_shows_ten(
    rnn_run, verdict, level, number
):
    answers = [wrong(n, verdict, n / 100) for n in range(1, number + 1)]
    found = commands(annotation_lines(with_answers(rnn_run, reversed(answers))))
    assert {command for command, _, _ in found} == {level}
    assert len(found) <= 10
    shown = [properties["line"] for _, properties, _ in found if "line" in properties]
    assert shown == [str(n) for n in range(1, min(number, 9) + 1)]
    if number > 9:
        assert found[-1][1]["title"].startswith(f"{number - 9} more place")
        assert "q1 a10" in found[-1][2]


def test_the_places_of_problems_are_taken_from_their_text(rnn_run):
    run = replace(rnn_run, submissions=rnn_run.submissions[-1:])
    first, second = commands(annotation_lines(run))
    assert first[1] == {
        "file": "folder/broken.yaml",
        "line": "4",
        "col": "1",
        "title": "This file can't be read",
    }
    assert first[2] == "found a tab where the indentation needs spaces"
    assert second[1]["line"] == "9"


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")) | st.text(st.sampled_from("%:,\r\n0ADd35=#[]: ")))
def test_no_text_escapes_from_an_annotation(with_text, text):
    for command, properties, _ in commands(annotation_lines(with_text(text))):
        assert command in {"error", "warning"}
        assert set(properties) <= {"file", "line", "col", "title"}
        assert properties.get("line", "1") == "1"


def test_signs_that_mean_something_come_through_as_they_are(with_text):
    text = "100%25 a::b, c=d;\n::error::x"
    found = commands(annotation_lines(with_text(text)))
    assert any("100%25 a::b, c=d;" in data and "::error::x" in data for _, _, data in found)
    assert any(p["file"] == text for _, p, _ in found)


# --- the summary ------------------------------------------------------------------------------


def test_the_summary_is_the_whole_report_where_there_is_room(rnn_run, golden):
    golden("summary.md", step_summary(rnn_run))


@pytest.mark.parametrize("limit", [0, 50, 100, 333, 1000, 2500, 5000])
def test_a_cut_summary_is_small_enough_and_leaves_nothing_open(rnn_run, with_text, limit):
    for run in (rnn_run, with_text("ü ``` | <details> $x$\n\n```\n# no")):
        cut = step_summary(run, limit)
        assert len(cut.encode()) <= limit
        whole = step_summary(run)
        if len(whole.encode()) <= limit:
            assert cut == whole
            continue
        if not cut:
            assert limit < 100
            continue
        kept, said = cut.rsplit("_The report is longer", 1)
        assert said.startswith(" than a summary may be")
        assert whole.startswith(kept)
        tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(cut)
        assert tokens[-3].type == "paragraph_open"
        assert "longer than a summary" in tokens[-2].content


def test_a_mebibyte_of_answers_is_cut(rnn_run):
    answers = [
        replace(wrong(n), written="::error::\n\n" + "ü" * 40_000, verdict="invalid")
        for n in range(40)
    ]
    cut = step_summary(with_answers(rnn_run, answers))
    assert 900_000 < len(cut.encode()) <= 1024 * 1024


# --- outputs ----------------------------------------------------------------------------------


def read_outputs(text):
    """What the runner reads from $GITHUB_OUTPUT."""
    found = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, delimiter = re.fullmatch(r"([^=<]+)<<(.+)", line).groups()
        value = []
        for inner in lines:
            if inner == delimiter:
                break
            value.append(inner)
        else:
            raise AssertionError("the delimiter was not found")
        found[name] = "\n".join(value)
    return found


@given(st.dictionaries(st.sampled_from(["score", "result"]), st.text(st.sampled_from("x0123\n<="))))
def test_no_value_ends_itself(values):
    numbers = count()
    assert read_outputs(step_outputs(values, lambda: f"x{next(numbers)}")) == values


def test_a_delimiter_that_stands_in_the_value_is_not_used():
    delimiters = iter(["end-1", "end-2"])
    text = step_outputs({"a": "1\nend-1\nscore=100"}, lambda: next(delimiters))
    assert read_outputs(text) == {"a": "1\nend-1\nscore=100"}
