"""Lazy strategies for formulas, and operations typed where a number is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Index, Name, Number, signs_of
from reference_solutions.graph import Array
from reference_solutions.language.formula import parse_formula
from reference_solutions.operations import callable_operations
from submissions_schema.answers import FormulaAnswer

from .adversary import Attempt, Strategy
from .sheet import Box, Fill, Sheet, indices

ELEMENTARY = frozenset(
    ("add", "multiply", "divide", "power", "negate", "exp", "log", "ln", "log2", "log10", "sqrt",
     "sin", "cos", "tanh", "abs", "sigmoid", "logistic", "floor", "ceil")
)  # fmt: skip
"""What may stand in arithmetic that is written where a number is asked for."""


def _formulas(sheet: Sheet) -> list[int]:
    return [i for i in sheet.worded if sheet.boxes[i].kind == "formula"]


def _usable(sheet: Sheet, i: int) -> list[str]:
    """Names that a formula may use, with an index where they have one."""
    box = sheet.boxes[i]
    spec = box.asked.spec
    assert isinstance(spec, FormulaAnswer)
    found = []
    graph = sheet.graph
    for family in graph.families.values():
        if family.kind not in ("given", "step") or "/" in family.name:
            continue
        if spec.may_use is not None and family.name not in spec.may_use:
            continue
        for instance in (*family.instances, *family.extra):
            text = family.name + (f"[{', '.join(map(str, instance))}]" if instance else "")
            key = (family.name, instance)
            if key in graph.ids and text.replace("_", "").replace("[", "").isprintable():
                value = graph.value(graph.ids[key])
                if value is not None and "#" not in text and "~" not in text:
                    found.append(text)
    return found


def _node(sheet: Sheet, text: str) -> int:
    name, _, index = text.partition("[")
    key = tuple(int(part) for part in index.removesuffix("]").split(",")) if index else ()
    return sheet.graph.ids[name, key]


def _worlds(sheet: Sheet, node: int) -> Array | None:
    values = [sheet.graph.value(node, world) for world in range(sheet.graph.worlds)]
    if any(value is None for value in values):
        return None
    return np.concatenate([np.ravel(value) for value in values if value is not None])


def undefined(sheet: Sheet) -> Iterator[Attempt]:
    """Formulas that are defined at hardly any of the sampled inputs, and right there."""
    boxes = _formulas(sheet)
    options: dict[int, list[str]] = {}
    for i in boxes:
        box = sheet.boxes[i]
        assert box.right is not None
        names = [name for name in _usable(sheet, i) if name in sheet.assignment.file.symbols]
        texts = [
            "0/0", "log(-1)", "0*log(0)",
            *(f"0*sqrt(-{n}**2)" for n in names), *(f"0*log(-{n}**2)" for n in names),
            *(f"1 + 0*sqrt(-1-{n}**2)" for n in names), *(f"0/({n}-{n})" for n in names),
        ]  # fmt: skip
        whole = [n for n in names if sheet.assignment.file.symbols[n].integer]
        if whole and box.shape == () and _depends(sheet, box) <= set(whole):
            for world in range(sheet.graph.worlds):
                at = {n: sheet.graph.value(_node(sheet, n), world) for n in whole}
                apart = " + ".join(f"({n}-{float(v):g})**2" for n, v in at.items() if v is not None)
                right = float(box.right[world])
                texts.insert(0, f"{right:.12g} + 0*sqrt(-({apart}))")
            for n in whole:
                for k in (1, 2, 3):
                    texts.append(f"{2 * k - 1} + 0*sqrt(-({n}-{k})**2)")
        options[i] = texts
    most = max((len(texts) for texts in options.values()), default=0)
    for k in range(most):
        filled = {i: Fill((texts[k],)) for i, texts in options.items() if k < len(texts)}
        yield Attempt("undefined", f"choice {k}", filled, never_lucky=frozenset(filled))


def _depends(sheet: Sheet, box: Box) -> set[str]:
    """The symbols that an answer depends on."""
    symbols = sheet.assignment.file.symbols
    keys = [sheet.graph.nodes[n].key[0] for n in sheet.graph.region([box.node])]
    return {key for key in keys if key in symbols}


def leaves(sheet: Sheet) -> Iterator[Attempt]:
    """One name of the sheet, with its sign turned, or a product of two."""
    options = {}
    for i in _formulas(sheet):
        names = _usable(sheet, i)
        texts = [*names, *(f"-{name}" for name in names)]
        texts += [f"{a} * {b}" for a, b in combinations(names[:12], 2)]
        options[i] = texts
    most = max((len(texts) for texts in options.values()), default=0)
    for k in range(most):
        filled = {i: Fill((texts[k % len(texts)],)) for i, texts in options.items() if texts}
        yield Attempt("leaves", f"choice {k}", filled)


def orders(sheet: Sheet) -> Iterator[Attempt]:
    """Orders of growth by guess."""
    symbols = list(sheet.assignment.file.symbols)
    boxes = [i for i in sheet.worded if sheet.boxes[i].kind == "order"]
    for text in ("O(1)", *(f"O({n})" for n in symbols), *(f"O({n}**2)" for n in symbols)):
        if boxes:
            yield Attempt("orders", text, {i: Fill((text,)) for i in boxes})


def circular(sheet: Sheet) -> Iterator[Attempt]:
    """Asked quantities by themselves, by each other, and defined from each other in a circle.

    The links are found by their values: one asked quantity times or over one or two others.
    """
    boxes = _formulas(sheet)
    aliases = {i: _aliases(sheet, i) for i in boxes}
    links = {
        (i, j): texts
        for i in boxes
        for j in boxes
        if i != j and aliases[j] and (texts := list(_links(sheet, i, aliases[j][0])))
    }
    loops = sorted({tuple(sorted((i, j))) for i, j in links if (j, i) in links})
    for i, j in loops:
        for k in range(max(len(links[i, j]), len(links[j, i]))):
            one, two = links[i, j], links[j, i]
            filled = {i: Fill((one[k % len(one)],)), j: Fill((two[k % len(two)],))}
            said = (
                f"{sheet.boxes[i].asked.answer} and {sheet.boxes[j].asked.answer} from each other"
            )
            yield Attempt("circular", said, filled, frozenset(), frozenset(filled), circle=True)
    ring = _ring(boxes, set(links))
    if len(ring) > 2:
        filled = {
            i: Fill((links[i, j][0],)) for i, j in zip(ring, [*ring[1:], ring[0]], strict=True)
        }
        said = f"a ring of {len(ring)}"
        yield Attempt("circular", said, filled, frozenset(), frozenset(filled), circle=True)

    if any(aliases.values()):
        filled = {i: Fill((names[0],)) for i, names in aliases.items() if names}
        yield Attempt("circular", "each by its own name", filled, never_lucky=frozenset(filled))
        filled = {i: Fill((f"0 + 1*{n[0]}",)) for i, n in aliases.items() if n}
        yield Attempt(
            "circular", "each by its own name, hidden", filled, never_lucky=frozenset(filled)
        )
        names = [n[0] for n in aliases.values() if n]
        for shift in range(1, min(len(names), 6)):
            filled = {i: Fill((names[(k + shift) % len(names)],)) for k, i in enumerate(aliases)}
            yield Attempt("circular", f"the name of the one {shift} further", filled)


def _ring(boxes: Sequence[int], links: set[tuple[int, int]]) -> list[int]:
    """The longest ring that a depth-first walk with bounded steps finds."""
    best: list[int] = []
    steps = 0
    for start in boxes:
        stack = [[start]]
        while stack and steps < 20_000:
            steps += 1
            path = stack.pop()
            if (path[-1], start) in links and len(path) > max(len(best), 2):
                best = path
            stack += [[*path, j] for j in boxes if j not in path and (path[-1], j) in links]
    return best


def _aliases(sheet: Sheet, i: int) -> list[str]:
    """The names by which the sheet knows what a box asks for."""
    right = sheet.boxes[i].right
    assert right is not None
    found = []
    for text in _usable(sheet, i):
        value = _worlds(sheet, _node(sheet, text))
        if value is None or value.shape != right.shape:
            continue
        if np.allclose(value, right, rtol=1e-9, atol=1e-12):
            found.append(text)
    return sorted(found, key=lambda text: ("[" not in text, text))


def _links(sheet: Sheet, i: int, other: str) -> Iterator[str]:
    right = sheet.boxes[i].right
    base = _worlds(sheet, _node(sheet, other))
    if right is None or base is None or base.shape != right.shape:
        return
    usable = _usable(sheet, i)
    if other not in usable:
        return
    factors: dict[str, Array] = {}
    for text in usable:
        value = _worlds(sheet, _node(sheet, text))
        if text == other or value is None or value.shape != base.shape:
            continue
        if not np.allclose(value, right) and not np.allclose(value, base):
            factors[text] = value
            factors[f"(1 - {text})"] = 1 - value
            factors[f"(1 - {text}**2)"] = 1 - value**2
            factors[f"(1 - tanh({text})**2)"] = 1 - np.tanh(value) ** 2
            factors[f"tanh({text})"] = np.tanh(value)
    texts = list(factors)
    values = np.array(list(factors.values()))
    with np.errstate(all="ignore"):
        powers = {1: values, -1: 1 / values}
        ratio = right / base
        # One factor or divisor first, then two; the first of each that fits at every input.
        for sign, found in powers.items():
            for k in np.flatnonzero(_close(found, ratio).all(axis=1))[:1]:
                yield f"{other} {_MARK[sign]} {texts[k]}"
                return
        for first, second in ((1, 1), (1, -1), (-1, -1)):
            for k, value in enumerate(powers[first]):
                for m in np.flatnonzero(_close(value * powers[second], ratio).all(axis=1))[:1]:
                    yield f"{other} {_MARK[first]} {texts[k]} {_MARK[second]} {texts[m]}"
                    return


_MARK = {1: "*", -1: "/"}


def _close(values: Array, expected: Array) -> NDArray[np.bool_]:
    return np.isclose(values, expected, rtol=1e-8, atol=0.0)


# --- operations typed -----------------------------------------------------------------------------


def typed(sheet: Sheet) -> Iterator[Attempt]:
    """The sheet's own formulas with the given numbers in them, entry by entry, as answers.

    Only those that use an operation which is no elementary function.
    """
    filled: dict[int, Fill] = {}
    for i in sheet.numeric:
        fill = _typed(sheet, i)
        if fill is not None:
            filled[i] = fill
            yield Attempt(
                "typed operations", sheet.boxes[i].place, {i: fill}, never_lucky=frozenset((i,))
            )
    if len(filled) > 1:
        yield Attempt("typed operations", "all", filled, never_lucky=frozenset(filled))


def _typed(sheet: Sheet, i: int) -> Fill | None:
    box: Box = sheet.boxes[i]
    assert box.asked.target is not None
    inliner = _Inliner(sheet)
    try:
        text = inliner.text(box.asked.target.expression, {})
        parsed = parse_formula(text, list(callable_operations()))
    except (_NotTypedError, FormulaError):
        return None
    used = {part.operation for part in parsed.walk() if isinstance(part, Apply)}
    if not used - ELEMENTARY - {"stack", "item"}:
        return None
    texts = [f"{text}[{', '.join(map(str, at))}]" if at else text for at in indices(box.shape)]
    return Fill(tuple(texts), box.shape)


class _NotTypedError(ValueError):
    """A formula that can't be typed with numbers alone."""


class _Inliner:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.left = 400

    def text(self, e: Expression, at: Mapping[str, int]) -> str:
        """An expression with all quantities written out as numbers."""
        self.left -= 1
        if self.left < 0:
            raise _NotTypedError
        if isinstance(e, Number):
            return e.text or f"{e.value:.10g}"
        if isinstance(e, Name):
            return self._name(e, at)
        assert isinstance(e, Apply)
        return self._apply(e, at)

    def _name(self, e: Name, at: Mapping[str, int]) -> str:
        graph = self.sheet.graph
        if e.name in at and not e.index:
            return str(at[e.name])
        family = graph.families.get(e.name)
        index = tuple(part.at(at) for part in e.index)
        if family is None:
            raise _NotTypedError
        if len(index) < len(family.variables):
            inside = [k for k in family.instances if k[: len(index)] == index]
            following = dict.fromkeys(k[len(index)] for k in inside)
            fixed = tuple(Index(None, part) for part in index)
            parts = [self._name(Name(e.name, (*fixed, Index(None, k))), at) for k in following]
            return f"[{', '.join(parts)}]"
        rest = index[len(family.variables) :]
        index = index[: len(family.variables)]
        subscript = f"[{', '.join(map(str, rest))}]" if rest else ""
        key = (e.name, index)
        if family.kind == "given" or family.expression is None or index in family.extra:
            node = graph.ids.get(key)
            value = None if node is None else graph.value(node)
            if value is None or self.sheet.assignment.file.symbols:
                if e.name not in self.sheet.given:
                    raise _NotTypedError
                value = self.sheet.given[e.name]
            return _literal(np.asarray(value)) + subscript
        bindings = dict(zip(family.variables, index, strict=True))
        return f"({self.text(family.expression, bindings)}){subscript}"

    def _apply(  # noqa: PLR0911 - one return a notation
        self, e: Apply, at: Mapping[str, int]
    ) -> str:
        if e.operation == "grad":
            raise _NotTypedError
        if e.operation in ("sum", "mean") and len(e.args) > 1:
            variable = e.args[1]
            if not isinstance(variable, Name):
                raise _NotTypedError
            run = self.sheet.assignment.reference.ranges.get(variable.name)
            if run is None:
                raise _NotTypedError
            terms = [self.text(e.args[0], {**at, variable.name: k}) for k in run]
            total = f"({' + '.join(terms)})"
            return total if e.operation == "sum" else f"({total} / {len(terms)})"
        args = [self.text(arg, at) for arg in e.args]
        if e.operation == "add":
            signs = signs_of(e.params)
            parts = [f"{'-' if s < 0 else '+'} {a}" for s, a in zip(signs, args, strict=True)]
            return f"({' '.join(parts).removeprefix('+ ')})"
        infix = {"multiply": "*", "divide": "/", "power": "**", "matmul": "@"}.get(e.operation)
        if infix:
            return f"({f' {infix} '.join(args)})"
        if e.operation == "negate":
            return f"(-{args[0]})"
        if e.operation == "transpose":
            return f"({args[0]}).T"
        if e.operation == "stack":
            return f"[{', '.join(args)}]"
        if e.operation == "item":
            index = e.params["index"]
            assert isinstance(index, tuple)
            parts = [str(p.at(at)) if isinstance(p, Index) else str(p) for p in index]
            return f"({args[0]})[{', '.join(parts)}]"
        params = [f"{k}={_param(v, at)}" for k, v in e.params.items()]
        return f"{e.operation}({', '.join([*args, *params])})"


def _param(value: object, at: Mapping[str, int]) -> str:
    if isinstance(value, tuple):
        parts = [str(p.at(at)) if isinstance(p, Index) else str(p) for p in value]
        return f"({', '.join(parts)})"
    return str(value)


def _literal(value: Array) -> str:
    if value.ndim == 0:
        return f"{float(value):.10g}" if value >= 0 else f"({float(value):.10g})"
    return f"[{', '.join(_literal(part) for part in value)}]"


FORMULA_STRATEGIES: Mapping[str, Strategy] = {
    "undefined": undefined,
    "circular": circular,
    "leaves": leaves,
    "orders": orders,
    "typed operations": typed,
}
