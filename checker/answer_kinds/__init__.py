"""The kinds of answers, one module a kind, found by looking here."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.kind import AnswerKind
from submissions_schema.answers import AnswerSpec


@lru_cache(maxsize=1)
def answer_kinds() -> Mapping[type[AnswerSpec], AnswerKind[Any, Any, Any]]:
    """All kinds of answers, by the model of what an assignment says of one."""
    found: dict[type[AnswerSpec], AnswerKind[Any, Any, Any]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        if not module.ispkg and module.name != "kind":
            kind: AnswerKind[Any, Any, Any] = import_module(f"{__name__}.{module.name}").KIND
            found[kind.spec] = kind
    return found


def kind_of_form(form: AnswerForm) -> AnswerKind[Any, Any, Any]:
    """Return the kind of an answer by what a handout says of it."""
    return next(kind for kind in answer_kinds().values() if kind.form is type(form))


def kind_of(spec: AnswerSpec) -> AnswerKind[Any, Any, Any]:
    """Return the kind of an answer that is asked for."""
    return answer_kinds()[type(spec)]


answer_kinds()  # an assignment may ask for any of them from here on, once the kinds are known
