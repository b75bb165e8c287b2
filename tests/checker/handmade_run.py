"""Reports built by hand: a homework on a recurrent network, and the students who hand it in.

The formats that a report is written in are tested with it, each against a golden file, which is
rewritten with ``REWRITE_GOLDEN=1 pytest tests/checker/reports tests/checker/ci/formats``; read the
diff.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from math import prod

import pytest

from checker.report import (
    AnswerReport,
    EntryReport,
    MistakeReport,
    QuestionReport,
    RunReport,
    SubmissionReport,
)

HOSTILE = (
    "<script>alert(1)</script> =cmd() \x1b[31mred\x1b]0;title\x07 [x](javascript:alert(1)) "
    "\x00\x08\x9b1m {{ 7*7 }} | `code` @everyone #1 https://evil.example [bold]rich[/bold] "
    "\u202etxt.exe $x$ &amp; \"quoted\" 'single' --> ]]> </style>"
)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare text with a golden file near the test, or write it if REWRITE_GOLDEN is set."""
    folder = request.path.with_name("golden")

    def compare(name: str, text: str) -> None:
        path = folder / name
        if os.environ.get("REWRITE_GOLDEN"):
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode()

    return compare


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def entries(shape, texts, wrong=None):
    wrong = wrong or {}
    return tuple(
        EntryReport(index, text, index not in wrong, wrong.get(index, ""), number(text))
        for index, text in zip(product(*map(range, shape)), texts.split(), strict=True)
    )


def answer(name, verdict, points, max_points, message, *numbers, **more):
    return AnswerReport(
        "",
        name,
        verdict,
        points,
        max_points,
        message,
        shape=numbers[0] if numbers else (),
        entries=entries(*numbers) if numbers else (),
        **more,
    )


def question(key, title, *answers):
    return QuestionReport(
        key,
        title,
        sum(a.points or 0 for a in answers),
        sum(a.max_points for a in answers),
        sum(a.max_points for a in answers if a.points is None),
        tuple(replace(a, question=key) for a in answers),
    )


def submission(student, name, file, *questions, problems=()):
    pending = sum(q.pending for q in questions)
    return SubmissionReport(
        student,
        name,
        file,
        "needs_review" if pending else "graded",
        sum(q.points for q in questions),
        sum(q.max_points for q in questions),
        pending,
        tuple(problems),
        questions,
    )


LOG10 = MistakeReport(
    "cross_entropy.log10",
    "l[t]",
    "likely",
    "These are the losses with the logarithm to base 10. Cross-entropy takes the natural one, ln.",
    right=r"\ell_t = -\ln \hat{y}_{t,y_t}",
    used=r"\ell_t = -\log_{10} \hat{y}_{t,y_t}",
)
LOG10_AGAIN = MistakeReport(
    LOG10.id, LOG10.where, LOG10.certainty, LOG10.message, LOG10.right, LOG10.used, charged=False
)
NO_MEAN = MistakeReport(
    "mean.sum",
    "L",
    "possible",
    "This is the sum of the losses; the sheet asks for their mean, so divide by T = 3.",
    right=r"L = \frac{1}{T}\sum_{t=0}^{T-1} \ell_t",
    used=r"L = \sum_{t=0}^{T-1} \ell_t",
    alternatives=("The last loss is counted three times.", "The mean is taken over the classes."),
    alternative_ids=("term-repeated", "mean.other-axis"),
)
NO_MEAN_GRAD = MistakeReport(
    "mean.dropped-factor",
    "grad(L, V)",
    "likely",
    "The factor 1/T of the mean is left out of the gradient.",
    right=r"\frac{\partial L}{\partial V} = \frac{1}{T}\sum_t \left(\hat{y}_t - y_t\right)h_t^\top",
    used=r"\frac{\partial L}{\partial V} = \sum_{t} \left(\hat{y}_t - y_t\right) h_t^{\top}",
)
NO_MEAN_GRAD_AGAIN = MistakeReport(
    NO_MEAN_GRAD.id,
    "grad(L, c)",
    "likely",
    NO_MEAN_GRAD.message,
    right=r"\frac{\partial L}{\partial c} = \frac{1}{T}\sum_{t} \left(\hat{y}_t - y_t\right)",
    used=r"\frac{\partial L}{\partial c} = \sum_{t} \left(\hat{y}_t - y_t\right)",
    charged=False,
)
TRIPLE = dict.fromkeys(product(range(3), range(3)), "3 times too large")


def full_questions():
    return (
        question(
            "q3.1",
            "Hidden states",
            answer(
                "h_0",
                "correct",
                1,
                1,
                "",
                (3,),
                "0.8005 0.8005 0.0997",
                asked=r"\mathbf{h}_0 = \tanh(W h_{-1} + U x_0 + b)",
                line=7,
                column=10,
            ),
            answer(
                "h_1",
                "partial",
                0.67,
                1,
                "Two of three entries are right.",
                (3,),
                "0.1966 0.9054 0.7617",
                {(0,): "right but for its sign"},
                asked=r"\mathbf{h}_1",
                reason="Two of three entries.",
                line=8,
                column=10,
            ),
            answer(
                "h_2",
                "follow_through",
                1,
                1,
                "Right from your own h_1.",
                (3,),
                "0.4772 0.1419 0.9998",
                asked=r"\mathbf{h}_2",
                reason="Full points: you went on rightly from your own value.",
                line=9,
                column=10,
            ),
        ),
        question(
            "q3.2",
            "Predictions and losses",
            answer(
                "yhat_0",
                "correct",
                1,
                1,
                "",
                (3,),
                "0.2608 0.2136 0.5256",
                asked=r"\hat{\mathbf{y}}_0 = \operatorname{softmax}(V h_0 + c)",
                line=11,
                column=12,
            ),
            answer(
                "yhat_1",
                "imprecise",
                0.5,
                1,
                "Right as far as it goes, but one digit is not enough: write at least three.",
                (3,),
                "0.4 0.2 0.4",
                asked=r"\hat{\mathbf{y}}_1",
                reason="Half the points for too few digits.",
                line=12,
                column=12,
            ),
            answer(
                "l_0",
                "mistake",
                0.5,
                1,
                "",
                (),
                "0.279",
                {(): "about 2.3 times too small"},
                asked=r"\ell_0",
                mistakes=(LOG10,),
                reason="This mistake costs half the points, once.",
                line=13,
                column=10,
            ),
            answer(
                "l_1",
                "mistake",
                1,
                1,
                "",
                (),
                "0.632",
                {(): "about 2.3 times too small"},
                asked=r"\ell_1",
                mistakes=(LOG10_AGAIN,),
                reason="Full points: the mistake was counted at l_0.",
                line=14,
                column=10,
            ),
            answer(
                "L",
                "mistake",
                0.5,
                1,
                "",
                (),
                "1.6315",
                {(): "about 1.3 times too large"},
                asked="L",
                mistakes=(NO_MEAN,),
                line=15,
                column=8,
            ),
        ),
        question(
            "q3.3",
            "Gradients",
            answer(
                "dL_dV",
                "mistake",
                1,
                2,
                "",
                (3, 3),
                "0.244 0.254 1.046 0.330 -0.545 -0.502 -0.575 0.291 -0.544",
                TRIPLE,
                asked=r"\frac{\partial L}{\partial V}",
                mistakes=(NO_MEAN_GRAD,),
                reason="This mistake costs half the points, once.",
                line=17,
                column=5,
            ),
            answer(
                "dL_dc",
                "mistake",
                1,
                1,
                "",
                (3,),
                "1.365 -0.492 -0.873",
                dict.fromkeys(product(range(3)), "3 times too large"),
                asked=r"\frac{\partial L}{\partial c}",
                mistakes=(NO_MEAN_GRAD_AGAIN,),
                reason="Full points: the mistake was counted at dL_dV.",
                line=20,
                column=12,
            ),
            answer(
                "dL_dU",
                "partial",
                1.5,
                2,
                "All entries but one are right.",
                (3, 3),
                "0.0814 0.0848 0.3485 0.1101 -0.1818 -0.7612 -0.1915 0.0971 -0.1813",
                {(1, 2): "two digits changed places"},
                asked=r"\frac{\partial L}{\partial U}",
                expected="[[0.0814, 0.0848, 0.3485],\n [0.1101, -0.1818, -0.1672],\n"
                " [-0.1915, 0.0971, -0.1813]]",
                line=21,
                column=5,
            ),
            answer(
                "dL_db", "missing", 0, 1, "No answer found.", asked=r"\frac{\partial L}{\partial b}"
            ),
            answer(
                "dL_dW",
                "invalid",
                0,
                2,
                "Expected shape (3, 3), got (3,).",
                asked=r"\frac{\partial L}{\partial W}",
                written="[0.1, 0.2, 0.3]",
                line=25,
                column=12,
            ),
            answer(
                "dL_dh0",
                "wrong",
                0,
                1,
                "These numbers are not explained by any single mistake that is known.",
                (3,),
                "0.5 1.5e-3 -7",
                {(0,): "", (1,): "has the wrong sign", (2,): "far too large"},
                asked=r"\frac{\partial L}{\partial h_0} = W^{\top}"
                r"\left(\left(1 - h_1^2\right) \odot \delta_1\right)",
                line=26,
                column=13,
            ),
        ),
        question(
            "q3.4",
            "In words",
            answer(
                "why",
                "ungraded",
                None,
                2,
                "A person reads this.",
                written="The gradient vanishes, because\n  tanh' <= 1 and\n\n"
                "the product of many small factors is small.",
                line=28,
                column=8,
            ),
        ),
    )


@pytest.fixture(scope="session")
def rnn_run() -> RunReport:
    """Five submissions: full, perfect, of large arrays, hostile, and unreadable."""
    full = submission(
        "s1001",
        "Ada Example",
        "ada/rnn.yaml",
        *full_questions(),
        problems=("rnn.yaml:30:1: unknown key 'dL_dX'; did you mean 'dL_dW'?",),
    )
    right = submission(
        "s1002",
        "Ben Example",
        "ben.yaml",
        question(
            "q3.1",
            "Hidden states",
            answer(
                "h_0",
                "correct",
                3,
                3,
                "",
                (3,),
                "0.8005 0.8005 0.0997",
                asked=r"h_0",
                line=3,
                column=8,
            ),
        ),
        question(
            "q3.2", "Predictions and losses", answer("L", "correct", 5, 5, "", (), "1.2522", line=4)
        ),
    )
    large = submission(
        "s1003",
        "Cy Example",
        "cy.yaml",
        question(
            "q3.1",
            "Hidden states",
            answer(
                "big",
                "partial",
                2,
                3,
                "Nearly all entries are right.",
                (20, 15),
                " ".join(f"{n / 7:.3f}" for n in range(300)),
                {(3, 4): "about 2 times too small", (19, 14): "has the wrong sign"},
            ),
            answer("big_right", "correct", 0, 0, "", (prod((3, 70)),), " ".join(["0.5"] * 210)),
        ),
        question(
            "q3.2",
            "Predictions and losses",
            answer(
                "cube",
                "partial",
                1,
                5,
                "One entry is wrong.",
                (2, 2, 3),
                "1 2 3 4 5 6 7 8 9 10 11 12",
                {(1, 0, 2): "about 2 times too small"},
                mistakes=(LOG10,),
            ),
            answer("row", "correct", 0, 0, "", (1, 12), " ".join(f"{n}.25" for n in range(12))),
        ),
    )
    hostile = hostile_submission(HOSTILE)
    unreadable = SubmissionReport(
        "",
        "",
        "folder/broken.yaml",
        "unreadable",
        None,
        full.max_score,
        0,
        (
            "folder/broken.yaml:4:1: found a tab where the indentation needs spaces",
            "folder/broken.yaml:9:3: the key 'h_0' is written twice, first in line 5",
        ),
    )
    return RunReport(
        "fit-rnn-a2",
        "Assignment 2: a recurrent network by hand",
        "sha256:" + "0123456789abcdef" * 4,
        True,
        (full, right, large, hostile, unreadable),
        "0.2.0",
    )


def hostile_submission(text):
    mistake = MistakeReport(text, text, "possible", text, text, text, alternatives=(text,))
    one = EntryReport((0,), text, False, text)
    return SubmissionReport(
        text,
        text,
        text,
        "needs_review",
        1.0,
        4.0,
        1.0,
        (text,),
        (
            QuestionReport(
                "q3.1",
                text,
                1.0,
                4.0,
                1.0,
                (
                    AnswerReport(
                        "q3.1",
                        text,
                        "mistake",
                        1.0,
                        3.0,
                        text,
                        text,
                        text,
                        (2,),
                        (one, EntryReport((1,), text, True)),
                        "",
                        (mistake,),
                        text,
                        1,
                        1,
                    ),
                    AnswerReport(
                        "q3.1", text, "ungraded", None, 1.0, text, written=f"{text}\n```\n# {text}"
                    ),
                ),
            ),
        ),
    )


@pytest.fixture(scope="session")
def with_text(rnn_run: RunReport) -> Callable[[str], RunReport]:
    """Return a run in which one text stands in every field that can hold text."""
    return lambda text: replace(
        rnn_run,
        assignment=text,
        title=text,
        submissions=(
            hostile_submission(text),
            SubmissionReport(text, text, text, "unreadable", None, 4.0, 0.0, (text,)),
        ),
    )
