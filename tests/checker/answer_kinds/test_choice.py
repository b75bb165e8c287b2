"""Multiple choice: exactly the right set, or option by option; what is not offered is invalid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.answer_kinds import kind_of
from checker.answer_kinds.forms.sheet import Reading, Sheet
from checker.answer_kinds.kind import Settled
from checker.words import sentence
from reference_solutions.graph import Graph
from submissions_schema.answers import ChoiceAnswer
from submissions_schema.yaml_reader import Tree, parse_document

OPTIONS = {"first": "one", "second": "two", "third": "three", "fourth": "four"}


def choice(*correct: str, **marking) -> ChoiceAnswer:
    return ChoiceAnswer.model_validate(
        {"kind": "choice", "options": OPTIONS, "correct": list(correct), **marking}
    )


EXACT = choice("second", "third")
SINGLE = choice("third")
PENALTY = choice("second", "third", marking="per_option", penalty=0.5)
FREE = choice("second", "third", marking="per_option", penalty=0)

NOTHING_TO_NAME = Sheet((Graph({}, [{}]),), {}, ())


def judge_choice(spec: ChoiceAnswer, tree: Tree) -> Settled:
    document = parse_document("{}", "some.yaml")
    found = kind_of(spec).take(Reading(spec, tree, ("q",), document, NOTHING_TO_NAME))
    return found if isinstance(found, Settled) else Settled("invalid", sentence(found.message))


SHEET = """
assignment: tasks
title: Tasks
questions:
  q:
    points: 8
    answers:
      exact: {kind: choice, options: {a: one, b: two, c: three}, correct: [b, c], points: 4}
      each:
        kind: choice
        options: {a: one, b: two, c: three, d: four}
        correct: [b, c]
        marking: per_option
        penalty: 0.5
        points: 4
"""


# --- exactly the right set --------------------------------------------------------------------


@pytest.mark.parametrize(
    "tree",
    [
        ["second", "third"],
        ["third", "second"],
        ["third", "second", "third"],
        ["Second", " THIRD "],
    ],
)
def test_the_right_set_is_right_in_any_order(tree):
    chosen = judge_choice(EXACT, tree)
    assert (chosen.verdict, chosen.share) == ("correct", 1.0)


@pytest.mark.parametrize(
    "tree", ["second", ["second"], ["second", "third", "first"], ["first", "fourth"], ["fourth"]]
)
def test_any_other_set_is_wrong_and_earns_nothing(tree):
    chosen = judge_choice(EXACT, tree)
    assert (chosen.verdict, chosen.share) == ("wrong", 0.0)


def test_one_option_may_stand_alone_or_in_a_list():
    assert judge_choice(SINGLE, "third").verdict == "correct"
    assert judge_choice(SINGLE, ["third"]).verdict == "correct"
    assert judge_choice(SINGLE, "first").verdict == "wrong"


def test_what_is_wrong_is_said_without_giving_the_right_options_away():
    for tree in ("first", ["first", "second"], ["second"]):
        message = judge_choice(EXACT, tree).message
        chosen = [tree] if isinstance(tree, str) else tree
        assert all(f"`{option}`: {OPTIONS[option]}" in message for option in chosen)
        assert not any(option in message for option in OPTIONS if option not in chosen)


# --- option by option -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "verdict", "share"),
    [
        (["second", "third"], "correct", 1.0),
        (["second"], "partial", 0.5),
        ("third", "partial", 0.5),
        (["second", "first"], "partial", 0.25),
        (["second", "third", "first"], "partial", 0.75),
        (["second", "third", "first", "fourth"], "partial", 0.5),
        (["second", "first", "fourth"], "wrong", 0.0),
        (["first"], "wrong", 0.0),
        (["first", "fourth"], "wrong", 0.0),
    ],
)
def test_each_right_option_earns_its_share_and_each_wrong_one_costs_the_penalty(
    tree, verdict, share
):
    chosen = judge_choice(PENALTY, tree)
    assert chosen.verdict == verdict
    assert chosen.share == pytest.approx(share)


def test_without_a_penalty_a_wrong_option_costs_nothing_but_is_no_right_set():
    chosen = judge_choice(FREE, ["second", "third", "first"])
    assert chosen.share == 1.0
    assert chosen.verdict == "partial"


def test_what_was_right_and_wrong_is_counted_and_what_is_missing_is_not():
    message = judge_choice(PENALTY, ["second", "first"]).message
    assert message.endswith("1 right, 1 wrong. Not all right ones were chosen.")


@given(
    st.sets(st.sampled_from(list(OPTIONS)), min_size=1),
    st.lists(st.sampled_from(list(OPTIONS)), min_size=1),
    st.sampled_from(["exact", "per_option"]),
    st.floats(0, 1),
)
def test_a_share_lies_between_nothing_and_all(correct, tree, marking, penalty):
    spec = choice(*sorted(correct), marking=marking, penalty=penalty)
    chosen = judge_choice(spec, tree)
    assert 0 <= chosen.share <= 1
    assert (chosen.verdict == "correct") == (set(tree) == correct)
    if chosen.verdict == "wrong":
        assert chosen.share == 0
    better = judge_choice(spec, sorted(correct))
    assert better.share == 1


# --- what is not offered ----------------------------------------------------------------------


@pytest.mark.parametrize("tree", ["fifth", ["second", "fifth"], "2", "two", ["second third"]])
def test_what_is_not_offered_is_invalid_and_says_what_is(tree):
    chosen = judge_choice(EXACT, tree)
    assert chosen.verdict == "invalid"
    assert chosen.share == 0
    assert "is not offered" in chosen.message
    assert all(f"`{option}`" in chosen.message for option in OPTIONS)


def test_a_misspelt_option_gets_a_did_you_mean():
    assert "Did you mean `fourth`?" in judge_choice(SINGLE, "forth").message


def test_what_is_far_from_all_options_gets_no_did_you_mean():
    three = ChoiceAnswer.model_validate(
        {
            "kind": "choice",
            "options": {"first": "", "second": "", "third": ""},
            "correct": ["first"],
        }
    )
    for text in ("fifth", "fourt", "none", "sixth", "x" * 10_000):
        message = judge_choice(three, text).message
        assert "is not offered" in message
        assert "Did you mean" not in message
        assert len(message) < 200


def test_the_text_of_an_option_is_sent_to_the_option():
    assert "Did you mean `second`?" in judge_choice(SINGLE, "Two").message


def test_options_with_blanks_between_them_are_sent_to_a_list():
    assert "[second, third]" in judge_choice(EXACT, "second third").message


@pytest.mark.parametrize(
    "text",
    [
        "second, third",
        "third,second",
        "second; third",
        "second and third",
        "second & third",
        "(second), (third)",
        "[second, third]",
        "(second, third)",
        "Second, Third.",
        "second, third,",
    ],
)
def test_several_options_may_stand_in_one_text(text):
    assert judge_choice(EXACT, text).verdict == "correct"
    assert judge_choice(EXACT, [text]).verdict == "correct"


def test_of_several_options_in_one_text_the_one_that_is_not_offered_is_named():
    chosen = judge_choice(EXACT, "second, fifth")
    assert chosen.verdict == "invalid"
    assert "`fifth` is not offered" in chosen.message


@pytest.mark.parametrize(
    "text", ["third.", "(third)", "third)", "`third`", "Option third", "*third*"]
)
def test_an_option_is_known_with_signs_around_it(text):
    assert judge_choice(SINGLE, text).verdict == "correct"


def test_an_option_with_a_comma_in_its_name_is_one_option():
    spec = ChoiceAnswer.model_validate(
        {"kind": "choice", "options": {"a, b": "both", "a": "", "b": ""}, "correct": ["a, b"]}
    )
    assert judge_choice(spec, "a, b").verdict == "correct"
    assert judge_choice(spec, ["a", "b"]).verdict == "wrong"


@pytest.mark.parametrize("tree", [{"second": "yes"}, ["second", ["third"]], ["second", None]])
def test_anything_but_options_is_invalid(tree):
    assert judge_choice(EXACT, tree).verdict == "invalid"


# --- in a submission --------------------------------------------------------------------------


def test_choices_earn_their_points(bench, by_answer):
    answers = by_answer(bench(SHEET).grade("  q: {exact: [c, b], each: [b, a]}"))
    assert (answers["exact"].points, answers["exact"].max_points) == (4, 4)
    assert (answers["each"].points, answers["each"].max_points) == (1, 4)
    assert answers["each"].verdict == "partial"
    assert answers["each"].written == "[b, a]"


def test_a_choice_that_is_not_offered_is_invalid_in_a_submission_with_its_line(bench, by_answer):
    answers = by_answer(bench(SHEET).grade("  q:\n    exact: [b, x]\n    each: e"))
    assert [answers[name].verdict for name in ("exact", "each")] == ["invalid", "invalid"]
    assert answers["exact"].line == 5
    assert answers["each"].line == 6


@pytest.mark.parametrize("nothing", ["", "null", "[]", "'?'", "[TODO]", "Your answer here"])
def test_no_choice_is_missing_and_not_wrong(bench, by_answer, nothing):
    answers = by_answer(bench(SHEET).grade(f"  q:\n    exact: {nothing}\n    each: b"))
    assert answers["exact"].verdict == "missing"


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "true", "1", "1.0", "null"])
def test_options_that_yaml_would_turn_into_something_else_stay_words(bench, by_answer, word):
    sheet = f"""
assignment: words
title: Words
questions:
  q:
    points: 1
    answers: {{w: {{kind: choice, options: {{"{word}": x, other: z}}, correct: ["{word}"]}}}}
"""
    assert by_answer(bench(sheet).grade(f"  q: {{w: '{word}'}}"))["w"].verdict == "correct"
    if word != "null":
        assert by_answer(bench(sheet).grade(f"  q: {{w: {word}}}"))["w"].verdict == "correct"


def test_options_that_are_marked_one_by_one_earn_beside_made_up_numbers(bench):
    made = bench("""
assignment: beside
title: A choice beside numbers
given: {x: [1.37, -0.46], y: [0.53, 2.21]}
steps: {a: tanh(x), b: exp(y)}
questions:
  q:
    points: 6
    answers:
      each:
        kind: choice
        options: {a: one, b: two, c: three, d: four}
        correct: [b, c]
        marking: per_option
        points: 4
      a: {value: a, points: 1}
      b: {value: b, points: 1}
""")
    numbers = "a: [0.31, 0.77], b: [3.19, 8.43]"
    (each, *others) = made.grade(f"  q: {{each: [b], {numbers}}}").answers
    assert (each.verdict, each.points) == ("partial", 2)
    assert [answer.points for answer in others] == [0, 0]
