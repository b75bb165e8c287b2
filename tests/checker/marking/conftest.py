"""Runs to work with; every name is invented."""

from tests.checker.handmade_submissions import make_run, submission  # noqa: F401 - fixtures
