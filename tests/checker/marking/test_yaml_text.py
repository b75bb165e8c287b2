"""What is written for a person to fill in is the same, whichever way it is written."""

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from checker.marking.yaml_text import Block, dumped, dumped_item

SIGNS = "ab z.-_:#'\"\\\n\t\r~=0123ynYN\0\x7f\x85\u00a0\u2028\ufeff😀é,[]{}&*!|>%@`\U0010ffff"
WORDS = ["true", "null", "yes", "on", "n", "y", "Null", "off", "e1", "nan", "~", "=", "<<", "1_0"]
texts = st.text(st.sampled_from(SIGNS), max_size=12) | st.text() | st.sampled_from(WORDS)
numbers = st.integers() | st.floats(allow_nan=False)


@given(texts, texts, texts, st.none() | numbers | texts)
@example("a", "", "", 1)
@example("a", "", "", 1.0)
@example("", "one\n\n  two ", "one\n\n  two", None)
@example("", "\n", "\x85", "🙂")
def test_an_item_is_written_as_a_list_of_it_would_be(word, one, other, last):
    item = {"word": word, "one": Block(one), "other": Block(other), "last": last}
    assert dumped_item(item) == dumped([item])


@given(texts)
def test_a_text_is_read_as_it_was_written(text):
    encodable = text.encode(errors="replace").decode()
    assert yaml.safe_load(dumped_item({"text": encodable})) == [{"text": encodable}]
