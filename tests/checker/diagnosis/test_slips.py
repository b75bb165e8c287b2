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
    roundings = np.zeros((1, len(texts)))
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


@pytest.mark.parametrize(
    ("texts", "right", "kind"),
    [
        (["277.31", "-198.43"], RIGHT[:2], "decimal-point-slip"),
        (["0.00027731", "-0.00019843"], RIGHT[:2], "decimal-point-slip"),
        (["27.731", "-19.843"], RIGHT[:2], "decimal-point-slip"),
        (["-0.2773", "0.1984", "0.0000"], [*RIGHT[:2], 0], "sign-slip"),
        (["100", "27.731"], [1, 0.27731], "percent-for-fraction"),
        (["1.12", "0.27731"], [112, 27.731], "decimal-point-slip"),
        (["1", "3"], [0, 2], "counted-from-one"),
    ],
)
def test_a_slip_in_all_entries_is_among_those_found(texts, right, kind):
    assert kind in {slip.id for slip in slips(texts, right)}


@pytest.mark.parametrize(
    "texts",
    [
        ["277.312640", "-0.198432", "0.160421", "0.055635"],
        ["0.000277313", "-0.198432", "0.160421", "0.055635"],
        ["27.7312640", "-0.198432", "0.160421", "0.055635"],
    ],
)
def test_a_decimal_point_in_one_entry_may_be_three_places_off(texts):
    assert best(texts, EXACT).id == "decimal-point-slip"


@pytest.mark.parametrize(
    ("texts", "shape", "kind", "options"),
    [
        (["-0.2773", "0.1984", "-0.1604", "-0.0556"], (4,), "sign-slip", 1),
        (["2.7731", "-1.9843", "1.6042", "0.5563"], (4,), "decimal-point-slip", 3),
        (["0.0556", "0.1604", "-0.1984", "0.2773"], (4,), "order-reversed", 1),
        (["0.0556", "0.2773", "-0.1984", "0.1604"], (4,), "order-shifted", 2),
    ],
)
def test_a_slip_pays_its_price_and_for_each_way_to_make_it(texts, shape, kind, options):
    """All four entries are on the scale of the largest, 0.2773 or ten times that."""
    numbers = np.array([float(text) for text in texts])
    half = 0.5e-4
    said = np.log2(np.fmax(np.abs(numbers), RIGHT[0]) / half).sum()
    found = next(slip for slip in slips(texts, RIGHT, shape) if slip.id == kind)
    assert found.bits == pytest.approx(said - KINDS[kind].bits - np.log2(options), abs=1e-3)


def test_a_single_number_with_its_decimal_point_moved_is_not_mistyped_too():
    found = slips(["0.0277"], [0.277], ())
    assert {slip.id for slip in found} == {"decimal-point-slip"}


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


def test_only_what_is_one_more_everywhere_was_counted_from_one():
    counted, other = (slips(texts, [0, 2, 4]) for texts in (["1", "3", "5"], ["1", "2", "5"]))
    assert "counted-from-one" in {slip.id for slip in counted}
    assert "counted-from-one" not in {slip.id for slip in other}
