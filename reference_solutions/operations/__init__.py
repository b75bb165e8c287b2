"""The operations of the formula language: one module an operation, found by looking here."""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module

from reference_solutions.operations.operation import Mistake, Operation


@lru_cache(maxsize=1)
def operations() -> dict[str, Operation]:
    """All operations by name."""
    found: dict[str, Operation] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        # The other modules are what several operations share.
        operation = getattr(import_module(f"{__name__}.{module.name}"), "OPERATION", None)
        if isinstance(operation, Operation):
            found[operation.name] = operation
    return found


@lru_cache(maxsize=1)
def callable_operations() -> dict[str, Operation]:
    """Return the operations that a formula may call, by name and alias."""
    found: dict[str, Operation] = {}
    for operation in operations().values():
        if operation.public:
            for name in (operation.name, *operation.aliases):
                found[name] = operation
    return found


@lru_cache(maxsize=1)
def _by_any_name() -> dict[str, Operation]:
    return {**callable_operations(), **operations()}


def operation_called(name: str) -> Operation | None:
    """Return the operation of a name in an expression tree: its own, or one it can be called by."""
    return _by_any_name().get(name)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, tuple[Operation, Mistake]]:
    """All declared mistakes by id, each with its operation."""
    found: dict[str, tuple[Operation, Mistake]] = {}
    for operation in operations().values():
        for mistake in operation.mistakes:
            if mistake.id in found:
                raise ValueError(f"mistake id {mistake.id!r} is declared twice")
            found[mistake.id] = (operation, mistake)
    return found
