"""Values as YAML that our own reader takes for the same, and that a person can fill in."""

from __future__ import annotations

import re

import yaml

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def dumped(value: object) -> str:
    """Return a value as YAML: mappings in their order, texts in quotes where they need any."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1 << 20)


class Block(str):
    """Text that is written as a block, as a person reads it."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes what our own reader reads: no word that it takes for something else."""

    def ignore_aliases(self, data: object) -> bool:
        return True


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
