"""Where does the time of grading go? ``python -m tests.benchmarks.stages [ASSIGNMENT]``.

Simulated submissions are graded by the whole ``checker grade`` in this process, with all outputs.
Each stage of the way (see ``docs/how-it-is-built.md``) is timed where it is called; what is made
within one for all submissions, the key and its edits, counts by itself. Shown are a stage's CPU,
its share of the whole, and its ratio to ``yaml.safe_load`` of the same files.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.grade_thousand import write_cohort

PLACES = {
    "checker.folder.batches:build_assignment": "made once",
    "checker.grading.key:Key.__init__": "made once",
    "checker.grading.key:Key.diagnoser": "made once",
    "checker.grading.run:read_bytes": "read",
    "checker.grading.run:parse_document": "read",
    "checker.grading.run:submission_from": "read",
    "checker.grading.run:settled": "mark",
    "checker.grading.run:read": "read",
    "checker.grading.run:compare": "compare",
    "checker.grading.run:refuse_circles": "compare",
    "checker.grading.run:carry": "carry",
    "checker.grading.run:explain_unreadable": "diagnose",
    "checker.grading.run:diagnose": "diagnose",
    "checker.grading.run:proven": "mark",
    "checker.grading.run:marks": "mark",
    "checker.grading.run:Reporter.report": "mark",
    "checker.folder.batches:render": "render",
}
"""Where each stage is called, and what it is counted as."""
REST = "find, merge, write"
STAGES = (*dict.fromkeys(PLACES.values()), REST)


class Clock:
    """CPU seconds by stage; what a stage calls in another one counts there alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._within = [REST]
        self._since = time.process_time()

    def _turn(self) -> None:
        now = time.process_time()
        self.seconds[self._within[-1]] += now - self._since
        self._since = now

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is done within to a stage."""
        self._turn()
        self._within.append(name)
        try:
            yield
        finally:
            self._turn()
            self._within.pop()

    def timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Return a function that is counted to a stage."""

        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(stage):
                return function(*arguments, **named)

        return timed

    def stop(self) -> dict[str, float]:
        """Return the seconds of all stages up to now."""
        self._turn()
        return {stage: self.seconds[stage] for stage in STAGES}


@contextlib.contextmanager
def stages_timed(clock: Clock) -> Iterator[None]:
    """Have every stage counted while it lasts."""
    with contextlib.ExitStack() as undone:
        for place, stage in PLACES.items():
            module, _, path = place.partition(":")
            owner: Any = importlib.import_module(module)
            *owners, name = path.split(".")
            for each in owners:
                owner = getattr(owner, each)
            known = vars(owner)[name]
            # A property that is computed once has its function inside.
            inside = (known, "func") if hasattr(known, "func") else (owner, name)
            function = getattr(*inside)
            setattr(*inside, clock.timed(function, stage))
            undone.callback(setattr, *inside, function)
        yield


def seconds_by_stage(folder: Path, assignment: str, out: Path) -> dict[str, float]:
    """Grade a folder with all outputs in this process; return the CPU seconds of each stage."""
    from checker.cli import app  # noqa: PLC0415

    command = ["grade", str(folder), "--assignment", assignment, "--out", str(out), "--jobs", "1"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        clock = Clock()
        with stages_timed(clock):
            code = 0
            try:
                app(command)
            except SystemExit as leaving:
                code = int(leaving.code or 0)
    if code not in {0, 1}:
        raise SystemExit(f"checker {' '.join(command)} left with {code}:\n{said.getvalue()}")
    return clock.stop()


def safe_load_seconds(folder: Path) -> float:
    """How many seconds of CPU ``yaml.safe_load`` of the files takes."""
    files = [path.read_bytes() for path in sorted(folder.glob("*.yaml"))]
    start = time.process_time()
    for data in files:
        yaml.safe_load(data)
    return time.process_time() - start


def table(seconds: dict[str, float], plain: float, count: int) -> Iterator[str]:
    """Show the stages as a Markdown table."""
    whole = sum(seconds.values())
    yield f"| stage | CPU | share | to safe_load ({plain:.2f} s) | a file |"
    yield "|---|---|---|---|---|"
    for stage, spent in (*seconds.items(), ("whole", whole)):
        yield (
            f"| {stage} | {spent:.2f} s | {spent / whole:.1%} | {spent / plain:.2f} "
            f"| {1e3 * spent / count:.2f} ms |"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment", nargs="?", default="fit3181-a2", help="an id or a file")
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "submissions"
        folder.mkdir()
        write_cohort(folder, options.assignment, options.submissions, options.seed)
        plain = safe_load_seconds(folder)
        seconds = seconds_by_stage(folder, options.assignment, Path(scratch) / "out")
    sys.stdout.write("\n".join(table(seconds, plain, options.submissions)) + "\n")


if __name__ == "__main__":
    main()
