"""What people write that the formula language doesn't read, and what to write in its place.

LaTeX, bars for an absolute value, a prime, powers of functions, calls as in numpy: nothing of this
has a second meaning in the language, so each gets a hint at its character. Nothing is read here.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Mapping

from submissions_schema.validation import did_you_mean

Hint = tuple[int, str]
"""The 0-based character of the source that a hint is about, and the hint."""

_BY_SIGN = {
    "|": "write `abs(x)` for |x|",
    "\u2225": "write `norm(x)`",
    "\u2016": "write `norm(x)`",
    "\u221a": "write `sqrt(x)`",
    "\u2211": "write a sum as `sum(a[t], t)`",
    "\u220f": "write a product out, with `*`",
    "\u2202": "write the derivative itself out",
    "\u2207": "write the derivative itself out",
    "\u222b": "write the value itself",
    "\u221e": "write a number",
    "\u2297": "write `outer(a, b)`, or `*` for a product entry by entry",
    "\u2032": "write `.T` for a transpose, and a derivative out",
    "\u2019": "write `.T` for a transpose, and a derivative out",
    "\u2248": "write the value alone",
    "\u00b1": "write one value",
    "\u00b0": "write the value in radians",
    "$": "leave it out",
    "%": "write a number such as `0.5`",
    "&": "write `and` between comparisons",
    "?": "write `where(condition, then, otherwise)`",
}
_BY_COMMAND = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "over"), "`(a) / (b)`"),
    **dict.fromkeys(("cdot", "times", "odot", "circ", "ast", "bullet"), "`*`"),
    **dict.fromkeys(("left", "right", "big", "Big", "bigl", "bigr"), "the bracket alone"),
    **dict.fromkeys(("partial", "nabla"), "the derivative itself out"),
    **dict.fromkeys(("hat", "widehat"), "the name, such as `yhat`"),
    **dict.fromkeys(("bar", "overline"), "the name, such as `h_bar`"),
    **dict.fromkeys(("top", "intercal", "mathsf"), "`.T` for a transpose"),
    **dict.fromkeys(("mathbf", "mathrm", "text", "boldsymbol", "operatorname"), "the name alone"),
    **dict.fromkeys(("log", "ln"), "`log(x)`"),
    "sigma": "`sigmoid(z)`",
    "sum": "`sum(a[t], t)`",
    "sqrt": "`sqrt(x)`",
    "div": "`/`",
    "infty": "a number",
}
_BY_FUNCTION = {
    "\u03c3": "sigmoid",
    "sigma": "sigmoid",
    "sig": "sigmoid",
    "sigm": "sigmoid",
    "\u03a3": "sum",
    "lg": "log10",
    "log_10": "log10",
    "log_2": "log2",
    "ld": "log2",
    "lb": "log2",
    "log\u2082": "log2",
    "log\u2081\u2080": "log10",
    "log_e": "log",
    "sgn": "sign",
    "tg": "tan",
}
LIBRARIES = frozenset(
    ("np", "numpy", "math", "torch", "jnp", "jax", "tf", "F", "nn", "K", "scipy", "cmath", "mx")
)
"""What stands in front of a function's name in other languages."""

_COMMAND = re.compile(r"\\([A-Za-z]+)")
_INDEX_IN_BRACES = re.compile(r"(?<!\w)(\w*)_\s*\{|()_\s*\{")
_POWER_IN_BRACES = re.compile(r"(\^|\*\*)\s*\{")
_TRANSPOSED = re.compile(r"\^\s*(T\b|\u22a4|\{\s*(?:T|\\top|\\intercal)\s*\})")
_POWER_OF_FUNCTION = re.compile(
    r"(?<!\w)([^\W\d]\w*)\s*(?:\*\*|\^)\s*\(?(-?\d+)\)?\s*(?=\(|[^\W\d])"
)
_LAST_SIGN = re.compile(r"(?:[,;]|(?<=[\])\s])\.|(?<=[^\W\d])\.|(?<=[^\W\d]\d)\.)[,;.]*\Z")
_COMMA_IN_NUMBER = re.compile(r"(?<![\w.])\d+,\d+(?![\w.])")
_PRIME = re.compile(r"(?<=[\w)\]])['\u2019\u2032\u2033]")
_DIGIT_BELOW = re.compile(r"[\u2080-\u2089]+")


def sign_hint(char: str) -> str:
    """Return what to write in place of a character that the language doesn't know, or nothing."""
    if char in _BY_SIGN:
        return _BY_SIGN[char]
    if _DIGIT_BELOW.match(char):
        return f"write an index in square brackets, as in `h[{unicodedata.digit(char)}]`"
    plain = unicodedata.normalize("NFKC", char).replace("\u2044", "/")
    return f"write `{plain}`" if plain != char and plain.isascii() else ""


def notation_hint(source: str, functions: Collection[str]) -> Hint | None:
    """Find notation that can't be part of a formula, whatever stands around it."""
    for find in (_latex, _power_of_function, _sign_at_the_end, _decimal_comma):
        hint = find(source, functions)
        if hint is not None:
            return hint
    return None


def _latex(source: str, functions: Collection[str]) -> Hint | None:
    command = _COMMAND.search(source)
    if command is not None:
        name = command[1]
        write = _BY_COMMAND.get(name)
        if write is None:
            write = f"`{name}(x)`" if name in functions else f"`{name}`"
            if name not in functions and not _is_greek(name):
                write = "it in plain text, such as `a * b / c`"
        message = f"`\\{name}` is LaTeX, which is not part of the formula language: write {write}"
        return command.start(), message
    transposed = _TRANSPOSED.search(source)
    if transposed is not None:
        return transposed.start(), "`^T` is not a transpose here: write `W.T`"
    power = _POWER_IN_BRACES.search(source)
    if power is not None:
        return power.start(), f"`{power[1]}{{` is not a power here: write `x**(\u2026)`"
    index = _INDEX_IN_BRACES.search(source)
    if index is not None:
        name = index[1] or "h"
        return index.end() - 1, (
            "`_{` is not an index here: write it in square brackets, "
            f"as in `{name}[1]`, or the name that the sheet gives"
        )
    return None


def _is_greek(name: str) -> bool:
    try:
        unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda')}")
    except KeyError:
        return False
    return True


def _power_of_function(source: str, functions: Collection[str]) -> Hint | None:
    for found in _POWER_OF_FUNCTION.finditer(source):
        if found[1] in functions:
            power = f"**{found[2]}" if not found[2].startswith("-") else f"**({found[2]})"
            message = f"the power of a function stands behind it: write `{found[1]}(\u2026){power}`"
            return found.start(), message
    return None


def _sign_at_the_end(source: str, _functions: Collection[str]) -> Hint | None:
    last = _LAST_SIGN.search(source)
    if last is None or last.start() == 0:
        return None
    return last.start(), (
        f"`{last[0]}` at the end is not part of the formula language: leave it out"
    )


def _decimal_comma(source: str, _functions: Collection[str]) -> Hint | None:
    for comma in _COMMA_IN_NUMBER.finditer(source):
        before = source[: comma.start()]
        if all(before.count(a) == before.count(b) for a, b in ("()", "[]")):
            number = comma[0].replace(",", ".")
            return comma.start(), f"is `{comma[0]}` a number with a decimal comma? Write `{number}`"
    return None


def syntax_hint(source: str, functions: Collection[str]) -> Hint | None:
    """Find what may be the reason that a text can't be parsed."""
    for find in (_prime, _word_of_python, _brackets, _call_without_brackets):
        hint = find(source, functions)
        if hint is not None:
            return hint
    return None


def _prime(source: str, _functions: Collection[str]) -> Hint | None:
    prime = _PRIME.search(source)
    if prime is None:
        return None
    return prime.start(), f"`{prime[0]}` is not read here: {_BY_SIGN[chr(0x2032)]}"


def _word_of_python(source: str, _functions: Collection[str]) -> Hint | None:
    for found in re.finditer(r"(?<![\w.])[^\W\d]\w*", source):
        if found[0] == "for":
            return found.start(), "to run over an index write `sum(x[t], t)`, without `for`"
        if keyword.iskeyword(found[0]) and found[0] not in _LOGICAL:
            return found.start(), (
                f"`{found[0]}` can't be a name in a formula: call it `{found[0][:3]}` or otherwise"
            )
    return None


_LOGICAL = ("and", "or", "not", "if", "else", "in", "is", "True", "False", "None")


def _brackets(source: str, _functions: Collection[str]) -> Hint | None:
    """Find a bracket that is opened and not closed, closed twice, or closed by another one."""
    closing = {"(": ")", "[": "]", "{": "}"}
    opened: list[int] = []
    for at, char in enumerate(source):
        if char in closing:
            opened.append(at)
        elif char in closing.values():
            if not opened:
                return at, f"the bracket `{char}` is closed and was not opened, or is closed twice"
            last = source[opened.pop()]
            if closing[last] != char:
                return at, f"the bracket `{last}` is closed by `{char}`: expected `{closing[last]}`"
    if opened:
        return opened[-1], f"the bracket `{source[opened[-1]]}` is opened and not closed"
    return None


def _call_without_brackets(source: str, functions: Collection[str]) -> Hint | None:
    for found in re.finditer(r"(?<!\w)([^\W\d]\w*) +([^\W\d]\w*|\d[\d.]*)", source):
        if found[1] in functions:
            message = f"`{found[1]}` needs brackets: write `{found[1]}({found[2]})`"
            return found.start(), message
    return None


def unknown_function(
    name: str, functions: Collection[str], variables: Collection[str], argument: str
) -> str:
    """Return what to say of a call of something that is no function."""
    known = _BY_FUNCTION.get(name)
    if name == "d" and "grad" in functions:
        return "a derivative is written `grad(L, x)`"
    if known in functions:
        hint = f"; did you mean `{known}`?"
    else:
        hint = did_you_mean(name, sorted(functions))
    if name in variables or len(name) <= 2:
        hint += f" (for a product write `{name}*(\u2026)`"
        at = re.sub(r"\s", "", argument)
        is_index = re.fullmatch(r"[0-9]{1,3}|(\w+)([+-][0-9]{1,3})?", at)
        if is_index is not None and (is_index[1] is None or is_index[1] in variables):
            hint += f", for an index `{name}[{at}]`"
        hint += ")"
    return f"unknown function `{name}`{hint}"


def called_of(value: str, name: str, functions: Collection[str]) -> str | None:
    """Return what to say of ``np.tanh(x)`` or ``W.dot(x)``; None where nothing better is known."""
    if value in LIBRARIES:
        known = name if name in functions else _BY_FUNCTION.get(name, "")
        return f"write `{known}(\u2026)` without `{value}.`" if known in functions else None
    if name in ("dot", "matmul", "mm"):
        return "write the matrix product as `A @ B`"
    if name in ("transpose", "t"):
        return "write the transpose as `.T`"
    if name in functions:
        return f"a function's name comes first: write `{name}(\u2026)`"
    return None


GRAMMAR: Mapping[str, re.Pattern[str]] = {
    "command": _COMMAND,
    "transposed": _TRANSPOSED,
    "power in braces": _POWER_IN_BRACES,
    "index in braces": _INDEX_IN_BRACES,
    "power of a function": _POWER_OF_FUNCTION,
    "last sign": _LAST_SIGN,
    "comma in a number": _COMMA_IN_NUMBER,
}
"""What is refused wherever it stands, for a page that reads formulas in another language."""

WRITE_FOR_SIGN: Mapping[str, str] = _BY_SIGN
"""What to write in place of a character that the language doesn't know."""

WRITE_FOR_COMMAND: Mapping[str, str] = _BY_COMMAND
"""What to write in place of a command of LaTeX."""

FUNCTION_FOR: Mapping[str, str] = _BY_FUNCTION
"""What a function is called here that is called otherwise elsewhere."""
