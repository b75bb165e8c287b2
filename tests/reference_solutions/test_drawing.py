"""Numbers of one's own: what is drawn, that it is the same everywhere, and that it fits."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_solutions.assignment import build_assignment, draws
from reference_solutions.drawing import Stream, drawn_value
from reference_solutions.seeds import read_seed
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.draws import Draw
from submissions_schema.problems import InputError

SEED = b"0123456789abcdef"

OWN = """
assignment: own
title: Numbers of one's own
given:
  W: {draw: integers, from: -3..3, shape: [3, 3]}
  b: {draw: permutation, of: [0, 1, -1]}
  x: {draw: decimals, from: -1..1, places: 2, shape: [3], without: [0]}
  s: {draw: choices, of: [1/3, 0.5]}
  c: [1, 1, 0]
steps:
  z: W @ x + b
  h: tanh(s * z + c)
  L: sum(h * h)
require:
  - max(abs(h)) < 0.99
  - abs(det(W)) >= 1
questions:
  q1: {title: Values, points: 4, answers: {z: z, h: h, L: L}}
  q2: {title: Gradient, points: 2, answers: {dW: "grad(L, W)"}}
"""


def build(text=OWN):
    return build_assignment(parse_assignment_file(text, "own.yaml"))


def problems(text):
    with pytest.raises(InputError) as caught:
        build(text)
    return [str(problem) for problem in caught.value.problems]


def draw(**said):
    return Draw.model_validate(said)


def test_draws_are_the_same_on_every_machine_and_with_every_version():
    """These numbers are handed out: they never change."""
    stream = Stream(SEED, "own", "ada", "W", "0")
    assert [stream.below(10) for _ in range(12)] == FIRST
    assert drawn_value(
        draw(draw="integers", **{"from": "-3..3"}, shape=[2, 3]), stream_of("ada")
    ) == (INTEGERS)
    assert drawn_value(draw(draw="permutation", of=["a1", "2", "3"]), stream_of("ada")) == PERMUTED


FIRST = [4, 6, 3, 6, 8, 7, 7, 5, 2, 4, 9, 8]
INTEGERS = [["3", "0", "-3"], ["-2", "0", "-3"]]
PERMUTED = ["3", "2", "a1"]


def stream_of(student, seed=SEED):
    return Stream(seed, "own", student, "W", "0")


@given(st.integers(1, 2**40), st.text(max_size=8))
def test_what_is_drawn_is_in_range(count, word):
    stream = Stream(SEED, word)
    assert all(0 <= stream.below(count) < count for _ in range(3))


def test_all_values_are_equally_likely():
    stream = Stream(SEED, "many")
    counts = Counter(stream.below(7) for _ in range(14_000))
    assert set(counts) == set(range(7))
    # Three standard deviations and a half of 2,000 of 14,000.
    assert all(abs(count - 2_000) < 3.5 * np.sqrt(14_000 * 6 / 49) for count in counts.values())


def test_another_seed_student_quantity_or_assignment_draws_other_numbers():
    many = draw(draw="integers", **{"from": "0..999"}, shape=[8])
    found = [
        drawn_value(many, Stream(*words))
        for words in [
            (SEED, "own", "ada", "W", "0"),
            (b"fedcba9876543210", "own", "ada", "W", "0"),
            (SEED, "own", "bob", "W", "0"),
            (SEED, "own", "ada", "x", "0"),
            (SEED, "other", "ada", "W", "0"),
            (SEED, "own", "ada", "W", "1"),
        ]
    ]
    assert len({tuple(one) for one in found}) == len(found)


def test_decimals_have_their_places_and_never_what_is_left_out():
    said = draw(draw="decimals", **{"from": "-1..1"}, places=2, without=["0"])
    assert len(said.values) == 200
    assert {"-1.00", "0.01", "1.00"} <= set(said.values)
    assert "0.00" not in said.values
    assert all(re.fullmatch(r"-?[01]\.[0-9]{2}", text) for text in said.values)


def test_distinct_numbers_all_differ_and_a_permutation_has_them_all():
    for student in "abcdefgh":
        found = drawn_value(
            draw(draw="integers", **{"from": "0..9"}, shape=[2, 5], distinct=True),
            stream_of(student),
        )
        assert sorted(int(text) for row in found for text in row) == list(range(10))
        found = drawn_value(draw(draw="permutation", of=["1/3", "2", "5"]), stream_of(student))
        assert sorted(found) == ["1/3", "2", "5"]


def test_a_student_has_the_same_numbers_however_the_id_is_typed():
    assignment = build()
    mine = assignment.of_student("Ada", SEED)
    assert mine.of_student("Ada", SEED) is mine
    assert mine.file.given == assignment.of_student(" ada ", SEED).file.given
    assert mine.file.given != assignment.of_student("bob", SEED).file.given
    assert mine.file.given["c"] == ["1", "1", "0"]


@pytest.mark.parametrize("student", ["ada", "bob", "s12"])
def test_ones_own_assignment_is_as_if_it_were_written_with_the_numbers(student):
    own = build().of_student(student, SEED)
    lines = [f"  {name}: {tree}" for name, tree in own.file.given.items()]
    text = re.sub(r"given:\n(  .*\n)+", "given:\n" + "\n".join(lines) + "\n", OWN)
    text = re.sub(r"require:\n(  .*\n)+", "", text).replace("'", "")
    written = build(text)
    for mine, theirs in zip(own.asked, written.asked, strict=True):
        one = own.reference.graph.value(mine.target.node)
        other = written.reference.graph.value(theirs.target.node)
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_numbers_are_as_required():
    for own in draws(build(), 40):
        values = {
            name: np.array(np.asarray(own.file.given[name]).astype(float)) for name in ("W", "x")
        }
        assert abs(np.linalg.det(values["W"])) > 0.99
        assert not (values["x"] == 0).any()
        graph = own.reference.graph
        assert np.abs(graph.value(graph.ids["h", ()])).max() < 0.99


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("from: -3..3,", "from: -3-3,", "the range can't be read"),
        ("from: -3..3,", "", "integers are drawn otherwise"),
        ("draw: integers", "draw: integer", "own.yaml:5:"),
        ("from: -3..3,", "from: -3..3, form: 2,", "unknown key `form`"),
        ("from: -3..3,", "from: 3..-3,", "there are too few values to draw from"),
        ("from: -3..3,", "from: 0..99999,", "there are too many values to draw from"),
        ("from: -3..3,", "from: -3..3, distinct: true,", "expected 9 or more, got 7"),
        ("of: [0, 1, -1]", "of: [0, 1, -1], shape: [2]", "a permutation has all numbers"),
        ("max(abs(h)) < 0.99", "max(abs(h)) < 0", "no numbers were found that are as required"),
        ("max(abs(h)) < 0.99", "max(abs(g)) < 0.99", "unknown quantity `g`"),
        ("max(abs(h)) < 0.99", "max(abs(h))", "expected one comparison"),
        ("max(abs(h)) < 0.99", "h[9] < 2", "`h` has no such entry"),
    ],
)
def test_what_can_not_be_drawn_is_refused_with_its_place(was, now, said):
    assert was in OWN
    assert any(
        said in problem and "own.yaml" in problem for problem in problems(OWN.replace(was, now))
    )


def test_a_condition_needs_something_that_is_drawn():
    text = re.sub(r"given:\n(  .*\n)+", "given: {W: 1}\n", OWN)
    assert any("nothing is drawn" in problem for problem in problems(text))


# --- the seed -------------------------------------------------------------------------------------


def test_the_seed_stands_beside_the_assignment_or_where_it_says(tmp_path, monkeypatch):
    path = tmp_path / "own.yaml"
    (tmp_path / "own.seed").write_bytes(SEED + b"\n")
    (tmp_path / "course.seed").write_bytes(b"another secret of ours")
    monkeypatch.setenv("COURSE_SEED", "the secret of the course")
    assert read_seed("", path) == SEED
    assert read_seed("course.seed", path) == b"another secret of ours"
    assert read_seed("$COURSE_SEED", path) == b"the secret of the course"


@pytest.mark.parametrize(
    ("said", "expected"),
    [("", "the file own.seed beside it"), ("$NO_SUCH_SEED", "the environment variable NO_SUCH")],
)
def test_a_missing_seed_is_a_clear_error(said, expected, tmp_path):
    with pytest.raises(InputError) as caught:
        read_seed(said, tmp_path / "own.yaml")
    (problem,) = caught.value.problems
    assert "the secret seed is missing" in str(problem)
    assert expected in str(problem)
    assert "secrets.token_hex" in str(problem)


def test_a_seed_that_could_be_guessed_is_refused(tmp_path):
    (tmp_path / "own.seed").write_text("2026", encoding="utf-8")
    with pytest.raises(InputError, match="too short") as caught:
        read_seed("", tmp_path / "own.yaml")
    assert "2026" not in str(caught.value.problems[0]).replace("own.yaml", "")
