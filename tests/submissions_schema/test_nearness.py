"""Which keys another spelling can mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions_schema.nearness import same_key


@pytest.mark.parametrize(
    ("word", "id"),
    [
        ("h0", "h_0"),
        ("H_0", "h_0"),
        ("h-0", "h_0"),
        ("h 0", "h_0"),
        ("h[0]", "h_0"),
        ("h_{0}", "h_0"),
        ("$h_0$", "h_0"),
        ("dL/dV", "dL_dV"),
        ("dLdV", "dL_dV"),
        ("\u2202L/\u2202V", "dL_dV"),
        ("\u0177_0", "y_hat_0"),
        ("y\u0302", "yhat"),
        ("\u03b8", "theta"),
        ("q3_1", "q3.1"),
        ("Q3-1", "q3.1"),
        ("Total Loss", "total_loss"),
    ],
)
def test_another_spelling_means_the_same_key(word, id):
    assert same_key(word, ["other", id, "h_10", "h_1_0"]) == [id]


@pytest.mark.parametrize(
    ("word", "id"),
    [
        ("h_1_0", "h_10"),
        ("q31", "q3.1"),
        ("h\u00b2", "h_2"),
        ("h_-1", "h_1"),
        ("h'", "h"),
        ("w*", "w"),
    ],
)
def test_what_differs_in_more_than_spelling_means_another_key(word, id):
    assert same_key(word, [id]) == []


def test_the_case_counts_where_keys_differ_in_it_alone():
    assert same_key("W1", ["w_1", "W_1"]) == ["W_1"]
    assert same_key("GAMMA", ["gamma", "Gamma"]) == ["gamma", "Gamma"]
    assert same_key("w1", ["w_1", "w-1"]) == ["w_1", "w-1"]


@given(st.text(max_size=30))
def test_every_key_means_itself(word):
    assert word in same_key(word, [word, "other"])
