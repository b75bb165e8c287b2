"""Names of people, compared as people write them: any order, case and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_TELLING = 2
"""A shorter part of a name (an initial) tells nobody apart."""


def folded(text: str) -> str:
    """Return text without case and accents, on one line."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def name_tokens(name: str) -> tuple[str, ...]:
    """Return the parts of a name in alphabetical order, so that ``Example, Ada`` is Ada Example."""
    return tuple(sorted("".join(c if c.isalnum() else " " for c in folded(name)).split()))


def names_agree(one: str, other: str) -> bool | None:
    """Say whether two names may be one person's; ``None`` where they can't tell.

    A name may stand without its blanks (``exampleada``). Parts may be left out: names disagree only
    if they have no part in common, and are written in the same script.
    """
    ones, others = name_tokens(one), name_tokens(other)
    if not ones or not others:
        return None
    whole, other_whole = "".join(ones), "".join(others)
    if sorted(whole) == sorted(other_whole):
        return True
    shared = [part for part in ones if len(part) >= _TELLING and part in " ".join(others)]
    shared += [part for part in others if len(part) >= _TELLING and part in " ".join(ones)]
    if shared:
        return True
    return False if whole.isascii() == other_whole.isascii() else None


def nearest(wanted: Iterable[str], known: Iterable[tuple[str, str]], count: int = 2) -> list[str]:
    """Return the labels of what is written most alike; ``known`` are pairs of a text and a label.

    Several texts may have one label, as an id and a name have.
    """
    labels: dict[str, str] = {}
    for text, label in known:
        for form in (folded(text), " ".join(name_tokens(text))):
            if form:
                labels.setdefault(form[:100], label)
    found: dict[str, None] = {}
    for text in wanted:
        for form in (folded(text), " ".join(name_tokens(text))):
            if form:
                close = get_close_matches(form[:100], labels, n=count, cutoff=0.75)
                found.update(dict.fromkeys(labels[match] for match in close))
    return list(found)[:count]
