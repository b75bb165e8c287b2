import pytest
from pydantic import ValidationError

from submissions_schema.answers import (
    ChoiceAnswer,
    FormulaAnswer,
    IntegerAnswer,
    NotebookAnswer,
    NumberAnswer,
    TextAnswer,
)
from submissions_schema.assignment_file import load_assignment_file, parse_assignment_file
from submissions_schema.grading_settings import (
    Marking,
    Matching,
    MatchingOverrides,
    merge_overrides,
)
from submissions_schema.problems import InputError

COMPLETE = """\
assignment: fit3181-a2
title: Recurrent networks by hand
course: FIT3181
index: {t: 0..2}
given:
  W: [[1, 0, -1], [2, 1, 1/3]]
  h[-1]: [0, 0, 0]
symbols:
  o: {domain: [0, 1]}
  w: {shape: [2, 3], integer: true, describe: weights}
  s: {shape: scalar}
steps:
  h[t]: tanh(W @ h[t-1])
  L: mean(h)
matching: {policy: relative, tolerance: 0.01}
marking: {mistake: 0.25}
questions:
  q1: {title: Words, points: 2, answers: {text: {kind: text, min_words: 20, max_words: 100}}}
  q3.1:
    points: 3
    matching: {tolerance: 0.5, working_digits: null}
    marking: {partial: all_or_nothing}
    answers:
      h_0: h[0]
      h_1: {value: "h[1]", matching: {policy: decimal_places, digits: 2}}
      h_2: {value: "h[2]", points: 2}
"""


def loaded(text):
    return parse_assignment_file(text, "a.yaml").file


def problems_of(text):
    with pytest.raises(InputError) as caught:
        loaded(text)
    return [str(problem) for problem in caught.value.problems]


def with_questions(questions, rest=""):
    return f"assignment: a\ntitle: x\nquestions: {questions}\n{rest}"


ONE_QUESTION = "{q: {points: 1, answers: {a: x}}}"


class TestReading:
    file = loaded(COMPLETE)

    def test_an_index_has_inclusive_ends(self):
        assert list(self.file.index["t"].values) == [0, 1, 2]

    def test_given_values_stay_texts(self):
        assert self.file.given["W"] == [["1", "0", "-1"], ["2", "1", "1/3"]]

    def test_steps_keep_their_order(self):
        assert list(self.file.steps) == ["h[t]", "L"]

    def test_symbols_have_shapes_and_domains(self):
        symbols = self.file.symbols
        assert symbols["o"].domain == (0.0, 1.0)
        assert (symbols["w"].shape, symbols["w"].integer) == ((2, 3), True)
        assert symbols["s"].shape == ()

    def test_a_formula_alone_is_a_number(self):
        answer = self.file.questions["q3.1"].answers["h_0"]
        assert isinstance(answer, NumberAnswer)
        assert answer.value == "h[0]"

    def test_a_mapping_without_a_kind_is_a_number(self):
        assert self.file.questions["q3.1"].answers["h_2"].kind == "number"

    @pytest.mark.parametrize(
        ("written", "kind"),
        [
            ("{kind: number, value: x}", NumberAnswer),
            ("{kind: integer, value: x}", IntegerAnswer),
            ("{kind: formula, value: x}", FormulaAnswer),
            ("{kind: text}", TextAnswer),
            ("{kind: notebook}", NotebookAnswer),
            ("{kind: choice, options: {a: 1, b: 2}, correct: [a]}", ChoiceAnswer),
        ],
    )
    def test_every_kind_of_answer_is_read(self, written, kind):
        file = loaded(with_questions(f"{{q: {{points: 1, answers: {{a: {written}}}}}}}"))
        answer = file.questions["q"].answers["a"]
        assert isinstance(answer, kind)

    def test_a_file_is_read_with_the_hash_of_its_bytes(self, tmp_path):
        path = tmp_path / "a.yaml"
        path.write_text(COMPLETE)
        first = load_assignment_file(path, name="a.yaml")
        path.write_text(COMPLETE + "\n")
        second = load_assignment_file(path, name="a.yaml")
        assert first.content_hash.startswith("sha256:")
        assert first.content_hash != second.content_hash
        assert first.file == second.file


class TestPoints:
    def test_points_are_shared_by_the_answers_that_have_none(self):
        question = loaded(COMPLETE).questions["q3.1"]
        assert question.answer_points == {"h_0": 0.5, "h_1": 0.5, "h_2": 2.0}

    def test_all_points_are_added_up(self):
        assert loaded(COMPLETE).total_points == 5

    def test_a_question_may_leave_its_points_to_its_answers(self):
        answers = "{a: {value: x, points: 1}, b: {value: y, points: 0.5}}"
        question = loaded(with_questions(f"{{q: {{answers: {answers}}}}}")).questions["q"]
        assert question.total_points == 1.5

    @pytest.mark.parametrize(
        ("question", "problem"),
        [
            (
                "{points: 2, answers: {a: {value: x, points: 1}, b: {value: y, points: 3}}}",
                "a.yaml:3:25: the answers' points don't add up to the question's "
                "(in `questions.q.points`): expected 2, got 4",
            ),
            (
                "{points: 2, answers: {a: {value: x, points: 3}, b: y}}",
                "a.yaml:3:25: the answers' points are more than the question's "
                "(in `questions.q.points`): expected at most 2, got 3",
            ),
            (
                "{answers: {a: x}}",
                "a.yaml:3:16: the question has no points (in `questions.q`): expected `points`",
            ),
            (
                "{answers: {a: {value: x, points: 3}, b: y}}",
                "a.yaml:3:56: some answers have points, but not `b` (in `questions.q.answers.b`): "
                "expected points for each answer, or for the question",
            ),
        ],
    )
    def test_points_that_do_not_fit_are_told(self, question, problem):
        assert problems_of(with_questions(f"{{q: {question}}}")) == [problem]


class TestMatchingAndMarking:
    file = loaded(COMPLETE)

    def test_an_override_changes_only_what_it_says(self):
        matching = self.file.matching_for("q3.1", "h_0")
        assert (matching.policy, matching.tolerance) == ("relative", 0.5)
        assert matching.working_digits is None
        assert self.file.matching_for("q1", "text").working_digits == 3

    def test_another_policy_drops_what_belonged_to_the_outer_one(self):
        matching = self.file.matching_for("q3.1", "h_1")
        assert (matching.policy, matching.tolerance, matching.digits) == ("decimal_places", None, 2)
        assert matching.working_digits is None

    def test_marking_is_merged_field_by_field(self):
        marking = self.file.marking_for("q3.1")
        assert (marking.mistake, marking.partial) == (0.25, "all_or_nothing")
        assert self.file.marking_for("q1") == Marking(mistake=0.25)

    def test_without_overrides_the_defaults_hold(self):
        file = loaded(with_questions(ONE_QUESTION))
        assert file.matching_for("q", "a") == Matching()
        assert file.marking_for("q") == Marking()

    @pytest.mark.parametrize(
        "fields",
        [
            {"policy": "relative"},
            {"policy": "absolute", "digits": 2, "tolerance": 0.1},
            {"tolerance": 0.1},
            {"policy": "significant_figures"},
            {"policy": "significant_figures", "digits": 0},
            {"digits": 3},
        ],
    )
    def test_settings_that_do_not_fit_a_policy_are_refused(self, fields):
        with pytest.raises(ValidationError):
            Matching(**fields)
        with pytest.raises(ValidationError):
            merge_overrides(Matching(), MatchingOverrides(**fields))

    @pytest.mark.parametrize(
        ("rest", "problem"),
        [
            (
                "matching: {policy: relative}\n",
                "a.yaml:4:11: the policy `relative` needs `tolerance` (in `matching`): "
                "expected `tolerance`",
            ),
            (
                "matching: {tolerance: 0.5}\n",
                "a.yaml:4:12: `tolerance` means nothing for the policy `written` "
                "(in `matching.tolerance`): expected no `tolerance`, or one of the policies "
                "`relative` and `absolute`, got 0.5",
            ),
            (
                "matching: {policy: relativ, tolerance: 1}\n",
                "a.yaml:4:20: `matching.policy` can't be read: expected one of `written`, "
                "`relative`, `absolute`, `significant_figures`, `decimal_places`, "
                "got `relativ`; did you mean `relative`?",
            ),
            (
                "marking: {mistake: 2}\n",
                "a.yaml:4:20: `marking.mistake` can't be read: expected at most 1, got `2`",
            ),
        ],
    )
    def test_settings_that_do_not_fit_are_told_with_their_place(self, rest, problem):
        assert problems_of(with_questions(ONE_QUESTION, rest)) == [problem]

    def test_an_answers_settings_are_judged_with_the_outer_ones(self):
        question = "{points: 1, answers: {a: {value: x, matching: {digits: 3}}}}"
        (problem,) = problems_of(
            with_questions(f"{{q: {question}}}", "matching: {policy: relative, tolerance: 1}\n")
        )
        assert problem.startswith("a.yaml:3:63: `digits` means nothing for the policy `relative`")


class TestProblems:
    @pytest.mark.parametrize(
        ("rest", "place", "words"),
        [
            ("index: {t: 3}\n", "4:12", "expected `0..2`, got `3`"),
            ("index: {t: 3..1}\n", "4:12", "the range of an index is empty"),
            ("given: {W: [[1, 2], [3]]}\n", "4:21", "expected a list of 2 numbers, like the first"),
            ("given: {W: [1, [3]]}\n", "4:16", "expected a number, like the first entry"),
            ("given: {W: [1, {a: 1}]}\n", "4:16", "expected a number or a list of numbers"),
            ("given: {W: []}\n", "4:12", "got an empty list"),
            ("given: {W: }\n", "4:12", "got nothing"),
            ("given: {'h[t]': 1}\n", "4:9", "one with a constant index"),
            ("symbols: {o: {domain: [1, 0]}}\n", "4:27", "expected more than 1, got 0"),
            ("symbols: {o: {domain: [1]}}\n", "4:23", "has too few entries: got 1"),
            ("symbols: {o: {shape: [0]}}\n", "4:23", "expected at least 1, got `0`"),
            ("symbols: {o: {integer: maybe}}\n", "4:24", "expected `true` or `false`"),
            ("steps: {'h t': x}\n", "4:9", "expected a name, such as `L`"),
            ("steps: {'h[k]': x}\n", "4:9", "runs over `k`, which is not an index"),
            ("steps: {L: }\n", "4:12", "expected text, got nothing"),
            ("steps: {W: x}\ngiven: {W: 1}\n", "4:9", "`W` is given already"),
            ("titel: x\n", "4:1", "unknown key `titel`; did you mean `title`?"),
        ],
    )
    def test_a_problem_is_told_with_its_place(self, rest, place, words):
        (problem,) = problems_of(with_questions(ONE_QUESTION, rest))
        assert problem.startswith(f"a.yaml:{place}: ")
        assert words in problem

    @pytest.mark.parametrize(
        ("answer", "place", "words"),
        [
            ("{kind: txt}", "3:48", "got `txt`; did you mean `text`?"),
            ("{kind: [1]}", "3:48", "expected one of `number`"),
            ("[1]", "3:41", "expected a formula, or a mapping with `kind`, got a list"),
            ("~", "3:41", "got nothing"),
            ("' '", "3:41", "expected some text, got an empty text"),
            ("{points: 1}", "3:38", "the key `value` is missing"),
            ("{kind: text, max_word: 3}", "3:54", "did you mean `max_words`?"),
            ("{kind: text, min_words: 3, max_words: 1}", "3:79", "expected at least 3, got 1"),
            ("{kind: text, min_words: 1.5}", "3:65", "expected a whole number, got `1.5`"),
            ("{kind: choice, options: {a: x, b: y}, correct: [c]}", "3:89", "no option `c`"),
            ("{kind: choice, options: {a: x}, correct: [a]}", "3:65", "at least 2 entries"),
            ("{value: x, points: -1}", "3:60", "expected at least 0, got `-1`"),
        ],
    )
    def test_a_problem_of_an_answer_is_told_with_its_place(self, answer, place, words):
        (problem,) = problems_of(with_questions(f"{{q: {{points: 1, answers: {{a: {answer} }}}}}}"))
        assert words in problem
        assert problem.startswith(f"a.yaml:{place}: ")

    def test_all_problems_are_told_at_once(self):
        found = problems_of(
            "assignment: FIT 3181\nindex: {t: 3}\ngiven: {W: [[1], 2]}\n"
            "questions:\n  q1: x\n  q2: {points: x, answers: {}}\n"
        )
        assert [problem.split(": ")[0] for problem in found] == [
            "a.yaml:1:1",
            "a.yaml:1:13",
            "a.yaml:2:12",
            "a.yaml:3:18",
            "a.yaml:5:7",
            "a.yaml:6:16",
            "a.yaml:6:28",
        ]
        assert not any("pydantic" in problem or "http" in problem for problem in found)
