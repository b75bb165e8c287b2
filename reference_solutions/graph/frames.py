"""Which families a derivative goes through, and at which values of the root's own index.

The root of a derivative is one number, ``L``, or a number for each value of an index, ``L[k]``. Of
the latter every quantity in between is seen at the root's own k, or at a fixed distance from it
(``w[k-1]``): a :class:`Frame`. What the root sees at no fixed distance is no part of the
derivative, so a loop of training is differentiated step by step and not through its own past.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reference_solutions.expressions.tree import Index
from reference_solutions.graph.family import (
    Constant,
    Every,
    Family,
    Input,
    Key,
    Ref,
)

Families = Mapping[str, Family]


@dataclass(frozen=True, slots=True)
class Frame:
    """A family as a root sees it.

    ``at`` has for each variable of the family the value of the root's index that it belongs to
    (``k-1``), or None for an index of its own.
    """

    family: str
    at: tuple[Index | None, ...] = ()

    def shown(self, families: Families) -> str:
        """Return the family, with its index where it is not the root's own."""
        own = families[self.family].variables
        moved = [
            part is not None and part != Index(v) for v, part in zip(own, self.at, strict=True)
        ]
        if not any(moved):
            return self.family
        parts = (v if part is None else str(part) for v, part in zip(own, self.at, strict=True))
        return f"{self.family}[{', '.join(parts)}]"


@dataclass(frozen=True, slots=True)
class Root:
    """What a derivative is taken of, one number or a number for each value of ``variables``.

    ``index`` is the index of the number, in ``variables``, which are variables of the family.
    ``ends`` are the quantities that the derivative is taken by, where there are ``variables``;
    otherwise it is taken by everything. ``written`` is how the sheet writes the root, where that is
    no name (``l[0] + l[1]``).
    """

    family: str
    index: tuple[Index, ...] = ()
    written: str = ""
    ends: frozenset[Frame] = frozenset()

    @property
    def variables(self) -> tuple[str, ...]:
        """The indices that the root runs over."""
        return tuple(part.variable for part in self.index if part.variable is not None)

    def frame(self) -> Frame:
        """Return the root as it sees itself."""
        return Frame(self.family, tuple(p if p.variable is not None else None for p in self.index))

    def instances(self, families: Families) -> list[tuple[int, ...]]:
        """Return the indices of all numbers that are differentiated, in order."""
        if not self.variables:
            return [tuple(part.offset for part in self.index)]
        return [
            index
            for index in families[self.family].instances
            if all(
                part.variable is not None or part.offset == at
                for part, at in zip(self.index, index, strict=True)
            )
        ]

    def first(self, families: Families) -> Key:
        """Return the first of the numbers that are differentiated."""
        return self.family, (self.instances(families) or families[self.family].instances)[0]

    def index_in(self, frame: Frame, variables: Sequence[str]) -> tuple[Index, ...]:
        """Return the root's index in terms of the index of a frame's family."""
        back = {
            part.variable: Index(variable, -part.offset)
            for variable, part in zip(variables, frame.at, strict=True)
            if part is not None
        }
        return tuple(back.get(part.variable, part) for part in self.index)

    def sees(self, frame: Frame) -> bool:
        """Whether a quantity belongs to one value of the root's index, and that is near enough."""
        settled = [part for part in frame.at if part is not None]
        if {part.variable for part in settled} != set(self.variables):
            return False
        for variable in self.variables:
            near = [
                0,
                *(p.offset for end in self.ends for p in end.at if p and p.variable == variable),
            ]
            offsets = {part.offset for part in settled if part.variable == variable}
            if len(offsets) > 1 or not min(near) <= min(offsets) <= max(near):
                return False
        return True


def seen(index: Sequence[Index], at: Mapping[str, Index | None]) -> tuple[Index | None, ...]:
    """Return what an index belongs to, from what the variables in it belong to."""
    found: list[Index | None] = []
    for part in index:
        inner = at.get(part.variable) if part.variable is not None else None
        found.append(inner.shifted(part.offset) if inner is not None and part.scale == 1 else None)
    return tuple(found)


def seen_input(item: Input, families: Families, frame: Frame) -> Frame:
    """Return a family that the rule of another takes, as the root sees it."""
    assert not isinstance(item, Constant)
    at = dict(zip(families[frame.family].variables, frame.at, strict=True))
    if isinstance(item, Ref):
        return Frame(item.family, seen(item.index, at))
    variables = families[item.family].variables
    if isinstance(item, Every):
        return Frame(item.family, (None,) * len(variables))
    return Frame(item.family, _seen_back(item.pattern, variables, frame.at))


def seen_start(start: Family, frame: Frame) -> Frame:
    """Return the family that starting values stand for, as the root sees it."""
    if not start.is_start and len(start.variables) == len(frame.at):
        return Frame(start.name, frame.at)
    return Frame(start.name, _seen_back(start.start, start.variables, frame.at))


def _seen_back(
    pattern: Sequence[Index], variables: Sequence[str], at: Sequence[Index | None]
) -> tuple[Index | None, ...]:
    back: dict[str | None, Index] = {}
    for part, outer in zip(pattern, at, strict=False):
        if outer is not None and part.variable is not None and part.scale == 1:
            back[part.variable] = outer.shifted(-part.offset)
    return tuple(back.get(variable) for variable in variables)


def frames_between(root: Root, families: Families) -> dict[Frame, None]:
    """Return the families that a derivative goes through, the root first, in a fixed order."""
    start = root.frame()
    found: dict[Frame, list[Frame]] = {}
    pending = [start]
    while pending:
        frame = pending.pop()
        if frame in found:
            continue
        found[frame] = [
            source for source in sources(frame, families) if not root.variables or root.sees(source)
        ]
        pending.extend(found[frame])
    if not root.variables:
        return dict.fromkeys(found)
    kept = {end for end in root.ends if end in found}
    grown = True
    while grown:
        more = {frame for frame, sources in found.items() if kept.intersection(sources)} - kept
        kept |= more
        grown = bool(more)
    return {frame: None for frame in found if frame in kept}


def sources(frame: Frame, families: Families) -> Iterator[Frame]:
    """Yield what a family is made of, as the root sees it."""
    family = families[frame.family]
    if family.kind == "adjoint" and any(part is not None for part in frame.at):
        # A gradient by an index is a quantity like a given one for the next.
        return
    for item in family.rule.inputs if family.rule else ():
        if not isinstance(item, Constant):
            yield seen_input(item, families, frame)
    for name, _ in family.extra.values():
        yield seen_start(families[name], frame)
    if family.kind == "adjoint":
        yield Frame(family.of, frame.at)
