"""A marker's page: one answer after the other in a browser, without any network.

What was marked stays in the browser until the marker downloads it, as the YAML that ``--marks``
takes. The page's policy lets its own script and style run, and nothing else.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from checker.marking.split import Queue
from checker.reports.clean import encodable, visible
from checker.reports.templating import sha256_of, style_with, template

_FOLDER = Path(__file__).with_name("page")


def marking_page(queue: Queue) -> str:
    """Return a marker's page."""
    page: str = template("marking.html", _FOLDER).render(
        queue=queue,
        count=len(queue.marks),
        data=_data(queue),
        style=_style(),
        script=Markup(_script()),
        policy=_policy(),
    )
    return page


def _data(queue: Queue) -> Markup:
    data = {
        "assignment": queue.assignment,
        "split": queue.split,
        "marker": queue.marker,
        "blind": queue.blind,
        "questions": {
            id: {"title": visible(asked.title), "prompt": visible(asked.prompt)}
            for id, asked in queue.questions.items()
        },
        "answers": [
            {
                "student": mark.student,
                "name": mark.name or "",
                "question": mark.question,
                "answer": mark.answer,
                "text": visible(mark.text or ""),
                "hash": mark.hash,
                "max": mark.max_points,
            }
            for mark in queue.marks
        ],
    }
    text = encodable(json.dumps(data, ensure_ascii=False))
    # In a script element nothing may look like the end of one, or like a comment.
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))


def _style() -> Markup:
    return style_with(_FOLDER / "marking.css")


@lru_cache(maxsize=1)
def _script() -> str:
    return (_FOLDER / "marking.js").read_text(encoding="utf-8")


def _policy() -> str:
    return (
        f"default-src 'none'; script-src '{sha256_of(_script())}'; "
        f"style-src '{sha256_of(_style())}'; "
        "base-uri 'none'; form-action 'none'"
    )
