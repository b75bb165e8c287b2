"""A key is doubted where many share a value that it hasn't, and nearly nobody agrees with it."""

import pytest

from checker.classroom.alarms import alarms, chance
from checker.classroom.groups import ClassGroups
from tests.checker.classroom.handmade_class import MEAN, one, right, wrote

KEY = {("q1", "L"): "0.578"}


def found(*answers):
    groups = ClassGroups()
    for position, answer in enumerate(answers):
        groups.add(position, one(answer))
    return alarms(groups.found(), KEY)


def others(count):
    return [wrote(f"{5 + n}.3") for n in range(count)]


def test_a_value_that_most_share_and_the_key_has_not_is_told_with_the_key_and_the_change():
    (alarm,) = found(*[wrote("1.734", "mistake", MEAN)] * 12, *others(8))
    assert (alarm.question, alarm.answer) == ("q1", "L")
    assert (alarm.students, alarm.answered, alarm.agreeing) == (12, 20, 0)
    assert (alarm.value, alarm.key) == ("1.734", "0.578")
    assert (alarm.mistake, alarm.change) == ("sum-for-mean", MEAN.message)
    assert alarm.decision == "- {answer: q1.L, accept: 1.734, points: 100%}"
    assert "can't tell" in alarm.doubt


def test_a_mistake_that_half_make_is_no_alarm_where_the_others_are_right():
    assert not found(*[wrote("1.734", "mistake", MEAN)] * 10, *[right()] * 6, *others(4))


def test_follow_through_speaks_for_the_key():
    follows = [wrote(f"{n}.5", "follow_through") for n in range(8)]
    assert not found(*[wrote("1.734")] * 10, *follows)


def test_a_few_who_agree_are_no_alarm():
    assert not found(*[wrote("1.734")] * 4, *others(16))


def test_a_value_without_an_explanation_says_so():
    (alarm,) = found(*[wrote("1.734")] * 9, *others(11))
    assert not alarm.change
    assert not alarm.doubt


@pytest.mark.parametrize(
    ("text", "doubt"), [("[0.5, 0.5]", "without work"), ("3", "by chance"), ("3.25", "")]
)
def test_what_many_may_write_without_work_or_by_chance_is_told(text, doubt):
    (alarm,) = found(*[wrote(text)] * 12, *others(8))
    assert doubt in alarm.doubt
    assert bool(doubt) == bool(alarm.doubt)


def test_groups_that_the_same_mistake_explains_count_together():
    parted = [wrote("1.73", "mistake", MEAN, within=1e-4)] * 3
    parted += [wrote("1.76", "mistake", MEAN, within=1e-4)] * 3
    (alarm,) = found(*parted, *others(9))
    assert alarm.students == 6


def test_the_chance_falls_with_those_who_share_and_with_those_who_are_not_right():
    assert chance(10, 0, 20) < chance(8, 0, 10) < 0.1 < chance(5, 3, 10)
    assert chance(0, 0, 0) == pytest.approx(1.0)
