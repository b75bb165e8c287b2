"""What people write by hand or paste is read where it means one thing only."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from reference_solutions.language.by_hand import written_out
from reference_solutions.language.replacing import Known
from reference_solutions.language.written_formula import written_formula
from reference_solutions.operations import callable_operations

NAMES = {"x": 1, "h": 1, "W": 2, "y": 0, "y_hat": 0, "theta": 0, "b": 0, "w_ix": 0, "L": 0}
KNOWN = Known(NAMES, list(callable_operations()), ["t", "i"])


def read(text, known=KNOWN):
    return "".join(written_out(written_formula(text), known).source.split())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("y^2", "y**2"),
        ("y^{2b}", "y**(2*b)"),
        ("2y", "2*y"),
        ("2(y+1)", "2*(y+1)"),
        ("(y+1)(y-1)", "(y+1)*(y-1)"),
        ("y b", "y*b"),
        ("|y|", "abs(y)"),
        ("|y| + |b - 1|", "abs(y)+abs(b-1)"),
        ("‖x‖", "norm(x)"),
        ("√y", "sqrt(y)"),
        ("√(y + 1)", "sqrt(y+1)"),
        ("2√y", "2*sqrt(y)"),
        ("π", "pi"),
        ("θ", "theta"),
        ("ŷ", "y_hat"),
        ("\u03c3(y)", "sigmoid(y)"),
        ("np.tanh(y)", "tanh(y)"),
        ("x₁", "x[1]"),
        ("x_1", "x[1]"),
        ("h_t", "h[t]"),
        ("h_{t-1}", "h[t-1]"),
        ("W_{1,2}", "W[1,2]"),
        ("W_12", "W[1,2]"),
        ("w_{ix}", "w_ix"),
        ("W^T", "W.T"),
        (r"W^{\top}", "W.T"),
        (r"\frac{y}{1 + \exp(-y)}", "(y/(1+exp(-y)))"),
        (r"\frac{1}{\frac{y}{b}}", "(1/((y/b)))"),
        (r"\tanh\left(y\right)", "tanh(y)"),
        (r"\sigma(y) \cdot \theta", "sigmoid(y)*theta"),
        (r"x \odot h", "x*h"),
        (r"\sqrt{\hat{y}}", "sqrt(y_hat)"),
        (r"$y \times 2$", "y*2"),
    ],
)
def test_one_meaning_is_read(text, meant):
    assert read(text) == meant


@pytest.mark.parametrize("text", ["W x", "W(x)", "y(b)", "y_t", "|y|b|x|", "x_s"])
def test_what_may_mean_several_things_stays_as_it_stands(text):
    assert read(text) == "".join(text.split())


def test_a_name_that_the_sheet_has_is_not_taken_for_an_index():
    known = Known({"x": 1, "x_1": 0}, [], ["t"])
    assert read("x_1 + x_{1}", known) == "x_1+x_1"
    both = Known({"x_1": 0, "x1": 0}, [], [])
    assert read("x_{1}", both) == "x_{1}"


def test_a_letter_that_the_sheet_has_stands_for_itself():
    known = Known({"sigma": 0, "π": 0}, list(callable_operations()), [])
    assert read("π", known) == "π"
    assert read(r"\sigma(2)", known) != "sigmoid(2)"


@settings(max_examples=300, deadline=None)
@drawn(st.text(alphabet="\\{}()[]|√^_*+-2xyWhtθ\u03c3₁ ,.=frac", max_size=60))
def test_whatever_is_written_each_character_keeps_a_place(text):
    written = written_formula(text)
    meant = written_out(written, KNOWN)
    assert len(meant.places) == len(meant.source) + 1
    assert all(0 <= place <= len(text) for place in meant.places)


@settings(max_examples=200, deadline=None)
@drawn(st.sampled_from(["y + b", "y * theta - 2", "tanh(y) ** 2", "x[1] + h[t]", "abs(y) / b"]))
def test_what_is_written_in_the_language_means_the_same(text):
    assert read(text) == "".join(text.split())
