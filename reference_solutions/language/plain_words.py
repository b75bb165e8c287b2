"""Quantities in plain words, for a terminal and for sentences: ``h[t]``, ``dL/dh[t]``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reference_solutions.expressions.tree import Index
from reference_solutions.graph import Constant, Every, Family, Gather, Input, Ref
from reference_solutions.language.latex_names import is_plain
from reference_solutions.language.source_text import formula_text, number_text
from reference_solutions.language.standing import (
    At,
    Bindings,
    Standing,
    as_written,
    bind,
    substituted,
)

BACK = "what comes back through "
"""How a path of the backward pass is called; the quantity that it comes through follows."""

ERROR_AT_ACTIVATION = "the error at the pre-activation of "
"""How the gradient is called with respect to what an activation is applied to."""

_IN_WORDS = re.compile(f"{BACK}|{ERROR_AT_ACTIVATION}")


def quantity_of(words: str) -> tuple[str, str]:
    """Return what is said of a quantity and the quantity itself; alone it has nothing before it."""
    found = _IN_WORDS.match(words)
    return (found[0], words[found.end() :]) if found else ("", words)


class PlainWords:
    """Names the quantities of one graph and the places in it."""

    def __init__(self, families: Mapping[str, Family], overrides: Mapping[str, object]) -> None:
        self.families = families
        self.standing = Standing(families, overrides)

    def formula_words(self, name: str, index: At = ()) -> str:
        """Return the formula of a step in plain words; nothing for what is derived."""
        family = self.families[name]
        if family.kind != "step" or family.expression is None:
            return ""
        bindings = bind(family.variables, index)
        return formula_text(family.expression, lambda ref: self._reference_words(ref, bindings))

    def words(  # noqa: PLR0911 - one return for each kind of family
        self, name: str, index: At | None = None
    ) -> str:
        """Return a quantity in plain words: ``h[t]``, ``dL/dh[t]``, ``W @ h[t-1]``."""
        family = self.families.get(name)
        if family is None:
            return name
        at: At = family.variables if index is None else index
        bindings = bind(family.variables, at)
        if family.kind == "adjoint":
            return self._adjoint_words(family, at)
        if family.rows_of:
            return self.words(family.rows_of, at)
        if family.is_index:
            return str(at[0])
        if family.is_named:
            name, at = as_written(family, at)
            return f"{name}[{', '.join(map(str, at))}]" if at else name
        if family.kind in ("path", "variant") and family.via:
            return f"{BACK}{self._via(family, bindings)}"
        if family.expression is not None:
            return formula_text(family.expression, lambda ref: self._reference_words(ref, bindings))
        stacked = self.standing.stacked(name)
        if stacked is not None:
            return self.operand_words(stacked)
        owner = self.families.get(family.owner)
        return self.words(owner.name) if owner is not None and owner is not family else "…"

    def _reference_words(self, ref: Ref, bindings: Bindings) -> str:
        index = tuple(substituted(part, bindings) for part in ref.index)
        family = self.families.get(ref.family)
        if family is None or (family.variables and not index):
            whole = family if family is not None and family.kind == "adjoint" else None
            return f"d{_root_words(whole, ())}/d{whole.of}" if whole else ref.family
        depth = len(family.variables)
        rest = f"[{', '.join(map(str, index[depth:]))}]" if len(index) > depth else ""
        if family.kind not in ("given", "step", "adjoint") and not family.rows_of:
            text = self.words(family.name, index[:depth])
            return f"({text}){rest}" if " " in text or rest else text
        if not rest or not index[:depth]:
            return self.words(family.name, index[:depth]) + rest
        return self.words(family.name, index[:depth])[:-1] + ", " + rest[1:]

    def _adjoint_words(self, family: Family, at: At) -> str:
        root = _root_words(family, at)
        below = self.families[family.of]
        if below.is_named:
            return f"d{root}/d{self.words(family.of, at)}"
        alias = self.standing.alias(family, at)
        if alias is not None and self.families[family.of].kind in ("part", "backward"):
            return self.words(alias.family, alias.index)
        stacked = self.standing.stacked(below.name)
        if stacked is not None:
            source = self.families[stacked.family]
            if source.kind == "part":
                return f"d{root}/d({self.words(stacked.family)})"
            return f"d{root}/d{self.words(stacked.family)}"
        owner = self.standing.argument_of(below)
        if owner is not None and self.activates(owner):
            return f"{ERROR_AT_ACTIVATION}{self.words(owner.name, at)}"
        of = self.words(family.of, at)
        # What the numbers of a loop share stands in each of them as itself.
        return f"d{root}/d{of}" if family.root_index and is_plain(of) else f"d{root}/d({of})"

    @staticmethod
    def activates(step: Family) -> bool:
        """Whether the function of a step is an activation; a logarithm or a sum is none."""
        assert step.rule is not None
        operation = step.rule.operation
        return not operation.form and (operation.elementwise or operation.adds_up_to_one)

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
            return number_text(item.value)
        family = self.families[item.family]
        if isinstance(item, Every):
            if family.is_named:
                return item.family
            return self.words(item.family)
        if isinstance(item, Gather):
            if family.kind != "path":
                return self.words(item.family)
            settled = self.standing.received(item, family, {})
            at = {variable: settled.get(variable, Index(variable)) for variable in family.variables}
            return f"{BACK}{self._via(family, at)}"
        return self.words(item.family, [substituted(part, bindings or {}) for part in item.index])

    def where(self, family: Family, index: At | None = None) -> str:
        """Return the quantity of the sheet in whose formula ``family`` stands.

        With ``index`` it is the one instance of it that the instance of ``family`` belongs to.
        """
        owner = self.families.get(family.owner, family)
        if owner.is_answer:
            return owner.answer
        if index is None:
            return self._place_words(owner, owner.variables)
        bindings = bind(family.variables, index)
        if owner.kind == "adjoint" and family.name != owner.name:
            return self._where_handed_back(family, owner, bindings)
        return self._place_words(owner, [bindings.get(v, v) for v in owner.variables])

    def _place_words(self, owner: Family, at: At) -> str:
        """Return a quantity as the place of a mistake: not by the name of what it is a copy of."""
        if owner.kind == "adjoint" and self.standing.alias(owner, at) is not None:
            return f"d{_root_words(owner, at)}/d({self.words(owner.of, at)})"
        return self.words(owner.name, at)

    def seen_from_owner(self, family: Family) -> Bindings:
        """Return the variables of what is handed back, in terms of the index that receives it."""
        found = self.standing.gathered_path(family)
        return {} if found is None else self.standing.received(found[1], found[0], {})

    def _where_handed_back(self, family: Family, owner: Family, bindings: Bindings) -> str:
        """Name what a path ends at, which has another index than what it comes from."""
        found = self.standing.gathered_path(family)
        if found is None:
            return self._place_words(owner, owner.variables)
        path, item = found
        at = tuple(substituted(part, bindings) for part in item.pattern)
        shown = self._place_words(owner, at)
        settled = {part.variable for part in item.pattern}
        if all(variable in settled for variable in path.variables):
            return shown
        return f"{shown} (the part from {self._via(path, bindings)})"


def _root_words(adjoint: Family, at: At) -> str:
    root = adjoint.root_at(bind(adjoint.variables, at))
    return root if is_plain(root) else f"({root})"
