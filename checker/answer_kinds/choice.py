"""Multiple choice: one or several options, marked as a set or option by option."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from checker.answer_kinds.forms.editor import Schema, words_schema
from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.forms.names import NamedQuantity
from checker.answer_kinds.forms.sheet import Reading
from checker.answer_kinds.kind import Box, Revealed, Settled, SettledKind
from checker.answer_kinds.reading.written import Unreadable
from reference_solutions.assignment import Asked, Assignment
from reference_solutions.graph import Array, Graph
from reference_solutions.language.notation import Notation
from submissions_schema.answers import ChoiceAnswer
from submissions_schema.nearness import nearest
from submissions_schema.problems import Problem
from submissions_schema.quantities import EntryId
from submissions_schema.validation import Found, problem_error
from submissions_schema.yaml_reader import shown

_BETWEEN = re.compile(r"\s*[,;&|+\n]\s*|\s+and\s+", re.IGNORECASE)
_AROUND = " \t\n.:,;()[]*`'\""
_BEFORE = re.compile(r"(?:option|answer|choice)\s+(?=\S)", re.IGNORECASE)


Options: TypeAlias = Mapping[str, str]


class ChoiceForm(AnswerForm):
    """The form of a choice: its options."""

    kind: Literal["choice"]
    options: Annotated[
        dict[EntryId, str], Field(default_factory=dict, description="Option id -> its text.")
    ]

    @model_validator(mode="after")
    def _has_options(self) -> Self:
        if len(self.options) < 2:
            raise problem_error(Found("a choice needs options", expected="at least two `options`"))
        return self


class _Choice(SettledKind[ChoiceAnswer, ChoiceForm, tuple[str, ...]]):
    spec = ChoiceAnswer
    form = ChoiceForm

    def form_of(
        self, asked: Asked, assignment: Assignment, names: Sequence[str]
    ) -> Mapping[str, object]:
        assert isinstance(asked.spec, ChoiceAnswer)
        return {"options": dict(asked.spec.options)}

    def impossible(self, spec: ChoiceAnswer, right: Array | None) -> str:
        if spec.correct:
            return ""
        return "no option is right, and to choose none can't be written down"

    def words(self, form: ChoiceForm, names: Mapping[str, NamedQuantity]) -> str:
        return f"one of: {', '.join(form.options)} (or several of them, as a list)"

    def listed(self, form: ChoiceForm) -> Mapping[str, str]:
        return form.options

    def schema(self, form: ChoiceForm) -> Schema:
        words = words_schema(form.options)
        return {"anyOf": [{"enum": [*words, None]}, {"type": "array", "items": {"enum": words}}]}

    def box(self, form: ChoiceForm) -> Box:
        return {"box": "choice"}

    def read(self, reading: Reading[ChoiceAnswer | ChoiceForm]) -> tuple[str, ...] | Unreadable:
        """Read the options that were chosen, each once.

        One option may stand alone, several in a list or with commas between them.
        """
        tree, options = reading.tree, reading.asks.options
        chosen: dict[str, None] = {}
        problems: list[Problem] = []
        for at, item in enumerate(tree if isinstance(tree, list) else [tree]):
            place = reading.document.place(
                (*reading.path, at) if isinstance(tree, list) else reading.path
            )
            if not isinstance(item, str):
                problems.append(Problem("a choice is one option, or a list of options", place))
                continue
            for part in _parts(item, options):
                option = _option(part, options)
                if option is None:
                    problems.append(Problem(_not_offered(part, options), place))
                else:
                    chosen[option] = None
        return Unreadable(tuple(problems), placed=False) if problems else tuple(chosen)

    def judge(self, written: tuple[str, ...], reading: Reading[ChoiceAnswer]) -> Settled:
        """Compare the options that were chosen with the right ones.

        With ``exact`` marking the set must be right; with ``per_option`` each right option earns
        its share and each wrong one costs the penalty, and the total is never below zero.
        """
        spec = reading.asks
        right = [option for option in written if option in spec.correct]
        wrong = len(written) - len(right)
        if not wrong and len(right) == len(spec.correct):
            return Settled("correct", "Right.", 1.0)
        listed = _listed(written, spec)
        if spec.marking == "exact":
            alone = len(written) == 1
            message = "Not the right choice." if alone else "Not the right set of options."
            return Settled("wrong", f"{message}{listed}")
        share = max(0.0, (len(right) - spec.penalty * wrong) / max(len(spec.correct), 1))
        # How many are missing would say how many there are.
        more = "" if len(right) == len(spec.correct) else " Not all right ones were chosen."
        message = f"Of the options that you chose: {len(right)} right, {wrong} wrong."
        said = f"{listed} {message}{more}".strip()
        return Settled("partial" if share > 0 else "wrong", said, min(share, 1.0))

    def reveal(
        self, spec: ChoiceAnswer, node: int | None, graph: Graph, notation: Notation
    ) -> Revealed:
        return Revealed("; ".join(_option_text(option, spec) for option in spec.correct))


KIND = _Choice()


def _listed(chosen: Sequence[str], spec: ChoiceAnswer) -> str:
    """Return what was chosen, in the words of the sheet, if it has any for the options."""
    if not any(spec.options[option] for option in chosen):
        return ""
    said = [f"`{option}`{_option_text(option, spec)[len(option) :]}" for option in chosen]
    return f" You chose {'; '.join(said)}."


def _option_text(option: str, spec: ChoiceAnswer) -> str:
    """Return an option with the words that the sheet has for it."""
    about = (spec.options[option] or "").strip().rstrip(".")
    return f"{option}: {about}" if about else option


def _option(text: str, options: Options) -> str | None:
    """Return the option that a text names: ``b``, ``B.``, ``(b)``, ``option b``."""
    by_name = {option.casefold(): option for option in reversed(list(options))}
    plain = text.strip().casefold()
    bare = _BEFORE.sub("", plain.strip(_AROUND), count=1)
    return by_name.get(plain) or by_name.get(plain.strip(_AROUND)) or by_name.get(bare)


def _parts(text: str, options: Options) -> list[str]:
    """Return the options that one text lists, or the text where it lists none."""
    if _option(text, options) is not None:
        return [text]
    parts = [part for part in _BETWEEN.split(text.strip(_AROUND)) if part]
    return parts if any(_option(part, options) is not None for part in parts) else [text]


def _not_offered(text: str, options: Options) -> str:
    text = text.strip()
    offered = ", ".join(f"`{option}`" for option in options)
    message = f"{shown(text)} is not offered: expected {offered}"
    words = [_option(word, options) for word in text[:1_000].split()]
    named = [word for word in words if word is not None]
    if len(named) == len(words) > 1:
        return f"{message}. Several options are a list: [{', '.join(named)}]"
    said = {about.strip().casefold(): option for option, about in options.items() if about}
    near = said.get(text.casefold()) or nearest(text, options)
    return f"{message}. Did you mean `{near}`?" if near is not None else message
