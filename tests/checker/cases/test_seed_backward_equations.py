"""Seed-004, backward equations, costs, reversibility: the real submission, and mistakes in it."""

import pytest

from tests.checker.cases.homework import HW3, ids

RIGHT_1A = {
    "h_bar": "i_bar[2]*i[2]*(1 - i[2])*w_ih + f_bar[2]*f[2]*(1 - f[2])*w_fh"
    " + o_bar[2]*o[2]*(1 - o[2])*w_oh + g_bar[2]*(1 - g[2]**2)*w_gh",
    "c_bar": "c_bar[2]*f[2] + h_bar[1]*o[1]*(1 - tanh(c[1])**2)",
    "g_bar": "c_bar[1]*i[1]",
    "o_bar": "h_bar[1]*tanh(c[1])",
    "f_bar": "c_bar[1]*c[0]",
    "i_bar": "c_bar[1]*g[1]",
}


def test_row_10_the_backward_equations_are_right(real):
    _, answers = real(HW3)
    assert [answers["1a", name].verdict for name in RIGHT_1A] == ["correct"] * 6
    assert answers["1b", "w_ix_bar"].verdict == "correct"


@pytest.mark.parametrize(
    ("answer", "formula"),
    [
        ("h_bar", "w_ih*i_bar[2]*(i[2] - i[2]**2) + w_fh*f_bar[2]*(f[2] - f[2]**2)"
                  " + w_oh*o_bar[2]*(o[2] - o[2]**2) + w_gh*g_bar[2]*(1 - g[2])*(1 + g[2])"),
        ("c_bar", "c_bar[2]*f[2] + h_bar[1]*(o[1] - h[1]**2/o[1])"),
        ("o_bar", "h_bar[1]*h[1]/o[1]"),
        ("i_bar", "g[1]*(c_bar[2]*f[2] + h_bar[1]*o[1]*(1 - tanh(c[1])**2))"),
    ],
)  # fmt: skip
def test_row_10_any_equivalent_writing_is_right(one, answer, formula):
    report = one(HW3, "1a", answer, formula)
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    "formula",
    [
        "sum(x[t] * i_bar[t] * i[t] * (1 - i[t]), t)",
        "3 * mean(x[t] * i_bar[t] * i[t] * (1 - i[t]), t)",
        "i_bar[0]*i[0]*(1-i[0])*x[0] + i_bar[1]*i[1]*(1-i[1])*x[1] + i_bar[2]*i[2]*(1-i[2])*x[2]",
        "sum(c_bar[t] * g[t] * i[t] * (1 - i[t]) * x[t], t)",
    ],
)
def test_row_10_a_weights_gradient_is_a_sum_over_the_steps(one, formula):
    report = one(HW3, "1b", "w_ix_bar", formula)
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    ("answer", "slip", "mistake", "says"),
    [
        ("h_bar", (" + g_bar[2]*(1 - g[2]**2)*w_gh", ""), "path-left-out", "through g[t+1]"),
        ("h_bar", ("g[2]**2", "g[2]"), "tanh-derivative-not-squared", "1 - h^2"),
        ("h_bar", ("(1 - g[2]**2)", "g[2]*(1 - g[2])"), "sigmoid-derivative-for-tanh", "sigmoid"),
        ("h_bar", ("*(1 - i[2])", ""), "sigmoid-derivative-half", "1 - s is missing"),
        ("h_bar", ("w_ih", "w_ix"), "other-quantity", "w_ix was used"),
        ("h_bar", ("i_bar[2]*i", "-i_bar[2]*i"), "sign-turned", "opposite sign"),
        ("c_bar", ("c_bar[2]*f[2] + ", ""), "path-left-out", "through c[t+1]"),
        ("c_bar", ("f[2]", "f[1]"), "neighbouring-step", "f[t] was taken"),
        ("c_bar", ("**2", ""), "tanh-derivative-not-squared", "1 - h^2"),
        ("c_bar", ("o[1]", "i[1]"), "other-quantity", "i[t] was used"),
        ("c_bar", ("+ h_bar", "- h_bar"), "sign-turned", "opposite sign"),
        ("g_bar", ("i[1]", "g[1]"), "other-quantity", "g[t] was used"),
        ("g_bar", ("c_bar[1]", "c_bar[2]"), "neighbouring-step", "dL/dc[t+1] was taken"),
        ("f_bar", ("c[0]", "c[1]"), "neighbouring-step", "c[t] was taken"),
    ],
)
def test_row_10_a_slip_in_a_backward_equation_is_named(one, answer, slip, mistake, says):
    assert slip[0] in RIGHT_1A[answer]
    report = one(HW3, "1a", answer, RIGHT_1A[answer].replace(*slip))
    assert report.verdict == "mistake"
    assert ids(report) == (mistake,)
    assert says in report.message.replace("`", "")


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("-sum(i_bar[t]*i[t]*(1 - i[t])*x[t], t)", "opposite sign"),
        ("sum(i_bar[t]*i[t]*(1 - i[t]), t)", "factor x[t] is missing"),
    ],
)
def test_row_10_a_slip_in_a_weights_gradient_is_named(one, formula, says):
    assert says in one(HW3, "1b", "w_ix_bar", formula).message.replace("`", "")


@pytest.mark.parametrize("answer", RIGHT_1A)
def test_row_10_the_asked_bar_itself_is_no_answer(one, answer):
    assert one(HW3, "1a", answer, f"{answer}[1]").verdict == "invalid"


def test_row_11_the_costs_are_right(real):
    _, answers = real(HW3)
    where = [("2a", "weights"), ("2a", "operations"), ("2a", "grid"), ("2b", "steps")]
    assert [answers[place].verdict for place in where] == ["correct"] * 4


@pytest.mark.parametrize(
    ("question", "answer", "formula"),
    [
        ("2a", "weights", "D*H + 2*H**2"),
        ("2a", "weights", "H*D + H*H + H*H"),
        ("2a", "operations", "n_a*H + 2*H + H*(2*D - 1) + 2*H*(2*H - 1)"),
        ("2b", "steps", "(G - 1) + (G - 1) + 1"),
        ("2a", "grid", "G**2*H*(D + H)"),
        ("2a", "grid", "O(G**2*H*D + G**2*H**2)"),
        ("2a", "grid", "O(G*G*H*maximum(D, H))"),
        ("2a", "grid", "O(G**2*(H*D + H**2 + H))"),
        ("2a", "grid", "O(2*G**2*H*(D + H))"),
        ("2a", "grid", "\u0398(G**2*H*(D + H))"),
    ],
)
def test_row_11_any_equivalent_writing_is_right(one, question, answer, formula):
    report = one(HW3, question, answer, formula)
    assert report.verdict == "correct", report.message


def test_row_11_constant_factors_make_no_other_order(one):
    report = one(HW3, "2a", "grid", "O(3*G**2*H*(7*D + H) + G)")
    assert report.verdict == "correct"


@pytest.mark.parametrize(
    "formula",
    ["O(G**2 * H**2)", "O(G**2*H*D)", "O(G*H*(D + H))", "O(G**3*H*(D + H))", "O(1)", "O(2**G)"],
)
def test_row_11_another_order_is_wrong(one, formula):
    report = one(HW3, "2a", "grid", formula)
    assert report.verdict == "wrong"
    assert "another order of growth" in report.message


@pytest.mark.parametrize(
    ("question", "answer", "formula", "says"),
    [
        ("2a", "weights", "H*(D + H)", "factor 2 is missing"),
        ("2a", "weights", "H*D", "term 2 * H is missing"),
        ("2a", "weights", "D*(D + 2*H)", "D was used"),
        ("2a", "operations", "H*(n_a + 2*D + 4*H)", "term 1 is missing"),
        ("2a", "operations", "H*(2*D + 4*H - 1)", "term n_a is missing"),
        ("2b", "steps", "2*G", "term 1 is missing"),
    ],
)
def test_row_11_a_slip_in_a_count_is_named(one, question, answer, formula, says):
    report = one(HW3, question, answer, formula)
    assert report.verdict == "mistake"
    assert says in report.message.replace("`", "")


def test_row_11_a_count_may_not_be_written_with_other_quantities(one):
    for formula in ("h*(d + 2*h)", "H*(D + 2*G)"):
        assert one(HW3, "2a", "weights", formula).verdict == "invalid"


def test_row_12_the_way_back_is_right_and_the_determinant_is_not(real):
    _, answers = real(HW3)
    assert [answers["3a", name].verdict for name in ("theta", "p")] == ["correct"] * 2
    assert answers["3b", "determinant"].verdict == "wrong"
    assert answers["3b", "determinant"].points == 0


def test_row_12_of_the_determinant_0_no_more_is_said_than_is_known(real):
    _, answers = real(HW3)
    report = answers["3b", "determinant"]
    assert not report.mistakes
    assert "the same value whatever its symbols are" in report.message
    assert "beta" not in report.message


@pytest.mark.parametrize(
    ("question", "answer", "formula"),
    [
        ("3a", "theta", "-(p_next - theta_next)"),
        ("3a", "p", "p_next/beta + alpha*grad_J/beta"),
        ("3b", "determinant", "exp(D * log(beta))"),
    ],
)
def test_row_12_any_equivalent_writing_is_right(one, question, answer, formula):
    report = one(HW3, question, answer, formula)
    assert report.verdict == "correct", report.message


@pytest.mark.parametrize(
    ("answer", "formula"),
    [
        ("theta", "theta_k"),
        ("p", "p_k"),
        ("p", "(p_next + alpha*grad_J)/beta + 0*p_k"),
    ],
)
def test_row_12_the_state_before_is_no_answer_to_itself(one, answer, formula):
    assert one(HW3, "3a", answer, formula).verdict == "invalid"


@pytest.mark.parametrize(
    "formula", ["theta_next + p_next", "theta_next", "theta_next - p_next/beta"]
)
def test_row_12_another_way_back_is_not_right(one, formula):
    assert one(HW3, "3a", "theta", formula).verdict in ("wrong", "mistake")


@pytest.mark.parametrize("formula", ["beta", "D*beta", "-beta**D", "alpha**D"])
def test_row_12_a_slip_in_the_determinant_is_named(one, formula):
    assert one(HW3, "3b", "determinant", formula).verdict == "mistake"


def test_row_12_no_sampled_value_is_said_to_be_miscopied(one):
    report = one(HW3, "3b", "determinant", "1")
    assert "given-miscopied" not in ids(report)
    assert "D = " not in report.message
