"""The version of this checker."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Return the version that is installed; empty where the sources run as they are."""
    try:
        return version("homework-checker")
    except PackageNotFoundError:
        return ""
