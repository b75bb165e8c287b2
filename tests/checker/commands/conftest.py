"""A small assignment, and folders for submissions and outputs."""

import pytest

from tests.checker.commands.calls import TINY


@pytest.fixture
def tiny(tmp_path):
    """The path of a small assignment."""
    path = tmp_path / "tiny.assignment"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    """An empty folder for submissions."""
    path = tmp_path / "submissions"
    path.mkdir()
    return path


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"
