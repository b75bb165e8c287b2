from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from checker.texts import Texts, distinct, repeated

any_texts = st.lists(st.text(st.characters(exclude_categories=())), max_size=20)


@given(any_texts)
def test_texts_come_back_as_they_were(texts):
    kept = Texts(texts)
    assert list(kept) == texts
    assert len(kept) == len(texts)
    assert [kept[at] for at in range(-len(texts), len(texts))] == texts * 2
    assert kept[1::2] == texts[1::2]


@given(any_texts)
def test_a_text_that_comes_again_is_told_from_one_that_does_not(texts):
    several = repeated(texts)
    assert {text for text in texts if hash(text) in several} == {
        text for text, count in Counter(texts).items() if count > 1
    }
    assert distinct(texts) == len(set(texts))
