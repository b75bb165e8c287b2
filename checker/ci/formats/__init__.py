"""The formats that ``checker ci`` can write: one module each, with its record in ``FORMAT``."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.ci.format import Format


def names() -> tuple[str, ...]:
    """Return the names of all formats: what ``--format`` takes. Imports none of them."""
    return tuple(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def load(chosen: Sequence[str]) -> dict[str, Format]:
    """Return the records of some formats by their names, each once. Raises :class:`KeyError`."""
    from importlib import import_module  # noqa: PLC0415

    known = names()
    found: dict[str, Format] = {}
    for name in chosen:
        if name not in known:
            raise KeyError(name)
        found[name] = import_module(f"{__name__}.{name.replace('-', '_')}").FORMAT
    return found
