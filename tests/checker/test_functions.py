"""The reference of the functions: complete, run, and the same in the terminal and in the docs."""

from __future__ import annotations

from pathlib import Path

import pytest
from latex2mathml.converter import convert
from typer.testing import CliRunner

from checker import cli
from checker.functions import find, pages, reference, run, value_text
from reference_solutions.operations import callable_operations, operations

DOCS = Path(__file__).parents[2] / "docs" / "functions.md"
PAGES = pages()


def checker(*arguments):
    return CliRunner().invoke(cli.app, list(arguments))


def test_every_function_that_can_be_called_has_a_page():
    assert {page.name for page in PAGES} >= {op.name for op in callable_operations().values()}


def test_the_page_in_the_docs_is_what_the_checker_writes():
    """``checker functions --markdown > docs/functions.md`` writes it anew."""
    assert DOCS.read_text(encoding="utf-8") == reference(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_shapes_mathematics_and_examples_that_give_what_they_say(page):
    assert page.shapes
    assert page.examples
    assert convert(page.latex)
    for derivative in page.derivatives:
        assert convert(derivative.latex)
        assert "…" not in derivative.text
    if page.name in callable_operations():
        for call, value in page.examples:
            assert value_text(run(call)) == value


def test_a_function_with_a_derivative_shows_it():
    assert find("tanh")[0].derivatives[0].text == "g * (1 - out**2)"
    assert find("argmax")[0].derivatives == ()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("softmax", ["softmax"]),
        ("ln", ["log"]),
        ("cum", ["cumprod", "cumsum"]),
        ("running sums", ["cumsum"]),
        ("nothing like it", []),
    ],
)
def test_functions_are_found_by_name_beginning_and_words(words, names):
    assert [page.name for page in find(words)] == names


def test_the_command_lists_all_and_shows_one():
    listed = checker("functions")
    assert listed.exit_code == 0
    assert "Activations" in listed.output
    assert all(page.call in listed.output for page in PAGES)
    one = checker("functions", "softmax")
    assert one.exit_code == 0
    assert one.output.startswith("softmax(z, axis=…)\n")
    assert "softmax-wrong-axis" in one.output


def test_an_unknown_function_is_refused_with_what_may_be_meant():
    result = checker("functions", "sofmax")
    assert result.exit_code == 2
    assert "did you mean `softmax`" in result.output.replace("\n", " ")


def test_explain_takes_operations_and_words():
    page = checker("explain", "argmax")
    assert page.exit_code == 0
    assert page.output.startswith("argmax(x, axis=…)\n")
    assert "argmax-counted-from-one" in page.output
    listed = checker("explain", "softmax axis")
    assert listed.exit_code == 0
    assert "softmax-wrong-axis" in listed.output
    assert len(listed.output.splitlines()) > 1


def test_every_mistake_of_a_function_stands_on_its_page():
    for name, operation in operations().items():
        if operation.subject:
            (page,) = find(name)
            assert [id for id, _ in page.mistakes] == [m.id for m in operation.mistakes]
