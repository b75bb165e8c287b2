"""Runs and exports to work with; every name is invented."""

from tests.checker.handmade_submissions import make_run, submission, three  # noqa: F401 - fixtures
