import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.reports.markdown import block, code, math, submission_markdown, text

markdown_it = pytest.importorskip("markdown_it")


def tokens(source):
    """All tokens that a CommonMark parser with tables, strike-through and raw HTML sees."""
    parser = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse(source):
        yield token
        yield from token.children or ()


@pytest.mark.parametrize(
    ("place", "name"),
    list(enumerate(["full.md", "right.md", "large.md", "hostile.md", "unreadable.md"])),
)
def test_submission_markdown(rnn_run, golden, place, name):
    golden(name, submission_markdown(rnn_run, rnn_run.submissions[place]))


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1))
@pytest.mark.parametrize("around", ["{}", "- {}", "> {}", "**x:** {}", "# {}"])
def test_any_text_stays_text(around, value):
    kinds = {"inline", "text", "softbreak", "html_inline", "text_special"}
    plain = {token.type for token in tokens(around.format("word"))} | kinds
    seen = list(tokens(around.format(text(value))))
    assert {token.type for token in seen} <= plain | {"paragraph_open", "paragraph_close"}
    assert {t.content for t in seen if t.type == "html_inline"} <= {"<span>", "</span>"}


@settings(deadline=None)
@given(st.text(st.sampled_from("-+*=#>`~|[](){}!<>&$@:._ \t\n\r019aGHwmhtps/\\")))
def test_any_markup_stays_text(value):
    types = {token.type for token in tokens(text(value) or "x")}
    assert types <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "html_inline",
        "text_special",
    }


@settings(deadline=None)
@given(st.text(st.sampled_from("`|ab \n$"), min_size=1))
def test_a_code_span_can_not_be_closed(value):
    assert {token.type for token in tokens("x " + code(value))} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "code_inline",
    }


@settings(deadline=None)
@given(st.text(st.sampled_from("`~ab \n#-")))
def test_a_block_can_not_be_closed(value):
    assert [token.type for token in tokens(block(value))] == ["fence"]


@pytest.mark.parametrize(
    "value", ["@everyone", "see #12", "GH-12", "https://evil.example", "www.evil.example", "a@b.c"]
)
def test_nothing_is_linked_by_github(value):
    assert not re.search(r"@\w|#\d|GH-\d|://\w|www\.", text(value))


def test_plain_words_and_numbers_are_left_alone():
    for value in ("-0.31", "0.31", "1.5e-3", "Right (so far), isn't it?", "T = 3", "+2"):
        assert text(value) == value


def test_a_formula_is_mathematics_unless_it_could_end_it():
    assert math(r"\frac{a_1}{b_1}") == r"$`\frac{a_1}{b_1}`$"
    assert math("a`$ <b>") == "``a`$ <b>``"
    assert math("") == ""
