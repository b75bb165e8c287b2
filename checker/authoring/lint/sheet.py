"""The sheet that is looked at: its file, its reference, and where each quantity is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from checker.authoring.key.solution import known_value
from checker.authoring.lint.common_mistakes import CommonMistakes
from checker.authoring.lint.given_entries import GivenEntry, given_entries
from checker.authoring.lint.what_would_help import WhatWouldHelp
from checker.grading.key import Key
from reference_solutions.assignment import Assignment
from reference_solutions.definition_text import functions, read_key
from reference_solutions.graph import Family
from reference_solutions.language.formula import names_in, parse_formula
from submissions_schema.answers import ValuedAnswer
from submissions_schema.assignment_file import AssignmentFile, LoadedAssignmentFile
from submissions_schema.problems import Place
from submissions_schema.yaml_reader import TreePath

_WORD = re.compile(r"[^\W\d]\w*")


class LintedSheet:
    """An assignment with its file; what several checks need is made once.

    Where each student has numbers of their own it is looked at with those of an example.
    """

    def __init__(self, loaded: LoadedAssignmentFile, assignment: Assignment) -> None:
        self.loaded = loaded
        self.file: AssignmentFile = assignment.file
        self.assignment = assignment
        self.reference = assignment.reference
        self.graph = assignment.reference.graph
        self.key = Key(assignment)

    @cached_property
    def entries(self) -> Sequence[GivenEntry]:
        """The given numbers, one by one."""
        draws = self.assignment.draws
        drawn = draws.loaded.file.draws if draws is not None else ()
        return tuple(given_entries(self.file, self.graph, drawn))

    @cached_property
    def mistakes(self) -> CommonMistakes:
        """The common mistakes and what each gives."""
        return CommonMistakes(self.key, self.entries)

    @cached_property
    def help(self) -> WhatWouldHelp:
        """What would make more of the common mistakes visible."""
        return WhatWouldHelp(self.mistakes)

    @cached_property
    def needed(self) -> frozenset[int]:
        """The nodes that answers are computed from."""
        return self.graph.region(target.node for target in self.reference.targets)

    # --- what is asked of quantities ------------------------------------------------------------

    @cached_property
    def symbol_nodes(self) -> tuple[int, ...]:
        """The nodes whose values are sampled: symbols."""
        known = [
            number
            for number, node in enumerate(self.graph.nodes)
            if not node.inputs and known_value(self.graph, number) is None
        ]
        return tuple(known)

    def depends_on_symbols(self, number: int | None) -> bool:
        """Whether a node's value varies with the symbols."""
        return number is not None and self.graph.depends(number, self.symbol_nodes)

    def moves(self, symbol: int, node: int) -> bool:
        """Whether another value of a symbol changes a node's value."""
        value = self.graph.value(symbol)
        assert value is not None
        for moved in (value * 1.25 + 0.125, value * 0.75, value + 1):
            found = self.graph.edited({}).evaluate([node], {symbol: moved})[node]
            right = self.graph.value(node)
            if found is not None and right is not None and not np.allclose(found, right, rtol=1e-9):
                return True
        return False

    def is_differentiated(self, family: Family) -> bool:
        """Whether an answer needs the derivative of what a family computes."""
        return any(
            other.kind == "path" and other.via == family.name
            for number, node in enumerate(self.graph.nodes)
            if number in self.needed and (other := self.graph.families[node.key[0]])
        )

    def written_operations(
        self, name: str | None = None
    ) -> Iterator[tuple[Family, list[tuple[int, ...]]]]:
        """Yield what the author's formulas compute, with the shapes of the operands."""
        for family in self.graph.families.values():
            if family.kind not in ("step", "part") or family.rule is None:
                continue
            if name is not None and family.rule.operation.name != name:
                continue
            number = next(iter(self._nodes(family)), None)
            if number is None or self.graph.families.get(family.owner, family).kind == "adjoint":
                continue
            values = [self.graph.value(source) for source in self.graph.nodes[number].inputs]
            yield family, [value.shape for value in values if value is not None]

    @cached_property
    def names_used(self) -> set[str]:
        """The quantities that anything asked for is stated by, however far back."""
        known = functions()
        by_name: dict[str, list[str]] = {}
        for key, formula in self.file.steps.items():
            name, _ = read_key(key, self.reference.ranges)
            by_name.setdefault(name, []).append(formula)
        pending = [
            asked.spec.value
            for asked in self.assignment.asked
            if isinstance(asked.spec, ValuedAnswer)
        ]
        found: set[str] = set()
        while pending:
            formula = pending.pop()
            for name in names_in(parse_formula(formula, known, self.reference.ranges)):
                if name not in found:
                    found.add(name)
                    pending += by_name.get(name, [])
        return found

    @cached_property
    def indices_used(self) -> set[str]:
        """The indices that a definition or an answer runs over."""
        texts = [*self.file.steps, *self.file.steps.values()]
        for asked in self.assignment.asked:
            if isinstance(asked.spec, ValuedAnswer):
                texts.append(asked.spec.value)
        return {word for text in texts for word in _WORD.findall(text)}

    def name_of(self, family: Family) -> str:
        """Return what the sheet calls the quantity in whose formula a family stands."""
        owner = self.graph.families.get(family.owner, family)
        return owner.answer or owner.name

    # --- places -------------------------------------------------------------------------------

    def place(self, path: TreePath) -> Place:
        """Return where the value of a path stands."""
        return self.loaded.document.place(path)

    def key_place(self, path: TreePath) -> Place:
        """Return where the key at the end of a path stands."""
        return self.loaded.document.key_place(path)

    def place_of(self, family: Family) -> Place:
        """Return where a family is written: its formula, or the answer that asks for a gradient."""
        owner = self.graph.families.get(family.owner, family)
        if owner.kind in ("step", "given") and owner.name in self._paths:
            path = self._paths[owner.name]
            if owner.kind == "given":
                return self.key_place(path)
            start = getattr(family.expression, "start", 0)
            return self.loaded.document.text_offset_place(path, start)
        for number in self._nodes(family):
            for target in self.reference.targets:
                if self.graph.depends(target.node, number):
                    return self.place(self.answer_path(target.question, target.answer))
        return self.place(())

    def answer_path(self, question: str, answer: str) -> TreePath:
        """Return the path of an answer's formula, or of the answer if it has none."""
        path: TreePath = ("questions", question, "answers", answer)
        tree = self.loaded.document.data
        for part in path:
            tree = tree[part] if isinstance(tree, dict) and isinstance(part, str) else None
        return (*path, "value") if isinstance(tree, dict) and "value" in tree else path

    def _nodes(self, family: Family) -> Iterator[int]:
        for index in family.instances:
            number = self.graph.ids.get((family.name, index))
            if number is not None:
                yield number

    @cached_property
    def _paths(self) -> dict[str, TreePath]:
        found: dict[str, TreePath] = {}
        for section, keys in (("given", self.file.given), ("steps", self.file.steps)):
            for key in keys:
                name, index = read_key(key, self.reference.ranges)
                single = any(part.variable is None for part in index)
                own = f"{name}[{', '.join(map(str, index))}]" if single else name
                found[own] = (section, key)
                found.setdefault(name, (section, key))
        for target in self.reference.targets:
            path = self.answer_path(target.question, target.answer)
            found[f"{target.question}/{target.answer}"] = path
        return found
