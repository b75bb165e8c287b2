"""How far a run is, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None] | None]:
    """Show files done, their rate and the time left on a terminal; nothing in a log."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text  # noqa: PLC0415

    class Rate(ProgressColumn):
        """Files a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:.1f} files/s" if speed else "")

    # Without a thread of its own the bar doesn't keep processes from starting by a fork.
    with Progress(
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    ) as bar:
        task = bar.add_task("grading", total=total)
        shown = time.monotonic()
        bar.refresh()

        def advance() -> None:
            nonlocal shown
            bar.advance(task)
            if time.monotonic() - shown > _REFRESHED:
                bar.refresh()
                shown = time.monotonic()

        yield advance


_REFRESHED = 0.1
"""Seconds between two pictures of the progress bar."""
