"""The shipped assignments with their handouts, and a template that is filled in."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml
from typer import Typer
from typer.testing import CliRunner

from checker.commands import students
from checker.students.handout import Handout, handout_text, make_handout, read_handout
from checker.students.template import scalar
from checker.students.validation import Form, Validation, validate_bytes
from reference_solutions.assignment import Assignment, load_assignment
from reference_solutions.shipped import shipped_assignments
from submissions_schema.yaml_reader import parse_document

SHIPPED = shipped_assignments()
ANSWER_LINE = re.compile(r"    (\S.*?):( >-)?(?:  #.*)?")


def pytest_generate_tests(metafunc):
    if "shipped" in metafunc.fixturenames:
        metafunc.parametrize("shipped", list(SHIPPED))


@cache
def _assignment(id: str) -> Assignment:
    return load_assignment(SHIPPED[id])


@cache
def _read_back(id: str) -> Handout:
    text = handout_text(make_handout(_assignment(id)))
    return read_handout(parse_document(text, "handout.yaml"))


@pytest.fixture(scope="session")
def assignment_of() -> Callable[[str], Assignment]:
    return _assignment


@pytest.fixture(scope="session")
def handout_of() -> Callable[[str], Handout]:
    """The handout of a shipped assignment, as it comes back from its file."""
    return _read_back


@cache
def _form(id: str, with_key: bool) -> Form:
    return Form(_read_back(id), _assignment(id) if with_key else None)


@pytest.fixture(params=[True, False], ids=["with the key", "from the handout"])
def form_of(request) -> Callable[[str], Form]:
    return lambda id: _form(id, request.param)


@pytest.fixture(scope="session")
def validated() -> Callable[[str, Form], Validation]:
    return lambda text, form: validate_bytes(text.encode(), "mine.yaml", lambda _: form)


@pytest.fixture(scope="session")
def filled_in() -> Callable[[str, Mapping[tuple[str, str], str]], str]:
    """A template with values behind its keys, as a student would write them."""

    def fill(template: str, values: Mapping[tuple[str, str], str]) -> str:
        left = {(scalar(q), scalar(a)): value for (q, a), value in values.items()}
        lines, question = [], ""
        for line in template.replace("your-student-id", "someone").splitlines():
            lines.append(line)
            if re.fullmatch(r"  [^ #].*:", line):
                question = line.strip().removesuffix(":")
            match = ANSWER_LINE.fullmatch(line)
            if match and (question, match[1]) in left:
                value = left.pop((question, match[1]))
                if match[2]:
                    lines.append(f"      {value}")
                else:
                    lines[-1] = f"    {match[1]}: {value}"
        assert not left
        return "\n".join(lines) + "\n"

    return fill


@pytest.fixture(scope="session")
def case_of(cases) -> Callable[[str], dict[str, object]]:
    """One real submission to a shipped assignment."""

    def load(id: str) -> dict[str, object]:
        path = sorted((cases / id).glob("*.yaml"))[-1]
        return yaml.safe_load(path.read_text(encoding="utf-8"))

    return load


@pytest.fixture
def run():
    """Run a command; give back what came out, without an exception that got away."""
    app = Typer()
    students.register(app)

    def checker(*arguments: object):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result

    return checker


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
