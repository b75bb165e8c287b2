"""A fault in a wrong variant of ours costs nobody their grade: the variant is not tried."""

import numpy as np
import pytest

from checker.grading import Grader
from reference_solutions.assignment import load_assignment
from reference_solutions.operations import operations
from reference_solutions.shipped import find_assignment
from submissions_schema.submission import parse_submission


@pytest.fixture
def broken_variant():
    def fails(*_operands, **_params):
        raise TypeError("no variant for this")

    (mistake,) = [m for m in operations()["softmax"].mistakes if m.id == "softmax-odds"]
    kept = mistake.forward
    object.__setattr__(mistake, "forward", fails)
    yield mistake
    object.__setattr__(mistake, "forward", kept)


def test_a_wrong_variant_that_fails_is_not_tried_and_the_others_are(broken_variant):
    grader = Grader(load_assignment(find_assignment("fit3181-a2")))
    loss = grader.key.layout.values[grader.key.position["q3.3", "l_0"]][0] / np.log(10)
    text = f"assignment: fit3181-a2\nstudent: x\nanswers: {{q3.3: {{l_0: {loss:.8f}}}}}\n"
    report = grader.grade(parse_submission(text, "x.yaml"), "x.yaml")
    (answer,) = [answer for answer in report.answers if answer.answer == "l_0"]
    assert [mistake.id for mistake in answer.mistakes] == ["cross-entropy-log-base-10"]
