"""What isn't a regular file is refused with the reason, and nothing is waited for."""

import os
import socket
import sys

import pytest

from submissions_schema.problems import InputError
from submissions_schema.regular_file import open_regular

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="such files can't be made there")


def test_a_file_and_a_link_to_one_are_opened(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"x")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    for name in ("a.yaml", "b.yaml"):
        with open_regular(tmp_path / name) as stream:
            assert stream.read() == b"x"


def pipe(path):
    os.mkfifo(path)


def loop(path):
    path.symlink_to(path.name)


def long_loop(path):
    path.symlink_to("other")
    (path.parent / "other").symlink_to(path.name)


def device(path):
    path.symlink_to("/dev/zero")


def unix_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def broken(path):
    path.symlink_to("nothing-there")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (pipe, "a named pipe"),
        (loop, "symbolic links"),
        (long_loop, "symbolic links"),
        (device, "a device"),
        (unix_socket, "a socket"),
        (broken, "there is no such file"),
        (os.mkdir, "a folder"),
    ],
)
def test_anything_else_is_refused_with_the_reason(tmp_path, monkeypatch, make, why):
    monkeypatch.chdir(tmp_path)  # A socket's path must be short.
    path = tmp_path / "a.yaml"
    make(path.relative_to(tmp_path) if make is unix_socket else path)
    with pytest.raises(InputError, match=f"^x: .*{why}"):
        open_regular(path, "x")
