"""Which known word another one is likely meant to be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.65
"""How alike two words must be (see :mod:`difflib`): `fourt` is no `first`."""
_MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot"}
_CYRILLIC = str.maketrans(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u04bb\u0501"
    "\u0410\u0412\u0421\u0415\u041d\u0406\u041a\u041c\u041e\u0420\u0422\u0425",
    "aceopxyijhdABCEHIKMOPTX",
)
_GREEK = re.compile(r"GREEK .*LETTER (?:FINAL )?(\w+)")
_LONGEST = 100


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that another one is likely meant to be, or None.

    Writing a word otherwise counts for nothing: `θ` is `theta`, `ŷ` is `y_hat`, `X` is `x`.
    """
    known = list(known)
    word = word[:_LONGEST]
    spelt = {_spelt_out(name): name for name in reversed(known)}
    same = spelt.get(_spelt_out(word))
    if same is not None:
        return same
    folded = {name.casefold(): name for name in reversed(known)}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[near[0]] if near else None


def _spelt_out(word: str) -> str:
    """Return a word in small ASCII letters without underscores, as far as it can be so written."""
    letters: list[str] = []
    for char in unicodedata.normalize("NFKD", word.translate(_CYRILLIC)):
        greek = _GREEK.match(unicodedata.name(char, ""))
        if char in _MARKS:
            letters.append(_MARKS[char])
        elif greek is not None:
            letters.append(greek[1].replace("LAMDA", "lambda"))
        elif char != "_":
            letters.append(char)
    return "".join(letters).casefold()
