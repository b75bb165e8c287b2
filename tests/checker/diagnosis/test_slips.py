"""Slips of writing down, found by looking at the numbers alone."""

import numpy as np
import pytest

from checker.diagnosis.evidence import ACCEPT
from checker.diagnosis.slips import KINDS, find_slips

RIGHT = np.array([0.27731, -0.19843, 0.16042, 0.05563])
EXACT = np.array([0.27731264, -0.19843172, 0.16042093, 0.05563481])


def slips(texts, right, shape=None, others=(), half_unit=None):
    written = np.array([float(text) for text in texts])
    units = [0.5 * 10.0 ** -len(text.partition(".")[2]) for text in texts]
    tolerances = np.array(units) * (1 + 1e-9)
    if half_unit is not None:
        tolerances = np.full(len(texts), half_unit)
    right = np.asarray(right, float)
    roundings = [np.zeros(len(texts))]
    shape = shape or (len(texts),)
    return find_slips(texts, written, right, tolerances, roundings, shape, others)


def best(*args, **kwargs):
    found = slips(*args, **kwargs)
    assert found
    return found[0]


def test_right_numbers_have_no_slip():
    found = slips(["0.2773", "-0.1984", "0.1604", "0.0556"], RIGHT)
    assert all(slip.bits < ACCEPT for slip in found)


@pytest.mark.parametrize(
    ("texts", "kind", "place"),
    [
        (["-0.2773", "0.1984", "-0.1604", "-0.0556"], "sign-slip", ""),
        (["2.7731", "-1.9843", "1.6042", "0.5563"], "decimal-point-slip", ""),
        (["0.2773", "0.1984", "0.1604", "0.0556"], "sign-slip", "[1]"),
        (["0.0556", "0.1604", "-0.1984", "0.2773"], "order-reversed", ""),
        (["0.0556", "0.2773", "-0.1984", "0.1604"], "order-shifted", ""),
        (["-0.1984", "0.1604", "0.0556", "0.2773"], "order-shifted", ""),
    ],
)
def test_a_slip_in_a_vector_is_named_with_its_place(texts, kind, place):
    found = best(texts, RIGHT)
    assert found.id == kind
    assert place in found.message
    assert found.bits >= ACCEPT


@pytest.mark.parametrize(
    ("texts", "kind", "place"),
    [
        (["0.277313", "-1.984317", "0.160421", "0.055635"], "decimal-point-slip", "[1]"),
        (["0.277313", "-0.198432", "0.106421", "0.055635"], "digits-swapped", "[2]"),
        (["0.2773126", "-0.1984317", "0.1904209", "0.0556348"], "digit-mistyped", "[2]"),
        (["0.2773126", "-0.1984317", "0.1604209", "0.556348"], "decimal-point-slip", "[3]"),
    ],
)
def test_a_slip_in_one_entry_needs_more_digits(texts, kind, place):
    found = best(texts, EXACT)
    assert found.id == kind
    assert place in found.message
    assert found.bits >= ACCEPT


def test_percentages_for_fractions_have_a_name_of_their_own():
    assert best(["27.73", "5.563"], [0.27731, 0.05563]).id == "percent-for-fraction"


def test_rows_for_columns():
    right = [[0.2773, -0.1984], [0.1604, 0.0556]]
    found = best(["0.2773", "0.1604", "-0.1984", "0.0556"], np.ravel(right), (2, 2))
    assert found.id == "rows-for-columns"


def test_a_place_in_a_matrix_is_told_by_row_and_column():
    right = [0.2773, -0.1984, 0.1604, 0.0556]
    assert "[1, 0]" in best(["0.2773", "-0.1984", "-0.1604", "0.0556"], right, (2, 2)).message


def test_the_numbers_of_another_answer():
    other = np.array([0.811, -0.333, 0.245, 0.917])
    found = best(["0.811", "-0.333", "0.245", "0.917"], RIGHT, others=[("h_1", other)])
    assert found.id == "other-answer-copied"
    assert "h_1" in found.message


def test_two_wrong_entries_are_no_slip_of_one_entry():
    found = slips(["0.2737", "-0.1948", "0.1604", "0.0556"], RIGHT)
    assert not [slip for slip in found if "entry" in slip.message]


def test_a_slip_in_a_single_number_needs_many_digits():
    few = slips(["0.36"], [0.63], ())
    assert all(slip.bits < ACCEPT for slip in few)
    # A sign or a decimal point in one number is told apart by its digits.
    assert best(["-5.5581"], [5.55808], ()).id == "sign-slip"


def test_slips_come_best_first():
    found = slips(["0.2773", "0.1984", "0.1604", "0.0556"], RIGHT)
    assert [slip.bits for slip in found] == sorted((slip.bits for slip in found), reverse=True)


def test_no_chance_agreement_is_called_a_slip():
    generator = np.random.default_rng(3)
    accused = 0
    for _ in range(400):
        values = generator.uniform(-1, 1, 3)
        right = generator.uniform(-1, 1, 3)
        found = slips([f"{value:.3f}" for value in values], right)
        accused += bool(found and found[0].bits >= ACCEPT)
    assert accused <= 4


def test_every_slip_found_is_declared():
    generator = np.random.default_rng(5)
    for _ in range(50):
        right = generator.uniform(-1, 1, 4)
        for variant in (-right, right[::-1], right * 100, np.roll(right, 1)):
            for slip in slips([f"{value:.4f}" for value in variant], right, (2, 2)):
                assert slip.id in KINDS


def test_the_same_slip_in_two_answers_is_two_mistakes_that_both_cost(fit, by_answer):
    values = dict(zip(fit.names, fit.right(), strict=True))
    values["h_1"] = values["h_1"] * [1, -1, 1]
    values["dL_dV"] = values["dL_dV"] * [[1, 1, 1], [1, -1, 1], [1, 1, 1]]
    answers = by_answer(fit.hand_in(values, 6))
    for name in ("h_1", "dL_dV"):
        (slip,) = answers[name].mistakes
        assert (slip.id, slip.charged) == ("sign-slip", True)
        assert answers[name].points < answers[name].max_points
