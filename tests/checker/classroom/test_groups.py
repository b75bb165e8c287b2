"""Answers that agree within rounding are one group, whatever the order they come in."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checker.classroom.groups import ClassGroups
from tests.checker.classroom.handmade_class import MEAN, one, right, wrote


def grouped(*answers):
    groups = ClassGroups()
    for position, answer in enumerate(answers):
        groups.add(position, one(answer))
    (found,) = groups.found()
    return found


def members(found):
    return [list(group.students) for group in found.groups]


def test_numbers_that_agree_within_their_digits_are_one_group_told_with_the_most():
    found = grouped(wrote("1.7"), wrote("1.734"), wrote("1.73"), wrote("1.9"))
    assert members(found) == [[0, 1, 2], [3]]
    assert found.groups[0].text == "1.734"


def test_what_rounding_on_the_way_adds_counts():
    assert members(grouped(wrote("1.734"), wrote("1.738"))) == [[0], [1]]
    assert members(grouped(wrote("1.734"), wrote("1.738", within=0.005))) == [[0, 1]]


def test_every_entry_has_to_agree():
    assert len(grouped(wrote("[1.5, 2.5]"), wrote("[1.5, 2.6]")).groups) == 2


def test_right_answers_are_one_group_and_missing_ones_none():
    missing = replace(right(), verdict="missing")
    found = grouped(right(), wrote("3.2"), right(), missing)
    assert members(found) == [[0, 2], [1]]
    assert found.verdicts == {"correct": 2, "wrong": 1, "missing": 1}
    assert found.answered == 3


def test_the_commonest_explanation_stands_for_a_group():
    found = grouped(
        wrote("3.2", "mistake", MEAN),
        wrote("3.2"),
        wrote("3.2", "mistake", replace(MEAN, charged=False)),
    )
    (group,) = found.groups
    assert group.verdict == "mistake"
    assert [mistake.id for mistake in group.mistakes] == ["sum-for-mean"]
    assert group.explained == 2


def test_texts_agree_whatever_their_spaces_and_capitals():
    plain = replace(wrote("1"), numbers=None)
    found = grouped(replace(plain, written="O(n  log n)"), replace(plain, written="o(N log n)"))
    assert members(found) == [[0, 1]]


@given(st.permutations(["0.25", "0.250", "0.75", "0.7500", "-0.25"]))
def test_answers_far_apart_are_grouped_alike_in_any_order(texts):
    found = grouped(*map(wrote, texts))
    assert sorted(sorted({float(texts[n]) for n in m}) for m in members(found)) == [
        [-0.25],
        [0.25],
        [0.75],
    ]
    assert sum(map(len, members(found))) == 5
