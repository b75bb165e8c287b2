"""From formulas to families: every operation of a formula becomes a quantity of its own.

``h[t] = tanh(W @ h[t-1] + U @ x[t] + b)`` becomes the family ``h`` (a tanh) and one ``part`` family
for each operation inside, all running over t. So a term, a factor or an operand has an address that
an edit can name, at one index or everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reference_solutions.expressions.formula_error import FormulaError
from reference_solutions.expressions.tree import Apply, Expression, Index, Name, Number, Param
from reference_solutions.graph.family import (
    Constant,
    Every,
    Family,
    Gather,
    Input,
    Key,
    Kind,
    Ref,
    Rule,
    instances_of,
)
from reference_solutions.graph.index_variables import free_variables, variables_of
from reference_solutions.graph.leaf import Leaf
from reference_solutions.graph.quantities import Quantities, stacking
from reference_solutions.graph.ranging import Over, decided, is_decided, runs_over
from reference_solutions.operations import operation_called, operations
from reference_solutions.operations.operation import Operation


@dataclass(frozen=True, slots=True)
class Choice:
    """A formula for those values of an index for which a condition holds, another for the rest."""

    condition: Expression
    cases: tuple[tuple[bool, Expression], tuple[bool, Expression]]

    def instances(self, family: Family, wanted: bool) -> tuple[tuple[int, ...], ...]:
        """Return the indices of a family for which the condition holds, or for which it doesn't."""
        return tuple(
            index
            for index in family.instances
            if decided(self.condition, family.bindings(index)) is wanted
        )


class Builder(Quantities):
    """Collects families and given numbers, and makes families of formulas."""

    def define(self, family: Family, expression: Expression) -> None:
        """Define a quantity of the sheet by a formula; its starting values are those known."""
        name = family.name
        if family.variables and not family.is_start:
            expression = self._without_cases(family, expression)
        starts = self.starts.get(name, {})
        defined = replace(family, extra=starts, expression=expression, owner=name)
        self.lower_root(defined, expression)

    def define_as(
        self, family: Family, same: Mapping[tuple[int, ...], Key], expression: Expression
    ) -> None:
        """Define a quantity of the sheet as another name of quantities that there are."""
        self.add(replace(family, extra=dict(same), expression=expression, owner=family.name))

    def _without_cases(self, family: Family, expression: Expression) -> Expression:
        """Define the cases of a formula as single instances; return what holds for the rest."""
        while (choice := self.choice_in(expression)) is not None:
            (_, then), (_, expression) = choice.cases
            known = self.starts.get(family.name, {})
            instances = [at for at in choice.instances(family, True) if at not in known]
            if instances:
                case = Family(
                    f"{family.name} in case {len(known)}",
                    family.kind,
                    family.variables,
                    tuple(instances),
                    owner=family.name,
                    start_of=family.name,
                    start=tuple(Index(variable) for variable in family.variables),
                )
                self.start(case)
                self.define(case, then)
        return expression

    def choice_in(self, expression: Expression) -> Choice | None:
        """Return the cases of a formula whose condition is one of indices alone, if it is one."""
        if not isinstance(expression, Apply) or len(expression.args) != 3:
            return None
        if expression.operation != "where":
            return None
        condition, then, otherwise = expression.args
        if not is_decided(condition, self.ranges):
            return None
        return Choice(condition, ((True, then), (False, otherwise)))

    def lower_root(self, family: Family, expression: Expression) -> None:
        """Add ``family`` with the rule that ``expression`` gives it, and families for its parts."""
        scope = _Scope(self, family)
        rule = scope.rule(expression)
        self.add(replace(family, rule=rule))


class _Scope:
    """Lowers one formula; makes a part family for every operation below the root."""

    def __init__(self, builder: Builder, family: Family) -> None:
        self.builder = builder
        self.family = family
        self.count = 0

    def rule(self, expression: Expression) -> Rule:
        """Return the rule of a family that is defined by ``expression``."""
        if isinstance(expression, Apply):
            return self.apply(expression)
        return Rule(operations()["identity"], (self.input(expression),))

    def apply(self, node: Apply) -> Rule:
        operation = operation_called(node.operation)
        if operation is None:
            raise FormulaError(f"unknown function `{node.operation}`", node.start)
        args, params = node.args, dict(node.params)
        try:
            operation.check_call(len(args), params)
        except ValueError as error:
            raise FormulaError(str(error), node.start) from None
        for index in params.values():
            for variable in variables_of(index if isinstance(index, tuple) else ()):
                if variable not in self.family.variables:
                    raise FormulaError(f"the index `{variable}` has no value here", node.start)
        if operation.latex_over_index is not None:
            reduced = self.reduction(node, operation, params)
            if reduced is not None:
                return Rule(operation, (reduced,), params)
        try:
            operation.check_operands(len(args))
        except ValueError as error:
            raise FormulaError(str(error), node.start) from None
        return Rule(operation, tuple(self.input(arg) for arg in args), params)

    def reduction(
        self, node: Apply, operation: Operation, params: dict[str, Param]
    ) -> Input | None:
        """``sum(l[t], t)``, and ``sum(l)`` over the index of l: the terms stacked."""
        body = node.args[0] if node.args else None
        over = runs_over(node)
        if over is not None:
            known = {*self.builder.ranges}
            if operation.for_two and not known.intersection(over.variables):
                return None
            if (
                not over.variables
                or not known.issuperset(over.variables)
                or not all(is_decided(condition, known) for condition in over.conditions)
            ):
                raise FormulaError(
                    f"`{node.operation}` takes a quantity and then the index to run over, as in "
                    f"`{node.operation}(l[t], t)` or `{node.operation}(a[j], j != i)`",
                    node.args[1].start if isinstance(node.args[1], Name) else node.start,
                )
            assert body is not None
            return self.stacked(body, over, params, node)
        whole = isinstance(body, Name) and not body.index
        if operation.takes_index and whole and "axis" not in params:
            assert isinstance(body, Name)
            target = self.builder.families.get(body.name)
            # A given array is one array, however it is read elsewhere.
            if target is not None and target.variables and target.kind != "given":
                params["axis"] = _leading_axes(len(target.variables))
        return None

    def stacked(self, body: Expression, over: Over, params: dict[str, Param], node: Apply) -> Input:
        used, names = free_variables(body), over.variables
        for name in names:
            if name not in used:
                raise FormulaError(
                    f"what `{node.operation}` runs over doesn't depend on `{name}`: "
                    f"write the index, as in `{node.operation}(l[{name}], {name})`",
                    node.args[1].start if isinstance(node.args[1], Name) else node.start,
                )
        used |= free_variables(node)
        for variable in sorted(over.named - {*names}):
            if variable not in self.family.variables:
                raise FormulaError(
                    f"`{variable}` has no value in the condition: to run over it as well write "
                    f"`{node.operation}(…, {', '.join((*names, variable))}, …)`",
                    node.start,
                )
        outer = tuple(v for v in self.family.variables if v in used and v not in names)
        terms = self.part(body, outer, names, over)
        params.setdefault("axis", 0 if over.conditions else _leading_axes(len(names)))
        family = self.new("part", outer, None)
        taken: Input = Every(terms.name)
        if outer:
            taken = Gather(terms.name, tuple(Index(variable) for variable in outer))
        shape = {} if over.conditions else stacking(terms.instances, len(outer))
        left_out = {*family.instances} - {index[: len(outer)] for index in terms.instances}
        if left_out:
            family = replace(family, extra=self.nothing(node, outer, sorted(left_out)))
        self.builder.add(replace(family, rule=Rule(operations()["stack"], (taken,), shape)))
        return Ref(family.name, tuple(Index(variable) for variable in outer))

    def nothing(
        self, node: Apply, outer: tuple[str, ...], at: list[tuple[int, ...]]
    ) -> dict[tuple[int, ...], Key]:
        """Give what runs over an index no terms at some others: a sum is 0 there, a mean is none.

        Raises :class:`FormulaError` for an operation that has no value of nothing.
        """
        operation = operation_called(node.operation)
        if operation is None or not operation.of_nothing or not outer:
            where = ", ".join(f"{v} = {i}" for v, i in zip(outer, at[0], strict=True))
            message = f"`{node.operation}` has no terms for {where or 'its index'}"
            raise FormulaError(message, node.start)
        empty = Rule(operations()["spread"], (Constant(0.0),), {"shape": (0,)})
        family = replace(self.new("part", outer, None), instances=tuple(at), rule=empty)
        self.builder.add(family)
        return {index: (family.name, index) for index in at}

    def new(
        self,
        kind: Kind,
        variables: tuple[str, ...],
        expression: Expression | None,
        summed: tuple[str, ...] = (),
        over: Over | None = None,
    ) -> Family:
        """Return a family without a rule for a part of the formula.

        It runs over ``variables`` as far as the formula does, and over all of ``summed`` for which
        the conditions of ``over`` hold.
        """
        self.count += 1
        owner = self.family
        positions = [owner.variables.index(variable) for variable in variables]
        regular = [index for index in owner.instances if index not in owner.extra]
        known = dict.fromkeys(tuple(index[p] for p in positions) for index in regular)
        others = instances_of([self.builder.ranges[variable] for variable in summed])
        every = (*variables, *summed)
        instances = tuple((*outer, *inner) for outer in known for inner in others)
        if over is not None and over.conditions:
            bound = (dict(zip(every, at, strict=True)) for at in instances)
            instances = tuple(
                at for at, values in zip(instances, bound, strict=True) if over.holds(values)
            )
        return replace(
            owner,
            name=f"{owner.name}#{self.count}",
            kind=kind,
            variables=every,
            instances=instances,
            extra={},
            rule=None,
            expression=expression,
            owner=owner.owner or owner.name,
            of="",
            via="",
            position=-1,
            variants={},
            answer="",
            start_of="",
            start=(),
            variant_of="",
            path_of=owner.path_of or (owner.name if owner.kind in ("path", "variant") else ""),
            is_loss=False,
        )

    def part(
        self,
        expression: Expression,
        variables: tuple[str, ...] | None = None,
        summed: tuple[str, ...] = (),
        over: Over | None = None,
    ) -> Family:
        """Return a family for a part of the formula, over the variables that it depends on."""
        used = free_variables(expression)
        if variables is None:
            variables = tuple(v for v in self.family.variables if v in used)
        kind: Kind = "part" if self.family.kind in ("step", "part") else "backward"
        if self.family.kind == "variant":
            kind = "variant"
        family = self.new(kind, variables, expression, summed, over)
        choice = self.builder.choice_in(expression)
        if choice is not None:
            return self.chosen(family, choice)
        inner = _Scope(self.builder, family)
        inner_rule = inner.rule(expression)
        family = replace(family, rule=inner_rule)
        self.builder.add(family)
        return family

    def chosen(self, family: Family, choice: Choice) -> Family:
        """Add a family that is one formula where a condition on its index holds, else another."""
        extra: dict[tuple[int, ...], Key] = {}
        for wanted, expression in choice.cases:
            instances = choice.instances(family, wanted)
            if not instances:
                continue
            self.count += 1
            branch = replace(
                family,
                name=f"{self.family.name}#{self.count}",
                instances=instances,
                expression=expression,
            )
            self.builder.lower_root(branch, expression)
            extra |= {index: (branch.name, index) for index in instances}
        family = replace(family, extra=extra)
        self.builder.add(family)
        return family

    def input(self, expression: Expression) -> Input:
        """``expression`` as an operand of a rule."""
        if isinstance(expression, Number):
            return Constant(expression.value)
        if isinstance(expression, Leaf):
            return expression.input
        if isinstance(expression, Name):
            constant = self.builder.constant(expression)
            return self.name(expression) if constant is None else constant
        family = self.part(expression)
        return Ref(family.name, tuple(Index(v) for v in family.variables))

    def name(self, expression: Name) -> Input:
        reference, rest = self.builder.reference(expression)
        for index in expression.index:
            if index.variable is not None and index.variable not in self.family.variables:
                raise FormulaError(
                    f"`{index.variable}` is no index of `{self.family.owner}`: give it that index "
                    f"too, or run over it, as in `sum(…, {index.variable})`",
                    expression.start,
                )
        if isinstance(reference, Ref) and not rest:
            return reference
        variables: tuple[str, ...] = ()
        if isinstance(reference, Every):
            source = self.builder.families[reference.family]
            of = self.builder.families.get(source.of, source)
            rule = Rule(operations()["stack"], (reference,), stacking(of.instances, 0))
        else:
            used = free_variables(expression)
            variables = tuple(v for v in self.family.variables if v in used)
            rule = Rule(operations()["item"], (reference,), {"index": rest})
        family = self.new("part", variables, expression)
        self.builder.add(replace(family, rule=rule))
        return Ref(family.name, tuple(Index(v) for v in variables))


def _leading_axes(count: int) -> Param:
    return 0 if count == 1 else tuple(range(count))
