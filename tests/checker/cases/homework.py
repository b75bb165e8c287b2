"""The homework of the seed documents, and what is looked at in a report."""

HW5, HW2, HW3 = "hw5-rnn-attention", "hw2-cnn-lstm", "hw3-lstm-mdrnn"
STUDENTS = {HW5: "student-c", HW2: "student-d", HW3: "student-e"}


def ids(report) -> tuple[str, ...]:
    return tuple(mistake.id for mistake in report.mistakes)


def words(report) -> str:
    """All that is said of an answer, alternatives too."""
    offered = [text for mistake in report.mistakes for text in mistake.alternatives]
    return " ".join([report.message, *offered]).replace("`", "")
