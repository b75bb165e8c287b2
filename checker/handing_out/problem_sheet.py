"""What stands on a problem sheet: given data, the model's formulas, questions; nothing of the key.

A formula of the model is shown if an answer that is a number needs it, or if it says what a formula
may be written in. A step whose own formula is what an answer asks for (its kind is a formula or a
whole number, and its value is the step) is a part of the key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.answer_kinds import kind_of_form
from checker.answer_kinds.forms.form import AnswerForm
from checker.students.handout import Handout, make_handout
from checker.students.wording import points_words
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.definition_text import Step, key_parts, parse_definition, parse_step
from reference_solutions.expressions.printing import Binds, fence
from reference_solutions.expressions.tree import Apply, Expression, Name
from reference_solutions.graph import Graph
from reference_solutions.graph.index_variables import with_indices_as_numbers
from reference_solutions.language.formula import names_in, parse_formula
from reference_solutions.language.latex_names import quantity_latex
from reference_solutions.language.notation import Notation
from reference_solutions.operations import callable_operations
from submissions_schema.answers import ValuedAnswer
from submissions_schema.quantities import Symbol

_THEIR_FORMULA_IS_ASKED = frozenset(("formula", "integer"))


@dataclass(frozen=True, slots=True)
class Value:
    """A given quantity: its name in LaTeX, and its numbers, as LaTeX, of at most two axes."""

    name: str
    entries: list[list[str]]


@dataclass(frozen=True, slots=True)
class Equation:
    """A formula of the model: ``left = right``, cut where a line may end."""

    left: str
    right: tuple[str, ...]
    where: str
    """What its indices run over, in LaTeX; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Described:
    """A symbol: how it is typed, its name in LaTeX, and what it stands for."""

    typed: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class AskedFor:
    """An answer: its id, what it is in LaTeX where that is no secret, and what to write."""

    id: str
    latex: str
    title: str
    prompt: str
    words: str
    points: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question and its answers."""

    id: str
    title: str
    prompt: str
    points: str
    answers: tuple[AskedFor, ...]


@dataclass(frozen=True, slots=True)
class ProblemSheet:
    """A problem sheet."""

    assignment: str
    title: str
    course: str
    description: str
    student: str
    total: str
    given: tuple[Value, ...]
    symbols: tuple[Described, ...]
    model: tuple[Equation, ...]
    questions: tuple[SheetQuestion, ...]


def problem_sheet(
    assignment: Assignment, *, student: str = "", without: Collection[str] = ()
) -> ProblemSheet:
    """Return the problem sheet of an assignment.

    ``student`` is whose sheet it is, if it is one student's own; ``without`` are names of steps
    that are left out.
    """
    file, graph = assignment.file, assignment.reference.graph
    handout = make_handout(assignment)
    steps = [parse_step(key, text, assignment.reference.ranges) for key, text in file.steps.items()]
    shown = _shown_steps(assignment, steps, handout.names) - set(without)
    notation = Notation(graph.families, is_scalar=lambda name: _is_scalar(graph, name))
    return ProblemSheet(
        file.assignment,
        file.title or file.assignment,
        file.course,
        file.description,
        student,
        points_words(handout.total_points),
        tuple(_given(assignment)),
        tuple(_symbols(file.symbols)),
        tuple(_equation(step, notation, assignment) for step in steps if step.name in shown),
        tuple(
            SheetQuestion(
                id,
                question.title,
                question.prompt,
                points_words(question.points),
                tuple(
                    _asked(asked, form, assignment, handout, notation)
                    for asked, form in zip(
                        assignment.by_question[id], question.answers.values(), strict=True
                    )
                ),
            )
            for id, question in handout.questions.items()
        ),
    )


# --- the model ----------------------------------------------------------------------------------


def _shown_steps(assignment: Assignment, steps: list[Step], names: Collection[str]) -> set[str]:
    """Return the names of the steps that say what is asked, and not how it is found."""
    used: dict[str, set[str]] = {}
    for step in steps:
        used.setdefault(step.name, set()).update(names_in(step.expression))
    asked_for = [(one, _written(one, assignment)) for one in assignment.asked]
    secret = {
        expression.name
        for one, expression in asked_for
        if isinstance(expression, Name) and one.spec.kind in _THEIR_FORMULA_IS_ASKED
    }
    pending = {
        name
        for _, expression in asked_for
        if expression is not None
        for name in names_in(expression)
    }
    pending |= {key_parts(key)[0] for key in names}
    needed: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            pending |= used.get(name, set())
    return (needed - secret) & set(used)


def _written(asked: Asked, assignment: Assignment) -> Expression | None:
    """Return what an answer asks for, as the teacher wrote it; None where nothing is computed."""
    if asked.target is None or not isinstance(asked.spec, ValuedAnswer):
        return None
    where = ("questions", asked.question, asked.answer)
    return parse_definition(asked.spec.value, assignment.reference.ranges, where)


def _equation(step: Step, notation: Notation, assignment: Assignment) -> Equation:
    ranges = assignment.reference.ranges
    runs = [f"{name} = {', '.join(map(str, _ends(ranges[name])))}" for name in step.variables]
    left = quantity_latex(step.name, step.index)
    # An index may stand in a formula as a number: `1 - beta ** t`.
    expression = with_indices_as_numbers(step.expression, step.variables)
    return Equation(left, tuple(_terms(expression, notation)), r",\; ".join(runs))


def _ends(values: range) -> list[object]:
    return list(values) if len(values) <= 4 else [values[0], values[1], r"\ldots", values[-1]]


def _terms(expression: Expression, notation: Notation) -> Iterator[str]:
    """Yield a formula in LaTeX, term by term where it is a sum."""
    signs = expression.params.get("signs") if isinstance(expression, Apply) else None
    if not isinstance(expression, Apply) or expression.operation != "add":
        yield notation.latex(expression)
        return
    for at, term in enumerate(expression.args):
        sign = signs[at] if isinstance(signs, tuple) else 1
        text = notation.latex(term)
        if isinstance(term, Apply) and term.operation == "add":
            text = fence(text, Binds.SUM, Binds.PRODUCT)
        yield f"- {text}" if sign == -1 else f"+ {text}" if at else text


def _is_scalar(graph: Graph, name: str) -> bool:
    family = graph.families[name]
    node = next((graph.ids[name, at] for at in family.instances if (name, at) in graph.ids), None)
    value = None if node is None else graph.value(node)
    return value is not None and value.ndim == 0


# --- the data -----------------------------------------------------------------------------------


def _given(assignment: Assignment) -> Iterator[Value]:
    graph = assignment.reference.graph
    for key, tree in assignment.file.given.items():
        name, index = key_parts(key)
        family = graph.families.get(name)
        depth = len(family.variables) if family is not None and not index else 0
        yield from _values(name, index, tree, depth)


def _values(name: str, index: Sequence[str], tree: object, depth: int) -> Iterator[Value]:
    """Yield a value, one by one along the axes that run over an index or stand before a matrix."""
    if isinstance(tree, list) and (depth > 0 or _depth(tree) > 2):
        for at, item in enumerate(tree):
            yield from _values(name, [*index, str(at)], item, depth - 1)
        return
    rows = tree if isinstance(tree, list) else [tree]
    entries = [row if isinstance(row, list) else [row] for row in rows]
    yield Value(
        quantity_latex(name, index), [[number_latex(str(one)) for one in row] for row in entries]
    )


def _depth(tree: object) -> int:
    return 1 + _depth(tree[0]) if isinstance(tree, list) else 0


_PLAIN = re.compile(r"\s*([-+]?)([0-9.]+)(?:[eE]([-+]?[0-9]+))?\s*")


def number_latex(text: str) -> str:
    """Return a given number as it was written, or the arithmetic that stands for it."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return Notation({}).latex(parse_formula(text, list(callable_operations())))
    sign, digits, exponent = plain.groups()
    sign = sign.replace("+", "")
    return f"{sign}{digits}" + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else "")


def _symbols(symbols: Mapping[str, Symbol]) -> Iterator[Described]:
    for key, symbol in symbols.items():
        name, index = key_parts(key)
        about = [symbol.describe]
        if symbol.integer:
            about.append("a whole number")
        if symbol.shape:
            about.append(f"{' x '.join(map(str, symbol.shape))} numbers")
        said = ", ".join(part for part in about if part)
        yield Described(key, quantity_latex(name, index), said)


# --- the questions ------------------------------------------------------------------------------


def _equal(answers: Mapping[str, AnswerForm]) -> bool:
    return len({form.points for form in answers.values()}) == 1


def _asked(
    asked: Asked, form: AnswerForm, assignment: Assignment, handout: Handout, notation: Notation
) -> AskedFor:
    kind = kind_of_form(form)
    options = kind.listed(form)
    return AskedFor(
        asked.answer,
        _what_it_is(asked, _written(asked, assignment), notation),
        form.title,
        form.prompt,
        "one of these, or several" if options else kind.words(form, handout.names),
        "" if _equal(handout.questions[asked.question].answers) else points_words(form.points),
        options,
    )


def _what_it_is(asked: Asked, expression: Expression | None, notation: Notation) -> str:
    """Return the quantity that is asked for, if it is one, or a gradient of one by another."""
    if isinstance(expression, Name):
        secret = asked.spec.kind in _THEIR_FORMULA_IS_ASKED
        return "" if secret else notation.latex(expression)
    if isinstance(expression, Apply) and expression.operation == "grad":
        named = all(isinstance(part, Name) for part in expression.args)
        return notation.latex(expression) if named else ""
    return ""


_COMMAND = re.compile(r"\\(?:left|right|,|;|mathrm|operatorname|text)|[{}^_&]")


def width(latex: str) -> int:
    """Return about how many letters wide a formula is."""
    return len(re.sub(r"\\[a-zA-Z]+", "x", _COMMAND.sub("", latex)).replace(" ", ""))


def matrix_latex(value: Value) -> str:
    """Return the numbers of a given quantity: a number, or a matrix; a vector is a column."""
    if len(value.entries) == 1 and len(value.entries[0]) == 1:
        return value.entries[0][0]
    rows = r" \\ ".join(" & ".join(row) for row in value.entries)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
