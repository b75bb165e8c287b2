"""An order in which everything comes after what it needs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

_T = TypeVar("_T", bound=Hashable)


class CycleError(ValueError, Generic[_T]):
    """Something needs itself; ``cycle`` is what it leads through, each needing the next."""

    def __init__(self, cycle: list[_T]) -> None:
        super().__init__("there is a cycle")
        self.cycle = cycle


def sources_first(starts: Iterable[_T], sources: Callable[[_T], Iterable[_T]]) -> Iterator[_T]:
    """Yield ``starts`` and all that they need, each once and after its ``sources``.

    Depth first and without recursion; what is needed is asked for only when it is come to. Raises
    :class:`CycleError`.
    """
    done: set[_T] = set()
    for start in starts:
        if start in done:
            continue
        path = {start: None}
        stack = [(start, iter(sources(start)))]
        while stack:
            one, needed = stack[-1]
            for source in needed:
                if source in done:
                    continue
                if source in path:
                    on_path = list(path)
                    raise CycleError(on_path[on_path.index(source) :])
                path[source] = None
                stack.append((source, iter(sources(source))))
                break
            else:
                stack.pop()
                del path[one]
                done.add(one)
                yield one
