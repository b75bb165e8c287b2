"""Mistakes that an assignment declares: found, priced, carried forward, explained."""

import numpy as np
import pytest
from typer.testing import CliRunner

from checker import cli
from reference_solutions.assignment import build_assignment
from submissions_schema.assignment_file import parse_assignment_file
from submissions_schema.problems import InputError

HEAD = """\
assignment: chain
title: A chain
index: {t: 0..2}
given:
  W: [[0.4, -0.7], [0.9, 0.2]]
  x: [[1.1, -0.6], [0.4, 0.8], [-0.9, 1.3]]
  h[-1]: [0, 0]
  y: [0, 1, 1]
symbols: {u: {domain: [1, 2]}}
steps:
  h[t]: tanh(W @ h[t-1] + x[t])
  p[t]: softmax(h[t])
  l[t]: cross_entropy(y[t], p[t])
  L: mean(l)
  v: u ** 2
questions:
  q1: {points: 3, answers: {h_0: "h[0]", h_1: "h[1]", h_2: "h[2]"}}
  q2: {points: 4, answers: {l_0: "l[0]", l_1: "l[1]", l_2: "l[2]", L: L}}
  q3: {points: 1, answers: {dv: {kind: formula, value: "grad(v, u)"}}}
  q4: {points: 1, answers: {why: {kind: text}}}
"""
SHEET = (
    HEAD
    + """\
mistakes:
  squared-loss: {says: Squared., at: l, used: "(1 - p[t][y[t]]) ** 2"}
  tanh-twice: {says: Twice., at: "h[t]", used: "tanh(tanh(W @ h[t-1] + x[t]))"}
  last-years-value: {says: Last year., answer: q2.L, value: 1.7345}
  other-state: {says: Other., answer: q1.h_2, value: [0.12345, -0.54321]}
  by-itself: {says: By itself., answer: q3.dv, value: u ** 2 / (u + 1)}
"""
)
W = np.array([[0.4, -0.7], [0.9, 0.2]])
X = np.array([[1.1, -0.6], [0.4, 0.8], [-0.9, 1.3]])
Y = [0, 1, 1]


def numbers(activation=np.tanh, loss=lambda p, y: -np.log(p[y])):
    h = np.zeros(2)
    found = {}
    losses = []
    for t in range(3):
        h = activation(W @ h + X[t])
        p = np.exp(h) / np.exp(h).sum()
        losses.append(loss(p, Y[t]))
        found[f"h_{t}"] = h
        found[f"l_{t}"] = np.asarray(losses[-1])
    return {**found, "L": np.asarray(np.mean(losses))}


def test_a_formula_used_instead_of_a_step_is_named_and_charged_once(bench, named, verdicts):
    written = numbers(loss=lambda p, y: (1 - p[y]) ** 2)
    report = bench(SHEET).hand_in(written, digits=5)
    assert named(report) == {f"l_{t}": ("squared-loss",) for t in range(3)}
    assert verdicts(report)["L"] == "follow_through"
    points = [answer.points for answer in report.answers if answer.answer.startswith("l_")]
    assert points == [0.5, 1.0, 1.0]


def test_it_is_made_through_a_recurrence(bench, named):
    report = bench(SHEET).hand_in(numbers(lambda z: np.tanh(np.tanh(z))), digits=5)
    assert named(report) == {f"h_{t}": ("tanh-twice",) for t in range(3)}
    (first, *_) = report.answers
    assert first.mistakes[0].message == "Twice."
    assert "tanh(\\tanh(" in first.mistakes[0].used


def test_the_wrong_value_of_an_answer_is_named(bench, named):
    written = {**numbers(), "L": "1.7345", "h_2": "[0.12345, -0.54321]"}
    report = bench(SHEET).hand_in({**written, "l_2": None}, digits=5)
    assert named(report) == {"h_2": ("other-state",), "L": ("last-years-value",)}


def test_a_wrong_formula_of_an_answer_is_named(bench, named):
    report = bench(SHEET).hand_in({**numbers(), "dv": "u * u / (1 + u)"}, digits=5)
    assert named(report) == {"dv": ("by-itself",)}


def test_right_answers_stay_right(bench, verdicts):
    report = bench(SHEET).hand_in({**numbers(), "dv": "2 * u"}, digits=5)
    assert set(verdicts(report).values()) == {"correct", "missing"}


WRONG = {
    "{says: a, at: 'll[t]', used: p}": "no step `ll[t]`; did you mean `l[t]`?",
    "{says: a, at: l, used: 1 +}": "",
    "{says: a, at: l, used: q}": "unknown quantity `q`",
    "{says: a, at: l, used: 'p[t]'}": "this gives 2 numbers, but l[0] is a single number",
    "{says: a, at: l, used: log(0 - 1)}": "can't be computed",
    "{says: a, at: l, used: 'p[t-1][0]'}": "has no value",
    "{says: a, answer: q2.LL, value: 1}": "did you mean `q2.L`?",
    "{says: a, answer: q4.why, value: 1}": "nothing is computed",
    "{says: a, answer: q2.L, value: [1, 2]}": "this gives 2 numbers",
    "{says: a, answer: q1.h_0, value: [[1], 2]}": "rows of one length",
    "{says: a, answer: q2.L, value: [x]}": "",
    "{says: a, at: l}": "`at` says nothing without `used`",
    "{says: a}": "nothing says what was done instead",
    "{says: a, at: l, used: '1', answer: q2.L, value: 1}": "made in a step, or is",
    "{at: l, used: '1'}": "`says` is missing",
}


@pytest.mark.parametrize("mistake", WRONG)
def test_what_cannot_be_used_is_said_with_its_place(mistake):
    text = f"{HEAD}mistakes:\n  other: {mistake}\n"
    with pytest.raises(InputError) as failed:
        build_assignment(parse_assignment_file(text, "a.yaml"))
    assert WRONG[mistake] in str(failed.value)
    (problem,) = failed.value.problems
    assert problem.place.line == 22


def test_an_id_that_is_known_already_is_refused():
    text = f"{HEAD}mistakes:\n  cross-entropy-log-base-10: {{says: a, at: l, used: '1'}}\n"
    with pytest.raises(InputError, match="known already"):
        build_assignment(parse_assignment_file(text, "a.yaml"))


def test_explain_shows_the_mistakes_of_an_assignment(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(SHEET, "utf-8")
    one = CliRunner().invoke(cli.app, ["explain", "squared-l", "--assignment", str(path)])
    assert one.exit_code == 0
    assert "`l` computed as `(1 - p[t][y[t]]) ** 2`" in one.output
    listed = CliRunner().invoke(cli.app, ["explain", "--assignment", str(path)])
    assert "last-years-value" in listed.output
    assert "matrix-transposed" in listed.output
    unknown = CliRunner().invoke(cli.app, ["explain", "last-years-valeu", "-a", str(path)])
    assert unknown.exit_code == 2
    assert "did you mean `last-years-value`" in unknown.output
