r"""LaTeX to MathML that browsers draw well, checked against a list of allowed elements.

latex2mathml does the translation. Its output is parsed and rebuilt, because some of it can't be
used as it comes (version 3.81):

- ``\text{<b>}`` and ``&`` are not escaped, ``\href`` passes ``javascript:`` on, and an unknown
  command is printed as an identifier. Anything outside the allowed list, or not well-formed, falls
  back to the LaTeX as it is written.
- Browsers (MathML Core) put no space after a function's name: ``\log x`` is drawn "logx". A thin
  space is put where one is due.
- ``\operatorname`` and ``\top`` become operators with wide spaces around them; they are
  identifiers.
- The brackets of ``bmatrix`` only stretch where they stand first or last; they are told to.
- ``\overline`` is a horizontal bar that fonts don't stretch; it is a macron.
- ``mathvariant="bold"`` is not in MathML Core; a class stands for it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from checker.reports.clean import one_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LONGEST = 4000
_NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
_TAGS = re.compile(
    "math|mrow|mi|mo|mn|mtext|mspace|mfrac|msqrt|mroot|mstyle|mpadded|mphantom"
    "|msub|msup|msubsup|munder|mover|munderover|mtable|mtr|mtd"
)
_ATTRIBUTES = re.compile(
    "accent|accentunder|stretchy|symmetric|fence|form|separator|movablelimits|largeop|minsize"
    "|maxsize|lspace|rspace|linethickness|displaystyle|scriptlevel|width|height|depth"
    "|columnalign|rowalign|columnspacing|rowspacing"
)
_VALUE = re.compile(r"[\w.%+\- ]*")
_SCRIPTS = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
_ROWS = frozenset(("mrow", "mtd", "math", "msqrt", "mstyle"))
_BARS = {"\u2015": "\u00af"}
_TRANSPOSED = "\u22a4"
_STRAY = frozenset(("{}", "}", "&"))


class _BrokenError(ValueError):
    """What came out isn't the mathematics that went in."""


def _is_function(node: Element) -> bool:
    """Say whether a node is a function's name such as log, with or without scripts."""
    if node.tag in _SCRIPTS:
        return _is_function(node[0])
    return node.tag == "mi" and len(node.text or "") > 1 and (node.text or "").isalpha()


def _needs_space(node: Element) -> bool:
    """Say whether a node next to a function's name needs a space between."""
    if node.tag in _SCRIPTS:
        return _needs_space(node[0])
    if node.tag == "mrow" and len(node):
        return _needs_space(node[0])
    return node.tag not in {"mo", "mspace"}


def _rebuild(node: Element) -> None:
    _check(node)
    text = node.text or ""
    if node.tag == "mo" and (text == _TRANSPOSED or (len(text) > 1 and text.isalpha())):
        node.tag = "mi"
        node.attrib.clear()
    node.text = _BARS.get(text, text) or None
    for child in node:
        _rebuild(child)
    children = list(node)
    for place, child in enumerate(children):
        if child.tag == "mtable":
            for fence, form in ((place - 1, "prefix"), (place + 1, "postfix")):
                if 0 <= fence < len(children) and children[fence].tag == "mo":
                    children[fence].attrib.update(stretchy="true", fence="true", form=form)
    if node.tag in _ROWS:
        _space(node, children)


def _check(node: Element) -> None:
    text = node.text or ""
    if not _TAGS.fullmatch(node.tag) or "\\" in text or (node.tag == "mi" and text in _STRAY):
        raise _BrokenError(f"<{node.tag}>{text}")
    variant = node.attrib.get("mathvariant", "")
    for name in list(node.attrib):
        if not (_ATTRIBUTES.fullmatch(name) and _VALUE.fullmatch(node.attrib[name])):
            del node.attrib[name]
    if variant == "normal" and node.tag == "mi":
        node.set("mathvariant", variant)
    elif "bold" in variant:
        node.set("class", "bold")


def _space(node: Element, children: list[Element]) -> None:
    from xml.etree.ElementTree import Element  # noqa: PLC0415

    added = 0
    for place, (left, right) in enumerate(pairwise(children), start=1):
        after = _is_function(left) and _needs_space(right)
        before = _is_function(right) and (
            _needs_space(left) or (left.tag == "mo" and left.text in {")", "]"})
        )
        if after or before:
            node.insert(place + added, Element("mspace", {"width": "0.17em"}))
            added += 1


@lru_cache(maxsize=8192)
def mathml(latex: str) -> Markup | None:
    """Return LaTeX as one ``<math>`` element, or ``None`` if it is empty or can't be shown so."""
    from xml.etree import ElementTree  # noqa: PLC0415

    from latex2mathml.converter import convert  # noqa: PLC0415

    source = " ".join(latex.split())
    if not source or len(source) > _LONGEST or not source.isprintable():
        return None
    try:
        root = ElementTree.fromstring(convert(source).replace(_NAMESPACE, "", 1))
        _rebuild(root)
        root.attrib.pop("display", None)
        root.set("displaystyle", "true")
        return Markup(ElementTree.tostring(root, encoding="unicode"))
    except Exception:  # whatever it trips over, the formula can be shown as it is written
        return None


@lru_cache(maxsize=8192)
def formula(latex: str) -> Markup:
    """Return LaTeX as MathML, or its source as code if that fails."""
    return mathml(latex) or Markup("<code>{}</code>").format(escape(one_line(latex)))
