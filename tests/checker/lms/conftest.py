"""Runs and exports to work with; every name is invented."""

import pytest

from tests.checker.handmade_submissions import make_run, submission, three  # noqa: F401 - fixtures


@pytest.fixture
def canvas_run(submission, make_run):  # noqa: F811 - fixtures
    """Two submissions, under the names that Canvas gives files."""
    return make_run(
        submission("whatever", 7.25, file="exampleada_4321_90001_mine.yaml"),
        submission("s2", 10, name="Ben Beispiel", file="beispielben_LATE_4322_90002_mine.yaml"),
    )
