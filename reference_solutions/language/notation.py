"""How quantities and formulas are written for people: LaTeX for reports, plain text for a terminal.

Families of parts and of the backward pass have names of their own (``h#1``); people never see them.
Such a family is shown by what the sheet writes there, or by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from string import Formatter
from typing import TypeAlias

from reference_solutions.graph import Constant, Every, Family, Gather, Graph, Input, Ref, Rule
from reference_solutions.language.expression import Apply, Expression, Index, Name, Number
from reference_solutions.language.formula import FormulaError, parse_formula
from reference_solutions.operations import callable_operations, operation_called, operations

At: TypeAlias = Sequence[Index | int | str]
"""The index of a quantity, for showing."""

Bindings: TypeAlias = Mapping[str, Index]

_GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
    "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
}  # fmt: skip
_ACCENTS = {"hat": r"\hat", "bar": r"\bar", "tilde": r"\tilde", "dot": r"\dot"}
_PLAIN = re.compile(r"[^\W\d]\w*(?:\[[^\]]*\])?\Z")
_WORD = re.compile(r"[^\W\d_]{3,}")
_ONES = ("1", "-1")
_DIGITS = re.compile(r"-?[\d.]+")
_OPENING = ("(", "{", ", ", "|")
_CLOSING = (")", "}", ", ", r"\right)", "|")
_ONE_IN_PARENTHESES = re.compile(
    r"\\left\(((?:[A-Za-z]|\\[a-z]+|\\(?:hat|bar|mathrm)\{\w+\}|\\delta\^\{(?:[^{}]|\{[^{}]*\})+\})"
    r"(?:_\{[^{}]*\})?)\\right\)(?=\^)"
)
_FENCED = 100
"""How tightly something binds that needs no parentheses."""
_SIGNED = 15
_LITERAL = 95


def name_latex(name: str) -> str:
    """Return a name: ``yhat``, ``y_hat`` with a hat, ``w_ix`` with a subscript, Greek letters."""
    head, *below = [part for part in name.split("_") if part] or [""]
    if below and below[-1] in _ACCENTS and (len(head) <= 2 or head in _GREEK):
        accented = f"{_ACCENTS[below[-1]]}{{{name_latex(head)}}}"
        return f"{accented}_{{{_below(below[:-1])}}}" if below[:-1] else accented
    digits = re.fullmatch(r"([^\W\d]+)(\d+)", head)
    if digits and not below:
        head, below = digits.group(1), [digits.group(2)]
    shown = head
    for accent, command in _ACCENTS.items():
        if head.endswith(accent) and 0 < len(head) - len(accent) <= 2:
            shown = f"{command}{{{head[: -len(accent)]}}}"
            break
    else:
        if head in _GREEK:
            shown = f"\\{head}"
        elif len(head) != 1:
            shown = rf"\mathrm{{{head}}}"
    return f"{shown}_{{{_below(below)}}}" if below else shown


def _below(parts: Sequence[str]) -> str:
    """Return a subscript: letters of an index in italics, a word upright."""
    shown = (
        f"\\{part}" if part in _GREEK else rf"\mathrm{{{part}}}" if _WORD.fullmatch(part) else part
        for part in parts
    )
    return ", ".join(shown)


def quantity_latex(name: str, index: At) -> str:
    """Return a quantity of the sheet with its index: ``h[t-1]`` as h with subscript t-1."""
    if not _PLAIN.match(name):
        return r"(\ldots)"
    base = name_latex(name)
    if not index:
        return base
    subscript = ", ".join(str(part) for part in index)
    return f"{{{base}}}_{{{subscript}}}" if "_" in base else f"{base}_{{{subscript}}}"


class Notation:
    """Writes the quantities and rules of one graph.

    ``overrides`` replaces the right-hand side of some families, which shows a formula with a
    mistake in the place where it was made. ``is_scalar`` says which families are single numbers:
    their products are written without a sign. Where it isn't given, every product is taken to be
    one of arrays.
    """

    def __init__(
        self,
        families: Mapping[str, Family],
        overrides: Mapping[str, tuple[str, int]] | None = None,
        is_scalar: Callable[[str], bool] | None = None,
    ) -> None:
        self.families = families
        self.overrides = overrides or {}
        self._is_scalar = is_scalar or (lambda _name: False)
        self._expands = False

    def derived(self, name: str, index: At = ()) -> str:
        """Return what a quantity is, alone, with what derivation put in between written out.

        A gradient of an indexed quantity of the sheet stays as it is: the recurrence goes through
        it.
        """
        whole = Notation(self.families, self.overrides, self._is_scalar)
        whole._expands = True
        family = self.families[name]
        return whole._right_side(family, _bind(family.variables, index))[0]

    def formula_words(self, name: str, index: At = ()) -> str:
        """Return the formula of a step in plain words; nothing for what is derived."""
        family = self.families[name]
        if family.kind != "step" or family.expression is None:
            return ""
        bindings = _bind(family.variables, index)
        return _source(family.expression, lambda ref: self._reference_words(ref, bindings))[0]

    def equation(self, name: str, index: At | None = None) -> str:
        """Return ``h_t = tanh(...)``: a quantity of the sheet and its formula, parts written out.

        An answer's own formula has no name, so it stands alone.
        """
        family = self.families[name]
        at: At = family.variables if index is None else index
        right = self._right_side(family, _bind(family.variables, at))[0]
        if family.kind == "given" and family.rule is None:
            return right
        if family.kind == "step" and not family.is_named:
            return right
        left = self._quantity(name, at)[0]
        if family.kind == "adjoint" and (left == right or self._stacked(family.of) is not None):
            left = self._derivative(family, at)
        return f"{left} = {right}"

    def _derivative(self, adjoint: Family, at: At) -> str:
        """Return an adjoint as a quotient, whatever name it could be given."""
        below = self.families[adjoint.of]
        stacked = self._stacked(below.name)
        if stacked is not None:
            shown, binds = self.input(stacked)
        else:
            shown, binds = self._right_side(below, _bind(below.variables, at))
        shown = _fence(shown, binds, _FENCED)
        return rf"\frac{{\partial {self._root(adjoint.root)}}}{{\partial {shown}}}"

    def latex(self, expression: Expression) -> str:
        """Return an expression as LaTeX."""
        return self._expression(expression)[0]

    def _expression(self, node: Expression) -> tuple[str, int]:
        if isinstance(node, Number):
            return _number_latex(node.value)
        if isinstance(node, Name):
            return self._quantity(node.name, node.index)
        if isinstance(node, Apply):
            parts = [self._expression(arg) for arg in node.args]
            scalars = [self._is_number(arg) for arg in node.args]
            if node.operation == "grad" and len(parts) == 2:
                root = _fence(*parts[0], _FENCED)
                return rf"\frac{{\partial {root}}}{{\partial {parts[1][0]}}}", _FENCED
            if node.operation in ("sum", "mean") and len(parts) > 1:
                return self._summed(node.operation, [p for p, _ in parts[1:]], parts[0])
            return self._applied(node.operation, parts, node.params, scalars)
        return r"\ldots", _FENCED

    def _is_number(self, node: Expression) -> bool:
        """Whether an expression is known to be a single number."""
        if isinstance(node, Number):
            return True
        if isinstance(node, Name):
            family = self.families.get(node.name)
            whole = family is not None and len(node.index) >= len(family.variables)
            return whole and self._is_scalar(node.name)
        return isinstance(node, Apply) and all(map(self._is_number, node.args))

    def _one_number(self, item: Input) -> bool:
        """Whether an operand is known to be a single number."""
        if isinstance(item, Constant):
            return True
        return not isinstance(item, Every) and self._is_scalar(item.family)

    def _quantity(self, name: str, at: At) -> tuple[str, int]:
        """Any family at an index, as what a person would call it."""
        family = self.families.get(name)
        if family is None:
            return quantity_latex(name, at), _FENCED
        bindings = _bind(family.variables, at)
        if family.kind == "adjoint":
            return self._adjoint(family, at)
        if family.rows_of:
            return self._quantity(family.rows_of, at)
        if family.is_index:
            return str(at[0]), _FENCED if len(str(at[0])) == 1 else 10
        if family.is_named:
            return quantity_latex(*_as_written(family, at)), _FENCED
        return self._right_side(family, bindings)

    def _adjoint(self, family: Family, at: At) -> tuple[str, int]:
        below = self.families[family.of]
        if self.words(family.of, at) == family.root:
            return "1", _FENCED
        recurrent = below.kind in ("given", "step") and below.variables
        if self._expands and family.rule is not None and not recurrent:
            return self._right_side(family, _bind(family.variables, at))
        if below.kind in ("part", "backward", "variant", "path"):
            return self._error_signal(family, at)
        shown, binds = self._quantity(family.of, at)
        if below.kind == "adjoint" and binds < _FENCED:
            shown = rf"\left({shown}\right)"
        return rf"\frac{{\partial {self._root(family.root)}}}{{\partial {shown}}}", _FENCED

    def _root(self, text: str) -> str:
        try:
            expression = parse_formula(text, [*callable_operations(), "grad"], self._variables)
        except FormulaError:
            return r"(\ldots)"
        return _fence(*self._expression(expression), _FENCED)

    @cached_property
    def _variables(self) -> set[str]:
        return {variable for family in self.families.values() for variable in family.variables}

    def _summed(
        self, operation: str, over: Sequence[str], body: tuple[str, int]
    ) -> tuple[str, int]:
        below = f"_{{{', '.join(over)}}}" if over else ""
        if operation == "mean":
            return rf"\operatorname{{mean}}{below}({body[0]})", _FENCED
        return rf"\sum{below} {_fence(*body, _SIGNED)}", operations()["sum"].binds

    def _applied(  # noqa: PLR0911, PLR0912 - one return for each form of writing
        self,
        name: str,
        parts: Sequence[tuple[str, int]],
        params: Mapping[str, object],
        scalars: Sequence[bool] = (),
    ) -> tuple[str, int]:
        operation = operation_called(name)
        binds = operation.binds if operation else _FENCED
        if name == "add":
            if len(parts) == 1 and params["signs"] == (1,):
                return parts[0]
            return _sum_latex(parts, params["signs"]), binds
        if name == "accumulate":
            if len(parts) < 2:
                return parts[0] if parts else ("0", _FENCED)
            joined = "".join(p if p.startswith("-") else f"+{p}" for p, _ in parts)
            return joined.removeprefix("+"), binds
        if name == "multiply":
            return _product_latex(parts, scalars, binds)
        if name == "matmul":
            fenced = [_fence(part, inner, 20 + (i > 0)) for i, (part, inner) in enumerate(parts)]
            return r"\,".join(fenced), binds
        if name == "stack":
            if all(_DIGITS.fullmatch(part) for part, _ in parts):
                return f"({', '.join(part for part, _ in parts)})", _FENCED
            inside = r" \\ ".join(part for part, _ in parts)
            return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}", _FENCED
        if name == "concat":
            return rf"[{'; '.join(part for part, _ in parts)}]", _FENCED
        if name == "item":
            return f"{_fence(*parts[0], 90)}[{_entries(params)}]", _FENCED
        if name == "power":
            return f"{_base(_fence(*parts[0], 50))}^{{{parts[1][0]}}}", binds
        if name == "transpose":
            return rf"{_base(_fence(*parts[0], 50))}^{{\top}}", binds
        if name == "outer":
            column, row = _fence(*parts[0], 20), _base(_fence(*parts[1], 50))
            return rf"{column}\,{row}^{{\top}}", binds
        if name == "one_hot" and params.get("shift"):
            parts = [(f"{_fence(*parts[0], 10)}{params['shift']:+d}", 10)]
        if operation is not None and operation.transparent:
            return parts[0]
        if name == "section":
            start, length = params.get("start"), params.get("length")
            if isinstance(start, int) and isinstance(length, int):
                return f"{_base(_fence(*parts[0], 50))}_{{{start}:{start + length - 1}}}", _FENCED
        if operation is None or not operation.latex:
            # \operatorname loses the blank between words, and an underscore is no word.
            shown = name.replace("_", " ")
            command = "text" if " " in shown else "operatorname"
            return rf"\{command}{{{shown}}}({', '.join(part for part, _ in parts)})", _FENCED
        fenced = [_fence(part, inner, binds) if binds < 90 else part for part, inner in parts]
        return operation.latex.format(*fenced), binds

    def _right_side(self, family: Family, bindings: Bindings) -> tuple[str, int]:
        if family.name in self.overrides:
            return self.overrides[family.name]
        if family.rule is None:
            at = tuple(bindings.get(variable, variable) for variable in family.variables)
            return quantity_latex(*_as_written(family, at)), _FENCED
        return self.rule(family.rule, bindings)

    def rule(self, rule: Rule, bindings: Bindings | None = None) -> tuple[str, int]:
        """Return the right-hand side of a rule as LaTeX, and how tightly it binds.

        The parts of its formula are written out; ``bindings`` are put in place of the variables.
        """
        bindings = bindings or {}
        name = rule.operation.name
        first = rule.inputs[0] if rule.inputs else None
        if isinstance(first, Ref) and first.family in self.families:
            taken = self.families[first.family]
            if name == "item" and taken.kind == "adjoint" and self._stacked(taken.of) is not None:
                return self.input(first, bindings)
            stacked = self._stacked(first.family)
            if name in ("sum", "mean") and rule.params.get("axis") is not None and stacked:
                source = self.families[stacked.family]
                fixed = {p.variable for p in getattr(stacked, "pattern", ())}
                over = [variable for variable in source.variables if variable not in fixed]
                inner = _bind(
                    taken.variables, tuple(_substitute(part, bindings) for part in first.index)
                )
                return self._summed(name, over, self.input(stacked, inner))
        if name == "stack" and isinstance(first, Every | Gather):
            return self.input(first, bindings)
        inputs = [item for item in rule.inputs if not self._vanishes(item, bindings)]
        if name != "accumulate" or not inputs:
            inputs = list(rule.inputs)
        scalars = [self._one_number(item) for item in inputs]
        parts = [self.input(item, bindings) for item in inputs]
        return self._applied(name, parts, rule.params, scalars)

    def _stacked(self, name: str) -> Every | Gather | None:
        """Return what a family stacks, if that is all it does."""
        family = self.families.get(name)
        rule = family.rule if family is not None else None
        if family is None or rule is None or rule.operation.name != "stack" or family.rows_of:
            return None
        first = rule.inputs[0]
        return first if isinstance(first, Every | Gather) else None

    def input(  # noqa: PLR0911 - one return for each kind of operand
        self, item: Input, bindings: Bindings | None = None
    ) -> tuple[str, int]:
        """Return one operand of a rule as LaTeX, and how tightly it binds."""
        bindings = bindings or {}
        if isinstance(item, Constant):
            return _number_latex(item.value)
        family = self.families.get(item.family)
        if family is None:
            return r"\ldots", _FENCED
        if isinstance(item, Every):
            return self._quantity(item.family, family.variables)
        if isinstance(item, Gather):
            if family.kind not in ("path", "variant"):
                own = tuple(bindings.get(variable, variable) for variable in family.variables)
                return self._quantity(item.family, own)
            return self._gathered(item, family, bindings)
        index = tuple(_substitute(part, bindings) for part in item.index)
        whole = self._stacked(item.family)
        if (
            isinstance(whole, Every)
            and item.family not in self.overrides
            and self.families[whole.family].kind in ("given", "step", "adjoint")
        ):
            return self._whole(whole.family)
        return self._quantity(item.family, index)

    def _whole(self, name: str) -> tuple[str, int]:
        """Return an indexed quantity taken whole: shown without its index."""
        family = self.families[name]
        if family.kind == "adjoint" and self.families[family.of].is_named:
            below = name_latex(family.of)
            return rf"\frac{{\partial {self._root(family.root)}}}{{\partial {below}}}", _FENCED
        return name_latex(name) if family.is_named else r"\ldots", _FENCED

    def _received(self, item: Gather, path: Family, bindings: Bindings) -> dict[str, Index]:
        """Return the variables of a path, as far as the index that receives it settles them."""
        receiver = self.families[path.of].variables if path.of in self.families else ()
        found: dict[str, Index] = {}
        for variable, part in zip(receiver, item.pattern, strict=False):
            if part.variable is not None:
                back = Index(variable, -part.scale * part.offset, part.scale)
                found[part.variable] = _substitute(back, bindings)
        return found

    def _vanishes(self, item: Input, bindings: Bindings) -> bool:
        """Whether a path hands nothing back to the one index that ``bindings`` speak of."""
        if not isinstance(item, Gather):
            return False
        path = self.families[item.family]
        receiver = self.families[path.of].variables if path.of in self.families else ()
        for variable, part in zip(receiver, item.pattern, strict=False):
            at = bindings.get(variable)
            settled_at = None if at is None or at.variable is not None else at.offset
            if part.variable is None and settled_at not in (None, part.offset):
                return True
        settled = self._received(item, path, bindings)
        at_path = tuple(settled.get(variable) for variable in path.variables)
        if any(index is None or index.variable is not None for index in at_path):
            return False
        return tuple(i.offset for i in at_path if i is not None) not in path.instances

    def _gathered(self, item: Gather, path: Family, bindings: Bindings) -> tuple[str, int]:
        """Return what consumers hand back, in terms of the index that receives it."""
        settled = self._received(item, path, bindings)
        text, binds = self._right_side(path, settled)
        over = [variable for variable in path.variables if variable not in settled]
        if over and len(path.instances) > 1:
            text, binds = rf"\sum_{{{', '.join(over)}}} {_fence(text, binds, _SIGNED)}", 12
        receiver = self.families[path.of].variables if path.of in self.families else ()
        only = [
            f"{bindings.get(variable, variable)} = {part.offset}"
            for variable, part in zip(receiver, item.pattern, strict=False)
            if part.variable is None and getattr(bindings.get(variable), "variable", "") is not None
        ]
        if only:
            # A reference to one instance, h[2], hands back to that instance alone.
            return rf"{_fence(text, binds, 20)}\,[{', '.join(only)}]", 20
        return text, binds

    def _alias(self, adjoint: Family, at: At) -> Ref | None:
        """Return the adjoint that the adjoint of a part is only a copy of, if it is."""
        rule = adjoint.rule
        if rule is None or len(rule.inputs) != 1 or not isinstance(rule.inputs[0], Gather):
            return None
        gather = rule.inputs[0]
        path = self.families[gather.family]
        if path.rule is None or path.name in self.overrides or not path.rule.inputs:
            return None
        source = path.rule.inputs[0]
        if path.rule.operation.name != "identity" or not isinstance(source, Ref):
            return None
        if any(part.variable is None for part in gather.pattern):
            return None
        settled = self._received(gather, path, _bind(adjoint.variables, at))
        if set(settled) != set(path.variables):
            return None
        return Ref(source.family, tuple(_substitute(part, settled) for part in source.index))

    def _is_argument(self, part: Family) -> Family | None:
        """Return the step whose function ``part`` is the only argument of."""
        owner = self.families.get(part.owner)
        if owner is None or owner.rule is None or owner.kind != "step" or not owner.is_named:
            return None
        own = tuple(Index(variable) for variable in owner.variables)
        return owner if owner.rule.inputs == (Ref(part.name, own),) else None

    def _error_signal(self, adjoint: Family, at: At) -> tuple[str, int]:
        """Return the adjoint of a part of a formula: what it is a copy of, or a delta."""
        alias = self._alias(adjoint, at)
        if alias is not None:
            return self.input(alias)
        part = self.families[adjoint.of]
        if self._stacked(part.name) is not None:
            return self._right_side(adjoint, _bind(adjoint.variables, at))
        owner = self._is_argument(part)
        if owner is not None:
            below = f"_{{{', '.join(map(str, at))}}}" if at else ""
            return rf"\delta^{{{name_latex(owner.name)}}}{below}", _FENCED
        text, _ = self._right_side(part, _bind(part.variables, at))
        return rf"\frac{{\partial {self._root(adjoint.root)}}}{{\partial \left({text}\right)}}", 100

    # --- plain words --------------------------------------------------------------------------

    def words(  # noqa: PLR0911 - one return for each kind of family
        self, name: str, index: At | None = None
    ) -> str:
        """Return a quantity in plain words: ``h[t]``, ``dL/dh[t]``, ``W @ h[t-1]``."""
        family = self.families.get(name)
        if family is None:
            return name
        at: At = family.variables if index is None else index
        bindings = _bind(family.variables, at)
        if family.kind == "adjoint":
            return self._adjoint_words(family, at)
        if family.rows_of:
            return self.words(family.rows_of, at)
        if family.is_index:
            return str(at[0])
        if family.is_named:
            name, at = _as_written(family, at)
            return f"{name}[{', '.join(map(str, at))}]" if at else name
        if family.kind in ("path", "variant") and family.via:
            return f"what comes back through {self._via(family, bindings)}"
        if family.expression is not None:
            return _source(family.expression, lambda ref: self._reference_words(ref, bindings))[0]
        stacked = self._stacked(name)
        if stacked is not None:
            return self.operand_words(stacked)
        owner = self.families.get(family.owner)
        return self.words(owner.name) if owner is not None and owner is not family else "…"

    def _reference_words(self, ref: Ref, bindings: Bindings) -> str:
        index = tuple(_substitute(part, bindings) for part in ref.index)
        family = self.families.get(ref.family)
        if family is None or (family.variables and not index):
            whole = family if family is not None and family.kind == "adjoint" else None
            return f"d{_root_words(whole.root)}/d{whole.of}" if whole else ref.family
        depth = len(family.variables)
        rest = f"[{', '.join(map(str, index[depth:]))}]" if len(index) > depth else ""
        if family.kind not in ("given", "step", "adjoint") and not family.rows_of:
            text = self.words(family.name, index[:depth])
            return f"({text}){rest}" if " " in text or rest else text
        if not rest or not index[:depth]:
            return self.words(family.name, index[:depth]) + rest
        return self.words(family.name, index[:depth])[:-1] + ", " + rest[1:]

    def _adjoint_words(self, family: Family, at: At) -> str:
        root = _root_words(family.root)
        below = self.families[family.of]
        if below.is_named:
            return f"d{root}/d{self.words(family.of, at)}"
        alias = self._alias(family, at)
        if alias is not None and self.families[family.of].kind in ("part", "backward"):
            return self.words(alias.family, alias.index)
        stacked = self._stacked(below.name)
        if stacked is not None:
            source = self.families[stacked.family]
            if source.kind == "part":
                return f"d{root}/d({self.words(stacked.family)})"
            return f"d{root}/d{self.words(stacked.family)}"
        owner = self._is_argument(below)
        if owner is not None:
            return f"d{root}/d(argument of {self.words(owner.name, at)})"
        return f"d{root}/d({self.words(family.of, at)})"

    def _via(self, path: Family, bindings: Bindings) -> str:
        """Return the quantity of the sheet that a path comes back from."""
        via = self.families[path.via]
        owner = self.families.get(via.owner, via)
        if via.rows_of:
            owner = via
        at = [bindings.get(variable, variable) for variable in owner.variables]
        if owner.is_answer:
            return owner.answer
        return self.words(owner.name, at)

    def operand_words(self, item: Input, bindings: Bindings | None = None) -> str:
        """Return one operand of a rule in plain words; ``bindings`` stand for the variables."""
        if isinstance(item, Constant):
            return _number(item.value)
        family = self.families[item.family]
        if isinstance(item, Every):
            if family.is_named:
                return item.family
            return self.words(item.family)
        if isinstance(item, Gather):
            if family.kind != "path":
                return self.words(item.family)
            settled = self._received(item, family, {})
            at = {variable: settled.get(variable, Index(variable)) for variable in family.variables}
            return f"what comes back through {self._via(family, at)}"
        return self.words(item.family, [_substitute(part, bindings or {}) for part in item.index])

    def where(self, family: Family, index: At | None = None) -> str:
        """Return the quantity of the sheet in whose formula ``family`` stands.

        With ``index`` it is the one instance of it that the instance of ``family`` belongs to.
        """
        owner = self.families.get(family.owner, family)
        if owner.is_answer:
            return owner.answer
        if index is None:
            return self._place_words(owner, owner.variables)
        bindings = _bind(family.variables, index)
        if owner.kind == "adjoint" and family.name != owner.name:
            return self._where_handed_back(family, owner, bindings)
        return self._place_words(owner, [bindings.get(v, v) for v in owner.variables])

    def _place_words(self, owner: Family, at: At) -> str:
        """Return a quantity as the place of a mistake: not by the name of what it is a copy of."""
        if owner.kind == "adjoint" and self._alias(owner, at) is not None:
            return f"d{_root_words(owner.root)}/d({self.words(owner.of, at)})"
        return self.words(owner.name, at)

    def _gathers(self, family: Family) -> tuple[Family, Gather] | None:
        """Return the path that ``family`` is part of, and what gathers it for its owner."""
        owner = self.families.get(family.owner, family)
        if owner.kind != "adjoint" or owner.rule is None:
            return None
        path = self.families[family.path_of or family.name]
        for item in owner.rule.inputs:
            if isinstance(item, Gather) and item.family == (path.variant_of or path.name):
                return path, item
        return None

    def seen_from_owner(self, family: Family) -> Bindings:
        """Return the variables of what is handed back, in terms of the index that receives it."""
        found = self._gathers(family)
        return {} if found is None else self._received(found[1], found[0], {})

    def _where_handed_back(self, family: Family, owner: Family, bindings: Bindings) -> str:
        """Name what a path ends at, which has another index than what it comes from."""
        found = self._gathers(family)
        if found is None:
            return self._place_words(owner, owner.variables)
        path, item = found
        at = tuple(_substitute(part, bindings) for part in item.pattern)
        shown = self._place_words(owner, at)
        settled = {part.variable for part in item.pattern}
        if all(variable in settled for variable in path.variables):
            return shown
        return f"{shown} (the part from {self._via(path, bindings)})"


def _as_written(family: Family, at: At) -> tuple[str, At]:
    """Return a quantity of the sheet as its name and its index: a start as what it starts."""
    if not family.is_start:
        return family.name, at
    bindings = _bind(family.variables, at)
    return family.start_of, [_substitute(part, bindings) for part in family.start]


def _root_words(root: str) -> str:
    return root if _PLAIN.match(root) else f"({root})"


def _bind(variables: Sequence[str], at: At) -> dict[str, Index]:
    shown = (part if isinstance(part, Index) else _index(part) for part in at)
    return dict(zip(variables, shown, strict=False))


def _index(part: int | str) -> Index:
    return Index(None, int(part)) if not isinstance(part, str) else Index(part)


def _substitute(index: Index, bindings: Bindings) -> Index:
    if index.variable is None or index.variable not in bindings:
        return index
    inner = bindings[index.variable]
    return Index(
        inner.variable, index.scale * inner.offset + index.offset, index.scale * inner.scale
    )


def _entries(params: Mapping[str, object]) -> str:
    index = params.get("index", ())
    return ", ".join(map(str, index)) if isinstance(index, tuple) else ""


def _signed(texts: Sequence[tuple[str, int]], signs: object) -> Iterator[tuple[str, bool]]:
    assert isinstance(signs, tuple)
    for (text, _), sign in zip(texts, signs, strict=True):
        yield text, sign < 0


def _sum_latex(parts: Sequence[tuple[str, int]], signs: object) -> str:
    fenced = [
        (_fence(part, inner, 11 if negative else 10), inner)
        for (part, inner), (_, negative) in zip(parts, _signed(parts, signs), strict=True)
    ]
    text = ""
    for i, (part, negative) in enumerate(_signed(fenced, signs)):
        shown = rf"\left({part}\right)" if part.startswith("-") and (i or negative) else part
        text += ("-" if negative else "+" if text else "") + shown
    return text


def _product_latex(
    parts: Sequence[tuple[str, int]], scalars: Sequence[bool], binds: int
) -> tuple[str, int]:
    """Return a product: entry by entry of arrays, without a sign of what is multiplied by a number.

    A factor 1 that derivation leaves is not written.
    """
    told = scalars or [False] * len(parts)
    kept = [pair for pair in zip(parts, told, strict=True) if pair[0][0] not in _ONES]
    negative = sum(part == "-1" for part, _ in parts) % 2 == 1
    if not kept or (len(kept) == 1 and not negative):
        return kept[0][0] if kept else ("-1" if negative else "1", _SIGNED if negative else binds)
    factors = [(_fence(*part, 20), scalar) for part, scalar in kept]
    text, number = factors[0]
    for factor, scalar in factors[1:]:
        if not (number or scalar):
            text += r" \odot "
        else:
            text += r" \cdot " if factor[0].isdigit() else r"\,"
        text += factor
        number = number and scalar
    return (f"-{text}", _SIGNED) if negative else (text, binds)


def filled(template: str, operands: Sequence[tuple[str, int]]) -> str:
    """Put operands into a declared template, in parentheses where they need them."""
    pieces = [(literal, field) for literal, field, _, _ in Formatter().parse(template)]
    text = ""
    for (literal, field), (after, _) in zip(pieces, [*pieces[1:], ("", None)], strict=True):
        text += literal
        if field is None:
            continue
        shown, binds = operands[int(field)]
        enclosed = text.endswith(_OPENING) and after.startswith(_CLOSING)
        if not enclosed and (text or after):
            shown = _fence(shown, binds, 20)
        text += _base(shown) if after.startswith(("^", "_")) else shown
    return _ONE_IN_PARENTHESES.sub(r"{\1}", text)


# --- the formula language -------------------------------------------------------------------------


def source_text(expression: Expression) -> str:
    """Return an expression in the formula language, so that it can be read again."""
    return _source(expression, None)[0]


def formula_text(expression: Expression) -> str:
    """Return an expression as a person would write it, without what a formula leaves unsaid."""
    return _source(expression, lambda ref: _reference(ref, None))[0]


_Show: TypeAlias = Callable[[Ref], str] | None


def _source(node: Expression, show: _Show) -> tuple[str, int]:
    """``show`` writes references for people; without it every detail is kept, for reading again."""
    if isinstance(node, Number):
        text = node.text or _number(node.value)
        return text, _SIGNED if text.startswith("-") else _LITERAL
    if isinstance(node, Name):
        return _reference(Ref(node.name, node.index), show), _FENCED
    leaf = getattr(node, "input", None)
    if isinstance(leaf, Ref):
        return _reference(leaf, show), _FENCED
    if isinstance(leaf, Constant):
        return _number(leaf.value), _FENCED if leaf.value >= 0 else _SIGNED
    if not isinstance(node, Apply):
        return "…", _FENCED
    parts = [_source(arg, show) for arg in node.args]
    return _written(node, parts, for_people=show is not None)


def _reference(ref: Ref, show: _Show) -> str:
    if show is not None:
        return show(ref)
    return ref.family + (f"[{', '.join(map(str, ref.index))}]" if ref.index else "")


_INFIX = {
    "multiply": (" * ", 20),
    "matmul": (" @ ", 20),
    "divide": (" / ", 20),
    "power": ("**", 40),
}


def _written(  # noqa: PLR0911 - one return for each form of writing
    node: Apply, parts: Sequence[tuple[str, int]], *, for_people: bool
) -> tuple[str, int]:
    name = node.operation
    first = parts[0] if parts else ("", _FENCED)
    if name == "add":
        return _sum_text(parts, node.params["signs"]), 10
    if name in _INFIX:
        symbol, level = _INFIX[name]
        # Powers group to the right, the others to the left.
        strict = 0 if name == "power" else None
        if for_people and level == 20 and first[1] == _SIGNED:
            parts = [(first[0], level), *parts[1:]]
        fenced = [
            f"({part})" if inner < level or (inner == level and (i > 0) != (i == strict)) else part
            for i, (part, inner) in enumerate(parts)
        ]
        return symbol.join(fenced), level
    if name == "negate":
        return f"-{first[0] if first[1] >= 40 else f'({first[0]})'}", _SIGNED
    if name == "transpose":
        return f"{first[0] if first[1] == _FENCED else f'({first[0]})'}.T", _FENCED
    if name == "pick":
        return f"{first[0] if first[1] == _FENCED else f'({first[0]})'}[{parts[1][0]}]", _FENCED
    if name == "stack":
        return f"[{', '.join(part for part, _ in parts)}]", _FENCED
    if name == "item" and not for_people:
        return (
            f"{first[0] if first[1] == _FENCED else f'({first[0]})'}[{_entries(node.params)}]",
            100,
        )
    if for_people and (name == "item" or _is_transparent(name)):
        return first
    if for_people and name == "one_hot":
        shift = node.params.get("shift")
        return (
            f"one_hot({first[0]}{f'{shift:+d}' if isinstance(shift, int) and shift else ''})",
            100,
        )
    if for_people and name == "is_positive":
        return f"({first[0]} > 0)", _FENCED
    shown = "sum" if for_people and name == "sum_to" else name
    arguments = [part for part, _ in parts]
    if not for_people:
        arguments += [f"{key}={value!r}" for key, value in node.params.items()]
    return f"{shown}({', '.join(arguments)})", _FENCED


def _is_transparent(name: str) -> bool:
    operation = operations().get(name)
    return operation is not None and operation.transparent


def _sum_text(parts: Sequence[tuple[str, int]], signs: object) -> str:
    text = ""
    for (part, inner), (_, negative) in zip(parts, _signed(parts, signs), strict=True):
        shown = f"({part})" if inner <= 10 and (negative or text) else part
        if not text:
            text = f"-{part if inner >= 20 else f'({part})'}" if negative else part
        else:
            text += f"{' - ' if negative else ' + '}{shown}"
    return text


def _base(text: str) -> str:
    """``text`` so that an exponent can follow: TeX allows one to a base."""
    return f"{{{text}}}" if "^" in text or "_" in text else text


def _fence(text: str, inner: int, outer: int) -> str:
    return rf"\left({text}\right)" if inner < outer else text


def _number_latex(value: float) -> tuple[str, int]:
    text = _number(value)
    mantissa, _, exponent = text.partition("e")
    if exponent:
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}", 20 if value >= 0 else _SIGNED
    return text, _FENCED if value >= 0 else _SIGNED


def _number(value: float) -> str:
    return f"{value:g}"


__all__ = [
    "Graph",
    "Notation",
    "filled",
    "formula_text",
    "name_latex",
    "quantity_latex",
    "source_text",
]
