"""A place to run in."""

import pytest

from checker.ci import platforms
from tests.checker.tiny import WITH_TEXT


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to work in, with the tiny assignment beside it, and no CI around."""
    for name in {n for p in platforms.PLATFORMS for n in (*p.known_by, p.root, p.bundle)} - {""}:
        monkeypatch.delenv(name, raising=False)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "tiny.yaml").write_text(WITH_TEXT, encoding="utf-8")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CHECKER_ASSIGNMENT", str(tmp_path / "tiny.yaml"))
    return folder
