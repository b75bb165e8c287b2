"""Headless Chromium, driven over the DevTools protocol through a pipe: no package is needed.

``with Browser(folder) as browser: page = browser.open(path)``; then ``page.evaluate`` runs
JavaScript and gives back its value, ``page.press`` and ``page.type`` are the keyboard.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
_KEYS = {
    "Enter": (13, "\r"), "Tab": (9, ""), "Escape": (27, ""), "Space": (32, " "),
    "ArrowLeft": (37, ""), "ArrowUp": (38, ""), "ArrowRight": (39, ""), "ArrowDown": (40, ""),
    "Backspace": (8, ""), "Delete": (46, ""), "Home": (36, ""), "End": (35, ""),
}  # fmt: skip
_MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}


class BrowserError(Exception):
    """The browser, or a script in a page, failed."""


class Browser:
    """One browser process with a profile of its own in ``folder``; downloads go there too."""

    def __init__(self, folder: Path) -> None:
        if CHROMIUM is None:
            raise BrowserError("chromium is not on the PATH")
        self.folder = folder
        self.downloads = folder / "downloads"
        self.downloads.mkdir(parents=True, exist_ok=True)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def wire() -> None:
            # The browser reads commands from descriptor 3 and writes to 4.
            read, write = os.dup(to_browser), os.dup(from_browser)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self._process = subprocess.Popen(
            [
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--remote-debugging-pipe",
                f"--user-data-dir={folder / 'profile'}",
            ],
            env={**os.environ, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=wire,  # noqa: PLW1509 - it makes two system calls and nothing else
            pass_fds=(3, 4),
            start_new_session=True,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._sent = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.call("Browser.close", timeout=10)
            self._process.wait(timeout=10)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def call(
        self, method: str, session: str | None = None, timeout: float = 60, **params: Any
    ) -> dict[str, Any]:
        """Send a command of the protocol and return its result."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        self._send(message)
        for answer in self._answers(timeout):
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])
            self.events.append(answer)
        raise BrowserError(f"{method}: no answer after {timeout} s")

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]

    def _answers(self, timeout: float) -> Iterator[dict[str, Any]]:
        end = time.monotonic() + timeout
        while True:
            while b"\0" in self._buffer:
                one, _, self._buffer = self._buffer.partition(b"\0")
                yield json.loads(one)
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                return
            data = os.read(self._read, 1 << 20)
            if not data:
                raise BrowserError("the browser has gone")
            self._buffer += data

    def open(self, page: Path | str, *, width: int = 1280, height: int = 900) -> Page:
        """Open a file or an address in a new tab, and wait until it is loaded."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        opened = Page(self, session, target)
        for domain in ("Page", "Runtime", "Log", "Network"):
            opened.call(f"{domain}.enable")
        opened.size(width, height)
        opened.go(page)
        return opened


class Page:
    """A tab."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser = browser
        self._session = session
        self._target = target

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command to this tab."""
        return self._browser.call(method, self._session, **params)

    def go(self, page: Path | str) -> None:
        """Load a file or an address."""
        url = page.resolve().as_uri() if isinstance(page, Path) else page
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def close(self) -> None:
        """Close the tab."""
        self._browser.call("Target.closeTarget", targetId=self._target)

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression, or of what it promises. Raises BrowserError."""
        found = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            details = found["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return found["result"].get("value")

    def until(self, condition: str, timeout: float = 20) -> None:
        """Wait until an expression is true."""
        self.wait(lambda: bool(self.evaluate(condition)), condition, timeout)

    def wait(self, true: Callable[[], bool], what: str, timeout: float = 20) -> None:
        """Wait until a function says so."""
        end = time.monotonic() + timeout
        while not true():
            if time.monotonic() > end:
                raise BrowserError(f"waited {timeout} s in vain: {what}")
            time.sleep(0.02)

    def size(self, width: int, height: int, *, phone: bool = False) -> None:
        """Set the size of the window, in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=2 if phone else 1, mobile=phone,
        )  # fmt: skip

    def media(self, media: str = "", *, dark: bool = False) -> None:
        """Show it in light or dark colours, or as ``print``."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def focus(self, selector: str) -> None:
        """Put the keyboard's focus on an element."""
        found = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e?.focus(); return e !== null && document.activeElement === e; })()"
        )
        if not found:
            raise BrowserError(f"{selector} can't be focused")

    def click(self, selector: str) -> None:
        """Click in the middle of an element, wherever it stands."""
        at = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const r = e.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind, x=at[0], y=at[1], button="left", clickCount=1,
            )  # fmt: skip

    def type(self, text: str) -> None:
        """Put text in where the focus is, as a keyboard's input method does."""
        self.call("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Press a key by its name, with modifiers before it: ``Control+Enter``, ``a``."""
        *modifiers, name = key.split("+") if key != "+" else [key]
        pressed = sum(_MODIFIERS[modifier] for modifier in modifiers)
        code, text = _KEYS.get(name, (ord(name.upper()[0]), name))
        keyed = {
            "key": " " if name == "Space" else name,
            "code": name if name in _KEYS else f"Key{name.upper()}",
            "windowsVirtualKeyCode": code,
            "modifiers": pressed,
        }
        typed = {"text": text} if text and not pressed & ~_MODIFIERS["Shift"] else {}
        self.call("Input.dispatchKeyEvent", type="keyDown" if typed else "rawKeyDown",
                  **keyed, **typed)  # fmt: skip
        self.call("Input.dispatchKeyEvent", type="keyUp", **keyed)

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Write what is seen as a PNG file, or the whole page."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=whole, **(
            {"clip": {**self._whole(), "scale": 1}} if whole else {}
        ))["data"]  # fmt: skip
        path.write_bytes(base64.b64decode(data))

    def _whole(self) -> dict[str, float]:
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"]}

    def pdf(self, path: Path, *, width: float, height: float) -> None:
        """Print to a PDF file; sizes are in inches."""
        data = self.call(
            "Page.printToPDF", paperWidth=width, paperHeight=height, preferCSSPageSize=False
        )["data"]
        path.write_bytes(base64.b64decode(data))

    def download(self, start: Callable[[], None], timeout: float = 20) -> Path:
        """Do something that downloads a file, and return the file."""
        folder = Path(tempfile.mkdtemp(dir=self._browser.downloads))
        self._browser.call(
            "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder)
        )
        start()

        def done() -> list[Path]:
            new = sorted(folder.iterdir())
            return [path for path in new if path.suffix != ".crdownload" and path.stat().st_size]

        self.wait(lambda: bool(done()), "a download", timeout)
        return done()[0]

    @property
    def complaints(self) -> list[str]:
        """What the browser logged, and exceptions that nobody caught."""
        self.evaluate("0")
        found = []
        for event in self._mine():
            said = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                details = said["exceptionDetails"]
                found.append(details.get("exception", {}).get("description", details["text"]))
            elif event["method"] == "Log.entryAdded":
                found.append(said["entry"]["text"])
            elif event["method"] == "Runtime.consoleAPICalled":
                found.append(" ".join(str(one.get("value")) for one in said["args"]))
        return found

    @property
    def requests(self) -> list[str]:
        """The addresses that were asked for, the page's own and inline data left out."""
        self.evaluate("0")
        urls = [
            event["params"]["request"]["url"]
            for event in self._mine()
            if event["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in urls if not url.startswith(("file:", "data:", "blob:", "about:"))]

    def _mine(self) -> list[dict[str, Any]]:
        return [event for event in self._browser.events if event.get("sessionId") == self._session]
