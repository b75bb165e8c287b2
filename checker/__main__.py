"""``python -m checker`` is the command line, and so is ``checker``."""

import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line; to be stopped while it is loaded is no error either."""
    try:
        from checker import cli  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.stderr.write("checker: stopped\n")
        sys.stderr.flush()
        os._exit(130)
    cli.run()


if __name__ == "__main__":
    run()
