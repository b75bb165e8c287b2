"""Jobs as they run `checker ci`, and what students push."""

from pathlib import Path

import typer
from typer.testing import CliRunner

from checker.commands import ci as command

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT / "tests" / "cases" / "fit3181-a2"

RIGHT = "assignment: tiny\nstudent: ada\nanswers: {q1: 7, q2: 0.143, q3: Because.}\n"
HALF = "assignment: tiny\nstudent: bob\nanswers: {q1: 7, q2: 0.5555, q3: Because.}\n"
BROKEN = "assignment: tiny\nstudent: cy\nanswers: {q1: [7\n"
EVIL = """\
assignment: tiny
student: {id: "::stop-commands::x", name: "##[add-path]/evil"}
answers:
  q1: "::error::q1\\n::set-output name=score::100"
  q2: "\\r\\n::add-mask::0 ##[set-env name=A]b"
  "::error::key": 1
  q3: |-
    ::error::text
      ::warning file=x::text
    see ##[error]text
"""

CLASSROOM50 = {
    "CLASSROOM": "dl",
    "ASSIGNMENT": "hw2",
    "SUBMISSION_TAG": "submit/2026-09-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/o/dl-hw2-alice/commit/abc",
    "RELEASE_URL": "https://github.com/o/dl-hw2-alice/releases/tag/x",
}

app = typer.Typer(pretty_exceptions_enable=False)
command.register(app)


def put(folder, **files):
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(*arguments, **environ):
    result = CliRunner().invoke(app, [str(a) for a in arguments], env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def outputs_of(path):
    lines = path.read_text("utf-8").split("\n")
    assert [line.partition("<<")[0] for line in lines[::3] if line] == [
        "score",
        "max_score",
        "result",
    ]
    assert all(line.partition("<<")[2] == lines[3 * n + 2] for n, line in enumerate(lines[:-1:3]))
    return dict(zip(("score", "max_score", "result"), lines[1::3], strict=True))
