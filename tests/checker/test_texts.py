from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from checker.texts import Texts, counts, distinct, repeated, sorted_texts

any_texts = st.lists(st.text(st.characters(exclude_categories=())), max_size=20)


@given(any_texts)
def test_texts_come_back_as_they_were(texts):
    kept = Texts(texts)
    assert list(kept) == texts
    assert len(kept) == len(texts)
    assert [kept[at] for at in range(-len(texts), len(texts))] == texts * 2
    assert kept[1::2] == texts[1::2]


def test_more_texts_than_are_kept_in_memory_come_back_in_any_order():
    texts = [f"{n}\n\udcff" for n in range(1000)]
    kept = Texts(texts[:600])
    first = kept[3]
    for text in texts[600:]:
        kept.append(text)
    assert first == texts[3]
    assert [kept[at] for at in (999, 0, 511, 512, -489)] == [
        texts[at] for at in (999, 0, 511, 512, 511)
    ]
    assert list(kept) == texts


def test_more_texts_than_are_sorted_at_once_come_in_order():
    texts = [str(n * 7919 % 25_000) for n in range(25_000)]
    assert list(sorted_texts(iter(texts))) == sorted(texts)
    assert list(sorted_texts(())) == []


@given(any_texts)
def test_a_text_that_comes_again_is_told_from_one_that_does_not(texts):
    several = repeated(texts)
    assert {text for text in texts if hash(text) in several} == {
        text for text, count in Counter(texts).items() if count > 1
    }
    assert distinct(texts) == len(set(texts))
    assert sorted(counts(texts)) == sorted(Counter(texts).values())
