"""The template: a submission to fill in. Nothing but the handout goes into it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from checker.answer_kinds import kind_of_form
from checker.answer_kinds.forms.form import AnswerForm
from checker.answer_kinds.forms.names import NamedQuantity
from checker.answer_kinds.forms.words import FEW, count_words
from checker.reports.clean import one_line
from checker.students.handout import Handout, QuestionForm
from checker.students.wording import points_words
from submissions_schema.submission import PLACEHOLDER_ID

_WIDTH = 96
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)
_NOT_TEXT = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


def schema_name(handout: Handout) -> str:
    """Return what the JSON Schema of an assignment is called by convention."""
    return f"{handout.assignment}.schema.json"


def template_text(
    handout: Handout, *, schema: str | None = None, student: str = PLACEHOLDER_ID
) -> str:
    """Return a submission without answers.

    ``schema`` is where an editor finds the JSON Schema: a path relative to the submission, or a
    URL; left out, the conventional name beside the submission.
    """
    return "\n".join(_lines(handout, schema or schema_name(handout), student)) + "\n"


def _lines(handout: Handout, schema: str, student: str) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={''.join(one_line(schema).split())}"
    yield "#"
    course = f" ({handout.course})" if handout.course else ""
    yield from _comment(f"{handout.title or handout.assignment}{course}", "")
    yield from _comment(handout.description, "")
    yield "#"
    yield from _how_to_write(handout)
    yield f"assignment: {scalar(handout.assignment)}"
    yield "student:"
    yield f"  id: {scalar(student)}  # the id under which your teacher knows you"
    yield "answers:"
    for question_id, question in handout.questions.items():
        yield ""
        yield from _question(handout, question_id, question)


def _how_to_write(handout: Handout) -> Iterator[str]:
    yield from _comment(
        "Write each answer behind its colon, in place of the comment or before it. What you leave "
        "empty counts as not answered.",
        "",
    )
    kinds = dict.fromkeys(kind_of_form(form) for _, _, form in handout.forms)
    for how_to in dict.fromkeys(kind.how_to for kind in kinds):
        yield from _comment(how_to, "")
    if any(kind.uses_names for kind in kinds):
        said = [_name(key, quantity) for key, quantity in handout.names.items()]
        described = any(quantity.describe for quantity in handout.names.values())
        if described or len(said) > FEW:
            yield from _comment(f"Names: {'; '.join(said)}.", "")


def _name(key: str, quantity: NamedQuantity) -> str:
    about = [quantity.describe] if quantity.describe else []
    if quantity.shape:
        about.append(count_words(quantity.shape, "number"))
    return f"{key} ({', '.join(about)})" if about else key


def _question(handout: Handout, question_id: str, question: QuestionForm) -> Iterator[str]:
    title = f"{question.title} " if question.title else ""
    yield from _comment(f"{question_id}  {title}({points_words(question.points)})", "  ")
    yield from _comment(question.prompt, "  ")
    yield f"  {scalar(question_id)}:"
    several = len(question.answers) > 1
    for answer_id, form in question.answers.items():
        yield from _comment(form.title, "    ")
        yield from _comment(form.prompt, "    ")
        for option, text in kind_of_form(form).listed(form).items():
            yield from _comment(f"- {option}: {text}", "    ")
        points = f" ({points_words(form.points)})" if several and not _equal(question) else ""
        yield from _answer(
            answer_id, form, f"{kind_of_form(form).words(form, handout.names)}{points}"
        )


def _equal(question: QuestionForm) -> bool:
    return len({form.points for form in question.answers.values()}) == 1


def _answer(answer_id: str, form: AnswerForm, words: str) -> Iterator[str]:
    key = f"    {scalar(answer_id)}:"
    if kind_of_form(form).below_key:
        key += " >-"
    line = f"{key}  # {one_line(words)}"
    if len(line) <= _WIDTH:
        yield line
    else:
        yield from _comment(words, "    ")
        yield key


def _comment(text: str, indent: str) -> Iterator[str]:
    start = f"{indent}# "
    yield from textwrap.wrap(
        one_line(text).strip(),
        _WIDTH,
        initial_indent=start,
        subsequent_indent=start,
        break_long_words=False,
        break_on_hyphens=False,
    )


def scalar(text: str) -> str:
    """Return a key or a value so that every reader of YAML takes it for this text."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _NOT_TEXT and not _like_a_number(text):
        return text
    return f"'{text.replace(chr(39), 2 * chr(39))}'"


def _like_a_number(text: str) -> bool:
    """Whether a reader of YAML might take a text for a number or a date."""
    if re.fullmatch(r"[0-9][0-9_.:-]*", text):
        return True
    for read in (float, lambda digits: int(digits, 0)):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return False
