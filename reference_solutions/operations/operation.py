"""What an operation is: its value, its derivatives, its mistakes and its examples, in one place.

A module of this package defines one ``OPERATION``. Its examples are its tests, its mistakes are
what diagnosis looks for, and each mistake brings an example of its own.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reference_solutions.expressions.printing import Binds, Printer, Shown
from reference_solutions.expressions.tree import Expression, Param
from reference_solutions.operations.growth import Growth
from reference_solutions.operations.parameter import Parameter
from reference_solutions.operations.reduction import Reduction

Values: TypeAlias = Any
"""What `compute` and wrong variants take and give: arrays or numbers, as numpy's functions do.

Numpy's own stubs say no more for a function of both.
"""

Derivative = Callable[..., "Expression | None"]
"""``(g, out, *operands, **params) -> Expression``: what dL/d(out) = g hands back to one operand.

``g``, ``out`` and the operands are leaves with a ``shape``; the result is an expression in them.
"""

Rounding = Callable[[Values], Values]
"""What stands for writing values down on the way."""

UNBOUNDED = (-math.inf, math.inf)
NEVER_NEGATIVE = (0.0, math.inf)
"""The range of a loss, a distance or a count."""
NEVER_POSITIVE = (-math.inf, 0.0)
"""The range of the logarithm of a probability."""
PROBABILITY = (0.0, 1.0)
SIGNED_UNIT = (-1.0, 1.0)
"""The range of a cosine."""

Role = Literal["", "copy", "entry", "stack"]

Subject = Literal[
    "",
    "arithmetic",
    "exponentials and angles",
    "sums and statistics",
    "arrays",
    "linear algebra",
    "activations",
    "losses",
    "probabilities",
    "normalisation",
    "convolution and pooling",
    "attention",
    "shapes and counts",
]
"""Where an operation stands in the reference of functions, in the order of the sections."""

Commonness = Literal["very_common", "common", "occasional", "rare"]


@dataclass(frozen=True, slots=True)
class Example:
    """Operands and the result.

    With ``gradient`` it is an example of a derivative instead: ``result`` is then what operand
    ``position`` receives when dL/d(out) is ``gradient``.
    """

    args: tuple[Any, ...]
    result: Any
    params: Mapping[str, Any] = field(default_factory=dict)
    gradient: Any = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Coincidence:
    """What makes a mistake give the right value: words that follow a colon, and such operands."""

    words: str
    args: tuple[Any, ...]
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong variant of an operation that people really use.

    ``forward`` computes the wrong value from the same operands (numpy). ``backward`` maps operand
    positions to wrong derivatives, ``fused`` maps the name of an inner operation to a wrong
    derivative of the fused pair. A mistake with ``forward`` and ``backward`` may be made in the
    value alone or in both. ``says`` is what a good tutor would say; ``used`` is LaTeX of what was
    computed, with ``{0}``, ``{1}`` for the operands. ``source`` says how well it is attested.
    ``hidden`` says when it gives the right value all the same, where that is likely on a sheet.
    ``forward`` may raise ValueError where the wrong variant doesn't exist for these shapes.
    """

    id: str
    says: str
    example: Example
    commonness: Commonness = "occasional"
    forward: Callable[..., Any] | None = None
    backward: Mapping[int, Derivative] = field(default_factory=dict)
    fused: Mapping[str, Derivative] = field(default_factory=dict)
    used: str = ""
    source: str = "plausible"
    hidden: Coincidence | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the formula language.

    ``compute`` maps numpy operands (and keyword ``params``) to the result, raising ValueError with
    a sentence for operands that don't fit. ``arity`` is the smallest and largest number of them.
    ``derivatives`` gives the derivative rule for each operand (None where there is no derivative);
    for a variable number of operands it is a function of the position. ``broadcasts`` says that
    operands are broadcast, so that their gradients are summed back to their shapes. ``fused`` maps
    the name of an operation that makes operand ``fused_operand`` to the derivative of the pair with
    respect to that inner operation's own first operand. ``latex`` is a template over the
    operands, which binds as tightly as ``binds`` says, or a printer; ``text`` prints it in the
    formula language and ``words`` for people, where that isn't a call. ``latex_over_index`` writes
    it over named indices, ``sum(l[t], t)``, from the term and the indices; what has none isn't
    written so. ``takes_index`` says that of an indexed quantity named whole it runs over the index
    alone, ``sum(l)``, and not over its entries; ``of_nothing`` that it has a value of no terms at
    all, as a sum has. ``gathers`` says that it adds up what there is of its operands, as an adjoint
    does.
    ``growth`` is how large its value gets, from the sizes of its operands. ``public`` operations
    can be called by name; ``params`` are the named constants that it takes. The derivative rules
    are checked at the examples' operands.
    ``by_hand(rounded, *operands, **params)`` computes the same in the steps of a hand calculation
    and takes each value that people write down on the way from ``rounded``; an operation of one
    step has none.
    ``elementwise`` says that every entry of the result comes from one entry of each operand, in
    its mistakes as well.
    ``many`` is ``compute`` for many sets of operands at once, laid out along a further first axis;
    what is elementwise needs none, others may go without, and take longer. Where only some of the
    sets don't fit it raises :class:`SetsRefusedError`, which says which.
    ``copies`` says that the result has no digits beyond those of its operands, ``transparent`` that
    it only fits a shape, so that people don't write it. ``value_range`` is the smallest and largest
    value that any operands can give; what ``adds_up_to_one`` does so over the axis that its
    constant ``axis`` names, the last if it has none.
    ``form`` is what a formula with this operation is, for mistakes that people make in any formula
    of that form: a ``sum``, ``product``, ``quotient``, ``power``, ``matrix product``, ``outer
    product``, ``transposition``, ``list``, a ``copy``, or a ``function`` of what its brackets hold.
    ``role`` is what the result is to its operands where that has no sign of its own: the same
    quantity (``copy``), a part of it at an index (``entry``), all of them in order (``stack``).
    ``subject`` is the section of the reference of functions that it stands in; what nobody writes
    has none. ``for_two`` names the operation that people mean who give this one two operands.
    ``sign`` is the operator that it is written with, ``written`` how it stands in a formula where
    that is no call; ``called`` is what people call it, such as "root".
    ``elementary`` says that a pocket calculator has it, so that it may stand in a number;
    ``effortless`` that applying it is no work, ``overflows`` that its value can get too large to be
    computed where its operands aren't.
    ``reduction`` says how it makes one number of many. ``base`` is that of a logarithm, ``inverse``
    names the operation that takes it back; ``minus_logarithm`` says that it is the natural
    logarithm of a probability with its sign turned.
    ``invites`` are the ids of structural mistakes that people make with this operation, and not
    with every one of its form.
    """

    name: str
    compute: Callable[..., Any]
    doc: str
    latex: str | Printer
    examples: tuple[Example, ...]
    arity: tuple[int, int] = (1, 1)
    derivatives: tuple[Derivative | None, ...] | Callable[[int], Derivative | None] = ()
    broadcasts: bool = False
    fused: Mapping[str, Derivative] = field(default_factory=dict)
    fused_operand: int = 0
    mistakes: tuple[Mistake, ...] = ()
    binds: Binds = Binds.ATOM
    text: Printer | None = None
    words: Printer | None = None
    latex_over_index: Callable[[Shown, Sequence[str]], Shown] | None = None
    takes_index: bool = False
    of_nothing: bool = False
    gathers: bool = False
    growth: Growth | None = None
    public: bool = True
    aliases: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=dict)
    by_hand: Callable[..., Any] | None = None
    elementwise: bool = False
    many: Callable[..., Any] | None = None
    copies: bool = False
    transparent: bool = False
    value_range: tuple[float, float] = UNBOUNDED
    adds_up_to_one: bool = False
    form: str = ""
    role: Role = ""
    subject: Subject = ""
    for_two: str = ""
    sign: str = ""
    written: str = ""
    called: str = ""
    elementary: bool = False
    effortless: bool = False
    overflows: bool = False
    reduction: Reduction | None = None
    base: float | None = None
    inverse: str = ""
    minus_logarithm: bool = False
    invites: tuple[str, ...] = ()

    @property
    def for_many(self) -> Callable[..., Any] | None:
        """What computes many values at once, if anything does."""
        if self.elementwise:
            return partial(_aligned, self.compute)
        return self.many

    def computing(self, compute: Callable[..., Any]) -> Operation:
        """Return this operation with another ``compute``, of which little more is known."""
        return replace(
            self,
            compute=compute,
            many=None,
            copies=False,
            value_range=UNBOUNDED,
            adds_up_to_one=False,
        )

    @property
    def signature(self) -> str:
        """How it is called, for a message: ``softmax(z, axis=…)``."""
        operands = [
            f"{name}, …" if many else name
            for name, many in _operands(self.compute, self.arity[1])
            if name not in self.params
        ]
        return f"{self.name}({', '.join((*operands, *(f'{name}=…' for name in self.params)))})"

    @property
    def operand_names(self) -> tuple[str, ...]:
        """What its operands are called, as far as each has a name of its own."""
        return tuple(name for name, many in _operands(self.compute, self.arity[1]) if not many)

    def check_operands(self, operands: int) -> None:
        """Raise ValueError for a number of operands that it doesn't take."""
        fewest, most = self.arity
        if fewest <= operands <= most:
            return
        wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        message = (
            f"`{self.name}` takes {wanted} operand{'s' if most != 1 else ''}, got {operands}: it "
            f"is called as `{self.signature}`"
        )
        if operands == 2 and self.for_two:
            message += f"; of two values take `{self.for_two}(a, b)`"
        raise ValueError(message)

    def check_call(self, operands: int, params: Mapping[str, Param]) -> None:
        """Raise ValueError for constants that it doesn't take beside so many operands."""
        for name, value in params.items():
            parameter = self.params.get(name)
            if parameter is None:
                says = f"it is called as `{self.signature}`" if self.params else "it takes none"
                raise ValueError(f"`{self.name}` has no argument `{name}`: {says}")
            if not parameter.takes(value):
                several = parameter.of_list if isinstance(value, tuple) else ""
                raise ValueError(
                    f"`{name}` of `{self.signature}` is {parameter.expected}, got `{value!r}`"
                    + (several and f": {several}")
                )
        if not self.params:
            return
        for name, parameter in self.params.items():
            if parameter.required and name not in params:
                raise ValueError(f"`{self.signature}` needs `{name}`, {parameter.expected}")
        for argument in _arguments(self.compute)[:operands] if params else ():
            if argument.name in params and argument.kind is argument.POSITIONAL_OR_KEYWORD:
                raise ValueError(
                    f"`{argument.name}` of `{self.signature}` is given twice: by its position and "
                    "by name"
                )

    def derivative(self, position: int) -> Derivative | None:
        """Return the derivative rule for one operand, or None."""
        if callable(self.derivatives):
            return self.derivatives(position)
        return self.derivatives[position] if position < len(self.derivatives) else None


@lru_cache(maxsize=256)
def _arguments(compute: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    return tuple(inspect.signature(compute).parameters.values())


@lru_cache(maxsize=256)
def _operands(compute: Callable[..., Any], most: int) -> tuple[tuple[str, bool], ...]:
    """Return the names of so many operands at most, and which stands for any number of them."""
    try:
        given = _arguments(compute)
    except ValueError:
        # Numpy's own functions don't say what their operands are called.
        return tuple((name, False) for name in ("x" if most == 1 else "ab"))
    named = [one for one in given if one.kind not in (one.VAR_KEYWORD, one.KEYWORD_ONLY)]
    return tuple((one.name, one.kind is one.VAR_POSITIONAL) for one in named[:most])


class SetsRefusedError(ValueError):
    """What ``many`` raises for operands of which some sets don't fit.

    ``sets`` are these: an array of bools, one for each set of operands.
    """

    def __init__(self, message: str, sets: NDArray[np.bool_]) -> None:
        super().__init__(message)
        self.sets = sets


def refuse_sets(sets: NDArray[np.bool_], message: str) -> None:
    """Raise :class:`SetsRefusedError` if any of ``sets``, a bool for each, is true."""
    if sets.any():
        raise SetsRefusedError(message, sets)


def _aligned(compute: Callable[..., Values], /, *operands: Values, **params: Values) -> Values:
    """``compute`` of operands whose first axis is not theirs: their own are aligned at the end."""
    rank = max(operand.ndim for operand in operands)
    return compute(
        *(
            operand.reshape(operand.shape[0], *(1,) * (rank - operand.ndim), *operand.shape[1:])
            for operand in operands
        ),
        **params,
    )
