"""What was handed in, from a folder or an archive: submissions, what is refused, who is behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path, PurePosixPath

from checker.folder.finding import leads_out, names_below
from checker.lms.archives import (
    Refused,
    almost_a_submission,
    is_archive,
    is_hidden,
    is_submission,
    unpack,
    unpack_handed_in,
)
from checker.lms.downloads import (
    Submitter,
    is_handed_in_archive,
    is_metadata,
    read_metadata,
    without_submission,
)
from checker.texts import Texts
from submissions_schema.problems import InputError, Place, Problem

_LISTED = 5


@dataclass(frozen=True, slots=True)
class Collected:
    """The submissions of a folder or an archive, by their paths from there.

    What was ``unpacked`` from archives lies below ``aside``, the rest below ``root``. ``refused``
    are files that can't be taken; they are somebody's. ``submitters`` are whom Gradescope's list
    names, by folder.
    """

    root: Path
    names: Sequence[str]
    aside: Path | None = None
    unpacked: frozenset[str] = frozenset()
    refused: tuple[Refused, ...] = ()
    submitters: Mapping[str, tuple[Submitter, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def root_of(self, name: str) -> Path:
        """Return the folder that a file must not lead out of."""
        return self.aside if self.aside is not None and name in self.unpacked else self.root

    def path_of(self, name: str) -> Path:
        """Return where a file lies."""
        return self.root_of(name) / name

    def without(self, paths: Iterable[Path]) -> Collected:
        """Return the same without files that are no submissions."""
        left_out = {os.path.realpath(path) for path in paths}
        if not left_out:
            return self
        kept = (n for n in self.names if os.path.realpath(self.path_of(n)) not in left_out)
        return replace(self, names=Texts(kept))


@contextmanager
def collected(source: Path, outputs: Path | None = None) -> Iterator[Collected]:
    """Find the submissions of a folder or a zip archive, which is taken out for the time being.

    Archives that students handed in are opened too. ``outputs`` is where reports of an earlier run
    may stand, which are no submissions. Raises :class:`InputError` for an archive that can't be
    used.
    """
    if not is_archive(source):
        names = names_below(source, outputs)
        archives = [name for name in names if _is_archive(source, name)]
        opened = frozenset(name for name in archives if is_handed_in_archive(name))
        remarks = [
            f"{name}: this archive is not opened; grade it by itself"
            for name in archives
            if name not in opened
        ]
        if not opened:
            yield _found(Collected(source, names), (), remarks)
            return
        with tempfile.TemporaryDirectory(prefix="checker-") as made:
            aside = Path(made)
            refused: list[Refused] = []
            others: list[str] = []
            for name in sorted(opened):
                refused += unpack_handed_in(source / name, name, aside, others=others)
            taken = frozenset(names_below(aside))
            every = sorted({*names, *taken, *others})
            yield _found(Collected(source, every, aside, taken), refused, remarks)
        return
    with tempfile.TemporaryDirectory(prefix="checker-") as made:
        root = Path(made)
        others = []
        refused = list(unpack(source, root, others=others))
        yield _found(Collected(root, sorted({*names_below(root), *others})), refused, ())


def _is_archive(folder: Path, name: str) -> bool:
    path = folder / name
    return (
        name.lower().endswith(".zip")
        and not is_hidden(PurePosixPath(name))
        and not leads_out(path, folder)
        and is_archive(path)
    )


def _found(every: Collected, refused: Sequence[Refused], remarks: Sequence[str]) -> Collected:
    """Return what was found with its submissions alone, and what is to be said of the rest."""
    names, others = Texts(), Texts()
    submitters: dict[str, tuple[Submitter, ...]] = {}
    remarks = list(remarks)
    kept = [item for item in refused if not is_metadata(item.file)]
    known = {item.file for item in kept}
    for name in every.names:
        if is_hidden(PurePosixPath(name)):
            continue
        if not is_submission(name):
            others.append(name)
            if (why := almost_a_submission(name)) and name not in known:
                kept.append(Refused(name, Problem(why, Place(name))))
        elif not is_metadata(name):
            names.append(name)
        elif not leads_out(every.path_of(name), every.root_of(name)):
            try:
                submitters.update(read_metadata(every.path_of(name), name))
            except InputError as error:
                remarks.append(f"{error.problems[0]}; it says nothing of who handed in")
    files = Texts(chain(names, [item.file for item in kept]))
    kept += [_no_submission(lone) for lone in without_submission(files, others)]
    return Collected(
        every.root,
        names,
        every.aside,
        every.unpacked,
        tuple(kept),
        submitters,
        tuple(remarks),
    )


def _no_submission(files: Sequence[str]) -> Refused:
    """Return the refusal for someone who handed in, but nothing that can be graded."""
    names = ", ".join(PurePosixPath(file).name for file in files[:_LISTED])
    got = names + (", ..." if len(files) > _LISTED else "")
    message = "there is no YAML file in what was handed in"
    return Refused(files[0], Problem(message, Place(files[0]), "a *.yaml file", got))
