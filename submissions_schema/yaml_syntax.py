"""Says in a student's words why a YAML file can't be parsed, from where the parser stopped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from submissions_schema.problems import Place, Problem, shown

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_MISSING_SPACE = re.compile(r"[ \t]*(?:- +){0,20}([A-Za-z_][\w.\-]*):(?=[^\s:/])")
_KEY_AND_TEXT = re.compile(r"[ \t]*(?:- +){0,20}([^\s:\"'\[{][^:]*):[ \t]+([^\s\"'\[{|>].*)")
_CLOSERS = {"[": "]", "{": "}"}
_END = "the end of the file"
_LOOKS_LIKE_ANOTHER = {
    "\uff1a": "a fullwidth colon `\uff1a`; YAML needs the ordinary `:` and a space behind it",
    "\uff0c": "a fullwidth comma `\uff0c`; YAML needs the ordinary `,`",
    "\u201c": 'curly quotes `\u201c \u201d`; YAML needs straight ones `"`',
    "\u2018": "curly quotes `\u2018 \u2019`; YAML needs straight ones `'`",
}
_NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where the parser stopped and what it said; lines and columns are 0-based."""

    lines: list[str]
    name: str
    problem: str
    context: str
    line: int
    column: int
    opened_line: int
    opened_column: int

    def at(self, line: int, column: int) -> Place:
        return Place(self.name, line + 1, column + 1)

    @property
    def here(self) -> Place:
        return self.at(self.line, self.column)

    @property
    def opened(self) -> Place:
        return self.at(self.opened_line, self.opened_column)

    @property
    def current(self) -> str:
        return self.line_at(self.line)

    @property
    def char(self) -> str:
        return self.current[self.column : self.column + 1]

    @property
    def opener(self) -> str:
        return self.line_at(self.opened_line)[self.opened_column : self.opened_column + 1]

    @property
    def found(self) -> str:
        rest = [self.current[self.column :], *self.lines[self.line + 1 : self.line + 2]]
        if self.char:
            return f"`{self.char}`"
        return "the end of the line" if any(part.strip() for part in rest) else _END

    def line_at(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def line_before(self) -> int | None:
        """Return the number of the nearest line above that isn't blank or a comment."""
        for number in range(min(self.line, len(self.lines)) - 1, -1, -1):
            if self.lines[number].strip() and not self.lines[number].lstrip().startswith("#"):
                return number
        return None


def explain_syntax_error(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """Return the problem behind an error of the YAML parser."""
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _unreadable_character(error, text, name)
    opened: Any = getattr(error, "context_mark", None) or mark
    stop = _Stop(
        lines=_LINE_BREAK.split(text),
        name=name,
        problem=str(getattr(error, "problem", None) or ""),
        context=str(getattr(error, "context", None) or ""),
        line=mark.line,
        column=mark.column,
        opened_line=opened.line,
        opened_column=opened.column,
    )
    for explain in _EXPLANATIONS:
        problem = explain(stop)
        if problem is not None:
            return problem
    what = " ".join(part for part in (stop.context, stop.problem) if part)
    return Problem(f"the YAML can't be read here ({what})", stop.here, got=stop.found)


def _unreadable_character(error: yaml.YAMLError, text: str, name: str) -> Problem:
    position = getattr(error, "position", None)
    before = text[:position] if isinstance(position, int) else ""
    lines = _LINE_BREAK.split(before)
    place = Place(name, len(lines), len(lines[-1]) + 1)
    return Problem("the file holds a character that YAML doesn't allow", place)


def _tab(stop: _Stop) -> Problem | None:
    indent = stop.current[: len(stop.current) - len(stop.current.lstrip())]
    column = indent.find("\t")
    if column < 0 or ("tab" not in stop.problem and "token" not in stop.problem):
        return None
    message = "the line is indented with a tab; YAML allows only spaces there"
    return Problem(message, stop.at(stop.line, column), expected="spaces", got="a tab")


def _character_from_elsewhere(stop: _Stop) -> Problem | None:
    number = stop.line_before()
    for line in [stop.line] if number is None else [stop.line, number]:
        text = stop.line_at(line)
        indent = text[: len(text) - len(text.lstrip())]
        if _NO_BREAK_SPACE in indent:
            message = "the line is indented with a no-break space; type ordinary spaces instead"
            return Problem(message, stop.at(line, indent.index(_NO_BREAK_SPACE)))
        for char, words in _LOOKS_LIKE_ANOTHER.items():
            if char in text:
                place = stop.at(line, text.index(char))
                return Problem(f"the line can't be read; it holds {words}", place)
    return None


def _missing_space(stop: _Stop) -> Problem | None:
    if not any(
        words in stop.problem
        for words in ("mapping values", "expected ':'", "unexpected ':'", "expected <document")
    ):
        return None
    if "unexpected ':'" in stop.problem:
        return _missing_space_problem(stop.at(stop.line, stop.column))
    number = stop.line_before()
    for line in [stop.line] if number is None else [stop.line, number]:
        match = _MISSING_SPACE.match(stop.line_at(line))
        if match is not None:
            value = stop.line_at(line)[match.end() :].strip()
            return _missing_space_problem(stop.at(line, match.end() - 1), match[1], value)
    return None


def _missing_space_problem(place: Place, key: str = "", value: str = "value") -> Problem:
    where = f"the colon of `{key}:`" if key else "the colon"
    message = f"a space is missing after {where}"
    return Problem(message, place, expected=shown(f"{key or 'name'}: {value}"))


def _mapping_values(stop: _Stop) -> Problem | None:
    if "mapping values" not in stop.problem:
        return None
    if stop.column > 1024:
        return Problem("the name before the colon is too long", stop.here)
    match = _KEY_AND_TEXT.match(stop.current)
    if match is not None and match.start(2) <= stop.column:
        return Problem(
            f"the text after `{match[1].strip()}:` holds a colon; put the whole text in quotes",
            stop.here,
            expected=f'`{match[1].strip()}: "..."`',
        )
    number = stop.line_before()
    before = stop.line_at(number) if number is not None else ""
    if number is not None and ":" not in before:
        message = "a colon is missing on this line, or it should be in quotes with the line above"
        return Problem(message, stop.at(number, len(before) - len(before.lstrip())))
    return Problem(
        "this line is indented further than the line above, which has a value already",
        stop.at(stop.line, len(stop.current) - len(stop.current.lstrip())),
    )


def _special_first_character(stop: _Stop) -> Problem | None:
    if "cannot start any token" in stop.problem or "mapping keys are not" in stop.problem:
        return Problem(
            f"a text can't begin with `{stop.char}`; put the text in quotes",
            stop.here,
            expected='`"..."`',
        )
    for words, char in (("alias", "*"), ("anchor", "&"), ("a tag", "!"), ("directive", "%")):
        if words in stop.context or (char == "!" and "tag handle" in stop.problem):
            message = f"a text can't begin with `{char}`; put the text in quotes"
            return Problem(message, stop.opened, expected='`"..."`')
    return None


def _open_bracket(stop: _Stop) -> Problem | None:
    if "parsing a flow" not in stop.context or "expected ','" not in stop.problem:
        return None
    closer = _CLOSERS.get(stop.opener, "]")
    expected = f"`,` or `{closer}`"
    if stop.line == stop.opened_line:
        message = f"a comma or the closing `{closer}` is missing"
        if stop.char and stop.char in "[{":
            message += f"; inside `{stop.opener}`, put a text that holds brackets in quotes"
        return Problem(message, stop.here, expected=expected, got=stop.found)
    return Problem(
        f"the bracket `{stop.opener}` is opened here and not closed "
        f"before line {stop.line + 1}, column {stop.column + 1}",
        stop.opened,
        expected=expected,
        got=stop.found,
    )


def _open_quote(stop: _Stop) -> Problem | None:
    if "quoted scalar" not in stop.context:
        return None
    if "escape" in stop.problem:
        message = (
            "inside double quotes a backslash begins an escape; "
            "use single quotes for a text with backslashes"
        )
        return Problem(message, stop.here)
    quote = stop.opener
    return Problem(f"the quote `{quote}` is opened here and never closed", stop.opened)


def _text_behind_value(stop: _Stop) -> Problem | None:
    if not any(
        words in stop.problem
        for words in ("expected key", "block end", "document", "'-' indicator")
    ):
        return None
    before = stop.current[: stop.column].rstrip()
    if stop.char and stop.char in "]}":
        message = f"`{stop.char}` closes a bracket that was not opened"
        return Problem(message, stop.here)
    if before.endswith(("'", '"')):
        return Problem(
            "the quoted text ends here, but the line goes on; write an apostrophe inside single "
            "quotes twice (''), or put the text in double quotes",
            stop.here,
            got=stop.found,
        )
    if before.endswith(("]", "}")):
        return Problem("the line goes on behind the closing bracket", stop.here, got=stop.found)
    return None if before else _unfitting_line(stop)


def _missing_name(stop: _Stop) -> Problem:
    return Problem("there is no name before the colon", stop.here, expected="`name: value`")


def _unfitting_line(stop: _Stop) -> Problem:
    if stop.char == ":":
        return _missing_name(stop)
    return Problem(
        "the indentation of this line fits none of the lines above, "
        "or the entry above isn't complete",
        stop.here,
    )


def _dash_behind_key(stop: _Stop) -> Problem | None:
    if "sequence entries are not allowed" not in stop.problem:
        return None
    message = (
        "a list with dashes begins on a line of its own; put a text that begins with - in quotes"
    )
    return Problem(message, stop.here)


def _block_text(stop: _Stop) -> Problem | None:
    if "block scalar" not in stop.context:
        return None
    message = f"the text after `{stop.opener}` begins on the next line, indented with spaces"
    return Problem(message, stop.opened, got=stop.found)


def _missing_value(stop: _Stop) -> Problem | None:
    if "node content" not in stop.problem:
        return None
    if stop.char == ":":
        return _missing_name(stop)
    return Problem("a value is missing here", stop.here, expected="a value", got=stop.found)


def _missing_colon(stop: _Stop) -> Problem | None:
    if "expected ':'" not in stop.problem:
        return None
    text = stop.line_at(stop.opened_line).strip()
    message = f"a colon is missing after `{text[:40]}`"
    return Problem(message, stop.opened, expected="`name: value`")


_EXPLANATIONS: tuple[Callable[[_Stop], Problem | None], ...] = (
    _tab,
    _missing_space,
    _open_quote,
    _character_from_elsewhere,
    _mapping_values,
    _special_first_character,
    _open_bracket,
    _dash_behind_key,
    _block_text,
    _missing_value,
    _missing_colon,
    _text_behind_value,
)
