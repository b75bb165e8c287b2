"""What earns without being right must show some work, in the submission as a whole."""

import pytest

SIZES = """
assignment: sizes
title: Sizes through a small network
given: {n: 36, ch: 3, f: 16}
steps:
  c1: conv_output_size(n, 5, 1, 2)
  s1: pool_output_size(c1, 2, 2)
  c2: conv_output_size(s1, 3, 2)
  s2: pool_output_size(c2, 3, 2, 1)
  w1: conv_parameters(5, 5, ch, f)
questions:
  sizes:
    points: 5
    answers:
      c1: {kind: integer, value: c1}
      s1: {kind: integer, value: s1}
      c2: {kind: integer, value: c2}
      s2: {kind: integer, value: s2}
      w1: {kind: integer, value: w1}
"""

NEARLY_ONE = """
assignment: nearly-one
title: Entropy of nearly even shares
given: {n: [9, 8], x: [0.61, 0.27]}
steps:
  p: n / sum(n)
  H: -sum(p * log2(p))
  e: exp(x)
questions:
  q: {points: 2, answers: {H: H, e: e}}
"""


def test_small_sizes_that_follow_from_a_made_up_one_earn_nothing(bench, by_answer):
    made = bench(SIZES)
    answers = by_answer(made.grade("  sizes: {c1: 10, s1: 5, c2: 2, s2: 1}"))
    assert [answers[name].verdict for name in ("s1", "c2", "s2")] == ["follow_through"] * 3
    assert sum(answer.points or 0 for answer in answers.values()) == 0
    assert "without doing the work" in answers["s1"].reason


@pytest.mark.parametrize("beside", ["", ", w1: 1216"])
def test_sizes_that_take_computing_are_carried_from_a_wrong_one(bench, by_answer, beside):
    made = bench(SIZES)
    sizes = "c1: 10, s1: 5, c2: 2, s2: 1" if beside else "c1: 95, s1: 47, c2: 23, s2: 12"
    answers = by_answer(made.grade(f"  sizes: {{{sizes}{beside}}}"))
    assert [answers[name].points for name in ("s1", "c2", "s2")] == [1, 1, 1]


@pytest.mark.parametrize("text", ["1", "1.00", '"1.*1."', '"log(2)/log(2)"', "1.000"])
def test_a_number_that_anybody_writes_is_not_what_rounding_left(bench, by_answer, text):
    """The entropy is 0.9975: 1 is near, and no more."""
    answers = by_answer(bench(NEARLY_ONE).grade(f"  q: {{H: {text}, e: [1, 1]}}"))
    assert answers["H"].verdict != "correct"
    assert not answers["H"].points


def test_as_many_digits_as_asked_for_beside_work_are_what_rounding_left(bench, by_answer):
    made = bench(NEARLY_ONE)
    assert by_answer(made.grade("  q: {H: 1.00, e: [1.84, 1.31]}"))["H"].verdict == "correct"
    assert by_answer(made.grade("  q: {H: 0.999, e: [1, 1]}"))["H"].verdict == "correct"


def test_a_likely_looking_number_among_made_up_ones_earns_nothing(bench, by_answer):
    """Of many made-up numbers some fit a mistake or follow; of one beside right answers none."""
    made = bench("""
assignment: covariance
title: Eigenvalues of a covariance matrix
given: {X: [[2, 1], [3, 4], [5, 3], [6, 7], [9, 8]], n: 5}
steps:
  m: mean(X, axis=0)
  C: X - m
  S: C.T @ C / (n - 1)
  T: trace(S)
  l2: T / 2 - sqrt(T ** 2 / 4 - det(S))
questions:
  q: {points: 3, answers: {m: m, S: S, l2: l2}}
""")
    alone = by_answer(made.grade("  q: {m: [4.71, 3.3], S: [[1.7, 2.9], [3.1, 0.6]], l2: 0.4515}"))
    beside = by_answer(made.grade("  q: {m: [5, 4.6], S: [[7.5, 7], [7, 8.3]], l2: 0.4515}"))
    for answers in (alone, beside):
        assert [mistake.id for mistake in answers["l2"].mistakes] == ["trace-of-all-entries"]
    assert alone["l2"].points == 0
    assert beside["l2"].points == 0.5


def test_what_is_seen_in_made_up_numbers_shows_no_work(bench, by_answer):
    made = bench("""
assignment: hidden
title: A hidden layer
given: {W: [[0.4, -0.6], [0.7, 0.3], [-0.2, 0.9]], x: [1.5, -0.5]}
steps: {z: W @ x, h: relu(z), k: argmax(h), s: sum(exp(h))}
questions:
  q: {points: 4, answers: {z: z, h: h, k: {kind: integer, value: k}, s: s}}
""")
    seen = by_answer(made.grade("  q: {z: [0.217, -0.184, 0.298], h: [0.217, 0, 0.298], k: 2}"))
    assert [seen[name].verdict for name in ("h", "k")] == ["follow_through"] * 2
    assert [seen[name].points for name in ("h", "k")] == [0, 0]
    computed = by_answer(
        made.grade("  q: {z: [0.217, -0.184, 0.298], h: [0.217, 0, 0.298], k: 2, s: 3.59}")
    )
    assert [computed[name].points for name in ("h", "k", "s")] == [1, 1, 1]


def test_a_small_sheet_wants_no_more_than_it_has_to_say(bench, by_answer):
    made = bench("""
assignment: one-count
title: One count
given: {ch: 2, f: 4}
steps: {c: "conv_parameters(3, 3, ch, f)"}
questions:
  q: {points: 1, answers: {c: {kind: integer, value: c}}}
""")
    found = by_answer(made.grade("  q: {c: 72}"))["c"]
    assert (found.verdict, found.points) == ("mistake", 0.5)
