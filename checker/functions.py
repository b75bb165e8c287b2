"""The reference of the formula language's functions, made from where each of them is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from reference_solutions.expressions.printing import Binds, Operand
from reference_solutions.expressions.tree import Apply, Expression, Name, Number, Param
from reference_solutions.graph import Array, Ref
from reference_solutions.graph.leaf import Leaf
from reference_solutions.language.evaluation import evaluate
from reference_solutions.language.formula import parse_formula
from reference_solutions.language.latex import applied_latex
from reference_solutions.language.notation import Notation
from reference_solutions.language.source_text import formula_text, source_text
from reference_solutions.operations import callable_operations, operations
from reference_solutions.operations.operation import Example, Operation, Subject

_GRADIENT, _RESULT = "g", "out"


@dataclass(frozen=True, slots=True)
class Derivative:
    """What one operand receives: ``text`` in the formula language, ``latex`` as mathematics.

    In both ``g`` is the gradient of the result and ``out`` the result.
    """

    operand: str
    text: str
    latex: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is said of one function.

    ``call`` is how it is called, ``latex`` how it is shown, ``shapes`` those of its operands and
    its result in each example, ``examples`` calls with what they give.
    """

    name: str
    subject: str
    call: str
    aliases: tuple[str, ...]
    says: str
    latex: str
    shapes: tuple[str, ...]
    derivatives: tuple[Derivative, ...]
    examples: tuple[tuple[str, str], ...]
    mistakes: tuple[tuple[str, str], ...]


def pages() -> list[Page]:
    """Return the pages of all functions, subject by subject, in each by name."""
    order = get_args(Subject)
    listed = [operation for operation in operations().values() if operation.subject]
    listed.sort(key=lambda operation: (order.index(operation.subject), operation.name))
    return [page_of(operation) for operation in listed]


def page_of(operation: Operation) -> Page:
    """Return the page of one function."""
    return Page(
        operation.name,
        operation.subject,
        _call(operation),
        operation.aliases,
        operation.doc,
        _latex(operation),
        tuple(dict.fromkeys(_shapes(operation, example) for example in operation.examples)),
        tuple(_derivatives(operation)),
        tuple(_examples(operation)),
        tuple((mistake.id, mistake.says) for mistake in operation.mistakes),
    )


def named(name: str) -> Page | None:
    """Return the page of a function by its name or an alias, if there is one."""
    operation = callable_operations().get(name) or operations().get(name)
    return page_of(operation) if operation is not None and operation.subject else None


def names() -> list[str]:
    """Return the names of all functions, in order."""
    return [page.name for page in pages()]


def find(words: str) -> list[Page]:
    """Return the pages of a name or an alias, of names that begin so, or those that hold words."""
    wanted = words.casefold().strip()
    exactly = named(wanted)
    if exactly is not None:
        return [exactly]
    known = pages()
    begun = [page for page in known if page.name.startswith(wanted)]
    if begun:
        return begun
    return [
        page
        for page in known
        if all(word in f"{page.name} {page.says}".casefold() for word in wanted.split())
    ]


# --- how it is called and shown -----------------------------------------------------------------


def _call(operation: Operation) -> str:
    return operation.written or operation.signature


def _latex(operation: Operation) -> str:
    example = operation.examples[0]
    names = _names(operation, len(example.args))
    shown = [Operand(name, Binds.ATOM) for name in names]
    return applied_latex(operation.name, shown, example.params)[0]


def _names(operation: Operation, count: int) -> list[str]:
    names = list(operation.operand_names)[:count]
    if len(set(names)) < count or any(len(name) > 12 for name in names):
        names = []
    return names or [f"x{at}" if count > 1 else "x" for at in range(1, count + 1)]


def _shapes(operation: Operation, example: Example) -> str:
    args = [np.asarray(arg, dtype=np.float64) for arg in example.args]
    result = np.asarray(operation.compute(*args, **example.params))
    taken = ", ".join(_shape(arg) for arg in args)
    return f"{taken} -> {_shape(result)}"


def _shape(value: Array) -> str:
    return str(value.shape) if value.shape else "number"


# --- derivatives --------------------------------------------------------------------------------


def _derivatives(operation: Operation) -> Iterator[Derivative]:
    example = operation.examples[0]
    args = [np.asarray(arg, dtype=np.float64) for arg in example.args]
    names = _names(operation, len(args))
    out = np.asarray(operation.compute(*args, **example.params), dtype=np.float64)
    leaves = [_leaf(name, arg) for name, arg in zip(names, args, strict=True)]
    for position, name in enumerate(names):
        rule = operation.derivative(position)
        if rule is None:
            continue
        made = rule(_leaf(_GRADIENT, out), _leaf(_RESULT, out), *leaves, **example.params)
        if made is None:
            continue
        expression = _named(made)
        yield Derivative(name, source_text(expression), Notation({}).latex(expression))


def _leaf(name: str, value: Array) -> Leaf:
    return Leaf(value.shape, (value,), Ref(name))


def _named(expression: Expression) -> Expression:
    """Return an expression in which quantities of a graph stand by name."""
    if isinstance(expression, Leaf) and isinstance(expression.input, Ref):
        return Name(expression.input.family)
    if isinstance(expression, Apply):
        args = tuple(_named(arg) for arg in expression.args)
        return Apply(expression.operation, args, expression.params)
    return expression


# --- examples -----------------------------------------------------------------------------------


def _examples(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield calls that the language itself has computed, each with what came out."""
    for example in operation.examples[:2]:
        operands = tuple(_literal(arg) for arg in example.args)
        if operation.written:
            applied = Apply(operation.name, operands, example.params)
            yield formula_text(applied), value_text(evaluate(applied, lambda _name: None))
            continue
        called = _called(operation.name, operands, example.params)
        yield called, value_text(run(called))


def _called(name: str, operands: Sequence[Expression], params: Mapping[str, Param]) -> str:
    named = (f"{key}={_constant(value)}" for key, value in params.items())
    return f"{name}({', '.join((*map(formula_text, operands), *named))})"


def _constant(value: Param) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _literal(arg: object) -> Expression:
    if isinstance(arg, list | tuple):
        return Apply("stack", tuple(_literal(one) for one in arg))
    assert isinstance(arg, int | float)
    text = f"{float(arg):.6g}"
    return Number(float(text), text)


def run(text: str) -> Array:
    """Return the value of a call without quantities."""
    return evaluate(parse_formula(text, list(callable_operations())), lambda _name: None)


def value_text(value: Array) -> str:
    """Return a value as it stands in a formula, with six digits at most."""
    if value.ndim:
        return f"[{', '.join(value_text(one) for one in value)}]"
    return f"{float(value) + 0.0:.6g}"


# --- as text and as Markdown --------------------------------------------------------------------


def listing(known: Sequence[Page]) -> str:
    """Return one line for each function, subject by subject."""
    lines: list[str] = []
    width = min(max((len(page.call) for page in known), default=0), 40)
    subject = ""
    for page in known:
        if page.subject != subject:
            subject = page.subject
            lines += ["", subject.capitalize(), ""]
        lines.append(f"  {page.call:<{width}}  {page.says}".rstrip())
    return "\n".join(lines).strip("\n")


def page_text(page: Page) -> str:
    """Return a page for a terminal."""
    lines = [page.call, "", page.says, ""]
    if page.aliases:
        lines.append(f"Also called:  {', '.join(page.aliases)}")
    for at, shapes in enumerate(page.shapes):
        lines.append(f"{'Shapes:' if not at else '':<13} {shapes}")
    for derivative in page.derivatives:
        lines.append(f"{f'dL/d{derivative.operand}:':<13} {derivative.text}")
    if page.derivatives:
        lines.append(f"{'':<13} where g is dL/d(result) and out is the result")
    for at, (call, value) in enumerate(page.examples):
        lines.append(f"{'Example:' if not at else '':<13} {call} = {value}")
    if page.mistakes:
        lines += ["", "Mistakes that it knows (checker explain says more):"]
        lines += [f"  {id:<44} {says}" for id, says in page.mistakes]
    return "\n".join(lines)


def reference(known: Sequence[Page]) -> str:
    """Return the reference as one page for the documentation."""
    parts = [
        "# Functions",
        "",
        "Every function of the formula language, by subject. `checker functions NAME` shows one of "
        "them in a",
        "terminal. In derivatives $g$ is the gradient of the result, $out$ the result itself; a "
        "size, such",
        "as the 3 of a mean, is that of the first example.",
        "",
        "This page is written by `checker functions --markdown`.",
    ]
    subject = ""
    for page in known:
        if page.subject != subject:
            subject = page.subject
            parts += ["", f"## {subject.capitalize()}"]
        parts += ["", f"### `{page.call}`", "", page.says, ""]
        parts.append(f"- As mathematics: ${page.latex}$")
        if page.aliases:
            parts.append(f"- Also called: {', '.join(f'`{name}`' for name in page.aliases)}")
        parts.append(f"- Shapes: {'; '.join(f'`{shapes}`' for shapes in page.shapes)}")
        for one in page.derivatives:
            parts.append(f"- Gradient of `{one.operand}`: ${one.latex}$")
        for call, value in page.examples:
            parts.append(f"- Example: `{call}` is `{value}`")
        if page.mistakes:
            parts.append("- Mistakes:")
            parts += [f"  - `{id}`: {says}" for id, says in page.mistakes]
    return "\n".join(parts) + "\n"
