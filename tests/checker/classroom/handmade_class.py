"""Answers and submissions of a class, made by hand."""

from checker.report import (
    AnswerReport,
    MistakeReport,
    Numbers,
    QuestionReport,
    SubmissionReport,
)

MEAN = MistakeReport("sum-for-mean", "L", "likely", "You added up; the sheet takes the mean.")


def wrote(text, verdict="wrong", *mistakes, within=None, name="L"):
    """An answer of the numbers in a text, within half a unit of the last place."""
    values, units = [], []
    for word in text.strip("[]").split(","):
        values.append(float(word))
        units.append(0.5 * 10.0 ** -len(word.partition(".")[2]))
    numbers = Numbers(tuple(values), tuple([within] * len(values) if within else units))
    return AnswerReport(
        "q1", name, verdict, 0.0, 1.0, "", written=text, mistakes=mistakes, numbers=numbers
    )


def right(name="L"):
    return AnswerReport("q1", name, "correct", 1.0, 1.0, "", written="1.734")


def one(*answers, student="s"):
    question = QuestionReport("q1", "", 0.0, 1.0, 0.0, tuple(answers))
    return SubmissionReport(
        student, "", f"{student}.yaml", "graded", 0.0, 1.0, 0.0, (), (question,)
    )
