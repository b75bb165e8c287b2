"""The smoke test of an installation forgets no command."""

from checker.cli import app
from checker.commands.command import EXAMPLES
from tests.smoke import RUNS


def test_every_command_is_tried_and_has_examples():
    names = {str(c.name or c.callback.__name__) for c in app.registered_commands}
    assert names <= {call.split()[0] for call in RUNS}
    assert names == set(EXAMPLES)
