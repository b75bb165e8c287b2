"""The Jinja2 environment that the HTML formats share, made at first use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from checker.reports.clean import visible
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
    css = (FOLDER / "style.css").read_text(encoding="utf-8")
    environment.filters["said"] = said
    environment.globals["css"] = Markup(css)
    return environment


@lru_cache(maxsize=8)
def template(name: str, folder: Path = FOLDER) -> Template:
    """Return a compiled template of a folder: the reports' own, or another."""
    return _environment(folder).get_template(name)


def said(text: str) -> Markup:
    """Return a sentence for HTML: what stands between backticks is code."""
    return Markup("").join(
        Markup("<code>{}</code>" if is_code else "{}").format(visible(part))
        for is_code, part in quoted(text)
    )


def escaped(text: str) -> str:
    """Return text for use in HTML, in an element or in a quoted attribute."""
    return str(escape(visible(text)))
