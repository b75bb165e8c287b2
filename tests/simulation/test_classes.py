"""A wrong key is noticed in simulated classes, and a right one is left alone."""

import pytest

from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment

from .classes import Classes


@pytest.fixture(scope="module")
def classes():
    return Classes(load_assignment(find_assignment("fit3181-a2")), seed=3)


def test_a_right_key_is_not_doubted_not_even_where_half_make_the_same_mistake(classes):
    mistakes = classes.mistakes()
    for n in range(0, len(mistakes), max(1, len(mistakes) // 5)):
        assert not classes.alarms(classes.usual(24))
        assert not classes.alarms(classes.half(24, mistakes[n]))


def test_another_value_of_an_answer_is_noticed(classes):
    keys = [key for key in classes.other_keys() if key.value is not None]
    assert len(keys) == len(classes.cohort.asked)
    for key in keys[::4]:
        (at,) = key.shows
        doubted = {(a.question, a.answer) for a in classes.alarms(classes.under(key, 20, 0.4))}
        assert classes.place(at) in doubted


def test_a_formula_that_the_key_has_otherwise_is_noticed_and_named(classes):
    keys = [key for key in classes.other_keys() if key.edit is not None]
    for key in keys[:: len(keys) // 4]:
        found = {(a.question, a.answer): a for a in classes.alarms(classes.under(key, 20, 0.6))}
        noticed = [found[place] for at in key.shows if (place := classes.place(at)) in found]
        assert len(noticed) == len(key.shows)
        # Several mistakes may give the same numbers, so any change that does is fine.
        assert all(alarm.change and alarm.mistake for alarm in noticed)
