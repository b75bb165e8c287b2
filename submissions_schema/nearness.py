"""Which known word another one is likely meant to be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
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

    Writing a word otherwise counts for nothing: `θ` is `theta`, `ŷ` is `y_hat`, `X` is `x`. A word
    of the same letters is nearest: `tahn` is `tanh`, not `tan`.
    """
    known = list(known)
    word = word[:_LONGEST]
    spelt = {_spelt_out(name): name for name in reversed(known)}
    same = spelt.get(_spelt_out(word))
    if same is not None:
        return same
    folded = {name.casefold(): name for name in reversed(known)}
    letters = sorted(word.casefold())
    swapped = [name for name in folded if len(word) > 2 and sorted(name) == letters]
    if swapped:
        return folded[swapped[0]]
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[near[0]] if near else None


def same_key(word: str, known: Iterable[str]) -> list[str]:
    """Return the keys that another spelling can mean: several, where it doesn't tell them apart.

    Signs between parts count only between two digits (`w_1_2` is not `w_12`), and the case only
    where keys differ in nothing else: `h0` is `h_0`, `dL/dV` is `dL_dV`, `ŷ` is `y_hat`.
    """
    known = list(known)
    plain = _letters(word[:_LONGEST])
    same = [name for name in known if _letters(name) == plain]
    return same or [name for name in known if _letters(name).casefold() == plain.casefold()]


_BETWEEN = r"[\s_\-./()\[\]{}$`\"\\\u2010\u2011]"
_SUPERSCRIPTS = {
    ord(sign): f"^{digit}"
    for digit, sign in enumerate("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
}
_MINUS = re.compile(rf"(?:\A|(?<={_BETWEEN}))[-\u2212](?=[0-9])")


def _letters(word: str) -> str:
    """Return a key without the signs between its parts; `|` stands where they part digits."""
    plain = unicodedata.normalize("NFKD", word.translate(_CYRILLIC).translate(_SUPERSCRIPTS))
    plain = plain.replace("\u2202", "d")
    plain = _MINUS.sub("\u2212", plain.strip())
    plain = re.sub(rf"(?<=[0-9])(?:{_BETWEEN})+(?=[0-9\u2212])", "|", plain)
    plain = re.sub(_BETWEEN, "", plain)
    return "".join(_letter(char) for char in plain)


def _letter(char: str) -> str:
    """Return a character in ASCII letters, as far as it can be so written; in its case."""
    greek = _GREEK.match(unicodedata.name(char, ""))
    if char in _MARKS:
        return _MARKS[char]
    if greek is None:
        return char
    name = greek[1].replace("LAMDA", "LAMBDA").lower()
    return name.capitalize() if char.isupper() else name


LETTERS: Mapping[str, str] = {
    **{chr(code): chr(meant) for code, meant in _CYRILLIC.items()},
    **{chr(code): _letter(chr(code)) for code in range(0x391, 0x3CA) if chr(code).isalpha()},
    **_MARKS,
}
"""Letters that are read as others, for a page that reads keys in another language."""


def _spelt_out(word: str) -> str:
    """Return a word in small ASCII letters without underscores, as far as it can be so written."""
    plain = unicodedata.normalize("NFKD", word.translate(_CYRILLIC)).replace("_", "")
    return "".join(_letter(char) for char in plain).casefold()
