"""Validation: what is wrong with the form of a submission, all at once and with its place."""

import os
from pathlib import Path

import pytest

from checker.grading import Grader
from checker.students.handout import make_handout
from checker.students.template import template_text
from checker.students.validation import (
    Form,
    handout_beside,
    looks_like_a_submission,
    validate_bytes,
    validate_document,
)
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.submission import parse_submission
from submissions_schema.yaml_reader import parse_document

HW5 = "assignment: hw5-rnn-attention\nstudent: {id: someone}\nanswers:\n"
FIT = "assignment: fit3181-a2\nstudent: {id: someone}\nanswers:\n"


def said(result, level="error"):
    return [str(finding) for finding in result.findings if finding.level == level]


def test_the_real_submissions_are_in_the_right_form(shipped, form_of, validated, cases):
    for path in (cases / shipped).glob("*.yaml"):
        result = validated(path.read_text(encoding="utf-8"), form_of(shipped))
        assert said(result) == []


def test_all_errors_are_told_at_once_with_their_places(form_of, validated):
    text = """\
assignment: hw5-rnn-attention
student: {id: someone, nick: x}
answers:
  q1:
    a: [second, thrid]
    b: fifth
    d: x
  q2:
    a: -(yy[0]*(1 - yhatt[0]))
    b: delta_o * h
    c: delta_h ~ dpsi_z
    d: g[2]*dpsi[9]
  q3a:
    scores: [-2, 3, 0,5, 6]
    chosen: [1, 2]
    output: [6, one]
  q3c: foo
  scores: 3
  q4: [a, b]
"""
    expected = {
        "mine.yaml:2:24": "unknown key `nick`",
        "mine.yaml:5:17": "`thrid` is not offered",
        "mine.yaml:6:8": "`fifth` is not offered",
        "mine.yaml:7:5": "`q1` has no answer `d`",
        "mine.yaml:9:10": "unknown quantity `yy`; did you mean `y`?",
        "mine.yaml:9:21": "unknown quantity `yhatt`; did you mean `yhat`?",
        "mine.yaml:10:18": "`h` may not be used in this answer",
        "mine.yaml:11:16": "unexpected `~`",
        "mine.yaml:12:13": "there is no `dpsi[9]`",
        "mine.yaml:14:13": "decimal comma",
        "mine.yaml:15:13": "expected a single number, got 2 numbers",
        "mine.yaml:16:13": "expected 3 numbers, got 2 numbers",
        "mine.yaml:16:17": "`one` is a word, not a number",
        "mine.yaml:17:3": "did you mean `q3b`?",
        "mine.yaml:18:3": "the answer `scores` belongs under `q3a:`",
        "mine.yaml:19:7": "a text is asked for",
    }
    result = validated(text, form_of("hw5-rnn-attention"))
    errors = said(result)
    assert len(errors) == len(expected) == result.errors
    for error, (place, words) in zip(errors, expected.items(), strict=True):
        assert error.startswith(f"{place}: error: ")
        assert words in error
    assert result.summary == "mine.yaml: 16 errors; 10 of 12 answers are given; not yet: q1 c, q3b"


def test_what_is_missing_is_a_note_and_no_error(form_of, validated):
    text = f"{FIT}  q1: ???\n  q3.1: {{h_0: [1, 2, 3], h_1: [_, _, _]}}\n"
    result = validated(text, form_of("fit3181-a2"))
    assert not result.errors
    assert said(result, "note") == []
    assert {"q1", "q3.1 h_1", "q3.1 h_2", "q3.3"} <= set(result.unanswered)
    assert (result.answered, result.asked) == (1, 15)
    assert "; not yet: q1, " in result.summary


def test_a_number_with_few_digits_is_a_note_because_it_may_be_exact(form_of, validated):
    text = f"{FIT}  q3.1: {{h_0: [0.5, 0, 1], h_1: [0.25, 0.1, 0.125], h_2: [1, 2, 3.14]}}\n"
    notes = [
        note for note in said(validated(text, form_of("fit3181-a2")), "note") if "digit" in note
    ]
    assert notes == [
        "mine.yaml:4:16: note: `0.5`: write at least 3 significant digits, "
        "unless the value is exact",
        "mine.yaml:4:34: note: `0.25`, `0.1`: write at least 3 significant digits, "
        "unless the value is exact",
    ]
    text = "assignment: hw2-cnn-lstm\nstudent: a\nanswers: {1A: {i: 608.5}}\n"
    (note,) = [n for n in said(validated(text, form_of("hw2-cnn-lstm")), "note") if "whole" in n]
    assert note.startswith("mine.yaml:3:19: note: `608.5` is no whole number")


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("- a\n- b\n", "mine.yaml:1:1", "must hold a mapping"),
        ("answers: {}\n", "mine.yaml:1:1", "key `student` is missing"),
        (FIT.replace("fit3181-a2", "other") + "  {}\n", "mine.yaml:1:13", "another assignment"),
        (FIT + "  q1: [\n", "mine.yaml:5:1", None),
        (FIT + "\tq1: a\n", "mine.yaml:4:1", "tab"),
        (FIT + "  q1: a\n  q1: b\n", "mine.yaml:5:3", "again on line 5"),
        ("assignment: fit3181-a2\nstudent: a\nanswers: [1]\n", "mine.yaml:3:10", "a mapping"),
        (FIT + "  q3.3: {L: 2,012}\n", "mine.yaml:4:13", "two readings"),
        (FIT + "  q3.3: 3\n", "mine.yaml:4:9", "`q3.3` has several answers"),
        (FIT + f"  q1: {'word ' * 101}\n", "mine.yaml:4:7", "at most 100 words, got 101 words"),
        (FIT + "  q3.4: [1, 2, {a: b}]\n", "mine.yaml:4:16", "expected a number"),
        (FIT + "  q3.5: [[1, 2], [3]]\n", "mine.yaml:4:9", "not rectangular"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(form_of, validated, text, where, words):
    errors = said(validated(text, form_of("fit3181-a2")))
    assert errors
    if words is not None:
        assert any(error.startswith(f"{where}: error: ") and words in error for error in errors)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("1 +", "the formula ends too early"),
        ("p_next = 3", "leave out what stands left of `=`"),
        ("p_nxt", "did you mean `p_next`?"),
        ("[p_next, beta]", "expected a single number, got 2 numbers"),
        ("p_next[1]", "`p_next` is a single number"),
        ("theta_k", "may not be used in this answer"),
        ("sinn(p_next)", "unknown function `sinn`"),
        ("log(-abs(p_next) - 1)", None),
        ("__import__('os')", "unknown function"),
    ],
)
def test_a_formula_is_read_with_the_names_of_its_answer(handout_of, validated, formula, words):
    text = f'assignment: hw3-lstm-mdrnn\nstudent: a\nanswers: {{3a: {{theta: "{formula}"}}}}\n'
    errors = said(validated(text, Form(handout_of("hw3-lstm-mdrnn"))))
    assert [words in error for error in errors] == ([] if words is None else [True])


@pytest.mark.parametrize(
    ("formula", "refused"),
    [
        ("h_bar[1]", True),
        ("2 * h_bar[1] - h_bar[1]", True),
        ("sum(h_bar[t], t) - h_bar[0] - h_bar[2]", True),
        ("h_bar[2] + h_bar[0]", False),
        ("c_bar[1]", False),
        ("h[1]", False),
    ],
)
def test_what_is_asked_for_is_no_answer_to_itself(
    assignment_of, form_of, validated, formula, refused
):
    """As in grading: one step's value may not be named, the other steps' may."""
    id = "hw3-lstm-mdrnn"
    text = f"assignment: {id}\nstudent: a\nanswers:\n  1a:\n    h_bar: {formula}\n"
    errors = said(validated(text, form_of(id)))
    graded = Grader(assignment_of(id)).grade(parse_submission(text, "mine.yaml"), "mine.yaml")
    unread = graded.answers[0].verdict == "invalid"
    assert unread == refused
    assert len(errors) == refused
    assert all("mine.yaml:5:" in e and "`h_bar` is what is asked for" in e for e in errors)


def test_with_the_key_a_formula_that_is_never_defined_is_an_error_too(
    assignment_of, handout_of, validated
):
    text = (
        'assignment: hw3-lstm-mdrnn\nstudent: a\nanswers: {3a: {theta: "log(-abs(p_next) - 1)"}}\n'
    )
    form = Form(handout_of("hw3-lstm-mdrnn"), assignment_of("hw3-lstm-mdrnn"))
    (error,) = said(validated(text, form))
    assert "not defined" in error


def test_a_formula_that_picks_by_a_class_can_be_read_without_the_class():
    source = """
assignment: picking
title: Picking
given: {y: 2, p: [0.1, 0.2, 0.7]}
symbols: {a: {}, n: {integer: true}}
steps: {l: "-log(p[y]) * a"}
questions:
  q:
    points: 2
    answers:
      l: {kind: formula, value: "a * l"}
      n: {kind: formula, value: "lstm_parameters(n, n)"}
      o: {kind: order, value: "n**2"}
"""
    assignment = build_assignment(parse_assignment_file(source, "picking.yaml"))
    for form in (Form(make_handout(assignment)), Form(make_handout(assignment), assignment)):
        text = (
            "assignment: picking\nstudent: a\nanswers:\n  q:\n    l: -a**2 * log(p[y])\n"
            "    n: lstm_parameters(n, n)\n    o: O(a * n)\n"
        )
        assert not validate_document(parse_document(text, "mine.yaml"), form).errors
        wrong = text.replace("O(a * n)", "O(p)").replace("(n, n)", "(n)")
        errors = said(validate_document(parse_document(wrong, "mine.yaml"), form))
        assert len(errors) == 2
        assert "mine.yaml:6:8" in errors[0]
        assert "unknown quantity `p`" in errors[1]


BLOCKS = [
    "{}",
    "{q1: {a: x, z: y}, q2: 3, q9: {a: b}, scores: [1]}",
    "{q3b: foo, q4: {note: in here}}",
    "{q3b: {txt: foo}, q4: {}}",
    "{q3a: {chosen: 2,01, scores: [1]}}",
    "{q3a: [1, 2], q1: }",
    "{Q1: {a: x}, q3: {a: b}, a: first, text: words}",
]


@pytest.mark.parametrize("block", BLOCKS)
def test_validation_finds_fault_with_the_keys_that_grading_remarks_on(assignment_of, block):
    assignment = assignment_of("hw5-rnn-attention")
    text = f"{HW5.rstrip()} {block}\n"
    remarks = Grader(assignment).grade(parse_submission(text, "mine.yaml"), "mine.yaml").problems
    form = Form(make_handout(assignment), assignment)
    found = validate_document(parse_document(text, "mine.yaml"), form).findings
    assert set(remarks) <= {str(finding.problem) for finding in found}


def test_what_is_in_the_right_form_is_never_invalid_when_it_is_graded(
    shipped, assignment_of, form_of, validated, cases
):
    """And what grading can't read was an error before, whatever was spoilt."""
    grader = Grader(assignment_of(shipped))
    spoilings = [("[", "[[1], "), ("0.", "0,"), ("*", "~"), ("third", "thirt"), (": ", ": x*")]
    for path in (cases / shipped).glob("*.yaml"):
        good = path.read_text(encoding="utf-8")
        head, answers = good.split("answers:", 1)
        for old, new in [("", ""), *spoilings]:
            text = f"{head}answers:{answers.replace(old, new) if old else answers}"
            result = validated(text, form_of(shipped))
            try:
                report = grader.grade(parse_submission(text, "mine.yaml"), "mine.yaml")
            except InputError:
                assert result.errors
                continue
            # A wrong shape may be named as a mistake.
            unread = [a for a in report.answers if a.verdict == "invalid"]
            unread += [a for a in report.answers if "wrong shape" in a.message]
            assert bool(unread or report.problems) == bool(result.errors), (old, said(result))


def test_many_problems_are_cut_off(handout_of, validated):
    text = FIT + "".join(f"  nonsense_{i}: 1\n" for i in range(300))
    result = validated(text, Form(handout_of("fit3181-a2")))
    assert len(result.findings) == 101
    assert "only 100 are listed" in str(result.findings[-1])


def test_a_file_that_is_no_submission_is_known_by_its_keys(cases):
    def looks(text):
        return looks_like_a_submission(text.encode(), "x.yaml")

    assert looks(FIT + "  {}\n")
    assert looks(FIT + "  q1: [\n")
    assert looks("\ufeffanswers: [\n")
    assert looks("assignment: a\r\n'answers' : [\r\n")
    assert not looks("on: push\njobs: {}\n")
    assert not looks("repos:\n- repo: local\n")
    assert not looks("key: [\n")
    assert not looks("a: 1\n---\nb: 2\n")


def test_a_handout_is_looked_for_beside_the_file(tmp_path):
    (tmp_path / "a.b-2.handout.yaml").write_text("x", encoding="utf-8")
    assert handout_beside("a.b-2", [tmp_path / "no", tmp_path]) == tmp_path / "a.b-2.handout.yaml"
    assert handout_beside("other", [tmp_path]) is None
    assert handout_beside("../a.b-2", [tmp_path / "sub"]) is None


def test_the_messages_hold_nothing_of_a_terminal(validated, handout_of):
    text = FIT + '  "q\\u00e9": 1\n  q3.4: ["\\e[31m", 2, 3]\n'
    result = validated(text, Form(handout_of("fit3181-a2")))
    assert result.errors


def test_a_template_may_be_validated_before_anything_is_in_it(handout_of, validated):
    handout = handout_of("hw2-cnn-lstm")
    result = validated(template_text(handout, student="a"), Form(handout))
    assert result.summary == "mine.yaml: in the right form; 0 of 20 answers are given"


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("sum(h_bar) * o[1]", "`h_bar` holds what is asked for"),
        ("h_bar[1] * o[1]", "`h_bar` is what is asked for"),
        ("O[1] * g[1]", "did you mean `o`?"),
        ("oc * g[1]", "for a product write `o*c`"),
    ],
)
def test_a_formula_is_refused_in_the_words_of_grading(handout_of, assignment_of, formula, says):
    assignment = assignment_of("hw3-lstm-mdrnn")
    text = "assignment: hw3-lstm-mdrnn\nstudent: {id: x}\n"
    text += f"answers: {{1a: {{h_bar: '{formula}'}}}}\n"
    for key in (assignment, None):
        form = Form(handout_of("hw3-lstm-mdrnn"), key)
        errors = said(validate_document(parse_document(text, "mine.yaml"), form))
        assert len(errors) == 1
        assert says in errors[0]
    report = Grader(assignment).grade(parse_submission(text, "mine.yaml"), "mine.yaml")
    assert says in next(a for a in report.answers if a.answer == "h_bar").message


def test_a_list_written_as_one_text_has_one_error_for_one_fault(handout_of, validated):
    text = "assignment: hw2-cnn-lstm\nstudent: {id: x}\nanswers: {1A.ii: {shape: '(28, O.5, 3)'}}\n"
    assert len(said(validated(text, Form(handout_of("hw2-cnn-lstm"))))) == 1


# --- what other programs leave in a file --------------------------------------------------------


def test_what_is_said_of_typical_slips_of_form(form_of):
    golden = Path(__file__).with_name("golden_validate.txt")
    files = {
        "no-blank.yaml": b"assignment: fit3181-a2\nstudent: ada\nanswers:\n  q3.3:\n    L:1.13\n",
        "array.yaml": HEAD + b"  q3.1:\n    h_0: array([0.1, 0.2, 0.3])\n",
        "dots.yaml": HEAD + b"  q3.1:\n    h_0: [1.13..., 0.2, 0.3]\n",
        "shape.yaml": HEAD + b"  q3.1:\n    h_0: [0.1, 0.2]\n",
        "word.yaml": b"PK\x03\x04\x14\x00\x06\x00word/document.xml",
        "page.yaml": b"%PDF-1.7\n%\xe2\xe3",
    }
    said = []
    for name, data in files.items():
        result = validate_bytes(data, name, lambda _: form_of("fit3181-a2"))
        said += [*map(str, result.findings), result.summary]
    text = "\n".join(said) + "\n"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


HEAD = b"assignment: fit3181-a2\nstudent: ada\nanswers:\n"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("{l_0: '0,175'}", "mine.yaml:4:15", "`0,175` was read as 0.175"),
        ("{L: 2,01}", "mine.yaml:4:13", "`2,01` was read as 2.01"),
        ("{L: [2.01]}", "mine.yaml:4:13", "A list of one number"),
        ("{l0: 0.175}", "mine.yaml:4:14", "`l0` was read as the answer `l_0`"),
        ("{L: np.float64(2.01)}", "mine.yaml:4:13", "was read as the numbers that stand in it"),
    ],
)
def test_what_is_read_otherwise_is_said_as_a_note(form_of, validated, text, place, words):
    result = validated(f"{FIT}  q3.3: {text}\n", form_of("fit3181-a2"))
    assert said(result) == []
    assert any(
        note.startswith(f"{place}: note: ") and words in note for note in said(result, "note")
    )


def test_a_file_in_utf_16_is_validated_with_a_note(form_of):
    data = f"{FIT}  q3.3: {{L: 2.01}}\n".encode("utf-16")
    result = validate_bytes(data, "mine.yaml", lambda _: form_of("fit3181-a2"))
    assert said(result) == []
    assert "UTF-16" in said(result, "note")[0]
