"""``python -m checker`` is the command line."""

from checker.cli import run

run()
