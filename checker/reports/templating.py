"""The Jinja2 environment that the HTML formats share, made at first use."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from checker.reports.clean import visible
from checker.reports.common import kept
from checker.reports.layout import quoted

if TYPE_CHECKING:
    from jinja2 import Environment, Template

FOLDER = Path(__file__).with_name("templates")


def _finalize(value: object) -> object:
    # Every plain string that a template prints passes here, so that none is forgotten.
    return visible(value) if type(value) is str else value


@lru_cache(maxsize=2)
def _environment(folder: Path) -> Environment:
    import jinja2  # noqa: PLC0415

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        finalize=_finalize,
    )
    environment.filters["said"] = said
    environment.globals["css"] = Markup(style())
    return environment


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def script(name: str) -> str:
    """Return a script of the templates folder, as a page has it inline."""
    return f"\n{_text(name)}"


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style that all pages have."""
    return _text("style.css")


@lru_cache(maxsize=8)
def style_with(own: Path) -> Markup:
    """Return the style that all pages have, with a page's own after it."""
    return Markup(style() + own.read_text(encoding="utf-8"))


def sha256_of(text: str) -> str:
    """Return the hash of a script as a content security policy names it."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@lru_cache(maxsize=8)
def template(name: str, folder: Path = FOLDER) -> Template:
    """Return a compiled template of a folder: the reports' own, or another."""
    return _environment(folder).get_template(name)


@kept
def said(text: str) -> Markup:
    """Return a sentence for HTML: what stands between backticks is code."""
    return Markup(
        "".join(
            [
                f"<code>{escaped(part)}</code>" if is_code else escaped(part)
                for is_code, part in quoted(text)
            ]
        )
    )


@kept
def escaped(text: str) -> str:
    """Return text for use in HTML, in an element or in a quoted attribute."""
    return str(escape(visible(text)))
