"""Writing files whole or not at all: everything aside first, then put in place by renaming."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from errno import EISDIR
from pathlib import Path

ASIDE = ".writing-"
"""How the names of what is being written begin; whatever is called so may be deleted."""

Content = bytes | Iterable[bytes]


def put_in_place(path: Path, content: Content) -> None:
    """Write a file, so that it is there whole or as it was. Raises OSError."""
    put_all_in_place({path: content})


def put_all_in_place(files: Mapping[Path, Content]) -> None:
    """Write files, all of them aside before the first is put in place. Raises OSError.

    A file that is replaced keeps its permissions. Missing folders are made.
    """
    aside: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            if path.is_dir():
                raise IsADirectoryError(
                    EISDIR, "a folder stands where this file belongs", str(path)
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=ASIDE)
            aside[path] = Path(name)
            with os.fdopen(handle, "wb") as stream:
                stream.writelines((content,) if isinstance(content, bytes) else content)
            aside[path].chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for path, written in aside.items():
            written.replace(path)
    finally:
        for written in aside.values():
            written.unlink(missing_ok=True)
