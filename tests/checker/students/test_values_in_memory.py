"""``from checker import check``: values in memory are judged as a file would be."""

from html.parser import HTMLParser

import numpy as np
import pytest

from checker.grading import Grader
from checker.hints import told
from checker.students.checked import Checked
from checker.students.notebook import check
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.submission import parse_submission

FINE = {"correct", "missing"}

TINY = """
assignment: tiny
title: Tiny <sheet>
feedback: {hints: sizes}
given: {x: [0.25, 0.5]}
steps: {s: sum(x), r: s / 7}
questions:
  q: {points: 4, answers: {x: x, s: s, r: r, n: {kind: integer, value: "4 * s"}}}
  why: {points: 1, answers: {text: {kind: text, max_words: 3}}}
  pick: {points: 1, answers: {one: {kind: choice, options: {"1": a, b: b}, correct: ["1"]}}}
"""


@pytest.fixture(scope="module")
def tiny():
    return build_assignment(parse_assignment_file(TINY, "tiny.yaml"))


def right(assignment):
    """The right numbers of an assignment, nested."""
    values = {}
    for target in assignment.reference.targets:
        spec = assignment.file.questions[target.question].answers[target.answer]
        if spec.kind != "formula":
            value = assignment.reference.graph.value(target.node)
            values.setdefault(target.question, {})[target.answer] = value
    return values


def verdicts(result):
    return {answer.answer: answer.verdict for answer in result}


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.longdouble])
def test_right_values_are_right_at_any_precision_that_they_come_in(shipped, assignment_of, dtype):
    assignment = assignment_of(shipped)
    values = {
        q: {a: np.asarray(value).astype(dtype) for a, value in block.items()}
        for q, block in right(assignment).items()
    }
    result = check(assignment, values)
    assert set(verdicts(result).values()) <= FINE
    asked = sum(map(len, values.values()))
    assert sum(answer.verdict == "correct" for answer in result) == asked


def test_lists_floats_and_texts_are_taken_as_well(assignment_of):
    assignment = assignment_of("fit3181-a2")
    values = right(assignment)["q3.1"]
    mixed = {
        "h_0": list(values["h_0"]),
        "h_1": ["-0.620", "0.444", values["h_1"][2]],
        "h_2": tuple(values["h_2"].tolist()),
    }
    result = check("fit3181-a2", {"q3.1": mixed, "l_0": "-log(0.927)", "q1": "Some words."})
    assert (
        verdicts(result)["h_1"] == verdicts(result)["h_0"] == verdicts(result)["h_2"] == "correct"
    )
    assert verdicts(result)["l_0"] in {"correct", "mistake", "wrong"}
    assert result["q1", "text"].verdict == "ungraded"


def test_flat_and_nested_answers_say_the_same(assignment_of):
    assignment = assignment_of("fit3181-a2")
    nested = right(assignment)
    flat = {answer: value for block in nested.values() for answer, value in block.items()}
    assert check(assignment, flat).report == check(assignment, nested).report


def test_the_only_answer_of_a_question_stands_for_it(assignment_of):
    value = right(assignment_of("fit3181-a2"))["q3.5"]["dL_dV"]
    assert check("fit3181-a2", {"q3.5": value})["dL_dV"].verdict == "correct"


def test_a_float_that_was_computed_says_all_of_its_digits(tiny):
    """A text 0.107 may be 0.1069 rounded; a float of many digits is no other number."""
    result = check(tiny, {"x": [0.254321987, 0.5], "s": 0.75})
    assert verdicts(result)["x"] == "partial"
    assert not result["x"].mistakes
    assert verdicts(result)["s"] == "correct"
    assert check(tiny, {"r": 0.107449999})["r"].verdict == "wrong"
    assert check(tiny, {"r": 0.75 / 7})["r"].verdict == "correct"
    assert check(tiny, {"x": np.array([0.25, 0.5])})["x"].verdict == "correct"
    assert check(tiny, {"s": 1})["s"].verdict != "correct"


def test_a_float_of_few_digits_is_judged_as_its_text_would_be(tiny):
    for value in (0.107, np.float64(0.107), np.float32(0.107), [0.107], np.round(0.75 / 7, 4)):
        assert check(tiny, {"r": value})["r"].verdict == "correct"
    assert check(tiny, {"r": 0.108})["r"].verdict == check(tiny, {"r": "0.108"})["r"].verdict
    assert check(tiny, {"r": 0.11})["r"].verdict == check(tiny, {"r": "0.11"})["r"].verdict
    assert check(tiny, {"r": 0.11})["r"].entries[0].text == "0.11"


def test_the_real_submissions_are_judged_alike_in_memory_and_in_their_files(
    shipped, assignment_of, case_of, cases
):
    """But for zeros at the end, which a float alone doesn't keep."""
    path = sorted((cases / shipped).glob("*.yaml"))[-1]
    grader = Grader(assignment_of(shipped))
    filed = grader.grade(parse_submission(path.read_text(encoding="utf-8"), "a.yaml"), "a.yaml")
    result = check(assignment_of(shipped), case_of(shipped)["answers"])
    seen = told(filed, assignment_of(shipped).file.hints)
    assert [a.verdict for a in result] == [a.verdict for a in seen.answers]


def test_zeros_that_floats_drop_are_told_by_the_neighbours():
    source = """
assignment: zeros
title: Zeros
feedback: {hints: sizes}
given: {x: [0.7596, 0.5237, 0.99962, 0.00041], y: [12.534, 0.7623]}
questions: {q: {points: 2, answers: {x: x, y: y}}}
"""
    sheet = build_assignment(parse_assignment_file(source, "zeros.yaml"))
    result = check(sheet, {"x": [0.76, 0.524, 1.0, 0.0], "y": np.array([12.5, 0.762])})
    assert verdicts(result) == {"x": "correct", "y": "correct"}
    assert [entry.text for entry in result["x"].entries] == ["0.76", "0.524", "1.0", "0.0"]
    result = check(sheet, {"x": [0.76, 0.524, 1, 0], "y": [13.0, 1.0]})
    assert [entry.right for entry in result["y"].entries] == [False, False]


def test_whole_numbers_come_as_int_or_as_float(tiny):
    for value in (3, 3.0, np.int8(3), np.array(3), "3", [3]):
        assert check(tiny, {"n": value})["n"].verdict == "correct"
    assert check(tiny, {"n": 4})["n"].verdict != "correct"


def test_an_option_comes_as_text_or_as_number_or_in_a_set(tiny):
    for value in ("1", 1, ["1"], {"1"}, np.int64(1)):
        assert check(tiny, {"pick": value})["one"].verdict == "correct"
    assert check(tiny, {"one": "b"})["one"].verdict == "wrong"
    assert "`c` is not offered" in check(tiny, {"one": "c"})["one"].message


class Tensor:
    """What a tensor of a deep-learning library looks like from outside."""

    def __init__(self, values):
        self.values = values
        self.ready = False

    def detach(self):
        return self

    def cpu(self):
        self.ready = True
        return self

    def __array__(self, dtype=None, copy=None):
        assert self.ready
        return np.asarray(self.values, dtype=dtype)


def test_a_tensor_is_taken_without_its_gradient_and_from_its_device(tiny):
    assert check(tiny, {"x": Tensor([0.25, 0.5])})["x"].verdict == "correct"


@pytest.mark.parametrize(
    ("value", "verdict", "words"),
    [
        ([0.25], "invalid", "expected 2 numbers, got 1 number"),
        (np.zeros((2, 2)), "invalid", "expected 2 numbers, got 2 x 2 numbers"),
        (0.25, "invalid", "expected 2 numbers, got a single number"),
        ([0.25, float("nan")], "invalid", "not a finite number"),
        (np.array([np.inf, 0.5]), "invalid", "not a finite number"),
        ([0.25, None], "invalid", "expected a number, got an empty entry"),
        ([True, False], "invalid", "not a number"),
        (np.array([0.25 + 1j, 0.5]), "invalid", "not a number"),
        ([[0.25], [0.5, 1]], "invalid", "not rectangular"),
        (None, "missing", ""),
        ([], "missing", ""),
        (np.array([]), "missing", ""),
        (np.array(None), "missing", ""),
        (np.ma.array([0.25, 0.5], mask=[True, True]), "missing", ""),
        (np.ma.array([0.25, 0.5], mask=[True, False]), "invalid", "an empty entry"),
        (object(), "invalid", ""),
        ([b"0.5", 0.5], "invalid", "`b'0.5'` is not a number"),
        ({"a": 0.25, "b": 0.5}.values(), "correct", ""),
        (range(2), "wrong", ""),
        ([np.inf, np.inf], "invalid", "`inf` is not a finite number."),
        ([1e308, 1e-320], "wrong", ""),
    ],
)
def test_what_cannot_be_compared_says_why_without_a_place(tiny, value, verdict, words):
    answer = check(tiny, {"x": value})["x"]
    assert answer.verdict == verdict
    assert words in answer.message
    assert "line" not in answer.message
    assert answer.line is answer.column is None


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"h0": 1}, "answers['h0']: there is no question or answer `h0`; did you mean `h_0`?"),
        ({"q3.3": {"l_7": 1}}, "answers['q3.3']['l_7']: `q3.3` has no answer `l_7`"),
        ({"text": "a"}, "`text` is an answer of several questions (`q1`, `q2`)"),
        ({"q3.1": [1, 2]}, "`q3.1` has several answers: expected a dict with 'h_0', 'h_1', 'h_2'"),
        ({"L": 1, "q3.3": {"L": 1}}, "`L` of `q3.3` is given twice"),
        ({3: 1}, "there is no question or answer `3`"),
        ([1, 2], "expected a dict of answers, got `list`"),
    ],
)
def test_a_name_that_there_is_not_is_an_error_in_the_call(answers, words):
    with pytest.raises(InputError) as caught:
        check("fit3181-a2", answers)
    assert words in str(caught.value)


def test_a_name_may_say_its_question():
    result = check("fit3181-a2", {("q1", "text"): "Some words.", ("q2", "text"): "Others."})
    assert [result[q, "text"].verdict for q in ("q1", "q2")] == ["ungraded", "ungraded"]
    with pytest.raises(InputError, match="`q1` has no answer `txt`; did you mean `text`"):
        check("fit3181-a2", {("q1", "txt"): "Some words."})


def test_all_names_that_are_wrong_are_told_at_once():
    with pytest.raises(InputError) as caught:
        check("fit3181-a2", {"h0": 1, "h1": 2, "q3.3": {"x": 1}})
    assert len(caught.value.problems) == 3


def test_an_assignment_that_there_is_not_is_an_error_in_the_call(tmp_path):
    for wrong in ("fit3181-a3", tmp_path / "none.yaml"):
        with pytest.raises(InputError) as caught:
            check(wrong, {})
        assert "--assignment" not in str(caught.value)


def test_an_assignment_comes_by_id_by_path_or_loaded(tmp_path, tiny):
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    assert check(path, {"s": 0.75}).report == check(tiny, {"s": 0.75}).report
    assert check(str(path), {"s": 0.75}).score == 1
    path.write_text(TINY.replace("0.25", "0.35"), encoding="utf-8")
    assert check(path, {"s": 0.85}).score == 1


def test_the_result_has_points_and_answers(tiny):
    result = check(tiny, {"s": 0.75, "why": "Just because."}, student="ada")
    assert isinstance(result, Checked)
    assert result.report.student == "ada"
    assert (result.score, result.max_score, result.pending) == (1, 6, 1)
    assert [answer.answer for answer in result] == ["x", "s", "r", "n", "text", "one"]
    assert len(result) == len(result.answers) == 6
    assert result["q", "s"] is result["s"]
    with pytest.raises(KeyError, match="did you mean 's'"):
        result["ss"]


def test_an_answer_of_several_questions_is_asked_for_with_its_question():
    result = check("fit3181-a2", {})
    with pytest.raises(KeyError, match="several questions"):
        result["text"]
    assert result["q2", "text"].question == "q2"


def test_a_mistake_is_named_as_in_a_report(assignment_of):
    values = right(assignment_of("fit3181-a2"))
    right_loss = values["q3.3"]["l_0"]
    values["q3.3"]["l_0"] = right_loss / np.log(2)
    values["q3.3"]["L"] += (right_loss / np.log(2) - right_loss) / 3
    result = check("fit3181-a2", values)
    assert [mistake.id for mistake in result["l_0"].mistakes] == ["cross-entropy-log-base-2"]
    assert "logarithm to base 2" in str(result)


def test_numbers_are_shown_as_short_as_they_go(tiny):
    answer = check(tiny, {"x": [0.3, np.float32(0.1)]})["x"]
    assert [entry.text for entry in answer.entries] == ["0.3", "0.1"]
    assert check(tiny, {"x": [0.5]})["x"].written == "[0.5]"


def test_the_right_values_are_shown_only_if_the_teacher_reveals_them(tiny):
    wrong = {"r": 0.9, "x": [7, 8]}
    hidden, shown = check(tiny, wrong), check(tiny, wrong, reveal=True)
    for text in (str(hidden), hidden._repr_html_(), repr(hidden.report)):
        assert "0.107" not in text
    for text in (str(shown), shown._repr_html_()):
        assert "0.107143" in text


def test_the_text_is_a_table_of_all_answers(tiny):
    result = check(tiny, {"x": [0.33, 0.5], "s": 0.75, "n": 3.5, "one": "1", "why": "so"})
    text = str(result)
    assert text == repr(result)
    lines = text.splitlines()
    assert lines[0].startswith("Tiny <sheet>: ")
    assert lines[2].split() == ["Answer", "Verdict", "Points"]
    assert any(line.startswith("q     x") and line.endswith(" / 1") for line in lines)
    assert "        [0] 0.33: less than 50 % too large." in lines
    assert all(len(line) <= 100 for line in lines)
    assert all(answer.answer in text for answer in result)


class Cells(HTMLParser):
    """Reads a table, and sees that everything that is opened is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.rows, self.texts = [], 0, []

    def handle_starttag(self, tag, attrs):
        self.rows += tag == "tr"
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_a_notebook_shows_a_table_and_no_markup_of_a_stranger(tiny):
    result = check(tiny, {"s": "<script>alert(1)</script>", "one": "<b>", "x": [1, 2]})
    html = result._repr_html_()
    assert "<script>" not in html
    assert "<b>" not in html
    cells = Cells()
    cells.feed(html)
    assert cells.open == []
    assert cells.rows == 1 + len(result)
    assert "Tiny <sheet>" in cells.texts


def test_a_check_writes_no_file(tiny, here):
    check(tiny, {"s": 0.75})
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_follows_from_ones_own_values_is_right(assignment_of, dtype):
    values = right(assignment_of("fit3181-a2"))
    wrong = np.array([0.2, 0.3, 0.5], dtype=dtype)
    values["q3.2"]["yhat_0"] = wrong
    values["q3.3"]["l_0"] = -np.log(wrong[2])
    result = check("fit3181-a2", values)
    assert result["yhat_0"].verdict == "wrong"
    assert result["l_0"].verdict == "follow_through"
