"""Very many short texts in little memory: what a class needs of all its students at once."""

from __future__ import annotations

import os
import pickle
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from typing import IO, overload

import numpy as np
from numpy.typing import NDArray


class Texts(Sequence[str]):
    """Texts one after another, in blocks; all but the last block are in a file without a name."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._last: list[str] = []
        self._starts = array("Q")
        self._file: IO[bytes] | None = None
        self._read: tuple[int, list[str]] = (-1, [])
        for text in texts:
            self.append(text)

    def append(self, text: str) -> None:
        """Add a text behind the others. Raises OSError."""
        self._last.append(text)
        if len(self._last) == _BLOCK:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as this lives
                weakref.finalize(self, self._file.close)
            self._starts.append(self._file.seek(0, os.SEEK_END))
            pickle.dump(self._last, self._file)
            self._last = []

    def __len__(self) -> int:
        return _BLOCK * len(self._starts) + len(self._last)

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        number, at = divmod(range(len(self))[index], _BLOCK)
        return self._block(number)[at]

    def _block(self, number: int) -> list[str]:
        if number == len(self._starts):
            return self._last
        if number != self._read[0]:
            assert self._file is not None
            self._file.seek(self._starts[number])
            self._read = number, pickle.load(self._file)
        return self._read[1]


_BLOCK = 256
"""So many texts are read at once; they mostly are asked for in order."""


def sorted_texts(texts: Iterable[str]) -> Texts:
    """Return texts in order, of which only some are in memory at a time."""
    rest, parts = iter(texts), []
    while part := sorted(islice(rest, _SORTED)):
        parts.append(Texts(part))
    return Texts(merge(*parts))


_SORTED = 10_000
"""So many texts are sorted at once."""


def repeated(texts: Iterable[str]) -> frozenset[int]:
    """Return the hashes of the texts that come more than once.

    By chance another text may have such a hash, so this says which are worth counting.
    """
    hashes, counts = _counted(texts)
    return frozenset(hashes[counts > 1].tolist())


def distinct(texts: Iterable[str]) -> int:
    """Return how many different texts there are."""
    return len(counts(texts))


def counts(texts: Iterable[str]) -> Sequence[int]:
    """Return how often each of the different texts comes."""
    found: list[int] = _counted(texts)[1].tolist()
    return found


def _counted(texts: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the hashes of texts, each once, and how often each comes."""
    hashes, counts = np.unique(np.fromiter(map(hash, texts), dtype=np.int64), return_counts=True)
    return hashes, counts
