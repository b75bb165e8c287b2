"""The handout: what may be known before answering, and nothing else."""

import pytest

from checker.answer_kinds import kind_of_form
from checker.answer_kinds.forms.names import symbols_among
from checker.students.handout import handout_text, load_form, make_handout, read_handout
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError
from submissions_schema.yaml_reader import parse_document


def read(text):
    return read_handout(parse_document(text, "handout.yaml"))


@pytest.mark.parametrize("with_given", [False, True])
def test_a_handout_is_read_back_as_it_was_written(shipped, assignment_of, with_given):
    handout = make_handout(assignment_of(shipped), with_given=with_given)
    assert read(handout_text(handout)) == handout
    assert bool(handout.given) == (with_given and bool(assignment_of(shipped).file.given))


def test_it_says_what_is_asked_and_for_how_many_points(shipped, assignment_of, handout_of):
    assignment, handout = assignment_of(shipped), handout_of(shipped)
    assert handout.total_points == assignment.file.total_points
    for asked, (question, answer, form) in zip(assignment.asked, handout.forms, strict=True):
        assert (question, answer) == (asked.question, asked.answer)
        assert form.kind == asked.spec.kind
        assert form.points == pytest.approx(asked.points)
        assert form.prompt == asked.spec.prompt
        if asked.target is not None:
            assert form.shape == assignment.reference.graph.value(asked.target.node).shape


def test_names_are_there_only_where_formulas_are_asked_for(handout_of):
    assert not handout_of("fit3181-a2").names
    assert not handout_of("fit3181-a2").functions
    hw5 = handout_of("hw5-rnn-attention")
    assert {"y", "x[0..3]", "h[0..3]", "dpsi[1..3]"} <= set(hw5.names)
    assert not {"q", "keys", "J", "scores", "output"} & set(hw5.names)
    assert "tanh" in hw5.functions
    assert hw5.names["y"].shape == (2,)


def test_a_formula_is_told_which_quantity_is_asked_for():
    source = """
assignment: asking
title: Asking
index: {t: 0..2}
symbols: {a: {}, x: {shape: [3]}}
steps:
  h[t]: a * x[t]
  s: sum(h)
  same: s
questions:
  q:
    points: 3
    answers:
      one: {kind: formula, value: "h[1]"}
      two: {kind: formula, value: s}
      three: {kind: formula, value: "s ** 2", may_use: [s]}
"""
    handout = make_handout(build_assignment(parse_assignment_file(source, "asking.yaml")))
    assert read(handout_text(handout)) == handout
    words = kind_of_form(next(handout.forms)[2]).words
    one, two, three = (form for _, _, form in handout.forms)
    assert (one.may_use, one.but_not) == (None, ["h[1]"])
    assert (two.may_use, two.but_not) == (["a", "x", "h"], [])
    assert (three.may_use, three.but_not) == (["s"], [])
    assert words(one, handout.names).endswith(", s, same, without h[1]")
    assert "without" not in words(two, handout.names)


def test_a_quantity_whose_shape_changes_is_named_piece_by_piece():
    source = """
assignment: growing
title: Growing
index: {t: 1..2}
symbols: {a: {}, "h[0]": {shape: [1]}, n: {integer: true}}
steps:
  h[t]: concat(h[t-1], [a])
  s: sum(h[2])
questions:
  q: {points: 2, answers: {b: {kind: formula, value: "s ** 2"}, o: {kind: order, value: n}}}
"""
    handout = make_handout(build_assignment(parse_assignment_file(source, "growing.yaml")))
    shapes = {key: quantity.shape for key, quantity in handout.names.items()}
    assert shapes == {"a": (), "n": (), "h[0]": (1,), "h[1]": (2,), "h[2]": (3,), "s": ()}
    assert read(handout_text(handout)) == handout
    assert symbols_among(handout.names) == ["a", "n"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("handout: 2\nassignment: a\nquestions: {q: {answers: {a: {}}}}", "another version"),
        ("handout: 1\nassignment: a\nquestions: {}", "questions"),
        ("handout: 1\nassignment: a\nquestion: {}", "did you mean `questions`?"),
        ("handout: 1\nassignment: a\nquestions: {q: {answers: {a: {kind: guess}}}}", "`choice`"),
        ("handout: 1\nassignment: a\nquestions: {q: {answers: {a: {kind: choice}}}}", "options"),
        ("handout: 1\nassignment: a\nquestions: {q: {answers: {a: {shape: [0]}}}}", "at least 1"),
        (
            "handout: 1\nassignment: a\nquestions: {q: {answers: {a: {shape: [9999, 9999]}}}}",
            "too large",
        ),
        (
            "handout: 1\nassignment: a\nnames: {'h[x]': {}}\nquestions: {q: {answers: {a: {}}}}",
            "h[",
        ),
        (
            "handout: 1\nassignment: a\nnames: {'h[0..999999]': {}}\n"
            "questions: {q: {answers: {a: {}}}}",
            "too many",
        ),
        ("handout: 1\nassignment: a\nindex: {t: 3}\nquestions: {q: {answers: {a: {}}}}", None),
        ("handout: 1\nassignment: a\nindex: {t: 3..}\nquestions: {q: {answers: {a: {}}}}", "0..2"),
    ],
)
def test_a_handout_that_cannot_be_used_says_why(text, said):
    if said is None:
        read(text)
        return
    with pytest.raises(InputError) as caught:
        read(text)
    assert said in str(caught.value)
    assert str(caught.value).startswith("handout.yaml:")


def test_a_form_comes_from_an_assignment_or_from_its_handout(tmp_path, assignment_of):
    handout = make_handout(assignment_of("hw3-lstm-mdrnn"))
    path = tmp_path / "handout.yaml"
    path.write_text(handout_text(handout), encoding="utf-8")
    assert load_form(path) == (handout, None)
