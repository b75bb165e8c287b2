"""How quantities and formulas are written for people: LaTeX for reports, plain text for a terminal.

Families of parts and of the backward pass have names of their own (``h#1``); people never see them.
Such a family is shown by what the sheet writes there, or by where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.printing import Binds, Operand, Shown, fence
from reference_solutions.expressions.tree import Apply, Expression, Index, Name, Number
from reference_solutions.graph import Constant, Every, Family, Gather, Input, Ref, Rule
from reference_solutions.language.formula import parse_formula
from reference_solutions.language.latex import applied_latex, number_latex
from reference_solutions.language.latex_names import name_latex, quantity_latex
from reference_solutions.language.plain_words import PlainWords
from reference_solutions.language.standing import At, Bindings, as_written, bind, substituted
from reference_solutions.operations import callable_operations, operation_called


class Notation(PlainWords):
    """Writes the quantities and rules of one graph.

    ``overrides`` replaces the right-hand side of some families, which shows a formula with a
    mistake in the place where it was made. ``is_scalar`` says which families are single numbers:
    their products are written without a sign. Where it isn't given, every product is taken to be
    one of arrays.
    """

    def __init__(
        self,
        families: Mapping[str, Family],
        overrides: Mapping[str, Shown] | None = None,
        is_scalar: Callable[[str], bool] | None = None,
    ) -> None:
        super().__init__(families, overrides or {})
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
        return whole._right_side(family, bind(family.variables, index))[0]

    def equation(self, name: str, index: At | None = None) -> str:
        """Return ``h_t = tanh(...)``: a quantity of the sheet and its formula, parts written out.

        An answer's own formula has no name, so it stands alone.
        """
        left, right = self._sides(name, index)
        return f"{left} = {right}" if left else right

    def left_side(self, name: str, index: At | None = None) -> str:
        """Return what stands left in a quantity's equation; what has none stands for itself."""
        left, right = self._sides(name, index)
        return left or right

    def _sides(self, name: str, index: At | None) -> tuple[str, str]:
        """Return the sides of an equation; the left one is empty where there is none."""
        family = self.families[name]
        at: At = family.variables if index is None else index
        right = self._right_side(family, bind(family.variables, at))[0]
        if family.kind == "given" and family.rule is None:
            return "", right
        if family.kind == "step" and not family.is_named:
            return "", right
        left = self._quantity(name, at)[0]
        if family.kind == "adjoint" and (
            left == right or self.standing.stacked(family.of) is not None
        ):
            left = self._derivative(family, at)
        return left, right

    def _derivative(self, adjoint: Family, at: At) -> str:
        """Return an adjoint as a quotient, whatever name it could be given."""
        below = self.families[adjoint.of]
        stacked = self.standing.stacked(below.name)
        if stacked is not None:
            shown, binds = self.input(stacked)
        else:
            shown, binds = self._right_side(below, bind(below.variables, at))
        shown = fence(shown, binds, Binds.ATOM)
        return rf"\frac{{\partial {self._root(adjoint, at)}}}{{\partial {shown}}}"

    def error_signals(self, *shown: str) -> tuple[tuple[str, str], ...]:
        """Return what the deltas in some LaTeX stand for, as LaTeX.

        Each is an equation and, where the delta is the error at a pre-activation, of what.
        """
        found: dict[str, tuple[str, str]] = {}
        for adjoint in self.families.values():
            if adjoint.kind != "adjoint" or adjoint.of not in self.families:
                continue
            owner = self.standing.argument_of(self.families[adjoint.of])
            if owner is None or self.standing.alias(adjoint, adjoint.variables) is not None:
                continue
            delta = rf"\delta^{{{name_latex(owner.name)}}}"
            if delta in found or not any(delta in text for text in shown):
                continue
            left = self._error_signal(adjoint, adjoint.variables)[0]
            equation = f"{left} = {self._derivative(adjoint, adjoint.variables)}"
            of = quantity_latex(owner.name, owner.variables) if self.activates(owner) else ""
            found[delta] = (equation, of)
        return tuple(found.values())

    def latex(self, expression: Expression) -> str:
        """Return an expression as LaTeX."""
        return self._expression(expression)[0]

    def _expression(self, node: Expression) -> Shown:
        if isinstance(node, Number):
            return number_latex(node.value)
        if isinstance(node, Name):
            return self._quantity(node.name, node.index)
        if isinstance(node, Apply):
            parts = [self._expression(arg) for arg in node.args]
            if node.operation == "grad" and len(parts) == 2:
                root = fence(*parts[0], Binds.ATOM)
                return rf"\frac{{\partial {root}}}{{\partial {parts[1][0]}}}", Binds.ATOM
            operation = operation_called(node.operation)
            if operation is not None and operation.latex_over_index and len(parts) > 1:
                return operation.latex_over_index(parts[0], [p for p, _ in parts[1:]])
            operands = [
                Operand(*part, self._is_number(arg))
                for part, arg in zip(parts, node.args, strict=True)
            ]
            return applied_latex(node.operation, operands, node.params)
        return r"\ldots", Binds.ATOM

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

    def _quantity(self, name: str, at: At) -> Shown:
        """Any family at an index, as what a person would call it."""
        family = self.families.get(name)
        if family is None:
            # An index that is taken as a number is itself: `j <= i`.
            own = at == (Index(name),)
            return quantity_latex(name, () if own else at), Binds.ATOM
        bindings = bind(family.variables, at)
        if family.kind == "adjoint":
            return self._adjoint(family, at)
        if family.rows_of:
            return self._quantity(family.rows_of, at)
        if family.is_index:
            return str(at[0]), Binds.ATOM if len(str(at[0])) == 1 else Binds.SUM
        if family.is_named:
            return quantity_latex(*as_written(family, at)), Binds.ATOM
        return self._right_side(family, bindings)

    def _adjoint(self, family: Family, at: At) -> Shown:
        below = self.families[family.of]
        if self.words(family.of, at) == family.root_at(bind(family.variables, at)):
            return "1", Binds.ATOM
        recurrent = below.kind in ("given", "step") and below.variables
        if self._expands and family.rule is not None and not recurrent:
            return self._right_side(family, bind(family.variables, at))
        if below.kind in ("part", "backward", "variant", "path"):
            return self._error_signal(family, at)
        shown, binds = self._quantity(family.of, at)
        if below.kind == "adjoint" and binds < Binds.ATOM:
            shown = rf"\left({shown}\right)"
        return rf"\frac{{\partial {self._root(family, at)}}}{{\partial {shown}}}", Binds.ATOM

    def _root(self, adjoint: Family, at: At) -> str:
        text = adjoint.root_at(bind(adjoint.variables, at))
        try:
            expression = parse_formula(text, [*callable_operations(), "grad"], self._variables)
        except FormulaError:
            return r"(\ldots)"
        return fence(*self._expression(expression), Binds.ATOM)

    @cached_property
    def _variables(self) -> set[str]:
        return {variable for family in self.families.values() for variable in family.variables}

    def _right_side(self, family: Family, bindings: Bindings) -> Shown:
        if family.name in self.overrides:
            return self.overrides[family.name]
        if family.rule is None:
            at = tuple(bindings.get(variable, variable) for variable in family.variables)
            return quantity_latex(*as_written(family, at)), Binds.ATOM
        return self.rule(family.rule, bindings)

    def rule(self, rule: Rule, bindings: Bindings | None = None) -> Shown:
        """Return the right-hand side of a rule as LaTeX, and how tightly it binds.

        The parts of its formula are written out; ``bindings`` are put in place of the variables.
        """
        bindings = bindings or {}
        name = rule.operation.name
        first = rule.inputs[0] if rule.inputs else None
        if isinstance(first, Ref) and first.family in self.families:
            taken = self.families[first.family]
            if (
                rule.operation.role == "entry"
                and taken.kind == "adjoint"
                and self.standing.stacked(taken.of) is not None
            ):
                return self.input(first, bindings)
            stacked = None
            if first.family not in self.overrides:
                stacked = self.standing.stacked(first.family)
            over_index = rule.operation.latex_over_index
            if over_index and rule.params.get("axis") is not None and stacked:
                source = self.families[stacked.family]
                fixed = {p.variable for p in getattr(stacked, "pattern", ())}
                over = [variable for variable in source.variables if variable not in fixed]
                inner = bind(
                    taken.variables, tuple(substituted(part, bindings) for part in first.index)
                )
                return over_index(self.input(stacked, inner), over)
        if rule.operation.role == "stack" and isinstance(first, Every | Gather):
            return self.input(first, bindings)
        inputs = [item for item in rule.inputs if not self.standing.vanishes(item, bindings)]
        operands = [
            Operand(*self.input(item, bindings), self._one_number(item))
            for item in inputs or rule.inputs
        ]
        return applied_latex(name, operands, rule.params)

    def input(  # noqa: PLR0911 - one return for each kind of operand
        self, item: Input, bindings: Bindings | None = None
    ) -> Shown:
        """Return one operand of a rule as LaTeX, and how tightly it binds."""
        bindings = bindings or {}
        if isinstance(item, Constant):
            return number_latex(item.value)
        family = self.families.get(item.family)
        if family is None:
            return r"\ldots", Binds.ATOM
        if isinstance(item, Every):
            return self._quantity(item.family, family.variables)
        if isinstance(item, Gather):
            if family.kind not in ("path", "variant"):
                own = tuple(bindings.get(variable, variable) for variable in family.variables)
                return self._quantity(item.family, own)
            return self._gathered(item, family, bindings)
        index = tuple(substituted(part, bindings) for part in item.index)
        whole = self.standing.stacked(item.family)
        if (
            isinstance(whole, Every)
            and item.family not in self.overrides
            and self.families[whole.family].kind in ("given", "step", "adjoint")
        ):
            return self._whole(whole.family)
        return self._quantity(item.family, index)

    def _whole(self, name: str) -> Shown:
        """Return an indexed quantity taken whole: shown without its index."""
        family = self.families[name]
        if family.kind == "adjoint" and self.families[family.of].is_named:
            below = name_latex(family.of)
            return (
                rf"\frac{{\partial {self._root(family, family.variables)}}}{{\partial {below}}}",
                Binds.ATOM,
            )
        return name_latex(name) if family.is_named else r"\ldots", Binds.ATOM

    def _gathered(self, item: Gather, path: Family, bindings: Bindings) -> Shown:
        """Return what consumers hand back, in terms of the index that receives it."""
        settled = self.standing.received(item, path, bindings)
        text, binds = self._right_side(path, settled)
        over = [variable for variable in path.variables if variable not in settled]
        if over and len(path.instances) > 1:
            text, binds = (
                rf"\sum_{{{', '.join(over)}}} {fence(text, binds, Binds.SIGN)}",
                Binds.SUMMATION,
            )
        receiver = self.families[path.of].variables if path.of in self.families else ()
        only = [
            f"{bindings.get(variable, variable)} = {part.offset}"
            for variable, part in zip(receiver, item.pattern, strict=False)
            if part.variable is None and getattr(bindings.get(variable), "variable", "") is not None
        ]
        if only:
            # A reference to one instance, h[2], hands back to that instance alone.
            return rf"{fence(text, binds, Binds.PRODUCT)}\,[{', '.join(only)}]", Binds.PRODUCT
        return text, binds

    def _error_signal(self, adjoint: Family, at: At) -> Shown:
        """Return the adjoint of a part of a formula: what it is a copy of, or a delta."""
        alias = self.standing.alias(adjoint, at)
        if alias is not None:
            return self.input(alias)
        part = self.families[adjoint.of]
        if self.standing.stacked(part.name) is not None:
            return self._right_side(adjoint, bind(adjoint.variables, at))
        owner = self.standing.argument_of(part)
        if owner is not None:
            below = f"_{{{', '.join(map(str, at))}}}" if at else ""
            return rf"\delta^{{{name_latex(owner.name)}}}{below}", Binds.ATOM
        text, binds = self._right_side(part, bind(part.variables, at))
        if not adjoint.root_index or binds < Binds.ATOM:
            text = rf"\left({text}\right)"
        return rf"\frac{{\partial {self._root(adjoint, at)}}}{{\partial {text}}}", Binds.ATOM
