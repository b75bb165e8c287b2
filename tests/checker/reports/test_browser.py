"""A report in a real browser: it loads nothing else, and fits on a phone."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker import cli
from tests.checker.browser import dump, in_a_browser, told

CASES = Path(__file__).resolve().parents[2] / "cases" / "fit3181-a2"
WIDTH = 360

pytestmark = in_a_browser


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    result = CliRunner().invoke(cli.app, ["grade", str(CASES), "--out", str(folder)])
    assert result.exit_code == 1
    return folder


def measured(page: Path, tmp_path: Path) -> dict[str, float]:
    """How wide a page is in a frame as wide as a phone, and how much of it there is."""
    script = (
        "async (page) => ({"
        "width: page.documentElement.scrollWidth, height: page.documentElement.scrollHeight,"
        "math: page.querySelector('math')?.getBoundingClientRect().width ?? 0})"
    )
    return told(script, {"phone": (page.read_text(encoding="utf-8"), WIDTH)}, tmp_path)["phone"]


@pytest.mark.parametrize("name", ["index.html", "feedback/student-b.html"])
def test_a_report_opens_without_complaints(out, name, tmp_path):
    document, log = dump(out / name, tmp_path)
    assert "student-b" in document
    assert "CONSOLE" not in log, log


@pytest.mark.parametrize(
    "name", ["index.html", "feedback/student-a.html", "feedback/student-b.html"]
)
def test_a_report_fits_on_a_phone(out, name, tmp_path):
    found = measured(out / name, tmp_path)
    assert found["width"] <= WIDTH
    assert found["height"] > 300


def test_formulas_are_set_as_mathematics(out, tmp_path):
    assert measured(out / "feedback" / "student-b.html", tmp_path)["math"] > 5
