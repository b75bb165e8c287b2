"""Time grading a class of a thousand: ``python -m tests.benchmarks.grade_thousand``.

Writes simulated submissions to a folder and times, in turns within the same run, (a) the whole
``checker grade`` of the folder with all its outputs in one process and (b) plain ``yaml.safe_load``
of the same files, which is the least that reading them costs. Then the start of the command line
against the bare imports of what it is built on, as whole processes. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import yaml

from reference_solutions.assignment import load_assignment
from reference_solutions.shipped import find_assignment
from tests.simulation.cohort import Cohort
from tests.simulation.simulator import THOUSAND, Simulator

ROOT = Path(__file__).parents[2]
_GRADE = """
import sys, time
start = time.perf_counter()
from checker.cli import app
try:
    app(["grade", sys.argv[1], "--assignment", sys.argv[2], "--out", sys.argv[3], "--jobs", "1"])
except SystemExit:
    pass
print(time.perf_counter() - start)
"""
_SAFE_LOAD = """
import sys, time
from pathlib import Path
import yaml
start = time.perf_counter()
for path in sorted(Path(sys.argv[1]).glob("*.yaml")):
    yaml.safe_load(path.read_bytes())
print(time.perf_counter() - start)
"""


def write_cohort(folder: Path, assignment: str, count: int, seed: int) -> int:
    """Write so many submissions to a folder; return how many bytes they have."""
    cohort = Cohort(load_assignment(find_assignment(assignment)))
    size = 0
    for simulated in Simulator(cohort, seed).submissions(count, THOUSAND, careful=True, prose=True):
        path = folder / f"{simulated.name}.yaml"
        path.write_text(simulated.text, encoding="utf-8")
        size += path.stat().st_size
    return size


def run(code: str, *arguments: str) -> float:
    """Run a program that prints how many seconds it took, as its last line."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}")
    return float(done.stdout.split()[-1])


def whole_process(command: Sequence[str]) -> float:
    """How many seconds a command takes from start to end."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - start


def in_turns(
    first: Callable[[], float], second: Callable[[], float], repeats: int
) -> Iterator[tuple[float, float]]:
    """Both timings, so many times, the two taking turns in who comes first."""
    for turn in range(repeats):
        if turn % 2 == 0:
            a = first()
            yield a, second()
        else:
            b = second()
            yield first(), b


def row(name: str, values: Sequence[float], unit: str = " s") -> str:
    """One line of the table."""
    cells = " | ".join(f"{value:.3g}{unit}" for value in (min(values), median(values), max(values)))
    return f"| {name} | {cells} |"


def table(names: tuple[str, str], pairs: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Show timings and their ratio as a Markdown table."""
    yield "| | min | median | max |"
    yield "|---|---|---|---|"
    yield row(names[0], [a for a, _ in pairs])
    yield row(names[1], [b for _, b in pairs])
    yield row("ratio", [a / b for a, b in pairs], "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment", nargs="?", default="fit3181-a2", help="an id or a file")
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "submissions"
        folder.mkdir()
        size = write_cohort(folder, options.assignment, options.submissions, options.seed)
        sys.stdout.write(f"{options.submissions} submissions, {size / 1e6:.2f} MB\n\n")
        pairs = list(
            in_turns(
                lambda: run(_GRADE, str(folder), options.assignment, str(Path(scratch) / "out")),
                lambda: run(_SAFE_LOAD, str(folder)),
                options.repeats,
            )
        )
        names = ("checker grade, all outputs, one process", "yaml.safe_load of the same files")
        sys.stdout.write("\n".join(table(names, pairs)) + "\n\n")
    program = "from checker.cli import app; app(['--help'])"
    imports = "import numpy, pydantic, yaml, typer"
    starts = list(
        in_turns(
            lambda: whole_process([sys.executable, "-c", program]),
            lambda: whole_process([sys.executable, "-c", imports]),
            max(options.repeats, 5),
        )
    )
    names = ("checker --help", f"python -c '{imports}'")
    sys.stdout.write("\n".join(table(names, starts)) + "\n")
    loader = "with" if yaml.__with_libyaml__ else "without"
    python = sys.version.split()[0]
    sys.stdout.write(f"\nPython {python}, PyYAML {yaml.__version__} ({loader} libyaml)\n")


if __name__ == "__main__":
    main()
