"""Values as YAML that our own reader takes for the same, and that a person can fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

Value = str | float | None

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_QUOTED = re.compile(r"[ !#-\[\]-~]{1,1000}")
_SEEN = "!-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffe"
_UNSEEN = re.compile(f"[^ \n{_SEEN}]")


def dumped(value: object) -> str:
    """Return a value as YAML: mappings in their order, texts in quotes where they need any."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1 << 20)


def dumped_item(fields: Mapping[str, Value]) -> str:
    """Return ``dumped([fields])``, where the keys are plain, in a small part of its time."""
    return "- " + "  ".join([f"{key}:{_shown(value)}" for key, value in fields.items()])


class Block(str):
    """Text that is written as a block, as a person reads it."""

    __slots__ = ()


def _shown(value: Value) -> str:
    """Return what stands behind a key and its colon two spaces in, with the end of the line."""
    match value:
        case None:
            return "\n"
        case int():
            return f" {value}\n"
        case Block() if _is_block(value):
            lines = value.split("\n")
            return " |-\n" + "".join([f"    {line}\n" if line else "\n" for line in lines])
        case str() if not isinstance(value, Block):
            if _is_plain(value):
                return f" {value}\n"
            if not _PLAIN.fullmatch(value) and _QUOTED.fullmatch(value):
                return f' "{value}"\n'
    return dumped([{"key": value, "end": None}]).removeprefix("- key:").removesuffix("  end:\n")


class _Dumper(yaml.SafeDumper):
    """Writes what our own reader reads: no word that it takes for something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _is_block(value: str) -> bool:
    """Say whether a text can stand in a block as it is: all of it is seen, ends of lines too."""
    whole = value != "" and value.strip(" \n") == value
    return whole and " \n" not in value and not _UNSEEN.search(value)


def _is_plain(value: str) -> bool:
    """Say whether a text needs no quotes: it is a word, and none with a meaning of its own."""
    meanings = _Dumper.yaml_implicit_resolvers.get(value[:1], ())
    return _PLAIN.fullmatch(value) is not None and not any(
        pattern.match(value) for _, pattern in meanings
    )


def _represent_text(dumper: yaml.SafeDumper, value: Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style="|")


def _represent_str(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = None if _PLAIN.fullmatch(value) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _represent_none(dumper: yaml.SafeDumper, _: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


_Dumper.add_representer(Block, _represent_text)
_Dumper.add_representer(str, _represent_str)
_Dumper.add_representer(type(None), _represent_none)
