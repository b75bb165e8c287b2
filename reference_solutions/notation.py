"""How quantities and formulas are written for people: LaTeX for reports, plain text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reference_solutions.expression import Apply, Expression, Index, Name, Number
from reference_solutions.graph import Constant, Every, Family, Gather, Graph, Input, Ref, Rule
from reference_solutions.operations import operations

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
    """Writes the quantities and rules of one graph."""

    def __init__(self, families: Mapping[str, Family]) -> None:
        self.families = families

    def latex(self, expression: Expression, outer: int = 0) -> str:
        """An expression as LaTeX, in parentheses where it binds less tightly than ``outer``."""
        text, binds = self._expression(expression)
        return rf"\left({text}\right)" if binds < outer else text

    def _expression(self, node: Expression) -> tuple[str, int]:
        if isinstance(node, Number):
            return _number(node.value), _FENCED if node.value >= 0 else 15
        if isinstance(node, Name):
            return quantity_latex(node.name, node.index), _FENCED
        if isinstance(node, Apply):
            parts = [
                (self._expression(arg)[0], self._expression(arg)[1]) for arg in node.args
            ]
            return self._applied(node.operation, parts, dict(node.params))
        leaf = getattr(node, "input", None)
        if isinstance(leaf, Ref | Constant):
            return self._input(leaf)
        return r"\ldots", _FENCED

    def _applied(
        self, name: str, parts: Sequence[tuple[str, int]], params: Mapping[str, object]
    ) -> tuple[str, int]:
        operation = operations()[name] if name in operations() else None
        binds = operation.binds if operation else _FENCED
        if name == "add":
            signs = params["signs"]
            assert isinstance(signs, tuple)
            text = ""
            for (part, inner), sign in zip(parts, signs, strict=True):
                shown = rf"\left({part}\right)" if sign < 0 and inner <= 10 else part
                text += ("-" if sign < 0 else "+" if text else "") + shown
            return text, binds
        if name == "accumulate":
            return "+".join(part for part, _ in parts) or "0", binds
        if name in ("multiply", "matmul"):
            fenced = [_fence(part, inner, 20) for part, inner in parts]
            return (r" \odot " if name == "multiply" and len(parts) > 1 else r"\,").join(fenced), binds
        if name == "stack":
            inside = r" \\ ".join(part for part, _ in parts)
            return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}", _FENCED
        if name == "concat":
            return rf"[{'; '.join(part for part, _ in parts)}]", _FENCED
        if name == "item":
            index = params.get("index", ())
            assert isinstance(index, tuple)
            return f"{_fence(parts[0][0], parts[0][1], 90)}[{', '.join(map(str, index))}]", _FENCED
        if name == "power":
            return f"{_fence(*parts[0], 50)}^{{{parts[1][0]}}}", binds
        if operation is None or not operation.latex:
            return rf"\operatorname{{{name.replace('_', ' ')}}}({', '.join(p for p, _ in parts)})", _FENCED
        fenced = [_fence(part, inner, binds) if binds < 90 else part for part, inner in parts]
        return operation.latex.format(*fenced), binds

    def _input(self, item: Input) -> tuple[str, int]:
        if isinstance(item, Constant):
            return _number(item.value), _FENCED if item.value >= 0 else 15
        family = self.families.get(item.family)
        if isinstance(item, Ref):
            inline = family is not None and family.kind in ("part", "backward", "variant")
            inline = inline or (family is not None and family.kind == "given" and "#" in item.family)
            if inline and family is not None and family.rule is not None:
                return self.rule(family.rule)
            if family is not None and family.kind == "adjoint" and "#" in family.of:
                return rf"\delta_{{{_safe(self.of_text(family.of))}}}", _FENCED
            return quantity_latex(item.family, item.index), _FENCED
        if isinstance(item, Every):
            variables = family.variables if family else ()
            return quantity_latex(item.family, variables), _FENCED
        assert isinstance(item, Gather)
        if family is not None and family.rule is not None:
            text, binds = self.rule(family.rule)
            return text, binds
        return r"\ldots", _FENCED

    def rule(self, rule: Rule) -> tuple[str, int]:
        """The right-hand side of a rule, with the parts of its formula written out."""
        return self._applied(
            rule.operation.name, [self._input(item) for item in rule.inputs], rule.params
        )

    def operands(self, rule: Rule) -> list[str]:
        """The operands of a rule as LaTeX, fenced where a template may need it."""
        return [self._input(item)[0] for item in rule.inputs]

    def of_text(self, name: str, index: Sequence[Index | int | str] | None = None) -> str:
        """A quantity in plain words: ``h[t]``, ``dL/dh[t]``, ``V @ h[t]``, ``the argument of tanh``."""
        family = self.families.get(name)
        if family is None:
            return name
        if index is None:
            index = family.variables
        suffix = f"[{', '.join(str(part) for part in index)}]" if index else ""
        if family.kind in ("given", "step"):
            return f"{name}{suffix}"
        if family.kind == "adjoint":
            return f"d{family.root}/d({self.of_text(family.of, index)})" if "#" in family.of else (
                f"d{family.root}/d{self.of_text(family.of, index)}"
            )
        if family.kind == "path":
            via = self.families[family.via]
            return f"the part of {self.of_text(f'grad({family.root}, {family.of})', None)} that comes back through {self.of_text(via.owner or via.name)}"
        if family.expression is not None:
            return source_text(family.expression)
        return family.owner or name


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


def _safe(text: str) -> str:
    return rf"\text{{{text}}}"


__all__ = ["Graph", "Notation", "name_latex", "quantity_latex", "source_text"]
