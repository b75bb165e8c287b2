"""The laws of points, for any outcomes and any marking."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.policy import Mark, Outcome, mark
from submissions_schema.grading_settings import Marking

SHARES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
VERDICTS = [
    "correct",
    "follow_through",
    "imprecise",
    "mistake",
    "partial",
    "wrong",
    "missing",
    "invalid",
    "ungraded",
]
markings = st.builds(
    Marking,
    follow_through=SHARES,
    mistake=SHARES,
    imprecise=SHARES,
    repeated_mistakes=st.sampled_from(["once", "each"]),
    partial=st.sampled_from(["per_entry", "all_or_nothing"]),
)


@st.composite
def outcomes(draw, markings=markings, verdicts=VERDICTS):
    verdict = draw(st.sampled_from(verdicts))
    named = st.lists(st.sampled_from("abcde"), unique=True, min_size=1, max_size=3)
    return Outcome(
        verdict,
        draw(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0])),
        draw(markings),
        draw(SHARES) if verdict in ("partial", "mistake") else 0.0,
        tuple(draw(named)) if verdict == "mistake" else (),
    )


submissions = st.lists(outcomes(), min_size=1, max_size=7)
charged_once = markings.map(lambda m: m.model_copy(update={"repeated_mistakes": "once"}))
once = st.lists(outcomes(charged_once), min_size=1, max_size=7)
same_mistakes = st.lists(outcomes(charged_once, ["mistake", "mistake", "correct"]), min_size=4)
"""So many mistakes that some must be made again."""


def total(marks: list[Mark]) -> float:
    return sum(given.points for given in marks if given.points is not None)


def single(verdict: str, share: float = 0.0, *mistakes: str, **marking: object) -> Mark:
    return mark([Outcome(verdict, 2.0, Marking(**marking), share, mistakes)])[0]


@given(submissions)
def test_points_lie_between_nothing_and_the_answers_points(items):
    for outcome, given_ in zip(items, mark(items), strict=True):
        review = outcome.verdict == "invalid" and outcome.marking.invalid == "review"
        if outcome.verdict == "ungraded" or review:
            assert given_.points is None
        else:
            assert given_.points is not None
            assert 0 <= given_.points <= outcome.max_points
        assert given_.reason


@given(submissions, st.data())
def test_putting_an_answer_right_never_lowers_the_total(items, data):
    at = data.draw(st.integers(0, len(items) - 1))
    if items[at].verdict == "ungraded":
        return
    better = [*items]
    better[at] = replace(items[at], verdict="correct", mistakes=(), right_share=1.0)
    assert total(mark(better)) >= total(mark(items)) - 1e-9


@given(submissions, st.data())
def test_anything_is_better_than_nothing(items, data):
    at = data.draw(st.integers(0, len(items) - 1))
    if items[at].verdict == "ungraded":
        return
    worse = [*items]
    worse[at] = replace(items[at], verdict="missing", mistakes=(), right_share=0.0)
    assert total(mark(worse)) <= total(mark(items)) + 1e-9


@given(submissions, st.data())
def test_more_right_entries_never_lower_the_total(items, data):
    at = data.draw(st.integers(0, len(items) - 1))
    if items[at].verdict not in ("partial", "mistake"):
        return
    better = [*items]
    better[at] = replace(items[at], right_share=data.draw(st.floats(items[at].right_share, 1.0)))
    assert total(mark(better)) >= total(mark(items)) - 1e-9


@given(submissions, st.data())
def test_one_mistake_less_never_lowers_the_total(items, data):
    at = data.draw(st.integers(0, len(items) - 1))
    if not items[at].mistakes:
        return
    gone = data.draw(st.sampled_from(items[at].mistakes))
    left = tuple(mistake for mistake in items[at].mistakes if mistake != gone)
    better = [*items]
    better[at] = replace(items[at], mistakes=left, verdict="mistake" if left else "correct")
    assert total(mark(better)) >= total(mark(items)) - 1e-9


@given(once)
def test_every_mistake_is_charged_once_at_most(items):
    paid = [
        mistake
        for outcome, given_ in zip(items, mark(items), strict=True)
        for mistake, charged in zip(outcome.mistakes, given_.charged, strict=False)
        if charged
    ]
    assert len(paid) == len(set(paid))


@given(once)
def test_an_answer_is_charged_for_one_mistake_at_most(items):
    assert all(sum(given_.charged) <= 1 for given_ in mark(items))


@given(same_mistakes)
def test_an_answer_without_a_charge_of_its_own_keeps_its_points(items):
    for outcome, given_ in zip(items, mark(items), strict=True):
        if outcome.verdict == "mistake" and not any(given_.charged):
            assert given_.points == outcome.max_points


@given(same_mistakes)
def test_charges_fall_where_they_cost_most(items):
    """An answer goes free only if all its mistakes are paid for at answers that lose no less."""

    def loss(at: int) -> float:
        return items[at].max_points - (marks[at].points or 0.0)

    marks = mark(items)
    payers = {
        mistake: at
        for at, given_ in enumerate(marks)
        for mistake, charged in zip(items[at].mistakes, given_.charged, strict=False)
        if charged
    }
    for at, outcome in enumerate(items):
        if outcome.verdict != "mistake" or any(marks[at].charged):
            continue
        alone = mark([outcome])[0]
        own = outcome.max_points - (alone.points or 0.0)
        assert all(mistake in payers for mistake in outcome.mistakes)
        assert all(loss(payers[mistake]) >= own - 1e-9 for mistake in outcome.mistakes)


@given(submissions)
def test_each_time_charges_every_time(items):
    each = [
        replace(item, marking=item.marking.model_copy(update={"repeated_mistakes": "each"}))
        for item in items
    ]
    for outcome, given_ in zip(each, mark(each), strict=True):
        if outcome.verdict == "mistake":
            assert given_.charged == (True,) * len(outcome.mistakes)
    assert (
        total(mark(each))
        <= total(
            mark(
                [
                    replace(i, marking=i.marking.model_copy(update={"repeated_mistakes": "once"}))
                    for i in each
                ]
            )
        )
        + 1e-9
    )


@given(submissions)
def test_the_order_of_the_answers_does_not_change_the_total(items):
    assert total(mark(items[::-1])) == pytest.approx(total(mark(items)))


@given(SHARES, SHARES)
def test_credits_are_what_the_teacher_says(credit, share):
    assert single("follow_through", follow_through=credit).points == 2 * credit
    assert single("imprecise", imprecise=credit).points == 2 * credit
    assert single("mistake", share, "a", mistake=credit).points == 2 * max(credit, share)
    only = single("mistake", share, "a", mistake=credit, partial="all_or_nothing")
    assert only.points == 2 * credit


@given(SHARES)
def test_partial_credit_is_per_entry_or_all_or_nothing(share):
    assert single("partial", share).points == 2 * share
    assert single("partial", share, partial="all_or_nothing").points == 0


@pytest.mark.parametrize("verdict", ["wrong", "missing", "invalid"])
def test_nothing_is_earned_by_nothing(verdict):
    assert single(verdict, invalid="zero").points == 0


def test_what_cannot_be_read_waits_for_a_person_unless_the_teacher_says_otherwise():
    assert single("invalid").points is None
    assert "person" in single("invalid").reason
    assert single("invalid", invalid="zero").reason == "the answer could not be read"


def test_what_a_person_marks_has_no_points_yet():
    assert single("ungraded").points is None


def test_defaults_are_kind_and_sane():
    assert single("correct").points == single("follow_through").points == 2
    assert single("mistake", 0.0, "a").points == 1
    assert single("imprecise").points == 1


def test_a_mistake_is_charged_at_the_answer_where_it_costs_most():
    small = Outcome("mistake", 1.0, Marking(), 0.0, ("a",))
    large = Outcome("mistake", 3.0, Marking(), 0.0, ("a",))
    assert [given_.charged for given_ in mark([small, large, small])] == [
        (False,),
        (True,),
        (False,),
    ]


def test_a_compound_is_charged_for_the_mistake_that_is_new():
    first = Outcome("mistake", 2.0, Marking(), 0.0, ("a",))
    both = Outcome("mistake", 2.0, Marking(), 0.0, ("a", "b"))
    assert [given_.charged for given_ in mark([first, both])] == [(True,), (False, True)]
    assert [given_.points for given_ in mark([first, first, both])] == [1, 2, 1]


@given(submissions, st.integers(0, 6), SHARES)
def test_what_a_person_decides_is_what_an_answer_earns(outcomes, at, share):
    at %= len(outcomes)
    decided = replace(outcomes[at], decided=share * outcomes[at].max_points)
    marks = mark([*outcomes[:at], decided, *outcomes[at + 1 :]])
    assert marks[at].points == decided.decided


@given(once, st.integers(0, 6))
def test_a_mistake_for_which_a_person_took_points_is_charged_nowhere_else(outcomes, at):
    at %= len(outcomes)
    decided = replace(outcomes[at], decided=outcomes[at].max_points / 2)
    marks = mark([*outcomes[:at], decided, *outcomes[at + 1 :]])
    for n, (outcome, marked) in enumerate(zip(outcomes, marks, strict=True)):
        if n != at and decided.max_points > 0:
            for mistake, paid in zip(outcome.mistakes, marked.charged, strict=True):
                assert not (paid and mistake in decided.mistakes)


FOUR = ("follow_through", "imprecise", "mistake", "partial")
TOO_FEW_DIGITS = "% for a right value with too few digits"
EXPLAINED = "% credit where a known mistake explains it"
TABLE = [
    # verdict, share of right entries, marking, points of 4, why
    ("correct", 0.0, {}, 4.0, "full points"),
    ("follow_through", 0.0, {}, 4.0, "full points: right from your own earlier values"),
    ("follow_through", 0.0, {"follow_through": 0.5}, 2.0, "50 % for a follow-through"),
    ("follow_through", 0.75, {"follow_through": 0.5}, 3.0, "75 % for a follow-through"),
    ("imprecise", 0.0, {}, 2.0, f"50 {TOO_FEW_DIGITS}"),
    ("imprecise", 0.75, {}, 3.0, f"75 {TOO_FEW_DIGITS}"),
    (
        "imprecise",
        0.75,
        {"partial": "all_or_nothing"},
        2.0,
        f"50 {TOO_FEW_DIGITS}",
    ),
    ("mistake", 0.0, {}, 2.0, f"50 {EXPLAINED}"),
    ("mistake", 0.5, {}, 2.0, f"50 {EXPLAINED}"),
    ("mistake", 0.75, {}, 3.0, "75 % of the entries are right"),
    ("mistake", 0.75, {"partial": "all_or_nothing"}, 2.0, f"50 {EXPLAINED}"),
    ("partial", 0.25, {}, 1.0, "25 % of the entries are right"),
    ("partial", 0.0, {}, 0.0, "0 % of the entries are right"),
    (
        "partial",
        0.25,
        {"partial": "all_or_nothing"},
        0.0,
        "all or nothing: every entry must be right",
    ),
    ("wrong", 0.5, {}, 0.0, "no points"),
    ("missing", 0.5, {}, 0.0, "no answer"),
    ("invalid", 0.5, {"invalid": "zero"}, 0.0, "the answer could not be read"),
    ("invalid", 0.5, {}, None, "the answer could not be read: a person looks at it"),
    ("ungraded", 0.5, {}, None, "a person marks this answer"),
]


@pytest.mark.parametrize(("verdict", "share", "marking", "points", "why"), TABLE)
def test_what_an_answer_earns_and_why(verdict, share, marking, points, why):
    mistakes = ("a",) if verdict == "mistake" else ()
    (found,) = mark([Outcome(verdict, 4.0, Marking(**marking), share, mistakes)])
    assert found.points == points
    assert found.reason == why
    assert found.charged == (True,) * len(mistakes)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_can_be_had_without_work_earns_only_if_it_is_right(verdict):
    named = ("a", "b") if verdict == "mistake" else ()
    outcome = Outcome(verdict, 4.0, Marking(), 0.75, named)
    (found,) = mark([replace(outcome, earns=False)])
    if verdict in FOUR:
        assert found == Mark(
            0.0,
            "no points: this can be written without doing the work",
            (True, False) if named else (),
        )
    else:
        assert found == mark([outcome])[0]


def test_a_mistake_made_again_costs_where_work_was_done():
    free = Outcome("mistake", 9.0, Marking(), 0.0, ("a",), earns=False)
    worked = Outcome("mistake", 2.0, Marking(), 0.0, ("a",))
    first, second = mark([free, worked])
    assert (first.points, first.charged) == (0.0, (False,))
    assert (second.points, second.charged) == (1.0, (True,))
    again = "the same mistake as before is not charged again"
    assert mark([worked, replace(worked, max_points=4.0)])[0] == Mark(2.0, again, (False,))


def test_of_equal_losses_the_first_answer_pays():
    same = Outcome("mistake", 2.0, Marking(), 0.0, ("a",))
    assert [found.charged for found in mark([same, same, same])] == [(True,), (False,), (False,)]


def test_charges_move_so_that_as_much_as_possible_is_paid_once():
    both = Outcome("mistake", 4.0, Marking(), 0.0, ("a", "b"))
    only = Outcome("mistake", 2.0, Marking(), 0.0, ("a",))
    assert [found.charged for found in mark([both, only])] == [(False, True), (True,)]
    assert [found.points for found in mark([both, only])] == [2.0, 1.0]


def test_each_answer_has_the_rule_of_its_own_question():
    each = Marking(repeated_mistakes="each")
    marks = mark(
        [
            Outcome("mistake", 2.0, Marking(), 0.0, ("a",)),
            Outcome("mistake", 2.0, each, 0.0, ("a", "b")),
            Outcome("mistake", 1.0, Marking(), 0.0, ("a",)),
        ]
    )
    assert [found.charged for found in marks] == [(True,), (True, True), (False,)]


@pytest.mark.parametrize(
    ("decided", "charged", "other"), [(4.0, False, 1.0), (3.9, True, 2.0), (0.0, True, 2.0)]
)
def test_a_person_who_takes_points_has_charged_the_mistakes(decided, charged, other):
    ruled = Outcome("mistake", 4.0, Marking(), 0.0, ("a",), decided=decided)
    same = Outcome("mistake", 2.0, Marking(), 0.0, ("a",))
    first, second = mark([ruled, same])
    assert first == Mark(decided, "", (charged,))
    assert second.points == other


def test_what_an_answer_loses_decides_not_how_many_points_it_has():
    nearly = Outcome("mistake", 4.0, Marking(), 0.9, ("a",))
    half = Outcome("mistake", 2.0, Marking(), 0.0, ("a",))
    first, second = mark([nearly, half])
    assert (first.points, first.charged) == (4.0, (False,))
    assert (second.points, second.charged) == (1.0, (True,))
