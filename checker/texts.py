"""Very many short texts in little memory: what a class needs of all its students at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray


class Texts(Sequence[str]):
    """Texts one after another as UTF-8, with where each ends: an eighth of what objects take."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._data = bytearray()
        self._ends = array("Q", (0,))
        for text in texts:
            self.append(text)

    def append(self, text: str) -> None:
        """Add a text behind the others."""
        self._data += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._data))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        return self._data[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")


def repeated(texts: Iterable[str]) -> frozenset[int]:
    """Return the hashes of the texts that come more than once.

    By chance another text may have such a hash, so this says which are worth counting.
    """
    hashes, counts = _counted(texts)
    return frozenset(hashes[counts > 1].tolist())


def distinct(texts: Iterable[str]) -> int:
    """Return how many different texts there are."""
    return len(_counted(texts)[0])


def _counted(texts: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the hashes of texts, each once, and how often each comes."""
    hashes, counts = np.unique(np.fromiter(map(hash, texts), dtype=np.int64), return_counts=True)
    return hashes, counts
