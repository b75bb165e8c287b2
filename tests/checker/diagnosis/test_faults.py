"""A fault in a wrong variant of ours costs nobody their grade: the variant is not tried."""

from dataclasses import replace

import numpy as np

from checker.grading import Grader
from reference_solutions.assignment import find_assignment, load_assignment
from reference_solutions.operations import operations
from submissions_schema.submission import parse_submission


def test_a_wrong_variant_that_fails_is_not_tried_and_the_others_are(monkeypatch):
    def fails(*_operands, **_params):
        raise TypeError("no variant for this")

    softmax = operations()["softmax"]
    mistakes = tuple(
        replace(mistake, forward=fails) if mistake.id == "softmax-odds" else mistake
        for mistake in softmax.mistakes
    )
    monkeypatch.setitem(operations(), "softmax", replace(softmax, mistakes=mistakes))
    grader = Grader(load_assignment(find_assignment("fit3181-a2")))
    loss = grader.key.layout.values[grader.key.position["q3.3", "l_0"]][0] / np.log(10)
    text = f"assignment: fit3181-a2\nstudent: x\nanswers: {{q3.3: {{l_0: {loss:.8f}}}}}\n"
    report = grader.grade(parse_submission(text, "x.yaml"), "x.yaml")
    (answer,) = [answer for answer in report.answers if answer.answer == "l_0"]
    assert [mistake.id for mistake in answer.mistakes] == ["cross-entropy-log-base-10"]
