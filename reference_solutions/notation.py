"""How quantities and formulas are written for people: LaTeX for reports, plain text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reference_solutions.expression import Apply, Expression, Index, Name, Number
from reference_solutions.graph import Constant, Every, Family, Gather, Graph, Input, Ref, Rule
from reference_solutions.operations import callable_operations, operations

_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
}  # fmt: skip
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot"}
_GRADIENT = re.compile(r"grad\((?P<root>.+?), (?P<by>.+)\)\Z")
_FENCED = 100
"""How tightly something binds that needs no parentheses."""


def name_latex(name: str) -> str:
    """A quantity's name: ``yhat`` as a y with a hat, ``w_ix`` with a subscript, ``alpha`` as Greek."""
    head, _, subscript = name.partition("_")
    digits = re.fullmatch(r"([^\W\d]+)(\d+)", head)
    if digits and not subscript:
        head, subscript = digits.groups()
    shown = head
    for accent, command in _ACCENTS.items():
        if head.endswith(accent) and 0 < len(head) - len(accent) <= 2:
            shown = f"{command}{{{head[: -len(accent)]}}}"
            break
    else:
        if head in _GREEK:
            shown = f"\\{head}"
        elif len(head) > 1:
            shown = rf"\mathrm{{{head}}}"
    return f"{shown}_{{{subscript.replace('_', ', ')}}}" if subscript else shown


def quantity_latex(name: str, index: Sequence[Index | int | str]) -> str:
    """A quantity with its index: ``h[t-1]`` as h with subscript t-1, an adjoint as a fraction."""
    gradient = _GRADIENT.match(name)
    if gradient:
        root, by = gradient.group("root"), gradient.group("by")
        below = quantity_latex(by, index)
        return rf"\frac{{\partial {_written_latex(root)}}}{{\partial {below}}}"
    if "#" in name or "/" in name:
        return r"(\ldots)"
    if name.endswith("]") and not index:
        return _written_latex(name)
    base = name_latex(name)
    if not index:
        return base
    subscript = ", ".join(str(part) for part in index)
    return f"{{{base}}}_{{{subscript}}}" if "_" in base else f"{base}_{{{subscript}}}"


def _written_latex(text: str) -> str:
    name, _, rest = text.partition("[")
    return quantity_latex(name, rest.rstrip("]").split(", ") if rest else ())


class Notation:
    """Writes the quantities and rules of one graph.

    ``overrides`` replaces the right-hand side of some families, which shows a formula with a mistake
    in the place where it was made.
    """

    def __init__(
        self, families: Mapping[str, Family], overrides: Mapping[str, tuple[str, int]] | None = None
    ) -> None:
        self.families = families
        self.overrides = overrides or {}

    def equation(self, name: str, index: Sequence[Index | int | str] | None = None) -> str:
        """``h_t = tanh(...)``: a quantity of the sheet and its formula, parts written out."""
        family = self.families[name]
        bindings: dict[str, Index] = {}
        if index is not None:
            bindings = {
                variable: part if isinstance(part, Index) else Index(None, int(part))
                for variable, part in zip(family.variables, index, strict=True)
            }
        shown: Sequence[Index | int | str] = family.variables if index is None else index
        left = quantity_latex(name, shown)
        if family.kind == "adjoint" and "#" in family.of:
            at = tuple(part if isinstance(part, Index) else _index(part) for part in shown)
            left = self._error_signal(family, at)[0]
        return f"{left} = {self._right_side(family, bindings)[0]}"

    def latex(self, expression: Expression) -> str:
        """An expression as LaTeX."""
        return self._expression(expression)[0]

    def _expression(self, node: Expression) -> tuple[str, int]:
        if isinstance(node, Number):
            return _number(node.value), _FENCED if node.value >= 0 else 15
        if isinstance(node, Name):
            return quantity_latex(node.name, node.index), _FENCED
        if isinstance(node, Apply):
            parts = [self._expression(arg) for arg in node.args]
            return self._applied(node.operation, parts, node.params)
        return r"\ldots", _FENCED

    def _applied(
        self, name: str, parts: Sequence[tuple[str, int]], params: Mapping[str, object]
    ) -> tuple[str, int]:
        operation = operations().get(name) or callable_operations().get(name)
        binds = operation.binds if operation else _FENCED
        if name == "add":
            return _sum_latex(parts, params["signs"]), binds
        if name == "accumulate":
            return "+".join(part for part, _ in parts) or "0", binds if len(parts) > 1 else 12
        if name in ("multiply", "matmul"):
            fenced = [_fence(part, inner, 20) for part, inner in parts]
            return (r" \odot " if name == "multiply" else r"\,").join(fenced), binds
        if name == "stack":
            inside = r" \\ ".join(part for part, _ in parts)
            return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}", _FENCED
        if name == "concat":
            return rf"[{'; '.join(part for part, _ in parts)}]", _FENCED
        if name == "item":
            index = params.get("index", ())
            assert isinstance(index, tuple)
            return f"{_fence(*parts[0], 90)}[{', '.join(map(str, index))}]", _FENCED
        if name == "power":
            return f"{_fence(*parts[0], 50)}^{{{parts[1][0]}}}", binds
        if operation is None or not operation.latex:
            shown = name.replace("_", " ")
            return rf"\operatorname{{{shown}}}({', '.join(part for part, _ in parts)})", _FENCED
        fenced = [_fence(part, inner, binds) if binds < 90 else part for part, inner in parts]
        return operation.latex.format(*fenced), binds

    def _right_side(self, family: Family, bindings: Mapping[str, Index]) -> tuple[str, int]:
        if family.name in self.overrides:
            return self.overrides[family.name]
        if family.rule is None:
            return quantity_latex(family.name, family.variables), _FENCED
        return self.rule(family.rule, bindings)

    def rule(self, rule: Rule, bindings: Mapping[str, Index] | None = None) -> tuple[str, int]:
        """The right-hand side of a rule, with the parts of its formula written out."""
        bindings = bindings or {}
        if rule.operation.name == "item" and isinstance(rule.inputs[0], Ref):
            family = self.families.get(rule.inputs[0].family)
            if family is not None and family.kind == "adjoint":
                return self.input(rule.inputs[0], bindings)
        return self._applied(
            rule.operation.name, [self.input(item, bindings) for item in rule.inputs], rule.params
        )

    def input(self, item: Input, bindings: Mapping[str, Index] | None = None) -> tuple[str, int]:
        """One operand of a rule as LaTeX, with how tightly it binds."""
        bindings = bindings or {}
        if isinstance(item, Constant):
            return _number(item.value), _FENCED if item.value >= 0 else 15
        family = self.families.get(item.family)
        if family is None:
            return r"\ldots", _FENCED
        if isinstance(item, Every):
            return quantity_latex(item.family, family.variables), _FENCED
        if isinstance(item, Gather):
            return self._gathered(item, family)
        index = tuple(_substitute(part, bindings) for part in item.index)
        if family.kind in ("part", "backward", "variant") and family.rule is not None:
            return self._right_side(family, dict(zip(family.variables, index, strict=True)))
        if family.kind == "adjoint" and "#" in family.of:
            return self._error_signal(family, index)
        return quantity_latex(item.family, index), _FENCED

    def _gathered(self, item: Gather, family: Family) -> tuple[str, int]:
        """What consumers hand back, in terms of the index that receives it."""
        bindings: dict[str, Index] = {}
        for variable, pattern in zip(family.variables, item.pattern, strict=False):
            if pattern.variable is not None:
                bindings[pattern.variable] = Index(
                    variable if pattern.variable == variable else pattern.variable,
                    -pattern.scale * pattern.offset,
                    pattern.scale,
                )
        text, binds = self._right_side(family, bindings)
        summed = [v for v in family.variables if v not in bindings]
        if summed and len(family.instances) > 1:
            return rf"\sum_{{{', '.join(summed)}}} {_fence(text, binds, 15)}", 12
        return text, binds

    def _error_signal(self, adjoint: Family, index: Sequence[Index]) -> tuple[str, int]:
        """The adjoint of a part of a formula: what it is a copy of, or a delta of its own."""
        rule = adjoint.rule
        if rule is not None and len(rule.inputs) == 1 and isinstance(rule.inputs[0], Gather):
            gather = rule.inputs[0]
            path = self.families[gather.family]
            if (
                path.rule is not None
                and path.name not in self.overrides
                and path.rule.operation.name == "identity"
                and isinstance(path.rule.inputs[0], Ref)
                and [p.variable for p in gather.pattern] == list(path.variables)
            ):
                source = path.rule.inputs[0]
                return self.input(Ref(source.family, tuple(index)))
        owner = self.families.get(self.families[adjoint.of].owner)
        if owner is not None and owner.rule is not None:
            first = owner.rule.inputs[0] if owner.rule.inputs else None
            if isinstance(first, Ref) and first.family == adjoint.of and len(owner.rule.inputs) == 1:
                return rf"\delta^{{{name_latex(owner.name)}}}" + (
                    f"_{{{', '.join(map(str, index))}}}" if index else ""
                ), _FENCED
        below = self.families[adjoint.of]
        text, _ = self._right_side(below, dict(zip(below.variables, index, strict=False)))
        return rf"\frac{{\partial {_written_latex(adjoint.root)}}}{{\partial ({text})}}", _FENCED

    # --- plain words --------------------------------------------------------------------------

    def words(self, name: str, index: Sequence[Index | int | str] | None = None) -> str:
        """A quantity in plain words: ``h[t]``, ``dL/dh[t]``, ``W @ h[t-1]``."""
        family = self.families.get(name)
        if family is None:
            return name
        if index is None:
            index = family.variables
        suffix = f"[{', '.join(str(part) for part in index)}]" if index else ""
        if family.kind == "given" or (family.kind == "step" and "/" not in name):
            return f"{name}{suffix}"
        if family.kind == "adjoint":
            inner = self.words(family.of, index)
            return f"d{family.root}/d{inner if '#' not in family.of else f'({inner})'}"
        if family.kind == "path":
            return f"what comes back through {self.words(self._named(family.via), index)}"
        if family.expression is not None:
            return source_text(family.expression)
        return family.owner or name

    def _named(self, name: str) -> str:
        """The quantity of the sheet that a family belongs to."""
        family = self.families[name]
        return family.owner if family.owner in self.families else name

    def operand_words(self, item: Input) -> str:
        """One operand of a rule in plain words."""
        if isinstance(item, Constant):
            return _number(item.value)
        if isinstance(item, Every):
            return item.family
        family = self.families[item.family]
        if isinstance(item, Gather):
            index: list[str] = list(family.variables)
            for position, part in enumerate(item.pattern):
                if part.variable in index and len(item.pattern) == len(index):
                    shift = Index(part.variable, -part.scale * part.offset, part.scale)
                    index[position] = str(shift)
            return f"what comes back through {self.words(self._named(family.via), index)}"
        if family.kind in ("given", "step", "adjoint"):
            return self.words(item.family, item.index)
        return self.words(item.family)

    def where(self, family: Family, index: Sequence[Index | int | str] | None = None) -> str:
        """The quantity of the sheet in whose formula ``family`` stands."""
        owner = self.families.get(family.owner, family)
        if owner.kind == "adjoint" and "#" in owner.of:
            step = self.families[owner.of].owner
            shown = index if index is not None and len(index) == len(owner.variables) else None
            inner = self.words(step, shown if shown is not None else owner.variables)
            return f"d{owner.root}/d(argument of {inner})"
        shown = index if index is not None and len(index) == len(owner.variables) else None
        if owner.kind == "step" and "/" in owner.name:
            return owner.name.split("/", 1)[1]
        return self.words(owner.name, shown)


def _index(part: int | str) -> Index:
    return Index(None, part) if isinstance(part, int) else Index(part)


def _substitute(index: Index, bindings: Mapping[str, Index]) -> Index:
    if index.variable is None or index.variable not in bindings:
        return index
    inner = bindings[index.variable]
    return Index(
        inner.variable, index.scale * inner.offset + index.offset, index.scale * inner.scale
    )


def _sum_latex(parts: Sequence[tuple[str, int]], signs: object) -> str:
    assert isinstance(signs, tuple)
    text = ""
    for (part, inner), sign in zip(parts, signs, strict=True):
        shown = rf"\left({part}\right)" if sign < 0 and inner <= 10 else part
        text += ("-" if sign < 0 else "+" if text else "") + shown
    return text


def source_text(expression: Expression) -> str:
    """An expression in the formula language."""
    return _source(expression)[0]


def _source(node: Expression) -> tuple[str, int]:
    if isinstance(node, Number):
        return node.text or _number(node.value), _FENCED
    if isinstance(node, Name):
        return node.name + (f"[{', '.join(map(str, node.index))}]" if node.index else ""), _FENCED
    leaf = getattr(node, "input", None)
    if isinstance(leaf, Ref):
        return leaf.family + (f"[{', '.join(map(str, leaf.index))}]" if leaf.index else ""), _FENCED
    if isinstance(leaf, Constant):
        return _number(leaf.value), _FENCED
    if not isinstance(node, Apply):
        return "…", _FENCED
    parts = [_source(arg) for arg in node.args]
    binds = operations()[node.operation].binds if node.operation in operations() else _FENCED
    if node.operation == "add":
        signs = node.params["signs"]
        assert isinstance(signs, tuple)
        text = ""
        for (part, inner), sign in zip(parts, signs, strict=True):
            shown = f"({part})" if sign == -1 and inner <= 10 else part
            text += (" - " if sign == -1 else " + ") + shown if text else shown
        return text, 10
    symbol = {"multiply": " * ", "matmul": " @ ", "divide": " / ", "power": "**"}.get(node.operation)
    if symbol is not None:
        level = {"power": 40, "divide": 20}.get(node.operation, 20)
        fenced = [
            f"({part})" if inner < level or (i > 0 and inner <= level and node.operation != "multiply") else part
            for i, (part, inner) in enumerate(parts)
        ]
        return symbol.join(fenced), level
    if node.operation == "negate":
        return f"-{parts[0][0] if parts[0][1] > 15 else f'({parts[0][0]})'}", 15
    if node.operation == "transpose":
        return f"{parts[0][0] if parts[0][1] > 50 else f'({parts[0][0]})'}.T", _FENCED
    if node.operation == "pick":
        return f"{parts[0][0]}[{parts[1][0]}]", _FENCED
    if node.operation == "item":
        index = node.params.get("index", ())
        assert isinstance(index, tuple)
        return f"{parts[0][0] if parts[0][1] > 90 else f'({parts[0][0]})'}[{', '.join(map(str, index))}]", _FENCED
    if node.operation == "stack":
        return f"[{', '.join(part for part, _ in parts)}]", _FENCED
    return f"{node.operation}({', '.join(part for part, _ in parts)})", min(binds, _FENCED) if binds >= 90 else _FENCED


def _fence(text: str, inner: int, outer: int) -> str:
    return rf"\left({text}\right)" if inner < outer else text


def _number(value: float) -> str:
    return f"{value:g}"


__all__ = ["Graph", "Notation", "name_latex", "quantity_latex", "source_text"]
