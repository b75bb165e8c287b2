"""A report in a real browser: it loads nothing else, and fits on a phone."""

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker import cli

CASES = Path(__file__).resolve().parents[2] / "cases" / "fit3181-a2"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
WIDTH = 360

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH"),
    # One browser at a time is enough for a small machine.
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    result = CliRunner().invoke(cli.app, ["grade", str(CASES), "--out", str(folder)])
    assert result.exit_code == 1
    return folder


def dump(page: Path, tmp_path: Path) -> tuple[str, str]:
    """The page's document after it was loaded, and what the browser logged."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--enable-logging=stderr",
            f"--user-data-dir={home / 'profile'}",
            "--virtual-time-budget=5000",
            "--dump-dom",
            page.as_uri(),
        ],
        env={**os.environ, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def measured(page: Path, tmp_path: Path) -> dict[str, float]:
    """How wide a page is in a frame as wide as a phone, and how much of it there is."""
    wrapper = tmp_path / "phone.html"
    # The page forbids scripts and frames of its own, so its frame's parent measures.
    wrapper.write_text(
        '<!doctype html><meta charset="utf-8">'
        f'<iframe style="width:{WIDTH}px;height:800px;border:0" '
        f'srcdoc="{html.escape(page.read_text(encoding="utf-8"))}"></iframe>'
        "<pre></pre><script>onload = () => {"
        "const page = document.querySelector('iframe').contentDocument.documentElement;"
        "document.querySelector('pre').textContent = JSON.stringify({"
        "width: page.scrollWidth, height: page.scrollHeight,"
        "math: page.querySelector('math')?.getBoundingClientRect().width ?? 0});"
        "}</script>",
        encoding="utf-8",
    )
    document, _ = dump(wrapper, tmp_path)
    found = re.search(r"<pre>(.*?)</pre>", document, re.DOTALL)
    assert found
    return json.loads(html.unescape(found[1]))


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
