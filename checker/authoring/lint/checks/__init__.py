"""The checks, one module each, found by looking here."""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module

from checker.authoring.lint.check import Check


@lru_cache(maxsize=1)
def checks() -> dict[str, Check]:
    """All checks by id, in the order of their modules' names."""
    found: dict[str, Check] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        check: Check = import_module(f"{__name__}.{module.name}").CHECK
        if check.id in found:
            raise ValueError(f"the check {check.id!r} is declared twice")
        found[check.id] = check
    return found
