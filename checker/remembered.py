"""What was made once and may be asked for again, within bounds."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


class Remembered(Generic[KeyT, ValueT]):
    """Values by what they were made of, at most ``most`` of them; when it is full, it starts anew.

    For what can't be a cached function, because not everything that is made may be kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[KeyT, ValueT] = {}

    def get(self, key: KeyT) -> ValueT | None:
        """Return what was made before; None where nothing is remembered."""
        return self._values.get(key)

    def keep(self, key: KeyT, value: ValueT) -> ValueT:
        """Remember a value, and return it."""
        if len(self._values) >= self._most:
            self._values.clear()
        self._values[key] = value
        return value
