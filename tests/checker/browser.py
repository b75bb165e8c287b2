"""Pages in headless Chromium: what they become, what is logged, and what axe-core says of them."""

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
AXE = Path(os.environ.get("EDITOR_NODE_MODULES", "")) / "axe-core" / "axe.min.js"
"""Installed by npm, beside what else tests need of it."""

in_a_browser = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH"),
    # One browser at a time is enough for a small machine.
    pytest.mark.xdist_group("browser"),
]
needs_axe = pytest.mark.skipif(not AXE.is_file(), reason="EDITOR_NODE_MODULES has no axe-core")

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_TOLD = re.compile(r'<pre id="told">(.*?)</pre>', re.DOTALL)


def dump(page: Path, tmp_path: Path, *options: str) -> tuple[str, str]:
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
            "--virtual-time-budget=20000",
            *options,
            "--dump-dom",
            page.as_uri(),
        ],
        env={**os.environ, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def told(script: str, frames: Mapping[str, tuple[str, int]], tmp_path: Path, *options: str) -> dict:
    """What an async function of ``(document, window)`` returns for pages in frames of some width.

    ``frames`` has the HTML and the width by name. A page's own scripts run, so that it is tried as
    it is; what forbids others is taken out of the copy.
    """
    parts = "".join(
        f'<iframe title="{name}" style="width:{width}px;height:900px;border:0" '
        f'srcdoc="{html.escape(_POLICY.sub("", text, count=1))}"></iframe>'
        for name, (text, width) in frames.items()
    )
    wrapper = tmp_path / "frames.html"
    wrapper.write_text(
        f'<!doctype html><meta charset="utf-8">{parts}<pre id="told"></pre><script>'
        f"const ask = {script};"
        "onload = async () => { const found = {};"
        "for (const frame of document.querySelectorAll('iframe'))"
        "  found[frame.title] = await ask(frame.contentDocument, frame.contentWindow);"
        "document.getElementById('told').textContent = JSON.stringify(found); }</script>",
        encoding="utf-8",
    )
    document, log = dump(wrapper, tmp_path, *options)
    found = _TOLD.search(document)
    assert found
    assert found[1], log
    return json.loads(html.unescape(found[1]))


def complaints(pages: Mapping[str, tuple[str, int]], tmp_path: Path, *, dark: bool) -> dict:
    """What axe-core finds on pages, by name: ids of rules with the elements that break them."""
    script = (
        "async (page, window) => {"
        "for (const one of page.querySelectorAll('details')) one.open = true;"
        "const axe = page.createElement('script');"
        f"axe.textContent = {json.dumps(AXE.read_text(encoding='utf-8'))};".replace("</", "<\\/")
        + "page.head.append(axe);"
        "const found = await window.axe.run(page, {resultTypes: ['violations']});"
        "return found.violations.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => "
        "n.html.slice(0, 200) + ' ' + (n.any[0] ? n.any[0].message : ''))]); }"
    )
    scheme = "--blink-settings=preferredColorScheme=" + ("0" if dark else "1")
    return told(script, pages, tmp_path, scheme)
