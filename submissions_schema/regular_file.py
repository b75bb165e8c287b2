"""Opening a file that a stranger sent: a regular one, nothing that blocks or never ends."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from submissions_schema.problems import InputError, Place, Problem

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
}
# A pipe without a writer must not keep the opening waiting; neither flag is known everywhere.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_regular(path: Path, name: str | None = None) -> BinaryIO:
    """Open a regular file for reading; ``name`` is what places call it.

    Raises :class:`InputError` for what isn't there or can't be opened, and for pipes, devices,
    folders and links that lead to themselves or to one of these. Nothing is waited for.
    """
    name = name or str(path)
    try:
        # A device acts on being opened, so that it is looked at first; then what was opened counts.
        _refuse_kind(path.stat().st_mode, name)
        handle = os.open(path, _FLAGS)
        try:
            _refuse_kind(os.fstat(handle).st_mode, name)
            return os.fdopen(handle, "rb")
        except BaseException:
            os.close(handle)
            raise
    except FileNotFoundError:
        raise InputError([Problem("there is no such file", Place(name))]) from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError([Problem(f"the file can't be read: {reason}", Place(name))]) from None


def _refuse_kind(mode: int, name: str) -> None:
    if not stat.S_ISREG(mode):
        got = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise InputError([Problem("this is not a file", Place(name), "a regular file", got)])
