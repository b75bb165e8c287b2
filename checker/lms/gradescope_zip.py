"""The zip that makes a Gradescope autograder of an assignment.

It holds ``setup.sh`` and ``run_autograder``, the assignment, and this project's own source, so that
what grades there is what was tried here. The same project and assignment give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from checker.defaults import NAME as DEFAULTS

DISTRIBUTION = "homework-checker"
PACKAGES = ("checker", "reference_solutions", "submissions_schema")

_DATE = (2020, 1, 1, 0, 0, 0)
_LEFT_OUT = frozenset(("__pycache__",))

# Gradescope unpacks the zip into /autograder/source and copies run_autograder to /autograder.
# CHECKER_AUTOGRADER_ROOT and CHECKER_PYTHON are there for trying the scripts elsewhere.
_SETUP = """\
#!/usr/bin/env bash
# Installs the checker into a virtual environment of its own; Gradescope runs this once.
set -euo pipefail

root="${CHECKER_AUTOGRADER_ROOT:-/autograder}"

new_enough() {
    command -v "$1" >/dev/null &&
        "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # The system's own Python where that is new enough, Ubuntu's python3.11 where it isn't.
    apt-get install -y -qq --no-install-recommends python3 python3-venv
    find_python >/dev/null ||
        apt-get install -y -qq --no-install-recommends python3.11 python3.11-venv
    python=$(find_python)
fi

"$python" -m venv "$root/checker-venv"
"$root/checker-venv/bin/python" -m pip install --quiet "$root/source/project"
"""

_RUN = """\
#!/usr/bin/env bash
# Grades /autograder/submission and writes /autograder/results/results.json.
set -uo pipefail

root="${CHECKER_AUTOGRADER_ROOT:-/autograder}"
python="${CHECKER_PYTHON:-$root/checker-venv/bin/python}"
results="$root/results/results.json"
export PYTHONIOENCODING=utf-8

mkdir -p "$root/results"
rm -f "$results"
cd "$root/submission" || exit 1
# -P: a student's yaml.py or checker.py is in this folder, and must never be what Python imports.
"$python" -P -m checker ci . \\
    --assignment "$root/source/assignment.yaml" --format gradescope --out "$root/results"
status=$?

# Wrong answers and unreadable files are results. Without results the checker itself has failed,
# and Gradescope must say so instead of giving points.
if [ -s "$results" ]; then
    exit 0
fi
exit "$((status == 0 ? 1 : status))"
"""


def gradescope_zip(assignment: Path) -> bytes:
    """Return the zip for an assignment file, with the teacher's defaults beside it."""
    files: dict[str, tuple[bytes, int]] = {
        "setup.sh": (_SETUP.encode(), 0o755),
        "run_autograder": (_RUN.encode(), 0o755),
        "assignment.yaml": (assignment.read_bytes(), 0o644),
    }
    beside = assignment.parent / DEFAULTS
    if beside.is_file():
        files[DEFAULTS] = (beside.read_bytes(), 0o644)
    for name, data in project_files():
        files[f"project/{name}"] = (data, 0o644)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            data, mode = files[name]
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, or the mode is not read
            info.external_attr = (0o100000 | mode) << 16
            archive.writestr(info, data)
    return out.getvalue()


def project_files(home: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the files that pip needs to install this project, by their names below it.

    ``home`` is the folder that the packages are in. In a clone that is the project; elsewhere the
    project file, the README and the licence are made from the installation's own metadata.
    """
    home = home or Path(__file__).resolve().parents[2]
    for package in PACKAGES:
        for path in sorted((home / package).rglob("*")):
            if path.is_file() and not _LEFT_OUT & set(path.parts):
                yield path.relative_to(home).as_posix(), path.read_bytes()
    project = home / "pyproject.toml"
    if project.is_file() and re.search(
        rf'^name = "{DISTRIBUTION}"$', project.read_text(encoding="utf-8"), re.MULTILINE
    ):
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            yield name, (home / name).read_bytes()
        return
    yield from _from_metadata()


def _from_metadata() -> Iterator[tuple[str, bytes]]:
    import json  # noqa: PLC0415

    about = metadata.metadata(DISTRIBUTION)
    needed = [line for line in metadata.requires(DISTRIBUTION) or [] if "extra ==" not in line]
    lines = [
        "[build-system]",
        'requires = ["hatchling>=1.27"]',
        'build-backend = "hatchling.build"',
        "",
        "[project]",
        f"name = {json.dumps(DISTRIBUTION)}",
        f"version = {json.dumps(metadata.version(DISTRIBUTION))}",
        f"requires-python = {json.dumps(about['Requires-Python'] or '>=3.11')}",
        'readme = "README.md"',
        'license-files = ["LICENSE"]',
        "dependencies = [",
        *(f"    {json.dumps(requirement)}," for requirement in needed),
        "]",
        "",
        "[project.scripts]",
        'checker = "checker.__main__:run"',
        "",
        "[tool.hatch.build.targets.wheel]",
        f"packages = {json.dumps(list(PACKAGES))}",
    ]
    yield "pyproject.toml", ("\n".join(lines) + "\n").encode()
    yield "README.md", f"# {DISTRIBUTION}\n".encode()
    licence = next(
        (f for f in metadata.files(DISTRIBUTION) or [] if f.name == "LICENSE"),
        None,
    )
    text = licence.read_text(encoding="utf-8") if licence is not None else "See the project.\n"
    yield "LICENSE", text.encode()
