import pytest
import yaml

from submissions_schema.problems import InputError
from submissions_schema.yaml_reader import parse_document


@pytest.mark.parametrize(
    ("written", "place", "words"),
    [
        ("a:\n\tb: 1\n", "2:1", "indented with a tab"),
        ("a: 1\n\tb: 2\n", "2:1", "expected spaces, got a tab"),
        ("q:\n  h_0:[1,2]\n  h_1: [3]\n", "2:3", "a space is missing after the colon of `h_0:`"),
        ("h_0:0.5\nh_1: 1\n", "1:4", "a space is missing after the colon of `h_0:`"),
        ("a: {x: 1, y:[2]}\n", "1:12", "a space is missing after the colon"),
        ("a: [1, 2\nb: 3\n", "1:4", "`[` is opened here and not closed before line 2"),
        ("a: {b: 1\n", "1:4", "expected `,` or `}`, got the end of the file"),
        ("a: [1, 2}\n", "1:9", "the closing `]` is missing: expected `,` or `]`, got `}`"),
        ("a: {b: h[0]}\n", "1:9", "put a text that holds brackets in quotes"),
        ("a: [1, 2]]\n", "1:10", "`]` closes a bracket that was not opened"),
        ("a: [1] 2\n", "1:8", "the line goes on behind the closing bracket"),
        ("a: [1,,2]\n", "1:7", "a value is missing here"),
        ("q1: text: more\n", "1:9", "the text after `q1:` holds a colon; put the whole text in"),
        ("a: @foo\n", "1:4", "a text can't begin with `@`; put the text in quotes"),
        ("a: ?\n", "1:4", "a text can't begin with `?`"),
        ("a: !b!c\n", "1:4", "a text can't begin with `!`"),
        ("a: %x\n", "1:4", "a text can't begin with `%`"),
        ("a: **bold** text\n", "1:4", "a text can't begin with `*`"),
        ('a: "abc\nb: 3\n', "1:4", 'the quote `"` is opened here and never closed'),
        ("a: 'it's'\n", "1:8", "write an apostrophe inside single quotes twice"),
        ('a: "\\d"\n', "1:5", "a backslash begins an escape; use single quotes"),
        ("a: 1\n b: 2\n", "2:2", "indented further than the line above"),
        ("a:\n  b: 1\n c: 2\n", "3:2", "the indentation of this line fits none of the lines above"),
        ("- a\nb: 1\n", "2:1", "the indentation of this line"),
        ("foo\nbar: 1\n", "1:1", "a colon is missing on this line"),
        ("a: 1\nb\nc: 2\n", "2:1", "a colon is missing after `b`"),
        ("a: - b\n", "1:4", "a list with dashes begins on a line of its own"),
        ("a: |x\n", "1:4", "the text after `|` begins on the next line"),
        ("{: 3}\n", "1:2", "there is no name before the colon"),
        (": 3\n", "1:1", "there is no name before the colon"),
        ("h_0\uff1a [1, 2]\nb: 2\n", "1:4", "a fullwidth colon"),
        ("a: \u201cx: y\u201d\n", "1:4", "curly quotes"),
        ("a:\n\u00a0 b: 1\n  c: 2\n", "2:1", "indented with a no-break space"),
        ("k" * 2000 + ": 1\n", "1:2001", "the name before the colon is too long"),
    ],
)
def test_a_usual_mishap_is_told_in_its_place_with_the_way_out(written, place, words):
    with pytest.raises(InputError) as caught:
        parse_document(written, "a.yaml")
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"a.yaml:{place}: ")
    assert words in str(problem)


def test_what_caused_a_syntax_error_is_not_told_twice():
    with pytest.raises(InputError) as caught:
        parse_document("a: *bold text\n", "a.yaml")
    (problem,) = caught.value.problems
    assert "put a text that begins with * in quotes" in problem.text


@pytest.mark.parametrize("written", ["a: 'x\n", "a: [1\n", "a:\n\tb: 1\n", "q: x: y\n"])
def test_without_libyaml_mishaps_are_told_as_well(written, monkeypatch):
    monkeypatch.setattr("submissions_schema.tree_builder._LOADER", yaml.SafeLoader)
    with pytest.raises(InputError) as caught:
        parse_document(written, "a.yaml")
    assert "can't be read here (" not in str(caught.value)
